// Recommendations as JSON text: dates are ISO 8601 on the plan's own clock, quantities without noise.
import type { Recommendation } from './recommendation.ts';

const DATES = new Set(['current', 'start', 'end', 'due', 'decideBy']);

/** One document, a recommendation a line. */
export function* recommendationsJson(current: number, list: readonly Recommendation[]): Generator<string> {
  yield `{"current":${text('current', current)},"count":${list.length},"recommendations":[`;
  let before = '\n';
  // programs need no words to translate
  for (const { sentences: _, ...one } of list) {
    yield before + JSON.stringify(one, plain);
    before = ',\n';
  }
  yield '\n]}\n';
}

/** For `JSON.stringify`. */
export function plain(key: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  if (DATES.has(key)) return new Date(value * 1000).toISOString().slice(0, 19);
  return Number.isInteger(value) ? value : Number(value.toFixed(6));
}

function text(key: string, value: unknown): string {
  return JSON.stringify(plain(key, value));
}
