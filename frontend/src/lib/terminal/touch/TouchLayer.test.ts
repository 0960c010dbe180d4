import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { XtermScreen } from '../xterm-screen';
import TouchLayer from './TouchLayer.svelte';

const { surface } = vi.hoisted(() => ({
  surface: {
    selection: null as object | null,
    inSight: true,
    cursor: null,
    cellAt: () => ({ row: 0, column: 0 }),
    placeAt: () => ({ row: 0, column: 0 }),
    selectWord() {
      this.selection = { start: { row: 0, column: 0 }, end: { row: 0, column: 4 } };
    },
    select: () => undefined,
    moveEnd: (end: string) => end,
    beyond: ({ y }: { y: number }) => Math.min(0, y),
    boxOf() {
      return this.inSight ? { x: 50, y: 50, height: 10 } : null;
    },
  },
}));

vi.mock('./surface', () => ({
  Surface: class {
    constructor() {
      return surface;
    }
  },
}));
vi.mock('$lib/app.svelte', () => ({ getApp: () => ({}) }));

const scrollLines = vi.fn();
const drawn: (() => void)[] = [];
const nothing = { dispose: () => undefined };
const terminal = {
  options: { fontSize: 12 },
  buffer: { active: { type: 'normal' } },
  modes: { mouseTrackingMode: 'none' },
  clearSelection: () => undefined,
  hasSelection: () => true,
  scrollLines,
  onSelectionChange: () => nothing,
  onScroll: () => nothing,
  onResize: () => nothing,
  onRender: (listener: () => void) => (drawn.push(listener), nothing),
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function touch(target: Element, type: string, y: number): void {
  const points = [{ clientX: 50, clientY: y }];
  target.dispatchEvent(Object.assign(new Event(type, { bubbles: true, cancelable: true }), { targetTouches: type === 'touchend' ? [] : points, changedTouches: points }));
}

it('a handle that went out of sight under a finger still hears that the finger left', () => {
  const host = document.body.appendChild(document.createElement('div'));
  const view = mount(TouchLayer, { target: document.body, props: { screen: { terminal } as unknown as XtermScreen, host, armed: () => false, onarrow: () => undefined, onpaste: () => undefined } });
  flushSync();
  touch(host, 'touchstart', 50);
  vi.advanceTimersByTime(600);
  touch(host, 'touchend', 50);
  flushSync();
  const handle = document.querySelector('[data-handle="start"]')!;
  touch(handle, 'touchstart', 60);
  touch(handle, 'touchmove', -40);
  vi.advanceTimersByTime(200);
  expect(scrollLines).toHaveBeenCalled();
  surface.inSight = false;
  for (const listener of drawn) listener();
  flushSync();
  expect(handle.isConnected).toBe(false);
  touch(handle, 'touchend', -40);
  scrollLines.mockClear();
  vi.advanceTimersByTime(1_000);
  expect(scrollLines).not.toHaveBeenCalled();
  void unmount(view);
});
