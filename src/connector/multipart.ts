// Reads multipart bodies as frePPLe's clients send them: disposition `file`, a boundary that is not quoted although it holds
// `=` or `*`, bare LF and CRLF mixed (planner-wire.md 2, 3); ordinary multipart as well. Streams; memory stays at one chunk.
import { PlanbridgeError } from '../errors.ts';

export interface MultipartLimits {
  /** Of the whole body. */
  bytes: number;
  /** Of the lines in front of a part's content. */
  headerBytes: number;
  parts: number;
}

export const MULTIPART_LIMITS: MultipartLimits = { bytes: 64 << 20, headerBytes: 16 << 10, parts: 64 };

export interface Part {
  name: string;
  filename: string | null;
  contentType: string | null;
  /** Content; what is not read is passed over when the next part is asked for. */
  body: AsyncGenerator<Buffer>;
}

const LONGEST_BOUNDARY = 200;
const LF = 10;
const CR = 13;
const DASH = 45;

export function tooLarge(limit: number): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_TOO_LARGE', 413, `The body has more than ${limit} bytes.`, {
    remedy: 'Post the plan in pages, or raise IMPORT_MAX_BYTES.',
  });
}

function malformed(what: string): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_BODY', 400, `The multipart body cannot be read: ${what}.`, {
    remedy: 'Post it as frePPLe does, or as multipart/form-data of any library.',
  });
}

/**
 * The boundary of a Content-Type header: everything behind the first `=`, quoted or not; null when it is no multipart.
 * @throws PlanbridgeError PB_REQUEST_BODY when it is one without a usable boundary
 * @example boundaryOf('multipart/form-data; boundary=**MessageBoundary**') === '**MessageBoundary**'
 */
export function boundaryOf(contentType: string | undefined): string | null {
  if (contentType === undefined || !/^\s*multipart\//i.test(contentType)) return null;
  const given = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^;]*))/i.exec(contentType);
  const boundary = (given?.[1] ?? given?.[2] ?? '').trim();
  if (boundary === '' || boundary.length > LONGEST_BOUNDARY || /[^\x20-\x7e]/.test(boundary)) {
    throw malformed('its header names no usable boundary');
  }
  return boundary;
}

/** Bytes as they come, with a look ahead. */
interface Source {
  bytes: Buffer;
  /** Adds the next chunk; false at the end. */
  more(): Promise<boolean>;
}

function sourceOf(chunks: AsyncIterable<Uint8Array>, limit: number): Source & { close(): Promise<void> } {
  const iterator = chunks[Symbol.asyncIterator]();
  let total = 0;
  let ended = false;
  return {
    bytes: Buffer.alloc(0),
    async more() {
      if (ended) return false;
      const next = await iterator.next();
      if (next.done) {
        ended = true;
        return false;
      }
      total += next.value.length;
      if (total > limit) throw tooLarge(limit);
      const chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length);
      this.bytes = this.bytes.length === 0 ? chunk : Buffer.concat([this.bytes, chunk]);
      return true;
    },
    async close() {
      ended = true;
      await iterator.return?.();
    },
  };
}

/** One line without its end, or null when the source ends before it. */
async function readLine(source: Source, limit: number): Promise<string | null> {
  let from = 0;
  for (;;) {
    const end = source.bytes.indexOf(LF, from);
    if (end >= 0 && end <= limit) {
      const line = source.bytes.subarray(0, end > 0 && source.bytes[end - 1] === CR ? end - 1 : end);
      source.bytes = source.bytes.subarray(end + 1);
      return line.toString('utf8');
    }
    from = source.bytes.length;
    if (from > limit || end > limit) throw malformed(`a line of a part's head has more than ${limit} bytes`);
    if (!(await source.more())) return null;
  }
}

/** What follows a delimiter that begins at `at`: another part, the end, or it was content that looks alike. */
async function delimiterAt(
  source: Source,
  at: number,
  length: number,
): Promise<{ kind: 'part' | 'end'; next: number } | null> {
  let end = at + length;
  while (source.bytes.length < end + 2 && (await source.more())) {
    // Two bytes decide.
  }
  if (source.bytes[end] === DASH && source.bytes[end + 1] === DASH) return { kind: 'end', next: end + 2 };
  for (;;) {
    if (end >= source.bytes.length && !(await source.more())) return null;
    const byte = source.bytes[end];
    if (byte === LF) return { kind: 'part', next: end + 1 };
    if (byte !== CR && byte !== 32 && byte !== 9) return null;
    if (end - at - length > 80) return null;
    end += 1;
  }
}

