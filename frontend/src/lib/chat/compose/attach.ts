// Files into attachments.

import { base64, readImage } from '../images';
import { attachment, decodeText, judge, type Attachment } from './attachments';

/** Enough to know a format by, and to see most binary files for what they are. */
const HEAD_BYTES = 4_096;

/** Throws a sentence for the user when the file cannot be sent. */
export async function readAttachment(file: File): Promise<Attachment> {
  const head = await bytesOf(file.slice(0, HEAD_BYTES), file.name);
  const verdict = judge(file, head);
  if ('refuse' in verdict) throw new Error(verdict.refuse);
  if (verdict.take === 'image') {
    const blob = await readImage(file);
    return attachment('image', file.name, blob.type, await base64(blob));
  }
  if (verdict.take === 'document') return attachment('document', file.name, 'application/pdf', await base64(file));
  const text = decodeText(await bytesOf(file, file.name));
  if (text === null) throw new Error(`${file.name} is not text in UTF-8. Save it as UTF-8, or put it into the project and name it with @.`);
  if (text.trim() === '') throw new Error(`${file.name} holds nothing but blanks, so there is nothing to send.`);
  return attachment('text', file.name, 'text/plain', text);
}

async function bytesOf(blob: Blob, name: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch {
    throw new Error(`${name} could not be read. A directory cannot be attached; name it with @ instead.`);
  }
}
