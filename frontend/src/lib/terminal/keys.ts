// What keys on glass send.

export type GlassKey = 'escape' | 'tab' | 'backtab' | 'up' | 'down' | 'left' | 'right' | 'interrupt';

const ARROWS: Readonly<Record<'up' | 'down' | 'right' | 'left', string>> = { up: 'A', down: 'B', right: 'C', left: 'D' };

export function sequence(key: GlassKey, applicationKeys: boolean): string {
  switch (key) {
    case 'escape':
      return '\x1b';
    case 'tab':
      return '\t';
    case 'backtab':
      return '\x1b[Z';
    case 'interrupt':
      return '\x03';
    default:
      return `\x1b${applicationKeys ? 'O' : '['}${ARROWS[key]}`;
  }
}

/** The control form of what was typed while Ctrl was held on glass; anything else stays as it is. */
export function withControl(bytes: Uint8Array): Uint8Array {
  const byte = bytes[0];
  if (bytes.length !== 1 || byte === undefined) return bytes;
  if (byte === 0x20 || byte === 0x40) return new Uint8Array([0]);
  if (byte >= 0x61 && byte <= 0x7a) return new Uint8Array([byte - 0x60]);
  if (byte >= 0x41 && byte <= 0x5f) return new Uint8Array([byte - 0x40]);
  return bytes;
}
