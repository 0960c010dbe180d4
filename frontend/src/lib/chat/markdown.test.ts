import { describe, expect, it } from 'vitest';
import { MarkdownStream, renderMarkdown } from './markdown';

function html(text: string): string {
  return renderMarkdown(text)
    .map((block) => (block.kind === 'html' ? String(block.html) : block.kind === 'code' ? `<code>${block.code}</code>` : `<plain>${block.text}</plain>`))
    .join('');
}

describe('markdown', () => {
  it('renders GFM', () => {
    expect(html('# A\n\n- **b** ~~c~~\n\n| x | y |\n|---|--:|\n| 1 | 2 |')).toContain('<table>');
    expect(html('**b**')).toBe('<p><strong>b</strong></p>\n');
    expect(html('- [x] done\n- [ ] open')).toMatch(/☑ .*done[\s\S]*☐ .*open/);
  });

  it('puts headings below those of the page', () => {
    expect(html('# A *b*\n\n## B\n\n###### F')).toBe('<h3>A <em>b</em></h3>\n<h4>B</h4>\n<h6>F</h6>\n');
  });

  it('shows raw HTML as text', () => {
    expect(html('<img src=x onerror=alert(1)>')).not.toContain('<img');
    expect(html('a <script>alert(1)</script> b')).toContain('&lt;script&gt;');
    expect(html('<svg><style><a title="</style><img src onerror=alert(1)>">')).not.toMatch(/<(svg|style|img)/);
  });

  it('opens web links in a new tab and drops other schemes', () => {
    const out = html('[a](https://example.com/?q=1&r=2) [b](javascript:alert(1)) [c](data:text/html,x) [d](../file)');
    expect(out).toContain('<a href="https://example.com/?q=1&amp;r=2" target="_blank" rel="noopener noreferrer">a</a>');
    expect(out).not.toMatch(/javascript:|data:|\.\.\/file/);
    expect(out).toContain(' b c d');
  });

  it('loads no images but links to them', () => {
    const out = html('![chart](https://example.com/x.png) ![](https://example.com/y.png)');
    expect(out).not.toContain('<img');
    expect(out).toContain('>image: chart</a>');
  });

  it('keeps no classes, styles or handlers', () => {
    expect(html('<p class="fixed" style="top:0" onclick="x()">hi</p>')).not.toContain('<p class');
  });

  it('gives code blocks as text with their language', () => {
    expect(renderMarkdown('```rust title="x"\nfn main() {}\n```')).toEqual([{ kind: 'code', language: 'rust', code: 'fn main() {}' }]);
  });
});

describe('too much', () => {
  it('is formatted up to a point, and says so', { timeout: 30_000 }, () => {
    const text = `${'Some **words**. '.repeat(20)}\n\n`.repeat(32_000);
    const blocks = renderMarkdown(text);
    expect(blocks[0]).toMatchObject({ kind: 'html' });
    expect(blocks.at(-1)).toMatchObject({ kind: 'plain', note: 'This text is 10.3 MB; the first 200 KB are formatted, the rest is plain text.' });
  });

  it('is formatted a piece at a time', () => {
    const text = 'Some **words**.\n\n'.repeat(2_000);
    const stream = new MarkdownStream();
    const first = stream.finish(text, 1);
    expect(stream.pending).toBe(true);
    const all = stream.finish(text);
    expect(stream.pending).toBe(false);
    expect(all.length).toBeGreaterThan(first.length * 2);
    expect(all[0]).toBe(first[0]);
  });

  it('is a few blocks at a time even where the text is short', () => {
    const text = 'a\n\n'.repeat(3_000);
    for (const draw of ['finish', 'render'] as const) {
      const stream = new MarkdownStream();
      const first = stream[draw](text, 60);
      expect([first.length, stream.pending]).toEqual([60, true]);
      const more = stream[draw](text, 100);
      expect([more.length, stream.pending, more[0] === first[0]]).toEqual([100, true, true]);
    }
  });

  it('is what it would be all at once', () => {
    const text = '# A\n\n[one]\n\n[one]: https://a.test\n\n- x\n\n'.repeat(20);
    const stream = new MarkdownStream();
    let most = 1;
    for (stream.finish(text, most); stream.pending; most += 7) stream.finish(text, most);
    expect(stream.finish(text, most)).toEqual(renderMarkdown(text));
  });

  it('leaves what would choke the parser as it is, and formats what stands around it', () => {
    for (const hostile of ['['.repeat(50_000), '_a'.repeat(20_000), `${'a'.repeat(100_000)}@`, `${'> '.repeat(1_000)}x`, '* '.repeat(20_000)]) {
      const blocks = renderMarkdown(`**before**\n\n${hostile}\n\n**after**`);
      expect(blocks.map((block) => block.kind)).toEqual(['html', 'plain', 'html']);
      const stream = new MarkdownStream();
      expect(stream.render(`**before**\n\n${hostile}`).at(-1)?.kind).toBe('plain');
    }
  });
});

describe('streamed markdown', () => {
  const TEXT = '# Title\n\nSome *prose* that\ngoes on.\n\n```js\nlet a = 1;\n\nlet b = 2;\n```\n\n1. one\n\n2. two\n\n   more\n\n> quote\n\nEnd.';

  it('ends where rendering all at once ends, however it was cut', () => {
    for (const step of [1, 3, 7, 50]) {
      const stream = new MarkdownStream();
      let blocks = stream.render('');
      for (let i = 0; i <= TEXT.length + step; i += step) blocks = stream.render(TEXT.slice(0, i));
      expect(blocks).toEqual(renderMarkdown(TEXT));
    }
  });

  it('does not render finished blocks again', () => {
    const stream = new MarkdownStream();
    const first = stream.render('one\n\ntwo');
    const second = stream.render('one\n\ntwo three\n\nfour');
    expect(second[0]).toBe(first[0]);
    expect(second).toHaveLength(3);
    expect(stream.finish('one\n\ntwo three\n\nfour')).toEqual(second);
    expect(stream.finish('one\n\ntwo three\n\nfour')[1]).toBe(second[1]);
  });

  it('starts again when the text is another', () => {
    const stream = new MarkdownStream();
    stream.render('one\n\ntwo\n\nthree');
    expect(stream.render('other')).toEqual(renderMarkdown('other'));
  });
});
