// One chat as one tab sees it: the conversation, what is on its way to the server, and how the connection stands.

import type {
  ChatClientMessage,
  ChatEvent,
  ChatServerMessage,
  ClientId,
  Content,
  Decision,
  Effort,
  PermissionMode,
  QueueChange,
  SendWhen,
  Session,
  SessionState,
  TaskAction,
} from '$lib/protocol';
import type { LinkHandlers, LinkState } from '$lib/wire/socket.svelte';
import { announcement, type Announcement } from './announce';
import { reactiveCell } from './cells.svelte';
import { Conversation } from './conversation';
import { plural } from '$lib/text/format';
import { Outbox, type Command } from './outbox.svelte';

export interface ChatLink {
  readonly state: LinkState;
  readonly since: number;
  send(message: ChatClientMessage): boolean;
  retryNow(): void;
  close(): void;
}
export type MakeLink = (handlers: LinkHandlers<ChatServerMessage>) => ChatLink;
export type Say = (kind: 'info' | 'error', message: string, retry?: () => void) => void;

export interface ChatOptions {
  link: MakeLink;
  say: Say;
  now?: () => number;
  newId?: () => string;
  /** Runs the task before the next paint. */
  schedule: (task: () => void) => void;
}

type Event = Extract<ChatServerMessage, { type: 'event' }>;
type Attached = Extract<ChatServerMessage, { type: 'attached' }>;

const UNDONE: Readonly<Record<Exclude<Command['type'], 'send' | 'answer'>, string>> = {
  interrupt: 'Claude could not be stopped',
  set: 'The setting was not changed',
  queue: 'The queue was not changed',
  task: 'The task was not changed',
};

/** A shorter absence is a blink that nobody needs to read about. */
const ABSENCE_MS = 3_000;
/** A long backlog is taken in over several frames. */
const SLICE_MS = 24;

export class ChatSession {
  conversation = $state.raw(new Conversation(reactiveCell));
  /** The session as the server described it at the last attach. */
  summary = $state.raw<Session | null>(null);
  /** Nothing to show yet, and nothing known to be missing. */
  attached = $state(false);
  head = $state(-1);
  seen = $state(-1);
  gone = $state<string | null>(null);
  said = $state.raw<Announcement>({ polite: '', assertive: '' });
  readonly outbox: Outbox;
  readonly link: ChatLink;

  private epoch: string | null = null;
  private attachState: SessionState | null = null;
  private downSince: number | null = null;
  private queue: Event[] = [];
  private scheduled = false;
  private readonly now: () => number;
  private readonly schedule: (task: () => void) => void;

  constructor(private readonly options: ChatOptions) {
    this.now = options.now ?? Date.now;
    this.schedule = options.schedule;
    this.outbox = new Outbox(
      (command) => this.attached && this.link.send(command),
      options.newId ?? (() => crypto.randomUUID()),
      this.now,
    );
    this.link = options.link({
      onOpen: () => this.attach(),
      onText: (message) => this.receive(message),
      onDown: () => this.down(),
      onGone: (_code, reason) => this.end(reason),
    });
  }

  get state(): SessionState {
    const { state } = this.conversation.meta.value;
    if (!this.caughtUp) return this.attachState ?? state ?? 'starting';
    return state ?? this.attachState ?? 'starting';
  }

  get caughtUp(): boolean {
    return this.seen >= this.head;
  }

  /** Whether it has been connected before, so that being down is a loss and not a beginning. */
  get epochKnown(): boolean {
    return this.summary !== null;
  }

  /** Events of the backlog that are still to come. */
  get missing(): number {
    return Math.max(0, this.head - Math.max(this.seen, 0));
  }

  get busy(): boolean {
    return this.state === 'working' || this.state === 'needs_approval' || this.state === 'needs_answer';
  }

  get mode(): string | null {
    return this.outbox.setting?.permission_mode ?? this.conversation.meta.value.mode ?? this.summary?.permission_mode ?? null;
  }

  get model(): string | null {
    return this.outbox.setting?.model ?? this.conversation.meta.value.model ?? this.summary?.model ?? null;
  }

  get effort(): string | null {
    return this.outbox.setting?.effort ?? this.conversation.meta.value.effort ?? this.summary?.effort ?? null;
  }

  /** Whether a message would wait, as far as can be told from here; the server decides. */
  get queues(): boolean {
    const { queue, queuePaused } = this.conversation.meta.value;
    return this.busy || (queue.length > 0 && !queuePaused);
  }

  send(content: Content[], when: SendWhen = 'queue'): ClientId {
    return this.outbox.put({ type: 'send', content, when }, when === 'queue' && this.queues);
  }

  changeQueue(change: QueueChange): void {
    this.outbox.put({ type: 'queue', change });
  }

  task(action: TaskAction): void {
    this.outbox.put({ type: 'task', action });
  }

  interrupt(): void {
    if (!this.outbox.interrupting) this.outbox.put({ type: 'interrupt' });
  }

  answer(requestId: string, decision: Decision): void {
    const before = this.outbox.answerTo(requestId);
    if (before !== undefined && before.fate !== 'failed') return;
    if (before !== undefined) this.outbox.drop(before.clientId);
    this.outbox.put({ type: 'answer', request_id: requestId, decision });
  }

