import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatEvent } from '$lib/protocol';
import { user } from '../events.testing';
import { composer, standInBrowser } from './test/composer.testing';

let open: ReturnType<typeof composer> | null = null;
const show = (working = false) => (open = composer(working));

beforeEach(() => {
  standInBrowser();
  localStorage.clear();
});
afterEach(async () => {
  await open?.close();
  open = null;
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('completion of commands', () => {
  it('is walked with the arrow keys, taken with Enter or Tab, and read out', async () => {
    const t = show();
    await t.type('/c');
    expect(t.options()).toHaveLength(4);
    expect(t.active()).toContain('/cost');
    expect(await t.press('ArrowDown')).toBe(true);
    expect(t.active()).toContain('/clear');
    await t.press('ArrowUp');
    await t.press('Enter');
    expect(t.box.value).toBe('/cost ');
    expect(t.options()).toEqual([]);
    expect(t.box.getAttribute('aria-controls')).toBeNull();
    expect(t.said()).toEqual([]);
  });

  it('lets Enter send what is typed in full', async () => {
    const t = show();
    await t.type('/cost');
    await t.press('Enter');
    expect(t.said()).toMatchObject([{ content: [{ text: '/cost' }] }]);
  });

  it('closes with Escape, and stays closed while the same word is typed', async () => {
    const t = show();
    await t.type('/c');
    expect(await t.press('Escape')).toBe(true);
    expect(t.options()).toEqual([]);
    await t.type('/co');
    expect(t.options()).toEqual([]);
    await t.type('');
    await t.type('/co');
    expect(t.options()).toHaveLength(3);
  });

  it('leaves keys to an input method that composes', async () => {
    const t = show();
    await t.type('/c');
    expect(await t.press('Enter', { isComposing: true })).toBe(false);
    expect(await t.press('Enter', { keyCode: 229 })).toBe(true);
    expect(t.said()).toEqual([]);
  });

  it('in a later line says that it runs nothing, and keeps Enter for sending', async () => {
    const t = show();
    await t.type('look:\n/co');
    expect(document.body.textContent).toContain('Claude Code runs a command only at the start of a message.');
    expect(t.active()).toBeNull();
    await t.press('Enter');
    expect(t.said()).toHaveLength(1);
  });

  it('shows what may follow', async () => {
    const t = show();
    await t.type('/compact ');
    expect(document.querySelector('.ghost')?.textContent).toContain('[instructions]');
  });

  it('opens our menus for commands of the terminal interface, and explains the rest', async () => {
    const t = show();
    await t.type('/model');
    await t.press('Enter');
    expect(document.querySelector('[role="menu"]')?.getAttribute('aria-label')).toBe('Model');
    expect(t.box.value).toBe('');
    await t.press('Escape');
    await t.type('/vim on');
    await t.press('Enter');
    expect(document.body.textContent).toContain('belongs to Claude Code’s terminal interface');
    expect(t.said()).toEqual([]);
  });
});

describe('completion of files', () => {
  it('asks after a pause, and takes what is chosen', async () => {
    vi.useFakeTimers();
    const t = show();
    await t.type('see @m');
    await t.type('see @my');
    await vi.advanceTimersByTimeAsync(100);
    await t.settle();
    expect(t.find.mock.calls.map(([cwd, query]) => [cwd, query])).toEqual([['proj', 'my']]);
    await t.press('ArrowDown');
    await t.press('Tab');
    expect(t.box.value).toBe('see @"my notes.md" ');
  });

  it('goes on below a directory', async () => {
    vi.useFakeTimers();
    const t = show();
    await t.type('@s');
    await vi.advanceTimersByTimeAsync(100);
    await t.settle();
    await t.press('Enter');
    expect(t.box.value).toBe('@src/');
    await vi.advanceTimersByTimeAsync(100);
    expect(t.find.mock.lastCall?.[1]).toBe('src/');
  });

  it('drops an answer that comes too late, and says quietly what failed', async () => {
    vi.useFakeTimers();
    const t = show();
    let late: ((value: never) => void) | undefined;
    t.find.mockImplementationOnce(() => new Promise((resolve) => (late = resolve)));
    t.find.mockImplementationOnce(async () => ({ ok: false, error: { message: 'The directory is gone.' } }) as never);
    await t.type('@a');
    await vi.advanceTimersByTimeAsync(100);
    await t.type('@ab');
    await vi.advanceTimersByTimeAsync(100);
    await t.settle();
    expect(document.body.textContent).toContain('The directory is gone.');
    late?.({ ok: true, value: { matches: [], truncated: false } } as never);
    await vi.advanceTimersByTimeAsync(1);
    expect(document.body.textContent).toContain('The directory is gone.');
    expect(t.toasts).toEqual([]);
  });
});

describe('menus of settings', () => {
  it('say what each choice means and set it', async () => {
    const t = show();
    await t.click('Permission mode: Default');
    expect(document.querySelector('[aria-checked="true"]')?.textContent).toContain('Asks before it edits files or runs commands.');
    await t.press('ArrowDown');
    expect(document.activeElement?.textContent).toContain('Accept edits');
    (document.activeElement as HTMLElement).click();
    await t.settle();
    expect(t.sent.at(-1)).toMatchObject({ type: 'set', permission_mode: 'acceptEdits', model: null, effort: null });
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Permission mode: Accept edits');
    expect(localStorage.getItem('claude-web.start')).toContain('acceptEdits');
  });

  it('close with Escape and give the focus back', async () => {
    const t = show();
    await t.click('Effort: Default');
    await t.press('Escape');
    expect(document.querySelector('[role="menu"]')).toBeNull();
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Effort: Default');
  });
});

describe('earlier prompts', () => {
  it('come back with Up and go with Down', async () => {
    const t = show();
    t.event(user('one'));
    t.event(user('two'));
    await t.type('');
    await t.press('ArrowUp');
    expect(t.box.value).toBe('two');
    await t.press('ArrowUp');
    expect(t.box.value).toBe('one');
    t.box.setSelectionRange(3, 3);
    await t.press('ArrowDown');
    expect(t.box.value).toBe('two');
    await t.type('my own words');
    expect(await t.press('ArrowUp')).toBe(false);
  });
});

describe('the queue', () => {
  const held = (...names: string[]): ChatEvent[] => [
    ...names.map((name): ChatEvent => ({ type: 'user_message_queued', client_id: name, content: [{ type: 'text', text: `say ${name}` }], by: null })),
    { type: 'queue', order: names, paused: false },
  ];

  it('takes what is sent with Enter; Ctrl+Enter goes at once', async () => {
    const t = show(true);
    await t.type('later');
    await t.press('Enter');
    expect(t.rows()).toEqual(['later']);
    await t.type('now');
    await t.press('Enter', { ctrlKey: true });
    expect(t.said().map((one) => one.when)).toEqual(['queue', 'steer']);
    expect(t.rows()).toEqual(['later']);
  });

  it('is moved with Alt and the arrow keys', async () => {
    const t = show(true);
    held('a', 'b').forEach(t.event);
    const row = [...document.querySelectorAll('ol > li')][1];
    const up = row?.querySelector<HTMLElement>('[aria-label="Move up"]');
    up?.focus();
    expect(await t.press('ArrowUp', { altKey: true })).toBe(true);
    expect(t.sent.at(-1)).toMatchObject({ type: 'queue', change: { action: 'move', target: 'b', before: 'a' } });
    expect(t.rows()).toEqual(['say b', 'say a']);
  });

  it('is edited in the composer, and the draft comes back afterwards', async () => {
    const t = show(true);
    held('a').forEach(t.event);
    await t.type('my draft');
    await t.click('Edit');
    expect(t.box.value).toBe('say a');
    await t.type('say a twice');
    await t.press('Enter');
    expect(t.sent.at(-1)).toMatchObject({ type: 'queue', change: { action: 'edit', target: 'a', content: [{ text: 'say a twice' }] } });
    expect([t.box.value, localStorage.getItem('claude-web.draft.s1')]).toEqual(['my draft', expect.stringContaining('my draft')]);
  });

  it('lets go of an edit with Escape', async () => {
    const t = show(true);
    held('a').forEach(t.event);
    await t.click('Edit');
    await t.press('Escape');
    expect(t.box.value).toBe('');
    expect(t.sent.some((one) => one.type === 'queue')).toBe(false);
  });

  it('keeps what was being edited when Claude gets the message meanwhile', async () => {
    const t = show(true);
    held('a').forEach(t.event);
    await t.click('Edit');
    await t.type('say a twice');
    t.event(user('say a', { client_id: 'a' }));
    t.event({ type: 'queue', order: [], paused: false });
    await t.settle();
    expect(t.box.value).toBe('say a twice');
    expect(document.body.textContent).toContain('This message is not in the queue any more.');
    expect(t.button('Send').disabled).toBe(false);
  });

  it('gives a removed message back to its place', async () => {
    const t = show(true);
    held('a', 'b').forEach(t.event);
    await t.click('Remove');
    expect(t.sent.at(-1)).toMatchObject({ change: { action: 'remove', target: 'a' } });
    t.event({ type: 'user_message_cancelled', message_id: 'm', client_id: 'a' });
    t.event({ type: 'queue', order: ['b'], paused: false });
    await t.click('Undo');
    expect(t.sent.slice(-2)).toMatchObject([
      { type: 'send', client_id: 'id2', content: [{ text: 'say a' }], when: 'queue' },
      { type: 'queue', change: { action: 'move', target: 'id2', before: 'b' } },
    ]);
  });

  it('goes on after a stop when told to', async () => {
    const t = show();
    held('a').forEach(t.event);
    t.event({ type: 'queue', order: ['a'], paused: true });
    expect(document.body.textContent).toContain('Paused – you stopped Claude.');
    await t.click('Send next');
    expect(t.sent.at(-1)).toMatchObject({ type: 'queue', change: { action: 'resume' } });
  });
});

describe('drafts in two tabs', () => {
  const elsewhere = (text: string): void => {
    localStorage.setItem('claude-web.draft.s1', JSON.stringify({ at: 1, text }));
    window.dispatchEvent(new StorageEvent('storage', { key: 'claude-web.draft.s1' }));
  };

  it('follow the other tab while nobody types here', async () => {
    const t = show();
    vi.spyOn(document, 'hasFocus').mockReturnValue(false);
    elsewhere('from there');
    await t.settle();
    expect(t.box.value).toBe('from there');
  });

  it('do not touch what is being typed here', async () => {
    const t = show();
    await t.type('mine');
    vi.spyOn(document, 'hasFocus').mockReturnValue(true);
    elsewhere('from there');
    await t.settle();
    expect(t.box.value).toBe('mine');
  });
});

describe('a long paste', () => {
  it('can become a file', async () => {
    vi.useFakeTimers();
    const t = show();
    const long = 'line\n'.repeat(3_000);
    await t.type(`before ${long}after`);
    const event = new Event('paste', { bubbles: true, cancelable: true });
    Object.assign(event, { clipboardData: { files: [], getData: () => long.replaceAll('\n', '\r\n') } });
    t.box.dispatchEvent(event);
    await vi.advanceTimersByTimeAsync(1);
    await t.settle();
    await t.click('Attach as text file');
    expect(t.box.value).toBe('before after');
    await t.press('Enter', {}, t.box);
    expect(t.said()[0]?.content).toMatchObject([{ type: 'text_file', name: 'Pasted text.txt' }, { type: 'text', text: 'before after' }]);
  });
});
