// Whether a file that holds a mail looks as if its writer has ended: a head, and the end that its head promises. Knows no
// meaning of the mail; a file that never looks complete is taken as it is after some patience.
import { repairHead } from '../raw.ts';

const HEAD_BYTES = 256 << 10;

/** @example looksComplete(Buffer.from('Subject: x\n\nHello\n')) // true */
export function looksComplete(raw: Buffer): boolean {
  const bytes = repairHead(raw);
  const text = bytes.subarray(0, HEAD_BYTES).toString('latin1');
  const gap = /\r?\n\r?\n/.exec(text);
  if (!gap) return false;
  const head = text.slice(0, gap.index);
  if (!/^[!-9;-~]+[ \t]*:/m.test(head)) return false;
  const boundary = boundaryOf(head);
  if (boundary !== undefined) return bytes.lastIndexOf(`\n--${boundary}--`, undefined, 'latin1') >= 0;
  return bytes.at(-1) === 0x0a || isShortOfNewline(head, bytes);
}

/** A body without a line's end is whole when its bytes are as many as the head says. */
function isShortOfNewline(head: string, bytes: Buffer): boolean {
  const length = /^content-length[ \t]*:[ \t]*(\d{1,12})[ \t]*$/im.exec(head)?.[1];
  if (length === undefined) return false;
  const gap = /\r?\n\r?\n/.exec(bytes.subarray(0, HEAD_BYTES).toString('latin1'))!;
  return bytes.length - gap.index - gap[0].length >= Number(length);
}

function boundaryOf(head: string): string | undefined {
  const type = /^content-type[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)/im.exec(head)?.[1]?.slice(0, 2_000);
  if (type === undefined || !/^\s*multipart\//i.test(type)) return undefined;
  const found = /;\s*boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))/i.exec(type);
  return found?.[1] ?? found?.[2];
}
