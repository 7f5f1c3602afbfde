// How much goes into one call: more while Odoo answers quickly, less when it takes long. Calls that are short are soon known to be
// done or not, and no proxy or time limit of Odoo's cuts them off.

export interface Pace {
  /** Weight of the first call. */
  first: number;
  /** Largest weight of a call. */
  most: number;
}

const QUICK_MS = 5_000;
const LONG_MS = 20_000;

/** Runs over all items in slices, one after the other; `weigh` says how much work an item is. */
export async function paced<T>(
  items: readonly T[],
  { first, most }: Pace,
  weigh: (item: T) => number,
  now: () => number,
  run: (slice: readonly T[]) => Promise<void>,
): Promise<void> {
  let size = first;
  let at = 0;
  while (at < items.length) {
    let end = at + 1;
    let weight = weigh(items[at]!);
    while (end < items.length && weight + weigh(items[end]!) <= size) {
      weight += weigh(items[end]!);
      end += 1;
    }
    const started = now();
    await run(items.slice(at, end));
    const took = now() - started;
    if (took < QUICK_MS) size = Math.min(most, size * 2);
    else if (took > LONG_MS) size = Math.max(1, size >> 1);
    at = end;
  }
}
