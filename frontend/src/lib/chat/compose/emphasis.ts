export interface Run {
  readonly text: string;
  readonly strong: boolean;
}

/** A text cut where emphasis begins and ends; pairs of surrogates stay together. */
export function runs(text: string, positions: readonly number[]): Run[] {
  const strong = new Set(positions);
  const result: { text: string; strong: boolean }[] = [];
  let at = 0;
  for (const character of text) {
    const marked = strong.has(at) || (character.length > 1 && strong.has(at + 1));
    const last = result.at(-1);
    if (last !== undefined && last.strong === marked) last.text += character;
    else result.push({ text: character, strong: marked });
    at += character.length;
  }
  return result;
}
