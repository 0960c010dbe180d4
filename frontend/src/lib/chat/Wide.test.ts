import { flushSync, mount, tick, unmount } from 'svelte';
import { expect, it, vi } from 'vitest';
import Wide from './Wide.testing.svelte';

it('closes with Escape, but first what has opened inside', async () => {
  const onclose = vi.fn();
  const view = mount(Wide, { target: document.body, props: { onclose } });
  flushSync();
  await tick();
  const press = async (element: Element | null): Promise<void> => {
    element?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    flushSync();
  };
  const button = document.querySelector<HTMLButtonElement>('[aria-label="Copy"]');
  button?.click();
  flushSync();
  await tick();
  await press(document.querySelector('[role="menuitem"]'));
  expect(document.querySelector('[role="menuitem"]')).toBeNull();
  expect(onclose).not.toHaveBeenCalled();
  await press(button);
  expect(onclose).toHaveBeenCalledOnce();
  void unmount(view);
});
