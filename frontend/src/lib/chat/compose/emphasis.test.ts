import { expect, it } from 'vitest';
import { runs } from './emphasis';

it('cuts a text where emphasis begins and ends, never within a character', () => {
  expect(runs('src/main.rs', [0, 4, 5])).toEqual([
    { text: 's', strong: true },
    { text: 'rc/', strong: false },
    { text: 'ma', strong: true },
    { text: 'in.rs', strong: false },
  ]);
  expect(runs('a😀b', [2])).toEqual([{ text: 'a', strong: false }, { text: '😀', strong: true }, { text: 'b', strong: false }]);
  expect(runs('', [3])).toEqual([]);
});
