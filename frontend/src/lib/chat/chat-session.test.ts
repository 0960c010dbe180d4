import { describe, expect, it } from 'vitest';
import type { ChatClientMessage, ChatEvent, ChatServerMessage, Session } from '$lib/protocol';
import type { LinkHandlers, LinkState } from '$lib/wire/socket.svelte';
import { ChatSession, type ChatLink } from './chat-session.svelte';
import { approval, delta, finished, resolved, said, session, texts, user } from './events.testing';
import { allow as allowing } from './decisions';

/** Stands for the connection: what was sent is recorded, what the server says is played in. */
class FakeLink implements ChatLink {
  state: LinkState = 'connecting';
  since = 0;
  sent: ChatClientMessage[] = [];
  closed = false;

  constructor(readonly handlers: LinkHandlers<ChatServerMessage>) {}

  send(message: ChatClientMessage): boolean {
    if (this.state === 'online') this.sent.push(message);
    return this.state === 'online';
  }
  retryNow(): void {}
  close(): void {
    this.closed = true;
  }
}

interface AttachMore {
  head?: number;
  resumed?: boolean;
  epoch?: string;
  state?: Session['state'];
  summary?: Session;
}

function setUp() {
  let time = 1_000_000;
  let ids = 0;
  let frame: (() => void) | null = null;
  const toasts: string[] = [];
  let link!: FakeLink;
  const chat = new ChatSession({
    link: (handlers) => (link = new FakeLink(handlers)),
    say: (_kind, message) => toasts.push(message),
    now: () => time,
    newId: () => `id${(ids += 1)}`,
    schedule: (task) => (frame = task),
  });
  return {
    chat,
    link,
    toasts,
    open() {
      link.state = 'online';
      link.handlers.onOpen();
    },
    attach({ head = 0, resumed = false, epoch = 'e1', state = 'idle', summary = session() }: AttachMore = {}) {
      link.handlers.onText({ type: 'attached', epoch, head, resumed, state, summary });
    },
    down(forMs = 0) {
      link.state = 'offline';
      link.handlers.onDown?.();
      time += forMs;
    },
    event(seq: number, event: ChatEvent) {
      link.handlers.onText({ type: 'event', seq, at: seq, event });
    },
    ack(client_id: string, status: 'accepted' | 'delivered' | 'failed' | 'duplicate', error: string | null = null) {
      link.handlers.onText({ type: 'ack', client_id, status, error, code: null });
    },
    frame() {
      const task = frame;
      frame = null;
      task?.();
    },
    last: () => link.sent.at(-1),
    dividers: () => chat.conversation.items.flatMap(({ value }) => (value.kind === 'divider' ? [value.text] : [])),
  };
}

const hello = [{ type: 'text' as const, text: 'hello' }];

