// What was typed and not yet confirmed. Every byte has an absolute offset in one stream per page view; the server says
// how far it has taken the stream, and whatever lies behind that is sent again after a reconnect: no key is lost, none
// is typed twice.

export const CHUNK = 32 * 1024;
/** How much may be on its way unconfirmed. A paste larger than this follows as confirmations come in. */
export const WINDOW = 256 * 1024;
/** How much may wait in all; a connection that is down must not collect typing without end. */
export const MOST = 16 * 1024 * 1024;

export class InputLedger {
  /** Offset of the first unconfirmed byte. */
  private start = 0;
  /** What lies behind it, in pieces of a frame at most: a large paste is never copied as a whole. */
  private pieces: Uint8Array[] = [];
  private length = 0;
  /** Offset up to which this connection has sent. */
  private sent = 0;

  /** What `attach` declares: where this client's stream goes on as far as it knows. */
  get confirmed(): number {
    return this.start;
  }

  get end(): number {
    return this.start + this.length;
  }

  /** False when too much waits already; nothing is taken then. */
  add(bytes: Uint8Array): boolean {
    if (this.length + bytes.length > MOST) return false;
    this.length += bytes.length;
    const last = this.pieces.at(-1);
    if (last !== undefined && last.length + bytes.length <= CHUNK) {
      const joined = new Uint8Array(last.length + bytes.length);
      joined.set(last);
      joined.set(bytes, last.length);
      this.pieces[this.pieces.length - 1] = joined;
    } else {
      for (let at = 0; at < bytes.length; at += CHUNK) this.pieces.push(bytes.subarray(at, at + CHUNK));
    }
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
    const limit = this.start + WINDOW;
    let at = this.start;
    for (const piece of this.pieces) {
      const end = at + piece.length;
      if (this.sent < Math.min(end, limit)) {
        const chunk = piece.subarray(this.sent - at, Math.min(piece.length, limit - at));
        this.sent += chunk.length;
        yield chunk;
      }
      at = end;
    }
  }

  /** A chunk could not be handed to the connection; it stays to be sent on the next one. */
  unsent(chunk: Uint8Array): void {
    this.sent -= chunk.length;
  }

  private drop(offset: number): void {
    for (let first = this.pieces[0]; first !== undefined && this.start < offset; first = this.pieces[0]) {
      const gone = Math.min(first.length, offset - this.start);
      if (gone === first.length) this.pieces.shift();
      else this.pieces[0] = first.subarray(gone);
      this.start += gone;
      this.length -= gone;
    }
  }
}
