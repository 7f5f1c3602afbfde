// The live planner's thread from outside: started with a plan, asked, told that nobody waits any more, ended. When it breaks,
// whoever waits is told so; starting it again is up to whoever holds it.
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { PlanbridgeError } from '../../errors.ts';
import type { SqlValue, Store } from '../../store/database.ts';
import type { LiveTask } from './load.ts';
import type { Failure, FromLive, LiveFacts, LiveKind, LiveQuestions, ToLive } from './protocol.ts';
import type { LiveThreadData } from './worker.ts';

export interface LiveThread {
  readonly task: LiveTask;
  /** Rejects when the plan cannot be loaded. */
  readonly ready: Promise<LiveFacts>;
  /** How far loading is. */
  readonly progress: { part: number; what: string };
  readonly alive: boolean;
  /** Bytes of its heap when it last answered. */
  readonly heapBytes: number;
  /** @throws PlanbridgeError PB_PLAN_LIVE when the thread has broken or does not answer; the question's own errors */
  ask<K extends LiveKind>(
    kind: K,
    ask: LiveQuestions[K]['ask'],
    options?: AskOptions,
  ): Promise<LiveQuestions[K]['answer']>;
  end(): Promise<void>;
}

export interface AskOptions {
  signal?: AbortSignal | undefined;
  /** After so long the thread is taken for broken. */
  withinMs?: number;
}

export interface ThreadHooks {
  store: Store;
  /** null = queries go through this thread. */
  databaseUrl: string | null;
  answered(kind: LiveKind, ms: number): void;
  /** The thread has broken by itself. */
  broken(reason: string): void;
}

const SCRIPT = fileURLToPath(new URL('./worker.ts', import.meta.url));
const WITHIN_MS = 60_000;
/** Cancelled questions that the thread can know of. */
const CANCELLED = 64;

interface Waiting {
  kind: LiveKind;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

export function startLiveThread(task: LiveTask, hooks: ThreadHooks): LiveThread {
  const { store } = hooks;
  const databaseUrl = store.kind === 'postgres' ? hooks.databaseUrl : null;
  const cancelled = new SharedArrayBuffer(CANCELLED * 4);
  const gone = new Int32Array(cancelled);
  const workerData = { liveTask: task, databaseUrl, cancelled } satisfies LiveThreadData;
  const worker = new Worker(SCRIPT, { workerData });
  const ready = Promise.withResolvers<LiveFacts>();
  ready.promise.catch(() => {});
  const waiting = new Map<number, Waiting>();
  const progress = { part: 0, what: 'starting' };
  let count = 0;
  let alive = true;
  let heapBytes = 0;

  const send = (message: ToLive) => worker.postMessage(message);

  function fall(error: PlanbridgeError): void {
    if (!alive) return;
    alive = false;
    ready.reject(error);
    for (const one of waiting.values()) one.reject(error);
    waiting.clear();
    void worker.terminate();
  }

  worker.on('message', (message: FromLive) => {
    switch (message.kind) {
      case 'progress':
        progress.part = message.part;
        progress.what = message.what;
        return;
      case 'ready':
        progress.part = 1;
        heapBytes = message.facts.heapBytes;
        return ready.resolve(message.facts);
      case 'unready':
        return fall(errorOf(message.failure));
      case 'query': {
        const { query, sql, values } = message;
        store.query(sql, values as SqlValue[]).then(
          (rows) => alive && send({ query, rows }),
          (error: Error) => alive && send({ query, error: error.message }),
        );
        return;
      }
      default: {
        const asked = waiting.get(message.id);
        waiting.delete(message.id);
        if (message.kind === 'failed') return asked?.reject(errorOf(message.failure));
        heapBytes = message.heapBytes;
        if (asked) hooks.answered(asked.kind, message.ms);
        return asked?.resolve(message.answer);
      }
    }
  });
  const broke = (reason: string) => {
    if (!alive) return;
    hooks.broken(reason);
    fall(brokenError(reason));
  };
  worker.on('error', (error: NodeJS.ErrnoException) =>
    broke(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'the plan does not fit into memory' : error.message),
  );
  worker.on('exit', (code) => broke(`its thread ended with ${code}`));

  return {
    task,
    ready: ready.promise,
    progress,
    get alive() {
      return alive;
    },
    get heapBytes() {
      return heapBytes;
    },
    async ask(kind, ask, { signal, withinMs = WITHIN_MS } = {}) {
      await Promise.race([ready.promise, aborted(signal)]);
      if (!alive) throw brokenError('it was ended');
      signal?.throwIfAborted();
      count += 1;
      const id = count;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      waiting.set(id, { kind, resolve, reject });
      send({ id, kind, ask } as ToLive);
      const timer = setTimeout(() => broke(`it did not answer within ${withinMs / 1_000} s`), withinMs);
      const cancel = () => {
        waiting.delete(id);
        gone[id % CANCELLED] = id;
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', cancel, { once: true });
      try {
        return (await promise) as never;
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
      }
    },
    async end() {
      fall(brokenError('it was ended'));
      await worker.terminate();
    },
  };
}

/** Rejects when the signal aborts; otherwise never settles. */
function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    else signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function brokenError(reason: string): PlanbridgeError {
  return new PlanbridgeError('PB_PLAN_LIVE', 503, `The live planner has no answer: ${reason}.`, {
    remedy: 'Ask again: it is started anew.',
    retryAfterSeconds: 5,
  });
}

function errorOf({ code, status, message, remedy, stack }: Failure): PlanbridgeError {
  if (code.startsWith('PB_')) return new PlanbridgeError(code as 'PB_STORE', status, message, { remedy });
  return new PlanbridgeError('PB_PLAN_LIVE', 500, `The live planner failed: ${message}`, {
    remedy: 'Look at the log; asking otherwise may work.',
    cause: Object.assign(new Error(message), { stack }),
  });
}
