// Which grammar a piece of code is read with. Names are what people write after a fence; extensions are those of files.

/** Each is a chunk of its own, fetched when it is first needed. */
export const GRAMMARS = {
  bash: () => import('shiki/langs/shellscript.mjs'),
  c: () => import('shiki/langs/c.mjs'),
  csharp: () => import('shiki/langs/csharp.mjs'),
  css: () => import('shiki/langs/css.mjs'),
  dart: () => import('shiki/langs/dart.mjs'),
  diff: () => import('shiki/langs/diff.mjs'),
  dockerfile: () => import('shiki/langs/docker.mjs'),
  elixir: () => import('shiki/langs/elixir.mjs'),
  go: () => import('shiki/langs/go.mjs'),
  html: () => import('shiki/langs/html.mjs'),
  ini: () => import('shiki/langs/ini.mjs'),
  java: () => import('shiki/langs/java.mjs'),
  javascript: () => import('shiki/langs/javascript.mjs'),
  json: () => import('shiki/langs/jsonc.mjs'),
  kotlin: () => import('shiki/langs/kotlin.mjs'),
  lua: () => import('shiki/langs/lua.mjs'),
  make: () => import('shiki/langs/make.mjs'),
  markdown: () => import('shiki/langs/markdown.mjs'),
  nix: () => import('shiki/langs/nix.mjs'),
  php: () => import('shiki/langs/php.mjs'),
  powershell: () => import('shiki/langs/powershell.mjs'),
  python: () => import('shiki/langs/python.mjs'),
  ruby: () => import('shiki/langs/ruby.mjs'),
  rust: () => import('shiki/langs/rust.mjs'),
  scss: () => import('shiki/langs/scss.mjs'),
  sql: () => import('shiki/langs/sql.mjs'),
  svelte: () => import('shiki/langs/svelte.mjs'),
  swift: () => import('shiki/langs/swift.mjs'),
  toml: () => import('shiki/langs/toml.mjs'),
  tsx: () => import('shiki/langs/tsx.mjs'),
  vue: () => import('shiki/langs/vue.mjs'),
  xml: () => import('shiki/langs/xml.mjs'),
  yaml: () => import('shiki/langs/yaml.mjs'),
  zig: () => import('shiki/langs/zig.mjs'),
} as const;

export type Language = keyof typeof GRAMMARS;

/** What the grammar's own file calls it. */
export const SCOPE_NAMES: Readonly<Partial<Record<Language, string>>> = {
  bash: 'shellscript',
  dockerfile: 'docker',
  json: 'jsonc',
};

// One grammar reads TypeScript with and without JSX. C++ is read as C: its own grammar is ten times the size and compiles
// for most of a second.
const ALIASES: Readonly<Record<Language, string>> = {
  bash: 'sh shell shellscript zsh fish console shell-session bats ksh bashrc zshrc profile',
  c: 'h cpp cc cxx hpp hxx hh c++ ino objective-c m mm cuda cu',
  csharp: 'cs c# csx',
  css: 'pcss postcss',
  dart: '',
  diff: 'patch udiff',
  dockerfile: 'docker containerfile',
  elixir: 'ex exs',
  go: 'golang',
  html: 'htm xhtml',
  ini: 'conf cfg properties env dotenv editorconfig gitconfig service desktop',
  java: 'groovy gradle',
  javascript: 'js mjs cjs node',
  json: 'jsonc json5 jsonl ndjson webmanifest map ipynb',
  kotlin: 'kt kts',
  lua: '',
  make: 'makefile mk gnumakefile',
  markdown: 'md mdx mkd',
  nix: '',
  php: 'phtml',
  powershell: 'ps1 psm1 pwsh ps',
  python: 'py pyi pyw py3 python3 bzl',
  ruby: 'rb rake gemspec gemfile rakefile',
  rust: 'rs',
  scss: 'sass less',
  sql: 'psql mysql sqlite pgsql',
  svelte: '',
  swift: '',
  toml: 'lock',
  tsx: 'ts typescript mts cts jsx',
  vue: '',
  xml: 'svg xsl xsd plist csproj rss atom',
  yaml: 'yml',
  zig: '',
};

const BY_NAME: ReadonlyMap<string, Language> = new Map(
  (Object.keys(GRAMMARS) as Language[]).flatMap((language) =>
    [language, ...ALIASES[language].split(' ')].filter((name) => name !== '').map((name): [string, Language] => [name, language]),
  ),
);

/** None for what is not known, and for plain text. */
export function languageNamed(name: string): Language | null {
  return BY_NAME.get(name.toLowerCase()) ?? null;
}

export function languageOfPath(path: string): Language | null {
  const file = (path.split('/').pop() ?? '').toLowerCase();
  const end = file.slice(file.lastIndexOf('.') + 1);
  if (file === 'package-lock.json' || file.endsWith('.lock.json')) return 'json';
  // `Dockerfile.dev`, `Makefile.am`: what comes first says it.
  return languageNamed(end) ?? languageNamed(file.split('.')[0] === '' ? file.slice(1) : (file.split('.')[0] ?? ''));
}
