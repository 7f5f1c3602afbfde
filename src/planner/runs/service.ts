// Runs put together: queue, worker, schedules and what tells of them. What the steps do is theirs.
import { errorFields, type Log } from '../../log.ts';
import type { Store } from '../../store/database.ts';
import { createChanges, type RunChanges } from './events.ts';
import { cancelRun } from './finish.ts';
import { openQueue, type RunQueue } from './queue.ts';
import { createRegistry, type Registry } from './registry.ts';
import { type RunAnswer, type RunRequest, requestRun } from './request.ts';
import { findRun, type RunRow } from './rows.ts';
import type { RunScope, RunState } from './run.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import type { Step } from './step.ts';
import { createWorker, type RunWorker } from './worker.ts';

export interface Runs {
  readonly store: Store;
  readonly registry: Registry;
  readonly queue: RunQueue;
  readonly changes: RunChanges;
  /** Whose data this service's runs are about. */
  scope(): Promise<RunScope>;
  /** @throws PlanbridgeError PB_RUN_BUSY */
  request(request: Omit<RunRequest, 'scope'>): Promise<RunAnswer>;
  /** @returns whether it was unfinished */
  cancel(runId: number, who: string): Promise<boolean>;
  /** The run after its end; cut by `signal`. */
  finished(runId: number, signal: AbortSignal): Promise<RunRow | null>;
  /** Begins to work on runs and to look at schedules. */
  start(): Promise<void>;
  /** Aborted when the service begins to end. */
  readonly ending: AbortSignal;
  end(): void;
  stop(graceMs: number): Promise<void>;
}

export interface RunsOptions {
  store: Store;
  steps: readonly Step[];
  scope: () => Promise<RunScope>;
  log: Log;
  now: () => number;
  /** A process that is not heard of for so long has lost its runs; for tests. */
  leaseSeconds?: number;
  retryDelaysMs?: readonly number[];
  /** Of a service with several kinds of runs: each has its queue. */
  queue?: string;
  /** Runs of this process at a time. */
  concurrency?: number;
  /** A run of this process has ended. */
  ended?(run: RunRow, state: RunState): void;
}

/** Runs that share no step may go at the same time. */
const CONCURRENCY = 2;
const SUPERVISE_MS = 1_000;
const SWEEP_MS = 60_000;

export async function openRuns(options: RunsOptions): Promise<Runs> {
  const { store, log, now, scope } = options;
  const registry = createRegistry(options.steps);
  const { leaseSeconds, concurrency = CONCURRENCY, queue: name } = options;
  const queue = await openQueue({ store, log, concurrency, leaseSeconds, name });
  const changes = createChanges();
  const ending = new AbortController();
  let worker: RunWorker | null = null;
  let scheduler: Scheduler | null = null;
  const rounds: { end(): Promise<void> }[] = [];

  return {
    store,
    registry,
    queue,
    changes,
    scope,
    ending: ending.signal,
    async request(request) {
      const where = await scope();
      const answer = await store.transaction((query) => requestRun(query, queue, { ...request, scope: where }, now()));
      queue.wake();
      changes.changed(answer.run.id);
      return answer;
    },
    async cancel(runId, who) {
      const cancelled = await store.transaction((query) => cancelRun(query, queue, runId, who, now()));
      if (cancelled) worker?.cut(runId, who);
      changes.changed(runId);
      queue.wake();
      return cancelled;
    },
    async finished(runId, signal) {
      for (;;) {
        const run = await findRun(store.query, runId);
        if (run === null || run.finishedAt !== null || signal.aborted) return run;
        await changes.next(runId, 1_000, signal);
      }
    },
    async start() {
      const { retryDelaysMs, ended } = options;
      worker = createWorker({ store, queue, registry, log, now, changed: changes.changed, ended, retryDelaysMs });
      if (store.kind === 'embedded') await queue.release(await jobsOfOthers());
      await resendLost().catch((error) => log.error(errorFields(error), 'lost runs could not be looked for'));
      await queue.work(worker.handle);
      rounds.push(everyNow(SUPERVISE_MS, queue.supervise, log), everyNow(SWEEP_MS, resendLost, log));
      scheduler = createScheduler({ store, queue, registry, scope, log, now });
      scheduler.start();
    },
    end,
    async stop(graceMs) {
      const until = performance.now() + graceMs;
      end();
      await Promise.all(rounds.map((round) => round.end()));
      await scheduler?.stop();
      await worker?.stop(Math.max(500, graceMs - 1_500));
      await queue.stop(Math.max(1_000, until - performance.now()));
    },
  };

  function end(): void {
    ending.abort();
    queue.rest();
    worker?.end();
  }

  /** The embedded database has one process: whoever had these is gone. */
  async function jobsOfOthers(): Promise<string[]> {
    const sql = `select job_id as id from planbridge.run where queue = $1 and state = 'running' and job_id is not null`;
    return (await store.query<{ id: string }>(sql, [queue.name])).map(({ id }) => id);
  }

  /** Runs whose job is no more, for whatever reason, get a new one: nothing is "running" for ever. */
  async function resendLost(): Promise<void> {
    const runs = await store.query<{ id: number; jobId: string }>(
      `select id::float8 as id, job_id as "jobId" from planbridge.run
       where queue = $1 and state in ('queued', 'running') and job_id is not null`,
      [queue.name],
    );
    for (const { id, jobId } of runs) {
      if (await queue.lives(jobId)) continue;
      await store.transaction(async (query) => {
        const held = `select id from planbridge.run where id = $1 and job_id = $2 and state in ('queued', 'running') for update`;
        if ((await query(held, [id, jobId])).length === 0) return;
        const job = await queue.send(query, id);
        await query('update planbridge.run set job_id = $2 where id = $1', [id, job]);
        log.warn({ run: id }, 'a run had lost its place in the queue');
      });
    }
  }
}

/** One after the other, a pause between them. */
function everyNow(ms: number, work: () => Promise<void>, log: Log): { end(): Promise<void> } {
  let ended = false;
  let complained = false;
  let timer: NodeJS.Timeout | undefined;
  let going: Promise<void> = Promise.resolve();
  const again = () => {
    if (ended) return;
    timer = setTimeout(() => {
      going = work()
        .then(() => {
          complained = false;
        })
        .catch((error) => {
          if (!complained) log.warn(errorFields(error), 'the queue of runs could not be looked after');
          complained = true;
        })
        .finally(again);
    }, ms);
  };
  again();
  return {
    async end() {
      ended = true;
      clearTimeout(timer);
      await going;
    },
  };
}
