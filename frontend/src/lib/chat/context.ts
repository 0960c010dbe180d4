import { getContext, setContext } from 'svelte';
import type { SessionId } from '$lib/protocol';
import type { ChatSession, Say } from './chat-session.svelte';

/** What a prompt card can do, for keys that are pressed outside of it. */
export interface PromptActions {
  /** `sure`: pressed in the way that dangerous things ask for. */
  allow(sure: boolean): void;
  always(): void;
  deny(): void;
}

export interface ChatContext {
  readonly chat: ChatSession;
  readonly sessionId: SessionId;
  /** The session's directory, once known; paths below it are shown relative to it. */
  readonly base: string | null;
  readonly say: Say;
  readonly prompts: Map<string, PromptActions>;
}

/** Exported for tests, which hand it to `mount`. */
export const KEY = Symbol('chat');

export function provideChat(context: ChatContext): ChatContext {
  return setContext(KEY, context);
}

export function getChat(): ChatContext {
  return getContext<ChatContext>(KEY);
}
