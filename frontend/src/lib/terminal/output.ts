// How far the output was received and how far it was drawn. Received is where a reconnect resumes; drawn is what the
// server is told, so that it does not flood a browser that is slower than the program.

import type { Epoch } from '$lib/protocol';

const ACK_EVERY = 64 * 1024;

export class OutputCursor {
  epoch: Epoch | null = null;
  received = 0;
  private drawn = 0;
  private acknowledged = 0;
  /** Bytes of a snapshot still to come; they count no offset. */
  private snapshotLeft = 0;
  private snapshotDrawn = false;
  /** Bytes of an earlier stream may still be in the emulator's queue when a new one begins; they must not count. */
  private generation = 0;

  /** Where to resume, if there is anything to resume: half a snapshot is not. */
  get resume(): { epoch: Epoch | null; offset: number | null } {
    const whole = this.epoch !== null && this.snapshotLeft === 0;
    return { epoch: this.epoch, offset: whole ? this.received : null };
  }

  attached(epoch: Epoch, offset: number, resumed: boolean, snapshotBytes: number): void {
    this.epoch = epoch;
    if (resumed) {
      // The server starts where it was asked to; acknowledge anew, since this connection has heard nothing yet.
      this.received = offset;
      this.acknowledged = Math.min(this.acknowledged, this.drawn);
    } else {
      this.restart(offset, snapshotBytes);
    }
  }

  skipped(offset: number, snapshotBytes: number): void {
    this.restart(offset, snapshotBytes);
  }

  /** Counts a frame in. The returned function is to be called when it is drawn. */
  receive(length: number): () => void {
    const generation = this.generation;
    if (this.snapshotLeft > 0) {
      this.snapshotLeft -= length;
      const last = this.snapshotLeft <= 0;
      return () => {
        if (generation === this.generation && last) this.snapshotDrawn = true;
      };
    }
    this.received += length;
    const end = this.received;
    return () => {
      if (generation === this.generation) this.drawn = Math.max(this.drawn, end);
    };
  }

  /** The offset to acknowledge, or none: not before a good deal was drawn, unless things are quiet. */
  due(quiet: boolean): number | null {
    if (this.snapshotDrawn) {
      // The server waits for this before it goes on.
      this.snapshotDrawn = false;
      this.acknowledged = this.drawn;
      return this.drawn;
    }
    const since = this.drawn - this.acknowledged;
    if (since < (quiet ? 1 : ACK_EVERY)) return null;
    this.acknowledged = this.drawn;
    return this.drawn;
  }

  private restart(offset: number, snapshotBytes: number): void {
    this.generation += 1;
    this.snapshotLeft = snapshotBytes;
    this.snapshotDrawn = false;
    this.received = offset;
    this.drawn = offset;
    this.acknowledged = offset;
  }
}
