// One column or two: chosen once, for all diffs, and remembered by this browser.

const KEY = 'diff-split';

class DiffLook {
  split = $state(read());

  toggle(): void {
    this.split = !this.split;
    try {
      localStorage.setItem(KEY, this.split ? 'yes' : 'no');
    } catch {
      // A browser that stores nothing still shows what was chosen.
    }
  }
}

function read(): boolean {
  try {
    return localStorage.getItem(KEY) === 'yes';
  } catch {
    return false;
  }
}

export const diffLook = new DiffLook();
