// Compares two builds of the UI: `node same-assets.mjs COMMITTED BUILT`. Plain files must be the same byte for byte;
// compressed ones must unpack to the same, since another zlib may pack them to other bytes.

import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

const filesIn = (directory) =>
  readdirSync(directory, { recursive: true })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => relative(directory, path))
    .sort()

function content(path) {
  const bytes = readFileSync(path)
  if (path.endsWith('.br')) return brotliDecompressSync(bytes)
  return bytes
}

function difference(committed, built, name) {
  if (!built.names.has(name)) return `only committed: ${name}`
  if (!committed.names.has(name)) return `not committed: ${name}`
  const [ours, theirs] = [committed, built].map(({ directory }) => content(join(directory, name)))
  if (!ours.equals(theirs)) return `differs: ${name}`
  const plain = name.replace(/\.br$/, '')
  const stale = plain !== name && !ours.equals(readFileSync(join(committed.directory, plain)))
  return stale ? `does not unpack to its plain file: ${name}` : undefined
}

const [committed, built] = process.argv.slice(2, 4).map((directory) => ({ directory, names: new Set(filesIn(directory)) }))
const names = [...new Set([...committed.names, ...built.names])].sort()
const differences = names.map((name) => difference(committed, built, name)).filter(Boolean)
for (const line of differences) console.error(line)
console.log(`${names.length} files in assets/, ${differences.length} different`)
process.exitCode = differences.length === 0 && names.length > 0 ? 0 : 1
