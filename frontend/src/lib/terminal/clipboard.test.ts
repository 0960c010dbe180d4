import { describe, expect, it, vi } from 'vitest';
import { Clipboard, copied, MOST_COPIED } from './clipboard.svelte';

const encoded = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

describe('what a program asks to be copied', () => {
  it.each([
    ['c;aGVsbG8=', 'hello'],
    [';aGVsbG8=', 'hello'],
    ['pc0;aGVsbG8=', 'hello'],
    [`c;${encoded('grüße 漢')}`, 'grüße 漢'],
    ['c;?', null],
    [';?', null],
    ['c;', null],
    ['c', null],
    ['', null],
    ['c;not base64!', null],
    ['x;aGVsbG8=', null],
    ['c;aGVsbG8=;aGVsbG8=', null],
  ])('%s', (data, text) => expect(copied(data)).toBe(text));

  it('is no more than 100 KB', () => {
    expect(copied(`c;${btoa('x'.repeat(MOST_COPIED))}`)?.length).toBe(MOST_COPIED);
    expect(copied(`c;${btoa('x'.repeat(MOST_COPIED + 1))}`)).toBeNull();
    expect(copied(`c;${'A'.repeat(50 * MOST_COPIED)}`)).toBeNull();
  });
});

describe('consent', () => {
  it('nothing is written before it is given, and once means once', async () => {
    const write = vi.fn(async () => {});
    const clipboard = new Clipboard('once', write);
    clipboard.offer('first');
    clipboard.offer('second');
    expect([clipboard.asked, write.mock.calls], 'what is asked about stays').toEqual(['first', []]);
    await clipboard.answer('ask');
    expect([clipboard.asked, write.mock.calls]).toEqual([null, [['first']]]);
    clipboard.offer('third');
    expect([clipboard.asked, write.mock.calls.length]).toEqual(['third', 1]);
  });

  it('always and never hold for the session, also when its view is made anew', async () => {
    const write = vi.fn(async () => {});
    const first = new Clipboard('always', write);
    first.offer('one');
    await first.answer('always');
    new Clipboard('always', write).offer('two');
    const never = new Clipboard('never', write);
    never.offer('three');
    await never.answer('never');
    const after = new Clipboard('never', write);
    after.offer('four');
    expect(write.mock.calls).toEqual([['one'], ['two']]);
    expect(after.asked).toBeNull();
    expect(new Clipboard('other', write).consent).toBe('ask');
  });

  it('a browser that wants a press for it gets one', async () => {
    const write = vi.fn(async (): Promise<void> => {
      throw new DOMException('no gesture', 'NotAllowedError');
    });
    const clipboard = new Clipboard('refused', write);
    clipboard.decide('always');
    clipboard.offer('text');
    await vi.waitFor(() => expect([clipboard.asked, clipboard.refused]).toEqual(['text', true]));
    clipboard.offer('later');
    await Promise.resolve();
    expect(clipboard.asked).toBe('text');
    write.mockImplementation(async () => {});
    await clipboard.answer('ask');
    expect([clipboard.asked, clipboard.refused, clipboard.consent], 'pressing is no other decision').toEqual([null, false, 'always']);
  });

  it('what the browser takes after all ends the question about what it refused', async () => {
    const write = vi.fn(async () => {});
    write.mockRejectedValueOnce(new DOMException('no gesture', 'NotAllowedError'));
    const clipboard = new Clipboard('later', write);
    clipboard.decide('always');
    clipboard.offer('old');
    await vi.waitFor(() => expect(clipboard.asked).toBe('old'));
    clipboard.offer('new');
    await vi.waitFor(() => expect([clipboard.asked, clipboard.refused]).toEqual([null, false]));
  });

  it('what is copied unasked is told each time, and nothing else', async () => {
    const told = vi.fn();
    const clipboard = new Clipboard('told', async () => {}, told);
    clipboard.offer('asked for');
    await clipboard.answer('always');
    expect(told).not.toHaveBeenCalled();
    clipboard.offer('one');
    clipboard.offer('two');
    await vi.waitFor(() => expect(told.mock.calls).toEqual([['one'], ['two']]));
  });
});
