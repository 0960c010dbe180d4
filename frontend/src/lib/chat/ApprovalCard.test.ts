import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatClientMessage, ChatServerMessage } from '$lib/protocol';
import type { LinkHandlers } from '$lib/wire/socket.svelte';
import ApprovalCard from './ApprovalCard.svelte';
import { ChatSession } from './chat-session.svelte';
import { KEY, type ChatContext, type PromptActions } from './context';
import { approval, resolved, session } from './events.testing';
import type { ApprovalItem, Cell } from './items';
import { allow } from './decisions';

const SUGGESTION = { type: 'addRules', rules: [{ toolName: 'Bash', ruleContent: 'ls' }], behavior: 'allow', destination: 'session' };

function setUp(command: string) {
  const sent: ChatClientMessage[] = [];
  let handlers!: LinkHandlers<ChatServerMessage>;
  const link = { state: 'online' as const, since: 0, send: (message: ChatClientMessage) => sent.push(message) > 0, retryNow() {}, close() {} };
  const chat = new ChatSession({ link: (given) => ((handlers = given), link), say: () => undefined, newId: () => 'id', schedule: (task) => task() });
  handlers.onOpen();
  handlers.onText({ type: 'attached', epoch: 'e', head: 1, resumed: false, state: 'needs_approval', summary: session() });
  handlers.onText({ type: 'event', seq: 1, at: 0, event: approval({ input: { command }, suggestions: [SUGGESTION] }) });
  const prompts = new Map<string, PromptActions>();
  const context: ChatContext = { chat, sessionId: 's1', base: null, say: () => undefined, prompts };
  const item = chat.conversation.items[0] as unknown as Cell<ApprovalItem>;
  const props = {
    get item() {
      return item.value;
    },
  };
  const view = mount(ApprovalCard, { target: document.body, props, context: new Map([[KEY, context]]) });
  flushSync();
  const button = (name: string): HTMLButtonElement | undefined =>
    [...document.querySelectorAll('button')].find((one) => (one.getAttribute('aria-label') ?? one.textContent?.trim()) === name);
  const press = (name: string): void => {
    button(name)?.click();
    flushSync();
  };
  const wait = (ms: number): void => {
    vi.advanceTimersByTime(ms);
    flushSync();
  };
  const answers = (): unknown[] => sent.flatMap((message) => (message.type === 'answer' ? [message.decision] : []));
  const resolve = (): void => {
    handlers.onText({ type: 'event', seq: 2, at: 0, event: resolved() });
    flushSync();
  };
  return { view, prompts, button, press, wait, answers, resolve };
}

describe('approval card', () => {
  let open: ReturnType<typeof setUp> | null = null;
  const show = (command = 'ls') => (open = setUp(command));

  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    if (open !== null) void unmount(open.view);
    open = null;
    vi.useRealTimers();
  });

  it('is a group named by its question and arms after half a second', () => {
    const t = show();
    expect(document.querySelector('[role="group"]')?.getAttribute('aria-label')).toBe('Run this command?');
    t.press('Allow');
    t.prompts.get('r1')?.allow(true);
    expect(t.answers()).toEqual([]);
    t.wait(500);
    t.press('Allow');
    t.press('Allow');
    expect(t.answers()).toEqual([allow()]);
  });

  it('stores only what was chosen', () => {
    const t = show();
    t.wait(500);
    t.press('Always…');
    expect(document.body.textContent).toContain('Bash(ls)');
    t.press('Allow always');
    expect(t.answers()).toEqual([]);
    t.wait(500);
    t.press('Allow always');
    expect(t.answers()).toMatchObject([{ behavior: 'allow', suggestions: [0] }]);
  });

  it.each([
    ['Not now', { behavior: 'deny', message: null, interrupt: false }],
    ['Stop working', { behavior: 'deny', message: null, interrupt: true }],
  ])('denies: %s', (name, decision) => {
    const t = show();
    t.wait(500);
    t.press('Deny…');
    t.wait(500);
    t.press(name);
    expect(t.answers()).toEqual([decision]);
  });

  it('asks for Shift before a key allows something dangerous', () => {
    const t = show('git push --force');
    t.wait(500);
    t.prompts.get('r1')?.allow(false);
    flushSync();
    expect(t.answers()).toEqual([]);
    expect(document.body.textContent).toContain('This one needs Shift+Y.');
    t.prompts.get('r1')?.allow(true);
    expect(t.answers()).toHaveLength(1);
  });

  it('becomes a line once it is decided', () => {
    const t = show();
    t.wait(500);
    t.resolve();
    expect(document.querySelector('[role="group"]')).toBeNull();
    expect(document.body.textContent).toContain('Allowed by Pixel');
    expect(t.button('Allow')).toBeUndefined();
  });
});
