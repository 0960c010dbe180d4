// Find in a terminal: what was found, and which match is looked at.

import { MOST_MATCHES, type Match } from './search';
import type { Searching } from './search-thread';

/** Where matches are shown. */
export interface Page {
  lines(): readonly string[];
  /** Marks the matches, and among them the one at `at`, which is brought into view if so wanted. */
  show(matches: readonly Match[], at: number, bring: boolean): void;
  /** The match at or after what is seen. */
  nearest(matches: readonly Match[]): number;
}

export class Finder {
  text = $state('');
  regex = $state(false);
  matchCase = $state(false);
  wholeWord = $state(false);
  matches = $state.raw<readonly Match[]>([]);
  at = $state(-1);
  wrong = $state<string | null>(null);
  private busy = $state(false);
  private cancel = (): void => {};
  /** The output went on while a search ran. */
  private stale = false;

  constructor(
    private readonly page: Page,
    private readonly searching: Searching,
  ) {}

  get words(): string {
    if (this.text === '') return '';
    if (this.wrong !== null) return this.wrong;
    const count = this.matches.length;
    if (count === 0) return this.busy ? 'Searching…' : 'Nothing found';
    const total = `${count.toLocaleString('en-US')}${count >= MOST_MATCHES ? '+' : ''}`;
    return `${(this.at + 1).toLocaleString('en-US')} of ${total}`;
  }

  /** Searches anew. `again`: the output went on, and the view stays where it is. */
  async look(again = false): Promise<void> {
    // Where output comes faster than it is searched, a search that gives way would never end.
    if (again && this.busy) {
      this.stale = true;
      return;
    }
    this.cancel();
    this.stale = false;
    if (!again) this.wrong = null;
    if (this.text === '') {
      this.busy = false;
      this.found([], -1, true);
      return;
    }
    const before = this.matches[this.at];
    this.busy = true;
    const { text, regex, matchCase, wholeWord } = this;
    const search = this.searching({ text, regex, matchCase, wholeWord }, this.page.lines());
    let cancelled = false;
    this.cancel = () => {
      cancelled = true;
      search.cancel();
    };
    const result = await search.result;
    if (cancelled) return;
    this.busy = false;
    if ('wrong' in result) {
      // Typing goes through many expressions that are none.
      this.wrong = result.wrong.startsWith('Invalid regular expression') ? 'Not an expression yet' : result.wrong;
      this.found([], -1, !again);
      return;
    }
    this.wrong = null;
    const { matches } = result;
    const same = again && before !== undefined ? matches.findIndex((one) => one.line === before.line && one.start === before.start) : -1;
    this.found(matches, same >= 0 ? same : this.page.nearest(matches), !again);
    if (this.stale) await this.look(true);
  }

  step(by: number): void {
    const count = this.matches.length;
    if (count > 0) this.found(this.matches, (this.at + by + count) % count, true);
  }

  close(): void {
    this.cancel();
    this.busy = false;
    this.found([], -1, true);
  }

  private found(matches: readonly Match[], at: number, bring: boolean): void {
    this.matches = matches;
    this.at = matches.length === 0 ? -1 : at;
    this.page.show(matches, this.at, bring);
  }
}
