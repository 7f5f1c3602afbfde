// Which methods are worth trying on a series: intermittent, seasonal, or neither. Pure.
import { croston, tsb } from './croston.ts';
import { exponential } from './exponential.ts';
import { mean } from './mean.ts';
import type { Method, Values } from './method.ts';
import { movingAverage } from './moving-average.ts';
import { seasonalNaive } from './seasonal-naive.ts';
import { isSeasonal } from './seasonality.ts';
import { theta } from './theta.ts';

const single = exponential('single exponential', { trend: 'none', season: null });
const double = exponential('double exponential', { trend: 'linear', season: null });
const damped = exponential('damped trend', { trend: 'damped', season: null });
const levelAdditive = exponential('seasonal level', { trend: 'none', season: 'additive' });
const levelMultiplicative = exponential('seasonal level', { trend: 'none', season: 'multiplicative' });
const wintersAdditive = exponential('Holt-Winters additive', { trend: 'linear', season: 'additive' });
const wintersMultiplicative = exponential('Holt-Winters multiplicative', { trend: 'linear', season: 'multiplicative' });
const dampedAdditive = exponential('Holt-Winters additive damped', { trend: 'damped', season: 'additive' });
const dampedMultiplicative = exponential('Holt-Winters multiplicative damped', {
  trend: 'damped',
  season: 'multiplicative',
});
const thetaPlain = theta({ seasonal: false });
const thetaSeasonal = theta({ seasonal: true });

const INTERMITTENT: readonly Method[] = [croston, tsb, movingAverage, single, mean];
const PLAIN: readonly Method[] = [
  seasonalNaive,
  movingAverage,
  single,
  double,
  damped,
  thetaPlain,
  levelMultiplicative,
  dampedMultiplicative,
  thetaSeasonal,
];
const SEASONAL: readonly Method[] = [
  seasonalNaive,
  movingAverage,
  single,
  damped,
  thetaPlain,
  levelAdditive,
  levelMultiplicative,
  wintersAdditive,
  wintersMultiplicative,
  dampedAdditive,
  dampedMultiplicative,
  thetaSeasonal,
];

export type Character = 'intermittent' | 'seasonal' | 'plain';

/** Mean distance of sales above which demand counts as intermittent (Syntetos, Boylan, Croston). */
const INTERMITTENT_DISTANCE = 1.32;

export function characterOf(y: Values, n: number, period: number): Character {
  let sold = 0;
  for (let i = 0; i < n; i++) if (y[i]! > 0) sold++;
  if (sold * INTERMITTENT_DISTANCE < n) return 'intermittent';
  return isSeasonal(y, n, period) ? 'seasonal' : 'plain';
}

/** Methods for a series of this character, as far as it is long enough for them. */
export function candidatesOf(character: Character, n: number, period: number): readonly Method[] {
  const methods = character === 'intermittent' ? INTERMITTENT : character === 'seasonal' ? SEASONAL : PLAIN;
  return methods.filter((m) => m.needs(period) <= n);
}
