// What every screen may use, handed down by Svelte's context: `const app = getApp()` while a component is set up.

import { getContext, setContext } from 'svelte';
import type { Health, NoticeLevel } from '$lib/protocol';
import { router } from '$lib/router.svelte';
import { Toasts, type ToastKind } from '$lib/ui/toasts.svelte';
import { Api, type ApiError } from '$lib/wire/api';
import { Credentials } from '$lib/wire/credentials.svelte';
import { Events } from '$lib/wire/events.svelte';

const KEY = Symbol('app');

const KIND_OF_NOTICE: Record<NoticeLevel, ToastKind> = { info: 'info', warning: 'warning', error: 'error' };

export class App {
  readonly api: Api;
  readonly events: Events;
  readonly toasts = new Toasts();
  /** What the server says of itself; none until it has answered once. */
  health = $state<Health | null>(null);
  healthError = $state<ApiError | null>(null);

  constructor(readonly credentials: Credentials) {
    this.api = new Api(credentials);
    this.events = new Events(credentials, (level, message) => this.toast(KIND_OF_NOTICE[level], message));
  }

  /** Failures stay until dismissed or retried; the rest goes by itself. */
  toast(kind: ToastKind, message: string, retry?: () => void): void {
    this.toasts.add(kind, message, retry);
  }

  navigate(path: string): void {
    router.go(path);
  }

  async checkHealth(): Promise<void> {
    const result = await this.api.health();
    if (result.ok) {
      this.health = result.value;
      this.healthError = null;
    } else {
      this.healthError = result.error;
    }
  }

  close(): void {
    this.events.close();
  }
}

export function provideApp(app: App): App {
  return setContext(KEY, app);
}

export function getApp(): App {
  return getContext<App>(KEY);
}
