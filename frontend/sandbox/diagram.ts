// Draws one diagram inside a frame that has no origin, no storage and no network. Talks to the page around it by messages;
// what it says there is taken for a claim, not for a fact.

import mermaid from 'mermaid';
import { harmless } from '../src/lib/rich/diagram-text';

interface Order {
  readonly type: 'draw';
  readonly text: string;
  readonly dark: boolean;
}

const MOST_WORDS = 300;

function isOrder(value: unknown): value is Order {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'draw' && 'text' in value && typeof value.text === 'string';
}

function tell(message: { type: 'ready' } | { type: 'drawn'; height: number } | { type: 'failed'; error: string }): void {
  // Without an origin there is none to name; nothing secret is said.
  parent.postMessage(message, '*');
}

async function draw({ text, dark }: Order): Promise<void> {
  const out = document.getElementById('out');
  if (out === null) return;
  try {
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: 'strict',
      theme: dark ? 'dark' : 'neutral',
      maxTextSize: 50_000,
      maxEdges: 500,
      htmlLabels: false,
      flowchart: { htmlLabels: false },
      suppressErrorRendering: true,
      // What a diagram cannot set for itself: Mermaid's own list, and what is CSS or markup.
      secure: ['secure', 'securityLevel', 'startOnLoad', 'maxTextSize', 'maxEdges', 'suppressErrorRendering', 'htmlLabels', 'themeCSS', 'fontFamily', 'altFontFamily', 'dompurifyConfig'],
    });
    const { svg } = await mermaid.render('diagram', harmless(text));
    out.innerHTML = svg;
    const size = (): void => tell({ type: 'drawn', height: Math.ceil(out.getBoundingClientRect().height) });
    new ResizeObserver(size).observe(out);
    size();
  } catch (error) {
    tell({ type: 'failed', error: (error instanceof Error ? error.message : String(error)).slice(0, MOST_WORDS) });
  }
}

// The policy of this page refuses pictures and handlers in attributes, so they are not tried in the first place.
Object.defineProperty(HTMLImageElement.prototype, 'src', {
  set() {
    throw new Error('pictures in diagrams are not loaded');
  },
});
const setAttribute = Element.prototype.setAttribute;
Element.prototype.setAttribute = function (name: string, value: string) {
  if (!/^on/i.test(name)) setAttribute.call(this, name, value);
};
// A link in a drawing would lead this frame away.
document.addEventListener('click', (event) => event.preventDefault(), true);
window.addEventListener('message', (event) => {
  if (event.source === parent && isOrder(event.data)) void draw(event.data);
});
tell({ type: 'ready' });
