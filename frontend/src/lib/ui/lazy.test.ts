import { flushSync, mount, tick, unmount } from 'svelte';
import { expect, it, vi } from 'vitest';
import LazyHost from './test/LazyHost.svelte';
import { reactive } from './test/reactive.svelte';

it('does not remount what is shown when only its properties change', async () => {
  const loads = vi.fn();
  const props = reactive({ item: { kind: 'probe' as const, text: 'one' }, loads });
  const host = mount(LazyHost, { target: document.body, props });
  await vi.waitFor(() => expect(document.querySelector('p')?.textContent).toBe('one'));
  const shown = document.querySelector('p');
  props.item = { kind: 'probe', text: 'two' };
  flushSync();
  await tick();
  expect(document.querySelector('p')?.textContent).toBe('two');
  expect(document.querySelector('p')).toBe(shown);
  expect(loads).toHaveBeenCalledOnce();
  await unmount(host);
});
