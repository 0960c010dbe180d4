import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Credentials } from './credentials.svelte';
import { Link } from './socket.svelte';

class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  static get last(): FakeSocket {
    const last = FakeSocket.all.at(-1);
    if (last === undefined) throw new Error('no socket was opened');
    return last;
  }

  readyState = 0;
  binaryType = '';
  bufferedAmount = 0;
  sent: unknown[] = [];
  closedWith: number | undefined | null = null;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }

  send(data: unknown): void {
    this.sent.push(data);
  }

  close(code?: number): void {
    this.closedWith = code;
    this.readyState = 3;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  text(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  accept(): void {
    this.open();
    this.text({ type: 'auth_ok', principal: 'test' });
  }

  end(code: number, reason = ''): void {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }
}

interface Message {
  type: string;
}

const refuse = vi.fn();
const credentials = { token: 'secret', device: 'Chrome on Linux', refuse } as unknown as Credentials;
const handlers = { onOpen: vi.fn(), onText: vi.fn(), onBinary: vi.fn(), onDown: vi.fn(), onGone: vi.fn() };
let link: Link<Message, Message>;
let visibility = 'visible';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.spyOn(Math, 'random').mockReturnValue(1);
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility as DocumentVisibilityState);
  visibility = 'visible';
  FakeSocket.all = [];
  link = new Link('/api/events', credentials, handlers);
});

afterEach(() => {
  link.close();
  vi.restoreAllMocks();
  vi.clearAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('signing in', () => {
  it('sends the token first and opens only when it is accepted', () => {
    const socket = FakeSocket.last;
    expect(socket.url).toBe(`ws://${location.host}/api/events`);
    socket.open();
    expect(socket.sent).toEqual([JSON.stringify({ type: 'auth', token: 'secret', device: 'Chrome on Linux' })]);
    expect(handlers.onOpen).not.toHaveBeenCalled();
    expect(link.send({ type: 'early' })).toBe(false);
    socket.text({ type: 'auth_ok' });
    expect(handlers.onOpen).toHaveBeenCalledOnce();
    expect(link.state).toBe('online');
    expect(link.send({ type: 'now' })).toBe(true);
    expect(socket.sent).toHaveLength(2);
  });

  it('drops the token and stays down when the login has ended', () => {
    FakeSocket.last.accept();
    FakeSocket.last.end(4401);
    expect(link.state).toBe('denied');
    expect(refuse).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(60_000);
    window.dispatchEvent(new Event('online'));
    expect(FakeSocket.all).toHaveLength(1);
  });

  it('gives up on a handshake that never ends', () => {
    FakeSocket.last.open();
    vi.advanceTimersByTime(10_000);
    expect(FakeSocket.all[0]?.closedWith).toBeUndefined();
    expect(link.state).toBe('connecting');
    vi.advanceTimersByTime(400);
    expect(FakeSocket.all).toHaveLength(2);
  });
});

describe('coming back', () => {
  it.each([1001, 1006, 1008, 1011, 1012])('tries again after close code %i', (code) => {
    FakeSocket.last.accept();
    FakeSocket.last.end(code);
    expect(handlers.onDown).toHaveBeenCalledOnce();
    expect(link.retryAt).not.toBeNull();
    vi.advanceTimersByTime(300);
    expect(FakeSocket.all).toHaveLength(2);
    FakeSocket.last.accept();
    expect(handlers.onOpen).toHaveBeenCalledTimes(2);
    expect(link.state).toBe('online');
  });

  it('waits longer each time, up to ten seconds', () => {
    const delays: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const from = Date.now();
      FakeSocket.last.end(1006);
      delays.push((link.retryAt ?? 0) - from);
      vi.advanceTimersByTime(10_000);
      expect(FakeSocket.all).toHaveLength(attempt + 2);
    }
    expect(delays).toEqual([300, 600, 1200, 2400, 4800, 9600, 10_000, 10_000]);
  });

  it('spreads the attempts of many clients', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const from = Date.now();
    FakeSocket.last.end(1006);
    expect((link.retryAt ?? 0) - from).toBe(150);
  });

  it('calls one failure reconnecting and two offline, and remembers since when', () => {
    FakeSocket.last.accept();
    vi.advanceTimersByTime(5000);
    const lostAt = Date.now();
    FakeSocket.last.end(1006);
    expect(link.state).toBe('connecting');
    vi.advanceTimersByTime(300);
    FakeSocket.last.end(1006);
    expect(link.state).toBe('offline');
    expect(link.since).toBe(lostAt);
  });

  it('does not wait when the network comes back or the tab is shown', () => {
    FakeSocket.last.end(1006);
    window.dispatchEvent(new Event('online'));
    expect(FakeSocket.all).toHaveLength(2);
    FakeSocket.last.end(1006);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(FakeSocket.all).toHaveLength(3);
    FakeSocket.last.end(1006);
    window.dispatchEvent(new Event('pageshow'));
    expect(FakeSocket.all).toHaveLength(4);
    vi.advanceTimersByTime(9_000);
    expect(FakeSocket.all).toHaveLength(4);
  });

  it('leaves a connection alone that has spoken lately', () => {
    FakeSocket.last.accept();
    vi.advanceTimersByTime(44_000);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(FakeSocket.all).toHaveLength(1);
  });

  it('replaces a connection that was silent too long when the tab is shown again', () => {
    FakeSocket.last.accept();
    visibility = 'hidden';
    document.dispatchEvent(new Event('visibilitychange'));
    vi.advanceTimersByTime(46_000);
    expect(FakeSocket.all).toHaveLength(1);
    visibility = 'visible';
    document.dispatchEvent(new Event('visibilitychange'));
    expect(FakeSocket.all).toHaveLength(2);
    expect(FakeSocket.all[0]?.readyState).toBe(3);
    expect(handlers.onDown).toHaveBeenCalledOnce();
    FakeSocket.last.accept();
    expect(handlers.onOpen).toHaveBeenCalledTimes(2);
  });

  it('hears nothing more from a replaced connection', () => {
    const old = FakeSocket.last;
    old.accept();
    const { onmessage, onclose } = old;
    vi.advanceTimersByTime(46_000);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(old.onmessage).toBeNull();
    expect(onmessage).not.toBeNull();
    expect(onclose).not.toBeNull();
    expect(old.onclose).toBeNull();
  });
});

describe('ending', () => {
  it('does not come back to a session that does not exist', () => {
    FakeSocket.last.accept();
    FakeSocket.last.end(4404, 'no such session');
    expect(handlers.onGone).toHaveBeenCalledWith(4404, 'no such session');
    expect(link.state).toBe('closed');
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(1);
  });

  it('stays closed when it is closed', () => {
    FakeSocket.last.accept();
    link.close();
    expect(FakeSocket.last.closedWith).toBe(1000);
    window.dispatchEvent(new Event('online'));
    link.retryNow();
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(1);
    expect(link.send({ type: 'late' })).toBe(false);
  });
});

describe('messages', () => {
  it('passes text and bytes on, and survives nonsense', () => {
    const socket = FakeSocket.last;
    socket.accept();
    socket.text({ type: 'snapshot' });
    socket.onmessage?.({ data: '{broken' });
    socket.onmessage?.({ data: '[1]' });
    socket.onmessage?.({ data: '{"no":"type"}' });
    socket.onmessage?.({ data: new Uint8Array([1, 2]).buffer });
    expect(handlers.onText.mock.calls).toEqual([[{ type: 'snapshot' }]]);
    expect(handlers.onBinary.mock.calls).toEqual([[new Uint8Array([1, 2])]]);
  });
});
