import { Unicode11Addon } from '@xterm/addon-unicode11';
import { Terminal } from '@xterm/xterm';
import { describe, expect, it } from 'vitest';
import { guard } from './guard';
import { silence } from './silence';

const ESC = '\x1b';
const MOST = '2147483647';

function terminal(cols = 80, rows = 24, scrollback = 5000, guarded = true): Terminal {
  const made = new Terminal({ cols, rows, scrollback, allowProposedApi: true });
  made.loadAddon(new Unicode11Addon());
  made.unicode.activeVersion = '11';
  if (guarded) {
    silence(made.parser);
    guard(made);
  }
  return made;
}

/** The longest time the page did not get its turn while this was written. */
async function write(to: Terminal, ...parts: readonly (string | Uint8Array)[]): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  for (const part of parts) await new Promise<void>((done) => to.write(part, done));
  longest = Math.max(longest, performance.now() - last);
  clearInterval(beat);
  return longest;
}

function text(of: Terminal): string[] {
  const { active } = of.buffer;
  return Array.from({ length: of.rows }, (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '');
}

const filled = (rows: number): string => Array.from({ length: rows }, (_, row) => `line ${row}`).join('\r\n');

describe('a number that no screen can show', () => {
  const finals = Array.from({ length: 0x7e - 0x40 + 1 }, (_, at) => String.fromCharCode(0x40 + at));

  it.each(['', '\x1b[?1049h'])('ends at once, for every final (%j)', async (before) => {
    for (const prefix of ['', '?', '>', '=']) {
      for (const between of prefix === '' ? ['', ' ', '!', '"', '#', '$', "'", '*'] : ['']) {
        for (const final of finals) {
          const to = terminal(80, 24, before === '' ? 200 : 0);
          const numbers = [`${MOST}`, `${MOST};${MOST};${MOST}`, `${MOST}:${MOST}`, `1;${MOST}`];
          await write(to, `${filled(30)}${before}${ESC}[5;5HA${numbers.map((one) => `${ESC}[${prefix}${one}${between}${final}`).join('A')}`);
          to.dispose();
        }
      }
    }
  }, 20_000);

  it('does what the greatest number that fits does', async () => {
    for (const final of ['S', 'T', 'L', 'M', 'I', 'Z', '@', 'P', 'X']) {
      for (const region of ['', `${ESC}[4;12r`]) {
        const [cut, plain] = [terminal(), terminal(80, 24, 5000, false)];
        const start = `${filled(30)}${region}${ESC}[6;9H`;
        await write(cut, `${start}${ESC}[${MOST}${final}X`);
        await write(plain, `${start}${ESC}[${final === 'I' || final === 'Z' ? 80 : 24 * 80}${final}X`);
        expect([text(cut), cut.buffer.active.cursorX], `CSI ${final}`).toEqual([text(plain), plain.buffer.active.cursorX]);
      }
    }
  });

  it('repeats no more than the model on the server, and ends in the same column', async () => {
    const to = terminal();
    await write(to, `A${ESC}[${MOST}b`);
    expect(to.buffer.active.cursorX).toBe(((1 + 0xffff - 1) % 80) + 1);
  });
});

describe('what broke the emulator', () => {
  it.each(['[1J', '[?1J'])('ESC %s in the last corner of a screen without a past clears it', async (sequence) => {
    for (const [cols, rows] of [[80, 24], [2, 1]] as const) {
      const to = terminal(cols, rows, 0);
      await write(to, `${filled(rows)}${ESC}[999;999Hx${ESC}${sequence}`);
      expect(text(to).join('')).toBe('');
      await write(to, `${ESC}[Hok`);
      expect(text(to)[0]).toBe('ok');
    }
  });

  it('a million numbers in one sequence, and what follows is drawn', async () => {
    const to = terminal();
    expect(await write(to, `${ESC}[`, '1;'.repeat(1_000_000), 'mafter')).toBeLessThan(500);
    expect(text(to)[0]).toBe('after');
  });
});

describe('a frame that asks for much', () => {
  const PART = 2 * 1024;
  it.each([
    ['clears', `${ESC}[J`],
    ['clears twice', `${ESC}[2J`],
    ['resets', `${ESC}c`],
    ['fills', `${ESC}#8`],
    ['goes there and back', `${ESC}[?1049h${ESC}[?1049l`],
    ['inserts lines', `${ESC}[9999L`],
    ['deletes lines', `${ESC}[9999M`],
    ['scrolls', `${ESC}[9999S`],
    ['inserts columns', `${ESC}[1'}`],
    ['repeats', `A${ESC}[65535b`],
  ])('%s lets the page have its turn', async (_, sequence) => {
    const to = terminal(300, 100);
    let turns = 0;
    const beat = setInterval(() => (turns += 1));
    const longest = await Promise.race([
      write(to, sequence.repeat(Math.floor(PART / sequence.length))),
      new Promise<number>((give) => setTimeout(() => give(-1), 3_000)),
    ]);
    clearInterval(beat);
    expect(turns).toBeGreaterThan(3);
    expect(longest).toBeLessThan(400);
  }, 20_000);

  it('text after a pause comes in order', async () => {
    const to = terminal(300, 100);
    await write(to, `${`${ESC}[2J`.repeat(200)}${ESC}[Hone `, `${`${ESC}[J`.repeat(200)}two`);
    expect(text(to)[0]).toBe('one two');
  });
});

describe('texts and marks', () => {
  it('keeps 64 KiB of a string at most', async () => {
    const to = terminal();
    const titles: string[] = [];
    to.onTitleChange((title) => titles.push(title));
    const piece = 'x'.repeat(64 * 1024);
    await write(to, `${ESC}]0;short\x07${ESC}]0;`, ...Array.from({ length: 20 }, () => piece));
    expect(gathered(to)).toBeLessThan(128 * 1024);
    await write(to, `\x07${ESC}P$q`, ...Array.from({ length: 20 }, () => piece));
    expect(gathered(to)).toBeLessThan(128 * 1024);
    await write(to, `${ESC}\\after`);
    expect(titles).toEqual(['short']);
    expect(text(to)[0]).toBe('after');
  });

  it('lets a letter carry some marks and drops the rest', async () => {
    const to = terminal();
    await write(to, `e\u0301x${'\u0301'.repeat(100_000)}y`);
    const line = to.buffer.active.getLine(0);
    expect(line?.getCell(0)?.getChars()).toBe('e\u0301');
    expect(line?.getCell(1)?.getChars().length).toBeLessThan(64);
    expect(line?.getCell(2)?.getChars()).toBe('y');
  });

  it('remembers links that are seen, and only so many', async () => {
    const links = (of: Terminal): number => (of as unknown as { _core: { _oscLinkService: { _dataByLinkId: Map<number, unknown> } } })._core._oscLinkService._dataByLinkId.size;
    const link = (at: number): string => `${ESC}]8;;https://host/${at}\x07text${ESC}]8;;\x07`;
    const again = terminal();
    await write(again, Array.from({ length: 20_000 }, (_, at) => `\r${link(at)}`).join(''));
    expect(links(again)).toBeLessThanOrEqual(4_096);
    expect(linkAt(again, 0), 'the last one is one').toBeGreaterThan(0);
    const many = terminal();
    await write(many, Array.from({ length: 6_000 }, (_, at) => `${link(at)} `).join(''));
    expect(links(many)).toBeLessThanOrEqual(4_096);
    expect(text(many).join('')).toContain('text text');
  });

  it('a link that is too long is none, and does not stand under the one before', async () => {
    const to = terminal();
    await write(to, `${ESC}]8;;https://good.example\x07a${ESC}]8;;https://bad.example/${'x'.repeat(5_000)}\x07b${ESC}]8;;\x07`);
    expect(linkAt(to, 0)).toBeGreaterThan(0);
    expect(linkAt(to, 1)).toBe(0);
  });
});

/** The emulator's number of the link in a cell of the first row; 0 where there is none. */
function linkAt(of: Terminal, col: number): number {
  const { _core: core } = of as unknown as { _core: { buffer: { lines: { get(at: number): { _extendedAttrs: Record<number, { urlId: number } | undefined> } } } } };
  return core.buffer.lines.get(0)._extendedAttrs[col]?.urlId ?? 0;
}

function gathered(of: Terminal): number {
  const { _core: core } = of as unknown as { _core: { _inputHandler: { _parser: { _oscParser: Parsers; _dcsParser: Parsers } } } };
  const { _oscParser: osc, _dcsParser: dcs } = core._inputHandler._parser;
  return [osc, dcs].flatMap((parser) => Object.values(parser._handlers).flat()).reduce((sum, { _data: data }) => sum + data.length, 0);
}

interface Parsers {
  readonly _handlers: Record<number, { _data: string }[]>;
}
