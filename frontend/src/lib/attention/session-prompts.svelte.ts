// The prompts of one session as the inbox holds them: fetched, answered over HTTP, and kept in step with the list.

import type { Decision, JsonValue, OpenPrompt, Outcome, Pending } from '$lib/protocol';
import type { PromptItem, Resolution } from '$lib/chat/items';
import { resolvedWords } from '$lib/chat/approval';
import { textField } from '$lib/chat/json';
import type { Fate } from '$lib/chat/outbox.svelte';
import type { ApiError, Result } from '$lib/wire/api';

export interface PromptApi {
  prompts(id: string): Promise<Result<OpenPrompt[]>>;
  answer(id: string, clientId: string, requestId: string, decision: Decision): Promise<Result<unknown>>;
}

interface Sent {
  readonly fate: Fate;
  readonly error: string | null;
  readonly clientId: string;
  readonly decision: Decision;
}

const UNSAID = { message: null, answers: null, response: null, updatedInput: null, rules: [], permissionMode: null, edited: false };

export class SessionPrompts {
  items = $state.raw<readonly PromptItem[]>([]);
  loaded = $state(false);
  error = $state<string | null>(null);
  /** Said above the prompt it is about: somebody else was first. */
  notes = $state.raw<ReadonlyMap<string, string>>(new Map());
  private outgoing = $state.raw<ReadonlyMap<string, Sent>>(new Map());
  private loading: Promise<void> | null = null;
  private pending: readonly Pending[] = [];

  constructor(
    private readonly id: string,
    private readonly api: PromptApi,
    /** Told early, because the list may hear of an answer before we do; none when it came to nothing. */
    private readonly onsettled: (words: string | null) => void = () => {},
    private readonly newId: () => string = () => crypto.randomUUID(),
    private readonly now: () => number = Date.now,
  ) {}

  /** What waits has changed, as the list says. */
  async follow(pending: readonly Pending[]): Promise<void> {
    this.pending = pending;
    const ids = new Set(pending.map((one) => one.request_id));
    for (const item of this.items) {
      const id = item.request.request_id;
      // Our own answer is told by the server's reply; who else it was, the session itself says.
      if (item.resolution === null && !ids.has(id) && !this.outgoing.has(id)) this.settle(id, 'cancelled', null, 'Answered on another device, or no longer needed.');
    }
    if (!this.loaded || pending.some((one) => !this.items.some((item) => item.request.request_id === one.request_id))) await this.load();
  }

  load(): Promise<void> {
    this.loading ??= this.fetch().finally(() => (this.loading = null));
    return this.loading;
  }

  sent(requestId: string): Sent | undefined {
    return this.outgoing.get(requestId);
  }

  answer(requestId: string, decision: Decision): void {
    const before = this.outgoing.get(requestId);
    if (before !== undefined && before.fate !== 'failed') return;
    // The same answer again may have arrived the first time: the server runs a command once.
    const same = before !== undefined && JSON.stringify(before.decision) === JSON.stringify(decision);
    void this.send(requestId, { fate: 'sending', error: null, clientId: same ? before.clientId : this.newId(), decision });
  }

  private async fetch(): Promise<void> {
    const result = await this.api.prompts(this.id);
    if (!result.ok) {
      this.error = result.error.message;
      return;
    }
    this.error = null;
    this.loaded = true;
    const known = new Set(this.items.map((item) => item.request.request_id));
    const fresh = result.value.filter((prompt) => !known.has(prompt.request.request_id));
    this.items = [...this.items, ...fresh.map((prompt, i) => this.item(prompt, this.items.length + i))];
  }

  private item(prompt: OpenPrompt, id: number): PromptItem {
    const at = this.pending.find((one) => one.request_id === prompt.request.request_id)?.since ?? this.now();
    return { ...prompt, id, at, resolution: null } as PromptItem;
  }

  private async send(requestId: string, sent: Sent): Promise<void> {
    this.note(requestId, sent);
    this.onsettled('Sending your answer…');
    const result = await this.api.answer(this.id, sent.clientId, requestId, sent.decision);
    if (result.ok) {
      this.note(requestId, { ...sent, fate: 'accepted' });
      this.settle(requestId, sent.decision.behavior === 'deny' ? 'denied' : 'allowed', 'you', null, sent.decision);
    } else this.failed(requestId, sent, result.error);
  }

  private failed(requestId: string, sent: Sent, error: ApiError): void {
    this.note(requestId, { ...sent, fate: 'failed', error: error.message });
    this.onsettled(null);
    if (error.code === 'ALREADY_ANSWERED') {
      const by = textField(error.details, 'by');
      const outcome = textField(error.details, 'outcome');
      const known: Outcome = outcome === 'allowed' || outcome === 'denied' ? outcome : 'cancelled';
      this.settle(requestId, known, by, by === null ? error.message : `Already answered by ${by}. Your answer was not used.`);
    } else if (error.code === 'PROMPT_NOT_FOUND' || error.code === 'SESSION_ENDED' || error.code === 'SESSION_NOT_FOUND') {
      this.settle(requestId, 'cancelled', null, error.message);
    }
  }

  private note(requestId: string, sent: Sent): void {
    this.outgoing = new Map(this.outgoing).set(requestId, sent);
  }

  private settle(requestId: string, outcome: Outcome, by: string | null, note: string | null, decision: Decision | null = null): void {
    const resolution: Resolution = { ...UNSAID, ...said(decision), outcome, by, at: this.now() };
    this.items = this.items.map((item) => (item.request.request_id === requestId ? ({ ...item, resolution } as PromptItem) : item));
    if (note !== null) this.notes = new Map(this.notes).set(requestId, note);
    const item = this.items.find((one) => one.request.request_id === requestId);
    if (item !== undefined) this.onsettled(note ?? resolvedWords(item, this.now()));
  }
}

/** What an answer says, until the conversation tells it. */
function said(decision: Decision | null): Partial<Resolution> {
  if (decision === null) return {};
  if (decision.behavior === 'deny') return { message: decision.message };
  const { answers, response, updated_input: updatedInput, permission_mode: permissionMode } = decision;
  return { answers, response, updatedInput: updatedInput as JsonValue | null, permissionMode, edited: updatedInput !== null };
}
