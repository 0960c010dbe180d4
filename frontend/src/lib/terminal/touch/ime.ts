// On-screen keyboards do not press keys, they edit a field: they compose words, replace them afterwards and delete what
// they wrote. So what a program gets is how the field has changed, whatever event that came with: text is sent once it is
// committed, and what a keyboard takes back that was sent already is deleted by as many DELs.

/** What the emulator's own field keeps before the cursor: without anything to delete, keyboards send no Backspace. */
export const PAD = ' '.repeat(16);
/** More is not needed to correct a word, and each edit is compared with all of it. */
const MOST_KEPT = 200;
const DEL = '\x7f';

export interface ImeEvents {
  /** As if it was typed on a keyboard. */
  typed(text: string): void;
  /** Several lines at once: a keyboard's clipboard. */
  pasted(text: string): void;
  /** What is being composed and not sent yet; empty when nothing is. */
  composing(text: string): void;
  /** Whether a modifier waits for the next character, which then cannot wait for its word. */
  armed(): boolean;
  /** Whether the emulator leaves typed characters in the field, for a screen reader. */
  reads(): boolean;
}

export interface Change {
  /** How much stays, in UTF-16 units. */
  readonly kept: number;
  /** Characters that are gone after that. */
  readonly removed: number;
  /** What is there instead. */
  readonly inserted: string;
}

/** How a field came from `before` to `after`. What follows the cursor is typed anew: a terminal has only an end. */
export function changeOf(before: string, after: string): Change {
  const [old, now] = [[...before], [...after]];
  let same = 0;
  while (same < old.length && old[same] === now[same]) same += 1;
  const kept = old.slice(0, same).join('').length;
  return { kept, removed: old.length - same, inserted: after.slice(kept) };
}

/** Follows the field of the emulator, before the emulator itself does. */
export class Ime {
  private sent = '';
  private composing = false;
  private realKey = false;
  private readonly stop: () => void;

  constructor(
    root: HTMLElement,
    private readonly field: HTMLTextAreaElement,
    private readonly events: ImeEvents,
  ) {
    for (const [name, value] of Object.entries(ATTRIBUTES)) field.setAttribute(name, value);
    const listeners: [string, (event: never) => void][] = [
      ['keydown', this.onkey],
      ['keypress', this.onpress],
      ['beforeinput', this.onbefore],
      ['input', this.oninput],
      ['compositionstart', this.onstart],
      ['compositionupdate', this.hide],
      ['compositionend', this.onend],
      ['focusin', this.onfocus],
    ];
    // Capturing at an ancestor comes before the emulator's own listeners.
    for (const [name, listener] of listeners) root.addEventListener(name, listener as EventListener, true);
    this.stop = () => {
      for (const [name, listener] of listeners) root.removeEventListener(name, listener as EventListener, true);
    };
    this.rest();
  }

  /** Sends what is being composed now: a key that was pressed elsewhere comes after it. */
  flush(): void {
    if (!this.composing) return;
    this.settle();
    this.rest();
  }

  dispose(): void {
    this.stop();
  }

  private readonly onfocus = (event: FocusEvent): void => {
    if (event.target === this.field) this.rest();
  };

  private readonly onkey = (event: KeyboardEvent): void => {
    if (event.target !== this.field) return;
    // A key "of the composition": what it does shows in the field.
    this.realKey = !(this.composing || event.isComposing || event.keyCode === 229);
    if (!this.realKey) event.stopPropagation();
    // The emulator handles the others, and may empty the field.
    else if (!this.events.reads()) setTimeout(() => this.composing || this.rest());
  };

  /** The emulator sends what a key pressed; in the field it would be sent once more. */
  private readonly onpress = (event: KeyboardEvent): void => {
    if (event.target === this.field && !this.events.reads()) event.preventDefault();
  };

  private readonly onbefore = (event: InputEvent): void => {
    if (event.target === this.field && !this.composing) this.sent = this.field.value;
  };

  private readonly oninput = (event: InputEvent): void => {
    if (event.target !== this.field) return;
    if (this.realKey && this.events.reads()) return;
    event.stopPropagation();
    if (this.composing) this.follow();
    else this.settle();
  };

  private readonly onstart = (event: CompositionEvent): void => {
    if (!this.hide(event)) return;
    this.composing = true;
    this.sent = this.field.value;
  };

  private readonly onend = (event: CompositionEvent): void => {
    if (this.hide(event) && this.composing) this.settle();
  };

  private readonly hide = (event: Event): boolean => {
    if (event.target !== this.field) return false;
    event.stopPropagation();
    return true;
  };

  /** While it composes, what was sent before may go; what is new waits. */
  private follow(): void {
    const { kept, removed, inserted } = changeOf(this.sent, this.field.value);
    this.remove(kept, removed);
    this.sent = this.sent.slice(0, kept);
    if (inserted !== '' && this.events.armed()) this.flush();
    else this.events.composing(inserted);
  }

  /** What is in the field is meant. */
  private settle(): void {
    this.composing = false;
    this.events.composing('');
    const { kept, removed, inserted } = changeOf(this.sent, this.field.value);
    this.remove(kept, removed);
    this.sent = this.field.value;
    const lines = inserted.replace(/\r\n|\n/g, '\r');
    if (lines.length > 1 && lines.includes('\r')) this.events.pasted(inserted);
    else if (lines !== '') this.events.typed(lines);
    if (lines.includes('\r') || !this.sent.startsWith(PAD) || this.sent.length > MOST_KEPT) this.rest();
  }

  private remove(kept: number, removed: number): void {
    // The pad is nothing that was typed, but to delete from it is to press Backspace once.
    const padded = this.sent.startsWith(PAD) ? Math.max(0, PAD.length - kept) : 0;
    const times = Math.max(removed - padded, padded > 0 && removed > 0 ? 1 : 0);
    for (let time = 0; time < times; time += 1) this.events.typed(DEL);
  }

  private rest(): void {
    if (this.field.value !== PAD) {
      this.field.value = PAD;
      if (document.activeElement === this.field) this.field.setSelectionRange(PAD.length, PAD.length);
    }
    this.sent = PAD;
    this.composing = false;
  }
}

/** Asks keyboards to leave words alone. Without suggestions most do not compose at all, so each letter comes at once. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  autocomplete: 'off',
  autocorrect: 'off',
  autocapitalize: 'none',
  spellcheck: 'false',
  inputmode: 'text',
  enterkeyhint: 'enter',
};
