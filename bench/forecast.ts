// How good and how fast the forecast is. Quality: sMAPE and MASE on series with a known future, beside the seasonal naive
// forecast and those of a library, if given. Speed: 20,000 series of 48 months on one core. Prints; no test.
//   npm run bench:forecast -- --data m3.json --reference statsmodels.json
// --data: [{"id", "train": [...], "test": [...]}] of one period (--period 12); without it series are made up.
// --reference: {id: {name: [forecast]}}, as bench/forecast-reference.py writes it.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { forecastSeries, type SeriesOptions } from '../src/planner/forecast/series.ts';

interface Series {
  id: string;
  train: number[];
  test: number[];
}

const { values: given } = parseArgs({
  options: {
    data: { type: 'string' },
    reference: { type: 'string' },
    period: { type: 'string', default: '12' },
    speed: { type: 'string', default: '20000' },
  },
});
const period = Number(given.period);

/** Numbers that are the same each time. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function madeUp(kind: number, length: number, roll: () => number): number[] {
  const base = 10 + roll() * 500;
  const slope = ((roll() - 0.4) * base) / 60;
  const season = kind === 1 ? 0.4 : 0;
  return Array.from({ length }, (_, t) => {
    const steady = (base + slope * t) * (1 + season * Math.sin((t / 12) * 2 * Math.PI)) * (0.75 + roll() / 2);
    return Math.max(0, Math.round(kind === 2 && roll() > 0.3 ? 0 : steady));
  });
}

function madeUpSet(count: number): Series[] {
  const roll = dice(7);
  return Array.from({ length: count }, (_, i) => {
    const values = madeUp([0, 1, 3][i % 3]!, 66, roll);
    return { id: `made up ${i}`, train: values.slice(0, 48), test: values.slice(48) };
  });
}

class Score {
  smape = 0;
  mase = 0;
  count = 0;
  add({ train, test }: Series, forecast: ArrayLike<number>): void {
    let relative = 0;
    let absolute = 0;
    test.forEach((actual, h) => {
      const value = Math.max(0, forecast[h]!);
      const e = Math.abs(actual - value);
      absolute += e;
      if (e > 0) relative += (200 * e) / (Math.abs(actual) + value);
    });
    let naive = 0;
    for (let i = period; i < train.length; i++) naive += Math.abs(train[i]! - train[i - period]!);
    naive /= train.length - period;
    if (!(naive > 0)) return;
    this.smape += relative / test.length;
    this.mase += absolute / test.length / naive;
    this.count++;
  }
}

const set: Series[] = given.data === undefined ? madeUpSet(3000) : JSON.parse(readFileSync(given.data, 'utf8'));
const reference: Record<string, Record<string, number[]>> = given.reference === undefined
  ? {}
  : JSON.parse(readFileSync(given.reference, 'utf8'));
const scores = new Map<string, Score>();
const score = (name: string): Score => {
  const known = scores.get(name) ?? new Score();
  scores.set(name, known);
  return known;
};

const usual = { period, clipOutliers: true, deadAfter: period };
const started = performance.now();
for (const series of set) {
  const horizon = series.test.length;
  const n = series.train.length;
  if (n < period + 1) continue;
  const history = Float64Array.from(series.train);
  const naive = Array.from({ length: horizon }, (_, h) => series.train[n - period + (h % period)]!);
  score('seasonal naive').add(series, naive);
  score('planbridge, combined').add(series, forecastSeries(history, { ...usual, horizon, select: 'combine' }).values);
  score('planbridge, best alone').add(series, forecastSeries(history, { ...usual, horizon, select: 'best' }).values);
  for (const [name, forecast] of Object.entries(reference[series.id] ?? {})) score(name).add(series, forecast);
}
console.log(`${set.length} series, ${given.data ?? 'made up'}; ${((performance.now() - started) / 1000).toFixed(1)} s`);
console.log('| forecast | series | sMAPE % | MASE |\n|---|---:|---:|---:|');
for (const [name, { smape, mase, count }] of scores) {
  console.log(`| ${name} | ${count} | ${(smape / count).toFixed(2)} | ${(mase / count).toFixed(4)} |`);
}

const roll = dice(1);
const many = Array.from({ length: Number(given.speed) }, (_, i) => Float64Array.from(madeUp(i % 4, 48, roll)));
const before = process.cpuUsage();
const wall = performance.now();
const options: SeriesOptions = { ...usual, horizon: 12, select: 'combine' };
for (const y of many) forecastSeries(y, options);
const { user, system } = process.cpuUsage(before);
console.log(
  `${many.length} series of 48 months: ${((performance.now() - wall) / 1000).toFixed(1)} s, CPU ${((user + system) / 1e6).toFixed(1)} s, peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
);
