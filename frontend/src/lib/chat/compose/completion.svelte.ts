// The menu over the message: what it offers for what is typed, and which keys it takes.

import type { FileMatch, SlashCommand } from '$lib/protocol';
import type { FileSearch } from './files.svelte';
import { commandMatches, type CommandMatch } from './slash';
import { completeCommand, completeFile, triggerAt, type Edited, type Trigger } from './triggers';

export type Option = { readonly kind: 'command'; readonly match: CommandMatch } | { readonly kind: 'file'; readonly match: FileMatch };

interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly isComposing: boolean;
}

export class Completion {
  /** -1 while nothing is chosen, so that Enter keeps its meaning. */
  active = $state(0);
  private trigger = $state.raw<Trigger | null>(null);
  private text = '';
  private dismissed: string | null = null;

  readonly options = $derived.by((): readonly Option[] => {
    const { trigger } = this;
    if (trigger === null) return [];
    if (trigger.kind === 'file') return this.files.matches.map((match) => ({ kind: 'file', match }));
    return commandMatches(trigger.query, this.commands()).map((match) => ({ kind: 'command', match }));
  });

  readonly note = $derived.by((): string | null => {
    const { trigger } = this;
    if (trigger === null) return null;
    if (trigger.kind === 'command' && trigger.runs) return this.commands().length === 0 ? 'Claude Code has not said yet which commands it takes.' : null;
    if (trigger.kind === 'command') return this.options.length === 0 ? null : 'Claude Code runs a command only at the start of a message.';
    if (this.files.error !== null) return this.files.error;
    if (this.files.answered === null) return null;
    if (this.options.length === 0) return 'No file here fits.';
    return this.files.truncated ? 'The directory holds more files than were searched.' : null;
  });

  readonly open = $derived(this.options.length > 0 || this.note !== null);
  readonly label = $derived(this.trigger?.kind === 'file' ? 'Files' : 'Commands');

  constructor(
    private readonly commands: () => readonly SlashCommand[],
    private readonly files: FileSearch,
  ) {}

  /** To be called whenever text or caret have changed. */
  update(text: string, caret: number): void {
    this.text = text;
    const found = triggerAt(text, caret);
    const place = found === null ? null : `${found.kind} ${found.from}`;
    if (this.dismissed !== place) this.dismissed = null;
    const trigger = this.dismissed === null ? found : null;
    if (trigger?.query !== this.trigger?.query || trigger?.from !== this.trigger?.from) this.active = trigger?.kind === 'command' && !trigger.runs ? -1 : 0;
    this.trigger = trigger;
    if (trigger?.kind === 'file') this.files.search(trigger.query);
    else this.files.clear();
  }

  /** Until something else is typed. */
  close(): void {
    const { trigger } = this;
    this.dismissed = trigger === null ? null : `${trigger.kind} ${trigger.from}`;
    this.hide();
  }

  hide(): void {
    this.trigger = null;
    this.files.clear();
  }

  /** What to do with a key: nothing, nothing more, or take the option. */
  key(event: Key): 'pass' | 'done' | Option {
    if (!this.open || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return 'pass';
    if (event.key === 'Escape') {
      this.close();
      return 'done';
    }
    const count = this.options.length;
    if (count === 0) return 'pass';
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const from = this.active < 0 && event.key === 'ArrowUp' ? 0 : this.active;
      this.active = (from + (event.key === 'ArrowDown' ? 1 : -1) + count) % count;
      return 'done';
    }
    if (event.shiftKey) return 'pass';
    if (event.key === 'Tab') return this.options[Math.max(0, this.active)] ?? 'pass';
    if (event.key !== 'Enter') return 'pass';
    const option = this.options[this.active];
    return option === undefined || this.isComplete(option) ? 'pass' : option;
  }

  /** The text with the option in it. */
  accept(option: Option): Edited {
    const { trigger, text } = this;
    if (trigger?.kind === 'file' && option.kind === 'file') return completeFile(text, trigger, option.match.path, option.match.kind === 'directory');
    if (trigger?.kind === 'command' && option.kind === 'command') return completeCommand(text, trigger, option.match.name);
    return { text, caret: text.length };
  }

  /** It says what is typed already: Enter then sends. */
  private isComplete(option: Option): boolean {
    const typed = this.trigger?.query;
    if (option.kind === 'file') return option.match.kind !== 'directory' && option.match.path === typed;
    return option.match.own === null && (option.match.alias ?? option.match.name) === typed;
  }
}
