// What a call really runs: past `env`, `sudo`, `timeout` and the like, and into `bash -c "…"`.

import type { Call, Word } from './danger-shell';

/** Programs that run another, and their options that take a value. */
const WRAPPERS: Readonly<Record<string, RegExp>> = {
  sudo: /^-[ugpCDhRrTt]$|^--(?:user|group|prompt|chdir|host)$/,
  doas: /^-[uC]$/,
  pkexec: /^--user$/,
  env: /^-[uCS]$/,
  nohup: /^$/,
  time: /^-[fo]$/,
  nice: /^-n$/,
  ionice: /^-[cnp]$/,
  timeout: /^-[sk]$/,
  stdbuf: /^-[ioe]$/,
  setsid: /^$/,
  command: /^$/,
  builtin: /^$/,
  exec: /^-a$/,
  xargs: /^-[IidEeLlnPsa]$/,
  parallel: /^-[jIN]$/,
  watch: /^-n$/,
  busybox: /^$/,
  strace: /^-[eop]$/,
  caffeinate: /^-[tw]$/,
  unbuffer: /^$/,
};

/** Wrappers whose first operand is theirs, not the program. */
const OWN_OPERAND = new Set(['timeout']);

export interface Step {
  readonly name: string;
  readonly word: Word;
  readonly args: readonly Word[];
}

export function programOf(word: Word | undefined): string {
  return word?.text.split('/').at(-1) ?? '';
}

const known = new WeakMap<Call, readonly Step[]>();

/** The wrappers of a call and, last, what they run. Asked again for every call further down a pipeline. */
export function stepsOf(call: Call): readonly Step[] {
  const before = known.get(call);
  if (before !== undefined) return before;
  const steps = unwrap(call);
  known.set(call, steps);
  return steps;
}

function unwrap(call: Call): Step[] {
  const steps: Step[] = [];
  let words: readonly Word[] = braces(call.words);
  while (words.length > 0 && steps.length < 12) {
    const [word, ...args] = words;
    if (word === undefined) break;
    const name = programOf(word);
    steps.push({ name, word, args });
    if (!Object.hasOwn(WRAPPERS, name)) break;
    words = afterOptions(name, args);
  }
  return steps;
}

function afterOptions(name: string, args: readonly Word[]): readonly Word[] {
  let own = OWN_OPERAND.has(name) ? 1 : 0;
  for (let i = 0; i < args.length; i += 1) {
    const text = args[i]?.text ?? '';
    if (text === '--') return args.slice(i + 1);
    if (text.startsWith('-') && text.length > 1) {
      if (WRAPPERS[name]?.test(text)) i += 1;
    } else if (name === 'env' && /^\w+=/.test(text)) continue;
    else if (own > 0) own -= 1;
    else return args.slice(i);
  }
  return [];
}

/** `{rm,-rf,/}` is three words. */
function braces(words: readonly Word[]): readonly Word[] {
  const [first, ...rest] = words;
  const inside = first === undefined || first.quoted ? null : /^\{([^{}]*,[^{}]*)\}$/.exec(first.text);
  if (first === undefined || inside === null) return words;
  return [...(inside[1] ?? '').split(',').map((text) => ({ ...first, text, at: Array.from(text, () => first.start) })), ...rest];
}

export interface Code {
  readonly text: string;
  readonly at: readonly number[];
}

const SHELL = /^(?:ba|z|da|k|fi|a|c|tc)?sh$/;
export const isShell = (name: string): boolean => SHELL.test(name);
export const isInterpreter = (name: string): boolean => isShell(name) || /^(?:python[\d.]*|perl|ruby|node|php|deno|bun|osascript|pwsh|source|\.)$/.test(name);

/** Text that this step runs as a shell command. */
export function codeOf({ name, args }: Step): Code[] {
  if (name === 'eval') return args.length === 0 ? [] : [joined(args)];
  if (name === 'trap') return args[0] === undefined ? [] : [args[0]];
  if (isShell(name) || name === 'su' || name === 'script') {
    const at = args.findIndex((word) => /^-[a-z]*c$/.test(word.text) || word.text === '--command');
    const code = at < 0 ? undefined : args[at + 1];
    return code === undefined ? [] : [code];
  }
  if (name === 'env') {
    const at = args.findIndex((word) => /^-[a-zA-Z]*S$/.test(word.text));
    return at < 0 || args[at + 1] === undefined ? [] : [joined(args.slice(at + 1))];
  }
  if (name === 'ssh') {
    const rest = operands(args, /^-[bcDEeFIiJLlmOopQRSWw]$/).slice(1);
    return rest.length === 0 ? [] : [joined(rest)];
  }
  if (name === 'watch' || name === 'parallel') return args.filter((word) => /\s/.test(word.text));
  return [];
}

export function joined(words: readonly Word[]): Code {
  const at: number[] = [];
  let text = '';
  for (const word of words) {
    if (text !== '') {
      text += ' ';
      at.push(word.start);
    }
    text += word.text;
    at.push(...word.at);
  }
  return { text, at };
}

/** What is no option; `valued` are the options that take the next word. */
export function operands(args: readonly Word[], valued = /^$/): Word[] {
  const out: Word[] = [];
  let plain = false;
  for (let i = 0; i < args.length; i += 1) {
    const word = args[i];
    if (word === undefined) break;
    if (!plain && word.text === '--') plain = true;
    else if (plain || !word.text.startsWith('-') || word.text === '-') out.push(word);
    else if (valued.test(word.text)) i += 1;
  }
  return out;
}

/** Whether an option is there, alone or among others: `-fd`, `-f -d`, `--force`. */
export function has(args: readonly Word[], letters: string, ...long: readonly string[]): boolean {
  for (const { text } of args) {
    if (text === '--') return false;
    if (long.some((name) => text === name || text.startsWith(`${name}=`))) return true;
    if (letters !== '' && /^-[A-Za-z0-9]+$/.test(text) && [...letters].some((letter) => text.includes(letter))) return true;
  }
  return false;
}
