import { beforeEach, describe, expect, it } from 'vitest';
import { besidePath, parseRoute, router, sessionPath } from './router.svelte';

const ID = '3b1f6f0e-8a51-4d35-9d3c-2d2f0c1f0a11';
const alone = { name: 'session', id: ID, beside: null } as const;

beforeEach(() => router.go('/', true));

describe('addresses', () => {
  it.each([
    ['/', { name: 'home' }],
    ['/?beside=B', { name: 'home' }],
    ['/index.html', { name: 'home' }],
    [`/s/${ID}`, alone],
    [`/s/${ID}/`, alone],
    [`/s/${ID}?beside=B`, { ...alone, beside: 'B' }],
    [`/s/${ID}?x=1&beside=B`, { ...alone, beside: 'B' }],
    [`/s/${ID}?beside=`, alone],
    [`/s/${ID}?beside=${ID}`, alone],
    [`/s/${ID}?beside=..%2F..`, alone],
    [`/s/${ID}?beside=%3Cscript%3E`, alone],
    ['/s/', { name: 'unknown', path: '/s/' }],
    ['/s/a/b', { name: 'unknown', path: '/s/a/b' }],
    ['/s/%2e%2e', { name: 'unknown', path: '/s/%2e%2e' }],
    ['/elsewhere?q=1', { name: 'unknown', path: '/elsewhere' }],
  ])('%s', (path, route) => {
    expect(parseRoute(path)).toEqual(route);
  });

  it('reads back what it writes', () => {
    expect(parseRoute(sessionPath(ID))).toEqual(alone);
    expect(parseRoute(sessionPath(ID, 'B'))).toEqual({ ...alone, beside: 'B' });
    expect(sessionPath(ID, ID)).toBe(sessionPath(ID));
  });

  it('puts a session beside the open one, and alone where none is open', () => {
    expect(besidePath({ name: 'home' }, 'B')).toBe('/s/B');
    expect(besidePath(alone, 'B')).toBe(`/s/${ID}?beside=B`);
    expect(besidePath({ ...alone, beside: 'B' }, 'C')).toBe(`/s/${ID}?beside=C`);
    expect(besidePath({ ...alone, beside: 'B' }, ID)).toBe(`/s/${ID}`);
  });
});

describe('going', () => {
  it('makes one history entry for each new address', () => {
    const before = history.length;
    router.go(`/s/${ID}`);
    router.go(`/s/${ID}`);
    router.go(`/s/${ID}?beside=B`);
    router.go(`/s/${ID}?beside=B`);
    expect(history.length).toBe(before + 2);
    expect(router.route).toEqual({ ...alone, beside: 'B' });
  });

  it('follows the back button', () => {
    router.go(`/s/${ID}?beside=B`);
    history.replaceState(null, '', `/s/${ID}`);
    window.dispatchEvent(new PopStateEvent('popstate'));
    expect(router.route).toEqual(alone);
  });
});
