// A family of methods from one recursion: single, double (Holt) and damped exponential smoothing, with or without a season
// (Holt and Winters). Parameters are those with the smallest squared error of the next value. Pure.
import type { Method, MethodName, Values } from './method.ts';
import { type Bounds, minimise } from './minimise.ts';
import { extend, firstState, type SmoothingKind, type SmoothingParameters, smooth } from './smoothing.ts';

const ALPHA: Bounds = { grid: [0.05, 0.2, 0.45, 0.8], low: 0.01, high: 0.99 };
const BETA: Bounds = { grid: [0.02, 0.1, 0.4], low: 0, high: 0.95 };
const PHI: Bounds = { grid: [0.85, 0.96], low: 0.8, high: 0.98 };
const GAMMA: Bounds = { grid: [0.01, 0.2], low: 0, high: 0.9 };

/** A method of the family. */
export function exponential(name: MethodName, kind: SmoothingKind): Method {
  const bounds: Bounds[] = [ALPHA];
  const names = ['level'];
  if (kind.trend !== 'none') {
    bounds.push(BETA);
    names.push('trend');
  }
  if (kind.trend === 'damped') {
    bounds.push(PHI);
    names.push('damping');
  }
  if (kind.season !== null) {
    bounds.push(GAMMA);
    names.push('season');
  }
  const parametersOf = (x: readonly number[]): SmoothingParameters => {
    let i = 1;
    const beta = kind.trend === 'none' ? 0 : x[i++]!;
    const phi = kind.trend === 'damped' ? x[i++]! : 1;
    return { alpha: x[0]!, beta, phi, gamma: kind.season === null ? 0 : x[i]! };
  };
  return {
    name,
    parameterNames: names,
    needs: (period) => (kind.season !== null ? 2 * period : kind.trend === 'none' ? 3 : 6),
    fit(y: Values, n: number, period: number, near?: readonly number[]) {
      const first = firstState(y, n, period, kind);
      if (first === null) return [];
      return minimise((x) => smooth(y, n, kind, first, parametersOf(x)).error, bounds, near);
    },
    forecast(y, n, period, x, horizon) {
      const first = firstState(y, n, period, kind);
      if (first === null || x.length === 0) return new Float64Array(horizon).fill(Number.NaN);
      const parameters = parametersOf(x);
      return extend(smooth(y, n, kind, first, parameters), n, kind, parameters.phi, horizon);
    },
  };
}
