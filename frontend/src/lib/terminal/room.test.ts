import { Terminal } from '@xterm/xterm';
import { describe, expect, it } from 'vitest';
import { drawable, fittingLetters, Room } from './room';

describe('the room of a terminal', () => {
  it('stays while a keyboard is open, and follows everything else', () => {
    const room = new Room();
    expect(room.measure(390, 700, false)).toBeNull();
    expect(room.measure(390, 380, true)).toBe(700);
    expect(room.measure(390, 420, true), 'suggestions come and go').toBe(700);
    expect(room.measure(390, 700, true)).toBeNull();
    expect(room.measure(390, 660, true), 'a line above it').toBeNull();
    expect(room.measure(390, 300, false), 'a window made lower').toBeNull();
    expect(room.measure(800, 250, true), 'turned').toBeNull();
  });
});

describe('letters for the screen of somebody else', () => {
  const cell = { width: 0.6, height: 1.2 };
  it.each([
    [{ cols: 80, rows: 24 }, { width: 1400, height: 800 }, 13],
    [{ cols: 200, rows: 50 }, { width: 1200, height: 800 }, 10],
    [{ cols: 80, rows: 80 }, { width: 1400, height: 800 }, 8.25],
    [{ cols: 200, rows: 50 }, { width: 370, height: 600 }, 7],
    [{ cols: 2, rows: 1 }, { width: 370, height: 600 }, 13],
    [{ cols: 500, rows: 500 }, { width: 0, height: 0 }, 7],
  ])('%j in %j: %d', (cells, space, letters) => expect(fittingLetters(cells, cell, space, 13)).toBe(letters));
});

describe('sizes nobody has', () => {
  it.each([
    [{ cols: 1, rows: 1 }, { cols: 2, rows: 1 }],
    [{ cols: 0, rows: 0 }, { cols: 2, rows: 1 }],
    [{ cols: 10_000, rows: 10_000 }, { cols: 1_000, rows: 1_000 }],
  ])('%j are drawn as %j', (asked, drawn) => {
    expect(drawable(asked)).toEqual(drawn);
    const terminal = new Terminal({ cols: 80, rows: 24, scrollback: 100, allowProposedApi: true });
    terminal.resize(drawn.cols, drawn.rows);
    expect({ cols: terminal.cols, rows: terminal.rows }).toEqual(drawn);
    terminal.resize(80, 24);
  });
});
