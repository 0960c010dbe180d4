// Talks HTTP. Every call answers with a Result, so that no caller can forget that networks fail.

import type {
  ChangeSession,
  ContextReport,
  CreateSession,
  Decision,
  DirectoryListing,
  ErrorCode,
  FileMatches,
  Health,
  JsonValue,
  OpenPrompt,
  RewindReport,
  RewindRequest,
  Session,
  SessionPage,
  StderrLog,
  TaskOutput,
} from '$lib/protocol';
import type { Credentials } from './credentials.svelte';

/** Failures that never reached the server, or that the server did not word. */
export type LocalErrorCode = 'NETWORK' | 'TIMEOUT' | 'BAD_RESPONSE';

export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly code: ErrorCode | LocalErrorCode,
    message: string,
    readonly status: number,
    readonly details: JsonValue,
    readonly requestId: string | null,
    /** Seconds to wait before the next try, when the server said so. */
    readonly retryAfter: number | null,
  ) {
    super(message);
  }
}

/** A file that was sent, and the header that names it. */
export interface Download {
  readonly blob: Blob;
  readonly disposition: string | null;
}

export type Result<T> = { ok: true; value: T } | { ok: false; error: ApiError };

/** `CreateSession` as it may be sent: what is absent may be left out. */
export type NewSession = CreateSession;

const TIMEOUT_MS = 20_000;
// Killing answers only when the whole process tree is gone: interrupt, TERM, 5 s, KILL.
const KILL_TIMEOUT_MS = 60_000;

export class Api {
  constructor(private readonly credentials: Credentials) {}

  health(): Promise<Result<Health>> {
    return this.call('GET', '/health');
  }

  sessions(limit = 200): Promise<Result<SessionPage>> {
    return this.call('GET', `/api/sessions?limit=${limit}`);
  }

  session(id: string): Promise<Result<Session>> {
    return this.call('GET', sessionPath(id));
  }

  create(session: NewSession): Promise<Result<Session>> {
    return this.call('POST', '/api/sessions', session, KILL_TIMEOUT_MS);
  }

  change(id: string, change: ChangeSession): Promise<Result<Session>> {
    return this.call('PATCH', sessionPath(id), change);
  }

  kill(id: string): Promise<Result<Session | null>> {
    return this.call('DELETE', sessionPath(id), undefined, KILL_TIMEOUT_MS);
  }

  stderr(id: string): Promise<Result<StderrLog>> {
    return this.call('GET', `${sessionPath(id)}/stderr`);
  }

  files(path: string): Promise<Result<DirectoryListing>> {
    return this.call('GET', `/api/files?path=${encodeURIComponent(path)}`);
  }

  taskOutput(id: string, taskId: string, offset: number): Promise<Result<TaskOutput>> {
    return this.call('GET', `${sessionPath(id)}/tasks/${encodeURIComponent(taskId)}/output?offset=${offset}`);
  }

  prompts(id: string): Promise<Result<OpenPrompt[]>> {
    return this.call('GET', `${sessionPath(id)}/prompts`);
  }

  answer(id: string, clientId: string, requestId: string, decision: Decision): Promise<Result<unknown>> {
    return this.call('POST', `${sessionPath(id)}/answers`, { client_id: clientId, request_id: requestId, decision });
  }

  /** Paths below a directory that fit what was typed. */
  findFiles(cwd: string, query: string, limit = 20): Promise<Result<FileMatches>> {
    return this.call('GET', `/api/files/find?cwd=${encodeURIComponent(cwd)}&q=${encodeURIComponent(query)}&limit=${limit}`);
  }

  context(id: string): Promise<Result<ContextReport>> {
    return this.call('GET', `${sessionPath(id)}/context`);
  }

  rewind(id: string, request: RewindRequest): Promise<Result<RewindReport>> {
    return this.call('POST', `${sessionPath(id)}/rewind`, request, KILL_TIMEOUT_MS);
  }

