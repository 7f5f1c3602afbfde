// Equal requests that come while one is running share its read of Odoo. What is equal, the key says; it holds the user, so
// different users never share.
import { type BroadcastOptions, type BroadcastReader, createBroadcast } from './broadcast.ts';
import { aborted } from './gate.ts';

export interface Run<M> {
  /** What is known before the first piece of text. */
  meta: M;
  text: AsyncIterator<string>;
  /** Called once, whatever happened, after the text has ended or was given up. */
  close(error?: unknown): Promise<void>;
}

export interface SharedRun<M> {
  meta: M;
  chunks: BroadcastReader;
  /** Whether this request came second. */
  shared: boolean;
}

export interface Sharing<M> {
  /** `start` gets a signal that is raised when nobody wants the text any more. */
  run(key: string, start: (signal: AbortSignal) => Promise<Run<M>>, signal: AbortSignal): Promise<SharedRun<M>>;
  /** Runs that are under way. */
  readonly running: number;
}

interface Waiter<M> {
  shared: boolean;
  resolve(run: SharedRun<M>): void;
  reject(error: unknown): void;
}

interface Entry<M> {
  waiters: Set<Waiter<M>>;
  controller: AbortController;
  /** null while the run is opening. */
  join: (() => BroadcastReader | null) | null;
  meta: M | undefined;
}

export function createSharing<M>(options: BroadcastOptions): Sharing<M> {
  const entries = new Map<string, Entry<M>>();
  let running = 0;

  function forget(key: string, entry: Entry<M>): void {
    if (entries.get(key) === entry) entries.delete(key);
  }

  async function open(key: string, entry: Entry<M>, start: (signal: AbortSignal) => Promise<Run<M>>): Promise<void> {
    let run: Run<M>;
    try {
      run = await start(entry.controller.signal);
    } catch (error) {
      running -= 1;
      forget(key, entry);
      for (const waiter of entry.waiters) waiter.reject(error);
      return;
    }
    const end = async (error?: unknown) => {
      forget(key, entry);
      if (error !== undefined) {
        entry.controller.abort();
        await Promise.resolve(run.text.return?.()).catch(() => {});
      }
      await run.close(error).catch(() => {});
      running -= 1;
    };
    if (entry.waiters.size === 0) return end(aborted());
    const broadcast = createBroadcast(run.text, options, (error) => void end(error));
    entry.meta = run.meta;
    entry.join = broadcast.join;
    for (const { resolve, shared } of entry.waiters) resolve({ meta: run.meta, chunks: broadcast.join()!, shared });
    entry.waiters.clear();
  }

  function waitFor(key: string, entry: Entry<M>, shared: boolean, signal: AbortSignal): Promise<SharedRun<M>> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        if (!entry.waiters.delete(waiter)) return;
        reject(aborted());
        if (entry.waiters.size > 0) return;
        forget(key, entry);
        entry.controller.abort();
      };
      const settled = () => signal.removeEventListener('abort', onAbort);
      const waiter: Waiter<M> = {
        shared,
        resolve: (run) => {
          settled();
          resolve(run);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
      entry.waiters.add(waiter);
      signal.addEventListener('abort', onAbort);
    });
  }

  return {
    get running() {
      return running;
    },
    async run(key, start, signal) {
      if (signal.aborted) throw aborted();
      const found = entries.get(key);
      if (found && !found.join) return waitFor(key, found, true, signal);
      const chunks = found?.join?.();
      if (found && chunks) return { meta: found.meta as M, chunks, shared: true };
      const entry: Entry<M> = { waiters: new Set(), controller: new AbortController(), join: null, meta: undefined };
      entries.set(key, entry);
      running += 1;
      const waiting = waitFor(key, entry, false, signal);
      void open(key, entry, start);
      return waiting;
    },
  };
}
