// Keeps sources running: each is started, started again with growing pauses when it fails, and ended by the signal. One source
// that fails touches none of the others.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../../store/database.ts';
import { type LeaseOptions, withLease } from '../store/lease.ts';
import type { Deliver, Reporter, Source } from './source.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** Servers lock accounts after a few wrong passwords. */
const REFUSED_PAUSE_MS = 300_000;
/** A run that lasted so long has worked; the next pause is short again. */
const WORKED_MS = 60_000;

export interface SupervisedSource {
  source: Source;
  deliver: Deliver;
  report: Reporter;
}

export interface SuperviseOptions {
  store: Store;
  lease: LeaseOptions;
  signal: AbortSignal;
  /** Shortest pause after a failure. */
  pauseMs?: number;
}

/** Ends when the signal is raised and the source has ended; never throws. */
export async function supervise(
  { source, deliver, report }: SupervisedSource,
  options: SuperviseOptions,
): Promise<void> {
  const { store, lease, signal, pauseMs = FIRST_PAUSE_MS } = options;
  let failures = 0;
  while (!signal.aborted) {
    const began = performance.now();
    try {
      const run = (inner: AbortSignal) => source.run({ deliver, report, signal: inner });
      if (source.exclusive) {
        // Another process that looks there reports for itself.
        await withLease(store, `source ${source.name}`, lease, signal, run);
      } else await run(signal);
      if (!signal.aborted) throw new Error('it has ended by itself');
    } catch (error) {
      if (signal.aborted) return;
      report.failed(error);
      failures = performance.now() - began > WORKED_MS ? 1 : failures + 1;
      const pause = isRefusal(error) ? REFUSED_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, pauseMs * 2 ** (failures - 1));
      // Not all at the same moment when a server comes back.
      await beating(report, pause * (0.75 + Math.random() / 2), signal);
    }
  }
}

async function beating(report: Reporter, ms: number, signal: AbortSignal): Promise<void> {
  const timer = setInterval(() => report.beat(), 20_000);
  await sleep(ms, undefined, { signal }).catch(() => {});
  clearInterval(timer);
}

function isRefusal(error: unknown): boolean {
  return (error as { authenticationFailed?: boolean } | null)?.authenticationFailed === true;
}