  /** The conversation as a file; `format` as the server names it. */
  export(id: string, format: string): Promise<Result<Download>> {
    return this.download(`${sessionPath(id)}/export?format=${encodeURIComponent(format)}`);
  }

  /** What a terminal printed, as asciicast. */
  recording(id: string): Promise<Result<Download>> {
    return this.download(`${sessionPath(id)}/recording`);
  }

  private async download(path: string): Promise<Result<Download>> {
    const token = this.credentials.token;
    try {
      const response = await fetch(path, {
        headers: token === null ? {} : { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(KILL_TIMEOUT_MS),
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
      });
      if (response.status === 401 && this.credentials.token === token) this.credentials.refuse();
      if (!response.ok) return { ok: false, error: refusal(response, parse(await response.text())) };
      return { ok: true, value: { blob: await response.blob(), disposition: response.headers.get('content-disposition') } };
    } catch (cause) {
      return { ok: false, error: unreachable(cause, KILL_TIMEOUT_MS) };
    }
  }

  private async call<T>(method: string, path: string, body?: unknown, timeout = TIMEOUT_MS): Promise<Result<T>> {
    const token = this.credentials.token;
    const headers: Record<string, string> = { accept: 'application/json' };
    if (token !== null) headers['authorization'] = `Bearer ${token}`;
    // Others are told who decided.
    headers['x-claude-web-device'] = this.credentials.device;
    if (body !== undefined) headers['content-type'] = 'application/json';
    let response: Response;
    let text: string;
    try {
      response = await fetch(path, {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(timeout),
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
      });
      text = await response.text();
    } catch (cause) {
      return { ok: false, error: unreachable(cause, timeout) };
    }
    // An answer to an old token says nothing about the one in use now.
    if (response.status === 401 && this.credentials.token === token) this.credentials.refuse();
    const parsed = parse(text);
    if (!response.ok) return { ok: false, error: refusal(response, parsed) };
    if (parsed === undefined) return { ok: false, error: unreadable(response) };
    return { ok: true, value: parsed as T };
  }
}

function sessionPath(id: string): string {
  return `/api/sessions/${encodeURIComponent(id)}`;
}

function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function unreachable(cause: unknown, timeout: number): ApiError {
  const timedOut = cause instanceof DOMException && cause.name === 'TimeoutError';
  const message = timedOut
    ? `The server did not answer within ${Math.round(timeout / 1000)} seconds. Try again.`
    : 'The server could not be reached. Check that claude-web is running, then try again.';
  return new ApiError(timedOut ? 'TIMEOUT' : 'NETWORK', message, 0, null, null, null);
}

function unreadable(response: Response): ApiError {
  const message = 'The server sent an answer that is not JSON. Something between this page and claude-web may be in the way.';
  return new ApiError('BAD_RESPONSE', message, response.status, null, response.headers.get('x-request-id'), null);
}

interface LooseError {
  code?: unknown;
  message?: unknown;
  details?: unknown;
  request_id?: unknown;
}

function refusal(response: Response, parsed: unknown): ApiError {
  const envelope = typeof parsed === 'object' && parsed !== null && 'error' in parsed ? parsed.error : null;
  if (typeof envelope !== 'object' || envelope === null) {
    const message = `The server answered with status ${response.status} and no explanation. Try again.`;
    return new ApiError('BAD_RESPONSE', message, response.status, null, response.headers.get('x-request-id'), retryAfter(response));
  }
  const error = envelope as LooseError;
  return new ApiError(
    typeof error.code === 'string' ? (error.code as ErrorCode) : 'BAD_RESPONSE',
    typeof error.message === 'string' ? error.message : `The server answered with status ${response.status}.`,
    response.status,
    (error.details ?? null) as JsonValue,
    typeof error.request_id === 'string' ? error.request_id : response.headers.get('x-request-id'),
    retryAfter(response),
  );
}

function retryAfter(response: Response): number | null {
  const seconds = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}
