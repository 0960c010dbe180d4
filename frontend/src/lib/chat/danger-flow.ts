// What flows between programs: code that comes from the network, secrets that leave.

import { has, isInterpreter, isShell, operands, programOf, stepsOf, type Step } from './danger-calls';
import { touchesSecrets } from './danger-places';
import type { Judge } from './danger-rules';
import type { Call, Word } from './danger-shell';

const FETCH = /^(?:curl|wget|fetch|http|https|xh|aria2c|lynx)$/;
const SENDS = /^(?:curl|wget|http|https|xh|nc|ncat|netcat|socat|scp|rsync|sftp|ftp|telnet|ssh|mail|sendmail)$/;
const DECODES = /^(?:base64|base32|xxd|openssl|uudecode|gpg|rev|tr|gunzip|zcat|printf)$/;
/** Programs whose words are text, not files. */
const SPEAKS = new Set(['echo', 'printf']);
const TEXT_OPTION = /^(?:-[a-z]*m|-F|--(?:message|title|body|notes|description|reason))$/;
const TEXT_OPTION_VALUE = /^--(?:message|title|body|notes|description|reason)=/;
const LOCAL = /^(?:https?:\/\/)?(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|0\.0\.0\.0)(?::|\/|$)/;
const SECRET_VARIABLE = /\$\{?[A-Z0-9_]*(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|PRIVATE_KEY|CREDENTIALS?)[A-Z0-9_]*\b/;
const SECRET_VALUE = /\b(?:sk-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|AKIA[A-Z0-9]{12,})/;

export const last = (call: Call): Step | undefined => stepsOf(call).at(-1);
const is = (step: Step | undefined, pattern: RegExp): boolean => step !== undefined && pattern.test(step.name);

function upstream(call: Call): Call[] {
  const calls: Call[] = [];
  for (let from = call.from; from !== null && calls.length < 40; from = from.from) calls.push(from);
  return calls;
}

const decodes = (step: Step | undefined): boolean =>
  is(step, DECODES) && step !== undefined && (!/^(?:base64|base32|xxd|openssl|gpg)$/.test(step.name) || has(step.args, 'dDr', '--decode', '--decrypt', '--revert', '-base64'));

export function judgeFlow(call: Call, step: Step, judge: Judge, downloads: Set<string>): void {
  const before = isInterpreter(step.name) || SENDS.test(step.name) ? upstream(call) : [];
  const inner = [...call.words, ...call.texts, ...call.redirects.map((redirect) => redirect.target)].flatMap((word) => word.inner);
  if (isInterpreter(step.name)) runs(step, before, inner, judge, downloads);
  if (step.name === 'eval') {
    if (inner.some((one) => is(last(one), FETCH))) judge.mark('runs code from the network', 'danger');
    else if (inner.some((one) => decodes(last(one)))) judge.mark('runs hidden code', 'danger');
    else judge.mark('runs text as code', 'warn');
  }
  if (downloads.has(step.word.text)) judge.mark('runs code from the network', 'danger');
  if (FETCH.test(step.name)) remember(step, call, downloads);
  if (SENDS.test(step.name)) sends(step, before, inner, judge);
  else if (step.name === 'printenv' || ((step.name === 'env' || step.name === 'export' || step.name === 'declare') && dumps(call))) judge.mark('shows the environment', 'warn');
  secrets(call, step, judge);
}

function runs(step: Step, before: readonly Call[], inner: readonly Call[], judge: Judge, downloads: ReadonlySet<string>): void {
  const first = before.at(-1)?.words[0] ?? step.word;
  const code = operands(step.args)[0];
  // `python -c …` reads its input as data; a shell without a script runs it.
  const reads = code === undefined || isShell(step.name) ? !has(step.args, 'cem') : code.text === '-';
  if (inner.some((one) => is(last(one), FETCH))) judge.mark('runs code from the network', 'danger');
  else if (inner.some((one) => decodes(last(one)))) judge.mark('runs hidden code', 'danger');
  if (code !== undefined && downloads.has(code.text)) judge.mark('runs code from the network', 'danger');
  if (!reads || before.length === 0) return;
  if (before.some((one) => is(last(one), FETCH))) judge.mark('runs code from the network', 'danger', first, step.args.at(-1) ?? step.word);
  else if (before.some((one) => decodes(last(one)))) judge.mark('runs hidden code', 'danger', first, step.args.at(-1) ?? step.word);
  else judge.mark('runs text as code', 'warn', first, step.args.at(-1) ?? step.word);
}

function remember({ name, args }: Step, call: Call, downloads: Set<string>): void {
  for (const { op, target } of call.redirects) if (op.includes('>')) learn(target.text, downloads);
  const option = args.findIndex((word) => (name === 'wget' ? /^-[a-zA-Z]*O$|^--output-document$/ : /^-[a-zA-Z]*o$|^--output$/).test(word.text));
  const named = option < 0 ? undefined : args[option + 1];
  if (named !== undefined && named.text !== '-') learn(named.text, downloads);
  const remote = option < 0 && (name === 'wget' || has(args, 'O', '--remote-name'));
  if (remote) for (const { text } of operands(args)) learn(text.split(/[?#]/)[0]?.split('/').at(-1) ?? '', downloads);
}

function learn(path: string, downloads: Set<string>): void {
  if (path === '' || path.startsWith('/dev/')) return;
  downloads.add(path);
  downloads.add(path.startsWith('./') ? path.slice(2) : `./${path}`);
}

function dumps(call: Call): boolean {
  const [word, ...args] = call.words;
  const name = programOf(word);
  if (name === 'env') return args.every(({ text }) => text.startsWith('-') && !/^-i$|^--ignore/.test(text));
  return (name === 'export' || name === 'declare') && args.every(({ text }) => /^-[px]+$/.test(text));
}

const isDump = (call: Call): boolean => dumps(call) || programOf(call.words[0]) === 'printenv' || (programOf(call.words[0]) === 'set' && call.words.length === 1);

function sends({ name, args }: Step, before: readonly Call[], inner: readonly Call[], judge: Judge): void {
  const first = before.at(-1)?.words[0];
  if ([...before, ...inner].some(isDump)) return judge.mark('sends the environment', 'danger', first);
  const files = [...args, ...[...before, ...inner].flatMap((call) => call.words)];
  const secret = files.some(({ text }) => touchesSecrets(text.replace(/^[^=@]*=?@/, ''))) && name !== 'ssh';
  const held = args.some(({ text }) => SECRET_VALUE.test(text) || (SECRET_VARIABLE.test(text) && !/^Authorization:/i.test(text)));
  if (secret || held) return judge.mark('sends a secret', 'danger', first);
  const data = has(args, '', '-d', '--data', '--data-binary', '--data-raw', '--data-urlencode', '--json', '-F', '--form', '-T', '--upload-file', '--post-file', '--post-data', '--body-file');
  const piped = /^(?:nc|ncat|netcat|telnet|mail|sendmail)$/.test(name) && before.length > 0;
  const local = args.some(({ text }) => LOCAL.test(text));
  if ((data || piped) && !local) judge.mark('sends data to the network', 'warn', piped ? first : undefined);
}

function secrets(call: Call, step: Step, judge: Judge): void {
  for (const { target } of call.redirects) if (touchesSecrets(target.text)) judge.mark('touches secrets', 'danger', target);
  if (SPEAKS.has(step.name)) {
    for (const word of step.args) if (SECRET_VARIABLE.test(word.text) || SECRET_VALUE.test(word.text)) judge.mark('shows a secret', 'warn', word);
    return;
  }
  step.args.forEach((word: Word, i) => {
    if (!TEXT_OPTION.test(step.args[i - 1]?.text ?? '') && !TEXT_OPTION_VALUE.test(word.text) && touchesSecrets(word.text.replace(/^@/, ''))) judge.mark('touches secrets', 'danger', word);
  });
}
