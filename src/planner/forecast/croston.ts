// Intermittent demand. Croston: size and distance of sales smoothed apart, with the correction of Syntetos and Boylan.
// TSB (Teunter, Syntetos, Babai): size and probability, so that it fades when an item is no longer sold. Pure.

import type { Method, Values } from './method.ts';
import { minimise } from './minimise.ts';

const ALPHA = { grid: [0.05, 0.1, 0.2, 0.35], low: 0.02, high: 0.5 };

interface Rate {
  /** Demand per bucket at the end. */
  rate: number;
  /** Squared errors of the next value. */
  error: number;
}

function crostonRate(y: Values, n: number, alpha: number): Rate {
  let size = 0;
  let distance = 0;
  let since = 1;
  let error = 0;
  let rate = 0;
  for (let i = 0; i < n; i++) {
    if (size > 0) error += (y[i]! - rate) ** 2;
    if (y[i]! > 0) {
      size = size === 0 ? y[i]! : size + alpha * (y[i]! - size);
      distance = distance === 0 ? since : distance + alpha * (since - distance);
      rate = ((1 - alpha / 2) * size) / distance;
      since = 1;
    } else since++;
  }
  return { rate, error };
}

function tsbRate(y: Values, n: number, alpha: number, beta: number): Rate {
  // from the first values: their mean size and how often there is one
  const start = Math.min(n, 12);
  let sold = 0;
  let sum = 0;
  for (let i = 0; i < start; i++) {
    if (y[i]! <= 0) continue;
    sold++;
    sum += y[i]!;
  }
  let size = sold > 0 ? sum / sold : 0;
  let probability = start > 0 ? sold / start : 0;
  let error = 0;
  for (let i = 0; i < n; i++) {
    error += (y[i]! - size * probability) ** 2;
    if (y[i]! > 0) {
      probability += beta * (1 - probability);
      size = size === 0 ? y[i]! : size + alpha * (y[i]! - size);
    } else probability -= beta * probability;
  }
  return { rate: size * probability, error };
}

export const croston: Method = {
  name: 'Croston',
  parameterNames: ['size and distance'],
  needs: () => 4,
  fit: (y, n, _period, near) => minimise(([alpha = 0]) => crostonRate(y, n, alpha).error, [ALPHA], near, 30),
  forecast: (y, n, _period, [alpha = 0.1], horizon) => new Float64Array(horizon).fill(crostonRate(y, n, alpha).rate),
};

export const tsb: Method = {
  name: 'TSB',
  parameterNames: ['size', 'probability'],
  needs: () => 4,
  fit: (y, n, _period, near) =>
    minimise(([alpha = 0, beta = 0]) => tsbRate(y, n, alpha, beta).error, [ALPHA, ALPHA], near, 40),
  forecast: (y, n, _period, [alpha = 0.1, beta = 0.1], horizon) =>
    new Float64Array(horizon).fill(tsbRate(y, n, alpha, beta).rate),
};
