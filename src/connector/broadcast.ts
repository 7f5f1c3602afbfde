// One text, several readers at their own pace, memory bounded. A reader may join while the beginning is still held. A slow
// reader holds the others back for a while, then is broken off: it gets an error, never a shorter text.
import { PlanbridgeError } from '../errors.ts';
import { aborted } from './gate.ts';

export interface BroadcastOptions {
  /** Bytes from the beginning that are kept for those who come late. */
  headBytes: number;
  /** Bytes that the fastest reader may be ahead of the slowest. */
  windowBytes: number;
  /** A reader that holds up others must read a window within this time, else it is broken off. */
  holdMs: number;
}

/** Iterable once; `return` leaves early. */
export type BroadcastReader = AsyncIterableIterator<Buffer>;

export interface Broadcast {
  /** Another reader from the beginning, or null when the beginning is gone. */
  join(): BroadcastReader | null;
}

interface Reader {
  /** Number of the next chunk. */
  next: number;
  /** Bytes before that chunk. */
  taken: number;
  /** How long others waited for this reader since it had taken `takenBefore`. */
  heldMs: number;
  takenBefore: number;
  failure: PlanbridgeError | null;
}

function tooSlow(): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_ABORTED', 499, 'The client reads too slowly; the answer was broken off.');
}

/**
 * @param source read when the fastest reader asks for more
 * @param onEnd called once: with nothing at the end of the text, else with what ended it, which is PB_REQUEST_ABORTED when
 *   the last reader left; ending the source is then the caller's
 */
export function createBroadcast(
  source: AsyncIterator<string | Uint8Array>,
  { headBytes, windowBytes, holdMs }: BroadcastOptions,
  onEnd: (error?: unknown) => void,
): Broadcast {
  const chunks: Buffer[] = [];
  /** Number of the first chunk that is held. */
  let first = 0;
  let produced = 0;
  let state: 'idle' | 'pulling' | 'ended' | 'failed' = 'idle';
  let failure: unknown;
  let changed = Promise.withResolvers<void>();
  let holding: Promise<void> | null = null;
  const readers = new Set<Reader>();

  function wake(): void {
    const { resolve } = changed;
    changed = Promise.withResolvers<void>();
    resolve();
  }

  function finish(next: 'ended' | 'failed', error?: unknown): void {
    if (state === 'ended' || state === 'failed') return;
    state = next;
    failure = error;
    onEnd(error);
    wake();
  }

  function slowest(): Reader | undefined {
    let found: Reader | undefined;
    for (const reader of readers) if (!found || reader.taken < found.taken) found = reader;
    return found;
  }

  function dropRead(): void {
    if (produced <= headBytes) return;
    const keep = Math.min(first + chunks.length, ...[...readers].map((reader) => reader.next));
    chunks.splice(0, keep - first);
    first = keep;
  }

  function leave(reader: Reader): void {
    if (!readers.delete(reader)) return;
    if (readers.size === 0) finish('failed', reader.failure ?? aborted());
    else dropRead();
    wake();
  }

  function pull(): void {
    state = 'pulling';
    source.next().then(
      (result) => {
        if (state !== 'pulling') return;
        if (result.done) return finish('ended');
        state = 'idle';
        const chunk = Buffer.from(result.value as string);
        if (chunk.length > 0) chunks.push(chunk);
        produced += chunk.length;
        wake();
      },
      (error) => finish('failed', error),
    );
  }

  /** Waits for the slowest reader, and breaks it off when its time is up. */
  async function hold(slow: Reader): Promise<void> {
    const since = performance.now();
    const timeUp = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => timeUp.resolve('late'), Math.max(0, holdMs - slow.heldMs));
    const outcome = await Promise.race([changed.promise, timeUp.promise]);
    clearTimeout(timer);
    slow.heldMs += performance.now() - since;
    if (outcome !== 'late' || !readers.has(slow)) return;
    slow.failure = tooSlow();
    leave(slow);
  }

  function take(reader: Reader, chunk: Buffer): Buffer {
    reader.next += 1;
    reader.taken += chunk.length;
    if (reader.taken - reader.takenBefore >= windowBytes) {
      reader.takenBefore = reader.taken;
      reader.heldMs = 0;
    }
    dropRead();
    wake();
    return chunk;
  }

  async function nextOf(reader: Reader): Promise<IteratorResult<Buffer>> {
    while (true) {
      if (reader.failure) throw reader.failure;
      if (!readers.has(reader)) return { done: true, value: undefined };
      const chunk = chunks[reader.next - first];
      if (chunk) return { done: false, value: take(reader, chunk) };
      if (state === 'ended' || state === 'failed') {
        readers.delete(reader);
        if (state === 'failed') throw failure;
        return { done: true, value: undefined };
      }
      const slow = slowest()!;
      if (state === 'idle' && produced - slow.taken >= windowBytes) {
        holding ??= hold(slow).finally(() => {
          holding = null;
        });
        await holding;
        continue;
      }
      const change = changed.promise;
      if (state === 'idle') pull();
      await change;
    }
  }

  return {
    join() {
      if (first > 0 || state === 'failed') return null;
      const reader: Reader = { next: 0, taken: 0, heldMs: 0, takenBefore: 0, failure: null };
      readers.add(reader);
      return {
        next: () => nextOf(reader),
        async return() {
          leave(reader);
          return { done: true, value: undefined };
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
  };
}
