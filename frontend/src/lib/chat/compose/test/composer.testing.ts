// A composer in a document, with a server that is played by the test.

import { flushSync, mount, tick, unmount } from 'svelte';
import { vi } from 'vitest';
import type { App } from '$lib/app.svelte';
import type { ChatClientMessage, ChatEvent, ChatServerMessage, FileMatch } from '$lib/protocol';
import type { LinkHandlers } from '$lib/wire/socket.svelte';
import { ChatSession } from '../../chat-session.svelte';
import { session } from '../../events.testing';
import ComposerHost from './ComposerHost.svelte';

const COMMANDS: ChatEvent = {
  type: 'capabilities',
  commands: ['compact', 'clear', 'cost'].map((name) => ({ name, description: `What ${name} does`, argument_hint: name === 'compact' ? '[instructions]' : '', aliases: [] })),
  models: [{ value: 'default', display_name: 'Default', description: 'The best', efforts: ['low', 'high'] }, { value: 'haiku', display_name: 'Haiku', description: 'Fast', efforts: [] }],
  agents: [],
  project_trusted: true,
};

export const FILES: readonly FileMatch[] = [
  { path: 'src', kind: 'directory', positions: [0] },
  { path: 'my notes.md', kind: 'file', positions: [] },
];

export function standInBrowser(): void {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
  vi.stubGlobal('CSS', { supports: () => true, escape: (text: string) => text });
  Element.prototype.scrollIntoView = () => undefined;
}

export function composer(working = false) {
  const sent: ChatClientMessage[] = [];
  const toasts: string[] = [];
  let handlers!: LinkHandlers<ChatServerMessage>;
  let seq = 0;
  let ids = 0;
  const link = { state: 'online' as const, since: 0, send: (message: ChatClientMessage) => sent.push(message) > 0, retryNow() {}, close() {} };
  const say = (_kind: string, words: string): number => toasts.push(words);
  const chat = new ChatSession({ link: (given) => ((handlers = given), link), say, newId: () => `id${(ids += 1)}`, schedule: (task) => task() });
  handlers.onOpen();
  handlers.onText({ type: 'attached', epoch: 'e', head: 0, resumed: false, state: working ? 'working' : 'idle', summary: session() });
  const event = (one: ChatEvent): void => {
    handlers.onText({ type: 'event', seq: (seq += 1), at: 0, event: one });
    flushSync();
  };
  const find = vi.fn(async (_cwd: string, _query: string) => ({ ok: true, value: { matches: FILES, truncated: false } }));
  const app = { health: null, api: { findFiles: find } } as unknown as App;
  const view = mount(ComposerHost, { target: document.body, props: { app, context: { chat, sessionId: 's1', base: null, say, prompts: new Map() } } });
  event(COMMANDS);
  event({ type: 'state', state: working ? 'working' : 'idle' });
  const box = document.querySelector('textarea') as HTMLTextAreaElement;

  async function settle(): Promise<void> {
    await tick();
    await tick();
    flushSync();
  }
  async function type(text: string): Promise<void> {
    box.focus();
    box.value = text;
    box.setSelectionRange(text.length, text.length);
    box.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await settle();
  }
  /** True when the key was taken. */
  async function press(key: string, more: KeyboardEventInit = {}, target: Element = document.activeElement ?? box): Promise<boolean> {
    const taken = !target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
    await settle();
    return taken;
  }
  const button = (name: string): HTMLButtonElement => {
    const found = [...document.querySelectorAll('button')].find((one) => (one.getAttribute('aria-label') ?? one.textContent?.trim()) === name);
    if (found === undefined) throw new Error(`no button ${name}`);
    return found;
  };
  const click = async (name: string): Promise<void> => {
    button(name).click();
    await settle();
  };
  const options = (): string[] => [...document.querySelectorAll('[role="option"]')].map((one) => one.textContent?.trim() ?? '');
  const active = (): string | null => document.getElementById(box.getAttribute('aria-activedescendant') ?? 'none')?.textContent?.trim() ?? null;
  const rows = (): string[] => [...document.querySelectorAll('ol > li p:first-child')].map((one) => one.textContent ?? '');
  const said = () => sent.flatMap((one) => (one.type === 'send' ? [{ when: one.when, content: one.content }] : []));
  return { chat, sent, toasts, event, find, box, type, press, button, click, options, active, rows, said, settle, close: () => unmount(view) };
}
