// Sends a document piece by piece at the pace of the client. A document that breaks off takes the connection with it: the
// client sees a broken transfer, never an end (also under gzip, whose trailer is missing then).
import type { ServerResponse } from 'node:http';
import { createGzip, constants as zlib } from 'node:zlib';
import { PlanbridgeError } from '../errors.ts';
import { aborted } from './gate.ts';

export interface SendOptions {
  headers: Readonly<Record<string, string>>;
  gzip: boolean;
  /** A client that takes nothing for so long is broken off. */
  stallMs: number;
}

/**
 * Status and headers go out with the first piece; an error before it leaves the response untouched.
 * @returns bytes of the document, before packing
 * @throws what the chunks throw, PB_REQUEST_ABORTED when the client went away; the connection is then already cut
 */
export async function sendChunks(
  response: ServerResponse,
  chunks: AsyncIterableIterator<Buffer>,
  { headers, gzip, stallMs }: SendOptions,
): Promise<number> {
  let bytes = 0;
  // A client that goes away is noticed while Odoo is still being waited for.
  response.once('close', () => void chunks.return?.());
  const first = await chunks.next();
  if (response.destroyed) throw aborted();
  response.writeHead(200, gzip ? { ...headers, 'Content-Encoding': 'gzip' } : headers);
  const packer = gzip ? createGzip({ level: zlib.Z_BEST_SPEED }) : null;
  packer?.pipe(response, { end: false });
  const target = packer ?? response;
  try {
    for (let piece = first; !piece.done; piece = await chunks.next()) {
      bytes += piece.value.length;
      if (!target.write(piece.value)) await drained(target, response, stallMs);
      if (response.destroyed) break;
    }
    if (response.destroyed) throw aborted();
    if (packer) {
      const packed = new Promise<void>((resolve) => packer.once('end', resolve));
      packer.end();
      await unlessStalled(packed, response, stallMs);
    }
    response.end();
    return bytes;
  } catch (error) {
    packer?.unpipe(response);
    packer?.destroy();
    cut(response);
    throw error;
  } finally {
    await chunks.return?.();
  }
}

/** Resets the connection, so that not even a client of HTTP/1.0 takes what it has for the whole. */
export function cut(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
  response.destroy();
}

function drained(target: NodeJS.WritableStream, response: ServerResponse, stallMs: number): Promise<void> {
  return unlessStalled(new Promise<void>((resolve) => target.once('drain', resolve)), response, stallMs);
}

/** Waits for `event`, or for the client's end, or for the client's silence. */
async function unlessStalled(event: Promise<void>, response: ServerResponse, stallMs: number): Promise<void> {
  const { socket } = response;
  const outcome = Promise.withResolvers<void>();
  const gone = () => outcome.reject(aborted());
  let sent = socket?.bytesWritten ?? 0;
  const timer = setInterval(() => {
    const now = socket?.bytesWritten ?? 0;
    if (now === sent) {
      outcome.reject(
        new PlanbridgeError('PB_REQUEST_ABORTED', 499, 'The client stopped reading; the answer was broken off.'),
      );
    }
    sent = now;
  }, stallMs);
  response.once('close', gone);
  event.then(outcome.resolve);
  try {
    if (response.destroyed) throw aborted();
    await outcome.promise;
  } finally {
    clearInterval(timer);
    response.removeListener('close', gone);
  }
}
