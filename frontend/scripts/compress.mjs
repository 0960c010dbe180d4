// Compresses what the server embeds, once and as small as it gets, instead of anew for each request.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

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
  const gzip = gzipSync(data, { level: 9 });
  // The header's operating system byte differs between machines, and the build must not.
  gzip[9] = 255;
  writeFileSync(`${path}.br`, brotli);
  writeFileSync(`${path}.gz`, gzip);
  rows.push([path.slice(root.length + 1), data.length, brotli.length, gzip.length]);
}

for (const [name, plain, brotli, gzip] of rows.sort((a, b) => b[2] - a[2])) {
  console.log(`${name.padEnd(48)} ${String(plain).padStart(8)} B  br ${String(brotli).padStart(7)}  gz ${String(gzip).padStart(7)}`);
}
