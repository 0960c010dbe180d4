import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { purifyFormula } from '$lib/chat/markdown';
import { setFormula, type Render } from './typeset';

const render: Render = ({ tex, display }) => katex.renderToString(tex, { output: 'mathml', displayMode: display, trust: false, strict: 'ignore', maxExpand: 500, maxSize: 20, throwOnError: true });
const set = (tex: string, display = false): DocumentFragment | null => setFormula({ tex, display }, render, purifyFormula);

function outer(fragment: DocumentFragment | null): string {
  const box = document.createElement('div');
  if (fragment !== null) box.append(fragment);
  return box.innerHTML;
}

describe('formulas as MathML', () => {
  it('are elements without their source', () => {
    const html = outer(set('\\frac{a}{b} + \\sqrt{x}', true));
    expect(html).toMatch(/<math[^>]*display="block"/);
    expect(html).toContain('<mfrac>');
    expect(html).not.toContain('\\frac');
  });

  it('stay as they were written when they cannot be set', () => {
    for (const tex of ['\\frac{', '\\unknown', '\\def\\a{\\a\\a}\\a']) expect(set(tex), tex).toBeNull();
  });

  it('hold no links, images, styles or handlers', () => {
    for (const tex of ['\\href{javascript:alert(1)}{x}', '\\url{https://a.test}', '\\includegraphics{https://a.test/x.png}', '\\htmlStyle{color:red}{x}', '\\htmlData{a=b}{x}', '\\text{<img src=x onerror=alert(1)>}', '\\class{a}{b}']) {
      expect(foreign(set(tex)), tex).toEqual([]);
    }
  });

  it('take nothing but MathML from whatever renders them', () => {
    const evil: Render = () => '<math><mtext><table><mglyph><style><!--</style><img title="--><img src=1 onerror=alert(1)>"></mtext><mi xlink:href="javascript:alert(1)" onclick="x()">y</mi></math>';
    expect(foreign(setFormula({ tex: '', display: false }, evil, purifyFormula))).toEqual([]);
  });
});

/** Elements and attributes that no formula needs. */
function foreign(fragment: DocumentFragment | null): string[] {
  return [...(fragment?.querySelectorAll('*') ?? [])].flatMap((element) => [
    ...(/^(?:m[a-z]+|semantics)$/.test(element.localName) && element.localName !== 'mglyph' ? [] : [element.localName]),
    ...element.getAttributeNames().filter((name) => /^(?:on|style|class|href|src|data|xlink|id)/.test(name)),
  ]);
}
