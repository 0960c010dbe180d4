// One clock for all relative times; it stands still while nobody looks.

const STEP_MS = 10_000;

class Now {
  value = $state(Date.now());

  constructor() {
    setInterval(() => {
      if (document.visibilityState !== 'hidden') this.value = Date.now();
    }, STEP_MS);
    document.addEventListener('visibilitychange', () => {
      this.value = Date.now();
    });
  }
}

export const now = new Now();
