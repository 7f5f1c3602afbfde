// When a request to Odoo is sent again, and how long to wait. Application errors of Odoo are never repeated.

import { setTimeout as sleep } from 'node:timers/promises';
import { aborted } from './faults.ts';

export interface RetryPolicy {
  retries: number;
  baseMs: number;
  maxMs: number;
}

/** Thrown by an attempt that failed in a way that may pass; `error` is what the caller gets in the end. */
export class Passing extends Error {
  readonly error: Error;
  /** Pause that the server asked for. */
  readonly retryAfterMs: number | undefined;
  constructor(error: Error, retryAfterMs?: number) {
    super(error.message);
    this.error = error;
    this.retryAfterMs = retryAfterMs;
  }
}

export const PASSING_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** `Retry-After` in seconds or as a date, in milliseconds from `nowMs`. */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/** Exponential with jitter: between half and the whole of base × 2^attempt. */
export function pauseMs(policy: RetryPolicy, attempt: number, random = Math.random): number {
  const whole = Math.min(policy.maxMs, policy.baseMs * 2 ** attempt);
  return whole / 2 + (whole / 2) * random();
}

export async function withRetries<T>(
  policy: RetryPolicy,
  signal: AbortSignal | undefined,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Passing)) throw error;
      if (tries >= policy.retries) throw error.error;
      const wanted = error.retryAfterMs ?? 0;
      if (wanted > policy.maxMs) throw error.error;
      const pause = Math.max(wanted, pauseMs(policy, tries));
      await sleep(pause, undefined, signal ? { signal } : {}).catch((cause: unknown) => {
        throw aborted(cause);
      });
    }
  }
}
