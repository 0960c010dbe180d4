// What was chosen lately comes first. Only ids are kept, in this browser.

const KEY = 'claude-web.palette.recent';
const MOST = 30;

type Store = Pick<Storage, 'getItem' | 'setItem'>;

export function recentIds(storage: Store): string[] {
  try {
    const stored: unknown = JSON.parse(storage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string').slice(0, MOST) : [];
  } catch {
    // Blocked or broken storage only costs the order.
    return [];
  }
}

export function remember(id: string, storage: Store): void {
  const ids = [id, ...recentIds(storage).filter((one) => one !== id)].slice(0, MOST);
  try {
    storage.setItem(KEY, JSON.stringify(ids));
  } catch {
    // See above.
  }
}
