// The thread that plans: loads the model, plans, writes the rows of the plan. Only its parent makes the plan the current one.
import { parentPort, workerData } from 'node:worker_threads';
import { PlanbridgeError } from '../../errors.ts';
import { isStoreAway, storeAway } from '../../store/away.ts';
import { openStore, type Query, type SqlValue, type Store } from '../../store/database.ts';
import { planModel } from '../engine/run.ts';
import { summarize } from '../engine/summary.ts';
import { storedForecastDemands } from '../forecasts/write.ts';
import { addEntity } from '../plan-document.ts';
import { loadModel } from '../store/load.ts';
import { planRows } from './from-network.ts';
import type { FromThread, PlanOutcome, PlanTask, ThreadData, ToThread } from './plan-thread.ts';
import { createPlanWriter } from './write.ts';

/** Parts of the whole, by experience: loading, planning, writing. */
const LOADED = 0.2;
const PLANNED = 0.8;

async function work(
  task: PlanTask,
  store: Store,
  progress: (part: number, what: string) => void,
): Promise<PlanOutcome> {
  const model = await loadModel(store, task.scope, {
    progress: (part, what) => progress(part * LOADED, what),
  });
  if (task.forecast) {
    const { odoo, company } = task.scope;
    const demands = await storedForecastDemands(store.query, { odoo, company: company ?? '' });
    for (const demand of demands) addEntity(model, { entity: 'demand', value: demand });
  }
  const started = performance.now();
  const net = planModel(model, task.args, {
    progress: (part, step) => progress(LOADED + part * (PLANNED - LOADED), `planning: ${step}`),
  });
  const seconds = (performance.now() - started) / 1000;
  const { latenessDays, ...sums } = summarize(net, Math.round(seconds * 100) / 100);
  const summary = { ...sums, latenessDays: Math.round(latenessDays * 100) / 100 };
  const writer = createPlanWriter(store.query, task.planId);
  for (const [table, row, part] of planRows(net, model)) {
    await writer.add(table, row);
    progress(PLANNED + part * (1 - PLANNED), 'storing the plan');
  }
  return { planTime: net.current, summary, counts: await writer.end() };
}

/** The other thread has the only connection. */
function remoteStore(port: NonNullable<typeof parentPort>): Store {
  const waiting = new Map<number, { resolve(rows: object[]): void; reject(error: Error): void }>();
  let count = 0;
  port.on('message', (message: ToThread) => {
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if ('error' in message) asked?.reject(new Error(message.error));
    else asked?.resolve(message.rows);
  });
  const refuse = () => Promise.reject(new TypeError('the planning thread has no transactions here'));
  return {
    kind: 'embedded',
    query: ((sql: string, values: readonly SqlValue[] = []) =>
      new Promise<object[]>((resolve, reject) => {
        count += 1;
        waiting.set(count, { resolve, reject });
        port.postMessage({ kind: 'query', id: count, sql, values } satisfies FromThread);
      })) as Query,
    transaction: refuse,
    locked: refuse,
    close: async () => port.unref(),
  };
}

const port = parentPort;
if (port !== null && workerData?.planTask !== undefined) {
  const { planTask, databaseUrl } = workerData as ThreadData;
  let told = '';
  const progress = (part: number, what: string) => {
    // A hundred messages are enough for a progress bar.
    const text = `${Math.floor(part * 100)} ${what}`;
    if (text === told) return;
    told = text;
    port.postMessage({ kind: 'progress', part, what } satisfies FromThread);
  };
  const store = databaseUrl === null ? remoteStore(port) : await openStore({ databaseUrl, dataDirectory: '' });
  try {
    const outcome = await work(planTask, store, progress);
    port.postMessage({ kind: 'done', outcome } satisfies FromThread);
  } catch (thrown) {
    const error = !(thrown instanceof PlanbridgeError) && isStoreAway(thrown) ? storeAway(thrown) : thrown;
    const { message, stack = '' } = error as Error;
    const known = error instanceof PlanbridgeError ? error : null;
    const { code = 'PB_INTERNAL', status = 500, remedy = '' } = known ?? {};
    const shown = known ? code : 'INTERNAL';
    port.postMessage({ kind: 'failed', code: shown, status, message, remedy, stack } satisfies FromThread);
  } finally {
    await store.close().catch(() => {});
  }
}
