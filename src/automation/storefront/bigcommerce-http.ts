// Requests to BigCommerce: its rate limit is kept before it is hit, what may be repeated is, and its errors are told in its own words.
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { parseRetryAfter, pauseMs } from '../../connector/odoo/retry.ts';
import { PlanbridgeError } from '../../errors.ts';
import { askHttp, type HttpAnswer, refused, saidBy, Unanswered, unreachable } from '../engines/http.ts';

export interface BigCommerceAccess {
  /** `https://api.bigcommerce.com/stores/<hash>`, without a slash at the end. */
  base: string;
  token: string;
  timeoutMs: number;
  retries: number;
  pauseMs: number;
  longestPauseMs: number;
  /** So many requests of the quota are left to others. */
  reserve: number;
  now: () => number;
}

export interface StoreRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Behind the base: `/v3/catalog/products?limit=250`. */
  path: string;
  body?: unknown;
  /** Whether it may be sent again when nobody knows whether it arrived. */
  repeatable: boolean;
  signal?: AbortSignal | undefined;
}

export interface StoreAnswer {
  status: number;
  /** Of the JSON; undefined where there is none. */
  json: unknown;
}

/** The shop takes back what it was given; with the status, so that one product of ten can be found. */
export class StoreRefusal extends Error {
  readonly status: number;
  constructor(status: number, said: string) {
    super(said);
    this.status = status;
  }
}

export type AskStore = (request: StoreRequest) => Promise<StoreAnswer>;

/** v3: one object; v2: a list of them. */
const FaultV3 = z.looseObject({
  title: z.string().optional(),
  detail: z.string().optional(),
  errors: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).optional(),
});
const FaultV2 = z.array(z.looseObject({ message: z.string(), details: z.unknown().optional() }));

/** @throws StoreRefusal for 400, 404, 409 and 422; PlanbridgeError PB_AUTOMATION_REFUSED, PB_AUTOMATION_UNREACHABLE */
export function bigCommerceHttp(access: BigCommerceAccess): AskStore {
  const { base, token, now } = access;
  const policy = { retries: access.retries, baseMs: access.pauseMs, maxMs: access.longestPauseMs };
  /** Until then the quota is used up. */
  let closedUntil = 0;

  function heed(answer: HttpAnswer): void {
    const left = Number(answer.header('x-rate-limit-requests-left') ?? Number.NaN);
    const resetMs = Number(answer.header('x-rate-limit-time-reset-ms') ?? Number.NaN);
    if (left <= access.reserve && resetMs > 0) closedUntil = now() + resetMs;
  }

  /** How long a refused request is to wait; undefined = as we like. */
  function wantedMs(answer: HttpAnswer): number | undefined {
    const resetMs = Number(answer.header('x-rate-limit-time-reset-ms') ?? Number.NaN);
    return Number.isFinite(resetMs) ? resetMs : parseRetryAfter(answer.header('retry-after'), now());
  }

  function failureOf(outcome: HttpAnswer | Unanswered): PlanbridgeError {
    if (outcome instanceof Unanswered) return unreachable('BigCommerce', outcome.message, { cause: outcome });
    const afterMs = wantedMs(outcome);
    const reason = outcome.status === 429 ? 'its quota of requests is used up (429)' : `it answers ${outcome.status}`;
    return unreachable('BigCommerce', reason, afterMs === undefined ? {} : { afterMs });
  }

  async function pause(tries: number, outcome: HttpAnswer | Unanswered, signal: AbortSignal | undefined) {
    const wanted = outcome instanceof Unanswered ? 0 : (wantedMs(outcome) ?? 0);
    if (tries >= policy.retries || wanted > policy.maxMs) throw failureOf(outcome);
    await sleep(Math.max(wanted, pauseMs(policy, tries)), undefined, signal ? { signal } : {});
  }

  return async ({ method, path, body, repeatable, signal }) => {
    for (let tries = 0; ; tries++) {
      const wait = Math.min(closedUntil - now(), policy.maxMs);
      if (wait > 0) await sleep(wait, undefined, signal ? { signal } : {});
      const outcome = await askHttp({
        method,
        url: base + path,
        headers: {
          'x-auth-token': token,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        timeoutMs: access.timeoutMs,
        signal,
      }).catch((error: unknown) => {
        if (error instanceof Unanswered) return error;
        throw error;
      });
      if (!(outcome instanceof Unanswered)) {
        heed(outcome);
        const { status } = outcome;
        if (status >= 200 && status < 300) {
          const json = outcome.text.trim() === '' ? undefined : parsed(outcome.text);
          if (json !== NONE) return { status, json };
        } else if (status < 500 && status !== 429) throw refusalOf(outcome, token);
      }
      const taken = outcome instanceof Unanswered ? outcome.mayHaveArrived : outcome.status !== 429;
      if (taken && !repeatable) throw failureOf(outcome);
      await pause(tries, outcome, signal);
    }
  };
}

const NONE = Symbol('no JSON');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return NONE;
  }
}

function refusalOf(answer: HttpAnswer, token: string): Error {
  const said = `${saidBy(reasonOf(parsed(answer.text)) || answer.text || 'no reason', [token])} (${answer.status})`;
  if ([400, 404, 409, 422].includes(answer.status)) return new StoreRefusal(answer.status, said);
  const remedy =
    answer.status === 401 || answer.status === 403
      ? 'Check store and token of the engine storefront in the settings file; the token needs to modify products and marketing.'
      : 'Check url and store of the engine storefront in the settings file.';
  return refused('BigCommerce', said, remedy);
}

function reasonOf(json: unknown): string {
  const old = FaultV2.safeParse(json);
  if (old.success) return old.data.map(({ message }) => message).join('; ');
  const fault = FaultV3.safeParse(json);
  if (!fault.success) return '';
  const { title = '', detail = '', errors } = fault.data;
  const single = Object.entries(errors ?? {}).map(([where, what]) => `${where}: ${textOf(what)}`);
  return [...new Set([title, detail, ...single])].filter(Boolean).join(': ');
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** A refusal that is about the whole request. */
export function asRefused(error: unknown, what: string): unknown {
  return error instanceof StoreRefusal
    ? new PlanbridgeError('PB_AUTOMATION_REFUSED', 502, `BigCommerce refuses: ${what}: ${error.message}`, {
        remedy: 'Read what it says.',
        cause: error,
      })
    : error;
}
