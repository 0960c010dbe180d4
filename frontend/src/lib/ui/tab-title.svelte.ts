// What the program in a session calls itself stands in the browser's tab, before the session's title, while that session
// is looked at.

import { SvelteMap } from 'svelte/reactivity';
import { plain } from '$lib/text/reveal';

class TabTitle {
  private readonly titles = new SvelteMap<string, string>();

  /** Returns what takes it back: `$effect(() => tabTitle.say(id, title))`. */
  say(session: string, title: string): () => void {
    const text = plain(title, 80);
    if (text !== '') this.titles.set(session, text);
    return () => this.titles.delete(session);
  }

  of(session: string): string {
    const title = this.titles.get(session);
    return title === undefined ? '' : `${title} · `;
  }
}

export const tabTitle = new TabTitle();
