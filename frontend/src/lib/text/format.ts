// How times, figures, counts and paths read, everywhere. Pure, so that every wording has a test.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "now", "2 min", "3 h", "yesterday", then the date: how long ago, as short as it can be said. */
export function ago(at: number, now: number): string {
  const passed = Math.max(0, now - at);
  if (passed < MINUTE) return 'now';
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min`;
  const days = daysBetween(at, now);
  if (days === 0 || passed < 6 * HOUR) return `${Math.floor(passed / HOUR)} h`;
  if (days === 1) return 'yesterday';
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Date(at).toLocaleDateString(undefined, { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) });
}

function daysBetween(at: number, now: number): number {
  const midnight = (time: number): number => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(at)) / DAY);
}

/** Time of day; with the date when it is not today. */
export function clock(at: number, now: number = Date.now()): string {
  const date = new Date(at);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return date.toDateString() === new Date(now).toDateString() ? time : `${day(date)}, ${time}`;
}

/** The whole timestamp, for hover and long-press. */
export function fullTime(at: number): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'medium' });
}

export function isoTime(at: number): string {
  return Number.isFinite(at) ? new Date(at).toISOString() : '';
}

/** "0.4 s", "8 s", "2 min 5 s", "1 h 3 min". */
export function duration(ms: number): string {
  if (ms < 950) return `${(Math.max(ms, 0) / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** Two significant cents below a dollar: "$0.042"; two decimals above: "$1.20". */
export function money(usd: number): string {
  if (usd <= 0) return '$0.00';
  if (usd < 0.0001) return '<$0.0001';
  if (usd >= 0.995) return `$${usd.toFixed(2)}`;
  // At most four decimals: nobody decides anything by a hundredth of a tenth of a cent.
  const decimals = Math.min(4, Math.max(2, 1 - Math.floor(Math.log10(usd))));
  return `$${usd.toFixed(decimals)}`;
}

/** "950", "1.2k", "41k", "1.1M". */
export function tokens(count: number): string {
  if (count < 1_000) return String(Math.round(count));
  if (count < 9_950) return `${trimZero((count / 1_000).toFixed(1))}k`;
  if (count < 999_500) return `${Math.round(count / 1_000)}k`;
  return `${trimZero((count / 1_000_000).toFixed(1))}M`;
}

export function plural(count: number, one: string, many: string = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** A directory relative to the root, as people say it. */
export function directory(cwd: string): string {
  return cwd === '.' || cwd === '' ? 'root directory' : cwd;
}

/** A session's directory, which is given from the root, as a whole path. */
export function absolute(root: string, cwd: string): string {
  return cwd === '.' || cwd === '' ? root : `${root.replace(/\/$/, '')}/${cwd}`;
}

/** Relative to the session's directory where it lies below it. */
export function relativePath(path: string, base: string | null): string {
  if (base === null || base === '') return path;
  const root = base.endsWith('/') ? base : `${base}/`;
  if (path === root || `${path}/` === root) return '.';
  return path.startsWith(root) ? path.slice(root.length) : path;
}

/** Keeps the first folder and the file name: "src/…/deep/file.rs". */
export function middleTruncate(path: string, most: number = 48): string {
  if (path.length <= most) return path;
  const parts = path.split('/');
  const file = parts.pop() ?? '';
  if (parts.length === 0 || file.length + 2 > most) return `…${path.slice(path.length - most + 1)}`;
  const head = parts[0] === '' ? `/${parts[1] ?? ''}` : (parts[0] ?? '');
  let tail = file;
  for (let i = parts.length - 1; i > 0; i -= 1) {
    const longer = `${parts[i]}/${tail}`;
    if (head.length + longer.length + 3 > most) break;
    tail = longer;
  }
  const whole = `${head}/…/${tail}`;
  return whole.length <= most ? whole : `…/${tail}`;
}

export function firstLine(text: string, most: number = 120): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  const more = line.length > most || text.trim().includes('\n');
  return more ? `${line.slice(0, most).trimEnd()}…` : line;
}

const ALIAS = /^(default|opus|sonnet|haiku|opusplan)(\[1m\])?$/;
const FAMILY = /^claude-(?:(\d+(?:-\d+)?)-)?(opus|sonnet|haiku|[a-z]+)(?:-(\d{1,2}(?:-\d{1,2})?))?(?:-\d{8})?(?:-latest)?(\[1m\])?$/;

/** "claude-opus-4-8[1m]" as people say it: "Opus 4.8 1M". Names it does not know stay as they are. */
export function modelName(model: string): string {
  const [, before, family, after, long] = FAMILY.exec(model) ?? [];
  const [, alias, longAlias] = ALIAS.exec(model) ?? [];
  const name = family ?? alias;
  if (name === undefined) return model;
  const version = (after ?? before ?? '').replace('-', '.');
  return [`${name.charAt(0).toUpperCase()}${name.slice(1)}`, version, (long ?? longAlias) === undefined ? '' : '1M'].filter((part) => part !== '').join(' ');
}

/** How much of the context window is used: "0 %" of something is wrong, and so is "100 %" while there is room. */
export function percentUsed(used: number, window: number): number {
  return Math.min(100, Math.max(1, Math.floor((used / window) * 100)));
}

function trimZero(figure: string): string {
  return figure.replace(/\.0$/, '');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function day(date: Date): string {
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}
