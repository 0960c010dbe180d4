// What single programs can do that deserves a second look.

import { has, operands, type Step } from './danger-calls';
import type { Place } from './danger-places';
import type { Word } from './danger-shell';

export type Severity = 'danger' | 'warn';

export interface Judge {
  mark(label: string, severity: Severity, from?: Word, to?: Word): void;
  placeOf(path: string): Place;
  /** Run by `xargs` or `find`: on whatever was found. */
  readonly many: boolean;
}

type Rule = (step: Step, judge: Judge) => void;

const text = (words: readonly Word[]): string => words.map((word) => word.text).join(' ');
const always =
  (label: string, severity: Severity = 'danger'): Rule =>
  (_, judge) =>
    judge.mark(label, severity);

const WHOLE = /^(?:\/|~|\$HOME|\$\{HOME\}|\.|\.\.|\*)?\/?\*?$/;

const rm: Rule = ({ args }, judge) => {
  const recursive = has(args, 'rR', '--recursive');
  const force = has(args, 'f', '--force');
  const targets = operands(args);
  const wide = has(args, '', '--no-preserve-root') || targets.some(({ text: target }) => WHOLE.test(target) || (recursive && target.startsWith('$')));
  const outside = targets.some(({ text: target }) => judge.placeOf(target) === 'outside');
  if (wide || outside || judge.many || (recursive && force)) judge.mark('deletes files', 'danger');
  else if (recursive || force) judge.mark('deletes files', 'warn');
};

const find: Rule = ({ args }, judge) => {
  if (args.some((word) => word.text === '-delete')) judge.mark('deletes files', 'danger');
};

const git: Rule = ({ args }, judge) => {
  const rest = gitArguments(args);
  const [sub, ...more] = rest;
  const said = operands(more);
  switch (sub?.text) {
    case 'push':
      return push(more, judge);
    case 'reset':
      if (has(more, '', '--hard', '--merge')) judge.mark('discards local changes', 'danger');
      return;
    case 'clean':
      if (has(more, 'f', '--force') && !has(more, 'n', '--dry-run')) judge.mark('discards local changes', 'danger');
      return;
    case 'checkout':
    case 'restore':
    case 'switch':
      if (said.some((word) => word.text === '.' || word.text === ':/') || has(more, '', '--discard-changes') || (sub.text !== 'restore' && has(more, 'f', '--force'))) judge.mark('discards local changes', 'danger');
      else if ((sub.text === 'restore' && !has(more, '', '--staged')) || more.some((word) => word.text === '--')) judge.mark('discards changes to files', 'warn');
      return;
    case 'stash':
      if (said[0]?.text === 'drop' || said[0]?.text === 'clear') judge.mark('discards local changes', 'danger');
      return;
    case 'branch':
      if (has(more, 'D') || (has(more, 'd', '--delete') && has(more, 'f', '--force'))) judge.mark('deletes a branch', 'warn');
      return;
    case 'filter-branch':
    case 'filter-repo':
      return judge.mark('rewrites history', 'danger');
    case 'reflog':
      if (said[0]?.text === 'expire' || said[0]?.text === 'delete') judge.mark('destroys history', 'danger');
      return;
    case 'gc':
      if (has(more, '', '--prune')) judge.mark('destroys history', 'danger');
      return;
    case 'update-ref':
      if (has(more, 'd')) judge.mark('destroys history', 'danger');
      return;
    case 'config':
      if (has(more, '', '--global', '--system')) judge.mark('changes Git for all projects', 'warn');
      else if (/core\.(?:hookspath|fsmonitor|sshcommand|pager|editor)|alias\.|filter\./i.test(text(said)) && said.length > 1) judge.mark('makes Git run programs', 'warn');
      return;
    case 'commit':
      if (has(more, '', '--no-verify')) judge.mark('skips hooks', 'warn');
  }
};

function gitArguments(args: readonly Word[]): readonly Word[] {
  let i = 0;
  while (i < args.length && args[i]?.text.startsWith('-')) i += /^(?:-[Cc]|--git-dir|--work-tree|--namespace)$/.test(args[i]?.text ?? '') ? 2 : 1;
  return args.slice(i);
}

