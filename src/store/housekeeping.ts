// Cleaning once a day, in one of the processes that share the database. A part of the service; works in the background only.
import { errorFields } from '../log.ts';
import type { Part, Surroundings } from '../parts.ts';
import { clearOld, tidy } from './retention.ts';

const DAY_MS = 86_400_000;
/** Not while everything starts. */
const FIRST_MS = 10 * 60_000;

export async function openHousekeeping({
  config,
  store,
  log,
  now,
}: Pick<Surroundings, 'config' | 'store' | 'log' | 'now'>): Promise<Part> {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();

  async function clean(): Promise<void> {
    try {
      await store.locked('housekeeping', 1, async () => {
        const cleared = await clearOld(store, config.retention, now(), stop.signal);
        await tidy(store);
        if (Object.values(cleared).some((count) => count > 0))
          log.info({ ...cleared }, 'old records were cleared away');
      });
    } catch (error) {
      // Another process is at it, or this one ends; otherwise tomorrow is another day.
      if (!stop.signal.aborted && (error as { code?: string }).code !== 'PB_REQUEST_BUSY') {
        log.warn(errorFields(error), 'old records could not be cleared away');
      }
    }
  }

  function plan(inMs: number): void {
    timer = setTimeout(() => {
      working = clean().finally(() => {
        if (!stop.signal.aborted) plan(DAY_MS);
      });
    }, inMs);
    timer.unref();
  }

  return {
    name: 'housekeeping',
    async start() {
      plan(FIRST_MS);
    },
    async stop() {
      stop.abort();
      clearTimeout(timer);
      await working;
    },
  };
}
