import { describe, expect, it } from 'vitest';
import { GRAMMARS, languageNamed, languageOfPath, type Language } from './languages';

describe('languages', () => {
  it('are known by what people write after a fence', () => {
    const cases: [string, Language | null][] = [['ts', 'tsx'], ['TypeScript', 'tsx'], ['sh', 'bash'], ['c++', 'c'], ['yml', 'yaml'], ['rs', 'rust'], ['', null], ['text', null], ['brainfuck', null], ['constructor', null]];
    for (const [name, language] of cases) expect(languageNamed(name), name).toBe(language);
  });

  it('are known by the file', () => {
    const cases: [string, Language | null][] = [
      ['src/gate.rs', 'rust'], ['/a/b.c/d.tsx', 'tsx'], ['Dockerfile', 'dockerfile'], ['Dockerfile.dev', 'dockerfile'], ['Makefile', 'make'],
      ['.bashrc', 'bash'], ['.env', 'ini'], ['package-lock.json', 'json'], ['Cargo.lock', 'toml'], ['notes', null], ['', null], ['photo.png', null],
    ];
    for (const [path, language] of cases) expect(languageOfPath(path), path).toBe(language);
  });

  it('have a grammar each, of the name that is asked for', async () => {
    const { reader, compile } = await import('./grammars');
    for (const language of Object.keys(GRAMMARS) as Language[]) {
      const lines = await reader(language);
      let read = lines.read('a = 1', null);
      for (let i = 0; i < 200 && Array.isArray(read); i += 1) {
        (read as string[]).forEach(compile);
        read = lines.read('a = 1', null);
      }
      expect('spans' in read && read.spans.map((span) => span.text).join(''), language).toBe('a = 1');
    }
  }, 60_000);
});
