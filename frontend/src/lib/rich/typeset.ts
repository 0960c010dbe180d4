// Sets formulas as MathML once there is one to set; until then, and where it fails, they stand as they were written.

import { later } from '$lib/highlight/later';
import type { Formula } from './formula';

/** For one paragraph; who writes more gets the rest as it was written. */
const MOST = 300;
/** Set at once, so that nothing flashes; more of them take turns. Their layout costs as much again. */
const AT_ONCE_MS = 10;

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

let until = 0;

/** Sets one now while there is time for it in this task, whichever text it is of; else soon. Gives a way to take it back. */
function inTurn(job: () => void): () => void {
  const now = performance.now();
  if (until === 0) {
    until = now + AT_ONCE_MS;
    setTimeout(() => (until = 0));
  }
  if (now >= until) return later(job);
  job();
  return () => undefined;
}

/** An attachment for what holds `<var>` places, in the order of the formulas. */
export function typeset(formulas: readonly Formula[], purify: Purify, loaded: () => Promise<Render> = load): ((root: HTMLElement) => () => void) | undefined {
  if (formulas.length === 0) return undefined;
  return (root) => {
    let gone = false;
    let undone: readonly (() => void)[] = [];
    const places = [...root.querySelectorAll('var')];
    void loaded().then(
      (render) => {
        if (gone) return;
        undone = formulas.slice(0, MOST).map((formula, index) =>
          inTurn(() => {
            const set = setFormula(formula, render, purify);
            if (set !== null) places[index]?.replaceChildren(set);
          }),
        );
      },
      () => undefined,
    );
    return () => {
      gone = true;
      for (const stop of undone) stop();
    };
  };
}
