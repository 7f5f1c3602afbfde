// HTTP to one Odoo server: one pool of kept-alive connections, gzip, time-outs, repetition of reads.
// Answers are JSON or an error that says what came instead.

import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Dispatcher, Pool } from 'undici';
import { PlanbridgeError } from '../../errors.ts';
import { aborted, unreachable } from './faults.ts';
import { PASSING_STATUSES, Passing, parseRetryAfter, type RetryPolicy, withRetries } from './retry.ts';
import type { CallOptions, TransportOptions } from './transport.ts';

const unzip = promisify(gunzip);

export interface JsonAnswer {
  status: number;
  /** Parsed JSON, or undefined when the answer is none (then `text` is its beginning). */
  json: unknown;
  text: string;
}

export interface HttpRequest extends CallOptions {
  method: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface OdooHttp {
  readonly url: string;
  readonly requests: number;
  /** Any answer with a status below 500 or with JSON in it; what is none of both is PB_ODOO_UNREACHABLE. */
  send(request: HttpRequest): Promise<JsonAnswer>;
  close(): Promise<void>;
}

/** `https://odoo.example.com/` → base address without a slash at the end.
 * @throws PlanbridgeError PB_CONFIG_INVALID */
export function parseServerUrl(url: string): { origin: string; base: string } {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new PlanbridgeError('PB_CONFIG_INVALID', 500, "Odoo's address is not a http or https URL.", {
      remedy: 'Give it as https://odoo.example.com',
    });
  }
  return { origin: parsed.origin, base: parsed.origin + parsed.pathname.replace(/\/+$/, '') };
}

export function createHttp(url: string, options: TransportOptions = {}): OdooHttp {
  const { origin, base } = parseServerUrl(url);
  const prefix = base.slice(origin.length);
  const maxBytes = options.maxAnswerBytes ?? 256 * 1024 * 1024;
  const connectTimeoutMs = options.connectTimeoutMs ?? 10_000;
  const pool = new Pool(origin, {
    connections: options.connections ?? 4,
    connect: { timeout: connectTimeoutMs, ...(options.ca === undefined ? {} : { ca: options.ca }) },
    headersTimeout: options.headersTimeoutMs ?? 120_000,
    bodyTimeout: options.bodyTimeoutMs ?? 120_000,
  });
  const policy: RetryPolicy = {
    retries: options.retries ?? 4,
    baseMs: options.retryBaseMs ?? 250,
    maxMs: options.retryMaxMs ?? 30_000,
  };
  let requests = 0;

  async function once(request: HttpRequest, body: string | undefined): Promise<JsonAnswer> {
    requests++;
    let status = 0;
    let headers: Dispatcher.ResponseData['headers'];
    let bytes: Buffer;
    try {
      const answer = await pool.request({
        path: prefix + request.path,
        method: request.method,
        headers: {
          accept: 'application/json',
          'accept-encoding': 'gzip',
          'user-agent': 'planbridge',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...request.headers,
        },
        body: body ?? null,
        signal: request.signal ?? null,
      });
      status = answer.statusCode;
      headers = answer.headers;
      bytes = await collect(answer.body, maxBytes, base);
      if (String(headers['content-encoding'] ?? '').includes('gzip')) {
        bytes = await unzip(bytes, { maxOutputLength: maxBytes });
      }
    } catch (error) {
      if (error instanceof PlanbridgeError) throw error;
      if (request.signal?.aborted) throw aborted(error);
      throw new Passing(networkError(base, error, connectTimeoutMs));
    }
    return judge(base, status, headers, bytes);
  }

  return {
    url: base,
    get requests() {
      return requests;
    },
    async send(request) {
      if (request.signal?.aborted) throw aborted(request.signal.reason);
      const body = request.body === undefined ? undefined : JSON.stringify(request.body);
      if (request.idempotent) return await withRetries(policy, request.signal, () => once(request, body));
      try {
        return await once(request, body);
      } catch (error) {
        throw error instanceof Passing ? error.error : error;
      }
    },
    close: () => pool.close(),
  };
}

async function collect(body: AsyncIterable<Uint8Array>, maxBytes: number, url: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) {
      throw unreachable(url, `sends an answer of more than ${maxBytes} bytes`, 'Use smaller pages.');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function judge(url: string, status: number, headers: Dispatcher.ResponseData['headers'], bytes: Buffer): JsonAnswer {
  const text = bytes.toString('utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  if (PASSING_STATUSES.has(status)) {
    const wait = parseRetryAfter(headers['retry-after']?.toString(), Date.now());
    throw new Passing(busy(url, status, wait), wait);
  }
  if (status >= 300 && status < 400) {
    const target = String(headers.location ?? '').split('?')[0];
    throw unreachable(url, `redirects to ${target}`, 'Give the address that Odoo is really served at.');
  }
  if (json === undefined && status === 200) {
    const seen = /<html|<!doctype/i.test(text) ? 'an HTML page' : 'something that is not JSON or was cut off';
    const error = unreachable(
      url,
      `answers with ${seen} instead of JSON`,
      "Check that the address is Odoo's own (not a website or login page in front of it) and that a proxy passes /jsonrpc and /json/2 on.",
    );
    // A cut answer may be whole the next time; a page in front of Odoo will not go away.
    throw seen === 'an HTML page' ? error : new Passing(error);
  }
  if (json === undefined && status >= 500) {
    throw unreachable(url, `answers with status ${status} and no JSON`, "Look into Odoo's log.");
  }
  return { status, json, text: text.slice(0, 2000) };
}

function busy(url: string, status: number, retryAfterMs: number | undefined): PlanbridgeError {
  return new PlanbridgeError('PB_ODOO_UNREACHABLE', 502, `Odoo at ${url} answers with status ${status}.`, {
    remedy: 'The server is busy or restarting; try again later.',
    retryAfterSeconds: retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1000),
  });
}

function networkError(url: string, error: unknown, connectTimeoutMs: number): PlanbridgeError {
  const code = errorCode(error);
  switch (code) {
    case 'ECONNREFUSED':
      return unreachable(url, 'refuses the connection', 'Check that Odoo runs and listens on this port.', error);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return unreachable(url, 'cannot be found', "Check the server's name and the name service.", error);
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return unreachable(url, `cannot be reached within ${connectTimeoutMs / 1000} s`, undefined, error);
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return unreachable(url, 'takes too long to answer', 'Use smaller pages or allow a longer time.', error);
    case 'Z_BUF_ERROR':
    case 'Z_DATA_ERROR':
      return unreachable(url, 'sends a compressed answer that is cut off', undefined, error);
  }
  if (/^(CERT|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code)) {
    return unreachable(
      url,
      `has a certificate that is not trusted (${code})`,
      'Configure the authority of the certificate.',
      error,
    );
  }
  return unreachable(url, `broke the connection (${code || 'no code'})`, undefined, error);
}

function errorCode(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    const code = (at as { code?: unknown }).code;
    if (typeof code === 'string') return code;
  }
  return '';
}
