// One WebSocket that comes back by itself. It authenticates with its first frame, reconnects with jittered backoff, and
// leaves resuming (cursors, offsets) to its user, who is told when it is open and when it is down.

import type { Credentials } from './credentials.svelte';

export type LinkState = 'connecting' | 'online' | 'offline' | 'denied' | 'closed';

export interface LinkHandlers<ServerMsg> {
  /** Authenticated; commands may be sent. Called again after each reconnect. */
  onOpen(): void;
  onText(message: ServerMsg): void;
  onBinary?(bytes: Uint8Array): void;
  /** The connection was lost; another attempt follows. */
  onDown?(): void;
  /** The server ended it for good (4404: no such session); no attempt follows. */
  onGone?(code: number, reason: string): void;
}

interface Tagged {
  type: string;
}

const FIRST_DELAY_MS = 300;
const LONGEST_DELAY_MS = 10_000;
const HANDSHAKE_MS = 10_000;
// The server pings each 20 s and gives up after 45 s; a hidden tab that heard nothing for as long may be half-open.
const SILENCE_MS = 45_000;

export class Link<ClientMsg extends Tagged, ServerMsg extends Tagged> {
  state = $state<LinkState>('connecting');
  /** When it last went online, or was last lost. */
  since = $state(Date.now());
  retryAt = $state<number | null>(null);

  private socket: WebSocket | null = null;
  private ready = false;
  private failures = 0;
  private lastHeard = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private handshakeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly path: string,
    private readonly credentials: Credentials,
    private readonly handlers: LinkHandlers<ServerMsg>,
  ) {
    window.addEventListener('online', this.retryNow);
    window.addEventListener('pageshow', this.wake);
    document.addEventListener('visibilitychange', this.wake);
    this.connect();
  }

  get bufferedAmount(): number {
    return this.socket?.bufferedAmount ?? 0;
  }

  /** False when it was not sent because the link is not online. */
  send(message: ClientMsg): boolean {
    return this.transmit(JSON.stringify(message));
  }

  sendBinary(bytes: Uint8Array): boolean {
    return this.transmit(bytes);
  }

  readonly retryNow = (): void => {
    if (this.final || this.socket !== null) return;
    this.failures = 0;
    this.connect();
  };

  close(): void {
    if (this.state === 'closed') return;
    this.finish('closed');
    const socket = this.release();
    socket?.close(1000);
  }

  private get final(): boolean {
    return this.state === 'closed' || this.state === 'denied';
  }

  private transmit(data: string | Uint8Array): boolean {
    if (!this.ready || this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(data as string | Uint8Array<ArrayBuffer>);
    return true;
  }

  private connect(): void {
    clearTimeout(this.retryTimer);
    this.retryAt = null;
    const token = this.credentials.token;
    if (token === null) {
      this.finish('denied');
      return;
    }
    let socket: WebSocket;
    try {
      socket = new WebSocket(`${location.protocol === 'http:' ? 'ws' : 'wss'}://${location.host}${this.path}`);
    } catch {
      this.lost();
      return;
    }
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => socket.send(JSON.stringify({ type: 'auth', token, device: this.credentials.device }));
    socket.onmessage = (event: MessageEvent<unknown>) => this.receive(event.data);
    socket.onclose = (event) => this.closed(event.code, event.reason, token);
    this.handshakeTimer = setTimeout(() => this.drop(), HANDSHAKE_MS);
  }

  private receive(data: unknown): void {
    this.lastHeard = Date.now();
    if (data instanceof ArrayBuffer) {
      if (this.ready) this.handlers.onBinary?.(new Uint8Array(data));
      return;
    }
    const message = decode(data);
    if (message === null) return;
    if (!this.ready && message.type === 'auth_ok') {
      clearTimeout(this.handshakeTimer);
      this.ready = true;
      this.failures = 0;
      this.enter('online');
      this.handlers.onOpen();
    } else {
      // Includes an `error` that comes before a refusing close: the user of the link may want to show it.
      this.handlers.onText(message as ServerMsg);
    }
  }

  private closed(code: number, reason: string, token: string): void {
    this.release();
    if (code === 4401) {
      this.finish('denied');
      if (this.credentials.token === token) this.credentials.refuse();
    } else if (code === 1000 || (code >= 4400 && code < 4500)) {
      this.finish('closed');
      this.handlers.onGone?.(code, reason);
    } else {
      this.lost();
    }
  }

  /** Gives up on a socket that may take minutes to notice that nobody is there. */
  private drop(): void {
    const socket = this.release();
    socket?.close();
    this.lost();
  }

  private lost(): void {
    this.failures += 1;
    // A blink is not worth alarming anyone; the second failure in a row is.
    this.enter(this.failures > 1 ? 'offline' : 'connecting');
    const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (this.failures - 1));
    const delay = ceiling * (0.5 + Math.random() / 2);
    this.retryAt = Date.now() + delay;
    this.retryTimer = setTimeout(() => this.connect(), delay);
    this.handlers.onDown?.();
  }

  private readonly wake = (): void => {
    if (this.final || document.visibilityState === 'hidden') return;
    if (this.socket === null) {
      this.retryNow();
    } else if (this.ready && (this.socket.readyState !== WebSocket.OPEN || Date.now() - this.lastHeard > SILENCE_MS)) {
      this.release()?.close();
      this.failures = 0;
      this.enter('connecting');
      this.handlers.onDown?.();
      this.connect();
    }
  };

  private enter(state: 'connecting' | 'online' | 'offline'): void {
    const wasOnline = this.state === 'online';
    if ((state === 'online') !== wasOnline) this.since = Date.now();
    this.state = state;
  }

  private finish(state: 'closed' | 'denied'): void {
    clearTimeout(this.retryTimer);
    this.retryAt = null;
    this.state = state;
    window.removeEventListener('online', this.retryNow);
    window.removeEventListener('pageshow', this.wake);
    document.removeEventListener('visibilitychange', this.wake);
  }

  /** Detaches the current socket so that nothing it still says is heard. */
  private release(): WebSocket | null {
    clearTimeout(this.handshakeTimer);
    const socket = this.socket;
    this.socket = null;
    this.ready = false;
    if (socket !== null) socket.onopen = socket.onmessage = socket.onclose = null;
    return socket;
  }
}

function decode(data: unknown): Tagged | null {
  if (typeof data !== 'string') return null;
  try {
    const value: unknown = JSON.parse(data);
    const tagged = typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
    return tagged ? (value as Tagged) : null;
  } catch {
    return null;
  }
}
