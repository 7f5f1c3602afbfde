// Buffers come out of a thread as plain bytes; here they are buffers again. Nothing is copied.
import type { Mail } from '../mail.ts';

export function bytesOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function revived(mail: Mail): Mail {
  return { ...mail, attachments: mail.attachments.map((each) => ({ ...each, content: bytesOf(each.content) })) };
}
