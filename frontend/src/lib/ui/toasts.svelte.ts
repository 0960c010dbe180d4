export type ToastKind = 'info' | 'ok' | 'warning' | 'error';

export interface Toast {
  id: number;
  kind: ToastKind;
  message: string;
  retry: (() => void) | null;
}

const LIFE_MS = 6_000;
const MOST = 4;

export class Toasts {
  list = $state<Toast[]>([]);
  private last = 0;

  add(kind: ToastKind, message: string, retry?: () => void): void {
    // Saying the same thing twice helps nobody, but the newer retry is the one that still makes sense.
    const rest = this.list.filter((toast) => toast.message !== message || toast.kind !== kind);
    this.last += 1;
    const toast: Toast = { id: this.last, kind, message, retry: retry ?? null };
    this.list = [...rest, toast].slice(-MOST);
    if (kind !== 'error' && retry === undefined) setTimeout(() => this.dismiss(toast.id), LIFE_MS);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}
