// The forecast of one series. Methods are judged by forecasts they would have made earlier (rolling origin): parameters are
// fitted on what was known before the first of these moments. The smaller the error, the more a method counts; one that is
// clearly best counts alone. Pure.
import { type Character, candidatesOf, characterOf } from './candidates.ts';
import { type Method, type MethodName, meanOf, type Values } from './method.ts';
import { type Outlier, outliersOf } from './outliers.ts';

export interface SeriesOptions {
  /** Buckets of a season. */
  period: number;
  horizon: number;
  /** `combine`: methods are weighed by their error; `best`: only the one with the smallest error. */
  select: 'combine' | 'best';
  /** Clip outliers; they are reported either way. */
  clipOutliers: boolean;
  /** An item that was not sold for so many buckets is no longer forecast; 0 = always forecast. */
  deadAfter: number;
}

export interface MethodResult {
  name: MethodName;
  /** Mean absolute error out of sample; root of the mean square for intermittent demand. */
  error: number;
  /** Its part in the forecast, 0 to 1. */
  weight: number;
  parameters: Record<string, number>;
}

export interface SeriesForecast {
  /** Per bucket, never below 0. */
  values: Float64Array;
  /** The method that counts most. */
  method: MethodName;
  /** All that were tried, best first. */
  methods: MethodResult[];
  character: Character | 'new' | 'dead';
  outliers: Outlier[];
  /** Out-of-sample errors of the forecast itself; null when the history is too short to tell. */
  smape: number | null;
  mase: number | null;
  /** Mean absolute error per bucket, out of sample. */
  mae: number | null;
}

/** How fast the weight of a method falls with its error. */
const SHARPNESS = 4;
/** Methods with less weight than this, of the best one's, are left out. */
const LEAST_WEIGHT = 0.05;
const ORIGINS = 8;

/** Forecasts a series from its first sale on. */
export function forecastSeries(history: Values, options: SeriesOptions): SeriesForecast {
  const { period, horizon } = options;
  let first = 0;
  while (first < history.length && !(history[first]! > 0)) first++;
  const raw = history.subarray(first);
  const n = raw.length;
  if (n === 0) return nothing(horizon, 'new');
  if (options.deadAfter > 0 && isDead(raw, options.deadAfter)) return nothing(horizon, 'dead');
  const character = characterOf(raw, n, period);
  const outliers = outliersOf(raw, n, period, character);
  let y = raw;
  if (options.clipOutliers && outliers.length > 0) {
    y = raw.slice();
    for (const o of outliers) y[o.index] = o.clipped;
  }
  const methods = candidatesOf(character, n, period);
  const result = methods.length === 0 || n < 5 ? short(y, n, horizon) : judged(y, n, methods, character, options);
  for (const o of outliers) o.index += first;
  return { ...result, outliers };
}

function isDead(y: Values, after: number): boolean {
  if (y.length < after) return false;
  for (let i = y.length - after; i < y.length; i++) if (y[i]! > 0) return false;
  return true;
}

function nothing(horizon: number, character: 'new' | 'dead'): SeriesForecast {
  return {
    values: new Float64Array(horizon),
    method: 'none',
    methods: [],
    character,
    outliers: [],
    smape: null,
    mase: null,
    mae: null,
  };
}

/** Too short to compare anything: the mean. */
function short(y: Values, n: number, horizon: number): SeriesForecast {
  return {
    ...nothing(horizon, 'new'),
    values: new Float64Array(horizon).fill(Math.max(0, meanOf(y, 0, n))),
    method: 'mean',
    methods: [{ name: 'mean', error: 0, weight: 1, parameters: {} }],
  };
}

interface Trial {
  method: Method;
  error: number;
  weight: number;
  /** Fitted before the first origin. */
  parameters: readonly number[];
  /** Forecasts from each origin. */
  past: Float64Array[];
}

