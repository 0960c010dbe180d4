import { Terminal } from '@xterm/xterm';
import { expect, it } from 'vitest';
import { linesOf } from './places';

it('a wrapped line survives a narrow window and a wide one', async () => {
  const terminal = new Terminal({ cols: 100, rows: 10, scrollback: 1000, allowProposedApi: true });
  const long = Array.from({ length: 30 }, (_, at) => `word${at}`).join(' ');
  await new Promise<void>((done) => terminal.write(`before\r\n${long}\r\n漢字${'x'.repeat(150)}\r\nafter\r\n$ `, done));
  // The line of the cursor is left to the program, which draws it anew.
  const lines = (): readonly string[] => linesOf(terminal.buffer.active).texts.slice(0, 4);
  const before = lines();
  expect(before).toContain(long);
  for (const cols of [37, 2, 61, 100]) terminal.resize(cols, 10);
  expect(lines()).toEqual(before);
});
