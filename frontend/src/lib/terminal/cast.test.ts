// @vitest-environment node

import { describe, expect, it, vi } from 'vitest';
import { CastPlayer, linesOf, PLAYED_MOST, readCast, type Cast, type CastScreen } from './cast';

const HEADER = '{"version":2,"width":80,"height":24,"title":"x"}';

function cast(...lines: unknown[]): Promise<Cast> {
  return readCast(linesOf(new Blob([[HEADER, ...lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))].join('\n')])));
}

/** Keeps what it was told, in order; draws a little later, as an emulator does. */
class Paper implements CastScreen {
  told: string[] = [];
  text = '';

  write(bytes: Uint8Array, drawn: () => void): void {
    this.text += new TextDecoder().decode(bytes);
    this.told.push(`write ${bytes.length}`);
    setTimeout(drawn);
  }

  reset(): void {
    this.text = '';
    this.told.push('reset');
  }

  resize({ cols, rows }: { cols: number; rows: number }): void {
    this.told.push(`${cols}x${rows}`);
  }
}

describe('reading a recording', () => {
  it('is not begun where it would take more than a page can have', async () => {
    const stream = vi.fn();
    await expect(readCast(linesOf({ size: PLAYED_MOST + 1, stream } as unknown as Blob))).rejects.toThrow(/65 MiB.*64.*Download it/);
    expect(stream).not.toHaveBeenCalled();
  });

  it('keeps at most two seconds of silence', async () => {
    const { events, seconds } = await cast([0.5, 'o', 'a'], [10, 'o', 'b'], [10.5, 'o', 'c'], [3600, 'o', 'd']);
    expect(events.map(({ at }) => at)).toEqual([0.5, 2.5, 3, 5]);
    expect(seconds).toBe(5);
  });

  it('knows sizes and notes, and passes over what it does not know', async () => {
    const { events, largest, size } = await cast([1, 'r', '100x20'], [1, 'i', 'typed'], [2, 'm', 'a note'], 'half a li', [2, 'r', 'x'], {}, [0, 'o', 'late'], [1e400, 'o', 'x']);
    expect(events.map(({ kind, data }) => `${kind} ${data}`)).toEqual(['size 100x20', 'note a note', 'output late']);
    expect([size, largest]).toEqual([{ cols: 80, rows: 24 }, { cols: 100, rows: 24 }]);
    expect(events.at(-1)?.at).toBe(2);
  });

  it('refuses what is no recording', async () => {
    const read = (text: string) => readCast(linesOf(new Blob([text])));
    await expect(read('')).rejects.toThrow('empty');
    await expect(read('{"version":1}')).rejects.toThrow('not a recording');
    await expect(read('<html>')).rejects.toThrow('not a recording');
  });

  it('joins lines and characters that are cut', async () => {
    const text = `${HEADER}\n${JSON.stringify([1, 'o', '漢é😀'.repeat(40_000)])}\n`;
    const { events } = await readCast(linesOf(new Blob([text])));
    expect(events[0]?.data).toBe('漢é😀'.repeat(40_000));
  });
});

describe('playing it', () => {
  const three = () => cast([1, 'o', 'one'], [2, 'r', '40x10'], [2, 'o', 'two'], [3, 'o', 'three']);

  it('draws what has come by now, each once', async () => {
    const paper = new Paper();
    const player = new CastPlayer(await three(), paper);
    await player.advance(0.9);
    expect(paper.text).toBe('');
    await player.advance(0.2);
    expect(paper.text).toBe('one');
    await player.advance(5);
    expect([paper.text, player.position, player.atEnd]).toEqual(['onetwothree', 3, true]);
    expect(paper.told).toEqual(['80x24', 'write 3', '40x10', 'write 8']);
  });

  it('goes forwards without a reset, and backwards from the beginning', async () => {
    const paper = new Paper();
    const player = new CastPlayer(await three(), paper);
    await player.seek(2.9999);
    expect(player.position, 'the end of a slider is the end').toBe(3);
    await player.seek(0);
    await player.seek(2.5);
    expect(paper.text).toBe('onetwo');
    await player.seek(1.5);
    expect(paper.text).toBe('one');
    expect(paper.told.slice(-3)).toEqual(['reset', '80x24', 'write 3']);
    await player.seek(-1);
    expect([paper.text, player.position]).toEqual(['', 0]);
  });

  it('ends where the last seek went, however many came before it', async () => {
    const paper = new Paper();
    const player = new CastPlayer(await three(), paper);
    const seeks = [3, 1, 2, 0.5, 3, 1.2].map((to) => player.seek(to));
    void player.advance(0);
    await Promise.all(seeks);
    await player.advance(0);
    expect(paper.text).toBe('one');
    await player.advance(10);
    expect(paper.text).toBe('onetwothree');
  });

  it('gives a long seek up for the next one', async () => {
    const paper = new Paper();
    const lines = Array.from({ length: 100 }, (_, index) => [index / 100, 'o', 'x'.repeat(100_000)]);
    const player = new CastPlayer(await cast(...lines, [50, 'o', 'end']), paper);
    const long = player.seek(100);
    const short = player.seek(0);
    await Promise.all([long, short]);
    expect(paper.text.length).toBeLessThan(1_000_000);
  });
});
