// What "always" would store, where, and how it is taken back.

import type { JsonValue, RuleDestination } from '$lib/protocol';
import { modeName } from '$lib/text/state';
import { field, isObject, listField, textField, texts } from './json';

export interface Suggestion {
  readonly index: number;
  readonly what: string;
  /** The rules themselves, as they would be stored. */
  readonly rules: readonly string[];
  /** Where the CLI offers to store it; none where it is no place this page knows. */
  readonly offered: RuleDestination | null;
  /** Whether another place can be chosen. */
  readonly movable: boolean;
  readonly where: string;
  readonly undo: string;
}

interface Place {
  readonly name: string;
  /** Where that is, as it is said after "in". */
  readonly file: string | null;
  readonly where: string;
  readonly undo: string;
}

export const PLACES: Readonly<Record<RuleDestination, Place>> = {
  session: {
    name: 'This session only',
    file: null,
    where: 'Only for this session; nothing is stored.',
    undo: 'It is gone when the session ends.',
  },
  localSettings: {
    name: 'This project, for me',
    file: '.claude/settings.local.json',
    where: 'In .claude/settings.local.json of this directory, for you alone.',
    undo: 'Delete the line there, or use /permissions in Claude Code’s terminal, to take it back.',
  },
  projectSettings: {
    name: 'This project, for everyone',
    file: '.claude/settings.json',
    where: 'In .claude/settings.json of this directory, for everyone who works in it.',
    undo: 'Delete the line there, or use /permissions in Claude Code’s terminal, to take it back.',
  },
  userSettings: {
    name: 'All my projects',
    file: '~/.claude/settings.json',
    where: 'In ~/.claude/settings.json, for all your projects.',
    undo: 'Delete the line there, or use /permissions in Claude Code’s terminal, to take it back.',
  },
};

export const DESTINATIONS = Object.keys(PLACES) as readonly RuleDestination[];

export const isOfProject = (place: RuleDestination): boolean => place === 'localSettings' || place === 'projectSettings';

function destinationOf(raw: JsonValue): RuleDestination | null {
  const name = textField(raw, 'destination') ?? '';
  return Object.hasOwn(PLACES, name) ? (name as RuleDestination) : null;
}

export function describeSuggestions(suggestions: readonly JsonValue[]): Suggestion[] {
  return suggestions.map((raw, index) => {
    const offered = destinationOf(raw);
    const type = textField(raw, 'type');
    const named = textField(raw, 'destination') ?? '';
    const { where, undo } = offered === null ? { where: `Stored in ${named === '' ? 'an unknown place' : named}.`, undo: '' } : PLACES[offered];
    const movable = offered !== null && (type === 'addRules' || type === 'addDirectories');
    return { index, ...whatOf(raw), offered, movable, where, undo: type === 'setMode' ? 'Change the permission mode to take it back.' : undo };
  });
}

/**
 * Where what was chosen is stored unless someone says otherwise. Claude Code ignores allow rules of a project that was
 * never trusted in its own terminal: there, offering the project would store a rule that does nothing.
 */
export function placeFor(chosen: readonly Suggestion[], projectTrusted: boolean | null): RuleDestination | null {
  const offered = chosen.find((suggestion) => suggestion.movable)?.offered ?? null;
  return offered !== null && projectTrusted === false && isOfProject(offered) ? 'session' : offered;
}

/** What to send: nothing while everything goes where it was offered. */
export function movedTo(chosen: readonly Suggestion[], place: RuleDestination | null): RuleDestination | null {
  return chosen.some((suggestion) => suggestion.movable && suggestion.offered !== place) ? place : null;
}

/** "Bash(ls) for this session only": each thing that was stored with an answer. */
export function storedWords(rules: readonly JsonValue[]): string[] {
  return rules.flatMap((raw) => {
    const { what, rules: texts } = whatOf(raw);
    if (textField(raw, 'type') === 'setMode') return [`${what.replace('Switch to', 'Switched to')}`];
    const place = destinationOf(raw);
    const file = place === null ? (textField(raw, 'destination') ?? 'an unknown place') : PLACES[place].file;
    const where = file === null ? 'for this session only' : `in ${file}`;
    return texts.length === 0 ? [] : [`${what}: ${texts.join(', ')} – ${file === null ? '' : 'stored '}${where}`];
  });
}

function whatOf(raw: JsonValue): { what: string; rules: string[] } {
  switch (textField(raw, 'type')) {
    case 'addRules':
      return { what: ruleVerb(textField(raw, 'behavior')), rules: listField(raw, 'rules').map(ruleText) };
    case 'addDirectories':
      return { what: 'Let Claude work in', rules: texts(listField(raw, 'directories')) };
    case 'setMode':
      return { what: `Switch to the mode “${modeName(textField(raw, 'mode') ?? '')}”`, rules: [] };
    default:
      return { what: 'Apply', rules: [JSON.stringify(raw)] };
  }
}

function ruleVerb(behavior: string | null): string {
  if (behavior === 'deny') return 'Always deny';
  return behavior === 'ask' ? 'Always ask for' : 'Always allow';
}

function ruleText(rule: JsonValue): string {
  if (!isObject(rule)) return JSON.stringify(rule);
  const tool = textField(rule, 'toolName') ?? '?';
  const content = field(rule, 'ruleContent');
  return typeof content === 'string' ? `${tool}(${content})` : tool;
}
