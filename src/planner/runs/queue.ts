// The queue of runs: pg-boss over our own store, on PostgreSQL as on the embedded database. It knows which process has a run, and
// gives it to another one when that process is heard of no more. What a run is about is not its business.
import { hostname } from 'node:os';
import { type Db, PgBoss } from 'pg-boss';
import { errorFields, type Log } from '../../log.ts';
import type { Query, SqlValue, Store } from '../../store/database.ts';

export interface RunQueue {
  /** Runs carry it: each queue has its own. */
  readonly name: string;
  /** This process, for people. */
  readonly worker: string;
  /** In the caller's transaction. @returns the job's id */
  send(query: Query, runId: number, delayMs?: number): Promise<string>;
  /** Whether a process has the job, or will get it. */
  lives(jobId: string): Promise<boolean>;
  /** Looks for processes that are gone, and gives what they had to others. */
  supervise(): Promise<void>;
  /** Gives jobs to others, whoever has them. */
  release(jobIds: readonly string[]): Promise<void>;
  /** Begins to take runs. The handler must not reject for what a run did wrong. */
  work(handler: (runId: number, jobId: string) => Promise<void>): Promise<void>;
  /** There may be something to take. */
  wake(): void;
  /** Jobs that wait for a worker. */
  depth(): Promise<number>;
  /** Takes no more. */
  rest(): void;
  stop(graceMs: number): Promise<void>;
}

export interface RunQueueOptions {
  store: Store;
  log: Log;
  /** How many runs this process works on at a time. */
  concurrency: number;
  /** A process that is not heard of for so long has lost its run; 10 or more. */
  leaseSeconds?: number;
  /** Default: that of the planner's runs. */
  name?: string;
}

const SCHEMA = 'planbridge_jobs';
const RUNS = 'runs';
const NOBODY = '00000000-0000-0000-0000-000000000000';
const POLL_SECONDS = 1;
const START_MS = 60_000;
/** The embedded database has one process: when it is busy it is not gone. What it leaves is taken up at the next start. */
const LEASE_SECONDS = { postgres: 15, embedded: 3_600 };
/** A day, nearly: the longest that pg-boss lets a job take. */
const LONGEST_SECONDS = 86_000;
const KEPT_SECONDS = 86_400;
/** Tries are counted by the run, step by step. */
const RETRIES = 1_000;

interface RunJob {
  run: number;
}

export async function openQueue(options: RunQueueOptions): Promise<RunQueue> {
  const { store, log, concurrency, name: queue = RUNS } = options;
  const leaseSeconds = options.leaseSeconds ?? LEASE_SECONDS[store.kind];
  const boss = new PgBoss({
    db: adapter(store),
    backend: store.kind === 'embedded' ? 'pglite' : 'postgres',
    schema: SCHEMA,
    // Schedules are ours: pg-boss fires none that were missed.
    schedule: false,
    supervise: false,
    monitorIntervalSeconds: 1,
  });
  boss.on('error', (error) => log.warn(errorFields(error), 'the queue of runs had an error'));
  // One process at a time: pg-boss makes its tables without looking whether another is about to.
  await store.locked('the queue of runs', START_MS, async () => {
    await boss.start();
    await boss.createQueue(queue, {
      heartbeatSeconds: leaseSeconds,
      expireInSeconds: LONGEST_SECONDS,
      retryLimit: RETRIES,
      retryDelay: 0,
      retentionSeconds: 14 * 86_400,
      deleteAfterSeconds: KEPT_SECONDS,
    });
    await boss.updateQueue(queue, { heartbeatSeconds: leaseSeconds });
  });
  // From here on pg-boss knows the queue, and asks no more about it within a transaction of ours: there may be one connection only.
  await boss.findJobs(queue, { id: NOBODY });
  const workers: string[] = [];

  return {
    name: queue,
    worker: `${hostname()}:${process.pid}`,
    async send(query, runId, delayMs = 0) {
      // by the database's clock
      const startAfter = delayMs > 0 ? { startAfter: delayMs / 1000 } : {};
      const id = await boss.send(queue, { run: runId }, { ...startAfter, db: within(query) });
      if (id === null) throw new Error(`run ${runId} was not taken into the queue`);
      return id;
    },
    async lives(jobId) {
      const [job] = await boss.findJobs(queue, { id: jobId });
      return job !== undefined && ['created', 'retry', 'active'].includes(job.state);
    },
    supervise: () => boss.supervise(queue),
    async release(jobIds) {
      if (jobIds.length > 0) await boss.fail(queue, [...jobIds], { message: 'its process is gone' });
    },
    async work(handler) {
      for (let i = 0; i < concurrency; i++) {
        const id = await boss.work<RunJob>(queue, { pollingIntervalSeconds: POLL_SECONDS }, async ([job]) => {
          if (job) await handler(job.data.run, job.id);
        });
        workers.push(id);
      }
    },
    wake() {
      for (const id of workers) boss.notifyWorker(id);
    },
    async depth() {
      const [row] = await store.query<{ count: number }>(
        `select count(*)::integer as count from ${SCHEMA}.job where name = $1 and state in ('created', 'retry')`,
        [queue],
      );
      return row?.count ?? 0;
    },
    rest() {
      if (workers.length > 0) void boss.offWork(queue, { wait: false });
      workers.length = 0;
    },
    async stop(graceMs) {
      await boss.stop({ graceful: true, timeout: Math.max(1_000, graceMs) });
    },
  };
}

/** Texts of several statements bring their own transaction; one of ours around them leaves the connection in order when they fail. */
function adapter(store: Store): Db {
  return {
    async executeSql(text, values = []) {
      if (values.length > 0) return { rows: await store.query(text, values as SqlValue[]) };
      return { rows: await store.transaction((query) => query(text)) };
    },
  };
}

function within(query: Query): Db {
  return { executeSql: async (text, values = []) => ({ rows: await query(text, values as SqlValue[]) }) };
}
