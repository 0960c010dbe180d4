// Pasted text is typed text: it must not contain what ends the bracket around it, or keys nobody would paste.

const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

export function cleanPaste(text: string): string {
  return text.replace(CONTROLS, '');
}

/** Without the bracket each line end is an Enter; a program would run lines as they come. */
export function runsLines(text: string): boolean {
  return /[\r\n]/.test(text.replace(/[\r\n]+$/, '')) || /[\r\n]$/.test(text);
}
