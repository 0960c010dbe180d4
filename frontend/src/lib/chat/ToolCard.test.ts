import { flushSync, mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ChatClientMessage, ChatEvent, ChatServerMessage } from '$lib/protocol';
import type { LinkHandlers } from '$lib/wire/socket.svelte';
import { ChatSession } from './chat-session.svelte';
import { KEY, type ChatContext } from './context';
import { result, session, tool } from './events.testing';
import type { Cell, ToolItem } from './items';
import ToolCard from './ToolCard.svelte';

function setUp(...events: ChatEvent[]) {
  const sent: ChatClientMessage[] = [];
  let handlers!: LinkHandlers<ChatServerMessage>;
  const link = { state: 'online' as const, since: 0, send: (message: ChatClientMessage) => sent.push(message) > 0, retryNow() {}, close() {} };
  const chat = new ChatSession({ link: (given) => ((handlers = given), link), say: () => undefined, newId: () => 'id', schedule: (task) => task() });
  handlers.onOpen();
  handlers.onText({ type: 'attached', epoch: 'e', head: events.length, resumed: false, state: 'working', summary: session() });
  let seq = 0;
  const hear = (event: ChatEvent): void => {
    seq += 1;
    handlers.onText({ type: 'event', seq, at: seq * 1_000, event });
    flushSync();
  };
  events.forEach(hear);
  const context: ChatContext = { chat, sessionId: 's1', base: '/w/proj', say: () => undefined, prompts: new Map() };
  const item = chat.conversation.items[0] as unknown as Cell<ToolItem>;
  const props = {
    get tool() {
      return item.value;
    },
  };
  const view = mount(ToolCard, { target: document.body, props, context: new Map([[KEY, context]]) });
  flushSync();
  const press = (name: string): void => {
    [...document.querySelectorAll('button')].find((one) => (one.getAttribute('aria-label') ?? one.textContent?.trim())?.startsWith(name) === true)?.click();
    flushSync();
  };
  return { view, sent, press, hear, text: () => document.body.textContent ?? '' };
}

describe('a tool card', () => {
  let open: ReturnType<typeof setUp> | null = null;
  const show = (...events: ChatEvent[]) => (open = setUp(...events));

  afterEach(() => {
    if (open !== null) void unmount(open.view);
    open = null;
    vi.restoreAllMocks();
  });

  it('says what happened and opens to the particulars', () => {
    const t = show(tool('t', 'Bash', { command: 'cargo test' }), result('t', 'ok', { structured: { stdout: 'fine', stderr: 'a warning' } }));
    expect(document.querySelector('[role="group"]')?.getAttribute('aria-label')).toBe('Ran cargo test');
    expect(t.text()).not.toContain('fine');
    t.press('Ran');
    expect([...document.querySelectorAll('[role="region"]')].map((region) => [region.getAttribute('aria-label'), region.textContent?.trim()])).toEqual([['Output', 'fine'], ['Standard error', 'a warning']]);
  });

  it('shows a tool nobody knows as it was sent, hostile or not', () => {
    const hostile = '<img src=x onerror=alert(1)>\u202e';
    const t = show(tool('t', 'Frobnicate', { [hostile]: hostile, nested: { a: [1, { b: hostile }] } }), result('t', hostile, { cut_bytes: 1_234_567 }));
    t.press('Used');
    expect(t.text()).toContain('does not know this tool');
    expect(t.text()).toContain('1.2 MB of output left out.');
    expect(t.text()).toContain('RLO');
    t.press('Show raw');
    expect(t.text()).toContain('"tool_use_id": "t"');
    expect(document.querySelectorAll('img, [onerror], [style*="x"]')).toHaveLength(0);
  });

  it('stops what runs, and sends it to the background', () => {
    const t = show(tool('t', 'Bash', { command: 'sleep 99' }), { type: 'task_started', task_id: 'k', tool_use_id: 't', task_type: 'local_bash', description: 'Sleep a while', subagent_type: null, prompt: null });
    // The composer has a "Stop", too: this one says what it stops.
    expect(document.querySelector('[aria-label^="Stop"]')?.getAttribute('aria-label')).toBe('Stop task: Sleep a while');
    t.press('Run in background');
    t.press('Stop');
    const tasks = (): unknown[] => t.sent.flatMap((message) => (message.type === 'task' ? [message.action] : []));
    // One at a time: the buttons wait for the event that follows.
    expect(tasks()).toEqual([{ action: 'background', tool_use_id: 't' }]);
    t.hear({ type: 'task_finished', task_id: 'k', status: 'completed', summary: null, total_tokens: null, tool_uses: null, duration_ms: null });
    expect(t.text()).not.toContain('Stop');
  });
  it('names what each button copies', () => {
    const t = show(tool('t', 'Bash', { command: 'make' }), result('t', 'done', { structured: { stdout: 'done', stderr: 'hm' } }));
    t.press('Ran');
    const names = [...document.querySelectorAll('.copy')].map((one) => one.getAttribute('aria-label'));
    expect(names).toEqual(['Copy the command', 'Copy Output', 'Copy Standard error']);
  });
});
