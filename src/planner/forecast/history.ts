// History of sales per item, location, customer and bucket. Rows come in one by one and only sums are kept; what lies in the
// current bucket or later is not history but orders, which are netted against the forecast. Pure.
import type { PlanTime } from '../model.ts';
import { byLeaf, keyOf, type Leaf } from './address.ts';
import { type BucketKind, bucketOf } from './buckets.ts';

/** A confirmed line of a sales order. */
export interface SalesRow extends Leaf {
  date: PlanTime;
  /** Negative for what came back. */
  quantity: number;
  /** Of the order, for messages. */
  name?: string;
}

export interface LeafHistory extends Leaf {
  /** First bucket in which something was sold. */
  first: number;
  /** Per bucket, up to the one before the current. What comes back is taken off; a bucket is never below 0. */
  values: Float64Array;
}

export interface History {
  bucket: BucketKind;
  /** Bucket of the current date: the first that is forecast. */
  current: number;
  leaves: LeafHistory[];
  /** Orders due in the current bucket or later, as they came. */
  orders: SalesRow[];
  rows: number;
  /** Whether every quantity of the item was a whole number. */
  whole: ReadonlyMap<string, boolean>;
}

export interface HistoryCollector {
  add(row: SalesRow): void;
  finish(): History;
}

export interface HistoryOptions {
  bucket: BucketKind;
  current: PlanTime;
  /** Older buckets than so many are left out; 0 = all. */
  buckets?: number;
}

export function collectHistory({ bucket, current, buckets = 0 }: HistoryOptions): HistoryCollector {
  const now = bucketOf(bucket, current);
  const oldest = buckets > 0 ? now - buckets : -Infinity;
  const found = new Map<string, { leaf: Leaf; sums: Map<number, number> }>();
  const orders: SalesRow[] = [];
  const whole = new Map<string, boolean>();
  let rows = 0;
  return {
    add(row) {
      rows++;
      const at = bucketOf(bucket, row.date);
      if (at < oldest || row.quantity === 0) return;
      if (whole.get(row.item) !== false) whole.set(row.item, Number.isInteger(row.quantity));
      const key = keyOf(row);
      let known = found.get(key);
      if (known === undefined) {
        known = { leaf: { item: row.item, location: row.location, customer: row.customer }, sums: new Map() };
        found.set(key, known);
      }
      if (at >= now) orders.push(row);
      else known.sums.set(at, (known.sums.get(at) ?? 0) + row.quantity);
    },
    finish() {
      const leaves = [...found.values()].map(({ leaf, sums }): LeafHistory => {
        let first = now;
        for (const [at, sum] of sums) if (sum > 0 && at < first) first = at;
        const values = new Float64Array(now - first);
        for (const [at, sum] of sums) if (at >= first) values[at - first] = Math.max(0, sum);
        return { ...leaf, first, values };
      });
      return { bucket, current: now, leaves: leaves.sort(byLeaf), orders, rows, whole };
    },
  };
}

/** Sum of histories, from the first sale of any of them. */
export function sumHistory(leaves: readonly LeafHistory[]): Float64Array {
  if (leaves.length === 1) return leaves[0]!.values;
  const length = leaves.reduce((most, l) => Math.max(most, l.values.length), 0);
  const sum = new Float64Array(length);
  for (const { values } of leaves) {
    const shift = length - values.length;
    for (let i = 0; i < values.length; i++) sum[shift + i]! += values[i]!;
  }
  return sum;
}
