import { expect, it } from 'vitest';
import { flushSync, mount, unmount } from 'svelte';
import PaneHost from './test/PaneHost.svelte';

it('keys belong to the half that was touched last, whatever it shows', async () => {
  const hosts = ['left', 'right'].map((name) => mount(PaneHost, { target: document.body, props: { name } }));
  flushSync();
  const hears = (): string[] => hosts.filter((host) => host.active()).map((host) => host.name());
  expect(hears()).toEqual(['left']);
  document.querySelector('#right')?.dispatchEvent(new Event('pointerdown', { bubbles: true }));
  expect(hears()).toEqual(['right']);
  hosts[1]?.replace();
  expect(hears()).toEqual(['right']);
  const [left, right] = hosts;
  if (right !== undefined) await unmount(right);
  expect(left?.active()).toBe(true);
});
