// A posted plan from the first byte of the request to its records: multipart as frePPLe sends it, ordinary multipart, or the bare
// document. Signs in before the plan is read, checks the web token, and keeps the document compressed on the way.
import { createGzip } from 'node:zlib';
import { PlanbridgeError } from '../errors.ts';
import type { PostedRecord } from '../mapping/posted.ts';
import { readOrders } from './document/orders.ts';
import type { ImportRequest } from './import-prepare.ts';
import { boundaryOf, MULTIPART_LIMITS, type Part, readMultipart, textOf, tooLarge } from './multipart.ts';
import { checkWebtoken, type WebtokenSettings } from './webtoken.ts';

export interface ReceiveSurroundings {
  /** Whoever signs in, once the database is known. @throws PlanbridgeError PB_AUTH_FAILED, PB_ODOO_DATABASE */
  signIn(database: string | null): Promise<string>;
  login: string;
  webtoken: WebtokenSettings | null;
  maxBytes: number;
  nowSeconds: number;
}

export interface ReceivedPlan {
  database: string;
  request: ImportRequest;
  posted: PostedRecord[];
  /** gzip. */
  document: Buffer;
}

export interface Body {
  contentType: string | undefined;
  contentLength: string | undefined;
  chunks: AsyncIterable<Uint8Array>;
  /** Arguments of the address. */
  query: URLSearchParams;
}

/** @throws PlanbridgeError PB_REQUEST_BODY, PB_REQUEST_TOO_LARGE, PB_REQUEST_ARGUMENT, PB_PLAN_DOCUMENT, and those of sign-in */
export async function receivePlan(body: Body, surroundings: ReceiveSurroundings): Promise<ReceivedPlan> {
  const { login, webtoken, maxBytes, nowSeconds } = surroundings;
  if (Number(body.contentLength ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const fields = new Map<string, string>(body.query);
  let plan: { database: string; posted: PostedRecord[]; document: Buffer } | null = null;

  async function take(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const database = await surroundings.signIn(fields.get('database') || null);
    checkWebtoken(fields.get('webtoken') ?? null, login, webtoken, nowSeconds);
    const posted: PostedRecord[] = [];
    const keep = keeper();
    await readOrders(keep.through(chunks), (record) => posted.push(record));
    plan = { database, posted, document: await keep.end() };
  }

  const boundary = boundaryOf(body.contentType);
  if (boundary === null) {
    const type = body.contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
    if (type !== 'application/xml' && type !== 'text/xml') {
      throw new PlanbridgeError('PB_REQUEST_BODY', 415, `A plan cannot be taken as "${type.slice(0, 60)}".`, {
        remedy: 'Post it as multipart/form-data, as frePPLe does, or as application/xml.',
      });
    }
    await take(bounded(body.chunks, maxBytes));
  } else {
    const early = new Map(fields);
    for await (const part of readMultipart(body.chunks, boundary, { ...MULTIPART_LIMITS, bytes: maxBytes })) {
      if (isPlan(part)) {
        if (plan !== null) throw twice();
        await take(part.body);
        for (const [name, value] of fields) early.set(name, value);
      } else fields.set(part.name, (await textOf(part)).trim());
    }
    // What signs in has to come in front of the plan: it was read with what was known by then.
    for (const name of ['database', 'webtoken']) {
      if (plan !== null && fields.get(name) !== early.get(name)) {
        throw new PlanbridgeError('PB_REQUEST_BODY', 400, `The field ${name} comes after the plan.`, {
          remedy: 'Put the fields in front of the file.',
        });
      }
    }
  }
  if (plan === null) {
    throw new PlanbridgeError('PB_REQUEST_BODY', 400, 'The body holds no plan.', {
      remedy: 'Post the document as the file "frePPLe plan".',
    });
  }
  return { ...(plan as { database: string; posted: PostedRecord[]; document: Buffer }), request: requestOf(fields) };
}

function isPlan(part: Part): boolean {
  return part.filename !== null || part.name === 'frePPLe plan';
}

function twice(): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_BODY', 400, 'The body holds more than one plan.', {
    remedy: 'Post them one by one.',
  });
}

/** @throws PlanbridgeError PB_REQUEST_ARGUMENT */
export function requestOf(fields: ReadonlyMap<string, string>): ImportRequest {
  const mode = fields.get('mode')?.trim() ?? '';
  if (mode !== '' && !/^[123]$/.test(mode)) {
    throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, `Argument mode is "${mode.slice(0, 60)}".`, {
      remedy: 'Give 1 (a plan, replacing the one before), 2 (single orders), 3 (a further page), or none.',
    });
  }
  return {
    mode: mode === '' ? null : Number(mode),
    company: fields.get('company') || null,
    actualUser: fields.get('actual_user') || null,
  };
}

async function* bounded(chunks: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.length;
    if (total > limit) throw tooLarge(limit);
    yield chunk;
  }
}

/** Compresses what passes through. */
function keeper() {
  const gzip = createGzip({ level: 4 });
  const kept: Buffer[] = [];
  gzip.on('data', (chunk: Buffer) => kept.push(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    gzip.on('end', resolve);
    gzip.on('error', reject);
  });
  ended.catch(() => {});
  return {
    async *through(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        if (!gzip.write(chunk)) await new Promise((resolve) => gzip.once('drain', resolve));
        yield chunk;
      }
    },
    async end(): Promise<Buffer> {
      gzip.end();
      await ended;
      return Buffer.concat(kept);
    },
  };
}
