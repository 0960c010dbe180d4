import { describe, expect, it } from 'vitest';
import { parts, target } from './links';

describe('a link', () => {
  it.each([
    ['https://a.example/x', 'https://a.example/x', { address: 'https://a.example/x', shown: null }],
    ['https://a.example', 'https://a.example', { address: 'https://a.example/', shown: null }],
    ['https://a.example/', 'docs', { address: 'https://a.example/', shown: 'docs' }],
    ['https://bad.example/', 'https://good.example/', { address: 'https://bad.example/', shown: 'https://good.example/' }],
    ['https://аpple.com/', 'https://аpple.com/', { address: 'https://xn--pple-43d.com/', shown: null }],
    ['javascript:alert(1)', 'x', null],
    ['file:///etc/passwd', 'x', null],
    ['data:text/html,x', 'x', null],
    ['not an address', 'x', null],
  ])('%s shown as %s', (address, shown, told) => expect(target(address, shown)).toEqual(told));

  it.each([
    ['https://a.example/x', 'https://|a.example|/x'],
    ['https://good.example@bad.example:8443/x', 'https://good.example@|bad.example:8443|/x'],
    ['https://bad.example:pw@bad.example/?@', 'https://bad.example:pw@|bad.example|/?@'],
  ])('says of %s which part is the host', (address, pieces) => expect(parts(address).join('|')).toBe(pieces));
});
