// Theta method (Assimakopoulos and Nikolopoulos): single exponential smoothing with half of the long-run slope as drift,
// on the series without its season when it has one. Pure.
import { exponential } from './exponential.ts';
import type { Method, Values } from './method.ts';
import { adjusted, seasonOf } from './seasonality.ts';

const single = exponential('single exponential', { trend: 'none', season: null });

function slopeOf(z: Values, n: number): number {
  let sx = 0;
  let sy = 0;
  let sxx = 0;
  let sxy = 0;
  for (let i = 0; i < n; i++) {
    sx += i;
    sy += z[i]!;
    sxx += i * i;
    sxy += i * z[i]!;
  }
  return n > 1 ? (n * sxy - sx * sy) / (n * sxx - sx * sx) : 0;
}

/** @param seasonal takes the season out first and puts it back */
export function theta({ seasonal }: { seasonal: boolean }): Method {
  const season = (y: Values, n: number, period: number) =>
    seasonal ? (seasonOf(y, n, period, 'multiplicative') ?? seasonOf(y, n, period, 'additive')) : null;
  return {
    name: 'theta',
    parameterNames: ['level'],
    needs: (period) => (seasonal ? 2 * period : 4),
    fit(y, n, period, near) {
      const s = season(y, n, period);
      return single.fit(s === null ? y : adjusted(y, n, s), n, 1, near);
    },
    forecast(y, n, period, parameters, horizon) {
      const s = season(y, n, period);
      const z = s === null ? y : adjusted(y, n, s);
      const [alpha = 0.5] = parameters;
      const level = single.forecast(z, n, 1, parameters, 1)[0]!;
      const drift = slopeOf(z, n) / 2;
      const lag = (1 - (1 - alpha) ** n) / alpha;
      const out = new Float64Array(horizon);
      for (let h = 0; h < horizon; h++) {
        const value = level + drift * (h + lag);
        const index = s?.index[(n + h) % period] ?? 0;
        out[h] = s === null ? value : s.kind === 'additive' ? value + index : value * index;
      }
      return out;
    },
  };
}
