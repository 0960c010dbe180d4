// What was typed and not yet confirmed. Every byte has an absolute offset in one stream per page view; the server says
// how far it has taken the stream, and whatever lies behind that is sent again after a reconnect: no key is lost, none
// is typed twice.

export const CHUNK = 32 * 1024;
/** How much may be on its way unconfirmed. A paste larger than this follows as confirmations come in. */
export const WINDOW = 256 * 1024;
/** How much may wait in all; a connection that is down must not collect typing without end. */
export const MOST = 4 * 1024 * 1024;

export class InputLedger {
  /** Offset of the first unconfirmed byte. */
  private start = 0;
  private waiting = new Uint8Array(0);
  /** Offset up to which this connection has sent. */
  private sent = 0;

  /** What `attach` declares: where this client's stream goes on as far as it knows. */
  get confirmed(): number {
    return this.start;
  }

  get end(): number {
    return this.start + this.waiting.length;
  }

  /** False when too much waits already; nothing is taken then. */
  add(bytes: Uint8Array): boolean {
    if (this.waiting.length + bytes.length > MOST) return false;
    const joined = new Uint8Array(this.waiting.length + bytes.length);
    joined.set(this.waiting);
    joined.set(bytes, this.waiting.length);
    this.waiting = joined;
    return true;
  }

  /** The server has taken everything before `offset`, and counts on from there on this connection. */
  attached(offset: number): void {
    if (offset >= this.start && offset <= this.end) {
      this.drop(offset);
    } else {
      // It counts from elsewhere (restarted, or it forgot this stream): what waits goes on under its numbers.
      this.start = offset;
    }
    this.sent = this.start;
  }

  confirm(offset: number): void {
    // Never beyond what was sent: a stray number must not throw keys away.
    if (offset > this.start && offset <= this.sent) this.drop(offset);
  }

  /** What to send now, in order; empty when all is sent or the window is full. */
  *chunks(): Generator<Uint8Array> {
    const limit = Math.min(this.end, this.start + WINDOW);
    while (this.sent < limit) {
      const from = this.sent - this.start;
      const chunk = this.waiting.slice(from, Math.min(from + CHUNK, limit - this.start));
      this.sent += chunk.length;
      yield chunk;
    }
  }

  /** A chunk could not be handed to the connection; it stays to be sent on the next one. */
  unsent(chunk: Uint8Array): void {
    this.sent -= chunk.length;
  }

  private drop(offset: number): void {
    this.waiting = this.waiting.slice(offset - this.start);
    this.start = offset;
  }
}
