// POST /mail/inbound: a raw mail from a mail server's pipe or a provider's webhook. Answered only when it is committed; sent
// again it is the same mail.
import { z } from 'zod';
import { PlanbridgeError } from '../../errors.ts';
import type { Api } from '../../http/api.ts';
import { bearerOf, sameSecret } from '../../http/secret.ts';
import { repairHead } from '../raw.ts';
import { type Budget, collect } from './collect.ts';
import type { Deliver, Reporter, SourceInfo } from './source.ts';

export interface HttpOptions extends SourceInfo {
  /** Any of them opens the door; none = it is closed. */
  tokens: readonly string[];
  maxBytes: number;
  budget: Budget;
}

const addresses = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((part) => part.trim() || []))
  .describe('Of the envelope, separated by commas');

const querySchema = z.object({
  from: z.string().max(1_000).optional().describe('Sender of the envelope; empty for notices'),
  to: addresses,
});

export const inboundAnswer = z.object({
  id: z.number().int(),
  sha256: z.string(),
  added: z.boolean().describe('false: this mail was there already'),
});

const HEADER = /^[A-Za-z][\w-]*[ \t]*:/;

export function addInboundRoute(
  api: Api,
  { tokens, maxBytes, budget }: HttpOptions,
  deliver: Deliver,
  report: Reporter,
): void {
  api.route(
    {
      method: 'post',
      path: '/mail/inbound',
      tag: 'Mail',
      summary: 'Hand in a raw mail (RFC 5322), with the bearer token of MAIL_TOKEN or API_TOKEN',
      role: 'anyone',
      query: querySchema,
      takes: ['message/rfc822'],
      answer: inboundAnswer,
    },
    async ({ request, query, response }) => {
      requireToken(request.get('authorization'), tokens);
      const coding = request.get('content-encoding') ?? 'identity';
      if (coding !== 'identity') throw refusal(`A body in ${coding} is not read.`, 'Send the mail as it is.');
      // What says so itself is not even read.
      if (Number(request.get('content-length')) > maxBytes) throw tooLarge(maxBytes);
      // Left open when broken off, so that the answer still arrives.
      const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
      const found = await collect(body, { maxBytes, budget, drain: false }, (raw) => {
        const first = repairHead(raw).subarray(0, 1_000).toString('latin1');
        if (!HEADER.test(first)) throw refusal('The body is no mail.', 'Send the raw message, header fields first.');
        return deliver({
          place: request.ip ?? '',
          raw,
          size: raw.length,
          envelope: { from: query.from ?? null, to: query.to },
        });
      });
      if (found.kind === 'too-large') throw tooLarge(maxBytes);
      if (found.kind === 'busy') {
        throw new PlanbridgeError('PB_REQUEST_BUSY', 503, 'Too many large mails are being handed in.', {
          remedy: 'Try again in a moment.',
          retryAfterSeconds: 10,
        });
      }
      report.well();
      response.status(found.value.added ? 201 : 200);
      return found.value;
    },
  );
}

function refusal(message: string, remedy: string): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_BODY', 400, message, { remedy });
}

function tooLarge(maxBytes: number): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_TOO_LARGE', 413, `The mail is larger than ${maxBytes} bytes.`);
}

/** @throws PlanbridgeError PB_AUTH_REQUIRED, PB_AUTH_FAILED */
function requireToken(authorization: string | undefined, tokens: readonly string[]): void {
  const given = bearerOf(authorization);
  if (given === undefined) {
    throw new PlanbridgeError('PB_AUTH_REQUIRED', 401, 'Mails are handed in with a bearer token.', {
      remedy: 'Send the token of MAIL_TOKEN.',
    });
  }
  if (tokens.some((token) => sameSecret(given, token))) return;
  throw new PlanbridgeError('PB_AUTH_FAILED', 401, 'This token is not known.', {
    remedy: 'Send the token of MAIL_TOKEN.',
  });
}
