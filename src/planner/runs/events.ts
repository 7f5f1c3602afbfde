// Progress of one run as server-sent events: log lines with their ids, so that a client that was cut off goes on where it was;
// progress whenever it changes; the end. Reads the tables, so it does not matter which process works on the run.
import { EventEmitter, once } from 'node:events';
import type { Response } from 'express';
import type { Store } from '../../store/database.ts';
import { findRun, logOf, viewOf } from './rows.ts';
import { isFinished } from './run.ts';

export interface RunChanges {
  /** A run of this process has changed. */
  changed(runId: number): void;
  /** Resolves at the next change, or after `ms`. */
  next(runId: number, ms: number, signal: AbortSignal): Promise<void>;
}

export function createChanges(): RunChanges {
  const emitter = new EventEmitter().setMaxListeners(0);
  return {
    changed: (runId) => void emitter.emit(`${runId}`),
    async next(runId, ms, signal) {
      const both = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
      await once(emitter, `${runId}`, { signal: both }).catch(() => {});
    },
  };
}

export interface EventOptions {
  store: Store;
  changes: RunChanges;
  now: () => number;
  /** Aborted when the client is gone or the process ends. */
  signal: AbortSignal;
}

/** Of runs in other processes. */
const POLL_MS = 1_000;
/** Proxies cut what is silent. */
const ALIVE_MS = 15_000;
const PAGE = 500;
/** Id of the last event: a client that comes back with it has everything. */
const END_ID = 'end';

export async function sendEvents(
  response: Response,
  runId: number,
  lastEventId: string | null,
  { store, changes, now, signal }: EventOptions,
): Promise<void> {
  // Browsers come back by themselves, until they are told not to.
  if (lastEventId === END_ID) return void response.status(204).end();
  response.status(200);
  response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
  response.setHeader('X-Accel-Buffering', 'no');
  // Kept alive it would hold up a service that ends.
  response.setHeader('Connection', 'close');
  response.flushHeaders();
  let after = /^\d{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) : 0;
  let told = '';
  let saidAt = now();

  async function send(event: string, data: object, id?: number | string): Promise<void> {
    const lines = [...(id === undefined ? [] : [`id: ${id}`]), `event: ${event}`, `data: ${JSON.stringify(data)}`];
    saidAt = now();
    if (!response.write(`${lines.join('\n')}\n\n`)) await once(response, 'drain', { signal }).catch(() => {});
  }

  while (!signal.aborted) {
    // First the run, then its lines: of a run that has ended all lines are there.
    const run = await findRun(store.query, runId);
    if (run === null) break;
    const view = viewOf(run, now());
    const { percent, state, step, what, waitsFor, cancelBy } = view;
    const progress = JSON.stringify([percent, state, step, what, waitsFor, cancelBy]);
    if (progress !== told) await send('progress', view);
    told = progress;
    for (;;) {
      const lines = await logOf(store.query, runId, after, PAGE);
      for (const line of lines) await send('log', line, line.id);
      after = lines.at(-1)?.id ?? after;
      if (lines.length < PAGE || signal.aborted) break;
    }
    if (isFinished(run.state)) {
      await send('end', view, END_ID);
      break;
    }
    if (now() - saidAt >= ALIVE_MS) {
      response.write(': still there\n\n');
      saidAt = now();
    }
    await changes.next(runId, POLL_MS, signal);
  }
  response.end();
}
