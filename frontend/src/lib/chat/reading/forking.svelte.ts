// A copy of the conversation that goes on from one message, with its failure worded and its question of trust.

import type { App } from '$lib/app.svelte';
import type { Session, TrustQuestion } from '$lib/protocol';
import { sessionPath } from '$lib/router.svelte';
import { plain } from '$lib/text/reveal';
import type { NewSession } from '$lib/wire/api';
import { Drafts } from '../compose/drafts';

export interface Fork {
  /** Claude's last message in the copy; none for a copy without any. */
  readonly at: string | null;
  /** What the new composer begins with. */
  readonly draft: string;
}

export function forkRequest(session: Session, claudeSession: string, at: string | null, trust: string | undefined): NewSession {
  // A copy that ends before Claude's first word is a new conversation.
  const copied = at === null ? {} : { resume: claudeSession, resume_at: at, fork: true };
  return { kind: 'chat', cwd: session.cwd, title: forkTitle(session.title), keep: session.keep, ...copied, ...(trust === undefined ? {} : { trust }) };
}

export function forkTitle(title: string): string {
  const base = plain(title, 180).replace(/ \(fork\)$/, '');
  return `${base} (fork)`;
}

export class Forking {
  busy = $state(false);
  trust = $state<TrustQuestion | null>(null);
  private fork: Fork | null = null;

  constructor(
    private readonly app: App,
    private readonly session: () => Session,
    private readonly storage: Storage | null,
  ) {}

  async start(fork: Fork, trust?: string): Promise<void> {
    const session = this.session();
    if (this.busy) return;
    if (session.claude_session_id === null) {
      this.app.toast('error', 'Claude Code has not said yet under which name it keeps this conversation. Try again when it has answered.');
      return;
    }
    this.busy = true;
    this.fork = fork;
    const result = await this.app.api.create(forkRequest(session, session.claude_session_id, fork.at, trust));
    this.busy = false;
    if (result.ok) {
      this.trust = null;
      if (fork.draft !== '' && this.storage !== null) new Drafts(this.storage).saveText(result.value.id, fork.draft);
      this.app.events.learn(result.value);
      this.app.navigate(sessionPath(result.value.id));
    } else if (result.error.code === 'TRUST_REQUIRED') {
      this.trust = result.error.details as unknown as TrustQuestion;
    } else {
      this.trust = null;
      this.app.toast('error', `The copy was not started. ${result.error.message}`, () => void this.start(fork, trust));
    }
  }

  trusted(): void {
    if (this.fork !== null && this.trust !== null) void this.start(this.fork, this.trust.hash);
  }
}