describe('attaching', () => {
  it('starts without a cursor and resumes with one', () => {
    const t = setUp();
    t.open();
    expect(t.last()).toEqual({ type: 'attach', epoch: null, after: null, batched: true });
    t.attach({ head: 2 });
    t.event(1, user('a'));
    t.event(2, said('b'));
    t.down();
    t.open();
    expect(t.last()).toEqual({ type: 'attach', epoch: 'e1', after: 2, batched: true });
    t.attach({ head: 2, resumed: true });
    expect(t.chat.conversation.items).toHaveLength(2);
  });

  it('forgets everything when the cursor was not honoured', () => {
    const t = setUp();
    t.open();
    t.attach({ head: 1 });
    t.event(1, user('old'));
    t.down();
    t.open();
    t.attach({ head: 1, resumed: false, epoch: 'e2' });
    expect(t.chat.conversation.items).toHaveLength(0);
    t.event(1, user('new'));
    t.frame();
    expect(t.chat.conversation.items).toHaveLength(1);
  });

  it('applies a burst once per frame', () => {
    const t = setUp();
    t.open();
    t.attach({ head: 3 });
    t.event(1, delta('a'));
    t.event(2, delta('b'));
    expect(t.chat.conversation.items).toHaveLength(0);
    expect(t.chat.missing).toBe(3);
    t.frame();
    expect(texts(t.chat.conversation)).toMatchObject([{ text: 'ab' }]);
    expect(t.chat.caughtUp).toBe(false);
    t.event(3, delta('c'));
    t.frame();
    expect(t.chat.caughtUp).toBe(true);
  });

  it('takes a batch of events as if each had come by itself', () => {
    const t = setUp();
    t.open();
    t.attach({ head: 2 });
    t.link.handlers.onText({
      type: 'events',
      events: [
        { type: 'event', seq: 1, at: 1, event: user('a') },
        { type: 'event', seq: 2, at: 2, event: said('b') },
      ],
    });
    expect(t.chat.missing).toBe(2);
    t.frame();
    expect(t.chat.caughtUp).toBe(true);
    expect(t.chat.conversation.items).toHaveLength(2);
  });

  it('shows the state the server says until the backlog is read', () => {
    const t = setUp();
    t.open();
    t.attach({ head: 2, state: 'needs_approval' });
    t.event(1, { type: 'state', state: 'working' });
    t.frame();
    expect(t.chat.state).toBe('needs_approval');
    t.event(2, { type: 'state', state: 'idle' });
    t.frame();
    expect(t.chat.state).toBe('idle');
  });

  it('says where events are missing', () => {
    const t = setUp();
    t.open();
    t.attach({ head: 90 });
    t.link.handlers.onText({ type: 'gap', oldest: 40 });
    t.event(40, user('later'));
    t.frame();
    expect(t.dividers()).toEqual(['Earlier events are not kept here']);
  });

  it.each([
    [10_000, 40, ['Back – you missed 38 events']],
    [10_000, 2, []],
    [2_000, 40, []],
  ])('after %i ms away with head %i says %j', (away, head, expected) => {
    const t = setUp();
    t.open();
    t.attach({ head: 2 });
    t.event(1, user('a'));
    t.event(2, said('b'));
    t.down(away);
    t.open();
    t.attach({ head, resumed: true });
    expect(t.dividers()).toEqual(expected);
  });

  it('says when the session is gone', () => {
    const t = setUp();
    t.link.handlers.onGone?.(4404, '');
    expect(t.chat.gone).toBe('This session is not on this server any more.');
  });
});

describe('sending', () => {
  it('goes sending, accepted, shown by its own event', () => {
    const t = setUp();
    t.open();
    t.attach();
    t.chat.send(hello);
    expect(t.chat.outbox.messages).toMatchObject([{ clientId: 'id1', fate: 'sending' }]);
    t.ack('id1', 'accepted');
    expect(t.chat.outbox.messages).toMatchObject([{ fate: 'accepted' }]);
    t.event(1, user('hello', { client_id: 'id1' }));
    t.frame();
    expect(t.chat.outbox.messages).toEqual([]);
    expect(t.chat.conversation.items).toHaveLength(1);
  });

  it('waits while offline and goes out once, in order, after attaching', () => {
    const t = setUp();
    t.chat.send(hello);
    t.chat.send([{ type: 'text', text: 'second' }]);
    expect(t.chat.outbox.waiting).toBe(2);
    t.open();
    expect(t.link.sent.map((message) => message.type)).toEqual(['attach']);
    t.attach();
    expect(t.link.sent.slice(1)).toMatchObject([{ client_id: 'id1' }, { client_id: 'id2' }]);
    expect(t.chat.outbox.waiting).toBe(0);
  });

  it('repeats what was not acknowledged under the same id', () => {
    const t = setUp();
    t.open();
    t.attach();
    t.chat.send(hello);
    t.down();
    expect(t.chat.outbox.messages).toMatchObject([{ fate: 'waiting' }]);
    t.open();
    t.attach({ resumed: true });
    expect(t.link.sent.filter((message) => message.type === 'send')).toMatchObject([{ client_id: 'id1' }, { client_id: 'id1' }]);
    t.ack('id1', 'duplicate');
    expect(t.chat.outbox.messages).toMatchObject([{ fate: 'accepted' }]);
    t.down();
    t.open();
    t.attach({ resumed: true });
    expect(t.link.sent.filter((message) => message.type === 'send')).toHaveLength(2);
  });

  it('does not repeat what the backlog shows to have arrived', () => {
    const t = setUp();
    t.open();
    t.attach();
    t.chat.send(hello);
    t.event(1, user('hello', { client_id: 'id1' }));
    t.down();
    t.open();
    t.attach({ resumed: true, head: 1 });
    expect(t.link.sent.filter((message) => message.type === 'send')).toHaveLength(1);
  });

  it('keeps a failed message until it is tried again, under a new id', () => {
    const t = setUp();
    t.open();
    t.attach();
    t.chat.send(hello);
    t.ack('id1', 'failed', 'The session has ended.');
    expect(t.chat.outbox.messages).toMatchObject([{ fate: 'failed', error: 'The session has ended.' }]);
    t.chat.outbox.retry('id1');
    expect(t.chat.outbox.messages).toMatchObject([{ clientId: 'id2', fate: 'sending', command: { content: hello } }]);
  });

  it('fails what a restarted server had accepted, unless its echo comes after all', () => {
    const t = setUp();
    t.open();
    t.attach();
    t.chat.send(hello);
    t.ack('id1', 'accepted');
    t.down();
    t.open();
    t.attach({ resumed: false, epoch: 'e2', head: 1 });
    expect(t.chat.outbox.messages).toMatchObject([{ fate: 'failed' }]);
    t.event(1, user('hello', { client_id: 'id1' }));
    t.frame();
    expect(t.chat.outbox.messages).toEqual([]);
  });
});

