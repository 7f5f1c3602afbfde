// Names of months and weekdays in many languages, from the standard library's own tables, folded.
import { foldName } from '../text/fold.ts';

const LANGUAGES = ['en', 'de', 'de-AT', 'fr', 'nl', 'it', 'es', 'tr', 'pt', 'sv', 'da', 'nb', 'fi', 'ru'];
/** Short names of other languages are words of these (Polish `sie` is German for you). */
const SHORT = new Set(['en', 'de', 'fr', 'nl', 'it', 'es', 'tr']);
/** Short names that are words of their own: `5 set`, Turkish `ara`. */
const WORDS = new Set(['set', 'ara', 'tem', 'eki', 'out', 'ago']);

/** Short forms that people use and the tables do not have. */
const MORE: Readonly<Record<string, number>> = {
  sept: 9,
  maerz: 3,
  mrz: 3,
  mrt: 3,
  maart: 3,
  feber: 2,
  fev: 2,
  avr: 4,
  juil: 7,
  aout: 8,
  jully: 7,
  okt: 10,
  dez: 12,
  dec: 12,
  dic: 12,
};

function tableOf(format: (language: string) => Array<readonly [string, number]>): Map<string, number> {
  const table = new Map<string, number>();
  for (const language of LANGUAGES) {
    for (const [name, value] of format(language)) {
      const word = foldName(name).replaceAll(/[.\d\s]/g, '');
      // The shipped languages come first: what they say stays.
      if (/^\p{L}{3,}$/u.test(word) && !table.has(word) && !WORDS.has(word)) table.set(word, value);
    }
  }
  return table;
}

export const MONTHS: ReadonlyMap<string, number> = new Map([
  ...tableOf((language) =>
    (SHORT.has(language) ? (['long', 'short'] as const) : (['long'] as const)).flatMap((month) => {
      const alone = new Intl.DateTimeFormat(language, { month, timeZone: 'UTC' });
      const inside = new Intl.DateTimeFormat(language, { day: 'numeric', month, timeZone: 'UTC' });
      return Array.from({ length: 12 }, (_, index) => {
        const date = Date.UTC(2026, index, 15);
        const part = inside.formatToParts(date).find(({ type }) => type === 'month')?.value ?? '';
        return [
          [alone.format(date), index + 1],
          [part, index + 1],
        ] as Array<readonly [string, number]>;
      }).flat();
    }),
  ),
  ...Object.entries(MORE),
]);

/** 0 = Sunday. */
export const WEEKDAYS: ReadonlyMap<string, number> = tableOf((language) => {
  const format = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' });
  // 1 November 2026 is a Sunday.
  return Array.from({ length: 7 }, (_, index) => [format.format(Date.UTC(2026, 10, 1 + index)), index] as const);
});
