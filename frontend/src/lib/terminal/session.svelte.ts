// One viewer of one terminal: ties the socket to the ledgers and to whatever draws.

import type { TerminalClientMessage, TerminalServerMessage } from '$lib/protocol';
import { plain } from '$lib/text/reveal';
import type { Credentials } from '$lib/wire/credentials.svelte';
import { Link } from '$lib/wire/socket.svelte';
import { InputLedger } from './input';
import { OutputCursor } from './output';

export interface Size {
  cols: number;
  rows: number;
}

export interface Screen {
  write(bytes: Uint8Array, drawn: () => void): void;
  /** Clears everything that was written before, in order with it. */
  reset(): void;
  /** Takes a size, in order with what was written. */
  resize(size: Size): void;
  /** The size that would fill the space there is. */
  fitting(): Size | null;
}

export type Exit = Extract<TerminalServerMessage, { type: 'exit' }>;

const RESIZE_MS = 100;
const QUIET_MS = 60;

export class TerminalSession {
  readonly link: Link<TerminalClientMessage, TerminalServerMessage>;
  driver = $state(false);
  attached = $state(false);
  size = $state<Size | null>(null);
  sizedBy = $state<string | null>(null);
  title = $state<string | null>(null);
  notice = $state<string | null>(null);
  exit = $state<Exit | null>(null);
  gone = $state<string | null>(null);

  private readonly input = new InputLedger();
  private readonly output = new OutputCursor();
  // Two tabs, even a duplicated one, are two streams: so it is made here and never stored.
  private readonly inputId: string = crypto.randomUUID();
  private asked: Size | null = null;
  private resizeTimer: ReturnType<typeof setTimeout> | undefined;
  private quietTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    id: string,
    credentials: Credentials,
    private readonly screen: Screen,
  ) {
    this.link = new Link(`/api/sessions/${encodeURIComponent(id)}/terminal`, credentials, {
      onOpen: () => this.attach(),
      onText: (message) => this.receive(message),
      onBinary: (bytes) => this.draw(bytes),
      onDown: () => (this.attached = false),
      onGone: (code, reason) => this.ended(code, reason),
    });
  }

  type(bytes: Uint8Array): void {
    if (this.exit !== null || bytes.length === 0) return;
    if (!this.input.add(bytes)) {
      this.notice = 'Too much input is waiting to be sent, so the last part was not taken.';
      return;
    }
    this.pump();
  }

  /** The space has changed; tells the server once it has stopped changing. */
  refit(): void {
    clearTimeout(this.resizeTimer);
    this.resizeTimer = setTimeout(() => this.fitNow(), RESIZE_MS);
  }

  drive(): void {
    this.link.send({ type: 'drive' });
  }

  close(): void {
    clearTimeout(this.resizeTimer);
    clearTimeout(this.quietTimer);
    this.link.close();
  }

  private attach(): void {
    const { epoch, offset } = this.output.resume;
    this.link.send({ type: 'attach', epoch, offset, input_id: this.inputId, input_offset: this.input.confirmed });
  }

  private receive(message: TerminalServerMessage): void {
    switch (message.type) {
      case 'attached': {
        if (!message.resumed) this.screen.reset();
        this.output.attached(message.epoch, message.offset, message.resumed, message.snapshot_bytes);
        this.input.attached(message.input_offset);
        this.attached = true;
        this.asked = null;
        this.resized({ cols: message.cols, rows: message.rows }, message.driver, null);
        this.pump();
        break;
      }
      case 'input_ack':
        this.input.confirm(message.offset);
        this.pump();
        break;
      case 'resized':
        this.resized({ cols: message.cols, rows: message.rows }, message.driver, message.by);
        break;
      case 'skipped':
        this.screen.reset();
        this.output.skipped(message.offset, message.snapshot_bytes);
        this.resized({ cols: message.cols, rows: message.rows }, this.driver, this.sizedBy);
        break;
      case 'title':
        this.title = plain(message.title, 256);
        break;
      case 'exit':
        this.exit = message;
        break;
      case 'error':
        this.notice = message.message;
        break;
    }
  }

  private resized(size: Size, driver: boolean, by: string | null): void {
    this.size = size;
    this.sizedBy = by;
    this.driver = driver;
    // What was asked for before somebody else drove is to be asked for again.
    if (!driver || same(size, this.asked)) this.asked = null;
    this.screen.resize(size);
    // The frame is laid out differently for a driver; measure it only once it is.
    clearTimeout(this.resizeTimer);
    if (driver) this.resizeTimer = setTimeout(() => this.fitNow());
  }

  private fitNow(): void {
    if (!this.driver || !this.attached || this.exit !== null) return;
    const size = this.screen.fitting();
    if (size === null || same(size, this.asked ?? this.size)) return;
    // Taken when the server says where in the output it was set: what is still to come was printed for the old one.
    if (this.link.send({ type: 'resize', ...size })) this.asked = size;
  }

  private draw(bytes: Uint8Array): void {
    const drawn = this.output.receive(bytes.length);
    this.screen.write(bytes, () => {
      drawn();
      this.acknowledge(false);
      clearTimeout(this.quietTimer);
      this.quietTimer = setTimeout(() => this.acknowledge(true), QUIET_MS);
    });
  }

  private acknowledge(quiet: boolean): void {
    if (!this.attached) return;
    const offset = this.output.due(quiet);
    if (offset !== null) this.link.send({ type: 'ack', offset });
  }

  private pump(): void {
    if (!this.attached) return;
    for (const chunk of this.input.chunks()) {
      if (this.link.sendBinary(chunk)) continue;
      this.input.unsent(chunk);
      return;
    }
  }

  private ended(code: number, reason: string): void {
    this.attached = false;
    if (this.exit !== null) return;
    this.gone = code === 4404 ? 'The server no longer has this terminal.' : reason === '' ? 'The server closed this terminal.' : plain(reason);
  }
}

function same(a: Size, b: Size | null): boolean {
  return b !== null && a.cols === b.cols && a.rows === b.rows;
}
