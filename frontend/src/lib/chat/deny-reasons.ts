// Reasons to say no that are one tap away.

export interface Reason {
  readonly name: string;
  /** What Claude is told. */
  readonly text: string;
}

export const REASONS: readonly Reason[] = [
  { name: 'Use a different approach', text: 'Use a different approach.' },
  { name: 'Explain first', text: 'Explain first what this does.' },
  { name: 'Wrong file', text: 'This is the wrong file.' },
  { name: 'Not this command', text: 'Do not run this command.' },
  { name: 'Too broad', text: 'This is too broad. Do less at once.' },
];

/** A tap adds a reason, a second tap takes it back; what was typed stays. */
export function toggleReason(written: string, reason: Reason): string {
  if (written.includes(reason.text)) return written.replace(reason.text, '').replace(/\s{2,}/g, ' ').trim();
  const before = written.trim();
  return before === '' ? reason.text : `${before} ${reason.text}`;
}
