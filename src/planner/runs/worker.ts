// Works on runs that the queue gives: step by step, each noted when it is done, so that whoever takes the run up goes on at the
// step that was cut. An error of a step ends the run; a process that is killed does not.
import { setTimeout as sleep } from 'node:timers/promises';
import { PlanbridgeError } from '../../errors.ts';
import { errorFields, type Log } from '../../log.ts';
import { isStoreAway, storeAway } from '../../store/away.ts';
import type { Query, Store } from '../../store/database.ts';
import { finishRun, giveBack } from './finish.ts';
import { type Lease, type Loss, openLease, type RunCut } from './lease.ts';
import type { RunQueue } from './queue.ts';
import type { Registry } from './registry.ts';
import { addLines, findRun, type NewLine, type RunRow } from './rows.ts';
import type { RunError } from './run.ts';
import type { StepResult } from './step.ts';

export interface WorkerOptions {
  store: Store;
  queue: RunQueue;
  registry: Registry;
  log: Log;
  now: () => number;
  /** A run's row or log is not as before. */
  changed(runId: number): void;
  ended?(run: RunRow, state: string): void;
  /** Waits before a step is tried again when Odoo could not be reached. */
  retryDelaysMs?: readonly number[];
}

export interface RunWorker {
  /** Rejects only when the database cannot be used; the run is then taken up again. */
  handle(runId: number, jobId: string): Promise<void>;
  /** Cuts a run of this process that was cancelled; one of another process notices by itself. */
  cut(runId: number, by: string): void;
  /** Cuts what runs, so that it is given back. */
  end(): void;
  /** Waits for what was cut. */
  stop(graceMs: number): Promise<void>;
}

/** A step that took its process down so often is not tried again. */
export const MOST_TRIES = 3;
const RETRY_DELAYS_MS = [5_000, 30_000];
/** Away for a while, most likely. */
const PASSING = ['PB_ODOO_UNREACHABLE', 'PB_AUTOMATION_UNREACHABLE', 'PB_REQUEST_BUSY', 'PB_STORE'];
const PERSIST_TRIES = 10;
const PERSIST_MS = 1_000;
/** For those that cannot be cut: what they still do is refused by the attempt's number. */
const LET_GO_MS = 500;

type Outcome = { kind: 'done'; result: StepResult } | { kind: 'cut'; loss: Loss } | { kind: 'failed'; error: unknown };

