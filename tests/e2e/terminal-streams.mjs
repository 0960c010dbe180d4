// Terminal output made up from a seed: what programs print, and what none should.

/** Numbers from a seed, the same everywhere. */
export function numbers(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit) => Math.floor(next() * limit);
  const pick = (list) => list[below(list.length)];
  return { below, pick, chance: (share) => next() < share };
}

const WORDS = ['ls -la', 'error:', 'warning', 'The quick brown fox', 'x', '   ', 'a-rather-long-word-that-fills-a-line', '0123456789'];
const WIDE = ['漢字', '日本語テキスト', '한국어', '🚀', '👍🏽', '全'];
const MARKS = ['é', 'ö̲', 'क्षि', '\ŕ', 'x⃗', '👩‍👩‍👧', '❤️', '​'];
const BOX = ['┌──┐', '│  │', '█▓▒░', '←↑→↓', '✓ ok', '╭─╮'];

const STEPS = [
  [14, (r) => r.pick(WORDS)],
  [3, (r) => r.pick(WIDE)],
  [2, (r) => r.pick(MARKS)],
  [3, (r) => r.pick(BOX)],
  [6, (r) => r.pick(['\r\n', '\n', '\r', '\b', '\t', '\v', '\x07', '\r\n\r\n'])],
  [1, (r) => '\n'.repeat(r.below(30))],
  [8, (r) => `\x1b[${attributes(r)}m`],
  [5, (r, s) => `\x1b[${1 + r.below(s.rows + 2)};${1 + r.below(s.cols + 2)}H`],
  [5, (r) => `\x1b[${r.pick(['', '1', '2', '3', '5', '40'])}${r.pick([...'ABCDEFGaedZI`'])}`],
  // xterm.js throws at \x1b[1J in the last column of the last row.
  [4, (r) => `\x1b[${r.pick(['', '0', '2', 'D\x1b[1'])}${r.pick(['J', 'K', 'K', 'K'])}`],
  [4, (r) => `\x1b[${r.pick(['', '1', '2', '4', '100'])}${r.pick([...'@PXLM'])}`],
  [2, (r) => `\x1b[${r.pick(['', '1', '2', '50'])}${r.pick([...'ST'])}`],
  [2, (r, s) => `\x1b[${1 + r.below(s.rows)};${1 + r.below(s.rows)}r`],
  [1, () => '\x1b[r'],
  [2, (r) => `${r.pick(WORDS)}\x1b[${1 + r.below(20)}b`],
  // Underlines and links are not saved, but a flag that tells of them is; a charset is restored apart from the four
  // that are designated: without any there is nothing to mix up.
  [2, (r) => `\x1b[24m\x0f\x1b(B${r.pick(['\x1b7', '\x1b8', '\x1b[s', '\x1b[u'])}`],
  [2, (r) => r.pick(['\x1bM', '\x1bD', '\x1bE', '\x1bH', '\x1b[g'])],
  [2, (r) => r.pick(['\x1b(0lqqk\x1b(B', '\x1b)0\x0eabc\x0f', '\x1b(0', '\x1b(B', '\x0e', '\x0f', '\x1b(A#', '\x1b*0\x1bn'])],
  [4, (r) => `\x1b[?${r.pick([1, 7, 25, 45, 1004, 2004, 1000, 1002, 1003, 1006, 1016, 66])}${r.pick(['h', 'l'])}`],
  [1, (r) => `\x1b[?6${r.pick(['h', 'l', 'l'])}`],
  [1, (r) => `\x1b[4${r.pick(['h', 'l', 'l'])}`],
  [1, (r) => `\x1b[20${r.pick(['h', 'l', 'l'])}`],
  [2, (r) => `\x1b[24m\x0f\x1b(B\x1b[?${r.pick([1049, 1049, 47, 1047, 1048])}${r.pick(['h', 'l', 'l'])}`],
  [1, (r) => `\x1b[${r.below(7)} q`],
  [2, (r) => `\x1b]8;${r.pick(['', 'id=7'])};https://example.org/${r.below(9)}\x1b\\link\x1b]8;;\x07`],
  [1, (r) => `\x1b]${r.pick([0, 2])};title ${r.below(99)}${r.pick(['\x07', '\x1b\\'])}`],
  [1, (r) => r.pick(['\x1b[3g', '\x1b[5G\x1bH', '\x1b[12G\x1bH'])],
  [1, (r) => r.pick(['\x1b[c', '\x1b[6n', '\x1b[?2026$p', '\x1b[>q', '\x1bP$qm\x1b\\', '\x1b]10;?\x07'])],
  [0.3, (r) => r.pick(['\x1bc', '\x1b[!p', '\x1b#8', '\x1b[3J'])],
  [0.5, (r) => r.pick(["\x1b[2'}", "\x1b[2'~", '\x1b[2 @', '\x1b[2 A', '\x1b[1"q', '\x1b[0"q', '\x1b[?J', '\x1b[?K'])],
  [1, (r) => r.pick(['\x1b[31', '\x1b[1;2\n3m', '\x1b[?7\x18', '\x1bPq#0\x1b\\', '\x1b_gone\x1b\\', '\x1b[<5u', '\x1b[1:2:3m'])],
];
const TOTAL = STEPS.reduce((sum, [weight]) => sum + weight, 0);

function attributes(r) {
  const one = () =>
    r.pick([
      '0', '', '1', '2', '3', '4', '4:3', '4:5', '7', '9', '21', '22', '24', '27', '39', '49', '53', '58;5;9', '58:2::9:8:7',
      String(30 + r.below(8)), String(40 + r.below(8)), String(90 + r.below(8)), String(100 + r.below(8)),
      `38;5;${r.below(256)}`, `48;5;${r.below(256)}`, `38;2;${r.below(256)};1;2`, `48:2::${r.below(256)}:3:4`,
    ]);
  return Array.from({ length: 1 + r.below(3) }, one).join(';');
}

/** Output as steps: bytes, or a size. */
export function stream(seed, { steps = 150, resizes = true, illegal = true } = {}) {
  const r = numbers(seed);
  const size = { cols: 2 + r.below(r.chance(0.3) ? 12 : 100), rows: 2 + r.below(r.chance(0.3) ? 6 : 30) };
  const list = [{ ...size }];
  const encoder = new TextEncoder();
  for (let at = 0; at < steps; at++) {
    if (resizes && r.chance(0.01)) {
      size.cols = Math.max(2, size.cols + r.below(21) - 10);
      size.rows = Math.max(2, size.rows + r.below(9) - 4);
      list.push({ ...size });
    } else if (illegal && r.chance(0.01)) {
      list.push(Uint8Array.from({ length: 1 + r.below(4) }, () => r.below(256)));
    } else {
      let left = r.below(TOTAL * 100) / 100;
      const [, make] = STEPS.find(([weight]) => (left -= weight) < 0);
      list.push(encoder.encode(make(r, size)));
    }
  }
  return list;
}

/** The same steps, the one at a random byte in two; gives both parts. */
export function cut(steps, r) {
  const lengths = steps.map((step) => (step instanceof Uint8Array ? step.length : 0));
  let left = r.below(lengths.reduce((sum, length) => sum + length, 0) + 1);
  const at = lengths.findIndex((length) => (left -= length) < 0);
  if (at < 0) return [steps, []];
  const within = left + lengths[at];
  return [[...steps.slice(0, at), steps[at].subarray(0, within)], [steps[at].subarray(within), ...steps.slice(at + 1)]];
}
