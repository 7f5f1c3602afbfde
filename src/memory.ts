// Keeps the process small while much data streams through it. V8 lets garbage grow to several times the live heap before it
// collects; with a live heap of some ten MB that costs hundreds of MB for nothing. Imported first by each entry; the size of the
// young generation (--max-semi-space-size) can only be given when node is started, see package.json.
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--heap-growing-percent=60');

/** Demands up to which a model is small. */
const SMALL = 2000;

/** What a plan throws away is small and dies young. */
export function tuneForPlanning(): void {
  // a large young generation would only cost memory
  setFlagsFromString('--semi-space-growth-factor=1');
  // little is left at each of many collections: waking threads for that takes longer than the work (a seventh of all CPU)
  setFlagsFromString('--no-parallel-scavenge');
  // compilations that have ended would wait for a thread to be let go
  setFlagsFromString('--no-maglev-destroy-on-background');
}

/**
 * For a process that does nothing but plan. A small model is planned before long: what V8's middle compiler takes, up to a quarter
 * of the process, is more than the plan, and collecting more often costs little.
 */
export function tuneForSize(demands: number): void {
  const small = demands <= SMALL;
  setFlagsFromString(small ? '--no-maglev' : '--maglev');
  setFlagsFromString(`--heap-growing-percent=${small ? 30 : 60}`);
}
