// The forecast as rows of a table, and as CSV. Generators: a large forecast is never in memory as text. Pure.
import { bucketName, bucketStart } from './buckets.ts';
import { commentsOn } from './overrides.ts';
import type { ForecastPlan } from './plan.ts';

export interface ForecastRow {
  item: string;
  location: string;
  customer: string;
  /** `2026-01` or `2026-W02`. */
  bucket: string;
  /** First day of the bucket, and of the next one. */
  start: string;
  end: string;
  /** Open orders due in the bucket. */
  orders: number;
  baseline: number;
  /** Null: nobody has set it. */
  override: number | null;
  total: number;
  consumed: number;
  net: number;
  /** The method that counts most in the baseline. */
  method: string;
  /** Out-of-sample error of the series, percent. */
  smape: number | null;
  mase: number | null;
  comment: string;
}

/** Cells that hold something, by item, location, customer and bucket. */
export function* forecastRows(plan: ForecastPlan): Generator<ForecastRow> {
  for (const leaf of plan.leaves) {
    const result = leaf.node?.result;
    for (let h = 0; h < plan.horizon; h++) {
      const bucket = plan.first + h;
      const total = leaf.total[h]!;
      const comments = plan.comments.length > 0 ? commentsOn(plan, leaf, bucket) : [];
      yield {
        item: leaf.item,
        location: leaf.location,
        customer: leaf.customer,
        bucket: bucketName(plan.bucket, bucket),
        start: day(bucketStart(plan.bucket, bucket)),
        end: day(bucketStart(plan.bucket, bucket + 1)),
        orders: rounded(leaf.orders[h]!),
        baseline: rounded(leaf.baseline[h]!),
        override: leaf.overridden[h] === 1 ? rounded(total) : null,
        total: rounded(total),
        consumed: rounded(leaf.consumed[h]!),
        net: rounded(Math.max(0, total - leaf.consumed[h]!)),
        method: result?.method ?? 'none',
        smape: result?.smape === null || result === undefined ? null : rounded(result.smape),
        mase: result?.mase === null || result === undefined ? null : rounded(result.mase),
        comment: comments.join('; '),
      };
    }
  }
}

export const FORECAST_COLUMNS = [
  'item',
  'location',
  'customer',
  'bucket',
  'start',
  'end',
  'orders',
  'baseline',
  'override',
  'total',
  'consumed',
  'net',
  'method',
  'smape',
  'mase',
  'comment',
] as const satisfies readonly (keyof ForecastRow)[];

/** CSV with a head line (RFC 4180), in pieces of some ten kB. */
export function* forecastCsv(rows: Iterable<ForecastRow>): Generator<string> {
  let piece = `${FORECAST_COLUMNS.join(',')}\r\n`;
  for (const row of rows) {
    piece += `${FORECAST_COLUMNS.map((column) => csvCell(row[column])).join(',')}\r\n`;
    if (piece.length < 65_536) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

/** A text that a spreadsheet would take for a formula gets an apostrophe. */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function day(t: number): string {
  return new Date(t * 1000).toISOString().slice(0, 10);
}

function rounded(n: number): number {
  return Math.round(n * 1000) / 1000;
}
