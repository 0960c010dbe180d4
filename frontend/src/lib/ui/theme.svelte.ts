// Light, dark, or as the system has it. The choice is the only thing stored;
// public/theme.js sets it before the first paint.

export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'claude-web.theme';
const ORDER: readonly ThemeChoice[] = ['system', 'light', 'dark'];

class Theme {
  choice = $state<ThemeChoice>('system');
  private systemDark = $state(false);

  constructor() {
    const query = window.matchMedia?.('(prefers-color-scheme: dark)');
    if (query !== undefined) {
      this.systemDark = query.matches;
      query.addEventListener('change', () => {
        this.systemDark = query.matches;
      });
    }
    let stored: string | null = null;
    try {
      stored = localStorage.getItem(KEY);
    } catch {
      // Storage may be blocked; the system's choice is a good one.
    }
    this.apply(ORDER.find((choice) => choice === stored) ?? 'system');
  }

  get dark(): boolean {
    return this.choice === 'dark' || (this.choice === 'system' && this.systemDark);
  }

  next(): void {
    this.choose(ORDER[(ORDER.indexOf(this.choice) + 1) % ORDER.length] ?? 'system');
  }

  choose(choice: ThemeChoice): void {
    this.apply(choice);
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // Kept until the page is left.
    }
  }

  private apply(choice: ThemeChoice): void {
    this.choice = choice;
    if (choice === 'system') document.documentElement.removeAttribute('data-theme');
    else document.documentElement.dataset['theme'] = choice;
  }
}

export const theme = new Theme();
