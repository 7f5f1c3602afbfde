// Moving average; the number of buckets is the one with the smallest squared error of the next value. Pure.
import { type Method, meanOf, type Values } from './method.ts';

const WINDOWS = [2, 3, 4, 6, 9, 12];

function squaredError(y: Values, n: number, window: number, from: number): number {
  let sum = 0;
  for (let i = from - window; i < from; i++) sum += y[i]!;
  let error = 0;
  for (let i = from; i < n; i++) {
    const e = y[i]! - sum / window;
    error += e * e;
    sum += y[i]! - y[i - window]!;
  }
  return error;
}

export const movingAverage: Method = {
  name: 'moving average',
  parameterNames: ['buckets'],
  needs: () => 3,
  fit(y, n) {
    // all windows are compared on the same values
    const widest = WINDOWS.findLast((w) => w <= n / 2) ?? 2;
    let best = widest;
    let least = Infinity;
    for (const window of WINDOWS) {
      if (window > widest) break;
      const error = squaredError(y, n, window, widest);
      if (error < least) {
        least = error;
        best = window;
      }
    }
    return [best];
  },
  forecast(y, n, _period, [window = 1], horizon) {
    return new Float64Array(horizon).fill(meanOf(y, Math.max(0, n - window), n));
  },
};