function push(args: readonly Word[], judge: Judge): void {
  const said = operands(args, /^-o$|^--(?:repo|push-option)$/);
  if (has(args, '', '--dry-run') || has(args, 'n')) return;
  if (has(args, 'f', '--force', '--mirror') || said.some((word) => /^\+./.test(word.text))) judge.mark('rewrites remote history', 'danger');
  else if (has(args, '', '--force-with-lease', '--force-if-includes')) judge.mark('rewrites remote history', 'warn');
  if (has(args, 'd', '--delete', '--prune') || said.some((word) => /^:./.test(word.text))) judge.mark('deletes a remote branch', 'danger');
  if (has(args, '', '--no-verify')) judge.mark('skips hooks', 'warn');
}

const chmod: Rule = ({ args }, judge) => {
  const recursive = has(args, 'R', '--recursive');
  const open = args.some(({ text: mode }) => /^0?[0-7]?[0-7]{2}[2367]$|^(?:[ugo]*[ao][ugo]*|)\+[rx]*w/.test(mode) && mode !== '+w');
  const set = args.some(({ text: mode }) => /^[ugo]*\+[rwx]*s|^0?[24567][0-7]{3}$/.test(mode));
  if (open || set) judge.mark('opens access', 'danger');
  else if (recursive) judge.mark('changes access of a whole tree', 'warn');
};

const chown: Rule = ({ args }, judge) => {
  if (has(args, 'R', '--recursive')) judge.mark('changes access of a whole tree', operands(args).slice(1).some((word) => judge.placeOf(word.text) === 'outside') ? 'danger' : 'warn');
};

const kill: Rule = ({ name, args }, judge) => {
  const targets = args.map((word) => word.text).filter((arg) => !/^-(?:l|L|0|s|[A-Z][A-Z0-9]*|\d\d?)$/.test(arg) || arg === '-1');
  const all = name === 'kill' && args.length > 1 && args.slice(1).some((word) => word.text === '-1');
  if (all) judge.mark('ends all programs', 'danger');
  else if (name !== 'kill' || (targets.length > 0 && has(args, '9', '-KILL', '-SIGKILL'))) judge.mark('ends programs', 'warn');
};

/** The last operand is where it goes; `mv` takes away from where it comes, too. */
const copy: Rule = ({ name, args }, judge) => {
  const said = operands(args, /^-[tmogSe]$|^--(?:target-directory|mode|owner|group|suffix)$/);
  const option = args.findIndex((word) => word.text === '-t' || word.text === '--target-directory');
  const to = option >= 0 ? args[option + 1] : said.at(-1);
  if (to === undefined) return;
  const targets = name === 'mv' ? [...said, to] : [to];
  for (const target of new Set(targets)) writes(target, judge);
};

