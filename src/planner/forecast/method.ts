// What every forecast method is: it fits its parameters on the first values of a series, and forecasts from any moment on
// with parameters that are fixed. Pure.

export type MethodName =
  | 'none'
  | 'mean'
  | 'moving average'
  | 'seasonal naive'
  | 'single exponential'
  | 'theta'
  | 'double exponential'
  | 'damped trend'
  | 'seasonal level'
  | 'Holt-Winters additive'
  | 'Holt-Winters multiplicative'
  | 'Holt-Winters additive damped'
  | 'Holt-Winters multiplicative damped'
  | 'Croston'
  | 'TSB'
  | 'combination';

/** Values of a series per bucket, oldest first. */
export type Values = Float64Array;

export interface Method {
  readonly name: MethodName;
  /** Buckets that are needed at least to fit it. */
  needs(period: number): number;
  /**
   * Parameters that fit the first `n` values best.
   * @param period buckets of a season: 12 months, 52 weeks; 1 = there is no season
   * @param near parameters that fitted fewer values of the series, to start from
   */
  fit(y: Values, n: number, period: number, near?: readonly number[]): readonly number[];
  /** Forecast of `horizon` buckets after the first `n` values. Never looks at later ones. */
  forecast(y: Values, n: number, period: number, parameters: readonly number[], horizon: number): Float64Array;
  /** Names of the parameters, for people. */
  readonly parameterNames: readonly string[];
}

export function meanOf(y: Values, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += y[i]!;
  return to > from ? sum / (to - from) : 0;
}
