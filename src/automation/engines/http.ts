// One way for the automations to ask services over HTTP: time-outs, whole answers, and for a request that failed whether it can
// have arrived. It repeats nothing; who asks knows what may be repeated.
import { fetch, type RequestInit } from 'undici';
import { PlanbridgeError } from '../../errors.ts';

export interface HttpAnswer {
  status: number;
  /** A header by its name in lower case. */
  header(name: string): string | undefined;
  text: string;
}

export interface HttpQuestion {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | URLSearchParams;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** Default `manual`: where a service sends elsewhere, its address is wrong. */
  redirect?: 'manual' | 'follow';
}

/** No answer, or none to the end. */
export class Unanswered extends Error {
  /** Whether the service may have got the request, so that nobody knows whether it has acted. */
  readonly mayHaveArrived: boolean;
  constructor(reason: string, mayHaveArrived: boolean, cause?: unknown) {
    super(reason, { cause });
    this.mayHaveArrived = mayHaveArrived;
  }
}

/** The connection did not come about. */
const NEVER_SENT = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'],
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ...['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
]);

/** @throws Unanswered; what the signal was aborted with */
export async function askHttp(question: HttpQuestion): Promise<HttpAnswer> {
  const { url, timeoutMs, signal, redirect = 'manual', method, headers, body } = question;
  signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  const init: RequestInit = { method, redirect, signal: signal ? AbortSignal.any([signal, timeout]) : timeout };
  if (headers) init.headers = headers;
  if (body !== undefined) init.body = body;
  try {
    const answer = await fetch(url, init);
    const text = await answer.text();
    return { status: answer.status, header: (name) => answer.headers.get(name) ?? undefined, text };
  } catch (error) {
    signal?.throwIfAborted();
    if (timeout.aborted) throw new Unanswered(`no answer within ${timeoutMs / 1_000} s`, true, error);
    const code = codeOf(error);
    throw new Unanswered(code ?? (error as Error).message, !(code !== undefined && NEVER_SENT.has(code)), error);
  }
}

function codeOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException;
    if (typeof code === 'string') return code;
    // Several addresses of one name, none of which answers.
    if (at instanceof AggregateError) return codeOf(at.errors[0]);
  }
  return undefined;
}

/** Text of a service for a message: one line, not too long, without what must stay secret. */
export function saidBy(text: string, secrets: readonly string[] = []): string {
  let clean = text.replace(/\s+/g, ' ').trim();
  for (const secret of secrets) if (secret.length > 2) clean = clean.replaceAll(secret, '***');
  return clean.length > 300 ? `${clean.slice(0, 300)} …` : clean;
}

export function unreachable(service: string, reason: string, options: { cause?: unknown; afterMs?: number } = {}) {
  return new PlanbridgeError('PB_AUTOMATION_UNREACHABLE', 502, `${service} cannot be reached: ${reason}.`, {
    remedy: 'It is tried again by itself; check its address in the settings file, and firewalls in between.',
    cause: options.cause,
    ...(options.afterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(options.afterMs / 1_000) }),
  });
}

export function refused(service: string, reason: string, remedy: string, cause?: unknown): PlanbridgeError {
  return new PlanbridgeError('PB_AUTOMATION_REFUSED', 502, `${service} refuses: ${reason}`, { remedy, cause });
}
