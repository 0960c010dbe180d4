// xterm.js, set up so that nothing a program prints can act outside of its rectangle.

import { FitAddon } from '@xterm/addon-fit';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { WebglAddon } from '@xterm/addon-webgl';
import { Terminal, type ITheme } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { strictDocument, whileStrict } from './csp-document';
import { cleanPaste, runsLines } from './paste';
import type { Screen, Size } from './session.svelte';
import { silence } from './silence';

export interface ScreenEvents {
  typed(bytes: Uint8Array): void;
  link(event: MouseEvent, address: string): void;
  /** Several lines are about to run one by one; `paste` goes on. */
  risky(text: string, paste: () => void): void;
  leave(): void;
}

// CAN ends a sequence that was cut in the middle, ESC c resets: both in order with what is still to be drawn.
const RESET = new Uint8Array([0x18, 0x1b, 0x63]);
const FONT = "ui-monospace, 'JetBrains Mono', 'SF Mono', 'Cascadia Code', Menlo, Consolas, 'Noto Sans Mono', 'DejaVu Sans Mono', monospace";

export class XtermScreen implements Screen {
  readonly terminal: Terminal;
  private readonly fit = new FitAddon();
  private readonly encoder = new TextEncoder();
  private focusMoved = false;

  constructor(
    private readonly element: HTMLElement,
    private readonly events: ScreenEvents,
    theme: ITheme,
    fontSize: number,
  ) {
    this.terminal = new Terminal({
      allowProposedApi: true,
      documentOverride: strictDocument(),
      fontFamily: FONT,
      fontSize,
      lineHeight: 1.15,
      cursorBlink: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
      scrollback: 5000,
      macOptionIsMeta: true,
      minimumContrastRatio: 4.5,
      rightClickSelectsWord: false,
      theme,
      linkHandler: { activate: (event, address) => events.link(event, address) },
    });
    this.terminal.loadAddon(this.fit);
    this.terminal.loadAddon(new Unicode11Addon());
    this.terminal.unicode.activeVersion = '11';
    this.terminal.loadAddon(new WebLinksAddon((event, address) => events.link(event, address)));
    silence(this.terminal.parser);
    this.terminal.onData((data) => this.typed(data));
    this.terminal.onBinary((data) => events.typed(Uint8Array.from(data, (character) => character.charCodeAt(0) & 0xff)));
    this.terminal.attachCustomKeyEventHandler((event) => this.key(event));
    // Capturing, so that they come before the emulator's own listeners.
    element.addEventListener('focusin', this.onfocus, true);
    element.addEventListener('focusout', this.onfocus, true);
    element.addEventListener('paste', this.onpaste, true);
    whileStrict(() => this.terminal.open(element));
    this.accelerate();
  }

  write(bytes: Uint8Array, drawn: () => void): void {
    this.terminal.write(bytes, drawn);
  }

  reset(): void {
    this.terminal.write(RESET);
  }

  resize({ cols, rows }: Size): void {
    if (cols !== this.terminal.cols || rows !== this.terminal.rows) this.terminal.resize(cols, rows);
  }

  fitting(): Size | null {
    const size = this.fit.proposeDimensions();
    if (size === undefined || !Number.isFinite(size.cols) || !Number.isFinite(size.rows)) return null;
    return { cols: Math.min(500, Math.max(2, size.cols)), rows: Math.min(500, Math.max(2, size.rows)) };
  }

  paint(theme: ITheme): void {
    this.terminal.options.theme = theme;
  }

  set readable(on: boolean) {
    this.terminal.options.screenReaderMode = on;
  }

  get bracketed(): boolean {
    return this.terminal.modes.bracketedPasteMode;
  }

  get applicationKeys(): boolean {
    return this.terminal.modes.applicationCursorKeysMode;
  }

  get fontSize(): number {
    return this.terminal.options.fontSize ?? 13;
  }

  set fontSize(pixels: number) {
    this.terminal.options.fontSize = Math.min(32, Math.max(8, pixels));
  }

  focus(): void {
    this.terminal.focus();
  }

  dispose(): void {
    this.element.removeEventListener('focusin', this.onfocus, true);
    this.element.removeEventListener('focusout', this.onfocus, true);
    this.element.removeEventListener('paste', this.onpaste, true);
    this.terminal.dispose();
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
    if (!this.bracketed && runsLines(text)) this.events.risky(text, paste);
    else paste();
  }

  private key(event: KeyboardEvent): boolean {
    const control = event.ctrlKey || event.metaKey;
    // The browser's copy, when there is something to copy; otherwise Ctrl+C belongs to the program.
    if (control && !event.altKey && event.key.toLowerCase() === 'c' && this.terminal.hasSelection()) return false;
    if (event.ctrlKey && event.shiftKey && event.key.toLowerCase() === 'l') {
      if (event.type === 'keydown') this.events.leave();
      event.preventDefault();
      return false;
    }
    return true;
  }

  private accelerate(): void {
    // Phones take graphics contexts away at will, and their screens are small enough without.
    if (window.matchMedia('(pointer: coarse)').matches) return;
    try {
      const webgl = new WebglAddon();
      // Browsers take the context away from tabs they think have too many; the plain renderer then takes over.
      webgl.onContextLoss(() => webgl.dispose());
      this.terminal.loadAddon(webgl);
    } catch {
      // No WebGL here: the plain renderer is slower but complete.
    }
  }
}
