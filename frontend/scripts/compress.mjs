// Compresses what the server embeds, once and as small as it gets, instead of anew for each request.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const SMALLEST = 1024;
const TEXT = new Set(['.html', '.js', '.css', '.svg', '.webmanifest', '.json', '.txt']);
const root = fileURLToPath(new URL('../../assets', import.meta.url));

const rows = [];
for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath ?? entry.path, entry.name);
  if (!entry.isFile() || !TEXT.has(extname(entry.name))) continue;
  const data = readFileSync(path);
  if (data.length <= SMALLEST) continue;
  const brotli = brotliCompressSync(data, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT, [constants.BROTLI_PARAM_SIZE_HINT]: data.length },
  });
  writeFileSync(`${path}.br`, brotli);
  rows.push([path.slice(root.length + 1), data.length, brotli.length]);
}

for (const [name, plain, brotli] of rows.sort((a, b) => b[2] - a[2])) {
  console.log(`${name.padEnd(48)} ${String(plain).padStart(8)} B  br ${String(brotli).padStart(7)}`);
}
