// The words, numbers and dates of the app, in the language of who looks.
import { dayFormat, languageOf } from './language.ts';
import { start } from './start.ts';

export const { locale, t, said, numberText, dateText } = languageOf(start.language);

const moneys = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const moment = { ...dayFormat(start.language), hour: '2-digit', minute: '2-digit' } as const;
const moments = new Intl.DateTimeFormat(locale, { ...moment, timeZone: 'UTC' });
const here = new Intl.DateTimeFormat(locale, moment);

export const moneyText = (value: number) => moneys.format(value);
/** Of times on the plan's clock (`2026-03-02T08:00`), which have no zone. */
export const momentText = (text: string) => moments.format(new Date(`${text.slice(0, 16)}Z`));
/** Of instants (`2026-03-02T08:00:00Z`), in the zone of who looks. */
export const instantText = (text: string) => here.format(new Date(text));

/** `3 d`, `3 T`, `3 j`. */
const DAY = { fr: 'j', de: 'T' }[start.language as string] ?? 'd';
const UNITS = [
  [86_400, DAY],
  [3_600, 'h'],
  [60, 'min'],
] as const;

/** @example durationText(5400) // '1 h 30 min' */
export function durationText(seconds: number): string {
  const parts: string[] = [];
  let rest = Math.abs(Math.round(seconds));
  for (const [size, unit] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0 && parts.length < 2) parts.push(`${count} ${unit}`);
    rest -= count * size;
  }
  if (parts.length === 0) parts.push(`${rest} s`);
  return (seconds < 0 ? '−' : '') + parts.join(' ');
}
