// How failures are answered. frePPLe's client prints what follows the phrase "Error generating frePPLe XML data", text node by
// text node, so each thing worth knowing stands in one of its own (planner-wire.md 1).
import { STATUS_CODES } from 'node:http';
import type { Request, Response } from 'express';
import { PlanbridgeError } from '../errors.ts';
import { escapeHtml } from '../http/html.ts';
import { redact } from '../redact.ts';
import { SIGN_IN_TEXT } from './auth.ts';
import { isDisclosed } from './company-settings.ts';

const PHRASE = 'Error generating frePPLe XML data:';

/** Mistakes of our own are not explained to strangers: the log has them under the correlation id. */
export function asAnswer(error: unknown): PlanbridgeError {
  if (error instanceof PlanbridgeError) return error;
  return new PlanbridgeError('PB_INTERNAL', 500, 'Planbridge made a mistake.', {
    remedy: 'Its log says more, under the correlation id.',
    cause: error,
  });
}

function traceOf(error: unknown): string {
  const lines: string[] = [];
  for (let at: unknown = error; at instanceof Error && lines.length < 5; at = at.cause)
    lines.push(at.stack ?? at.message);
  return redact(lines.join('\ncaused by '));
}

export interface FailureOptions {
  correlationId: string;
  discloseStackTrace: boolean;
  /** What frePPLe's client looks for on the page; default that of a pull. */
  phrase?: string;
  /** Whether those who take anything get JSON. */
  json?: boolean;
}

/** Answers a request whose headers are not sent yet. */
export function sendFailure(
  request: Request,
  response: Response,
  error: unknown,
  { correlationId, discloseStackTrace, phrase = PHRASE, json = false }: FailureOptions,
): void {
  const answer = asAnswer(error);
  const status = answer.status >= 400 && answer.status <= 599 ? answer.status : 500;
  response.status(status);
  response.setHeader('Cache-Control', 'no-store');
  if (answer.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(answer.retryAfterSeconds));
  if (status === 401) response.setHeader('WWW-Authenticate', 'Basic realm="odoo"');
  const trace = (discloseStackTrace || isDisclosed(error)) && status !== 401 ? traceOf(error) : '';
  const message = redact(answer.message);
  const remedy = redact(answer.remedy);

  if (wantsJson(request, json)) {
    response.setHeader('Content-Type', 'application/problem+json');
    const title = STATUS_CODES[status] ?? 'Error';
    const problem = { type: 'about:blank', title, status, detail: message, remedy, code: answer.code, correlationId };
    response.end(JSON.stringify(trace ? { ...problem, trace } : problem));
    return;
  }
  if (status === 401) {
    // As the reference answers; whatever else there is to say follows on lines of its own.
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.end([SIGN_IN_TEXT, message === SIGN_IN_TEXT ? '' : message, remedy].filter(Boolean).join('\n'));
    return;
  }
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  const title = `${status} ${STATUS_CODES[status] ?? 'Error'}`;
  const lines = [...message.split('\n'), remedy, `Code ${answer.code}, correlation id ${correlationId}`];
  const text = lines.filter(Boolean).map(escapeHtml).join('<br>\n');
  const details = trace ? `\n<pre>${escapeHtml(trace)}</pre>` : '';
  response.end(`<!doctype html>\n<html lang=en>\n<title>${title}</title>\n<p>${phrase}<br>\n${text}</p>${details}\n`);
}

function wantsJson(request: Request, first: boolean): boolean {
  const json = ['application/json', 'application/problem+json'];
  const others = ['text/html', 'text/plain', 'application/xml'];
  const chosen = request.accepts(first ? [...json, ...others] : [...others, ...json]);
  return chosen === 'application/json' || chosen === 'application/problem+json';
}
