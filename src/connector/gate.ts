// Lets a few through at a time, makes some wait, and turns the rest away with a clear word.
import { PlanbridgeError } from '../errors.ts';

export interface GateOptions {
  concurrency: number;
  queue: number;
  queueSeconds: number;
}

export interface Gate {
  /**
   * Waits for a turn. The result gives it back; calling it twice does no harm.
   * @throws PlanbridgeError PB_REQUEST_BUSY, PB_REQUEST_ABORTED
   */
  enter(signal?: AbortSignal): Promise<() => void>;
  readonly running: number;
  readonly waiting: number;
}

const RETRY_SECONDS = 30;

function busy(message: string): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_BUSY', 503, message, {
    remedy: 'Try again later, or raise EXPORT_CONCURRENCY.',
    retryAfterSeconds: RETRY_SECONDS,
  });
}

export function aborted(): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_ABORTED', 499, 'The client went away.');
}

export function createGate({ concurrency, queue, queueSeconds }: GateOptions): Gate {
  let running = 0;
  const waiting = new Set<() => void>();

  function pass(): () => void {
    running += 1;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      running -= 1;
      const [next] = waiting;
      if (next) {
        waiting.delete(next);
        next();
      }
    };
  }

  return {
    get running() {
      return running;
    },
    get waiting() {
      return waiting.size;
    },
    async enter(signal) {
      if (signal?.aborted) throw aborted();
      if (running < concurrency) return pass();
      if (waiting.size >= queue) throw busy(`${running} exports are running and ${waiting.size} are waiting.`);
      return new Promise((resolve, reject) => {
        const leave = (error: PlanbridgeError) => {
          waiting.delete(turn);
          clear();
          reject(error);
        };
        const turn = () => {
          clear();
          resolve(pass());
        };
        const onAbort = () => leave(aborted());
        const timer = setTimeout(() => leave(busy(`No turn within ${queueSeconds} seconds.`)), queueSeconds * 1_000);
        const clear = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', onAbort);
        };
        waiting.add(turn);
        signal?.addEventListener('abort', onAbort);
      });
    },
  };
}
