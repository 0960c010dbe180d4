import { describe, expect, it } from 'vitest';
import { absolute, clock, duration, firstLine, middleTruncate, modelName, money, plural, relativePath, tokens } from './format';

describe('format', () => {
  it('writes money with two significant cents', () => {
    const cases: [number, string][] = [
      [0, '$0.00'], [0.00001, '<$0.0001'], [0.0042, '$0.0042'], [0.042, '$0.042'], [0.0423, '$0.042'],
      [0.42, '$0.42'], [0.999, '$1.00'], [1.2, '$1.20'], [12.345, '$12.35'],
    ];
    for (const [usd, text] of cases) expect(money(usd)).toBe(text);
  });

  it('writes tokens short', () => {
    const cases: [number, string][] = [
      [0, '0'], [950, '950'], [1_000, '1k'], [1_234, '1.2k'], [9_949, '9.9k'], [9_999, '10k'], [41_400, '41k'], [999_600, '1M'], [1_100_000, '1.1M'],
    ];
    for (const [count, text] of cases) expect(tokens(count)).toBe(text);
  });

  it('writes durations in at most two units', () => {
    const cases: [number, string][] = [
      [400, '0.4 s'], [8_000, '8 s'], [59_700, '1 min'], [125_000, '2 min 5 s'], [3_600_000, '1 h'], [3_780_000, '1 h 3 min'], [120_000, '2 min'],
    ];
    for (const [ms, text] of cases) expect(duration(ms)).toBe(text);
  });

  it('writes times of today without the date', () => {
    const at = new Date(2026, 10, 20, 14, 7).getTime();
    expect(clock(at, at)).toBe('14:07');
    expect(clock(at, at + 48 * 3_600_000)).toBe('20 Nov 2026, 14:07');
  });

  it('makes paths relative to the session and cuts their middle', () => {
    expect(relativePath('/w/proj/src/a.rs', '/w/proj')).toBe('src/a.rs');
    expect(relativePath('/w/project/a.rs', '/w/proj')).toBe('/w/project/a.rs');
    expect(relativePath('/w/proj', '/w/proj/')).toBe('.');
    expect(absolute('/', 'proj')).toBe('/proj');
    expect(absolute('/w', '.')).toBe('/w');
    expect(relativePath('/etc/hosts', null)).toBe('/etc/hosts');
    expect(middleTruncate('src/a.rs')).toBe('src/a.rs');
    expect(middleTruncate('src/a/very/long/way/down/to/the/file.rs', 24)).toBe('src/…/to/the/file.rs');
    expect(middleTruncate('x'.repeat(60), 20)).toHaveLength(20);
  });

  it('counts', () => {
    expect(plural(1, 'event')).toBe('1 event');
    expect(plural(12_000, 'event')).toBe('12,000 events');
  });

  it('takes the first line', () => {
    expect(firstLine('one\ntwo')).toBe('one…');
    expect(firstLine('  one  ')).toBe('one');
  });

  it('names models as people do', () => {
    const cases: [string, string][] = [
      ['claude-opus-4-8[1m]', 'Opus 4.8 1M'], ['claude-opus-4-8', 'Opus 4.8'], ['claude-sonnet-4-5-20250929', 'Sonnet 4.5'],
      ['claude-3-5-haiku-20241022', 'Haiku 3.5'], ['claude-opus-4-20250514', 'Opus 4'], ['opus', 'Opus'], ['opus[1m]', 'Opus 1M'], ['default', 'Default'], ['my-proxy/model', 'my-proxy/model'],
    ];
    for (const [model, name] of cases) expect(modelName(model)).toBe(name);
  });
});
