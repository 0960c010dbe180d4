import { afterEach, describe, expect, it, vi } from 'vitest';
import { chatKey } from '$lib/chat/keys';
import { GROUPS, meant, pressed, written, type Pressed } from './shortcuts';
import { shortcuts, type ShortcutActions } from './shell-keys';

const event = (key: string, more: Partial<Pressed> = {}): Pressed => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });
const all = GROUPS.flatMap(({ keys }) => keys);

describe('the table', () => {
  it('has each id once', () => expect(new Set(all.map(({ id }) => id)).size).toBe(all.length));

  it('has everything that the chat hears', () => {
    const known = new Set(all.flatMap(({ ways }) => ways.flat()));
    const heard = [...Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at)), 'Escape', 'Enter', 'Tab'].filter(
      (key) => chatKey({ ...event(key), isComposing: false }, false) !== null,
    );
    expect(heard.length).toBeGreaterThan(5);
    for (const key of heard) expect(known.has(key) || (key === 'Escape' && known.has('Esc')), key).toBe(true);
  });

  it.each([
    ['allow', 'y', 'allow'],
    ['allow-surely', 'Y', 'allow_surely'],
    ['always', 'a', 'always'],
    ['deny', 'n', 'deny'],
    ['compose', 'i', 'compose'],
    ['compose', '/', 'compose'],
  ])('says what the chat does: %s by %s', (id, key, meaning) => {
    expect(all.find((one) => one.id === id)?.ways.some((way) => way.at(-1) === key)).toBe(true);
    expect(chatKey({ ...event(key), isComposing: false }, false)).toBe(meaning);
  });

  it('writes the keys as the machine has them', () => {
    expect(written(['Mod', 'Alt', '←'], true)).toEqual(['⌘', '⌥', '←']);
    expect(written(['Mod', 'K'], false)).toEqual(['Ctrl', 'K']);
  });
});

describe('matching', () => {
  it.each([
    [['Mod', 'K'], event('k', { ctrlKey: true }), false, true],
    [['Mod', 'K'], event('K', { ctrlKey: true }), false, true],
    [['Mod', 'K'], event('k', { metaKey: true }), true, true],
    [['Mod', 'K'], event('k', { ctrlKey: true }), true, false],
    [['Mod', 'K'], event('k', { metaKey: true }), false, false],
    [['Mod', 'K'], event('k', { ctrlKey: true, shiftKey: true }), false, false],
    [['Mod', 'K'], event('k'), false, false],
    [['?'], event('?', { shiftKey: true }), false, true],
    [['n'], event('n', { altKey: true }), false, false],
    [['n'], event('N', { shiftKey: true }), false, false],
    [['Shift', 'Y'], event('Y', { shiftKey: true }), false, true],
    [['Mod', 'Alt', '←'], event('ArrowLeft', { ctrlKey: true, altKey: true }), false, true],
  ] as const)('%j', (way, what, mac, hit) => {
    expect(pressed(way, what, mac)).toBe(hit);
  });

  it('takes a sequence only after its first key', () => {
    expect(meant(['home'], event('s'))).toBeNull();
    expect(meant(['home'], event('s'), 'g')).toBe('home');
    expect(meant(['home'], event('s', { ctrlKey: true }), 'g')).toBeNull();
  });
});

describe('the page', () => {
  let remove: () => void = () => undefined;
  afterEach(() => {
    remove();
    document.body.replaceChildren();
  });

  function listening(): { [key in keyof ShortcutActions]: ReturnType<typeof vi.fn> } {
    const actions = { create: vi.fn(), help: vi.fn(), home: vi.fn(), palette: vi.fn(), pane: vi.fn(() => true) };
    remove = shortcuts(actions);
    return actions;
  }

  function press(target: Element, key: string, more: KeyboardEventInit = {}): KeyboardEvent {
    const fired = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
    target.dispatchEvent(fired);
    return fired;
  }

  it('hears single keys outside of fields only', () => {
    const actions = listening();
    document.body.innerHTML = '<input /><p></p>';
    press(document.querySelector('input') as Element, 'n');
    expect(actions.create).not.toHaveBeenCalled();
    press(document.body, 'n');
    expect(actions.create).toHaveBeenCalledOnce();
    press(document.body, 'g');
    press(document.body, 's');
    expect(actions.home).toHaveBeenCalledOnce();
    press(document.body, '?', { shiftKey: true });
    expect(actions.help).toHaveBeenCalledOnce();
  });

  it('opens the search while typing, too, but leaves Ctrl+K to the terminal', () => {
    const actions = listening();
    document.body.innerHTML = '<textarea></textarea><div class="xterm"><i></i></div>';
    expect(press(document.querySelector('textarea') as Element, 'k', { ctrlKey: true }).defaultPrevented).toBe(true);
    expect(press(document.querySelector('i') as Element, 'k', { ctrlKey: true }).defaultPrevented).toBe(false);
    expect(actions.palette).toHaveBeenCalledOnce();
  });

  it('goes between the halves, and leaves the key alone where there are none', () => {
    const actions = listening();
    press(document.body, 'ArrowRight', { ctrlKey: true, altKey: true });
    expect(actions.pane).toHaveBeenCalledWith('right');
    actions.pane.mockReturnValue(false);
    expect(press(document.body, 'ArrowLeft', { ctrlKey: true, altKey: true }).defaultPrevented).toBe(false);
  });

  it('is silent while a dialog is open, and does nothing that is over on a single key', () => {
    const actions = listening();
    document.body.innerHTML = '<div role="dialog"></div>';
    for (const key of ['n', '?', 'g', 's']) press(document.body, key);
    press(document.body, 'k', { ctrlKey: true });
    for (const one of Object.values(actions)) expect(one).not.toHaveBeenCalled();
  });

  it('moves in the list from the row that is open', () => {
    listening();
    document.body.innerHTML = ['a', 'b', 'c'].map((id) => `<a href="#${id}" data-row ${id === 'b' ? 'aria-current="page"' : ''}>${id}</a>`).join('');
    const rows = [...document.querySelectorAll<HTMLElement>('a')];
    for (const row of rows) Object.defineProperty(row, 'offsetParent', { value: document.body });
    press(document.body, 'j');
    expect(document.activeElement).toBe(rows[2]);
    press(document.activeElement as Element, 'k');
    expect(document.activeElement).toBe(rows[1]);
  });
});
