// Effects of one run: each by its key, so that what was done is not done again, and what was cut is looked up. An effect that is
// refused is an error of the run, not its end; one whose other side is away ends it, to be tried again.
import { describeError, PlanbridgeError } from '../../errors.ts';
import { redact } from '../../redact.ts';
import { isStoreAway } from '../../store/away.ts';
import type { Query, Store } from '../../store/database.ts';
import type { EffectOutcome, Json } from '../automation.ts';
import type { EffectRow, Ledger, NewEffect } from './ledger.ts';

export interface Effects {
  readonly dryRun: boolean;
  effect<T extends Json>(
    change: NewEffect,
    perform: (signal: AbortSignal) => Promise<T>,
    lookUp?: (signal: AbortSignal) => Promise<T | null>,
  ): Promise<EffectOutcome<T>>;
  /** An effect in our own database: it and its entry are one transaction. */
  within<T extends Json>(change: NewEffect, perform: (query: Query) => Promise<T>): Promise<EffectOutcome<T>>;
  /** Each of them new, in one go; `perform` gets those that are to be done and says what became of them, by key. */
  many(
    changes: readonly NewEffect[],
    perform: (changes: readonly NewEffect[], signal: AbortSignal) => Promise<ReadonlyMap<string, string | null>>,
  ): Promise<number>;
  /** Effects that were done now, that a dry run would do, and that failed. */
  readonly counts: { done: number; failed: number };
}

export interface EffectsOptions {
  store: Store;
  ledger: Ledger;
  dryRun: boolean;
  signal: AbortSignal;
  log(level: 'info' | 'warn' | 'error', message: string): void;
}

const AWAY: readonly string[] = ['PB_ODOO_UNREACHABLE', 'PB_AUTOMATION_UNREACHABLE', 'PB_STORE', 'PB_AUTH_FAILED'];

/** Whether the whole run has to end, and may be tried again. */
export function endsRun(error: unknown, signal: AbortSignal): boolean {
  if (signal.aborted || (error as { name?: unknown } | null)?.name === 'AbortError') return true;
  return error instanceof PlanbridgeError ? AWAY.includes(error.code) : isStoreAway(error);
}

export function createEffects({ store, ledger, dryRun, signal, log }: EffectsOptions): Effects {
  const counts = { done: 0, failed: 0 };

  async function fail(change: NewEffect, error: unknown): Promise<{ kind: 'failed'; message: string }> {
    const message = redact(describeError(error));
    counts.failed += 1;
    await ledger.failed(change, message);
    log('error', `${change.subject}: ${change.description}: ${message}`);
    return { kind: 'failed', message };
  }

  async function dry<T>(change: NewEffect, before: EffectRow | undefined): Promise<EffectOutcome<T>> {
    if (before?.state === 'done') return { kind: 'known', result: before.result as T };
    counts.done += 1;
    await ledger.dry([change]);
    return { kind: 'dry' };
  }

  return {
    dryRun,
    counts,
    async effect<T extends Json>(
      change: NewEffect,
      perform: (signal: AbortSignal) => Promise<T>,
      lookUp?: (signal: AbortSignal) => Promise<T | null>,
    ): Promise<EffectOutcome<T>> {
      signal.throwIfAborted();
      const before = (await ledger.find([change])).get(change.key);
      if (dryRun) return await dry(change, before);
      if (before?.state === 'done') return { kind: 'known', result: before.result as T };
      if (before === undefined) await ledger.begin([change]);
      try {
        let result: T | null = null;
        if (before !== undefined) {
          result = (await lookUp?.(signal)) ?? null;
          if (result === null) await ledger.begin([change]);
        }
        result ??= await perform(signal);
        await ledger.done([{ ...change, result }]);
        counts.done += 1;
        return { kind: 'done', result };
      } catch (error) {
        if (endsRun(error, signal)) throw error;
        return await fail(change, error);
      }
    },
    async within<T extends Json>(change: NewEffect, perform: (query: Query) => Promise<T>): Promise<EffectOutcome<T>> {
      signal.throwIfAborted();
      const before = (await ledger.find([change])).get(change.key);
      if (dryRun) return await dry(change, before);
      if (before?.state === 'done') return { kind: 'known', result: before.result as T };
      try {
        const result = await store.transaction(async (query) => {
          const done = await perform(query);
          await ledger.doneWithin(query, change, done);
          return done;
        });
        counts.done += 1;
        return { kind: 'done', result };
      } catch (error) {
        if (endsRun(error, signal)) throw error;
        return await fail(change, error);
      }
    },
    async many(changes, perform) {
      signal.throwIfAborted();
      if (changes.length === 0) return 0;
      const before = await ledger.find(changes);
      const wanted = changes.filter(({ key }) => before.get(key)?.state !== 'done');
      if (dryRun) {
        await ledger.dry(wanted);
        counts.done += wanted.length;
        return wanted.length;
      }
      await ledger.begin(wanted);
      const outcome = await perform(wanted, signal);
      const done = wanted.filter(({ key }) => outcome.get(key) === null);
      await ledger.done(done.map((change) => ({ ...change, result: true })));
      counts.done += done.length;
      for (const change of wanted) {
        const refused = outcome.get(change.key);
        if (typeof refused === 'string') await fail(change, new Error(refused));
      }
      return done.length;
    },
  };
}
