// The app's words. English texts are the keys; French and German come from their lists, which a test compares with what the
// screens say.
import { de } from '../words/de.ts';
import { en } from '../words/en.ts';
import { fr } from '../words/fr.ts';
import { start } from './start.ts';

const lists: Readonly<Record<string, Readonly<Record<string, string>>>> = { en, fr, de };
const words = lists[start.language] ?? {};
export const locale = { en: 'en-GB', fr: 'fr-CH', de: 'de-CH' }[start.language] ?? 'en-GB';

/** @example t('{count} orders', { count: 3 }) */
export function t(text: string, values: Readonly<Record<string, string | number>> = {}): string {
  return (words[text] ?? text).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === 'number' ? numberText(value) : value;
  });
}

const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
const moneys = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const plain = { timeZone: 'UTC' } as const;
/** As short in each language: `02 Dec 2026`, `02.12.2026`. */
const day = { day: '2-digit', month: start.language === 'en' ? 'short' : '2-digit', year: 'numeric' } as const;
const dates = new Intl.DateTimeFormat(locale, { ...plain, ...day });
const moments = new Intl.DateTimeFormat(locale, {
  ...plain,
  ...day,
  hour: '2-digit',
  minute: '2-digit',
});
const here = new Intl.DateTimeFormat(locale, { ...day, hour: '2-digit', minute: '2-digit' });

export const numberText = (value: number) => numbers.format(value);
export const moneyText = (value: number) => moneys.format(value);
/** Of times on the plan's clock (`2026-03-02T08:00`), which have no zone. */
export const dateText = (text: string) => dates.format(new Date(`${text.slice(0, 10)}T00:00Z`));
export const momentText = (text: string) => moments.format(new Date(`${text.slice(0, 16)}Z`));
/** Of instants (`2026-03-02T08:00:00Z`), in the zone of who looks. */
export const instantText = (text: string) => here.format(new Date(text));

const UNITS = [
  [86_400, 'd'],
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
