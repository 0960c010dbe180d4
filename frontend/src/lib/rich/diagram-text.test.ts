import { describe, expect, it } from 'vitest';
import { harmless } from './diagram-text';

describe('the text of a diagram', () => {
  it('has no tags', () => {
    const hostile = ['<img src=x onerror=f()>', '<IMG onerror=f()>', '<<img onerror=f()>>', '</style><b onclick=f()>', '<!--<a onclick=f()>-->', '<?x <a onclick=f()>', '<br onclick=f()>', '<br/onclick=f()>', '<<a>><<b onclick=f()>'];
    for (const text of hostile) {
      const parsed = new DOMParser().parseFromString(harmless(text), 'text/html');
      expect([...parsed.body.querySelectorAll('*')].flatMap((element) => [...element.attributes]), text).toEqual([]);
    }
  });

  it('has no style that loads anything', () => {
    const hostile = ['style A mask:url(//x)', 'style A mask:URL (//x)', 'classDef c cursor:u\\72l(//x),auto', 'linkStyle 0 mask:image-set("//x" 1x)', 'sequenceDiagram\n  box url(//x) name', '  rect URL(//x)', 'graph TD; style A mask:-webkit-image-set("//x" 1x)'];
    for (const text of hostile) expect(harmless(text), text).not.toMatch(/\\|(?:url|image-set)\s*\(/i);
  });

  it('keeps what Mermaid writes', () => {
    const own = 'a <--> b\nA <|-- B\nA <|.. B\nA<<->>B\nclass A { <<interface>> }\nstate f <<fork>>\nA["one<br>two<br/>three<br />four"]\nx < y\nB[\\abc\\]\nstyle A fill:rgb(1,2,3)\nA --> src(Source)\nclass B { +image(int x) }\nNote over A: style of a url(x)';
    expect(harmless(own)).toBe(own);
    expect(harmless('A["List<String>"]')).toBe('A["List#lt;String>"]');
  });
});
