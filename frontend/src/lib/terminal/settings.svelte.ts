// What this device wants of its terminals: letters as large as its eyes need, and whether selecting is copying.

const KEY = 'claude-web.terminal';
export const SMALLEST = 8;
export const LARGEST = 32;

export function legible(size: number): number {
  return Math.min(LARGEST, Math.max(SMALLEST, Math.round(size * 2) / 2));
}

export class TerminalSettings {
  copyOnSelect = $state(false);
  private chosen = $state<number | null>(null);

  constructor() {
    try {
      const raw = JSON.parse(localStorage.getItem(KEY) ?? 'null') as unknown;
      if (typeof raw !== 'object' || raw === null) return;
      const { fontSize, copyOnSelect } = raw as Record<string, unknown>;
      if (typeof fontSize === 'number' && Number.isFinite(fontSize)) this.chosen = legible(fontSize);
      this.copyOnSelect = copyOnSelect === true;
    } catch {
      // Nothing stored, or storage is blocked.
    }
  }

  get fontSize(): number {
    return this.chosen ?? (window.innerWidth < 640 ? 12 : 13);
  }

  /** None is the size that suits the window. */
  set fontSize(size: number | null) {
    this.chosen = size === null ? null : legible(size);
    this.save();
  }

  chooseCopyOnSelect(on: boolean): void {
    this.copyOnSelect = on;
    this.save();
  }

  private save(): void {
    try {
      localStorage.setItem(KEY, JSON.stringify({ fontSize: this.chosen, copyOnSelect: this.copyOnSelect }));
    } catch {
      // It holds for this page, then.
    }
  }
}

export const terminalSettings = new TerminalSettings();
