// A quantity over time that changes at moments: stock of a buffer, free capacity of a resource.
// Moments are kept in chunks with their smallest and largest value and a pending addition, so that a change touches one
// chunk and a question for the first or last moment below a level skips chunks: O(√n) each, and small in practice.

const CHUNK = 64;
/** Differences below this are noise of binary fractions. */
export const EPSILON = 1e-6;

class Chunk {
  // plain arrays: most profiles have a handful of moments, and typed arrays are not worth their overhead then
  dates: number[] = [];
  /** Value from this moment on, without `add`. */
  values: number[] = [];
  /** Number of changes at the moment; a moment without changes is dropped. */
  counts: number[] = [];
  size = 0;
  add = 0;
  low = 0;
  high = 0;

  measure(): void {
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < this.size; i++) {
      const v = this.values[i] as number;
      if (v < low) low = v;
      if (v > high) high = v;
    }
    this.low = low;
    this.high = high;
  }
}

/** Piecewise constant function of time, built from changes. Before the first change it is `initial`. */
export class Profile {
  private chunks: Chunk[] = [new Chunk()];
  initial = 0;
  private total = 0;
  /** Number of moments. */
  size = 0;

  /** Adds `change` from `date` on. */
  insert(date: number, change: number): void {
    this.shift(date, change, 1);
  }

  /** Takes back what `insert` added. */
  remove(date: number, change: number): void {
    this.shift(date, -change, -1);
  }

  private shift(date: number, change: number, count: number): void {
    this.total += change;
    const k = this.chunkOf(date);
    let chunk = this.chunks[k] as Chunk;
    let i = upper(chunk, date);
    if (i > 0 && chunk.dates[i - 1] === date) {
      i--;
      const n = (chunk.counts[i] as number) + count;
      chunk.counts[i] = n;
      for (let j = i; j < chunk.size; j++) (chunk.values[j] as number) += change;
      if (n === 0) this.drop(chunk, k, i);
      else chunk.measure();
    } else {
      const previous = i > 0 ? (chunk.values[i - 1] as number) : this.lastBefore(k) - chunk.add;
      if (chunk.size === CHUNK) {
        chunk = this.split(k, i);
        if (i > chunk.size) {
          i -= chunk.size;
          this.place(k + 1, i, date, previous + chunk.add, change, count);
          return;
        }
      }
      this.place(k, i, date, previous + chunk.add, change, count);
      return;
    }
    for (let c = k + 1; c < this.chunks.length; c++) (this.chunks[c] as Chunk).add += change;
    if (chunk.size === 0 && this.chunks.length > 1) this.chunks.splice(k, 1);
  }

  private place(k: number, i: number, date: number, previous: number, change: number, count: number): void {
    const chunk = this.chunks[k] as Chunk;
    chunk.dates.splice(i, 0, date);
    chunk.counts.splice(i, 0, count);
    chunk.values.splice(i, 0, previous - chunk.add);
    chunk.size++;
    this.size++;
    for (let j = i; j < chunk.size; j++) (chunk.values[j] as number) += change;
    chunk.measure();
    for (let c = k + 1; c < this.chunks.length; c++) (this.chunks[c] as Chunk).add += change;
  }

  /** Cuts a full chunk in two; returns the first half. */
  private split(k: number, _at: number): Chunk {
    const chunk = this.chunks[k] as Chunk;
    const other = new Chunk();
    const half = CHUNK >> 1;
    other.dates = chunk.dates.splice(half);
    other.values = chunk.values.splice(half);
    other.counts = chunk.counts.splice(half);
    other.size = CHUNK - half;
    other.add = chunk.add;
    chunk.size = half;
    chunk.measure();
    other.measure();
    this.chunks.splice(k + 1, 0, other);
    return chunk;
  }

  private drop(chunk: Chunk, _k: number, i: number): void {
    chunk.dates.splice(i, 1);
    chunk.values.splice(i, 1);
    chunk.counts.splice(i, 1);
    chunk.size--;
    this.size--;
    chunk.measure();
  }

  /** Value at the end of the chunks before the k-th. */
  private lastBefore(k: number): number {
    for (let c = k - 1; c >= 0; c--) {
      const chunk = this.chunks[c] as Chunk;
      if (chunk.size > 0) return (chunk.values[chunk.size - 1] as number) + chunk.add;
    }
    return this.initial;
  }

