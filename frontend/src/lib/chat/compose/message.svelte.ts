// The message being written: its words, what is attached, and which queued message it changes, if any.

import type { ClientId, Content } from '$lib/protocol';
import { attachment, fromContent, fullness, MESSAGE_MOST_BYTES, PASTE_IS_LONG, TEXT_FILE_MOST_BYTES, toContent, utf8Length, weight, type Attachment } from './attachments';
import { readAttachment } from './attach';
import type { Draft, Drafts } from './drafts';
import { closeQuotes } from './triggers';

export interface Note {
  readonly words: string;
  /** What can be done about it. */
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

export class Message {
  text = $state('');
  attachments = $state.raw<readonly Attachment[]>([]);
  /** Files that are being read. */
  reading = $state(0);
  note = $state.raw<Note | null>(null);
  /** The queued message that is changed. */
  editing = $state<ClientId | null>(null);
  /** What was being written before that. */
  private aside: Draft | null = null;

  readonly full = $derived.by(() => fullness(weight(this.text, this.attachments)));
  readonly blank = $derived(this.text.trim() === '' && this.attachments.length === 0);

  constructor(
    private readonly session: string,
    private readonly drafts: Drafts,
    private readonly refuse: (sentence: string) => void,
  ) {
    const { text, attachments } = drafts.load(session);
    this.text = text;
    this.attachments = attachments;
  }

  /** To be called whenever the words have changed. */
  changed(): void {
    if (this.editing === null) this.drafts.saveText(this.session, this.text);
  }

  write(text: string): void {
    this.text = text;
    this.changed();
  }

  async add(files: Iterable<File>): Promise<void> {
    for (const file of files) {
      this.reading += 1;
      try {
        this.attach(await readAttachment(file));
      } catch (error) {
        this.refuse(error instanceof Error ? error.message : 'The file could not be read.');
      } finally {
        this.reading -= 1;
      }
    }
  }

  remove(attached: Attachment): void {
    this.setAttachments(this.attachments.filter((one) => one !== attached));
  }

  /** A long paste is there already; it can become a file instead. */
  pasted(text: string): void {
    if (text.length <= PASTE_IS_LONG || utf8Length(text) > TEXT_FILE_MOST_BYTES) return;
    const words = `You pasted ${text.length.toLocaleString('en')} characters.`;
    this.note = { words, action: { label: 'Attach as text file', run: () => this.pasteToFile(text) } };
  }

  /** Everything, to be sent; nothing of it stays, except what was put aside. */
  take(): Content[] {
    const content = toContent(closeQuotes(this.text), this.attachments);
    this.note = null;
    if (this.editing !== null) this.stopEditing();
    else this.become({ text: '', attachments: [] });
    return content;
  }

  edit(clientId: ClientId, content: readonly Content[]): void {
    this.aside ??= { text: this.text, attachments: this.attachments };
    this.editing = clientId;
    this.note = null;
    const { text, attachments } = fromContent(content);
    this.text = text;
    this.attachments = attachments;
  }

  /** Back to what was being written before. */
  stopEditing(): void {
    const before = this.aside;
    this.editing = null;
    this.aside = null;
    this.note = null;
    if (before !== null) this.become(before);
  }

  /** Claude got the message while it was being changed: the change stays, as a message of its own. */
  editedTooLate(): void {
    const before = this.aside;
    this.editing = null;
    this.aside = null;
    const back = before === null || (before.text.trim() === '' && before.attachments.length === 0) ? null : before;
    const action = back === null ? null : { label: 'Back to my draft', run: () => this.become(back) };
    this.note = { words: 'This message is not in the queue any more. What you changed is here; sending it sends a new message.', action };
    this.become({ text: this.text, attachments: this.attachments }, this.note);
  }

  /** What another tab has made of the draft. */
  adopt(draft: Draft): void {
    if (this.editing !== null) return;
    this.text = draft.text;
    // Too large to be kept, they are not in storage, but still here.
    if (draft.attachments.length > 0 || draft.text === '') this.attachments = draft.attachments;
  }

  private become(draft: Draft, note: Note | null = null): void {
    this.text = draft.text;
    this.changed();
    this.setAttachments(draft.attachments);
    this.note = note ?? this.note;
  }

  private attach(attached: Attachment): void {
    if (weight(this.text, [...this.attachments, attached]) > MESSAGE_MOST_BYTES) {
      throw new Error(`${attached.name} was left out: one message may have 9.5 MB. Send it with the next one.`);
    }
    this.setAttachments([...this.attachments, attached]);
  }

  private setAttachments(attachments: readonly Attachment[]): void {
    this.attachments = attachments;
    if (this.editing !== null) return;
    const kept = this.drafts.saveAttachments(this.session, attachments);
    this.note = kept ? null : { words: 'What is attached is too large to be kept when the page is loaded again.', action: null };
  }

  private pasteToFile(text: string): void {
    const count = this.attachments.filter((one) => one.name.startsWith('Pasted text')).length;
    const name = count === 0 ? 'Pasted text.txt' : `Pasted text ${count + 1}.txt`;
    const before = this.text;
    // As a textarea has it: with line feeds alone.
    const plain = text.replace(/\r\n?/g, '\n');
    const at = before.indexOf(plain);
    if (at >= 0) this.text = before.slice(0, at) + before.slice(at + plain.length);
    try {
      this.attach(attachment('text', name, 'text/plain', text));
    } catch (error) {
      this.text = before;
      this.refuse(error instanceof Error ? error.message : 'The text could not be attached.');
    }
    this.changed();
  }
}
