// A quantity over time that changes at moments: stock of a buffer, free capacity of a resource.
// Moments are kept in chunks with their smallest and largest value and a pending addition, so that a change touches one
// chunk and a question for the first or last moment below a level skips chunks: O(√n) each, and small in practice.

const CHUNK = 64;
const ROOM = Array.from({ length: CHUNK }, (_, n) => new Array<number>(n).fill(0));
/** Differences below this are noise of binary fractions. */
export const EPSILON = 1e-6;

class Chunk {
  // plain arrays: most profiles have a handful of moments, and typed arrays are not worth their overhead then; beyond `size` they
  // are room to grow, as what is pushed to a short array makes V8 reserve room for sixteen more
  dates: number[] = [];
  /** Value from this moment on, without `add`. */
  values: number[] = [];
  /** Number of changes at the moment; a moment without changes is dropped. */
  counts: number[] = [];
  size = 0;
  add = 0;
  /** Whether `low` and `high` are those of `values`; they are looked for when they are asked for, after several changes. */
  measured = false;
  low = 0;
  high = 0;

  measure(): void {
    const { values, size } = this;
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < size; i++) {
      const v = values[i] as number;
      if (v < low) low = v;
      if (v > high) high = v;
    }
    this.low = low;
    this.high = high;
    this.measured = true;
  }

  private grow(): void {
    const { size } = this;
    const room = size < 4 ? 1 : Math.min(size >> 1, CHUNK - size);
    const more = ROOM[room] as number[];
    this.dates = this.dates.concat(more);
    this.values = this.values.concat(more);
    this.counts = this.counts.concat(more);
  }

  // moved by hand: splice makes an array of what it takes out
  place(at: number, date: number, value: number, count: number): void {
    if (this.size === this.dates.length) this.grow();
    const { dates, values, counts } = this;
    for (let i = this.size; i > at; i--) {
      dates[i] = dates[i - 1] as number;
      values[i] = values[i - 1] as number;
      counts[i] = counts[i - 1] as number;
    }
    dates[at] = date;
    values[at] = value;
    counts[at] = count;
    this.size++;
  }

  drop(at: number): void {
    const { dates, values, counts } = this;
    const size = --this.size;
    for (let i = at; i < size; i++) {
      dates[i] = dates[i + 1] as number;
      values[i] = values[i + 1] as number;
      counts[i] = counts[i + 1] as number;
    }
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
    let k = this.chunkOf(date);
    let chunk = this.chunks[k] as Chunk;
    let i = upper(chunk, date);
    if (i > 0 && chunk.dates[i - 1] === date) {
      i--;
      const n = (chunk.counts[i] as number) + count;
      if (n === 0) {
        chunk.drop(i);
        this.size--;
      } else chunk.counts[i] = n;
    } else {
      const previous = i > 0 ? (chunk.values[i - 1] as number) + chunk.add : this.lastBefore(k);
      if (chunk.size === CHUNK) {
        this.split(k);
        if (i > chunk.size) {
          i -= chunk.size;
          k++;
          chunk = this.chunks[k] as Chunk;
        }
      }
      chunk.place(i, date, previous - chunk.add, count);
      this.size++;
    }
    const { values, size } = chunk;
    for (let j = i; j < size; j++) (values[j] as number) += change;
    chunk.measured = false;
    const { chunks } = this;
    for (let c = k + 1; c < chunks.length; c++) (chunks[c] as Chunk).add += change;
    if (size === 0 && chunks.length > 1) chunks.splice(k, 1);
  }

  /** Cuts a full chunk in two. */
  private split(k: number): void {
    const chunk = this.chunks[k] as Chunk;
    const other = new Chunk();
    const half = CHUNK >> 1;
    other.dates = chunk.dates.slice(half);
    other.values = chunk.values.slice(half);
    other.counts = chunk.counts.slice(half);
    chunk.dates = chunk.dates.slice(0, half);
    chunk.values = chunk.values.slice(0, half);
    chunk.counts = chunk.counts.slice(0, half);
    other.size = CHUNK - half;
    other.add = chunk.add;
    chunk.size = half;
    chunk.measured = false;
    this.chunks.splice(k + 1, 0, other);
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
      if (other.size === 0) continue;
      if (!other.measured) other.measure();
      best = Math.min(best, other.low + other.add);
    }
    return best;
  }

  /** First change at or after `date` (after it, when `strict`) whose value is below `level`; Infinity when there is none. */
  nextBelow(date: number, level: number, strict = false): number {
    const k = this.chunkOf(date);
    const chunks = this.chunks;
    for (let c = k; c < chunks.length; c++) {
      const chunk = chunks[c] as Chunk;
      if (chunk.size === 0) continue;
      if (!chunk.measured) chunk.measure();
      if (chunk.low + chunk.add >= level) continue;
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
      if (chunk.size === 0) continue;
      if (!chunk.measured) chunk.measure();
      if (chunk.high + chunk.add < level) continue;
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
      if (chunk.size === 0) continue;
      if (!chunk.measured) chunk.measure();
      if (chunk.low + chunk.add >= level) continue;
      const bound = level - chunk.add;
      for (let i = (c === k ? lower(chunk, date) : chunk.size) - 1; i >= 0; i--) {
        if ((chunk.values[i] as number) < bound) return chunk.dates[i] as number;
      }
    }
    return -Infinity;
  }

  /**
   * Last stretch of values of at least `level` that ends by the change at `date` and is `length` long, or, long or not,
   * ends by `floor`; null when there is none. One walk over the moments: full resources have many short stretches.
   */
  previousStretch(date: number, level: number, length: number, floor: number): { from: number; to: number } | null {
    const k = this.chunkOf(date);
    let after = date;
    let inside = false;
    let to = 0;
    for (let c = k; c >= 0; c--) {
      const chunk = this.chunks[c] as Chunk;
      if (chunk.size === 0) continue;
      const { dates, values } = chunk;
      const bound = level - chunk.add;
      if (!chunk.measured) chunk.measure();
      let i = (c === k ? lower(chunk, date) : chunk.size) - 1;
      if (inside ? chunk.low >= bound : chunk.high < bound) {
        if (i >= 0) after = dates[0] as number;
        continue;
      }
      for (; i >= 0; i--) {
        const enough = (values[i] as number) >= bound;
        if (enough && !inside) {
          inside = true;
          to = after;
          if (to <= floor) return { from: -Infinity, to };
        } else if (!enough && inside) {
          if (to - after >= length) return { from: after, to };
          inside = false;
        }
        after = dates[i] as number;
      }
    }
    return inside ? { from: -Infinity, to } : null;
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