  /** The chunk in which `date` is or would be. */
  private chunkOf(date: number): number {
    const chunks = this.chunks;
    let low = 0;
    let high = chunks.length;
    while (low + 1 < high) {
      const middle = (low + high) >>> 1;
      if (((chunks[middle] as Chunk).dates[0] as number) <= date) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Value at the end of time. */
  last(): number {
    return this.initial + this.total;
  }

  /** Value from `date` on (changes at `date` included). */
  at(date: number): number {
    const k = this.chunkOf(date);
    const chunk = this.chunks[k] as Chunk;
    const i = upper(chunk, date);
    return i > 0 ? (chunk.values[i - 1] as number) + chunk.add : this.lastBefore(k);
  }

  /** Value just before `date`. */
  before(date: number): number {
    const k = this.chunkOf(date);
    const chunk = this.chunks[k] as Chunk;
    const i = lower(chunk, date);
    return i > 0 ? (chunk.values[i - 1] as number) + chunk.add : this.lastBefore(k);
  }

  /** Smallest value from `date` on. */
  minimumFrom(date: number): number {
    let best = this.at(date);
    const k = this.chunkOf(date);
    const chunk = this.chunks[k] as Chunk;
    for (let i = upper(chunk, date); i < chunk.size; i++)
      best = Math.min(best, (chunk.values[i] as number) + chunk.add);
    for (let c = k + 1; c < this.chunks.length; c++) {
      const other = this.chunks[c] as Chunk;
      if (other.size > 0) best = Math.min(best, other.low + other.add);
    }
    return best;
  }

  /** First change at or after `date` (after it, when `strict`) whose value is below `level`; Infinity when there is none. */
  nextBelow(date: number, level: number, strict = false): number {
    const k = this.chunkOf(date);
    const chunks = this.chunks;
    for (let c = k; c < chunks.length; c++) {
      const chunk = chunks[c] as Chunk;
      if (chunk.size === 0 || chunk.low + chunk.add >= level) continue;
      const bound = level - chunk.add;
      for (let i = c === k ? (strict ? upper(chunk, date) : lower(chunk, date)) : 0; i < chunk.size; i++) {
        if ((chunk.values[i] as number) < bound) return chunk.dates[i] as number;
      }
    }
    return Infinity;
  }

  /** First change at or after `date` (after it, when `strict`) whose value is at least `level`; Infinity when there is none. */
  nextAbove(date: number, level: number, strict = false): number {
    const k = this.chunkOf(date);
    const chunks = this.chunks;
    for (let c = k; c < chunks.length; c++) {
      const chunk = chunks[c] as Chunk;
      if (chunk.size === 0 || chunk.high + chunk.add < level) continue;
      const bound = level - chunk.add;
      for (let i = c === k ? (strict ? upper(chunk, date) : lower(chunk, date)) : 0; i < chunk.size; i++) {
        if ((chunk.values[i] as number) >= bound) return chunk.dates[i] as number;
      }
    }
    return Infinity;
  }

  /** Last change before `date` whose value is below `level`; -Infinity when there is none. */
  previousBelow(date: number, level: number): number {
    const k = this.chunkOf(date);
    for (let c = k; c >= 0; c--) {
      const chunk = this.chunks[c] as Chunk;
      if (chunk.size === 0 || chunk.low + chunk.add >= level) continue;
      const bound = level - chunk.add;
      for (let i = (c === k ? lower(chunk, date) : chunk.size) - 1; i >= 0; i--) {
        if ((chunk.values[i] as number) < bound) return chunk.dates[i] as number;
      }
    }
    return -Infinity;
  }

  /** Last change before `date` whose value is at least `level`; -Infinity when there is none. */
  previousAbove(date: number, level: number): number {
    const k = this.chunkOf(date);
    for (let c = k; c >= 0; c--) {
      const chunk = this.chunks[c] as Chunk;
      if (chunk.size === 0 || chunk.high + chunk.add < level) continue;
      const bound = level - chunk.add;
      for (let i = (c === k ? lower(chunk, date) : chunk.size) - 1; i >= 0; i--) {
        if ((chunk.values[i] as number) >= bound) return chunk.dates[i] as number;
      }
    }
    return -Infinity;
  }

  /** First change after `date`; Infinity when there is none. */
  next(date: number): number {
    const k = this.chunkOf(date);
    const chunk = this.chunks[k] as Chunk;
    const i = upper(chunk, date);
    if (i < chunk.size) return chunk.dates[i] as number;
    const after = this.chunks[k + 1];
    return after !== undefined && after.size > 0 ? (after.dates[0] as number) : Infinity;
  }

  /** Calls `visit` for each moment from `from` on, in order, until it returns false. The profile must not change meanwhile. */
  scan(from: number, visit: (date: number, value: number) => boolean): void {
    const k = this.chunkOf(from);
    for (let c = k; c < this.chunks.length; c++) {
      const chunk = this.chunks[c] as Chunk;
      for (let i = c === k ? lower(chunk, from) : 0; i < chunk.size; i++) {
        if (!visit(chunk.dates[i] as number, (chunk.values[i] as number) + chunk.add)) return;
      }
    }
  }
}

/** Number of moments in the chunk that are not after `date`. */
function upper(chunk: Chunk, date: number): number {
  let low = 0;
  let high = chunk.size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((chunk.dates[middle] as number) <= date) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Number of moments in the chunk that are before `date`. */
function lower(chunk: Chunk, date: number): number {
  let low = 0;
  let high = chunk.size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((chunk.dates[middle] as number) < date) low = middle + 1;
    else high = middle;
  }
  return low;
}
