// Exponential smoothing in error-correction form: level, trend (linear or damped) and season (additive or multiplicative).
// The recursion and its first state; the methods decide which parameters are free. Pure.
import type { Values } from './method.ts';
import { adjusted, type Season, type SeasonKind, seasonOf } from './seasonality.ts';

export interface SmoothingKind {
  trend: 'none' | 'linear' | 'damped';
  season: SeasonKind | null;
}

export interface SmoothingParameters {
  /** Of the level. */
  alpha: number;
  /** Of the trend, as a part of alpha. */
  beta: number;
  /** Damping of the trend per bucket; 1 = not damped. */
  phi: number;
  /** Of the season. */
  gamma: number;
}

export interface FirstState {
  level: number;
  trend: number;
  season: Season | null;
}

/** State before the first value: a line through the first values, and the season of all of them. */
export function firstState(y: Values, n: number, period: number, kind: SmoothingKind): FirstState | null {
  const season = kind.season === null ? null : seasonOf(y, n, period, kind.season);
  if (kind.season !== null && season === null) return null;
  const z = season === null ? y : adjusted(y, n, season);
  const length = Math.min(n, Math.max(10, Math.min(period, 12)));
  let sx = 0;
  let sy = 0;
  let sxx = 0;
  let sxy = 0;
  for (let i = 0; i < length; i++) {
    sx += i;
    sy += z[i]!;
    sxx += i * i;
    sxy += i * z[i]!;
  }
  const slope = length > 1 ? (length * sxy - sx * sy) / (length * sxx - sx * sx) : 0;
  const intercept = (sy - slope * sx) / length;
  if (kind.trend === 'none') return { level: sy / length, trend: 0, season };
  return { level: intercept - slope, trend: slope, season };
}

/** What is left of a run over the values: the state at the end, and the errors on the way. */
export interface Smoothed {
  level: number;
  trend: number;
  /** Season index, by position. */
  season: Float64Array | null;
  /** Sum of squared errors of the next value. */
  error: number;
}

/** Runs over the first `n` values. */
export function smooth(
  y: Values,
  n: number,
  kind: SmoothingKind,
  first: FirstState,
  { alpha, beta, phi, gamma }: SmoothingParameters,
): Smoothed {
  let { level, trend } = first;
  let error = 0;
  if (first.season === null) {
    for (let i = 0; i < n; i++) {
      const grown = level + phi * trend;
      const e = y[i]! - grown;
      error += e * e;
      level = grown + alpha * e;
      trend = phi * trend + alpha * beta * e;
    }
    return { level, trend, season: null, error };
  }
  const season = first.season.index.slice();
  const period = season.length;
  const g = gamma * (1 - alpha);
  if (kind.season === 'additive') {
    for (let i = 0, p = 0; i < n; i++) {
      const grown = level + phi * trend;
      const e = y[i]! - grown - season[p]!;
      error += e * e;
      level = grown + alpha * e;
      trend = phi * trend + alpha * beta * e;
      season[p]! += g * e;
      if (++p === period) p = 0;
    }
  } else {
    for (let i = 0, p = 0; i < n; i++) {
      const grown = level + phi * trend;
      const s = season[p]!;
      const e = y[i]! - grown * s;
      error += e * e;
      level = grown + (alpha * e) / s;
      trend = phi * trend + (alpha * beta * e) / s;
      if (Math.abs(grown) > 1e-9) season[p] = Math.max(s + (g * e) / grown, 0.01);
      if (++p === period) p = 0;
    }
  }
  return { level, trend, season, error };
}

/** Forecast from the state at the end of `n` values. */
export function extend(end: Smoothed, n: number, kind: SmoothingKind, phi: number, horizon: number): Float64Array {
  const out = new Float64Array(horizon);
  let grown = end.level;
  let step = phi;
  for (let h = 0; h < horizon; h++) {
    grown += step * end.trend;
    step *= phi;
    const s = end.season === null ? null : end.season[(n + h) % end.season.length]!;
    out[h] = s === null ? grown : kind.season === 'additive' ? grown + s : grown * s;
  }
  return out;
}
