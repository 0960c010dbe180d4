import { flushSync, mount, unmount } from 'svelte';
import { expect, it, vi } from 'vitest';
import type { Entry } from './entries';
import PaletteRow from './PaletteRow.svelte';

it('shows what matched, the keys that do the same, and is chosen by a press', async () => {
  const action = { id: 'stop', title: 'Stop Claude', shortcut: 'stop', run: () => undefined };
  const entry: Entry = { kind: 'action', id: 'action:stop', title: action.title, detail: '', action, positions: [0, 1] };
  const onchoose = vi.fn();
  const row = mount(PaletteRow, { target: document.body, props: { entry, id: 'row', active: true, onpoint: () => undefined, onchoose } });
  flushSync();
  const option = document.querySelector<HTMLElement>('[role="option"]');
  expect(option?.getAttribute('aria-selected')).toBe('true');
  expect(option?.querySelector('mark')?.textContent).toBe('St');
  // The same key twice is two keys.
  expect([...document.querySelectorAll('kbd')].map((key) => key.textContent)).toEqual(['Esc', 'Esc']);
  option?.dispatchEvent(new MouseEvent('click', { bubbles: true, ctrlKey: true }));
  expect(onchoose).toHaveBeenCalledWith(true);
  await unmount(row);
});
