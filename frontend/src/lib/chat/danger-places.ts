// Where a path of a command leads, and which files hold secrets.

const SECRET =
  /(?:^|[/=@:])(?:\.env(?:\.(?!example$|sample$|template$|dist$|test$|schema$)[\w-]+)*|\.envrc|id_(?:rsa|dsa|ecdsa|ed25519)|\.netrc|_netrc|\.pgpass|\.git-credentials|\.npmrc|\.yarnrc\.yml|\.pypirc|\.vault-token|[\w.-]*\.(?:pem|p12|pfx|key|jks|kdbx)|shadow|gshadow|credentials(?:\.json|\.toml)?|\.credentials(?:\.json)?|\.htpasswd|service[-_]account[\w-]*\.json|secrets?\.(?:ya?ml|json|toml|env))$/i;
const SECRET_FOLDER = /(?:^|[/=@:~])\.(?:ssh|gnupg|aws|kube|azure|password-store)(?:\/|$)|\/\.config\/(?:gcloud|gh)(?:\/|$)|\.docker\/config\.json$|\/proc\/[^/]+\/environ$/;
const PUBLIC = /\.pub$|\/known_hosts$/;

export function touchesSecrets(path: string): boolean {
  if (path.length > 4_096 || /\s/.test(path.trim()) || PUBLIC.test(path)) return false;
  // A glob can stand for them: `.env*`, `id_*`.
  return SECRET.test(path.replace(/[*?]+$/, '')) || SECRET_FOLDER.test(path) || /(?:^|\/)id_\*$/.test(path);
}

export type Place = 'inside' | 'outside' | 'temporary' | 'nowhere' | 'unknown';

const NOWHERE = /^\/dev\/(?:null|stdin|stdout|stderr|tty|fd\/\d+)$/;
const TEMPORARY = /^\/(?:private\/)?(?:var\/)?tmp(?:\/|$)|^\$\{?TMPDIR\}?(?:\/|$)/;
const SYSTEM = /^\/(?:etc|usr|bin|sbin|lib\w*|boot|dev|sys|proc|root|var|opt|System|Library)(?:\/|$)/;
const HOME = /^(?:~|\$HOME\b|\$\{HOME\})/;
const HERE = /^\$(?:PWD\b|\{PWD\})|^\$\(\)$/;

/** `here`: where `cd` has led so far. Without a base only what is plainly elsewhere counts as outside. */
export function placeOf(path: string, base: string | null, here: string): Place {
  const text = path.replace(HERE, '.');
  if (NOWHERE.test(text)) return 'nowhere';
  if (HOME.test(text)) return 'outside';
  if (text.startsWith('$')) return TEMPORARY.test(text) ? 'temporary' : 'unknown';
  const whole = resolve(text, base, here);
  if (whole === null) return 'outside';
  if (base !== null && (whole === base || whole.startsWith(`${base.replace(/\/$/, '')}/`))) return 'inside';
  if (!whole.startsWith('/')) return 'inside';
  if (TEMPORARY.test(whole)) return 'temporary';
  return base === null && !SYSTEM.test(whole) && whole !== '/' ? 'unknown' : 'outside';
}

/** None when it leads above what is known. */
function resolve(path: string, base: string | null, here: string): string | null {
  if (HOME.test(here) && !path.startsWith('/')) return null;
  const from = path.startsWith('/') ? '' : here.startsWith('/') ? here : `${base ?? ''}/${here}`;
  const rooted = path.startsWith('/') || here.startsWith('/') || base !== null;
  const parts: string[] = [];
  for (const part of `${from}/${path}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined && !rooted) return null;
  }
  return `${rooted ? '/' : ''}${parts.join('/')}`;
}

/** Where a `cd` leads. */
export function goTo(path: string | undefined, here: string): string {
  if (path === undefined || path === '' || path === '-') return '~';
  if (path.startsWith('/') || HOME.test(path)) return path.replace(HOME, '~');
  return here === '' ? path : `${here}/${path}`;
}
