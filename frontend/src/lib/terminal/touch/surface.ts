// The emulator as fingers meet it: cells under points, selections, and scrolling by whatever the program takes for it.

import type { Terminal } from '@xterm/xterm';
import { sequence, NONE } from '../keys';
import type { Point } from './gestures';
import { between, isBefore, lengthOf, wordAt, type Grid, type Place, type Range } from './selection';

/** A rectangle of pixels, as the window has them. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export class Surface {
  constructor(private readonly terminal: Terminal) {}

  get cellHeight(): number {
    return this.box.height / this.terminal.rows;
  }

  /** The cell under a point, or the one that is nearest to it. */
  cellAt({ x, y }: Point): Place {
    const { left, top, width } = this.box;
    const column = Math.floor(((x - left) / width) * this.terminal.cols);
    return { row: this.rowAt(y - top), column: Math.max(0, Math.min(this.terminal.cols - 1, column)) };
  }

  /** The place between two cells that is nearest to a point. */
  placeAt({ x, y }: Point): Place {
    const { left, top, width } = this.box;
    const column = Math.round(((x - left) / width) * this.terminal.cols);
    return { row: this.rowAt(y - top), column: Math.max(0, Math.min(this.terminal.cols, column)) };
  }

  /** Where a place is; null while it is scrolled away. */
  boxOf({ row, column }: Place): Box | null {
    const { left, top, width } = this.box;
    const line = row - this.terminal.buffer.active.viewportY;
    if (line < 0 || line >= this.terminal.rows) return null;
    const height = this.cellHeight;
    return { x: left + (column / this.terminal.cols) * width, y: top + line * height, height };
  }

  /** How many pixels a point is above (negative) or below the screen. */
  beyond({ y }: Point): number {
    const { top, bottom } = this.box;
    return y < top ? y - top : y > bottom ? y - bottom : 0;
  }

  /** Whether there are later lines than those that are shown. */
  get scrolledBack(): boolean {
    const { viewportY, baseY } = this.terminal.buffer.active;
    return viewportY < baseY;
  }

  get cursor(): Box | null {
    const { baseY, cursorY, cursorX } = this.terminal.buffer.active;
    return this.boxOf({ row: baseY + cursorY, column: cursorX });
  }

  get selection(): Range | null {
    const selected = this.terminal.getSelectionPosition();
    if (selected === undefined) return null;
    return { start: { row: selected.start.y, column: selected.start.x }, end: { row: selected.end.y, column: selected.end.x } };
  }

  select(range: Range): void {
    this.terminal.select(range.start.column, range.start.row, lengthOf(range, this.terminal.cols));
  }

  /** Selects the word in a cell; false where there is none. */
  selectWord(at: Place): boolean {
    const word = wordAt(this.grid, at);
    if (word !== null) this.select(word);
    return word !== null;
  }

  /** Moves one end of the selection; gives the end that is under the finger now, as they may have changed sides. */
  moveEnd(end: 'start' | 'end', to: Place): 'start' | 'end' {
    const selection = this.selection;
    if (selection === null) return end;
    const fixed = end === 'start' ? selection.end : selection.start;
    this.select(between(fixed, to));
    return isBefore(to, fixed) ? 'start' : 'end';
  }

  /** Scrolls by lines, up with positive ones: what is on the screen, or the program that has the whole of it. */
  scroll(lines: number, at: Point): void {
    const count = Math.min(Math.abs(lines), this.terminal.rows);
    const { mouseTrackingMode, applicationCursorKeysMode } = this.terminal.modes;
    if (mouseTrackingMode !== 'none' && mouseTrackingMode !== 'x10') this.turnWheel(count, lines > 0, at);
    else if (this.terminal.buffer.active.type === 'alternate') {
      this.terminal.input(sequence({ key: lines > 0 ? 'up' : 'down', ...NONE }, applicationCursorKeysMode).repeat(count), false);
    } else this.terminal.scrollLines(-Math.sign(lines) * count);
  }

  /** The emulator knows in which of its forms the program wants to hear of a wheel. */
  private turnWheel(count: number, up: boolean, { x, y }: Point): void {
    for (let turn = 0; turn < count; turn += 1) {
      const wheel = { deltaY: up ? -1 : 1, deltaMode: WheelEvent.DOM_DELTA_LINE, clientX: x, clientY: y, bubbles: true, cancelable: true };
      this.terminal.element?.dispatchEvent(new WheelEvent('wheel', wheel));
    }
  }

  private rowAt(y: number): number {
    const line = Math.floor(y / this.cellHeight);
    return this.terminal.buffer.active.viewportY + Math.max(0, Math.min(this.terminal.rows - 1, line));
  }

  private get box(): DOMRect {
    const screen = this.terminal.element?.querySelector('.xterm-screen');
    return (screen ?? document.body).getBoundingClientRect();
  }

  private get grid(): Grid {
    const buffer = this.terminal.buffer.active;
    return {
      cols: this.terminal.cols,
      cell: (row, column) => buffer.getLine(row)?.getCell(column)?.getChars() ?? '',
      continues: (row, column) => buffer.getLine(row)?.getCell(column)?.getWidth() === 0,
      wrapped: (row) => buffer.getLine(row)?.isWrapped ?? false,
    };
  }
}
