// What a viewer sees who comes late, and is given a snapshot, against what one sees who was there all the time: xterm.js
// without a page, cell by cell. STREAMS, SEED and RECORDINGS (a directory of recorded output) choose what is compared;
// tests/terminal/README.md lists the differences that are accepted.

import addon from '@xterm/addon-unicode11';
import headless from '@xterm/headless';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cut, numbers, stream } from './terminal-streams.mjs';

const BINARY = process.env.TERMINAL_SNAPSHOT_BIN ?? fileURLToPath(new URL('../../target/debug/terminal-snapshot', import.meta.url));
const STREAMS = Number(process.env.STREAMS ?? 300);
const SEED = Number(process.env.SEED ?? 1);
const RECORDINGS = process.env.RECORDINGS ?? fileURLToPath(new URL('../terminal/recordings', import.meta.url));
assert.ok(existsSync(BINARY), `${BINARY} is missing: cargo build --features test-support --bin terminal-snapshot`);

const model = spawn(BINARY, { stdio: ['pipe', 'pipe', 'inherit'] });
const lines = createInterface({ input: model.stdout })[Symbol.asyncIterator]();
after(() => model.stdin.end());

async function snapshot(steps) {
  for (const [at, step] of steps.entries()) {
    if (step instanceof Uint8Array) model.stdin.write(`feed ${Buffer.from(step).toString('base64')}\n`);
    else model.stdin.write(`${at === 0 ? 'new' : 'resize'} ${step.cols} ${step.rows}\n`);
  }
  model.stdin.write('snapshot\n');
  return Buffer.from((await lines.next()).value, 'base64');
}

function terminal(size) {
  const made = new headless.Terminal({ ...size, scrollback: 5000, allowProposedApi: true, logLevel: 'off' });
  made.loadAddon(new addon.Unicode11Addon());
  made.unicode.activeVersion = '11';
  return made;
}

async function play(onto, steps) {
  for (let at = 0; at < steps.length; ) {
    const size = steps.slice(at).findIndex((step) => !(step instanceof Uint8Array));
    const end = size < 0 ? steps.length : at + size;
    if (end > at) await new Promise((done) => onto.write(new Uint8Array(Buffer.concat(steps.slice(at, end))), done));
    if (end < steps.length) onto.resize(steps[end].cols, steps[end].rows);
    at = end + 1;
  }
}

const RGB = 0x3000000;
const KIND = RGB;
/** Palette colours leave bits of an earlier colour behind, which nothing reads. */
const colour = (field) => ((field & KIND) === RGB ? field >>> 0 : (field & ~0xffff00) >>> 0) & ((field & KIND) === 0 ? ~0xffffff : ~0);
const EXTENDED = 0x10000000;
const UNDERLINED = 0x10000000;
/** How it is underlined: two fields say so, and one may be enough. */
const underlineOf = (fg, bg, extended) => (bg & EXTENDED && (extended._ext >>> 26) & 7) || (fg & UNDERLINED ? 1 : 0);

function cellOf(core, line, at) {
  const cell = line.loadCell(at, core._bufferService.buffer.getNullCell().constructor.fromCharData([0, '', 1, 0]));
  const extended = cell.bg & EXTENDED ? cell.extended : null;
  const link = extended?.urlId ? core._oscLinkService.getLinkData(extended.urlId)?.uri : undefined;
  // A character whose other half was cut off cannot be printed.
  const last = at === core._bufferService.cols - 1;
  const cutOff = cell.getWidth() === 2 && (last || line.getWidth(at + 1) !== 0 || line.getString(at + 1) !== '');
  let text = cutOff ? '' : cell.getChars();
  const blank = text === '' && (cutOff || cell.getWidth() === 1);
  const fg = (colour(cell.fg) & ~UNDERLINED) >>> 0;
  const bg = (colour(cell.bg) & ~EXTENDED) >>> 0;
  // Nothing with attributes comes back as a space.
  const style = underlineOf(cell.fg, cell.bg, extended);
  if (blank && (fg !== 0 || (bg & ~0x3ffffff) !== 0 || style !== 0 || link !== undefined)) text = ' ';
  const underline = extended && (extended._ext & KIND) !== 0 ? colour(extended._ext & 0x3ffffff) : 0;
  // Half of a character, or a mark, that was left alone.
  const alone = cutOff || cell.getWidth() === 0 && (text !== '' || at === 0 || line.getWidth(at - 1) !== 2);
  return `${text}|${alone ? 1 : cell.getWidth()}|${fg.toString(16)}|${bg.toString(16)}|${style}|${underline.toString(16)}|${link ?? ''}`;
}

