// Dates as people write them: found in a text, read by country and language, never rolled over.
import { foldName } from '../text/fold.ts';
import { MONTHS, WEEKDAYS } from '../words/months.ts';
import { numberWord } from '../words/numbers.ts';
import type { Manner } from './manner.ts';

/** A day as `YYYY-MM-DD`, or why it is none. */
export type ReadDate = { date: string; problem?: undefined } | { date?: undefined; problem: 'invalid' | 'ambiguous' };

export interface FoundDate {
  /** Place in the folded text. */
  index: number;
  length: number;
  read: ReadDate;
  /** Written with a year, or as a word: surely a date. Without, it needs a word that says so (`by 8/1`). */
  sure: boolean;
}

const MONTH = [...MONTHS.keys()].sort((a, b) => b.length - a.length).join('|');
const YEAR = String.raw`(?:[\s,.'/-]*(?:de |del |d\.? ?)?'?((?:19|20)\d{2}|(?<=[.'/-])\d{2})(?!\d|[:.,]\d))?`;
const ORDINAL = String.raw`(?:st|nd|rd|th|er|re|eme|º|°|\.|e)?`;
const BEFORE = String.raw`(?<![\p{L}\p{N}.,/_-])`;

const YEAR_FIRST = new RegExp(String.raw`${BEFORE}((?:19|20)\d{2})([-/.])(\d{1,2})\2(\d{1,2})(?![\d]|[-/.]\d)`, 'gu');
const CJK = /((?:19|20)\d{2})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]/gu;
const DAY_MONTH = new RegExp(
  String.raw`${BEFORE}(\d{1,2})${ORDINAL}[\s-]*(?:of |de |di |d')?(${MONTH})(?![\p{L}])\.?${YEAR}`,
  'gu',
);
const MONTH_DAY = new RegExp(
  String.raw`(?<![\p{L}])(${MONTH})\.?[\s-]+(\d{1,2})(?:st|nd|rd|th)?(?![\d\p{L}]|[.,:]\d)${YEAR}`,
  'gu',
);
const NUMERIC = new RegExp(
  String.raw`${BEFORE}(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d\p{L}]|[./-]\d)`,
  'gu',
);
const NO_YEAR = new RegExp(String.raw`${BEFORE}(\d{1,2})([./])(\d{1,2})(\.?)(?![\d\p{L}/]|[.,-]\d)`, 'gu');
/** A week, or a month and a year in numbers: no day (a bare month is none). */
const NO_DAY =
  /^\D*(?:(?<![\p{L}])(?:kw|cw|wk|week|woche|kalenderwoche|semaine|sem\.?|settimana|semana|hafta)[\s.]*\d{1,2}(?:\s*[/.-]\s*(?:20)?\d{2})?|(?:0?[1-9]|1[0-2])[./-]20\d{2})\D*$/u;
const COMPACT = /^((?:19|20)\d{2})(\d{2})(\d{2})$/;

function day(year: number, month: number, date: number): string | undefined {
  const time = Date.UTC(year, month - 1, date);
  const real = new Date(time);
  if (Number.isNaN(time) || real.getUTCMonth() !== month - 1 || real.getUTCDate() !== date) return undefined;
  return real.toISOString().slice(0, 10);
}

function fullYear(text: string): number {
  return text.length === 2 ? 2000 + Number(text) : Number(text);
}

/** The next such day from today on. */
function withoutYear(month: number, date: number, today: string): string | undefined {
  const first = Number(today.slice(0, 4));
  for (let year = first; year < first + 8; year++) {
    const found = day(year, month, date);
    if (found && found >= today) return found;
  }
  return undefined;
}

function one(date: string | undefined): ReadDate {
  return date ? { date } : { problem: 'invalid' };
}

/** Two numbers: day and month in the customer's order; a date that exists one way only is read that way. */
function numeric(
  first: number,
  second: number,
  dots: boolean,
  manner: Manner,
  make: (month: number, date: number) => string | undefined,
): ReadDate {
  const dayFirst = make(second, first);
  const monthFirst = make(first, second);
  if (!dayFirst || !monthFirst || dayFirst === monthFirst) return one(dayFirst ?? monthFirst);
  if (dots || manner.dayFirst === true) return { date: dayFirst };
  return manner.dayFirst === false ? { date: monthFirst } : { problem: 'ambiguous' };
}

