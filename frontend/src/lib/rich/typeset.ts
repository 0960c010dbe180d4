// Sets formulas as MathML once there is one to set; until then, and where it fails, they stand as they were written.

import type { Formula } from './formula';

/** For one message; who writes more gets the rest as it was written. */
const MOST = 300;
const BUDGET_MS = 10;

const TAGS = [
  ...['math', 'semantics', 'annotation', 'mrow', 'mi', 'mo', 'mn', 'ms', 'mtext', 'msup', 'msub', 'msubsup', 'mfrac', 'msqrt', 'mroot'],
  ...['mtable', 'mtr', 'mtd', 'mover', 'munder', 'munderover', 'mspace', 'mpadded', 'mphantom', 'menclose', 'mstyle', 'mmultiscripts', 'mprescripts'],
];
const ATTRIBUTES = [
  ...['display', 'mathvariant', 'displaystyle', 'scriptlevel', 'stretchy', 'fence', 'separator', 'lspace', 'rspace', 'minsize', 'maxsize'],
  ...['width', 'height', 'depth', 'voffset', 'columnalign', 'rowspacing', 'columnspacing', 'columnlines', 'rowlines', 'accent', 'accentunder'],
  ...['linethickness', 'notation', 'mathcolor', 'mathbackground', 'form', 'movablelimits', 'symmetric', 'largeop', 'encoding'],
];

export type Purify = (html: string, tags: readonly string[], attributes: readonly string[]) => DocumentFragment;
export type Render = (formula: Formula) => string;

let loading: Promise<Render> | undefined;

/** KaTeX, when first needed. */
function load(): Promise<Render> {
  loading ??= import('katex').then(
    ({ default: katex }) =>
      ({ tex, display }) =>
        katex.renderToString(tex, { output: 'mathml', displayMode: display, trust: false, strict: 'ignore', maxExpand: 500, maxSize: 20, throwOnError: true, macros: {} }),
  );
  // A connection that was away may be back next time.
  loading.catch(() => (loading = undefined));
  return loading;
}

/** One formula as elements; none when it cannot be set. */
export function setFormula(formula: Formula, render: Render, purify: Purify): DocumentFragment | null {
  let html: string;
  try {
    html = render(formula);
  } catch {
    return null;
  }
  const fragment = purify(html, TAGS, ATTRIBUTES);
  for (const source of fragment.querySelectorAll('annotation')) source.remove();
  return fragment.querySelector('math') === null ? null : fragment;
}

/** An attachment for what holds `<var>` places, in the order of the formulas. */
export function typeset(formulas: readonly Formula[], purify: Purify): ((root: HTMLElement) => () => void) | undefined {
  if (formulas.length === 0) return undefined;
  return (root) => {
    let gone = false;
    const places = [...root.querySelectorAll('var')];
    void load()
      .then(async (render) => {
        let since = performance.now();
        for (const [index, formula] of formulas.slice(0, MOST).entries()) {
          if (performance.now() - since > BUDGET_MS) {
            await new Promise((resolve) => setTimeout(resolve));
            since = performance.now();
          }
          if (gone) return;
          const set = setFormula(formula, render, purify);
          if (set !== null) places[index]?.replaceChildren(set);
        }
      })
      .catch(() => undefined);
    return () => {
      gone = true;
    };
  };
}
