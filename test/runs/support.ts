// Runs on either database, with steps that a test leads by the hand.
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { silentLog } from '../../src/log.ts';
import { findRun, logOf, type RunRow, stepsOf } from '../../src/planner/runs/rows.ts';
import { openRuns, type Runs, type RunsOptions } from '../../src/planner/runs/service.ts';
import type { Step, StepContext, StepName, StepResult } from '../../src/planner/runs/step.ts';
import { openStore, type Store, type StoreOptions } from '../../src/store/database.ts';
import { missingPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { newDataDirectory } from '../support/shared.ts';

const missing = await missingPostgres();
export const KINDS = [
  { kind: 'embedded' as const, skip: false },
  { kind: 'postgres' as const, skip: missing !== null },
];

export interface Place {
  options: StoreOptions;
  open(): Promise<Store>;
  remove(): Promise<void>;
}

let server: TestPostgres | undefined;

/** A database of its own, with our tables unless it is to be as the server makes it. */
export async function newPlace(kind: 'embedded' | 'postgres', tables: 'tables' | 'none' = 'tables'): Promise<Place> {
  const directory = await newDataDirectory('runs', kind);
  let options: StoreOptions = { databaseUrl: null, dataDirectory: directory };
  let drop = async () => {};
  if (kind === 'postgres') {
    server ??= await startPostgres();
    const database = await (tables === 'tables' ? server.createStore() : server.create());
    drop = database.drop;
    options = { databaseUrl: database.url, dataDirectory: directory };
  }
  return {
    options,
    open: () => openStore(options),
    async remove() {
      await drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export async function endServer(): Promise<void> {
  await server?.stop();
  server = undefined;
}

export interface LedStep {
  step: Step;
  /** Contexts of each time it was begun. */
  begun: StepContext<{ size: number }>[];
  /** Resolves when it was begun `count` times. */
  began(count?: number): Promise<StepContext<{ size: number }>>;
  /** Lets one that runs, or the next one, end. */
  finish(result?: StepResult | Error): void;
}

/** @param deaf does not look at its signal */
export function ledStep(name: StepName, deaf = false): LedStep {
  const begun: LedStep['begun'] = [];
  const wanted: { count: number; resolve(context: StepContext<{ size: number }>): void }[] = [];
  const results: (StepResult | Error)[] = [];
  const waiting: ((result: StepResult | Error) => void)[] = [];
  const parameters = z.object({ size: z.number().int().default(1) });
  const step: Step<typeof parameters> = {
    name,
    title: `The step ${name}`,
    parameters,
    async run(context) {
      begun.push(context);
      for (const one of wanted.splice(0)) {
        if (begun.length >= one.count) one.resolve(begun[one.count - 1]!);
        else wanted.push(one);
      }
      const ready = results.shift();
      const result =
        ready ??
        (await new Promise<StepResult | Error>((resolve) => {
          waiting.push(resolve);
          if (deaf) return;
          const cut = () => {
            waiting.splice(waiting.indexOf(resolve), 1);
            resolve(new Error('cut'));
          };
          if (context.signal.aborted) cut();
          else context.signal.addEventListener('abort', cut, { once: true });
        }));
      if (result instanceof Error) throw result;
      return result;
    },
  };
  return {
    step: step as unknown as Step,
    begun,
    began: (count = 1) =>
      begun.length >= count
        ? Promise.resolve(begun[count - 1]!)
        : new Promise((resolve) => wanted.push({ count, resolve })),
    finish(result = { counts: {} }) {
      const next = waiting.shift();
      if (next) next(result);
      else results.push(result);
    },
  };
}

export const SCOPE = { odoo: 'http://odoo.example.com demo', company: '' };

export async function startRuns(store: Store, steps: readonly Step[], more: Partial<RunsOptions> = {}): Promise<Runs> {
  const runs = await openRuns({ store, steps, scope: async () => SCOPE, log: silentLog, now: Date.now, ...more });
  await runs.start();
  return runs;
}

export function ask(
  runs: Runs,
  kind: string,
  more: Partial<Parameters<Runs['request']>[0]> & { given?: Record<string, unknown> } = {},
) {
  const { given = {}, ...rest } = more;
  const steps = runs.registry.chain(kind);
  const parameters = runs.registry.parameters(steps, given);
  return runs.request({ steps, parameters, trigger: 'planner', who: 'anna', whenRunning: 'join', ...rest });
}

export async function ended(runs: Runs, id: number, ms = 20_000): Promise<RunRow> {
  const run = await runs.finished(id, AbortSignal.timeout(ms));
  if (run?.finishedAt == null) throw new Error(`run ${id} did not end: ${JSON.stringify(run)}`);
  return run;
}

export async function look(runs: Runs, id: number) {
  const run = (await findRun(runs.store.query, id))!;
  const steps = await stepsOf(runs.store.query, id, runs.registry);
  const log = await logOf(runs.store.query, id, 0, 1_000);
  return { run, steps, lines: log.map(({ step, level, message }) => `${level} ${step}: ${message}`) };
}

export async function until(condition: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error('did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
