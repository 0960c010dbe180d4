// How a terminal is drawn: on the graphics card where there is one, or else as text in the document. The emulator's
// renderer between the two, a plain canvas, does not exist any more since its version 6.

import type { IDisposable, Terminal } from '@xterm/xterm';
import { WebglAddon } from '@xterm/addon-webgl';

interface Renderer extends IDisposable {
  activate(terminal: Terminal): void;
  onContextLoss(lost: () => void): IDisposable;
}

const AGAIN_MS = 1_000;
const MOST_TRIES = 5;

export class Accelerator {
  private renderer: Renderer | null = null;
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly terminal: Terminal,
    private readonly make: () => Renderer = () => new WebglAddon(),
  ) {
    document.addEventListener('visibilitychange', this.onshow);
  }

  get on(): boolean {
    return this.renderer !== null;
  }

  /** Tries it; without it, the plain renderer is slower but complete. */
  start(): void {
    clearTimeout(this.timer);
    if (this.renderer !== null || this.tries >= MOST_TRIES) return;
    this.tries += 1;
    try {
      const renderer = this.make();
      renderer.onContextLoss(() => this.lost(renderer));
      this.terminal.loadAddon(renderer);
      this.renderer = renderer;
    } catch {
      this.tries = MOST_TRIES;
    }
  }

  dispose(): void {
    document.removeEventListener('visibilitychange', this.onshow);
    clearTimeout(this.timer);
  }

  /** Browsers take the context from tabs they think have too many, and after a sleep. The plain renderer draws meanwhile. */
  private lost(renderer: Renderer): void {
    if (this.renderer !== renderer) return;
    this.renderer = null;
    renderer.dispose();
    if (!document.hidden) this.timer = setTimeout(() => this.start(), AGAIN_MS * 2 ** this.tries);
  }

  private readonly onshow = (): void => {
    if (document.hidden || this.tries === 0) return;
    // It had been taken because nobody looked; a machine without one has used up its tries.
    if (this.tries < MOST_TRIES) this.start();
  };
}
