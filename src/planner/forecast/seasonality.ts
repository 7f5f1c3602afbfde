// Seasonal indices by classical decomposition (centred moving average), and whether a season is there at all. Pure.
import { meanOf, type Values } from './method.ts';

export type SeasonKind = 'additive' | 'multiplicative';

/** Index per position in the season; position 0 is that of the first value. */
export interface Season {
  kind: SeasonKind;
  index: Float64Array;
}

/** Centred moving average over one season; NaN where it does not reach. */
function centred(y: Values, n: number, period: number): Float64Array {
  const trend = new Float64Array(n).fill(Number.NaN);
  const half = period >> 1;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum += y[i]!;
    if (i >= period) sum -= y[i - period]!;
    if (i < period - 1) continue;
    if (period % 2 === 1) trend[i - half] = sum / period;
    else if (i >= period) {
      // two windows side by side: half of the outermost values counts
      trend[i - half] = (sum + y[i - period]! / 2 - y[i]! / 2) / period;
    }
  }
  return trend;
}

/** Indices of the first `n` values; null when there are less than two seasons, or the kind is impossible. */
export function seasonOf(y: Values, n: number, period: number, kind: SeasonKind): Season | null {
  if (period < 2 || n < 2 * period) return null;
  if (kind === 'multiplicative') {
    for (let i = 0; i < n; i++) if (!(y[i]! > 0)) return null;
  }
  const trend = centred(y, n, period);
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  for (let i = 0; i < n; i++) {
    const t = trend[i]!;
    if (Number.isNaN(t)) continue;
    sums[i % period]! += kind === 'additive' ? y[i]! - t : y[i]! / t;
    counts[i % period]! += 1;
  }
  const index = new Float64Array(period);
  for (let p = 0; p < period; p++) index[p] = counts[p]! > 0 ? sums[p]! / counts[p]! : kind === 'additive' ? 0 : 1;
  const middle = meanOf(index, 0, period);
  for (let p = 0; p < period; p++) {
    index[p] = kind === 'additive' ? index[p]! - middle : Math.max(index[p]! / middle, 0.01);
  }
  return { kind, index };
}

/** The series without its season. */
export function adjusted(y: Values, n: number, season: Season): Float64Array {
  const out = new Float64Array(n);
  const period = season.index.length;
  for (let i = 0; i < n; i++) {
    const s = season.index[i % period]!;
    out[i] = season.kind === 'additive' ? y[i]! - s : y[i]! / s;
  }
  return out;
}

/** Correlation of the series with itself `lag` buckets earlier. */
export function autocorrelation(y: Values, n: number, lag: number): number {
  const mean = meanOf(y, 0, n);
  let above = 0;
  let below = 0;
  for (let i = 0; i < n; i++) {
    const d = y[i]! - mean;
    below += d * d;
    if (i >= lag) above += d * (y[i - lag]! - mean);
  }
  return below > 0 ? above / below : 0;
}

/** Whether the autocorrelation at one season stands out, at 90 %, as competitions test it. */
export function isSeasonal(y: Values, n: number, period: number): boolean {
  if (period < 2 || n < 2 * period + 2) return false;
  // a trend is correlated with itself at any lag, so it is taken out by differences first
  let sum = 0;
  for (let lag = 1; lag < period; lag++) sum += autocorrelation(y, n, lag) ** 2;
  const limit = 1.645 * Math.sqrt((1 + 2 * sum) / n);
  return Math.abs(autocorrelation(y, n, period)) > limit;
}
