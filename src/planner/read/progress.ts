// How far a read is, by the rows that the last one had. Pure but for the callback.
import type { StepContext } from '../runs/step.ts';

export interface ReadProgress {
  /** Master data comes first, as one piece of unknown size. */
  masters(): void;
  rows(count: number, what: string): void;
  /** A pass over everything is one of several. */
  pass(number: number, of: number): void;
}

const MASTERS = 0.15;
/** Of a first read, about whose size nothing is known. */
const GUESS = 50_000;

export function readProgress(context: Pick<StepContext, 'progress'>, expected: number): ReadProgress {
  let read = 0;
  let [pass, passes] = [0, 1];
  const say = (part: number, what: string) => context.progress((pass + Math.min(1, part)) / passes, what);
  return {
    masters: () => say(0, 'reading master data'),
    rows(count, what) {
      read += count;
      const part = expected > 0 ? Math.min(0.99, read / expected) : 1 - GUESS / (GUESS + read);
      say(MASTERS + (1 - MASTERS) * part, `reading ${what}: ${read} records`);
    },
    pass(number, of) {
      [pass, passes] = [number, of];
      read = 0;
    },
  };
}
