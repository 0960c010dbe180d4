// xterm.js, set up so that nothing a program prints can act outside of its rectangle.

import { FitAddon } from '@xterm/addon-fit';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal, type IBufferRange, type IDecoration, type ITheme } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { copied, MOST_SEQUENCE } from './clipboard.svelte';
import { strictDocument, whileStrict } from './csp-document';
import { ending } from './ending';
import { guard } from './guard';
import { target, type Target } from './links';
import { cleanPaste, pasteRisk } from './paste';
import { linesOf, placesOf, type Lines } from './places';
import { Accelerator } from './renderer';
import { drawable, fittingLetters, type Space } from './room';
import type { Match } from './search';
import type { Screen, Size } from './session.svelte';
import { legible, LARGEST, terminalSettings } from './settings.svelte';
import { silence } from './silence';

export interface ScreenEvents {
  typed(bytes: Uint8Array): void;
  /** A link was pressed; `sure` with the key that means to go there. */
  link(target: Target, sure: boolean): void;
  /** Where the link under the pointer leads. */
  hover(target: Target | null): void;
  /** Something is about to be pasted that may surprise; `paste` goes on. */
  risky(text: string, why: 'lines' | 'large', paste: () => void): void;
  leave(): void;
  find(): void;
  bell(): void;
  /** What the program calls itself. */
  title(text: string): void;
  /** A program asks for this text to be put into the clipboard. */
  clipboard(text: string): void;
  /** Letters have another size, so the space holds another number of them. */
  resized(): void;
  /** The cursor may be elsewhere. */
  moved(): void;
  /** What is on the screen, or where, has changed. */
  changed(): void;
  /** How many pixels at the top something lies over. */
  covered(): number;
}

/** What the emulator does not tell: how large a cell is drawn, and how to forget what has scrolled away. */
interface Core {
  readonly _renderService: { readonly dimensions: { readonly css: { readonly cell: Space } } };
  readonly _inputHandler: { eraseInDisplay(given: { readonly params: readonly number[] }): boolean };
}

// CAN ends a sequence that was cut in the middle, ESC c resets: both in order with what is still to be drawn.
const RESET = new Uint8Array([0x18, 0x1b, 0x63]);
const FONT = "ui-monospace, 'JetBrains Mono', 'SF Mono', 'Cascadia Code', Menlo, Consolas, 'Noto Sans Mono', 'DejaVu Sans Mono', monospace";
const MOST_MARKED = 500;
const SCROLLBAR = 14;

export class XtermScreen implements Screen {
  readonly terminal: Terminal;
  private readonly accelerator: Accelerator;
  private readonly fit = new FitAddon();
  private readonly encoder = new TextEncoder();
  private focusMoved = false;
  private following = false;
  /** How much larger than fitting the screen of another driver is shown. */
  private magnified = 1;
  /** The size of the letters before it is rounded: a pinch comes in many small steps. */
  private exact = 0;
  private lines: Lines | null = null;
  private marked: IDecoration[] = [];