describe('the queue', () => {
  const work = (t: ReturnType<typeof setUp>): void => {
    t.open();
    t.attach({ head: 1, state: 'working' });
    t.event(1, { type: 'state', state: 'working' });
    t.frame();
  };

  it('takes what is sent while Claude works, and shows it once', () => {
    const t = setUp();
    work(t);
    t.chat.send(hello);
    expect(t.last()).toMatchObject({ type: 'send', when: 'queue' });
    expect(t.chat.outbox.messages).toEqual([]);
    expect(t.chat.outbox.entries).toMatchObject([{ queued: true, fate: 'sending' }]);
    t.ack('id1', 'accepted');
    expect(t.chat.outbox.entries).toMatchObject([{ queued: true, fate: 'accepted' }]);
    t.event(2, { type: 'user_message_queued', client_id: 'id1', content: hello, by: 'Pixel' });
    t.event(3, { type: 'queue', order: ['id1'], paused: false });
    t.frame();
    expect(t.chat.outbox.entries).toEqual([]);
    expect(t.chat.conversation.meta.value.queue).toMatchObject([{ clientId: 'id1' }]);
  });

  it('is not taken for what Claude is to read at once', () => {
    const t = setUp();
    work(t);
    t.chat.send(hello, 'steer');
    expect(t.chat.outbox.messages).toMatchObject([{ queued: false, command: { when: 'steer' } }]);
  });

  it('is not lost across a reconnect before it was acknowledged', () => {
    const t = setUp();
    work(t);
    t.down();
    t.chat.send(hello);
    t.chat.changeQueue({ action: 'resume' });
    expect(t.chat.outbox.entries).toMatchObject([{ fate: 'waiting', queued: true }, { fate: 'waiting' }]);
    t.open();
    t.attach({ resumed: true, head: 1, state: 'working' });
    expect(t.link.sent.slice(-2)).toMatchObject([{ type: 'send', client_id: 'id1' }, { type: 'queue', client_id: 'id2' }]);
    t.ack('id2', 'accepted');
    expect(t.chat.outbox.entries).toMatchObject([{ clientId: 'id1' }]);
  });

  it('says why a change was not made, and forgets the change', () => {
    const t = setUp();
    work(t);
    t.chat.changeQueue({ action: 'remove', target: 'x' });
    t.ack('id1', 'failed', 'Claude has it already.');
    t.chat.task({ action: 'stop', task_id: 'b1' });
    t.ack('id2', 'failed');
    expect(t.chat.outbox.entries).toEqual([]);
    expect(t.toasts).toEqual(['Claude has it already.', 'The task was not changed. Try again.']);
  });

  it('keeps a failed message where it was, until it is tried again', () => {
    const t = setUp();
    work(t);
    t.chat.send(hello);
    t.ack('id1', 'failed', 'The queue is full.');
    t.chat.outbox.retry('id1');
    expect(t.chat.outbox.entries).toMatchObject([{ clientId: 'id2', queued: true, fate: 'sending' }]);
  });
});