export function createWorker(options: WorkerOptions): RunWorker {
  const { store, queue, registry, log, now, changed } = options;
  const delays = options.retryDelaysMs ?? RETRY_DELAYS_MS;
  const leases = new Map<number, Lease>();
  const busy = new Set<Promise<void>>();
  let ending = false;

  async function handle(runId: number, jobId: string): Promise<void> {
    let run = await take(runId, jobId);
    while (run !== null) run = run.step < run.steps.length ? await workOn(run) : await close(run);
  }

  /** The run as it is now ours; null when it is not to be worked on. */
  async function take(runId: number, jobId: string): Promise<RunRow | null> {
    const at = new Date(now());
    const [taken] = await store.query<{ attempt: number }>(
      `update planbridge.run set state = 'running', attempt = attempt + 1, worker = $3, beat_at = $4,
         started_at = coalesce(started_at, $4)
       where id = $1 and job_id = $2 and state in ('queued', 'running') returning attempt`,
      [runId, jobId, queue.worker, at],
    );
    if (!taken) return null;
    const run = await findRun(store.query, runId);
    if (run === null || run.attempt !== taken.attempt) return null;
    changed(runId);
    return run;
  }

  /** One step. @returns the run when there is more to do */
  async function workOn(run: RunRow): Promise<RunRow | null> {
    const name = run.steps[run.step]!;
    if (run.cancelBy !== null) return await end(run, { kind: 'cancelled', by: run.cancelBy }, []);
    if (ending) return await handBack(run, []);
    const [begun] = await store.query<{ tries: number }>(
      `update planbridge.run_step s set state = 'running', tries = tries + 1, started_at = coalesce(s.started_at, $3)
       from planbridge.run r where r.id = s.run_id and r.attempt = $4 and s.run_id = $1 and s.position = $2 returning s.tries`,
      [run.id, run.step, new Date(now()), run.attempt],
    );
    if (!begun) return null;
    if (begun.tries > MOST_TRIES) return await fail(run, tooOften(name, begun.tries - 1), []);
    const step = registry.find(name);
    if (!step) return await fail(run, unknown(name), []);

    const lease = openLease({ store, log, now, runId: run.id, attempt: run.attempt, step: name, changed });
    if (begun.tries > 1) lease.log('warn', `taken up again by ${queue.worker}: try ${begun.tries}`);
    lease.progress(0, step.title);
    leases.set(run.id, lease);
    const outcome = await tryStep(run, step.run, lease);
    leases.delete(run.id);
    await lease.end();
    const lines = lease.takeLines();
    if (outcome.kind === 'done') return await noteDone(run, outcome.result, lines);
    if (outcome.kind === 'failed') return await failOrRetry(run, outcome.error, begun.tries, lines);
    if (outcome.loss.kind === 'cancelled') return await end(run, outcome.loss, lines);
    if (outcome.loss.kind === 'ending') return await handBack(run, lines);
    log.warn({ run: run.id, step: name }, 'another process has this run now');
    return null;
  }

  async function tryStep(
    run: RunRow,
    work: (context: never) => Promise<StepResult>,
    { signal, progress, log: line }: Lease,
  ): Promise<Outcome> {
    const name = run.steps[run.step]!;
    const cut = new Promise<Outcome>((resolve) => {
      signal.addEventListener('abort', () => {
        // The step notices by itself as a rule, and cleans up.
        const { loss } = signal.reason as RunCut;
        setTimeout(resolve, loss.kind === 'ending' ? LET_GO_MS : LET_GO_MS * 10, { kind: 'cut', loss }).unref();
      });
    });
    const context = {
      runId: run.id,
      key: `run-${run.id}-${run.step}-${name}`,
      who: run.trigger === 'schedule' ? 'schedule' : run.who,
      parameters: run.parameters[name] ?? {},
      signal,
      progress,
      log: line,
    };
    const done = (async (): Promise<Outcome> => {
      try {
        return { kind: 'done', result: await work(context as never) };
      } catch (error) {
        if (signal.aborted) return { kind: 'cut', loss: (signal.reason as RunCut).loss };
        const known = error instanceof PlanbridgeError || !isStoreAway(error);
        return { kind: 'failed', error: known ? error : storeAway(error) };
      }
    })();
    return await Promise.race([done, cut]);
  }

  async function noteDone(run: RunRow, result: StepResult, lines: NewLine[]): Promise<RunRow | null> {
    const name = run.steps[run.step]!;
    const at = now();
    const counts = Object.entries(result.counts).map(([what, count]) => `${what} ${count}`);
    const left = (result.report ?? []).reduce((sum, { kind, count }) => sum + (kind === 'skipped' ? count : 0), 0);
    const summary = [...counts, ...(left > 0 ? [`left out ${left}`] : [])].join(', ');
    const said = { at, step: name, level: 'info' as const, message: `done${summary ? `: ${summary}` : ''}` };
    const more = await persist(async (query) => {
      const noted = await query(
        `update planbridge.run set step = step + 1, part = 0, what = '', beat_at = $3
         where id = $1 and attempt = $2 and step = $4 and state = 'running' returning id`,
        [run.id, run.attempt, new Date(at), run.step],
      );
      if (noted.length === 0) {
        // Noted already, when only the answer was lost.
        const now = await findRun(query, run.id);
        return now?.attempt === run.attempt && now.step === run.step + 1 && now.state === 'running' ? now : null;
      }
      await query(
        `update planbridge.run_step set state = 'done', counts = $3::json, report = $4::jsonb, finished_at = $5
         where run_id = $1 and position = $2`,
        [run.id, run.step, JSON.stringify(result.counts), JSON.stringify(result.report ?? []), new Date(at)],
      );
      await addLines(query, run.id, [...lines, said]);
      return await findRun(query, run.id);
    });
    changed(run.id);
    return more;
  }

  /** What was worked out is not lost because the database is away for a moment. */
  async function persist<T>(work: (query: Query) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await store.transaction(work);
      } catch (error) {
        if (tries >= PERSIST_TRIES || ending || !isStoreAway(error)) throw error;
        await sleep(PERSIST_MS);
      }
    }
  }

  async function close(run: RunRow): Promise<null> {
    await finish(run, 'done', null, []);
    return null;
  }

  async function end(run: RunRow, { by }: { kind: 'cancelled'; by: string }, lines: NewLine[]): Promise<null> {
    const step = run.steps[run.step] ?? '';
    await finish(run, 'cancelled', null, [...lines, { at: now(), step, level: 'warn', message: `cancelled by ${by}` }]);
    return null;
  }

  async function failOrRetry(run: RunRow, error: unknown, tries: number, lines: NewLine[]): Promise<null> {
    const delayMs = delays[tries - 1];
    const passing = error instanceof PlanbridgeError && PASSING.includes(error.code) && tries < MOST_TRIES;
    if (!passing || delayMs === undefined) return await fail(run, error, lines);
    const message = `${error.message} Tried again in ${Math.round(delayMs / 1000)} s.`;
    const line: NewLine = { at: now(), step: run.steps[run.step]!, level: 'warn', message };
    await persist((query) =>
      giveBack(query, queue, run, { attempt: run.attempt, delayMs, counts: true, lines: [...lines, line] }),
    );
    changed(run.id);
    return null;
  }

  async function fail(run: RunRow, error: unknown, lines: NewLine[]): Promise<null> {
    const shown = shownError(error);
    log.error({ run: run.id, step: run.steps[run.step], ...errorFields(error) }, 'a run failed');
    const message = [shown.message, shown.remedy].filter(Boolean).join(' ');
    await finish(run, 'failed', shown, [
      ...lines,
      { at: now(), step: run.steps[run.step] ?? '', level: 'error', message },
    ]);
    return null;
  }

  async function finish(
    run: RunRow,
    state: 'done' | 'failed' | 'cancelled',
    error: RunError | null,
    lines: NewLine[],
  ): Promise<void> {
    const ended = await persist((query) =>
      finishRun(query, queue, run, { state, error, lines, attempt: run.attempt }, now()),
    );
    if (!ended) return;
    changed(run.id);
    queue.wake();
    options.ended?.(run, state);
    log.info({ run: run.id, kind: run.steps.join(','), state, who: run.who }, 'a run ended');
  }

  async function handBack(run: RunRow, lines: NewLine[]): Promise<null> {
    const message = `given back by ${queue.worker}, which ends`;
    const line: NewLine = { at: now(), step: run.steps[run.step] ?? '', level: 'info', message };
    await persist((query) =>
      giveBack(query, queue, run, { attempt: run.attempt, delayMs: 0, counts: false, lines: [...lines, line] }),
    );
    return null;
  }

  return {
    async handle(runId, jobId) {
      // What was taken while this process ends goes back by itself: at the first step.
      const work = handle(runId, jobId);
      busy.add(work);
      await work.finally(() => busy.delete(work));
    },
    cut(runId, by) {
      leases.get(runId)?.abort({ kind: 'cancelled', by });
    },
    end() {
      ending = true;
      for (const lease of leases.values()) lease.abort({ kind: 'ending' });
    },
    async stop(graceMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => {
        timer = setTimeout(resolve, graceMs);
      });
      await Promise.race([Promise.allSettled([...busy]), late]);
      clearTimeout(timer);
    },
  };
}

function shownError(error: unknown): RunError {
  if (error instanceof PlanbridgeError) return { code: error.code, message: error.message, remedy: error.remedy };
  const message = `Planbridge made a mistake: ${error instanceof Error ? error.message : String(error)}`;
  return { code: 'PB_INTERNAL', message, remedy: 'Look into the log of the service, and report it.' };
}

function tooOften(step: string, tries: number): PlanbridgeError {
  return new PlanbridgeError(
    'PB_RUN_CUT',
    500,
    `The step ${step} was begun ${tries} times, and each time its process ended.`,
    {
      remedy: 'Look into the logs of the service at these times: memory is the usual reason. Then start the run again.',
    },
  );
}

function unknown(step: string): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, `This version has no step ${step}.`, {
    remedy: 'Let all processes be of one version.',
  });
}
