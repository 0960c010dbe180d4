// Two addresses, both served the same document: `/` and `/s/{id}`, the latter with `?beside={id}` for a second session.

export type Route =
  | { name: 'home' }
  | { name: 'session'; id: string; beside: string | null }
  | { name: 'unknown'; path: string };

const ID = /^[A-Za-z0-9._-]{1,128}$/;

/** `address` is a path, with the query if there is one. */
export function parseRoute(address: string): Route {
  const at = address.indexOf('?');
  const path = at < 0 ? address : address.slice(0, at);
  if (path === '/' || path === '' || path === '/index.html') return { name: 'home' };
  const id = /^\/s\/([^/]+)\/?$/.exec(path)?.[1];
  if (id === undefined || !ID.test(id)) return { name: 'unknown', path };
  const beside = at < 0 ? null : new URLSearchParams(address.slice(at)).get('beside');
  // A session beside itself would be one conversation with two drafts.
  return { name: 'session', id, beside: beside !== null && beside !== id && ID.test(beside) ? beside : null };
}

export function sessionPath(id: string, beside: string | null = null): string {
  const path = `/s/${encodeURIComponent(id)}`;
  return beside === null || beside === id ? path : `${path}?beside=${encodeURIComponent(beside)}`;
}

/** Where a session goes that is to be seen next to the open one: into the second half. */
export function besidePath(route: Route, id: string): string {
  return route.name === 'session' && route.id !== id ? sessionPath(route.id, id) : sessionPath(id);
}

const here = (): string => location.pathname + location.search;

class Router {
  route = $state<Route>(parseRoute(here()));

  constructor() {
    window.addEventListener('popstate', () => {
      this.route = parseRoute(here());
    });
  }

  go(path: string, replace = false): void {
    if (path !== here()) history[replace ? 'replaceState' : 'pushState'](null, '', path);
    this.route = parseRoute(path);
  }
}

export const router = new Router();

/** For `onclick` of a link: follows it in place, unless the browser was asked for a new tab or window. */
export function follow(event: MouseEvent): void {
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!plain || !(event.currentTarget instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  router.go(event.currentTarget.pathname + event.currentTarget.search);
}