function gridOf(core, buffer, { rows, cols }) {
  // Made smaller while it was hidden, the alternate screen keeps rows above itself that nobody can scroll to.
  const first = buffer.hasScrollback ? 0 : buffer.ybase;
  const total = buffer.lines.length - first;
  return {
    rows: Array.from({ length: total }, (_, y) => {
      const line = buffer.lines.get(first + y);
      // Whether the oldest row is a continuation is lost with what it continued.
      return { wrapped: y > 0 && line.isWrapped, cells: Array.from({ length: cols }, (_, x) => cellOf(core, line, x)) };
    }),
    above: buffer.ybase - first,
    region: [buffer.scrollTop, buffer.scrollBottom],
    saved: total === 0 ? null : {
      x: Math.min(buffer.savedX, cols - 1),
      y: Math.min(Math.max(buffer.savedY - buffer.ybase, 0), rows - 1),
      fg: colour(buffer.savedCurAttrData.fg) >>> 0,
      bg: (colour(buffer.savedCurAttrData.bg) & ~EXTENDED) >>> 0,
      charset: buffer.savedCharset?.q ?? buffer.savedCharset?.['#'],
    },
    tabs: total === 0 ? null : Object.keys(buffer.tabs).map(Number).filter((at) => at < cols),
  };
}

function stateOf(made) {
  const core = made._core;
  const { normal, alt, active } = core._bufferService.buffers;
  const attributes = core._inputHandler._curAttrData;
  return {
    normal: gridOf(core, normal, made),
    alternate: active === alt ? gridOf(core, alt, made) : null,
    cursor: { x: active.x, y: active.y },
    attributes: {
      fg: (colour(attributes.fg) & ~UNDERLINED) >>> 0,
      bg: (colour(attributes.bg) & ~EXTENDED) >>> 0,
      style: underlineOf(attributes.fg, attributes.bg, attributes.extended),
      link: core._oscLinkService.getLinkData(attributes.extended.urlId)?.uri,
    },
    modes: { ...core.coreService.modes, ...core.coreService.decPrivateModes, hidden: core.coreService.isCursorHidden },
    newline: core.optionsService.rawOptions.convertEol,
    mouse: [core.coreMouseService.activeProtocol, core.coreMouseService.activeEncoding],
    charset: { level: core._charsetService.glevel, current: core._charsetService.charset?.q ?? core._charsetService.charset?.['#'] },
    title: core._inputHandler._windowTitle ?? '',
  };
}

/** The first things that are not equal, for people. */
function differences(left, right, path = '', found = []) {
  if (found.length >= 6) return found;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    // xterm.js forgets a link with the row it began on.
    if (left !== right && !(typeof left === 'string' && left.endsWith('|') && right?.startsWith(left))) found.push(`${path}: ${JSON.stringify(left)} but with the snapshot ${JSON.stringify(right)}`);
    return found;
  }
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) differences(left[key], right[key], `${path}.${key}`, found);
  return found;
}

async function compare(steps, r) {
  const [head, tail] = cut(steps, r);
  const whole = terminal(steps[0]);
  await play(whole, steps);
  const late = terminal(head.findLast((step) => !(step instanceof Uint8Array)));
  await play(late, [new Uint8Array(await snapshot(head)), ...tail]);
  const found = differences(stateOf(whole), stateOf(late));
  whole.dispose();
  late.dispose();
  return { found, head, tail };
}