  constructor(
    private readonly element: HTMLElement,
    private readonly events: ScreenEvents,
    private theme: ITheme,
    /** Letters of one size, whatever the device's setting. */
    private readonly fixedLetters?: number,
  ) {
    const open = (event: MouseEvent, address: string, range?: IBufferRange): void => {
      const to = target(address, range === undefined ? address : this.textIn(range));
      if (to !== null) events.link(to, event.ctrlKey || event.metaKey);
    };
    const hover = (address: string, range?: IBufferRange): void => events.hover(target(address, range === undefined ? address : this.textIn(range)));
    const leave = (): void => events.hover(null);
    const touch = window.matchMedia('(pointer: coarse)').matches;
    this.terminal = new Terminal({
      allowProposedApi: true,
      documentOverride: strictDocument(),
      fontFamily: FONT,
      fontSize: fixedLetters ?? terminalSettings.fontSize,
      cursorBlink: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
      scrollback: 5000,
      macOptionIsMeta: true,
      minimumContrastRatio: 4.5,
      rescaleOverlappingGlyphs: true,
      rightClickSelectsWord: false,
      theme,
      linkHandler: { activate: open, hover: (_, address, range) => hover(address, range), leave },
    });
    this.terminal.loadAddon(this.fit);
    this.terminal.loadAddon(new Unicode11Addon());
    this.terminal.unicode.activeVersion = '11';
    this.terminal.loadAddon(new WebLinksAddon((event, address) => open(event, address), { hover: (_, address) => hover(address), leave }));
    silence(this.terminal.parser);
    this.terminal.parser.registerOscHandler(52, (data) => {
      const text = copied(data);
      if (text !== null) events.clipboard(text);
      return true;
    });
    guard(this.terminal, { 52: MOST_SEQUENCE });
    this.terminal.onData((data) => this.typed(data));
    this.terminal.onBinary((data) => events.typed(Uint8Array.from(data, (character) => character.charCodeAt(0) & 0xff)));
    this.terminal.onBell(() => events.bell());
    this.terminal.onTitleChange((text) => events.title(text));
    this.terminal.onCursorMove(() => events.moved());
    this.terminal.onWriteParsed(() => events.changed());
    this.terminal.onResize(() => events.changed());
    this.terminal.attachCustomKeyEventHandler((event) => this.key(event));
    // Capturing, so that they come before the emulator's own listeners.
    element.addEventListener('focusin', this.onfocus, true);
    element.addEventListener('focusout', this.onfocus, true);
    element.addEventListener('paste', this.onpaste, true);
    element.addEventListener('mouseup', this.onmouseup);
    element.addEventListener('wheel', this.onwheel, { capture: true, passive: false });
    whileStrict(() => this.terminal.open(element));
    this.accelerator = new Accelerator(this.terminal);
    // Phones take graphics contexts away at will, and their screens are small enough without.
    if (!touch) this.accelerator.start();
    // Drawn as text, lines meet only where rows do.
    this.terminal.options.lineHeight = this.accelerator.on ? 1.15 : 1;
  }

  write(bytes: Uint8Array, drawn: () => void): void {
    this.terminal.write(bytes, drawn);
  }

  reset(): void {
    this.terminal.write(RESET);
  }

  /** The program is gone: what it had switched on is switched off, after all it has printed. */
  end(): void {
    this.terminal.write('', () => this.terminal.write(ending(this.terminal.buffer.active)));
  }

  resize(size: Size): void {
    const { cols, rows } = drawable(size);
    this.terminal.write('', () => {
      if (cols !== this.terminal.cols || rows !== this.terminal.rows) this.terminal.resize(cols, rows);
      this.arrange();
    });
  }

  fitting(): Size | null {
    const size = this.fit.proposeDimensions();
    if (size === undefined || !Number.isFinite(size.cols) || !Number.isFinite(size.rows)) return null;
    return { cols: Math.min(500, Math.max(2, size.cols)), rows: Math.min(500, Math.max(2, size.rows)) };
  }

  paint(theme: ITheme): void {
    this.theme = theme;
    this.terminal.options.theme = theme;
  }

  set readable(on: boolean) {
    this.terminal.options.screenReaderMode = on;
  }

  /** Whether somebody else sets the size, so that their screen is made to fit here. */
  set follows(on: boolean) {
    if (on === this.following) return;
    this.following = on;
    this.magnified = 1;
    this.arrange();
  }

  /** The size of letters on this device. */
  get fontSize(): number {
    return terminalSettings.fontSize;
  }

  set fontSize(size: number | null) {
    terminalSettings.fontSize = size;
    this.exact = 0;
    this.arrange();
    if (!this.following) this.events.resized();
  }

  /**
   * Makes letters larger or smaller, by many small factors if need be. The driver's size of letters is remembered; who
   * follows looks closer, and what is at `centre` (in the window) stays there.
   */
  zoom(factor: number, centre: { readonly x: number; readonly y: number }): void {
    if (!this.following) {
      const exact = Math.min(LARGEST, Math.max(1, (this.exact || this.fontSize) * factor));
      if (legible(exact) !== this.fontSize) this.fontSize = exact;
      this.exact = exact;
      return;
    }
    const before = this.cell;
    const box = this.element.getBoundingClientRect();
    this.magnified = Math.min(8, Math.max(1, this.magnified * factor));
    this.arrange();
    const after = this.cell;
    this.pan(-(centre.x - box.left) * (after.width / before.width - 1), -(centre.y - box.top) * (after.height / before.height - 1));
  }

  /** Moves what is seen with a finger that has moved by so much. */
  pan(dx: number, dy: number): void {
    this.scroller?.scrollBy({ left: -dx, top: -dy, behavior: 'instant' });
  }

