// Zip archives of a size that we choose: read by their central directory with hard limits, written byte for byte the same each
// time. What the directory does not list is never looked at.
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

export interface ZipLimits {
  entries: number;
  /** Of all entries together, unpacked. */
  bytes: number;
}

/** Why an archive was refused. */
export class ZipFault extends Error {}

const END = 0x06054b50;
const DIRECTORY = 0x02014b50;
const LOCAL = 0x04034b50;
const ENCRYPTED = 0x1;
const STORED = 0;
const DEFLATED = 8;
/** 1 January 1980, the first day that archives can say. */
const NO_DATE = 0x21;
const UTF8 = 0x800;

/** Unpacks an archive. Sizes that the archive claims are not believed: unpacking stops at the limit. */
export function unzip(archive: Buffer, limits: ZipLimits): Map<string, Buffer> {
  try {
    return entriesOf(archive, limits);
  } catch (fault) {
    if (fault instanceof ZipFault) throw fault;
    // Cut off or damaged: reads behind the end, wrong compression.
    throw new ZipFault('the file is damaged');
  }
}

function entriesOf(archive: Buffer, limits: ZipLimits): Map<string, Buffer> {
  const end = endOf(archive);
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  if (count > limits.entries) throw new ZipFault(`the file has more than ${limits.entries} parts`);

  const entries = new Map<string, Buffer>();
  let left = limits.bytes;
  for (let index = 0; index < count; index++) {
    if (archive.readUInt32LE(at) !== DIRECTORY) throw new ZipFault('the file is damaged');
    const flags = archive.readUInt16LE(at + 8);
    const method = archive.readUInt16LE(at + 10);
    const packed = archive.readUInt32LE(at + 20);
    const claimed = archive.readUInt32LE(at + 24);
    const nameLength = archive.readUInt16LE(at + 28);
    const local = archive.readUInt32LE(at + 42);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);

    if (flags & ENCRYPTED) throw new ZipFault('the file is protected by a password');
    if (entries.has(name)) throw new ZipFault('the file has two parts of one name');
    if (claimed > left) throw tooLarge(limits);
    const content = contentOf(archive, local, packed, method, left, limits);
    left -= content.length;
    if (!name.endsWith('/')) entries.set(name, content);
  }
  return entries;
}

function endOf(archive: Buffer): number {
  // The end record is followed by a comment of at most 64 kB.
  for (let at = archive.length - 22; at >= Math.max(0, archive.length - 65_557); at--) {
    if (archive.readUInt32LE(at) === END) return at;
  }
  throw new ZipFault('the file is no archive');
}

function contentOf(
  archive: Buffer,
  local: number,
  packed: number,
  method: number,
  left: number,
  limits: ZipLimits,
): Buffer {
  if (archive.readUInt32LE(local) !== LOCAL) throw new ZipFault('the file is damaged');
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const data = archive.subarray(start, start + packed);
  if (data.length < packed) throw new ZipFault('the file is damaged');
  if (method === STORED) {
    if (packed > left) throw tooLarge(limits);
    return data;
  }
  if (method !== DEFLATED) throw new ZipFault('the file is packed in an unknown way');
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(1, left) });
  } catch (fault) {
    if ((fault as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limits);
    throw fault;
  }
}

function tooLarge(limits: ZipLimits): ZipFault {
  return new ZipFault(`unpacked, the file is larger than ${Math.round(limits.bytes / 1_000_000)} MB`);
}

/** Packs entries in the order given, without dates: the same entries give the same bytes. */
export function zip(entries: ReadonlyMap<string, Buffer>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of entries) {
    const label = Buffer.from(name, 'utf8');
    const packed = deflateRawSync(content, { level: 9 });
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(UTF8, 2);
    fields.writeUInt16LE(DEFLATED, 4);
    fields.writeUInt16LE(NO_DATE, 8);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(label.length, 22);
    parts.push(signed(LOCAL), fields, label, packed);

    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(signed(DIRECTORY), Buffer.from([20, 0]), fields, rest, label);
    offset += 30 + label.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.size, 4);
  end.writeUInt16LE(entries.size, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, list, signed(END), end]);
}

function signed(signature: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(signature);
  return bytes;
}
