// Each method on series whose future is known, and the choice between them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { croston, tsb } from '../../src/planner/forecast/croston.ts';
import { exponential } from '../../src/planner/forecast/exponential.ts';
import type { Method } from '../../src/planner/forecast/method.ts';
import { minimise } from '../../src/planner/forecast/minimise.ts';
import { movingAverage } from '../../src/planner/forecast/moving-average.ts';
import { outliersOf } from '../../src/planner/forecast/outliers.ts';
import { seasonalNaive } from '../../src/planner/forecast/seasonal-naive.ts';
import { isSeasonal, seasonOf } from '../../src/planner/forecast/seasonality.ts';
import { forecastSeries, originsOf, type SeriesOptions } from '../../src/planner/forecast/series.ts';
import { theta } from '../../src/planner/forecast/theta.ts';

const OPTIONS: SeriesOptions = { period: 12, horizon: 12, select: 'combine', clipOutliers: true, deadAfter: 12 };

function series(length: number, value: (t: number) => number): Float64Array {
  return Float64Array.from({ length }, (_, t) => value(t));
}

function run(method: Method, y: Float64Array, horizon = 12, period = 12): number[] {
  return [...method.forecast(y, y.length, period, method.fit(y, y.length, period), horizon)];
}

/** Noise of mean 0 that is the same each time. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

const wave = (t: number) => Math.sin((t / 12) * 2 * Math.PI);

describe('methods', () => {
  it('moving average forecasts the mean of the window it chose', () => {
    const roll = noise(1);
    const y = series(40, () => 100 + 10 * roll());
    const [window] = movingAverage.fit(y, 40, 12);
    expect(window).toBeGreaterThanOrEqual(4);
    const last = [...y.slice(40 - window!)];
    expect(run(movingAverage, y)[0]).toBeCloseTo(last.reduce((a, b) => a + b, 0) / window!, 9);
    // what grows is nearest to its last values
    expect(
      movingAverage.fit(
        series(40, (t) => 10 * t),
        40,
        12,
      )[0],
    ).toBe(2);
  });

  it('seasonal naive repeats the last season', () => {
    const y = series(30, (t) => t);
    expect(run(seasonalNaive, y, 14)).toEqual([...Array.from({ length: 12 }, (_, h) => 18 + h), 18, 19]);
  });

  it('double exponential smoothing goes on with a straight line, single stays, damped lags behind', () => {
    const y = series(48, (t) => 50 + 3 * t);
    const line = run(exponential('double exponential', { trend: 'linear', season: null }), y);
    line.forEach((v, h) => {
      expect(v).toBeCloseTo(50 + 3 * (48 + h), 3);
    });
    const flat = run(exponential('single exponential', { trend: 'none', season: null }), y);
    expect(flat[11]).toBe(flat[0]);
    const damped = run(exponential('damped trend', { trend: 'damped', season: null }), y);
    expect(damped[11]).toBeGreaterThan(flat[11]!);
    expect(damped[11]).toBeLessThan(line[11]!);
  });

  it('double exponential smoothing learns a slope that comes later', () => {
    const y = series(60, (t) => (t < 30 ? 100 : 100 + 5 * (t - 30)));
    const values = run(exponential('double exponential', { trend: 'linear', season: null }), y);
    expect(Math.abs(values[11]! / (100 + 5 * 41) - 1)).toBeLessThan(0.05);
    const damped = run(exponential('damped trend', { trend: 'damped', season: null }), y);
    expect(damped[11]).toBeGreaterThan(y[59]! + 10);
  });

  it.each([
    ['additive', (t: number) => 100 + 2 * t + 30 * wave(t)],
    ['multiplicative', (t: number) => (100 + 2 * t) * (1 + 0.3 * wave(t))],
  ] as const)('Holt-Winters finds trend and %s season', (season, value) => {
    const y = series(60, value);
    run(exponential(`Holt-Winters ${season}`, { trend: 'linear', season }), y).forEach((v, h) => {
      expect(Math.abs(v / value(60 + h) - 1)).toBeLessThan(0.05);
    });
  });

  it('theta adds half of the long-run slope', () => {
    const y = series(48, (t) => 50 + 3 * t);
    const values = run(theta({ seasonal: false }), y);
    expect(values[1]! - values[0]!).toBeCloseTo(1.5, 9);
    const seasonal = run(
      theta({ seasonal: true }),
      series(48, (t) => 100 * (1 + 0.5 * wave(t))),
    );
    seasonal.forEach((v, h) => {
      expect(v).toBeCloseTo(100 * (1 + 0.5 * wave(48 + h)), 0);
    });
  });

  it('Croston and TSB forecast the rate; only TSB fades when nothing is sold any more', () => {
    const regular = series(60, (t) => (t % 4 === 3 ? 8 : 0));
    expect(run(croston, regular)[0]).toBeGreaterThan(1.4);
    expect(run(croston, regular)[0]).toBeLessThan(2.1);
    expect(run(tsb, regular)[0]).toBeGreaterThan(1.2);
    expect(run(tsb, regular)[0]).toBeLessThan(2.9);
    const ended = series(60, (t) => (t % 4 === 3 && t < 40 ? 8 : 0));
    const at = [0.2, 0.2];
    expect(tsb.forecast(ended, 60, 12, at, 1)[0]).toBeLessThan(tsb.forecast(ended, 40, 12, at, 1)[0]! / 10);
    expect(croston.forecast(ended, 60, 12, at, 1)[0]).toBe(croston.forecast(ended, 40, 12, at, 1)[0]);
  });

  it('never looks at what comes later', () => {
    const methods = [
      movingAverage,
      seasonalNaive,
      croston,
      tsb,
      theta({ seasonal: true }),
      exponential('Holt-Winters multiplicative damped', { trend: 'damped', season: 'multiplicative' }),
    ];
    const roll = noise(5);
    const y = series(60, (t) => 100 + t + 20 * wave(t) + 10 * roll());
    const other = y.slice();
    for (let t = 40; t < 60; t++) other[t] = 1e6;
    for (const m of methods) {
      const parameters = m.fit(y, 40, 12);
      expect(m.fit(other, 40, 12), m.name).toEqual(parameters);
      expect(m.forecast(other, 40, 12, parameters, 6), m.name).toEqual(m.forecast(y, 40, 12, parameters, 6));
    }
  });

  it('the search finds the bottom of a bowl, and stays within its bounds', () => {
    const bounds = [
      { grid: [0.2, 0.8], low: 0, high: 1 },
      { grid: [0.1, 0.9], low: 0, high: 1 },
    ];
    const found = minimise(([a, b]) => (a! - 0.37) ** 2 + 3 * (b! - 0.61) ** 2, bounds, undefined, 200);
    expect(found[0]).toBeCloseTo(0.37, 2);
    expect(found[1]).toBeCloseTo(0.61, 2);
    for (const x of minimise(([a, b]) => -a! - b!, bounds, undefined, 200)) expect(Math.abs(x - 1)).toBeLessThan(1e-9);
  });
});

describe('season', () => {
  it('is found where there is one, trend or not, and only there', () => {
    const roll = noise(3);
    expect(
      isSeasonal(
        series(48, (t) => 100 + 30 * wave(t) + 10 * roll()),
        48,
        12,
      ),
    ).toBe(true);
    expect(
      isSeasonal(
        series(48, () => 100 + 30 * roll()),
        48,
        12,
      ),
    ).toBe(false);
    expect(
      isSeasonal(
        series(20, (t) => 100 + 30 * wave(t)),
        20,
        12,
      ),
    ).toBe(false);
  });

  it('indices are those of the season, whatever the trend', () => {
    const additive = seasonOf(
      series(48, (t) => 10 * t + 50 * wave(t)),
      48,
      12,
      'additive',
    )!;
    additive.index.forEach((v, p) => {
      expect(v).toBeCloseTo(50 * wave(p), 6);
    });
    const odd = seasonOf(
      series(21, (t) => 100 * [0.5, 1, 1.5][t % 3]!),
      21,
      3,
      'multiplicative',
    )!;
    expect([...odd.index].map((v) => Number(v.toFixed(9)))).toEqual([0.5, 1, 1.5]);
    expect(
      seasonOf(
        series(48, (t) => t % 2),
        48,
        12,
        'multiplicative',
      ),
    ).toBeNull();
  });
});

describe('outliers', () => {
  it('one order of a hundred times the usual is clipped, reported, and does not move the forecast', () => {
    const roll = noise(9);
    const usual = series(36, () => 100 + 10 * roll());
    const odd = usual.slice();
    odd[30] = 10_000;
    const forecast = forecastSeries(odd, OPTIONS);
    expect(forecast.outliers).toMatchObject([{ index: 30, value: 10_000 }]);
    expect(forecast.outliers[0]!.clipped).toBeLessThan(200);
    expect(forecast.values[0]).toBeGreaterThan(85);
    expect(forecast.values[0]).toBeLessThan(115);
    const kept = forecastSeries(odd, { ...OPTIONS, clipOutliers: false });
    expect(kept.outliers).toHaveLength(1);
    expect(Math.abs(kept.values[0]! - 100)).toBeGreaterThan(Math.abs(forecast.values[0]! - 100));
    expect(odd[30]).toBe(10_000);
  });

  it('counts from the first bucket of the history, before the first sale too', () => {
    const roll = noise(9);
    const y = series(46, (t) => (t < 10 ? 0 : t === 40 ? 9000 : 100 + 10 * roll()));
    expect(forecastSeries(y, OPTIONS).outliers.map((o) => o.index)).toEqual([40]);
  });

  it('a season, a jump to a new level and usual noise are none', () => {
    const roll = noise(4);
    expect(
      outliersOf(
        series(48, (t) => 100 + 80 * wave(t) + 5 * roll()),
        48,
        12,
        'seasonal',
      ),
    ).toEqual([]);
    expect(
      outliersOf(
        series(48, (t) => (t < 24 ? 100 : 300) + 20 * roll()),
        48,
        12,
        'plain',
      ),
    ).toEqual([]);
    expect(
      outliersOf(
        series(48, (t) => (t % 3 === 0 ? 10 + 5 * roll() : 0)),
        48,
        12,
        'intermittent',
      ),
    ).toEqual([]);
    expect(
      outliersOf(
        series(48, (t) => (t === 30 ? 5000 : t % 3 === 0 ? 10 : 0)),
        48,
        12,
        'intermittent',
      ),
    ).toHaveLength(1);
  });
});

describe('the forecast of a series', () => {
  it('beats the seasonal naive forecast on noisy series of each kind', () => {
    const kinds: ((t: number) => number)[] = [
      () => 100,
      (t) => 100 + 2 * t,
      (t) => 100 * (1 + 0.4 * wave(t)),
      (t) => (100 + t) * (1 + 0.4 * wave(t)),
    ];
    for (const [k, kind] of kinds.entries()) {
      let ours = 0;
      let naive = 0;
      const roll = noise(k + 1);
      for (let i = 0; i < 40; i++) {
        const y = series(48, (t) => kind(t) * (1 + 0.2 * roll()));
        const { values } = forecastSeries(y, OPTIONS);
        for (let h = 0; h < 12; h++) {
          ours += Math.abs(values[h]! - kind(48 + h));
          naive += Math.abs(y[36 + h]! - kind(48 + h));
        }
      }
      expect(ours / naive, `kind ${k}`).toBeLessThan(0.8);
    }
  });

  it('says what it is: seasonal, intermittent, plain, new, dead', () => {
    const roll = noise(2);
    const character = (y: Float64Array) => forecastSeries(y, OPTIONS).character;
    expect(character(series(48, (t) => 100 + 50 * wave(t)))).toBe('seasonal');
    expect(character(series(48, () => (roll() > 0.4 ? 5 : 0)))).toBe('intermittent');
    expect(character(series(48, () => 100 + 10 * roll()))).toBe('plain');
    expect(character(series(48, (t) => (t < 46 ? 0 : 7)))).toBe('new');
    expect(character(series(48, (t) => (t < 30 ? 7 : 0)))).toBe('dead');
    expect(character(new Float64Array(0))).toBe('new');
  });

  it('of a new item is the mean of its short history', () => {
    const forecast = forecastSeries(Float64Array.of(0, 0, 0, 4, 8, 6), OPTIONS);
    expect([...forecast.values]).toEqual(new Array(12).fill(6));
    expect(forecast).toMatchObject({ method: 'mean', smape: null });
  });

  it('of a dead item is nothing, unless it is to be forecast', () => {
    const y = series(40, (t) => (t < 25 ? 7 : 0));
    expect(Math.max(...forecastSeries(y, OPTIONS).values)).toBe(0);
    expect(forecastSeries(y, { ...OPTIONS, deadAfter: 0 }).method).not.toBe('none');
  });

  it('of intermittent demand is its rate, not nothing', () => {
    const roll = noise(8);
    const { values } = forecastSeries(
      series(60, () => (roll() > 0.5 ? 10 : 0)),
      OPTIONS,
    );
    expect(values[0]).toBeGreaterThan(1.5);
    expect(values[0]).toBeLessThan(4);
  });

  it('weighs methods by their out-of-sample error, and can take the best alone', () => {
    const roll = noise(6);
    const y = series(48, (t) => 100 + 30 * wave(t) + 15 * roll());
    const combined = forecastSeries(y, OPTIONS);
    const weights = combined.methods.map((m) => m.weight);
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    expect(weights).toEqual([...weights].sort((a, b) => b - a));
    expect(combined.methods.map((m) => m.error)).toEqual(combined.methods.map((m) => m.error).sort((a, b) => a - b));
    const best = forecastSeries(y, { ...OPTIONS, select: 'best' });
    expect(best.methods.filter((m) => m.weight > 0)).toMatchObject([{ name: combined.method, weight: 1 }]);
  });

  it('errors are out of sample: parameters are fitted before the first moment that is forecast from', () => {
    const roll = noise(16);
    const y = series(48, (t) => 100 + 40 * roll() + (t > 30 ? 60 : 0));
    const single = exponential('single exponential', { trend: 'none', season: null });
    const origins = originsOf(48, 12, 12);
    expect(origins[0]).toBe(32);
    expect(origins.at(-1)).toBeLessThan(48);
    const parameters = single.fit(y, origins[0]!, 12);
    let error = 0;
    let count = 0;
    for (const o of origins) {
      const values = single.forecast(y, o, 12, parameters, Math.min(12, 48 - o));
      values.forEach((v, h) => {
        error += Math.abs(y[o + h]! - v);
        count++;
      });
    }
    const { methods } = forecastSeries(y, { ...OPTIONS, clipOutliers: false });
    expect(methods.find((m) => m.name === 'single exponential')?.error).toBeCloseTo(error / count, 9);
    expect(single.fit(y, 48, 12)).not.toEqual(parameters);
  });

  it('is finite, never negative, and the same each time, whatever the history', () => {
    const value = fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 5 }),
      fc.double({ min: 0, max: 1e9, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 70 }), fc.integer({ min: 1, max: 20 }), (history, horizon) => {
        const y = Float64Array.from(history);
        const forecast = forecastSeries(y, { ...OPTIONS, horizon });
        expect(forecast.values).toHaveLength(horizon);
        for (const v of forecast.values) expect(Number.isFinite(v) && v >= 0).toBe(true);
        expect(forecastSeries(Float64Array.from(history), { ...OPTIONS, horizon })).toEqual(forecast);
        expect([...y]).toEqual(history);
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on the unit that is counted in', () => {
    const roll = noise(12);
    const y = series(48, (t) => 100 + 30 * wave(t) + 15 * roll());
    const thousandth = forecastSeries(
      y.map((v) => v / 1024),
      OPTIONS,
    );
    forecastSeries(y, OPTIONS).values.forEach((v, h) => {
      expect(thousandth.values[h]! * 1024).toBeCloseTo(v, 2);
    });
  });
});
