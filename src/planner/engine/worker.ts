// The planning run in a worker thread: a document's path or its text in, the plan as text and a summary out, progress on
// the way. Cancelling ends the thread.
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { PlanbridgeError } from '../../errors.ts';
import { tuneForPlanning, tuneForSize } from '../../memory.ts';
import { blocks, type OutputFile, writeOutputs } from '../output/files.ts';
import { loadPlanModel, type PlanModel } from '../plan-document.ts';
import type { Network } from './network.ts';
import { planNetwork } from './plan.ts';
import { linkModel, type PlanArguments } from './run.ts';
import { type PlanSummary, summarize } from './summary.ts';
import { planLines } from './text.ts';

const YOUNG_MB = 24;

export interface PlanJob {
  model: string;
  /** File that gets the plan as text. */
  out?: string;
  args: PlanArguments;
  /** Further files. */
  outputs?: readonly OutputFile[];
}

type Message =
  | { kind: 'progress'; part: number; step: string }
  | { kind: 'done'; summary: PlanSummary }
  | { kind: 'failed'; message: string; code?: string; remedy?: string };

/** Reads, plans and writes in this thread. */
export async function runPlanJob(job: PlanJob, progress?: (part: number, step: string) => void): Promise<PlanSummary> {
  tuneForPlanning();
  const outputs = job.outputs ?? [];
  const { net, model, linking } = await read(job, outputs.length > 0);
  const started = performance.now();
  planNetwork(net, job.args, { progress });
  const seconds = (performance.now() - started + linking) / 1000;
  if (job.out !== undefined) await pipeline(blocks(planLines(net)), createWriteStream(job.out) as Writable);
  if (model !== null) await writeOutputs(net, model, outputs);
  return summarize(net, seconds);
}

/** A function of its own, as V8 keeps what the variables of one that is running have held: so the document can go before planning. */
async function read(job: PlanJob, keep: boolean): Promise<{ net: Network; model: PlanModel | null; linking: number }> {
  const model = await loadPlanModel(job.model);
  // flags are the whole process's
  if (isMainThread) tuneForSize(model.demands.size);
  const started = performance.now();
  const net = linkModel(model, job.args);
  return { net, model: keep ? model : null, linking: performance.now() - started };
}

export interface PlanThreadOptions {
  signal?: AbortSignal;
  progress?(part: number, step: string): void;
}

/** Plans in a thread of its own. Rejects with the job's error, or PB_REQUEST_ABORTED when `signal` aborts. */
export function planInThread(job: PlanJob, options: PlanThreadOptions = {}): Promise<PlanSummary> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), {
      workerData: { planJob: job },
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    const abort = (): void => {
      void worker.terminate();
      reject(new PlanbridgeError('PB_REQUEST_ABORTED', 499, 'The planning run was cancelled.'));
    };
    if (options.signal?.aborted) return abort();
    options.signal?.addEventListener('abort', abort, { once: true });
    const finish = (action: () => void): void => {
      options.signal?.removeEventListener('abort', abort);
      action();
    };
    worker.on('message', (message: Message) => {
      if (message.kind === 'progress') options.progress?.(message.part, message.step);
      else if (message.kind === 'done') finish(() => resolve(message.summary));
      else
        finish(() => reject(new PlanbridgeError('PB_PLAN_DOCUMENT', 400, message.message, { remedy: message.remedy })));
    });
    worker.on('error', (error) => finish(() => reject(error)));
    worker.on('exit', (code) => {
      if (code !== 0) finish(() => reject(new Error(`The planning thread ended with ${code}`)));
    });
  });
}

if (!isMainThread && parentPort !== null && workerData?.planJob !== undefined) {
  const port = parentPort;
  const job: PlanJob = workerData.planJob;
  let told = -1;
  runPlanJob(job, (part, step) => {
    // a hundred messages are enough for a progress bar
    const percent = Math.floor(part * 100);
    if (percent === told) return;
    told = percent;
    port.postMessage({ kind: 'progress', part, step } satisfies Message);
  }).then(
    (summary) => port.postMessage({ kind: 'done', summary } satisfies Message),
    (error: unknown) => {
      if (!(error instanceof PlanbridgeError)) throw error;
      port.postMessage({ kind: 'failed', message: error.message, remedy: error.remedy } satisfies Message);
    },
  );
}
