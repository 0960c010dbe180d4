// Which part of a long conversation is in the document. Growing never moves what is being read: while the reader is
// somewhere above the end, only more is added below.

const FIRST = 120;
const MOST = 260;
const STEP = 200;

/** Index of the first item shown. */
export function windowStart(start: number, total: number, stuck: boolean): number {
  if (start > total) return Math.max(0, total - FIRST);
  return stuck && total - start > MOST ? total - FIRST : start;
}

export function earlier(start: number): number {
  return Math.max(0, start - STEP);
}