describe('answers, stops and settings', () => {
  const allow = allowing();

  it('answers once, and again only after a failure', () => {
    const t = setUp();
    t.open();
    t.attach({ head: 1 });
    t.event(1, approval());
    t.chat.answer('r1', allow);
    t.chat.answer('r1', allow);
    expect(t.link.sent.filter((message) => message.type === 'answer')).toHaveLength(1);
    t.ack('id1', 'failed', 'Pixel has answered already.');
    expect(t.chat.outbox.answerTo('r1')).toMatchObject({ fate: 'failed', error: 'Pixel has answered already.' });
    t.event(2, resolved());
    t.frame();
    expect(t.chat.outbox.answerTo('r1')).toBeUndefined();
  });

  it('stops once per turn', () => {
    const t = setUp();
    t.open();
    t.attach({ head: 1, state: 'working' });
    t.event(1, { type: 'state', state: 'working' });
    t.frame();
    t.chat.interrupt();
    t.chat.interrupt();
    expect(t.link.sent.filter((message) => message.type === 'interrupt')).toHaveLength(1);
    t.ack('id1', 'accepted');
    expect(t.chat.outbox.interrupting).toBe(true);
    t.event(2, finished({ outcome: 'interrupted' }));
    t.frame();
    expect(t.chat.outbox.interrupting).toBe(false);
  });

  it('does not stop something else later', () => {
    const t = setUp();
    t.open();
    t.attach();
    t.down(1_000);
    t.chat.interrupt();
    t.down(60_000);
    t.open();
    t.attach({ resumed: true });
    expect(t.link.sent.some((message) => message.type === 'interrupt')).toBe(false);
    expect(t.toasts).toEqual(['Stop was not sent: the connection was down too long. Press Stop again.']);
  });

  it('shows a setting at once and takes it back with a reason', () => {
    const t = setUp();
    t.open();
    t.attach();
    expect(t.chat.mode).toBe('default');
    t.chat.set({ permission_mode: 'plan' });
    expect(t.last()).toEqual({ type: 'set', client_id: 'id1', permission_mode: 'plan', model: null, effort: null });
    expect(t.chat.mode).toBe('plan');
    t.ack('id1', 'failed', 'That mode is not allowed here.');
    expect(t.chat.mode).toBe('default');
    expect(t.toasts).toEqual(['That mode is not allowed here.']);
  });
});

describe('settings on their way', () => {
  it('do not hide each other', () => {
    const t = setUp();
    t.open();
    t.attach();
    t.chat.set({ model: 'haiku' });
    t.chat.set({ effort: 'high' });
    expect([t.chat.model, t.chat.effort]).toEqual(['haiku', 'high']);
    t.ack('id2', 'failed', 'Not while running.');
    expect([t.chat.model, t.chat.effort]).toEqual(['haiku', null]);
  });
});

describe('announcements', () => {
  it('are made for what is new; of what is replayed, only that something waits', () => {
    const t = setUp();
    t.open();
    t.attach({ head: 2 });
    t.event(1, approval());
    t.event(2, said('Done.'));
    t.frame();
    expect(t.chat.said.assertive).toBe('Claude waits for your answer.');
    t.event(3, approval({ request_id: 'r2' }));
    t.event(4, finished());
    t.frame();
    expect(t.chat.said).toEqual({ assertive: 'Claude asks: Run this command?', polite: 'Claude has finished: Done.' });
  });
});
