// The new-session form: what is chosen, what the server answered, what happens next.

import type { App } from '$lib/app.svelte';
import type { Effort, PermissionMode, SessionKind, TerminalProgram, TrustQuestion } from '$lib/protocol';
import { sessionPath } from '$lib/router.svelte';
import type { ApiError, NewSession } from '$lib/wire/api';
import { choicesFor, isRemembered, lastDirectory, remember } from './choices';

export class StartForm {
  cwd = $state('.');
  kind = $state<SessionKind>('chat');
  program = $state<TerminalProgram>('claude');
  title = $state('');
  model = $state('');
  permissionMode = $state<PermissionMode | ''>('');
  effort = $state<Effort | ''>('');
  keep = $state(false);
  /** Never remembered: what is recorded is chosen each time. */
  record = $state(false);
  /** Model, effort or mode are what was chosen in this directory before. */
  remembered = $state(false);

  busy = $state(false);
  error = $state<string | null>(null);
  trust = $state<TrustQuestion | null>(null);
  /** Seconds until the server takes another start. */
  wait = $state(0);
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly app: App,
    private readonly done: () => void,
  ) {
    this.enter(lastDirectory());
  }

  /** Whether what is chosen runs `claude` at all. */
  get runsClaude(): boolean {
    return this.kind === 'chat' || this.program === 'claude';
  }

  /** Directories have habits: each brings back what was chosen there last. */
  enter(cwd: string): void {
    this.cwd = cwd;
    this.error = null;
    const choices = choicesFor(cwd);
    this.kind = choices.kind;
    this.program = choices.program;
    this.model = choices.model;
    this.permissionMode = choices.permission_mode;
    this.effort = choices.effort;
    this.keep = choices.keep;
    this.remembered = isRemembered(choices);
  }

  /** Back to what the user's own settings say. */
  forget(): void {
    this.model = '';
    this.permissionMode = '';
    this.effort = '';
    this.remembered = false;
    remember(this.cwd, { ...choicesFor(this.cwd), model: '', permission_mode: '', effort: '' });
  }

  async submit(trust?: string): Promise<void> {
    if (this.busy || this.wait > 0) return;
    this.busy = true;
    this.error = null;
    const result = await this.app.api.create(this.request(trust));
    this.busy = false;
    if (result.ok) {
      remember(this.cwd, {
        kind: this.kind,
        program: this.program,
        model: this.model.trim(),
        permission_mode: this.permissionMode,
        effort: this.effort,
        keep: this.keep,
      });
      this.app.events.learn(result.value);
      this.done();
      this.app.navigate(sessionPath(result.value.id));
    } else {
      this.refused(result.error);
    }
  }

  dispose(): void {
    clearInterval(this.timer);
  }

  private request(trust: string | undefined): NewSession {
    const request: NewSession = { kind: this.kind, cwd: this.cwd, keep: this.keep };
    if (this.title.trim() !== '') request.title = this.title.trim();
    if (this.kind === 'terminal') Object.assign(request, { program: this.program, record: this.record }, guessedSize());
    if (this.runsClaude) {
      if (this.permissionMode !== '') request.permission_mode = this.permissionMode;
      const model = this.model.trim();
      if (model !== '') request.model = model;
      if (this.effort !== '') request.effort = this.effort;
    }
    if (trust !== undefined) request.trust = trust;
    return request;
  }

  private refused(error: ApiError): void {
    if (error.code === 'TRUST_REQUIRED') {
      this.trust = error.details as unknown as TrustQuestion;
      return;
    }
    this.trust = null;
    this.error = error.message;
    if (error.code === 'CLAUDE_NOT_FOUND') void this.app.checkHealth();
    if (error.retryAfter !== null && error.retryAfter > 0) this.countDown(error.retryAfter);
  }

  private countDown(seconds: number): void {
    this.wait = seconds;
    clearInterval(this.timer);
    this.timer = setInterval(() => {
      this.wait -= 1;
      if (this.wait <= 0) {
        clearInterval(this.timer);
        this.error = null;
      }
    }, 1000);
  }
}

/** A first guess, so that the program does not draw itself twice; the view sets the true size when it is there. */
function guessedSize(): { cols: number; rows: number } {
  const wide = window.innerWidth >= 640;
  const width = window.innerWidth - (wide ? 280 : 0) - 24;
  const height = window.innerHeight - (wide ? 110 : 200);
  return { cols: Math.max(20, Math.floor(width / 8)), rows: Math.max(10, Math.floor(height / 17)) };
}