function judged(
  y: Values,
  n: number,
  methods: readonly Method[],
  character: Character,
  { period, horizon, select }: SeriesOptions,
): SeriesForecast {
  const origins = originsOf(n, period, horizon);
  const known = origins[0]!;
  const trials: Trial[] = [];
  for (const method of methods) {
    if (method.needs(period) > known) continue;
    const parameters = method.fit(y, known, period);
    const past = origins.map((o) => notNegative(method.forecast(y, o, period, parameters, Math.min(horizon, n - o))));
    const error = errorOf(y, origins, past, character);
    if (Number.isFinite(error)) trials.push({ method, error, weight: 0, parameters, past });
  }
  if (trials.length === 0) return short(y, n, horizon);
  trials.sort((a, b) => a.error - b.error);
  weigh(trials, select);
  const values = new Float64Array(horizon);
  const results: MethodResult[] = [];
  for (const { method, error, weight, parameters: near } of trials) {
    const result: MethodResult = { name: method.name, error, weight, parameters: {} };
    results.push(result);
    if (weight === 0) continue;
    const parameters = method.fit(y, n, period, near);
    method.parameterNames.forEach((name, i) => {
      result.parameters[name] = parameters[i]!;
    });
    const own = notNegative(method.forecast(y, n, period, parameters, horizon));
    for (let h = 0; h < horizon; h++) values[h]! += weight * own[h]!;
  }
  return {
    values,
    method: results[0]!.name,
    methods: results,
    character,
    outliers: [],
    ...measures(y, n, period, origins, mixed(trials)),
  };
}

/** Moments from which forecasts are tried: the last third of the history, at most a horizon and half a season. */
export function originsOf(n: number, period: number, horizon: number): number[] {
  const width = Math.max(1, Math.min(Math.floor(n / 3), Math.max(horizon, period) + (period >> 1)));
  const step = Math.max(1, Math.floor(width / ORIGINS));
  const origins: number[] = [];
  for (let o = n - width; o < n - (width > 4 ? 2 : 0); o += step) origins.push(o);
  return origins;
}

function notNegative(values: Float64Array): Float64Array {
  for (let i = 0; i < values.length; i++) if (values[i]! < 0) values[i] = 0;
  return values;
}

/** Of intermittent demand the squares count: the smallest absolute error would always be that of a forecast of nothing. */
function errorOf(y: Values, origins: readonly number[], past: readonly Float64Array[], character: Character): number {
  const squares = character === 'intermittent';
  let sum = 0;
  let count = 0;
  for (let i = 0; i < origins.length; i++) {
    const values = past[i]!;
    for (let h = 0; h < values.length; h++) {
      const e = y[origins[i]! + h]! - values[h]!;
      sum += squares ? e * e : Math.abs(e);
    }
    count += values.length;
  }
  return squares ? Math.sqrt(sum / count) : sum / count;
}

function weigh(trials: Trial[], select: SeriesOptions['select']): void {
  const best = trials[0]!;
  let sum = 0;
  for (const t of trials) {
    const ratio = t.error > 0 ? (best.error / t.error) ** SHARPNESS : t === best ? 1 : 0;
    t.weight = t === best || (select === 'combine' && ratio >= LEAST_WEIGHT) ? ratio : 0;
    sum += t.weight;
  }
  for (const t of trials) t.weight /= sum;
}

function mixed(trials: readonly Trial[]): Float64Array[] {
  return trials[0]!.past.map((values, i) => {
    const out = new Float64Array(values.length);
    for (const t of trials) {
      if (t.weight > 0) for (let h = 0; h < out.length; h++) out[h]! += t.weight * t.past[i]![h]!;
    }
    return out;
  });
}

/** sMAPE in percent, and MASE against the seasonal naive forecast within the history. */
function measures(
  y: Values,
  n: number,
  period: number,
  origins: readonly number[],
  past: readonly Float64Array[],
): { smape: number | null; mase: number | null; mae: number | null } {
  let absolute = 0;
  let relative = 0;
  let count = 0;
  for (let i = 0; i < origins.length; i++) {
    const values = past[i]!;
    for (let h = 0; h < values.length; h++) {
      const actual = y[origins[i]! + h]!;
      const e = Math.abs(actual - values[h]!);
      absolute += e;
      if (e > 0) relative += (200 * e) / (Math.abs(actual) + Math.abs(values[h]!));
      count++;
    }
  }
  const lag = n > period ? period : 1;
  let naive = 0;
  for (let i = lag; i < n; i++) naive += Math.abs(y[i]! - y[i - lag]!);
  naive /= Math.max(1, n - lag);
  const mae = absolute / count;
  return { mae, smape: relative / count, mase: naive > 0 ? mae / naive : null };
}