/** A warning only where it is no surprise. */
export function writes(target: Word, judge: Judge, inside: string | null = null): void {
  const path = target.text;
  const place = judge.placeOf(path);
  if (place === 'nowhere') return;
  if (/(?:^|\/)\.git\/(?:hooks\/|config$)|(?:^|\/)\.husky\//.test(path)) judge.mark('changes what Git runs', 'danger', target);
  else if (/(?:^|\/)\.claude\/settings(?:\.local)?\.json$/.test(path)) judge.mark('changes what Claude may do', 'danger', target);
  else if (/^\/dev\/(?:tcp|udp)\//.test(path)) judge.mark('opens a connection', 'danger', target);
  else if (/history$/.test(path) && place === 'outside') judge.mark('hides what was run', 'danger', target);
  else if (place === 'outside' && !/^[\w.-]*@?[\w.-]+:/.test(path)) judge.mark('writes outside the project', 'danger', target);
  else if (place === 'temporary') judge.mark('writes outside the project', 'warn', target);
  else if (inside !== null) judge.mark(inside, 'warn', target);
}

const tee: Rule = ({ args }, judge) => {
  for (const target of operands(args)) writes(target, judge, 'writes to a file');
};

const inPlace: Rule = ({ args }, judge) => {
  if (args.some((word) => /^-[a-zA-Z]*i|^--in-place/.test(word.text))) for (const target of operands(args, /^-[ef]$/).slice(-1)) writes(target, judge, 'changes files in place');
};

const container: Rule = ({ args }, judge) => {
  const all = args.map((word) => word.text);
  const said = operands(args, /^-[vepw]$|^--(?:volume|env|name|mount|network|workdir)$/).map((word) => word.text);
  const runs = said.some((word) => word === 'run' || word === 'exec' || word === 'create');
  const mounts = all.some((word, i) => /^(?:-v|--volume|--mount)$/.test(all[i - 1] ?? '') && /^(?:\/:|type=bind.*(?:source|src)=\/(?:,|$))|docker\.sock/.test(word)) || all.some((word) => /^(?:-v|--volume=|--mount=)(?:\/:|.*docker\.sock|type=bind.*(?:source|src)=\/(?:,|$))/.test(word));
  if (runs && (mounts || has(args, '', '--privileged', '--cap-add', '--device') || all.some((word) => /^--(?:pid|ipc|userns)=host$/.test(word)))) judge.mark('gives a container this machine', 'danger');
  if (said[0] === 'push' || (said[0] === 'image' && said[1] === 'push')) judge.mark('publishes', 'danger');
  if (said.includes('prune') || (/^(?:volume|image|container|network)$/.test(said[0] ?? '') && said[1] === 'rm') || (said.includes('down') && has(args, 'v', '--volumes'))) judge.mark('deletes containers or their data', 'danger');
};

/** By the first operands of a program. */
const on =
  (pattern: RegExp, label: string, severity: Severity = 'danger'): Rule =>
  ({ args }, judge) => {
    const dry = args.some((word) => /^--dry-run|^--help$|^-h$|^--version$/.test(word.text));
    if (!dry && pattern.test(text(operands(args)))) judge.mark(label, severity);
  };

const npm: Rule = (step, judge) => {
  on(/^(?:publish|unpublish|deprecate|dist-tag add|npm publish)\b/, 'publishes')(step, judge);
  if (has(step.args, 'g', '--global') && /^(?:i|install|add|un\w*|update|up)\b/.test(text(operands(step.args)))) judge.mark('installs for all projects', 'warn');
  on(/^token\b/, 'reads a secret')(step, judge);
};

const sql: Rule = ({ args }, judge) => {
  if (/\b(?:DROP\s+(?:TABLE|DATABASE|SCHEMA)|TRUNCATE(?:\s+TABLE)?\s+\w)\b|\bDELETE\s+FROM\s+[\w."`]+\s*(?:;|$)/i.test(text(args))) judge.mark('deletes a database', 'danger');
};

const system: Rule = ({ name, args }, judge) => {
  const verb = operands(args)[name === 'service' ? 1 : 0]?.text ?? '';
  if (!/^(?:status|list|is-|show|cat|help|get-default|print|$)/.test(verb)) judge.mark('changes system services', 'danger');
};

const crontab: Rule = ({ args }, judge) => {
  if (!has(args, 'l')) judge.mark('schedules programs', 'danger');
};

const history: Rule = ({ args }, judge) => {
  if (has(args, 'cdwr')) judge.mark('hides what was run', 'danger');
};

const unset: Rule = ({ args }, judge) => {
  if (/\bHIST\w+|\+o history/.test(text(args))) judge.mark('hides what was run', 'danger');
};

const netcat: Rule = ({ args }, judge) => {
  if (has(args, 'e', '--exec', '--sh-exec') || has(args, 'c')) judge.mark('opens a shell to the network', 'danger');
};

const scripted: Rule = ({ args }, judge) => {
  if (/shutil\.rmtree|rmSync\(|rm_rf|fs\.rm\(|File::Path|remove_tree|FileUtils\.rm/.test(text(args))) judge.mark('deletes files', 'danger');
  if (/pty\.spawn|\bos\.system\(|subprocess\.|child_process/.test(text(args)) && has(args, 'ce')) judge.mark('runs text as code', 'warn');
};

const truncate: Rule = ({ args }, judge) => {
  for (const target of operands(args, /^-[sr]$/)) writes(target, judge, 'empties files');
};

const dd: Rule = ({ args }, judge) => {
  const to = args.find((word) => word.text.startsWith('of='));
  if (to !== undefined && judge.placeOf(to.text.slice(3)) !== 'nowhere') judge.mark('overwrites a device or file', 'danger');
};

const claude: Rule = ({ args }, judge) => {
  if (args.some((word) => /^--(?:dangerously-\S+|yolo|full-auto)$|^bypassPermissions$/.test(word.text))) judge.mark('starts an agent that asks nothing', 'danger');
};

const publishing = on(/^(?:publish|upload|push|deploy|yank|unpublish|release)\b/, 'publishes');
const infrastructure = on(/^(?:destroy|delete|drain|apps:destroy|apply -destroy)\b|\bdelete\b|\bs3 r[mb]\b|\bterminate-instances\b/, 'deletes infrastructure');
const packages = on(/^(?:install|remove|purge|uninstall|upgrade|dist-upgrade|autoremove|add|del)\b/, 'changes the system', 'warn');

const TABLE: readonly (readonly [names: string, rule: Rule])[] = [
  ['rm', rm],
  ['find', find],
  ['git', git],
  ['shred mkfs wipefs blkdiscard fdisk sfdisk parted mkswap cryptsetup', always('destroys data')],
  ['dd', dd],
  ['truncate', truncate],
  ['sudo doas su pkexec', ({ word }, judge) => judge.mark('runs with other rights', 'danger', word)],
  ['chmod setfacl', chmod],
  ['chown chgrp', chown],
  ['kill killall pkill', kill],
  ['cp mv install rsync ln scp', copy],
  ['tee', tee],
  ['sed perl', inPlace],
  ['docker podman nerdctl', container],
  ['docker-compose', container],
  ['npm pnpm yarn bun', npm],
  ['cargo twine gem poetry uv hatch flit vsce ovsx helm mvn gradle lerna dotnet', publishing],
  ['gh', on(/^(?:release (?:create|delete|upload)|repo delete|secret set|gist create|workflow run|pr merge)\b/, 'publishes')],
  ['gh gcloud aws pass vault security gpg doppler op kubectl', on(/^(?:auth (?:token|print-\S+)|configure get|configure export-credentials|show\b|read\b|find-\S+-password|get secrets?\b|secrets download|item get)/, 'reads a secret')],
  ['terraform tofu pulumi kubectl heroku gcloud aws az flyctl fly', infrastructure],
  ['psql mysql mariadb sqlite3 clickhouse-client sqlcmd', sql],
  ['dropdb', always('deletes a database')],
  ['redis-cli', on(/^(?:flushall|flushdb)\b/i, 'deletes a database')],
  ['systemctl service launchctl initctl', system],
  ['crontab', crontab],
  ['at batch', always('schedules programs', 'warn')],
  ['shutdown reboot poweroff halt', always('turns the machine off')],
  ['history', history],
  ['unset set', unset],
  ['nc ncat netcat socat', netcat],
  ['python python3 python2 node perl ruby php deno', scripted],
  ['mount umount iptables nft ufw useradd userdel usermod passwd visudo chpasswd insmod modprobe rmmod sysctl chattr setenforce swapoff', always('changes the system')],
  ['apt apt-get dnf yum apk pacman zypper brew snap', packages],
  ['claude codex gemini', claude],
  ['ssh', always('runs on another machine', 'warn')],
];

const RULES = new Map<string, Rule[]>();
for (const [names, rule] of TABLE) for (const name of names.split(' ')) RULES.set(name, [...(RULES.get(name) ?? []), rule]);

export function judgeStep(step: Step, judge: Judge): void {
  const name = step.name.startsWith('mkfs.') ? 'mkfs' : step.name;
  for (const rule of RULES.get(name) ?? []) rule(step, judge);
}
