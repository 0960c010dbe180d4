// A prompt takes no key and no tap that was meant for what was there before: it is armed only after half a second in which
// nobody typed and no finger was down.

import { isField } from './keys';

export const ARM_MS = 500;

const down = new Set<number>();
const listeners = new Set<(pressed: boolean) => void>();
const QUIET = new Set(['Shift', 'Control', 'Alt', 'Meta', 'Tab', 'CapsLock']);

function tell(): void {
  for (const listener of listeners) listener(down.size > 0);
}

function watch(target: Window): void {
  const options = { capture: true, passive: true };
  const up = (event: PointerEvent): void => {
    down.delete(event.pointerId);
    tell();
  };
  target.addEventListener('pointerdown', (event) => void (down.add(event.pointerId), tell()), options);
  target.addEventListener('pointerup', up, options);
  target.addEventListener('pointercancel', up, options);
  target.addEventListener('keydown', (event) => void (isOfPrompt(event) || tell()), options);
  // A finger that left with the page never comes up.
  target.addEventListener('blur', () => void (down.clear(), tell()), options);
}

/** Writing an answer is no accident. */
function isOfPrompt(event: KeyboardEvent): boolean {
  return QUIET.has(event.key) || (isField(event.target) && (event.target as Element).closest('[data-prompt]') !== null);
}

if (typeof window !== 'undefined') watch(window);

/** Calls `ready` once, when it is time; gives what stops waiting. */
export function arm(ready: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const restart = (pressed: boolean): void => {
    clearTimeout(timer);
    if (!pressed) timer = setTimeout(finish, ARM_MS);
  };
  const stop = (): void => {
    clearTimeout(timer);
    listeners.delete(restart);
  };
  const finish = (): void => {
    stop();
    ready();
  };
  listeners.add(restart);
  restart(down.size > 0);
  return stop;
}
