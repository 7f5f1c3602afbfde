// Mean of all values: for items that are too new for anything else. Pure.
import { type Method, meanOf } from './method.ts';

export const mean: Method = {
  name: 'mean',
  parameterNames: [],
  needs: () => 1,
  fit: () => [],
  forecast: (y, n, _period, _parameters, horizon) => new Float64Array(horizon).fill(meanOf(y, 0, n)),
};
