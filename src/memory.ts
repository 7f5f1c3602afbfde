// Keeps the process small while much data streams through it. V8 lets garbage grow to several times the live heap before it
// collects; with a live heap of some ten MB that costs hundreds of MB for nothing. Imported first by each entry; the size of the
// young generation (--max-semi-space-size) can only be given when node is started, see package.json.
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--heap-growing-percent=60');

/** What a plan throws away is small and dies young. */
export function tuneForPlanning(): void {
  // a large young generation would only cost memory
  setFlagsFromString('--semi-space-growth-factor=1');
  // little is left at each of many collections: waking threads for that takes longer than the work (a seventh of all CPU)
  setFlagsFromString('--no-parallel-scavenge');
}
