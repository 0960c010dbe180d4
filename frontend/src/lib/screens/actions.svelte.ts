// What can be done to a session, each with its failure worded and its retry.

import type { App } from '$lib/app.svelte';
import type { Session, TrustQuestion } from '$lib/protocol';
import { sessionPath } from '$lib/router.svelte';
import { plain } from '$lib/text/reveal';
import type { NewSession } from '$lib/wire/api';

export class SessionActions {
  killing = $state(false);
  resuming = $state(false);
  /** Asked by the server before it resumes in a directory that can run things. */
  trust = $state<TrustQuestion | null>(null);

  constructor(private readonly app: App) {}

  async rename(session: Session, title: string): Promise<boolean> {
    const result = await this.app.api.change(session.id, { title });
    if (result.ok) this.app.events.learn(result.value);
    else this.app.toast('error', `“${plain(session.title, 60)}” was not renamed. ${result.error.message}`, () => void this.rename(session, title));
    return result.ok;
  }

  async keep(session: Session, keep: boolean): Promise<void> {
    const result = await this.app.api.change(session.id, { keep });
    if (result.ok) this.app.events.learn(result.value);
    else this.app.toast('error', `“Keep running” was not changed. ${result.error.message}`, () => void this.keep(session, keep));
  }

  async kill(session: Session): Promise<void> {
    this.killing = true;
    const result = await this.app.api.kill(session.id);
    this.killing = false;
    if (result.ok) {
      if (result.value !== null && typeof result.value === 'object' && 'id' in result.value) this.app.events.learn(result.value);
    } else {
      this.app.toast('error', `“${plain(session.title, 60)}” was not killed. ${result.error.message}`, () => void this.kill(session));
    }
  }

  async resume(session: Session, trust?: string): Promise<void> {
    if (session.claude_session_id === null || this.resuming) return;
    this.resuming = true;
    const request: NewSession = {
      kind: 'chat',
      cwd: session.cwd,
      resume: session.claude_session_id,
      title: session.title,
      keep: session.keep,
      ...(trust === undefined ? {} : { trust }),
    };
    const result = await this.app.api.create(request);
    this.resuming = false;
    if (result.ok) {
      this.trust = null;
      this.app.events.learn(result.value);
      this.app.navigate(sessionPath(result.value.id));
    } else if (result.error.code === 'TRUST_REQUIRED') {
      this.trust = result.error.details as unknown as TrustQuestion;
    } else {
      this.trust = null;
      this.app.toast('error', `“${plain(session.title, 60)}” was not resumed. ${result.error.message}`, () => void this.resume(session, trust));
    }
  }
}
