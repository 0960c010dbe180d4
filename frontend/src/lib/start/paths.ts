// Paths relative to the root; `.` is the root itself.

export function join(directory: string, name: string): string {
  return directory === '.' ? name : `${directory}/${name}`;
}

export function parent(directory: string): string {
  const cut = directory.lastIndexOf('/');
  return cut < 0 ? '.' : directory.slice(0, cut);
}

export interface Crumb {
  name: string;
  path: string;
}

export function crumbs(directory: string): Crumb[] {
  const parts = directory === '.' ? [] : directory.split('/');
  return [{ name: 'root', path: '.' }, ...parts.map((name, index) => ({ name, path: parts.slice(0, index + 1).join('/') }))];
}
