// Raw bytes <-> what the database keeps: compressed where that saves something worth the work, and always the exact bytes.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';

export type Packing = 'none' | 'gzip';

const pressed = promisify<Buffer, { level: number }, Buffer>(gzip);
const unpressed = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip);

/** Below, the row's own overhead is larger than what is saved. */
const SMALL = 1_024;
const WORTH = 0.9;

export async function pack(raw: Buffer): Promise<{ bytes: Buffer; packing: Packing }> {
  if (raw.length < SMALL) return { bytes: raw, packing: 'none' };
  const bytes = await pressed(raw, { level: constants.Z_BEST_SPEED });
  return bytes.length < raw.length * WORTH ? { bytes, packing: 'gzip' } : { bytes: raw, packing: 'none' };
}

/** @param size of the raw bytes, which is not exceeded */
export async function unpack(bytes: Buffer, packing: Packing, size: number): Promise<Buffer> {
  return packing === 'gzip' ? await unpressed(bytes, { maxOutputLength: Math.max(1, size) }) : bytes;
}

export function sha256(...pieces: readonly (Buffer | string)[]): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}
