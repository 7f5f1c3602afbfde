// Values that do not belong: far away from the middle of their neighbours, measured by how far values usually are.
// They are clipped for the forecast and reported; the history itself is not changed. Pure.
import type { Values } from './method.ts';
import { adjusted, seasonOf } from './seasonality.ts';

export interface Outlier {
  /** Position in the series. */
  index: number;
  value: number;
  /** What the forecast reckons with instead. */
  clipped: number;
}

/** How many times the usual deviation is still believed. */
const LIMIT = 4;
const WINDOW = 3;
/** Of the normal distribution: standard deviation by median of absolute deviations. */
const PER_MEDIAN = 1.4826;

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}

/** Of a series that is sold in most buckets. */
function ofSteady(y: Values, n: number, period: number, seasonal: boolean): Outlier[] {
  const season = seasonal ? seasonOf(y, n, period, 'additive') : null;
  const z = season === null ? y : adjusted(y, n, season);
  const middles = new Float64Array(n);
  const deviations: number[] = [];
  const around = (i: number, from: number, to: number): number[] => {
    const near: number[] = [];
    for (let k = Math.max(0, i + from); k <= Math.min(n - 1, i + to); k++) if (k !== i) near.push(z[k]!);
    return near;
  };
  for (let i = 0; i < n; i++) {
    middles[i] = median(around(i, -WINDOW, WINDOW));
    deviations.push(Math.abs(z[i]! - middles[i]!));
  }
  const limit = LIMIT * PER_MEDIAN * median([...deviations]);
  if (!(limit > 0)) return [];
  /** The first value of a new level is like those after it. */
  const isLike = (value: number, near: number[]) => near.length > 1 && Math.abs(value - median(near)) <= limit;
  const found: Outlier[] = [];
  for (let i = 0; i < n; i++) {
    const over = deviations[i]! - limit;
    if (over <= 0 || isLike(z[i]!, around(i, -WINDOW, -1)) || isLike(z[i]!, around(i, 1, WINDOW))) continue;
    found.push({ index: i, value: y[i]!, clipped: Math.max(0, y[i]! + Math.sign(middles[i]! - z[i]!) * over) });
  }
  return found;
}

/** Of a series with many zeros: sales that are many times larger than sales are. */
function ofIntermittent(y: Values, n: number): Outlier[] {
  const sizes: number[] = [];
  for (let i = 0; i < n; i++) if (y[i]! > 0) sizes.push(Math.log(y[i]!));
  if (sizes.length < 5) return [];
  const middle = median(sizes);
  const usual = Math.max(PER_MEDIAN * median(sizes.map((s) => Math.abs(s - middle))), 0.25);
  const limit = Math.exp(middle + LIMIT * usual);
  const found: Outlier[] = [];
  for (let i = 0; i < n; i++) if (y[i]! > limit) found.push({ index: i, value: y[i]!, clipped: limit });
  return found;
}

/** Outliers among the first `n` values; none in short series, where nobody can tell. */
export function outliersOf(
  y: Values,
  n: number,
  period: number,
  character: 'intermittent' | 'seasonal' | 'plain',
): Outlier[] {
  if (n < 8) return [];
  return character === 'intermittent' ? ofIntermittent(y, n) : ofSteady(y, n, period, character === 'seasonal');
}
