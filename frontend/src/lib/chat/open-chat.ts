import type { ChatClientMessage, ChatServerMessage } from '$lib/protocol';
import type { Credentials } from '$lib/wire/credentials.svelte';
import { Link } from '$lib/wire/socket.svelte';
import { ChatSession, type Say } from './chat-session.svelte';

/** The chat of one session over a real connection. */
export function openChat(id: string, credentials: Credentials, say: Say): ChatSession {
  const path = `/api/sessions/${encodeURIComponent(id)}/chat`;
  return new ChatSession({
    say,
    schedule: beforePaint,
    link: (handlers) => new Link<ChatClientMessage, ChatServerMessage>(path, credentials, handlers),
  });
}

/** A hidden tab gets no frames, but must not pile up a session's worth of events. */
function beforePaint(task: () => void): void {
  let done = false;
  const once = (): void => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    task();
  };
  const timer = setTimeout(once, 250);
  requestAnimationFrame(once);
}
