// Planning in a thread of its own, which loads the model from the database and writes the plan there by itself. On a server it has
// its own connection; the embedded database has one, so there its queries go through this thread. Nothing large is copied between.
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { PlanbridgeError } from '../../errors.ts';
import type { SqlValue, Store } from '../../store/database.ts';
import type { PlanArguments } from '../engine/run.ts';
import type { ModelScope } from '../store/scope.ts';

export interface PlanTask {
  planId: number;
  scope: ModelScope;
  args: PlanArguments;
  /** Whether the stored forecast is planned too. */
  forecast: boolean;
}

export interface PlanOutcome {
  /** The plan's now. */
  planTime: number;
  summary: Record<string, number>;
  counts: Record<string, number>;
}

/** What the thread is started with; null = queries go through the other thread. */
export interface ThreadData {
  planTask: PlanTask;
  databaseUrl: string | null;
}

export type FromThread =
  | { kind: 'progress'; part: number; what: string }
  | { kind: 'query'; id: number; sql: string; values: readonly SqlValue[] }
  | { kind: 'done'; outcome: PlanOutcome }
  | { kind: 'failed'; code: string; status: number; message: string; remedy: string; stack: string };

export type ToThread = { id: number; rows: object[] } | { id: number; error: string };

export interface PlanThreadHooks {
  signal: AbortSignal;
  progress(part: number, what: string): void;
}

const SCRIPT = fileURLToPath(new URL('./plan-worker.ts', import.meta.url));

/** @throws PlanbridgeError of the planning; the signal's reason when it aborts */
export function planInDatabase(
  store: Store,
  databaseUrl: string | null,
  planTask: PlanTask,
  { signal, progress }: PlanThreadHooks,
): Promise<PlanOutcome> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const own = store.kind === 'postgres' ? databaseUrl : null;
    const worker = new Worker(SCRIPT, { workerData: { planTask, databaseUrl: own } satisfies ThreadData });
    const abort = () => {
      void worker.terminate().finally(() => reject(signal.reason));
    };
    signal.addEventListener('abort', abort, { once: true });
    const settle = (action: () => void) => {
      signal.removeEventListener('abort', abort);
      void worker.terminate();
      action();
    };
    const answer = (message: ToThread) => worker.postMessage(message);
    worker.on('message', (message: FromThread) => {
      switch (message.kind) {
        case 'progress':
          return progress(message.part, message.what);
        case 'query': {
          const { id, sql, values } = message;
          store.query(sql, values).then(
            (rows) => answer({ id, rows }),
            (error: Error) => answer({ id, error: error.message }),
          );
          return;
        }
        case 'done':
          return settle(() => resolve(message.outcome));
        default:
          return settle(() => reject(errorOf(message)));
      }
    });
    worker.on('error', (error) => settle(() => reject(memoryError(error) ?? error)));
    worker.on('exit', (code) => settle(() => reject(new Error(`the planning thread ended with ${code}`))));
  });
}

function errorOf({ code, status, message, remedy, stack }: Extract<FromThread, { kind: 'failed' }>): Error {
  if (code.startsWith('PB_')) return new PlanbridgeError(code as 'PB_STORE', status, message, { remedy });
  return Object.assign(new Error(message), { stack });
}

function memoryError(error: unknown): PlanbridgeError | null {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') return null;
  return new PlanbridgeError('PB_PLAN_REFUSED', 500, 'The planning model does not fit into memory.', {
    remedy: 'Give the process more (NODE_OPTIONS=--max-old-space-size=8192), or plan less in one go.',
    cause: error,
  });
}
