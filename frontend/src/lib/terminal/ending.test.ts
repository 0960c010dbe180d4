import { Terminal } from '@xterm/xterm';
import { expect, it } from 'vitest';
import { ending } from './ending';

const ON = '\x1b[?1003h\x1b[?1006h\x1b[?2004h\x1b[?1h\x1b[?1004h\x1b[4h\x1b[?6h\x1b[2;3r\x1b[31m\x1b(0';

async function ended(output: string): Promise<{ terminal: Terminal; text: string[] }> {
  const terminal = new Terminal({ cols: 20, rows: 5, scrollback: 100, allowProposedApi: true });
  const write = (data: string): Promise<void> => new Promise((done) => terminal.write(data, done));
  await write(output);
  await write(ending(terminal.buffer.active));
  const { active } = terminal.buffer;
  return { terminal, text: Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '').filter((line) => line !== '') };
}

it.each([
  ['the first screen', `one\r\ntwo${ON}`, ['one', 'two']],
  ['the other screen', `one\x1b[?1049h\x1b[Hinside\r\nstatus${ON}`, ['one', 'inside', 'status']],
  ['a sequence that was cut', `one\x1b]0;half a tit`, ['one']],
])('a program that ended on %s leaves its text and no modes', async (_, output, lines) => {
  const { terminal, text } = await ended(output);
  expect(text).toEqual(lines);
  expect(terminal.modes).toMatchObject({ mouseTrackingMode: 'none', bracketedPasteMode: false, applicationCursorKeysMode: false, sendFocusMode: false, insertMode: false, originMode: false });
  expect(terminal.buffer.active.type).toBe('normal');
});
