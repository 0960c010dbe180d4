// Where in the text something can be completed, and what the text is afterwards.

export interface CommandTrigger {
  readonly kind: 'command';
  readonly query: string;
  readonly from: number;
  readonly to: number;
  /** At the start of the message; Claude Code runs commands nowhere else. */
  readonly runs: boolean;
}

export interface FileTrigger {
  readonly kind: 'file';
  readonly query: string;
  readonly from: number;
  readonly to: number;
}

export type Trigger = CommandTrigger | FileTrigger;

export interface Edited {
  readonly text: string;
  readonly caret: number;
}

/** What is being typed at the caret. */
export function triggerAt(text: string, caret: number): Trigger | null {
  const before = text.slice(0, caret);
  const command = /(?:^|\n)\/([^\s/]*)$/.exec(before);
  if (command !== null && !/^[^\s]/.test(text.slice(caret))) {
    const query = command[1] ?? '';
    const from = caret - query.length - 1;
    return { kind: 'command', query, from, to: caret, runs: from === 0 };
  }
  // The CLI's own rule: after a blank or an ideographic stop, in quotes when there are blanks in it.
  const file = /(?:^|[\s\u3002\u3001\uff1f\uff01])(@"([^"\n]*)|@([^\s"]*))$/.exec(before);
  if (file === null) return null;
  const typed = file[1] ?? '';
  const query = file[2] ?? file[3] ?? '';
  // A closing quote behind the caret belongs to it.
  const to = typed.startsWith('@"') && text[caret] === '"' ? caret + 1 : caret;
  return { kind: 'file', query, from: caret - typed.length, to };
}

function replace(text: string, from: number, to: number, by: string): Edited {
  return { text: text.slice(0, from) + by + text.slice(to), caret: from + by.length };
}

export function completeCommand(text: string, { from, to }: CommandTrigger, name: string): Edited {
  const blank = text[to] === ' ' ? 1 : 0;
  return replace(text, from, to + blank, `/${name} `);
}

/**
 * How the CLI wants a path named. Without quotes it reads up to the next blank, and no further than the last letter, digit
 * or underscore of ASCII.
 */
function needsQuotes(path: string): boolean {
  return !path.includes('"') && (/\s/.test(path) || !/[A-Za-z0-9_]$/.test(path.replace(/\/$/, '')));
}

export function completeFile(text: string, { from, to }: FileTrigger, path: string, directory: boolean): Edited {
  if (directory) {
    // Open at the end: what is in it can be named next.
    const inside = `${path.replace(/\/+$/, '')}/`;
    const quoted = /\s/.test(inside) && !inside.includes('"');
    return replace(text, from, to, quoted ? `@"${inside}` : `@${inside}`);
  }
  const named = needsQuotes(path) ? `@"${path}"` : `@${path}`;
  const blank = text[to] === ' ' ? 1 : 0;
  return replace(text, from, to + blank, `${named} `);
}

/** Closes quotes that a directory's completion left open, so that the CLI sees where the path ends. */
export function closeQuotes(text: string): string {
  return text.replace(/(^|\s)@"([^"\n]*\S)([^\S\n]*)$/gm, '$1@"$2"$3');
}