/**
 * The parts of a body, one after the other.
 * @throws PlanbridgeError PB_REQUEST_BODY, PB_REQUEST_TOO_LARGE; the latter as soon as the limit is passed
 */
export async function* readMultipart(
  chunks: AsyncIterable<Uint8Array>,
  boundary: string,
  limits: MultipartLimits = MULTIPART_LIMITS,
): AsyncGenerator<Part> {
  const source = sourceOf(chunks, limits.bytes);
  const dashed = Buffer.from(`--${boundary}`, 'latin1');
  const needle = Buffer.concat([Buffer.from('\n'), dashed]);
  let state: 'part' | 'end' = 'part';
  /** Whether there is content whose delimiter has not come yet, and whether its first line has been looked at. */
  let open = true;
  let fresh = true;

  /** Content up to the next delimiter, which is taken too. */
  async function* content(): AsyncGenerator<Buffer> {
    if (fresh) {
      fresh = false;
      while (source.bytes.length < dashed.length && (await source.more())) {
        // Until it can be compared.
      }
      if (source.bytes.subarray(0, dashed.length).equals(dashed)) {
        const found = await delimiterAt(source, 0, dashed.length);
        if (found !== null) {
          state = found.kind;
          open = false;
          source.bytes = source.bytes.subarray(found.next);
          return;
        }
      }
    }
    let from = 0;
    for (;;) {
      const at = source.bytes.indexOf(needle, from);
      if (at >= 0) {
        const found = await delimiterAt(source, at, needle.length);
        if (found === null) {
          from = at + 1;
          continue;
        }
        const end = at > 0 && source.bytes[at - 1] === CR ? at - 1 : at;
        const last = source.bytes.subarray(0, end);
        state = found.kind;
        open = false;
        source.bytes = source.bytes.subarray(found.next);
        if (last.length > 0) yield last;
        return;
      }
      // The tail may be the beginning of a delimiter, with a CR in front of it.
      const ready = source.bytes.length - needle.length;
      if (ready > 0) {
        const piece = source.bytes.subarray(0, ready);
        source.bytes = source.bytes.subarray(ready);
        yield piece;
      }
      from = 0;
      if (!(await source.more())) throw malformed('it ends before its closing boundary');
    }
  }

  try {
    let preamble = 0;
    for await (const piece of content()) {
      preamble += piece.length;
      if (preamble > limits.headerBytes) throw malformed('it does not begin with its boundary');
    }
    for (let count = 1; state === 'part'; count++) {
      if (count > limits.parts) throw malformed(`it has more than ${limits.parts} parts`);
      const head = await readHead(source, limits.headerBytes);
      open = true;
      fresh = true;
      const body = content();
      yield { ...head, body };
      for await (const _ of body) {
        // Passed over.
      }
      // Its reader left early.
      if (open) {
        for await (const _ of content()) {
          // Passed over.
        }
      }
    }
  } finally {
    await source.close();
  }
}

async function readHead(source: Source, limit: number): Promise<Omit<Part, 'body'>> {
  let name: string | null = null;
  let filename: string | null = null;
  let contentType: string | null = null;
  let size = 0;
  for (;;) {
    const line = await readLine(source, limit);
    if (line === null) throw malformed('it ends within the head of a part');
    if (line === '') break;
    size += line.length;
    if (size > limit) throw malformed(`the head of a part has more than ${limit} bytes`);
    const [, field = '', value = ''] = /^([^:\s]{1,100})\s*:\s*(.*)$/s.exec(line) ?? [];
    if (field.toLowerCase() === 'content-type') contentType = value.trim();
    if (field.toLowerCase() !== 'content-disposition') continue;
    name = parameter(value, 'name');
    filename = parameter(value, 'filename');
  }
  if (name === null) throw malformed('a part has no name');
  return { name, filename, contentType };
}

function parameter(value: string, wanted: string): string | null {
  const found = new RegExp(`(?:^|;)\\s*${wanted}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^;]*))`, 'i').exec(value);
  if (found === null) return null;
  return found[1] === undefined ? (found[2] ?? '').trim() : found[1].replace(/\\(["\\])/g, '$1');
}

/** A small part as text. @throws PlanbridgeError PB_REQUEST_BODY when it is not small */
export async function textOf(part: Part, limit = 64 << 10): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of part.body) {
    size += chunk.length;
    if (size > limit) throw malformed(`its field ${part.name.slice(0, 40)} has more than ${limit} bytes`);
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString('utf8');
}
