// A program may ask for its text to be put into the clipboard (OSC 52). That is done when the person agrees, and what
// is in the clipboard is never told to a program.

/** More than anybody looks through before agreeing. */
export const MOST_COPIED = 100_000;
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
  /** What waits for an answer. It stays until then: a later text must not come under the finger that agrees to this one. */
  asked = $state.raw<string | null>(null);
  /** The browser did not take what the person had agreed to: it wants a press for every text. */
  refused = $state(false);

  constructor(
    private readonly session: string,
    private readonly write: (text: string) => Promise<void> = (text) => navigator.clipboard.writeText(text),
    /** Told of what was copied without asking. */
    private readonly unasked: (text: string) => void = () => {},
  ) {
    this.consent = decided.get(session) ?? 'ask';
  }

  offer(text: string): void {
    if (this.consent === 'never') return;
    if (this.consent === 'ask') this.asked ??= text;
    else void this.put(text).then((done) => done && this.unasked(text));
  }

  /** `ask` copies this once and decides nothing. */
  async answer(consent: Consent): Promise<void> {
    const text = this.asked;
    this.dismiss();
    if (consent !== 'ask') this.decide(consent);
    if (consent !== 'never' && text !== null) await this.put(text);
  }

  decide(consent: Consent): void {
    this.consent = consent;
    decided.set(this.session, consent);
  }

  /** For now, without deciding about what comes. */
  dismiss(): void {
    this.asked = null;
    this.refused = false;
  }

  private async put(text: string): Promise<boolean> {
    try {
      await this.write(text);
      // What was refused before is older than what is copied now.
      if (this.refused) this.dismiss();
      return true;
    } catch {
      if (this.asked === null) {
        this.refused = true;
        this.asked = text;
      }
      return false;
    }
  }
}
