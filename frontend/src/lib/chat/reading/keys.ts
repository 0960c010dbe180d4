// Keys for moving through a conversation.

export type ReadingKey = 'find' | 'close find' | 'previous prompt' | 'next prompt';

interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly isComposing: boolean;
}

/** `finding`: the find bar is open; then the browser's own find is one more press away. */
export function readingKey(event: Key, typing: boolean, finding: boolean): ReadingKey | null {
  if (event.isComposing || event.altKey && !event.ctrlKey) return null;
  const command = event.ctrlKey !== event.metaKey;
  if (command && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'f') return finding ? null : 'find';
  // Where brackets need AltGr, that reads as Control and Alt.
  const bare = !event.metaKey && event.ctrlKey === event.altKey;
  if (!bare || typing) return null;
  if (event.key === '[') return 'previous prompt';
  if (event.key === ']') return 'next prompt';
  return event.key === 'Escape' && finding ? 'close find' : null;
}
