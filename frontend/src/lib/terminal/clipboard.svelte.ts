// A program may ask for its text to be put into the clipboard (OSC 52). That is done when the person agrees, and what
// is in the clipboard is never told to a program.

export const MOST_COPIED = 1024 * 1024;
/** What the sequence may be long: base64 takes four characters for three bytes, and says before where it should go. */
export const MOST_SEQUENCE = Math.ceil(MOST_COPIED / 3) * 4 + 16;

/** The text to be copied; none for a question, for what is no base64, and for too much. */
export function copied(data: string): string | null {
  const at = data.indexOf(';');
  const encoded = data.slice(at + 1);
  if (at < 0 || !/^[cpqs0-7]*$/.test(data.slice(0, at)) || encoded === '' || encoded.length > MOST_SEQUENCE) return null;
  try {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    return bytes.length === 0 || bytes.length > MOST_COPIED ? null : new TextDecoder().decode(bytes);
  } catch {
    return null;
  }
}

export type Consent = 'ask' | 'always' | 'never';

/** Sessions in which the person has decided, as long as the page is open. */
const decided = new Map<string, Consent>();

export class Clipboard {
  consent = $state<Consent>('ask');
  /** What waits for an answer. */
  asked = $state.raw<string | null>(null);
  /** The browser did not take what the person had agreed to: it wants a press for every text. */
  refused = $state(false);

  constructor(
    private readonly session: string,
    private readonly write: (text: string) => Promise<void> = (text) => navigator.clipboard.writeText(text),
  ) {
    this.consent = decided.get(session) ?? 'ask';
  }

  offer(text: string): void {
    if (this.consent === 'never') return;
    if (this.consent === 'always') void this.put(text);
    else this.asked = text;
  }

  async answer(consent: Consent): Promise<void> {
    const text = this.asked;
    this.asked = null;
    this.decide(consent);
    if (consent !== 'never' && text !== null) await this.put(text);
  }

  decide(consent: Consent): void {
    this.consent = consent;
    decided.set(this.session, consent);
  }

  /** For now, without deciding about what comes. */
  dismiss(): void {
    this.asked = null;
  }

  private async put(text: string): Promise<void> {
    try {
      await this.write(text);
      this.refused = false;
    } catch {
      this.refused = true;
      this.asked = text;
    }
  }
}
