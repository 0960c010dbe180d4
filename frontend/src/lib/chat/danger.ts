// What in a command deserves a second look. A help for the eye, not a guard: the guard is the person who reads it.

export type Severity = 'danger' | 'caution';

export interface Danger {
  readonly start: number;
  readonly end: number;
  readonly label: string;
  /** Danger: cannot be undone, or hands over control. Caution: worth noticing. */
  readonly severity: Severity;
}

export interface Piece {
  readonly text: string;
  readonly danger: Danger | null;
}

type Rule = readonly [pattern: RegExp, label: string, severity: Severity];

const SECRET_FILES =
  String.raw`(?:[^\s'"|;&<>]*\/)?(?:\.env(?:\.[\w-]+)?|id_(?:rsa|dsa|ecdsa|ed25519)|\.netrc|\.pgpass|\.git-credentials|\.npmrc|\.pypirc|[\w.-]+\.(?:pem|p12|pfx|key)|shadow|credentials(?:\.json)?|\.credentials\.json)(?=$|[\s'"|;&<>)])` +
  String.raw`|[^\s'"|;&<>]*(?:\.ssh|\.gnupg|\.aws|\.kube)\/[^\s'"|;&<>]*`;

const RULES: readonly Rule[] = [
  [/\brm\s+(?:-\S+\s+)*(?:-[a-zA-Z]*[rRf][a-zA-Z]*|--recursive|--force)\b[^;&|\n]*/g, 'deletes files', 'danger'],
  [/\bfind\b[^;&|\n]*\s-delete\b/g, 'deletes files', 'danger'],
  [/\b(?:shred|mkfs(?:\.\w+)?|wipefs)\b[^;&|\n]*/g, 'destroys data', 'danger'],
  [/\bdd\b[^;&|\n]*\bof=[^\s;&|]+/g, 'overwrites a device or file', 'danger'],
  [/(?:^|[\s;&|(`])((?:sudo|doas|su|pkexec)(?=\s|$))/g, 'runs with other rights', 'danger'],
  [/\b(?:curl|wget|fetch)\b[^;&\n]*\|\s*(?:sudo\s+)?(?:env\s+)?(?:ba|z|da|k|fi)?sh\b/g, 'runs code from the network', 'danger'],
  [/\b(?:curl|wget)\b[^;&\n]*\|\s*(?:sudo\s+)?(?:python[\d.]*|perl|ruby|node|php)\b/g, 'runs code from the network', 'danger'],
  [/\b(?:ba|z|da|k)?sh\s+(?:-c\s+["']?\$\(|<\()\s*(?:curl|wget)\b[^)\n]*\)?/g, 'runs code from the network', 'danger'],
  [/\bbase64\s+(?:-d|-D|--decode)\b[^;&\n]*\|\s*(?:ba|z|da|k)?sh\b/g, 'runs hidden code', 'danger'],
  [/\beval\s+[^;&|\n]+/g, 'runs text as code', 'caution'],
  [/\bgit\s+(?:-\S+\s+\S+\s+)*push\b[^;&|\n]*(?:\s--force(?:-with-lease|-if-includes)?\b\S*|\s-[a-zA-Z]*f[a-zA-Z]*\b|\s--mirror\b|\s\+[\w/.:-]+)[^;&|\n]*/g, 'rewrites remote history', 'danger'],
  [/\bgit\s+(?:-\S+\s+\S+\s+)*push\b[^;&|\n]*(?:\s--delete\b|\s:[\w/.-]+)[^;&|\n]*/g, 'deletes a remote branch', 'danger'],
  [/\bgit\s+(?:reset\s+[^;&|\n]*--hard\b|clean\s+[^;&|\n]*-[a-zA-Z]*f|checkout\s+(?:--\s+)?\.(?=\s|$)|restore\s+\.(?=\s|$))[^;&|\n]*/g, 'discards local changes', 'danger'],
  [/\bchmod\s+(?:-\S+\s+)*(?:0?777|a\+rwx|[ugo]*\+s)\b[^;&|\n]*/g, 'opens access', 'danger'],
  [/\bch(?:mod|own|grp)\s+(?:-\S+\s+)*(?:-[a-zA-Z]*R|--recursive)\b[^;&|\n]*/g, 'changes access of a whole tree', 'caution'],
  [/\b(?:shutdown|reboot|poweroff|halt)\b(?=\s|$|;)/g, 'turns the machine off', 'danger'],
  [/\b(?:npm|pnpm|yarn|cargo|twine|gem)\s+(?:publish|upload|push)\b[^;&|\n]*/g, 'publishes', 'danger'],
  [/\b(?:terraform|tofu)\s+destroy\b[^;&|\n]*|\bkubectl\s+delete\b[^;&|\n]*/g, 'deletes infrastructure', 'danger'],
  [/\b(?:DROP\s+(?:TABLE|DATABASE|SCHEMA)|TRUNCATE\s+TABLE)\b[^;\n]*/gi, 'deletes a database', 'danger'],
  [/\bkill(?:all)?\s+[^;&|\n]*-(?:9|KILL|SIGKILL)\b[^;&|\n]*|\bpkill\b[^;&|\n]*/g, 'ends programs', 'caution'],
  [/:\(\)\s*\{[^}]*\}\s*;\s*:/g, 'overloads the machine', 'danger'],
  [new RegExp(SECRET_FILES, 'g'), 'touches secrets', 'danger'],
  // Not `2>&1`, not `>/dev/null`, not `=>` and `->`.
  [/(?<![-=<>])(?:\d|&)?>>?(?!\s*(?:&\d|&-|\/dev\/(?:null|stdout|stderr)\b)|\()\s*[^\s;&|<>()]+/g, 'writes to a file', 'caution'],
];

/** In order of appearance, without overlaps; where two meet, the worse one stays. */
export function findDangers(command: string): Danger[] {
  const found: Danger[] = [];
  for (const [pattern, label, severity] of RULES) {
    for (const match of command.matchAll(pattern)) {
      const text = match[1] ?? match[0];
      const start = match.index + match[0].indexOf(text);
      const end = start + text.trimEnd().length;
      if (end > start) found.push({ start, end, label, severity });
    }
  }
  found.sort((a, b) => rank(a) - rank(b) || a.start - b.start);
  const kept: Danger[] = [];
  for (const danger of found) {
    if (!kept.some((other) => danger.start < other.end && other.start < danger.end)) kept.push(danger);
  }
  return kept.sort((a, b) => a.start - b.start);
}

export function touchesSecrets(path: string): boolean {
  return new RegExp(SECRET_FILES).test(path);
}

/** Distinct labels of the dangerous parts, the worst first. */
export function dangerLabels(dangers: readonly Danger[]): { label: string; severity: Severity }[] {
  const seen = new Map<string, Severity>();
  for (const { label, severity } of [...dangers].sort((a, b) => rank(a) - rank(b))) if (!seen.has(label)) seen.set(label, severity);
  return [...seen].map(([label, severity]) => ({ label, severity }));
}

export function pieces(text: string, dangers: readonly Danger[]): Piece[] {
  const out: Piece[] = [];
  let from = 0;
  for (const danger of dangers) {
    if (danger.start > from) out.push({ text: text.slice(from, danger.start), danger: null });
    out.push({ text: text.slice(danger.start, danger.end), danger });
    from = danger.end;
  }
  if (from < text.length) out.push({ text: text.slice(from), danger: null });
  return out;
}

export interface FoldedLine {
  readonly pieces: readonly Piece[];
  /** Lines left out before this one. */
  readonly skipped: number;
}

/** The first `most` lines and, however far down, every line with something dangerous in it. */
export function foldLines(text: string, dangers: readonly Danger[], most: number): { lines: FoldedLine[]; hidden: number; total: number } {
  const all = text.split('\n');
  const lines: FoldedLine[] = [];
  let offset = 0;
  let skipped = 0;
  let hidden = 0;
  all.forEach((line, index) => {
    const inLine = clip(dangers, offset, offset + line.length);
    if (index < most || inLine.length > 0) {
      lines.push({ pieces: pieces(line, inLine), skipped });
      skipped = 0;
    } else {
      skipped += 1;
      hidden += 1;
    }
    offset += line.length + 1;
  });
  return { lines, hidden, total: all.length };
}

function clip(dangers: readonly Danger[], start: number, end: number): Danger[] {
  return dangers
    .filter((danger) => danger.start < end && danger.end > start)
    .map((danger) => ({ ...danger, start: Math.max(danger.start, start) - start, end: Math.min(danger.end, end) - start }));
}

function rank(danger: { severity: Severity }): number {
  return danger.severity === 'danger' ? 0 : 1;
}
