// The sender of a mail out of its first bytes, to queue it by before anybody reads it. Knows no encodings, judges nothing, and
// never throws: what it cannot tell is an empty text.
import { repairHead } from '../raw.ts';

/** Far more than any sensible head; what is behind is not looked at. */
const HEAD_BYTES = 64 << 10;
/** Of the field: two patterns below take the square of it. */
const FIELD_LENGTH = 2_000;

/** Address in `From`, in lower case; empty when there is none. */
export function senderOf(raw: Buffer): string {
  const head = repairHead(raw.subarray(0, HEAD_BYTES)).toString('latin1');
  const end = /\r?\n\r?\n/.exec(head)?.index ?? head.length;
  const field = /^from[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)/im.exec(head.slice(0, end))?.[1];
  if (field === undefined) return '';
  const value = field
    .slice(0, FIELD_LENGTH)
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, ' ')
    .replaceAll(/\s+/g, ' ');
  const address = /<([^<>\s]+@[^<>\s]+)>/.exec(value)?.[1] ?? /[^\s,;:<>()]+@[^\s,;:<>()]+/.exec(value)?.[0] ?? '';
  return address.toLowerCase().slice(0, 320);
}