/** Holds each made-up output against its snapshots, at the end and within; `most` is the share that may differ. */
async function all(kind, options, most) {
  const failed = [];
  for (let seed = SEED; seed < SEED + STREAMS; seed++) {
    const steps = stream(seed, options);
    for (const part of ['end', 'cut']) {
      const r = part === 'cut' ? numbers(seed + 7) : { below: (limit) => limit - 1 };
      const { found } = await compare(steps, r);
      if (found.length > 0) failed.push(`${kind} seed ${seed} ${part} (${JSON.stringify(steps[0])}):\n    ${found.join('\n    ')}`);
    }
  }
  if (process.env.TALLY) console.log(`${kind}: ${failed.length} of ${2 * STREAMS} differ`);
  if (failed.length > most * 2 * STREAMS || process.env.SHOW) assert.deepEqual(failed.slice(0, Number(process.env.SHOW ?? 5)), []);
}

// TRACE=SEED: at which step of an output with changes of size the two part (TRACE_OPTIONS as JSON).
test('the step at which they part', { skip: !process.env.TRACE }, async () => {
  const steps = stream(Number(process.env.TRACE), JSON.parse(process.env.TRACE_OPTIONS ?? '{}'));
  for (let length = 2; length <= steps.length; length++) {
    const { found } = await compare([...steps.slice(0, length), new Uint8Array()], { below: (limit) => limit - 1 });
    if (found.length === 0) continue;
    const shown = steps.slice(0, length).slice(-8).map((step) => (step instanceof Uint8Array ? JSON.stringify(new TextDecoder().decode(step)) : JSON.stringify(step)));
    console.log(`after step ${length} of ${steps.length}, ${JSON.stringify(steps[0])}:\n  ${shown.join('\n  ')}\n  ${found.join('\n  ')}`);
    return;
  }
});

test('made-up output of one size', () => all('plain', { resizes: false, illegal: false }, 0.015));
test('made-up output with illegal bytes', () => all('illegal', { resizes: false }, 0.02));
test('made-up output with changes of size', () => all('resizes', {}, 0.07));

test('answers are those xterm.js would give, in its place', async () => {
  // What xterm.js leaves open, or to a renderer, and attributes, of which it knows none when asked.
  const own = /\x1bP>\|[^\x1b]*\x1b\\|\x1b\]1[0-2];[^\x1b]*\x1b\\/g;
  const normalised = (text) => text.replace(own, '').replace(/(\x1bP1\$r)[\d;:]*m/g, '$10m');
  for (let seed = SEED; seed < SEED + Math.min(STREAMS, 100); seed++) {
    const steps = stream(seed, { resizes: false, illegal: false });
    const whole = terminal(steps[0]);
    let said = '';
    whole.onData((data) => (said += data));
    await play(whole, steps);
    await snapshot(steps);
    model.stdin.write('answers\n');
    const answered = Buffer.from((await lines.next()).value, 'base64').toString();
    assert.equal(normalised(answered), normalised(said), `seed ${seed}`);
    whole.dispose();
  }
});

test('recorded output', async () => {
  const failed = [];
  const names = readdirSync(RECORDINGS);
  assert.ok(names.length > 0, `${RECORDINGS} is empty`);
  for (const name of names) {
    const [, cols, rows] = /-(\d+)x(\d+)\./.exec(name) ?? [];
    const bytes = new Uint8Array(readFileSync(`${RECORDINGS}/${name}`));
    const steps = [{ cols: Number(cols ?? 80), rows: Number(rows ?? 24) }, bytes];
    for (let seed = 0; seed < 25; seed++) {
      const { found } = await compare(steps, numbers(seed));
      if (found.length > 0) failed.push(`${name} cut ${seed}:\n    ${found.join('\n    ')}`);
    }
  }
  assert.deepEqual(failed.slice(0, 5), []);
});
