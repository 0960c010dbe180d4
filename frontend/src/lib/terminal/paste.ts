// Pasted text is typed text: it must not contain what ends the bracket around it, or keys nobody would paste.

const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

export function cleanPaste(text: string): string {
  return text.replace(CONTROLS, '');
}

/** Without the bracket each line end is an Enter; a program would run lines as they come. */
export function runsLines(text: string): boolean {
  return /[\r\n]/.test(text.replace(/[\r\n]+$/, '')) || /[\r\n]$/.test(text);
}

/** Nobody means to paste a whole file into a prompt without being asked. */
const LARGE = 100_000;

/** Why to ask before it is pasted. */
export function pasteRisk(text: string, bracketed: boolean): 'lines' | 'large' | null {
  if (!bracketed && runsLines(text)) return 'lines';
  return text.length >= LARGE ? 'large' : null;
}
