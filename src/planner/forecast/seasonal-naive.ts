// Seasonal naive: the same bucket of the last season; without a season, the last value. Pure.
import type { Method } from './method.ts';

export const seasonalNaive: Method = {
  name: 'seasonal naive',
  parameterNames: [],
  needs: (period) => period,
  fit: () => [],
  forecast(y, n, period, _parameters, horizon) {
    const out = new Float64Array(horizon);
    const back = Math.min(period, n);
    for (let h = 0; h < horizon; h++) out[h] = y[n - back + (h % back)]!;
    return out;
  },
};
