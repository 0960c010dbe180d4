import { beforeEach, describe, expect, it } from 'vitest';
import { parseRoute, router, sessionPath } from './router.svelte';

const ID = '3b1f6f0e-8a51-4d35-9d3c-2d2f0c1f0a11';

beforeEach(() => router.go('/', true));

describe('addresses', () => {
  it.each([
    ['/', { name: 'home' }],
    ['/index.html', { name: 'home' }],
    [`/s/${ID}`, { name: 'session', id: ID }],
    [`/s/${ID}/`, { name: 'session', id: ID }],
    ['/s/', { name: 'unknown', path: '/s/' }],
    ['/s/a/b', { name: 'unknown', path: '/s/a/b' }],
    ['/s/%2e%2e', { name: 'unknown', path: '/s/%2e%2e' }],
    ['/elsewhere', { name: 'unknown', path: '/elsewhere' }],
  ])('%s', (path, route) => {
    expect(parseRoute(path)).toEqual(route);
  });

  it('reads back what it writes', () => {
    expect(parseRoute(sessionPath(ID))).toEqual({ name: 'session', id: ID });
  });
});

describe('going', () => {
  it('makes one history entry for each new address', () => {
    const before = history.length;
    router.go(`/s/${ID}`);
    router.go(`/s/${ID}`);
    expect(history.length).toBe(before + 1);
    expect(router.route).toEqual({ name: 'session', id: ID });
  });

  it('follows the back button', () => {
    router.go(`/s/${ID}`);
    history.replaceState(null, '', '/');
    window.dispatchEvent(new PopStateEvent('popstate'));
    expect(router.route).toEqual({ name: 'home' });
  });
});
