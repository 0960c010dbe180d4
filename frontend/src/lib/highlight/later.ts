// Work that nobody waits for, a little at a time, so that it is never felt: filling what is out of sight.

const SLICE_MS = 12;

const waiting = new Set<() => void>();
let planned = false;

/** Does it soon, after what was asked for before; gives a way to take it back. */
export function later(job: () => void): () => void {
  waiting.add(job);
  plan();
  return () => waiting.delete(job);
}

function plan(): void {
  if (planned || waiting.size === 0) return;
  planned = true;
  setTimeout(() => {
    planned = false;
    const until = performance.now() + SLICE_MS;
    try {
      for (const job of waiting) {
        waiting.delete(job);
        job();
        if (performance.now() >= until) break;
      }
    } finally {
      // One that fails must not keep the others from being done.
      plan();
    }
  });
}
