// Slash commands: which fit what is typed, and those of the terminal interface that Claude Code does not take here.

import type { SlashCommand } from '$lib/protocol';

export type Picker = 'mode' | 'model' | 'effort';

/** A command this page answers itself: by opening a menu, or by saying where the thing is. */
export interface OwnCommand {
  readonly name: string;
  readonly description: string;
  readonly opens: Picker | null;
  readonly explains: string | null;
}

const opens = (name: string, picker: Picker, description: string): OwnCommand => ({ name, description, opens: picker, explains: null });
const explains = (name: string, words: string): OwnCommand => ({ name, description: 'Not in a chat – says what to do instead', opens: null, explains: words });
const TERMINAL = 'Start a new session of the kind “Terminal” in this directory and type it there.';

export const OWN: readonly OwnCommand[] = [
  opens('model', 'model', 'Choose the model'),
  opens('effort', 'effort', 'Choose how hard Claude thinks'),
  opens('permissions', 'mode', 'Choose the permission mode'),
  opens('plan', 'mode', 'Choose the permission mode'),
  explains('help', 'Type / to see the commands Claude Code takes here. Press ? outside of the message for the keys.'),
  explains('config', `/config is a screen of Claude Code’s terminal interface. ${TERMINAL}`),
  explains('status', 'Model, mode and directory stand above and below the conversation.'),
  explains('resume', 'Earlier conversations are in the list of sessions.'),
  explains('exit', '“Kill” at the top ends this session. Leaving the page does not, while “Keep running” is on.'),
  explains('quit', '“Kill” at the top ends this session. Leaving the page does not, while “Keep running” is on.'),
  explains('rename', 'Use “Rename” at the top of the session.'),
  explains('theme', 'The page’s light and dark are chosen below the list of sessions.'),
  ...['login', 'logout', 'doctor', 'hooks', 'mcp', 'agents', 'memory', 'vim', 'statusline', 'plugin', 'ide', 'terminal-setup'].map((name) =>
    explains(name, `/${name} belongs to Claude Code’s terminal interface. ${TERMINAL}`),
  ),
];

export interface CommandMatch {
  readonly name: string;
  readonly description: string;
  readonly argumentHint: string;
  /** The other name that was typed, when it was not the first one. */
  readonly alias: string | null;
  /** Characters of `name`, or of `alias`, that were typed. */
  readonly positions: readonly number[];
  readonly own: OwnCommand | null;
}

interface Fit {
  readonly rank: number;
  readonly positions: readonly number[];
}

/** Smaller ranks first: begins with it, a part begins with it, holds it, holds its letters in order. */
export function fit(name: string, typed: string): Fit | null {
  const low = name.toLowerCase();
  const at = low.indexOf(typed);
  if (at >= 0) {
    const part = at > 0 && /[:_\-.]/.test(low[at - 1] ?? '');
    const rank = at === 0 ? 0 : part ? 1 : 2;
    return { rank: rank + (typed === '' ? 0 : name.length / 1_000), positions: Array.from(typed, (_, i) => at + i) };
  }
  const positions: number[] = [];
  for (const character of typed) {
    const next = low.indexOf(character, (positions.at(-1) ?? -1) + 1);
    if (next < 0) return null;
    positions.push(next);
  }
  const spread = (positions.at(-1) ?? 0) - (positions[0] ?? 0);
  return { rank: 3 + spread / 1_000, positions };
}

/** Nobody looks further than this. */
const MOST_MATCHES = 30;

/** Commands that fit what is typed, best first; before anything is, all of them by name. */
export function commandMatches(query: string, commands: readonly SlashCommand[]): CommandMatch[] {
  const typed = query.toLowerCase();
  const ranked = commands.flatMap((command) => best(command, typed));
  const known = new Set(commands.flatMap(({ name, aliases }) => [name, ...aliases]));
  // Unasked, only what the CLI offers itself.
  const own = typed === '' || commands.length === 0 ? [] : OWN.filter(({ name }) => name.startsWith(typed) && !known.has(name)).map(asMatch);
  return [...ranked, ...own.map((match) => ({ match, rank: match.own?.opens == null ? 5 : 0.9 }))]
    .sort((a, b) => a.rank - b.rank || a.match.name.localeCompare(b.match.name))
    .slice(0, typed === '' ? commands.length : MOST_MATCHES)
    .map(({ match }) => match);
}

function best({ name, description, argument_hint: argumentHint, aliases }: SlashCommand, typed: string): { match: CommandMatch; rank: number }[] {
  const direct = fit(name, typed);
  const found = direct === null ? null : { ...direct, alias: null as string | null };
  let chosen = found;
  for (const alias of aliases) {
    const other = fit(alias, typed);
    if (other !== null && (chosen === null || Math.floor(other.rank) < Math.floor(chosen.rank))) chosen = { ...other, alias };
  }
  if (chosen === null) return [];
  return [{ match: { name, description, argumentHint, alias: chosen.alias, positions: chosen.positions, own: null }, rank: chosen.rank }];
}

function asMatch(own: OwnCommand): CommandMatch {
  return { name: own.name, description: own.description, argumentHint: '', alias: null, positions: [], own };
}

/** The command of this page that a message would be, when the CLI would only say that it does not know it. */
export function ownCommand(text: string, commands: readonly SlashCommand[]): OwnCommand | null {
  const name = /^\/([^\s/]+)\s*/.exec(text)?.[1]?.toLowerCase();
  if (name === undefined || commands.some((one) => one.name === name || one.aliases.includes(name))) return null;
  return OWN.find((one) => one.name === name) ?? null;
}

/** What may follow a command's name, while nothing follows it. */
export function argumentGhost(text: string, commands: readonly SlashCommand[]): string {
  const [, name, blank] = /^\/([^\s/]+)( ?)$/.exec(text) ?? [];
  if (name === undefined) return '';
  const hint = commands.find((one) => one.name === name || one.aliases.includes(name))?.argument_hint ?? '';
  return hint === '' ? '' : `${blank === '' ? ' ' : ''}${hint}`;
}
