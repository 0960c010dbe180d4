// Commands on their way. Each is kept until the server has said what became of it, and sent again under the same id after
// a reconnect, which the server runs once.

import type { AckStatus, ChatClientMessage, ClientId, Content, ErrorCode } from '$lib/protocol';

export type Command = Extract<ChatClientMessage, { client_id: ClientId }>;
export type Fate = 'waiting' | 'sending' | 'accepted' | 'delivered' | 'failed';

export interface Entry {
  readonly clientId: ClientId;
  readonly command: Command;
  readonly fate: Fate;
  /** A message that was sent while Claude worked: it is shown with the queue, not in the conversation. */
  readonly queued: boolean;
  readonly error: string | null;
  readonly code: ErrorCode | null;
  readonly at: number;
}

type Body<T> = T extends Command ? Omit<T, 'client_id'> : never;
export type CommandBody = Body<Command>;

/** A stop that arrives long after it was pressed would stop something else. */
const STOP_IS_STALE_MS = 10_000;

const FATES: Record<AckStatus, Fate> = {
  accepted: 'accepted',
  delivered: 'delivered',
  failed: 'failed',
  duplicate: 'accepted',
};

export class Outbox {
  entries = $state.raw<readonly Entry[]>([]);

  constructor(
    private readonly transmit: (command: Command) => boolean,
    private readonly newId: () => string,
    private readonly now: () => number,
  ) {}

  get waiting(): number {
    return this.entries.filter((entry) => entry.fate === 'waiting').length;
  }

  /** What the conversation shows at its end. */
  get messages(): readonly (Entry & { command: { content: Content[] } })[] {
    return this.entries.filter((entry) => entry.command.type === 'send' && !entry.queued) as (Entry & { command: { content: Content[] } })[];
  }

  answerTo(requestId: string): Entry | undefined {
    return this.entries.findLast((entry) => entry.command.type === 'answer' && entry.command.request_id === requestId);
  }

  get interrupting(): boolean {
    return this.entries.some((entry) => entry.command.type === 'interrupt' && entry.fate !== 'failed');
  }

  get setting(): Extract<Command, { type: 'set' }> | null {
    const commands = this.entries.flatMap((one) => (one.command.type === 'set' && isUnacked(one) ? [one.command] : []));
    const newest = commands.at(-1);
    if (newest === undefined) return null;
    // Two may be on their way at once, each about something else.
    return commands.reduce((all, one) => ({
      ...newest,
      permission_mode: one.permission_mode ?? all.permission_mode,
      model: one.model ?? all.model,
      effort: one.effort ?? all.effort,
    }));
  }

  put(body: CommandBody, queued = false): ClientId {
    const clientId = this.newId();
    const command = { ...body, client_id: clientId } as Command;
    const fate = this.transmit(command) ? 'sending' : 'waiting';
    this.entries = [...this.entries, { clientId, command, fate, queued, error: null, code: null, at: this.now() }];
    return clientId;
  }

  /** A new attempt by the user is a new command: the failed one must not run after all. */
  retry(clientId: ClientId): void {
    const entry = this.find(clientId);
    if (entry === undefined || entry.fate !== 'failed') return;
    this.drop(clientId);
    const { client_id: _failed, ...body } = entry.command;
    this.put(body as CommandBody, entry.queued);
  }

  drop(clientId: ClientId): void {
    this.entries = this.entries.filter((entry) => entry.clientId !== clientId);
  }

  dropWhere(match: (command: Command) => boolean): void {
    if (this.entries.some((entry) => match(entry.command))) {
      this.entries = this.entries.filter((entry) => !match(entry.command));
    }
  }

  acked(clientId: ClientId, status: AckStatus, error: string | null, code: ErrorCode | null): Entry | undefined {
    const entry = this.find(clientId);
    if (entry === undefined) return undefined;
    const changed: Entry = { ...entry, fate: FATES[status], error, code };
    this.change(changed);
    return changed;
  }

  /** Sends what has no answer yet, in its first order. Returns stops that came too late. */
  resend(): Entry[] {
    const stale = this.entries.filter((entry) => this.isStale(entry));
    for (const entry of stale) this.drop(entry.clientId);
    for (const entry of this.entries) {
      if (isUnacked(entry)) this.change({ ...entry, fate: this.transmit(entry.command) ? 'sending' : 'waiting' });
    }
    return stale;
  }

  /** The link went down: nobody knows what arrived. */
  hold(): void {
    if (!this.entries.some((entry) => entry.fate === 'sending')) return;
    this.entries = this.entries.map((entry) => (entry.fate === 'sending' ? { ...entry, fate: 'waiting' } : entry));
  }

  /** The server forgot what it had accepted (it was restarted). */
  failAccepted(error: string): void {
    this.entries = this.entries.map((entry) => (entry.fate === 'accepted' ? { ...entry, fate: 'failed', error } : entry));
  }

  private isStale(entry: Entry): boolean {
    return entry.command.type === 'interrupt' && isUnacked(entry) && this.now() - entry.at > STOP_IS_STALE_MS;
  }

  private find(clientId: ClientId): Entry | undefined {
    return this.entries.find((entry) => entry.clientId === clientId);
  }

  private change(changed: Entry): void {
    this.entries = this.entries.map((entry) => (entry.clientId === changed.clientId ? changed : entry));
  }
}

function isUnacked(entry: Entry): boolean {
  return entry.fate === 'waiting' || entry.fate === 'sending';
}
