import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '$lib/chat/markdown';

function formulas(text: string): string[] {
  return renderMarkdown(text).flatMap((block) => (block.kind === 'html' ? block.formulas.map(({ tex, display }) => (display ? `[${tex}]` : tex)) : []));
}

describe('formulas', () => {
  it('are found in all four notations', () => {
    expect(formulas('Here $a^2 + b$ and \\(x\\), then\n\n$$\n\\sum_i i\n$$\n\n\\[ y \\]\n\nand $$z$$ inline.')).toEqual(['a^2 + b', 'x', '[\\sum_i i]', '[y]', '[z]']);
    expect(formulas('($n$), $x$-axis, $O(n)$.')).toEqual(['n', 'x', 'O(n)']);
  });

  it('leave prices and shells alone', () => {
    for (const text of [
      'It costs $5 and $6.',
      '$5-$6',
      'from $100 to $200k$',
      'echo $HOME and $PATH',
      '$HOME/$USER',
      '${HOME}/${USER}$',
      '$(date) and $(pwd)$',
      '$ ls $',
      'US$5, US$6',
      '$10 million or 20$',
      '`$a$`',
      '\\$a$',
    ]) {
      expect(formulas(text), text).toEqual([]);
    }
  });

  it('keep their place as text until they are set', () => {
    const [block] = renderMarkdown('a $x<y$ b');
    expect(block?.kind === 'html' && String(block.html)).toBe('<p>a <var>x&lt;y</var> b</p>\n');
  });

  it('are not looked for in code', () => {
    expect(formulas('```\n$a$\n$$b$$\n```')).toEqual([]);
  });
});