  set(change: { permission_mode?: PermissionMode; model?: string; effort?: Effort }): void {
    const { permission_mode = null, model = null, effort = null } = change;
    this.outbox.put({ type: 'set', permission_mode, model, effort });
  }

  close(): void {
    this.link.close();
  }

  private attach(): void {
    this.flush();
    const after = this.conversation.seq;
    this.link.send({ type: 'attach', epoch: this.epoch, after: this.epoch === null || after < 0 ? null : after, batched: true });
  }

  private down(): void {
    this.downSince ??= this.now();
    this.attached = false;
    this.outbox.hold();
  }

  private end(reason: string): void {
    this.flush();
    this.attached = false;
    this.gone = reason === '' ? 'This session is not on this server any more.' : reason;
  }

  private receive(message: ChatServerMessage): void {
    switch (message.type) {
      case 'event':
        this.queue.push(message);
        this.plan();
        break;
      case 'events':
        for (const one of message.events) this.receive(one);
        break;
      case 'attached':
        this.flush();
        this.onAttached(message);
        break;
      case 'ack':
        this.flush();
        this.onAck(message);
        break;
      case 'gap':
        this.flush();
        this.conversation.divide('Earlier events are not kept here', this.now());
        break;
      case 'error':
        this.options.say('error', message.message);
        break;
      case 'auth_ok':
        break;
    }
  }

  private onAttached(message: Attached): void {
    const away = this.downSince === null ? 0 : this.now() - this.downSince;
    this.downSince = null;
    this.summary = message.summary;
    this.attachState = message.state;
    if (!message.resumed) this.reset();
    const missed = message.head - this.conversation.seq;
    if (message.resumed && this.conversation.seq >= 0 && away > ABSENCE_MS && missed > 0) {
      this.conversation.divide(`Back – you missed ${plural(missed, 'event')}`, this.now());
    }
    this.epoch = message.epoch;
    this.head = message.head;
    this.attached = true;
    const stale = this.outbox.resend();
    if (stale.length > 0) this.options.say('error', 'Stop was not sent: the connection was down too long. Press Stop again.');
  }

  private reset(): void {
    if (this.epoch !== null) this.outbox.failAccepted('The server was restarted before Claude got this. Send it again.');
    if (this.conversation.seq >= 0 || this.conversation.items.length > 0) this.conversation = new Conversation(reactiveCell);
    this.seen = -1;
  }

  private onAck(ack: Extract<ChatServerMessage, { type: 'ack' }>): void {
    const entry = this.outbox.acked(ack.client_id, ack.status, ack.error, ack.code);
    if (entry === undefined) return;
    const { command } = entry;
    if (entry.fate === 'failed') this.onFailed(command, ack.error);
    else if (command.type === 'set' || command.type === 'queue' || command.type === 'task') this.outbox.drop(entry.clientId);
    else if (command.type === 'interrupt' && !this.busy) this.outbox.drop(entry.clientId);
  }

  /** Messages and answers show their failure where they stand. */
  private onFailed(command: Command, error: string | null): void {
    if (command.type === 'send' || command.type === 'answer') return;
    this.outbox.drop(command.client_id);
    const words = error ?? `${UNDONE[command.type]}. Try again.`;
    if (command.type !== 'queue' || command.change.action !== 'edit') return this.options.say('error', words);
    const { content } = command.change;
    this.options.say('error', `The queued message was not changed: ${words} Retry sends what you wrote as a new message.`, () => this.send(content));
  }

  private plan(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.schedule(() => {
      this.scheduled = false;
      this.flush(SLICE_MS);
      if (this.queue.length > 0) this.plan();
    });
  }

  /** `most`: milliseconds after which the rest waits for the next frame. */
  private flush(most = Number.POSITIVE_INFINITY): void {
    if (this.queue.length === 0) return;
    const events = this.queue;
    this.queue = [];
    const { conversation } = this;
    const since = performance.now();
    for (const [index, { seq, at, event }] of events.entries()) {
      if (index % 64 === 63 && performance.now() - since > most) {
        this.queue = events.slice(index);
        break;
      }
      if (conversation.apply(seq, at, event)) this.notice(event, seq > this.head);
    }
    const wasBehind = !this.caughtUp;
    this.seen = conversation.seq;
    // What waits already when the page opens is as urgent as what comes later.
    if (wasBehind && this.caughtUp && conversation.pending.value.length > 0) {
      this.said = { ...this.said, assertive: 'Claude waits for your answer.' };
    }
  }

  private notice(event: ChatEvent, live: boolean): void {
    // From here on the conversation or the queue shows it.
    if ((event.type === 'user_message' || event.type === 'user_message_queued') && event.client_id !== null) this.outbox.drop(event.client_id);
    const over = event.type === 'turn_finished' || event.type === 'ended' || (event.type === 'state' && event.state === 'idle');
    if (over) this.outbox.dropWhere((one) => one.type === 'interrupt');
    if (event.type.endsWith('_resolved') && 'request_id' in event) {
      this.outbox.dropWhere((one) => one.type === 'answer' && one.request_id === event.request_id);
    }
    const words = live ? announcement(event, this.conversation) : null;
    if (words !== null) this.said = { ...this.said, ...words };
  }
}
