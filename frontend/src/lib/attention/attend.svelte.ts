// Watches the list and signals what has begun to wait, where the person wants that and is not looking.

import { untrack } from 'svelte';
import type { Session } from '$lib/protocol';
import { router, sessionPath } from '$lib/router.svelte';
import { chime, close, show } from './notifier';
import { loadSettings, saveSettings, signalsFor, tagOf, waitingOf, type SignalSettings, type Waiting } from './signals';

class Preferences {
  settings = $state.raw(loadSettings());
  /** The last notification was refused though they are allowed. */
  refused = $state(false);

  change(change: Partial<SignalSettings>): void {
    this.settings = { ...this.settings, ...change };
    saveSettings(this.settings);
  }
}

export const preferences = new Preferences();

export const openSession = (id: string): void => router.go(sessionPath(id));

interface List {
  readonly sessions: ReadonlyMap<string, Session>;
  readonly loaded: boolean;
}

/** Called while a component is set up; works as long as it is there. */
export function attend(list: List): void {
  let before: ReadonlyMap<string, Waiting> | null = null;
  $effect(() => {
    if (!list.loaded) return;
    const now = waitingOf(list.sessions.values());
    untrack(() => {
      const { route } = router;
      const look = { visible: !document.hidden, focused: document.hasFocus(), session: route.name === 'session' ? route.id : null };
      const { notify, sound, close: over } = signalsFor(before, now, look);
      before = new Map(now.map((one) => [tagOf(one), one]));
      for (const tag of over) close(tag);
      if (preferences.settings.notify) for (const one of notify) preferences.refused = !show(one, openSession);
      if (preferences.settings.sound && sound) void chime();
    });
  });
}
