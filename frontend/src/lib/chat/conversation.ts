// Events in, conversation out: the same for live, resumed and replayed events. Knows nothing of sockets or the DOM.

import type { ChatEvent } from '$lib/protocol';
import { NOTICES, settleRetry } from './reduce-notices';
import { PROMPTS } from './reduce-prompts';
import { TEXTS } from './reduce-texts';
import { TOOLS } from './reduce-tools';
import { Store, type EventType, type Handlers } from './store';

const HANDLERS: Handlers<EventType> = { ...TEXTS, ...TOOLS, ...PROMPTS, ...NOTICES };

type Handler = (store: Store, event: ChatEvent, at: number) => void;

export class Conversation extends Store {
  /** The last event applied; none yet is -1. */
  seq = -1;

  /** False when the event had been applied before. */
  apply(seq: number, at: number, event: ChatEvent): boolean {
    if (seq <= this.seq) return false;
    this.seq = seq;
    settleRetry(this, event.type);
    // A newer server may say what this page does not know yet; it is shown rather than lost.
    const handler = Object.hasOwn(HANDLERS, event.type) ? (HANDLERS[event.type] as Handler) : undefined;
    if (handler === undefined) this.addUnknown(event, at);
    else handler(this, event, at);
    return true;
  }
}
