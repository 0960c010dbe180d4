import { getContext, setContext } from 'svelte';
import type { Decision, SessionId } from '$lib/protocol';
import type { ChatSession, Say } from './chat-session.svelte';
import type { Fate } from './outbox.svelte';

/** What a prompt card can do, for keys that are pressed outside of it. */
export interface PromptActions {
  /** `sure`: pressed in the way that dangerous things ask for. */
  allow(sure: boolean): void;
  always(): void;
  deny(): void;
  edit?(): void;
}

/** What everything that is drawn from a session may use, in a conversation and in the inbox. */
export interface Surroundings {
  /** The session's directory, once known; paths below it are shown relative to it. */
  readonly base: string | null;
  readonly say: Say;
}

export interface ChatContext extends Surroundings {
  readonly chat: ChatSession;
  readonly sessionId: SessionId;
  readonly prompts: Map<string, PromptActions>;
}

/** Where prompt cards stand: who takes their answers, and what became of them. */
export interface PromptHost extends Surroundings {
  readonly prompts: Map<string, PromptActions>;
  /** Whether Claude Code honours allow rules stored in the project; none while that is not known. */
  readonly projectTrusted: boolean | null;
  /** The prompt that keys answer while no other has the focus. */
  readonly leading: string | null;
  /** Changes when what stands here has moved: a finger on its way must not hit something else. */
  readonly moved: number;
  sent(requestId: string): { readonly fate: Fate; readonly error: string | null } | undefined;
  answer(requestId: string, decision: Decision): void;
}

/** Exported for tests, which hand it to `mount`. */
export const KEY = Symbol('chat');
const HOST = Symbol('prompts');

export function provideChat(context: ChatContext): ChatContext {
  return setContext(KEY, context);
}

export function getChat(): ChatContext {
  return getContext<ChatContext>(KEY);
}

export function provideHost(host: PromptHost): PromptHost {
  return setContext(HOST, host);
}

export function getSurroundings(): Surroundings {
  return getContext<ChatContext | undefined>(KEY) ?? getContext<PromptHost>(HOST);
}

export function getHost(): PromptHost {
  const context = getContext<ChatContext | undefined>(KEY);
  return context === undefined ? getContext<PromptHost>(HOST) : chatHost(context);
}

function chatHost(context: ChatContext): PromptHost {
  const { chat } = context;
  return {
    get base() {
      return context.base;
    },
    get projectTrusted() {
      return chat.conversation.meta.value.projectTrusted;
    },
    get leading() {
      return chat.conversation.pending.value[0]?.value.request.request_id ?? null;
    },
    moved: 0,
    say: context.say,
    prompts: context.prompts,
    sent: (id) => chat.outbox.answerTo(id),
    answer: (id, decision) => chat.answer(id, decision),
  };
}
