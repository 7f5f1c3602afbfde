// A language of the app: its words, numbers and dates, and the server's sentences said in it. English texts are the keys; French
// and German come from their lists, which a test compares with what screens and server say.
import type { Filling, Sentence } from '../../../planner/output/sentence.ts';
import { spanParts } from '../../../planner/output/words.ts';
import { de } from '../words/de.ts';
import { en } from '../words/en.ts';
import { fr } from '../words/fr.ts';

const LISTS: Readonly<Record<string, Readonly<Record<string, string>>>> = { en, fr, de };
const LOCALES: Readonly<Record<string, string>> = { en: 'en-GB', fr: 'fr-CH', de: 'de-CH' };

/** What the server says: in English, and, but for what was stored long ago, as a sentence to translate. */
export interface Said {
  text: string;
  sentence?: Sentence | null | undefined;
}

export interface Language {
  locale: string;
  /** @example t('{count} orders', { count: 3 }) */
  t(text: string, values?: Readonly<Record<string, string | number>>): string;
  said(what: Said): string;
  numberText(value: number): string;
  /** Of times on the plan's clock (`2026-03-02T08:00`), which have no zone. */
  dateText(text: string): string;
}

/** As short in each language: `02 Dec 2026`, `02.12.2026`. */
export function dayFormat(language: string) {
  return { day: '2-digit', month: language === 'en' ? 'short' : '2-digit', year: 'numeric' } as const;
}

export function languageOf(language: string): Language {
  const words = LISTS[language] ?? {};
  const locale = LOCALES[language] ?? 'en-GB';
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  const dates = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...dayFormat(language) });

  const unitFormat = (unit: string) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' });
  const spans = { day: unitFormat('day'), hour: unitFormat('hour'), minute: unitFormat('minute') };

  const numberText = (value: number) => numbers.format(value);
  const dateText = (text: string) => dates.format(new Date(`${text.slice(0, 10)}T00:00Z`));

  function t(text: string, values: Readonly<Record<string, string | number>> = {}): string {
    return (words[text] ?? text).replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      return value === undefined ? whole : typeof value === 'number' ? numberText(value) : value;
    });
  }

  function sentenceText({ words: said, values = {} }: Sentence): string {
    return t(said, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fillingText(value)])));
  }

  function fillingText(value: Filling): string | number {
    if (typeof value === 'string' || typeof value === 'number') return value;
    if ('day' in value) return dateText(value.day);
    if ('span' in value) return spanText(value.span);
    if ('words' in value) return sentenceText(value);
    const names = value.list.map((one) => fillingText(one)).join(', ');
    return value.more > 0 ? `${names} ${t('and {count} more', { count: value.more })}` : names;
  }

  /** @example spanText(86_400) // '1 Tag' */
  function spanText(seconds: number): string {
    const { count, unit } = spanParts(seconds);
    return spans[unit].format(count);
  }

  // English is what the server has said itself
  const said = ({ text, sentence }: Said) => (sentence && language !== 'en' ? sentenceText(sentence) : text);

  return { locale, t, said, numberText, dateText };
}
