// Waiting that leaves nothing behind: for a time, for the signal, or for whoever wakes it.

export interface Waker {
  wake(): void;
  /** Ends after `ms`, when woken (also when woken since the last pause), or when the signal is raised. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

export function createWaker(): Waker {
  let woken = false;
  let end: (() => void) | undefined;
  return {
    wake() {
      woken = true;
      end?.();
    },
    async pause(ms, signal) {
      if (!woken && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          end = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', end!);
            resolve();
          };
          signal.addEventListener('abort', end, { once: true });
        });
        const ended = end!;
        end = undefined;
        ended();
      }
      woken = false;
    },
  };
}
