// The content security policy allows neither <style> elements nor style attributes made by scripts, but it allows the
// CSS object model. xterm.js uses the former for its theme and its fallback renderer, so it is handed a document whose
// style elements are constructed style sheets, and spans whose style attribute is set through `style`.

export function strictDocument(): Document {
  allowSpanStyles();
  return new Proxy(document, {
    get(target, key) {
      if (key === 'createElement') return create;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Its viewport does not use the document it is handed, so the real one is strict as well while it is set up. */
export function whileStrict(work: () => void): void {
  Object.defineProperty(document, 'createElement', { configurable: true, writable: true, value: create });
  try {
    work();
  } finally {
    // What is left is the prototype's.
    Reflect.deleteProperty(document, 'createElement');
  }
}

function create(name: string, options?: ElementCreationOptions): HTMLElement {
  return name === 'style' ? styleElement() : Document.prototype.createElement.call(document, name, options);
}

/** Looks like a style element to those who set its text and remove it. */
function styleElement(): HTMLElement {
  const sheet = new CSSStyleSheet();
  const element = Document.prototype.createElement.call(document, 'template');
  Object.defineProperty(element, 'textContent', {
    get: () => '',
    set: (css: string) => {
      sheet.replaceSync(css);
      if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    },
  });
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((adopted) => adopted !== sheet);
    Element.prototype.remove.call(element);
  };
  return element;
}

let allowed = false;

/** The fallback renderer's row factory always uses the real document, so this one is met at the element itself. */
function allowSpanStyles(): void {
  if (allowed) return;
  allowed = true;
  Object.defineProperty(HTMLSpanElement.prototype, 'setAttribute', {
    configurable: true,
    writable: true,
    value(this: HTMLSpanElement, name: string, value: string): void {
      if (name === 'style') this.style.cssText = value;
      else Element.prototype.setAttribute.call(this, name, value);
    },
  });
}
