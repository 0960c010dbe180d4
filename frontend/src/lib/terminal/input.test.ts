import { describe, expect, it } from 'vitest';
import { CHUNK, InputLedger, MOST, WINDOW } from './input';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (chunks: Iterable<Uint8Array>): string => [...chunks].map((chunk) => new TextDecoder().decode(chunk)).join('');

describe('typing', () => {
  it('sends what was typed once and in order', () => {
    const ledger = new InputLedger();
    ledger.attached(0);
    ledger.add(bytes('ab'));
    ledger.add(bytes('c'));
    expect(text(ledger.chunks())).toBe('abc');
    expect(text(ledger.chunks())).toBe('');
    ledger.add(bytes('d'));
    expect(text(ledger.chunks())).toBe('d');
  });

  it('cuts a paste into frames and keeps to the window', () => {
    const ledger = new InputLedger();
    ledger.attached(0);
    ledger.add(new Uint8Array(WINDOW + CHUNK + 5));
    const first = [...ledger.chunks()];
    expect(first.every((chunk) => chunk.length <= CHUNK)).toBe(true);
    expect(first.reduce((sum, chunk) => sum + chunk.length, 0)).toBe(WINDOW);
    expect([...ledger.chunks()]).toEqual([]);
    ledger.confirm(WINDOW);
    expect([...ledger.chunks()].map((chunk) => chunk.length)).toEqual([CHUNK, 5]);
  });

  it('takes a paste of ten megabytes without copying it at each confirmation', () => {
    const ledger = new InputLedger();
    ledger.attached(0);
    const paste = Uint8Array.from({ length: 10 << 20 }, (_, at) => (at * 31) % 251);
    expect(ledger.add(bytes('x')) && ledger.add(paste) && ledger.add(bytes('y'))).toBe(true);
    const arrived = new Uint8Array(paste.length + 2);
    let length = 0;
    while (ledger.confirmed < ledger.end) {
      for (const chunk of ledger.chunks()) {
        expect(chunk.length <= CHUNK).toBe(true);
        arrived.set(chunk, length);
        length += chunk.length;
      }
      ledger.confirm(length - (length % 7) < ledger.confirmed + 1 ? length : length - (length % 7));
    }
    expect(length).toBe(arrived.length);
    expect(Buffer.compare(arrived.subarray(1, -1), paste)).toBe(0);
    expect([arrived[0], arrived.at(-1)]).toEqual([120, 121]);
  });

  it('refuses what would grow without end, whole', () => {
    const ledger = new InputLedger();
    expect(ledger.add(new Uint8Array(MOST))).toBe(true);
    expect(ledger.add(new Uint8Array(1))).toBe(false);
    expect(ledger.end).toBe(MOST);
  });
});

describe('after a lost connection', () => {
  it('sends again exactly what the server has not taken', () => {
    const ledger = new InputLedger();
    ledger.attached(0);
    ledger.add(bytes('hello world'));
    expect(text(ledger.chunks())).toBe('hello world');
    ledger.confirm(3);
    expect(ledger.confirmed).toBe(3);
    // Five were taken, though only three were confirmed before the line broke.
    ledger.attached(5);
    expect(text(ledger.chunks())).toBe(' world');
    ledger.confirm(11);
    expect(ledger.confirmed).toBe(11);
    ledger.attached(11);
    expect(text(ledger.chunks())).toBe('');
  });

  it('keeps what was typed while it was down', () => {
    const ledger = new InputLedger();
    ledger.attached(0);
    ledger.add(bytes('one'));
    text(ledger.chunks());
    ledger.confirm(3);
    ledger.add(bytes('two'));
    ledger.attached(3);
    expect(text(ledger.chunks())).toBe('two');
  });

  it('goes on under the server’s numbers when it knows nothing of the stream', () => {
    const ledger = new InputLedger();
    ledger.attached(0);
    ledger.add(bytes('abc'));
    text(ledger.chunks());
    ledger.confirm(3);
    ledger.add(bytes('def'));
    ledger.attached(0);
    expect(text(ledger.chunks())).toBe('def');
    ledger.confirm(3);
    expect(ledger.confirmed).toBe(3);
    expect(ledger.end).toBe(3);
  });

  it('takes back a frame that the connection did not take', () => {
    const ledger = new InputLedger();
    ledger.attached(0);
    ledger.add(bytes('abc'));
    const [chunk] = ledger.chunks();
    ledger.unsent(chunk ?? new Uint8Array());
    expect(chunk).toHaveLength(3);
    ledger.attached(0);
    expect(text(ledger.chunks())).toBe('abc');
  });
});

describe('confirmations that make no sense', () => {
  it('never throw keys away', () => {
    const ledger = new InputLedger();
    ledger.attached(0);
    ledger.add(bytes('abc'));
    ledger.confirm(99);
    ledger.confirm(-1);
    expect(text(ledger.chunks())).toBe('abc');
    ledger.confirm(2);
    ledger.confirm(1);
    expect(ledger.confirmed).toBe(2);
  });
});

describe('any order of typing, sending, confirming and breaking', () => {
  it('types the whole stream exactly once', () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      return seed % below;
    };
    for (let run = 0; run < 200; run += 1) {
      const ledger = new InputLedger();
      let typed = '';
      let taken = '';
      let wire: Uint8Array[] = [];
      ledger.attached(0);
      for (let step = 0; step < 60; step += 1) {
        const what = random(5);
        if (what <= 1) {
          const more = String.fromCharCode(97 + random(26)).repeat(1 + random(5));
          typed += more;
          ledger.add(bytes(more));
        } else if (what === 2) {
          wire.push(...ledger.chunks());
        } else if (what === 3) {
          const arrived = wire.splice(0, random(wire.length + 1));
          taken += text(arrived);
          if (random(2) === 0) ledger.confirm(taken.length);
        } else {
          wire = [];
          ledger.attached(taken.length);
        }
      }
      ledger.attached(taken.length);
      taken += text(ledger.chunks());
      expect(taken).toBe(typed);
    }
  });
});
