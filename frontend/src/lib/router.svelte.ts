// Two addresses, both served the same document: `/` and `/s/{id}`.

export type Route = { name: 'home' } | { name: 'session'; id: string } | { name: 'unknown'; path: string };

export function parseRoute(path: string): Route {
  if (path === '/' || path === '' || path === '/index.html') return { name: 'home' };
  const id = /^\/s\/([A-Za-z0-9._-]{1,128})\/?$/.exec(path)?.[1];
  return id === undefined ? { name: 'unknown', path } : { name: 'session', id };
}

export function sessionPath(id: string): string {
  return `/s/${encodeURIComponent(id)}`;
}

class Router {
  route = $state<Route>(parseRoute(location.pathname));

  constructor() {
    window.addEventListener('popstate', () => {
      this.route = parseRoute(location.pathname);
    });
  }

  go(path: string, replace = false): void {
    if (path !== location.pathname) history[replace ? 'replaceState' : 'pushState'](null, '', path);
    this.route = parseRoute(path);
  }
}

export const router = new Router();

/** For `onclick` of a link: follows it in place, unless the browser was asked for a new tab or window. */
export function follow(event: MouseEvent): void {
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!plain || !(event.currentTarget instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  router.go(event.currentTarget.pathname);
}