  /** Letters for the space there is. */
  arrange(): void {
    const wanted = this.fixedLetters ?? terminalSettings.fontSize;
    const { scroller, terminal } = this;
    if (!this.following || scroller === null) {
      this.letters(wanted);
      return;
    }
    const padding = getComputedStyle(scroller);
    const space = {
      width: scroller.clientWidth - parseFloat(padding.paddingLeft) - parseFloat(padding.paddingRight) - SCROLLBAR,
      height: scroller.clientHeight - parseFloat(padding.paddingTop) - parseFloat(padding.paddingBottom),
    };
    if (space.width <= 0 || space.height <= 0) return;
    const { width, height } = this.cell;
    const now = terminal.options.fontSize ?? wanted;
    if (width === 0) return;
    const fits = fittingLetters(terminal, { width: width / now, height: height / now }, space, wanted);
    this.letters(Math.min(LARGEST, fits * this.magnified));
  }

  /** Scrolls the frame, while a keyboard covers it, so that the cursor is seen. */
  reveal(): void {
    const { scroller } = this;
    const { cursorY, viewportY, baseY } = this.terminal.buffer.active;
    if (scroller === null || viewportY !== baseY) return;
    const { height } = this.cell;
    const top = this.element.offsetTop - scroller.offsetTop + cursorY * height;
    // With the row below it: many programs say there what they expect.
    const bottom = top + 2 * height + 8;
    if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight;
    else if (top < scroller.scrollTop) scroller.scrollTop = top;
  }

  /** All text, line by line as it was written. */
  texts(): readonly string[] {
    this.lines = linesOf(this.terminal.buffer.active);
    return this.lines.texts;
  }

  /** Marks what was found in `texts`; the one at `at` is selected, and brought into view if so wanted. */
  mark(matches: readonly Match[], at: number, bring: boolean): void {
    for (const one of this.marked) one.dispose();
    this.marked = [];
    const { lines, terminal } = this;
    const buffer = terminal.buffer.active;
    if (lines === null || matches.length === 0) {
      if (bring) terminal.clearSelection();
      return;
    }
    const from = Math.max(0, Math.min(at, matches.length) - MOST_MARKED / 2);
    for (const [index, place] of placesOf(buffer, lines.rows, matches.slice(from, from + MOST_MARKED), terminal.cols).entries()) {
      if (place === null) continue;
      const current = from + index === at;
      if (current && bring) {
        terminal.select(place.col, place.row, place.length);
        const { viewportY } = buffer;
        if (place.row < viewportY + this.coveredRows || place.row >= viewportY + terminal.rows) terminal.scrollToLine(Math.max(0, place.row - (terminal.rows >> 1)));
      }
      this.decorate(place.row, place.col, place.length, current);
    }
  }

  /** The first match that is seen or comes after, or else the last. */
  nearest(matches: readonly Match[]): number {
    const top = this.terminal.buffer.active.viewportY + this.coveredRows;
    const at = matches.findIndex(({ line }) => (this.lines?.rows[line] ?? 0) >= top);
    return at < 0 ? matches.length - 1 : at;
  }

  get bracketed(): boolean {
    return this.terminal.modes.bracketedPasteMode;
  }

  get applicationKeys(): boolean {
    return this.terminal.modes.applicationCursorKeysMode;
  }

  selectAll(): void {
    this.terminal.selectAll();
  }

  /** Forgets what has scrolled away. It is not written, since the output may be in the middle of a sequence. */
  clearScrollback(): void {
    this.core._inputHandler.eraseInDisplay({ params: [3] });
  }

  focus(): void {
    this.terminal.focus();
  }

  dispose(): void {
    this.element.removeEventListener('focusin', this.onfocus, true);
    this.element.removeEventListener('focusout', this.onfocus, true);
    this.element.removeEventListener('paste', this.onpaste, true);
    this.element.removeEventListener('mouseup', this.onmouseup);
    this.element.removeEventListener('wheel', this.onwheel, true);
    this.accelerator.dispose();
    this.terminal.dispose();
  }

  private get core(): Core {
    return (this.terminal as unknown as { readonly _core: Core })._core;
  }

  private get cell(): Space {
    return this.core._renderService.dimensions.css.cell;
  }

  private get coveredRows(): number {
    return Math.ceil(this.events.covered() / Math.max(1, this.cell.height));
  }