function addDays(today: string, days: number): string {
  return new Date(Date.parse(`${today}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function addMonths(today: string, months: number): string {
  const [year = 0, month = 0, date = 0] = today.split('-').map(Number);
  for (let back = 0; back < 4; back++) {
    const index = year * 12 + month - 1 + months;
    const found = day(Math.floor(index / 12), (index % 12) + 1, date - back);
    if (found) return found;
  }
  return today;
}

const DAY_WORDS: ReadonlyArray<readonly [RegExp, number]> = [
  [
    /(?<![\p{L}])(?:day after tomorrow|ubermorgen|apres-demain|overmorgen|dopodomani|pasado manana|obur gun)(?![\p{L}])/gu,
    2,
  ],
  [
    /(?<![\p{L}]|guten |gute |goeden |da |after |am |la |buena |pasado )(?:tomorrow|morgen|demain|domani|manana|yarin)(?![\p{L}]| (?:fruh|nachmittag) gruss)/gu,
    1,
  ],
  [/(?<![\p{L}])(?:today|heute|aujourd'hui|vandaag|oggi|hoy|bugun)(?![\p{L}])/gu, 0],
];
const SPAN_UNITS: Readonly<Record<string, number | 'month'>> = Object.fromEntries(
  (
    [
      ['day days tag tage tagen jour jours dag dagen giorno giorni dia dias gun', 1],
      ['week weeks wk wks woche wochen semaine semaines weken settimana settimane semana semanas hafta', 7],
      ['month months monat monate monaten mois maand maanden mese mesi mes meses ay', 'month'],
    ] as const
  ).flatMap(([words, size]) => words.split(' ').map((word) => [word, size])),
);
const SPAN_UNIT = Object.keys(SPAN_UNITS)
  .sort((a, b) => b.length - a.length)
  .join('|');
const SPAN_BEFORE = new RegExp(
  String.raw`(?<![\p{L}])(?:in|within|innerhalb(?: von)?|binnen|dans|sous|over|tra|fra|entro|en|dentro de) (\d{1,3}|\p{L}{1,12}) (${SPAN_UNIT})(?![\p{L}])`,
  'gu',
);
const SPAN_AFTER = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(\d{1,3}|\p{L}{2,12}) (${SPAN_UNIT}) (?:from now|from today|sonra|icinde)(?![\p{L}])`,
  'gu',
);
const WEEKDAY = new RegExp(
  String.raw`(?<![\p{L}])(${[...WEEKDAYS.keys()].join('|')})(?![\p{L}])(?!\.?,? (?:(?:den|the|le|el) )?\d{1,2})`,
  'gu',
);

function spanEnd(count: string, unit: string, today: string): string | undefined {
  const number = /^\d/.test(count)
    ? Number(count)
    : (numberWord(count) ?? (/^(?:a|an|einer|einem|un|une|una)$/.test(count) ? 1 : undefined));
  const size = SPAN_UNITS[unit];
  if (number === undefined || size === undefined) return undefined;
  return size === 'month' ? addMonths(today, number) : addDays(today, number * size);
}

/** Most lines of long lists hold no date; the patterns below would each look at them in vain. */
const MAY_HOLD_DATE = /\p{L}{2}|[年月日]|\d\s?[./-]\s?\d|\d{4} /u;

/** All dates of a text, in its order; the text has to be folded (foldName). */
export function findDates(folded: string, manner: Manner, today: string): FoundDate[] {
  if (!MAY_HOLD_DATE.test(folded)) return [];
  const found: FoundDate[] = [];
  const add = (match: RegExpMatchArray, read: ReadDate, sure: boolean) => {
    const index = match.index ?? 0;
    const end = index + match[0].length;
    if (!found.some((other) => index < other.index + other.length && other.index < end))
      found.push({ index, length: match[0].length, read, sure });
  };
  const named = (match: RegExpMatchArray, date: string, month: string, year: string | undefined) => {
    const number = MONTHS.get(month)!;
    add(match, one(year ? day(fullYear(year), number, Number(date)) : withoutYear(number, Number(date), today)), true);
  };
  for (const match of folded.matchAll(YEAR_FIRST)) add(match, one(day(+match[1]!, +match[3]!, +match[4]!)), true);
  for (const match of folded.matchAll(CJK)) add(match, one(day(+match[1]!, +match[2]!, +match[3]!)), true);
  for (const match of folded.matchAll(DAY_MONTH)) named(match, match[1]!, match[2]!, match[3]);
  for (const match of folded.matchAll(MONTH_DAY)) named(match, match[2]!, match[1]!, match[3]);
  for (const match of folded.matchAll(NUMERIC)) {
    const year = fullYear(match[4]!);
    const make = (month: number, date: number) => day(year, month, date);
    add(match, numeric(Number(match[1]), Number(match[3]), match[2] === '.', manner, make), true);
  }
  for (const [pattern, days] of DAY_WORDS) {
    for (const match of folded.matchAll(pattern)) add(match, { date: addDays(today, days) }, false);
  }
  for (const pattern of [SPAN_BEFORE, SPAN_AFTER]) {
    for (const match of folded.matchAll(pattern)) {
      const end = spanEnd(match[1]!, match[2]!, today);
      // `in two weeks` brings its own preposition.
      if (end) add(match, { date: end }, pattern === SPAN_BEFORE);
    }
  }
  for (const match of folded.matchAll(NO_YEAR)) {
    const make = (month: number, date: number) => withoutYear(month, date, today);
    add(match, numeric(Number(match[1]), Number(match[3]), match[2] === '.', manner, make), false);
  }
  for (const match of folded.matchAll(WEEKDAY)) {
    const wanted = WEEKDAYS.get(match[1]!)!;
    const now = new Date(`${today}T00:00:00Z`).getUTCDay();
    add(match, { date: addDays(today, (wanted - now + 7) % 7) }, false);
  }
  return found.sort((a, b) => a.index - b.index);
}

/** The date of a field; undefined when the text names none (`asap`, `January`). */
export function readDate(text: string, manner: Manner, today: string): ReadDate | undefined {
  const folded = foldName(text);
  if (NO_DAY.test(folded)) return undefined;
  const compact = COMPACT.exec(folded);
  if (compact) return one(day(+compact[1]!, +compact[2]!, +compact[3]!));
  const dates = findDates(folded, manner, today);
  const sure = dates.filter((found) => found.sure);
  const [first, ...rest] = sure.length ? sure : dates;
  if (!first) return /\d{1,2}\s?[./-]\s?\d{1,2}/.test(folded) ? { problem: 'invalid' } : undefined;
  if (first.read.date && rest.some((other) => other.read.date && other.read.date !== first.read.date)) {
    return { problem: 'ambiguous' };
  }
  return first.read;
}
