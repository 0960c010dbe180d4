// What goes on on the server: the session list, kept current by the events socket.

import { SvelteMap } from 'svelte/reactivity';
import type { EventsClientMessage, EventsServerMessage, NoticeLevel, Session } from '$lib/protocol';
import type { Credentials } from './credentials.svelte';
import { Link } from './socket.svelte';

export type NoticeListener = (level: NoticeLevel, message: string) => void;

export class Events {
  readonly sessions = new SvelteMap<string, Session>();
  /** Whether the first snapshot has come; before that an empty list means nothing. */
  loaded = $state(false);
  readonly link: Link<EventsClientMessage, EventsServerMessage>;

  constructor(credentials: Credentials, onNotice: NoticeListener) {
    this.link = new Link('/api/events', credentials, {
      onOpen: () => {},
      onText: (message) => this.receive(message, onNotice),
    });
  }

  /** How many sessions wait for the user. */
  get attention(): number {
    let count = 0;
    for (const session of this.sessions.values()) if (session.pending.length > 0 && session.end === null) count += 1;
    return count;
  }

  /** Takes over what an HTTP call returned, so that the list does not lag behind the user's own action. */
  learn(session: Session): void {
    this.sessions.set(session.id, session);
  }

  close(): void {
    this.link.close();
  }

  private receive(message: EventsServerMessage, onNotice: NoticeListener): void {
    switch (message.type) {
      case 'snapshot':
        this.replace(message.sessions);
        break;
      case 'session':
        this.sessions.set(message.session.id, message.session);
        break;
      case 'session_removed':
        this.sessions.delete(message.id);
        break;
      case 'notice':
        onNotice(message.level, message.message);
        break;
      case 'error':
        onNotice('error', message.message);
        break;
    }
  }

  private replace(sessions: Session[]): void {
    const present = new Set(sessions.map((session) => session.id));
    for (const id of [...this.sessions.keys()]) if (!present.has(id)) this.sessions.delete(id);
    for (const session of sessions) this.sessions.set(session.id, session);
    this.loaded = true;
  }
}
