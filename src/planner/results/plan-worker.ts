// The thread that plans: loads the model, plans, writes the rows of the plan. Only its parent makes the plan the current one.
import { parentPort, workerData } from 'node:worker_threads';
import { PlanbridgeError } from '../../errors.ts';
import { isStoreAway, storeAway } from '../../store/away.ts';
import { openStore, type Store } from '../../store/database.ts';
import { planModel } from '../engine/run.ts';
import { summarize } from '../engine/summary.ts';
import { planRows } from './from-network.ts';
import { modelToPlan } from './plan-model.ts';
import type { FromThread, PlanOutcome, PlanTask, ThreadData, ToThread } from './plan-thread.ts';
import { type RemoteStore, remoteStore } from './remote-store.ts';
import { createPlanWriter } from './write.ts';

/** Parts of the whole, by experience: loading, planning, writing. */
const LOADED = 0.2;
const PLANNED = 0.8;

async function work(
  task: PlanTask,
  store: Store,
  progress: (part: number, what: string) => void,
): Promise<PlanOutcome> {
  const model = await modelToPlan(store, task.scope, task.forecast, {
    progress: (part, what) => progress(part * LOADED, what),
  });
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
function parentStore(to: NonNullable<typeof parentPort>): RemoteStore {
  const store = remoteStore((id, sql, values) =>
    to.postMessage({ kind: 'query', id, sql, values } satisfies FromThread),
  );
  to.on('message', ({ id, ...outcome }: ToThread) => store.answered(id, outcome));
  return { ...store, close: async () => to.unref() };
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
  const store = databaseUrl === null ? parentStore(port) : await openStore({ databaseUrl, dataDirectory: '' });
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
