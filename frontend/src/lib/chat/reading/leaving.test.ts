import { describe, expect, it } from 'vitest';
import { addressOf, Known, leavesFor } from './leaving';

const OWN = 'https://localhost:8787';
const words = (pieces: readonly { text: string }[]): string => pieces.map((piece) => piece.text).join('');

describe('links that leave', () => {
  it('are those to other hosts', () => {
    expect(leavesFor('https://example.com/a', OWN)?.host).toBe('example.com');
    expect(leavesFor(`${OWN}/s/1`, OWN)).toBeNull();
    expect(leavesFor('mailto:a@b.c', OWN)).toBeNull();
    expect(leavesFor('not an address', OWN)).toBeNull();
  });

  it('show their host apart from what imitates one', () => {
    const url = new URL('https://paypal.com:secret@evil.test:8443/paypal.com?x=1#y');
    const shown = addressOf(url, url.href);
    expect([words(shown.before), words(shown.host), words(shown.after)]).toEqual(['https://paypal.com:…@', 'evil.test:8443', '/paypal.com?x=1#y']);
    expect(shown.warnings.join(' ')).toContain('user name');
  });

  it('are marked when letters imitate others', () => {
    const written = 'https://аррӏе.com/';
    expect(addressOf(new URL(written), written).warnings.join(' ')).toContain('beyond the Latin alphabet');
    expect(addressOf(new URL('https://a.test/\u202ecod'), 'https://a.test/\u202ecod').warnings.join(' ')).toContain('invisible');
    expect(addressOf(new URL('https://192.168.0.1/'), 'https://192.168.0.1/').warnings.join(' ')).toContain('bare network address');
    expect(addressOf(new URL('http://a.test/'), 'http://a.test/').warnings).toEqual(['The connection is not encrypted.']);
    expect(addressOf(new URL('https://a.test/'), 'https://a.test/').warnings).toEqual([]);
  });

  it('ask once for a host that is known', () => {
    const known = new Known();
    known.add(new URL('https://a.test/x'));
    expect(known.has(new URL('https://a.test/y'))).toBe(true);
    expect(known.has(new URL('https://b.a.test/'))).toBe(false);
  });
});