  /** The frame around it. */
  private get scroller(): HTMLElement | null {
    return this.element.parentElement;
  }

  private letters(size: number): void {
    if (this.terminal.options.fontSize !== size) this.terminal.options.fontSize = size;
  }

  private decorate(row: number, col: number, length: number, current: boolean): void {
    const { terminal } = this;
    const { baseY, cursorY } = terminal.buffer.active;
    const { findBackground, findCurrent, findCurrentText } = this.theme as FindTheme;
    for (let left = length, at = row, x = col; left > 0; at += 1, x = 0) {
      const width = Math.min(left, terminal.cols - x);
      left -= width;
      const marker = terminal.registerMarker(at - baseY - cursorY);
      // There are none on the other screen; the selection says there which one it is.
      const decoration = terminal.registerDecoration({
        marker,
        x,
        width,
        layer: current ? 'top' : 'bottom',
        ...(current ? { backgroundColor: findCurrent, foregroundColor: findCurrentText } : { backgroundColor: findBackground }),
      });
      if (decoration === undefined) marker.dispose();
      else {
        decoration.onDispose(() => marker.dispose());
        this.marked.push(decoration);
      }
    }
  }

  private textIn({ start, end }: IBufferRange): string {
    const { active } = this.terminal.buffer;
    let text = '';
    for (let row = start.y; row <= end.y; row++) {
      text += active.getLine(row - 1)?.translateToString(false, row === start.y ? start.x - 1 : 0, row === end.y ? end.x : undefined) ?? '';
    }
    return text;
  }

  private typed(data: string): void {
    // Switching focus reports on makes the emulator report at once; in a replay that would be typed again each time.
    if ((data === '\x1b[I' || data === '\x1b[O') && !this.focusMoved) return;
    this.events.typed(this.encoder.encode(data));
  }

  private readonly onfocus = (): void => {
    this.focusMoved = true;
    setTimeout(() => (this.focusMoved = false));
  };

  private readonly onpaste = (event: ClipboardEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    this.paste(event.clipboardData?.getData('text/plain') ?? '');
  };

  /** Takes text as from the clipboard: cleaned, and asked about where lines would run. */
  paste(raw: string): void {
    const text = cleanPaste(raw);
    if (text === '') return;
    const paste = (): void => this.terminal.paste(text);
    const risk = pasteRisk(text, this.bracketed);
    if (risk !== null) this.events.risky(text, risk, paste);
    else paste();
  }

  private readonly onmouseup = (): void => {
    if (!terminalSettings.copyOnSelect) return;
    const text = this.terminal.getSelection();
    // Where the browser refuses, its own copy is still there.
    if (text !== '') navigator.clipboard?.writeText(text).catch(() => {});
  };

  /** Two fingers on a touchpad are told as a wheel with this key. */
  private readonly onwheel = (event: WheelEvent): void => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.zoom(Math.exp(-event.deltaY / 400), { x: event.clientX, y: event.clientY });
  };

  private key(event: KeyboardEvent): boolean {
    const control = event.ctrlKey || event.metaKey;
    // The browser's copy, when there is something to copy; otherwise Ctrl+C belongs to the program.
    if (control && !event.altKey && event.key.toLowerCase() === 'c' && this.terminal.hasSelection()) return false;
    const own = this.ownKey(event);
    if (own === null) return true;
    if (event.type === 'keydown') own();
    event.preventDefault();
    return false;
  }

  private ownKey({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): (() => void) | null {
    if (altKey || ctrlKey === metaKey) return null;
    const letter = key.toLowerCase();
    if (shiftKey && letter === 'f') return () => this.events.find();
    if (shiftKey && ctrlKey && letter === 'l') return () => this.events.leave();
    if (metaKey && !shiftKey && letter === 'a') return () => this.selectAll();
    if (key === '+' || (key === '=' && !shiftKey)) return () => (this.fontSize = this.fontSize + 1);
    if (key === '-' && !shiftKey) return () => (this.fontSize = this.fontSize - 1);
    if (key === '0' && !shiftKey) return () => (this.fontSize = null);
    return null;
  }
}

/** The colours of what was found, beside those the emulator knows. */
export interface FindTheme extends ITheme {
  readonly findBackground: string;
  readonly findCurrent: string;
  readonly findCurrentText: string;
}
