import katex from 'katex';
import { describe, expect, it, vi } from 'vitest';
import { purifyFormula } from '$lib/chat/markdown';
import { setFormula, typeset, type Render } from './typeset';

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

describe('many formulas', () => {
  it('take turns, whichever text they stand in, and stop when their text is gone', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const slow: Render = ({ tex, display }) => {
      const until = performance.now() + 4;
      while (performance.now() < until);
      return render({ tex, display });
    };
    const roots = Array.from({ length: 12 }, () => Object.assign(document.createElement('div'), { innerHTML: '<var>x</var>' }));
    const undo = roots.map((root) => typeset([{ tex: 'x', display: false }], purifyFormula, () => Promise.resolve(slow))?.(root));
    const set = (): number => roots.filter((root) => root.querySelector('math') !== null).length;
    await Promise.resolve();
    await Promise.resolve();
    const atOnce = set();
    expect(atOnce).toBeGreaterThan(0);
    expect(atOnce).toBeLessThan(8);
    undo.at(-1)?.();
    vi.runAllTimers();
    expect(set()).toBe(11);
    vi.useRealTimers();
  });
});

/** Elements and attributes that no formula needs. */
function foreign(fragment: DocumentFragment | null): string[] {
  return [...(fragment?.querySelectorAll('*') ?? [])].flatMap((element) => [
    ...(/^(?:m[a-z]+|semantics)$/.test(element.localName) && element.localName !== 'mglyph' ? [] : [element.localName]),
    ...element.getAttributeNames().filter((name) => /^(?:on|style|class|href|src|data|xlink|id)/.test(name)),
  ]);
}
