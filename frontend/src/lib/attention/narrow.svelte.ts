// Whether the window is as narrow as a phone's, for what has to be built differently and not only laid out so.

const query = typeof window === 'undefined' ? undefined : window.matchMedia?.('(max-width: 639px)');

class Narrow {
  value = $state(query?.matches ?? false);

  constructor() {
    query?.addEventListener('change', (event) => (this.value = event.matches));
  }
}

export const narrow = new Narrow();
