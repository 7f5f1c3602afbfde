// Where commands write: standard output, or a file that is there as a whole or not at all.
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { PlanbridgeError } from '../errors.ts';

/** Writes all pieces, at the pace of the reader behind standard output. @returns bytes written */
export async function writeTo(
  path: string | null,
  pieces: AsyncIterable<string>,
  stdout: NodeJS.WritableStream,
  onProgress: (bytes: number) => void = () => {},
): Promise<number> {
  return path === null ? toStream(stdout, pieces, onProgress) : toFile(path, pieces, onProgress);
}

async function toStream(
  stream: NodeJS.WritableStream,
  pieces: AsyncIterable<string>,
  onProgress: (bytes: number) => void,
): Promise<number> {
  let bytes = 0;
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => {});
  const onError = (cause: unknown) =>
    broken.reject(new PlanbridgeError('PB_FILE', 500, 'Nobody reads the output any more.', { cause }));
  stream.once('error', onError);
  try {
    for await (const piece of pieces) {
      bytes += Buffer.byteLength(piece);
      const drained = stream.write(piece) ? undefined : new Promise<void>((resolve) => stream.once('drain', resolve));
      await Promise.race([drained, broken.promise]);
      onProgress(bytes);
    }
    await Promise.race([new Promise<void>((resolve) => stream.write('', () => resolve())), broken.promise]);
    return bytes;
  } finally {
    stream.removeListener('error', onError);
  }
}

async function toFile(
  path: string,
  pieces: AsyncIterable<string>,
  onProgress: (bytes: number) => void,
): Promise<number> {
  const draft = `${path}.${process.pid}.part`;
  try {
    // For the owner only: it holds the whole business.
    const file = await open(draft, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
      throw new PlanbridgeError('PB_FILE', 500, `${path} cannot be written (${cause.code}).`, {
        remedy: 'Check that the directory is there and may be written to.',
        cause,
      });
    });
    const stream = createWriteStream(draft, { fd: file });
    const closed = new Promise<void>((resolve) => stream.once('close', resolve));
    try {
      const bytes = await toStream(stream, pieces, onProgress);
      stream.end();
      await closed;
      await rename(draft, path);
      return bytes;
    } catch (error) {
      stream.destroy();
      await closed;
      throw error;
    }
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
