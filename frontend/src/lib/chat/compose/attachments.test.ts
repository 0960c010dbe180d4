import { describe, expect, it } from 'vitest';
import { attachment, decodeText, fromContent, fullness, judge, shownName, size, sniff, toContent, weight, type Format } from './attachments';

const bytes = (latin: string): Uint8Array => Uint8Array.from(latin, (character) => character.charCodeAt(0));

describe('files', () => {
  it.each<[string, Format | null]>([
    ['\x89PNG\r\n\x1a\n', 'png'],
    ['\xff\xd8\xff\xe1', 'jpeg'],
    ['GIF89a', 'gif'],
    ['RIFF\x10\n\0\0WEBPVP8 ', 'webp'],
    ['\0\0\0\x18ftypheic', 'heic'],
    ['\0\0\0\x18ftypmif1', 'heic'],
    ['\0\0\0\x18ftypavif', 'avif'],
    ['\0\0\0\x18ftypisom', null],
    ['%PDF-1.7', 'pdf'],
    ['PK\x03\x04', 'zip'],
    ['BM\x36\0\x0c\0\0\0\0\0', 'bmp'],
    ['BM is the start of a sentence', null],
    ['', null],
  ])('are known by their first bytes: %j', (head, format) => expect(sniff(bytes(head))).toBe(format));

  it('are taken as what they are, whatever their name says', () => {
    expect(judge({ name: 'photo.jpg', size: 10 }, bytes('%PDF-1.7'))).toEqual({ take: 'document', format: 'pdf' });
    expect(judge({ name: 'notes', size: 10 }, bytes('hello'))).toEqual({ take: 'text', format: null });
    expect(judge({ name: 'x.png', size: 10 }, bytes('<svg></svg>'))).toEqual({ take: 'text', format: null });
    expect(judge({ name: 'huge.png', size: 40_000_000 }, bytes('\x89PNG\r\n\x1a\n'))).toEqual({ take: 'image', format: 'png' });
  });

  it.each([
    ['a.bin', 10, 'ab\0c', 'a.bin is neither an image, a PDF nor text.'],
    ['a.docx', 10, 'PK\x03\x04', 'a.docx is an archive or an office document.'],
    ['a.pdf', 8_000_000, '%PDF-1.7', 'a.pdf is 7.6 MB; a PDF may have 7 MB.'],
    ['a.log', 300_000, 'line', 'a.log is 293 KB; a text file may have 256 KB.'],
    ['a.txt', 0, '', 'a.txt is empty'],
  ])('that cannot be sent are refused with what to do instead: %s', (name, length, head, words) => {
    const verdict = judge({ name, size: length }, bytes(head));
    expect('refuse' in verdict ? verdict.refuse : '').toContain(words);
  });

  it('are text only in UTF-8 and without NUL', () => {
    expect(decodeText(new TextEncoder().encode('naïve ✓'))).toBe('naïve ✓');
    expect(decodeText(bytes('na\xefve'))).toBeNull();
    expect(decodeText(bytes('a\0b'))).toBeNull();
  });

  it('have names the server takes', () => {
    expect(shownName('a\nb\u0085.txt')).toBe('ab.txt');
    expect(shownName('\x00 ')).toBe('Unnamed file');
    expect(shownName('é'.repeat(400))).toHaveLength(200);
  });
});

describe('a message', () => {
  const image = attachment('image', 'a.png', 'image/png', 'AAAA');
  const paper = attachment('document', 'b.pdf', 'application/pdf', 'AAAAAAAA');
  const notes = attachment('text', 'c.txt', 'text/plain', 'hé');

  it('puts what is attached before the words, and is nothing when blank', () => {
    expect(toContent('  ', [])).toEqual([]);
    expect(toContent(' hi\n', [image])).toEqual([{ type: 'image', media_type: 'image/png', data: 'AAAA' }, { type: 'text', text: ' hi\n' }]);
  });

  it('can be taken apart and put together again', () => {
    const content = toContent('look', [image, paper, notes]);
    const apart = fromContent(content);
    expect(toContent(apart.text, apart.attachments)).toEqual(content);
    expect(apart.attachments.map((one) => one.bytes)).toEqual([3, 6, 3]);
  });

  it('says how full it is only when that matters', () => {
    expect(weight('é', [image, notes])).toBe(2 + 4 + 2);
    expect(fullness(1_000)).toBeNull();
    expect(fullness(9 * 1_024 * 1_024)).toEqual({ words: '9 MB of 9.5 MB', over: false });
    expect(fullness(10 * 1_024 * 1_024)?.over).toBe(true);
    expect([size(17), size(2_048), size(1_258_291)]).toEqual(['17 B', '2 KB', '1.2 MB']);
  });
});
