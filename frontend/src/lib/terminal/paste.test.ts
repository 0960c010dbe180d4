import { describe, expect, it } from 'vitest';
import { cleanPaste, pasteRisk } from './paste';

describe('what is pasted', () => {
  it('cannot end its bracket, nor press keys', () => {
    expect(cleanPaste('safe\u001b[201~\nrm -rf /\u0003\u009b201~')).toBe('safe[201~\nrm -rf /201~');
    expect(cleanPaste('tabs\tand\r\nlines stay')).toBe('tabs\tand\r\nlines stay');
  });

  it.each([
    ['one line', false, null],
    ['one line\n', false, 'lines'],
    ['two\nlines', false, 'lines'],
    ['two\nlines', true, null],
    ['x'.repeat(100_000), true, 'large'],
    ['x\n'.repeat(100_000), false, 'lines'],
  ] as const)('is asked about when it may surprise', (text, bracketed, risk) => expect(pasteRisk(text, bracketed)).toBe(risk));
});
