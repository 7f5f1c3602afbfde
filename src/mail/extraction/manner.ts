// How a customer writes numbers and dates: by the known partner's country, else by the mail's language.
import type { Customer } from '../catalogue.ts';
import { SHIPPED_UNITS, type UnitTable } from '../words/units.ts';

export interface Manner {
  /** Mark before decimals; null: not known, so that `1.000` is asked about. */
  decimal: '.' | ',' | null;
  /** Order of day and month where both are numbers; null: both are usual. */
  dayFirst: boolean | null;
  language: string | undefined;
  units: UnitTable;
}

const COMMA_LANGUAGES = new Set(['de', 'fr', 'nl', 'it', 'es', 'tr', 'pt', 'sv', 'pl', 'da']);
const MONTH_FIRST = new Set(['US']);
const BOTH_ORDERS = new Set(['CA', 'PH']);

export function mannerOf(
  customer: Customer | undefined,
  language: string | undefined,
  units: UnitTable = SHIPPED_UNITS,
): Manner {
  const country = customer?.country ?? null;
  if (country === null || !customer) {
    const known = language !== undefined && language !== 'en';
    const decimal = known && COMMA_LANGUAGES.has(language) ? ',' : null;
    return { decimal, dayFirst: known ? true : null, language, units };
  }
  return {
    decimal: decimalMark(country, customer.partner.lang ?? customer.company.lang),
    dayFirst: MONTH_FIRST.has(country) ? false : BOTH_ORDERS.has(country) ? null : true,
    language,
    units,
  };
}

const marks = new Map<string, '.' | ','>();

/** Asking Intl takes a tenth of a millisecond; there are some hundred answers. */
function decimalMark(country: string, lang: string | null): '.' | ',' {
  const key = `${country} ${lang}`;
  let mark = marks.get(key);
  if (mark === undefined) {
    mark = askedMark(country, lang);
    if (marks.size > 2_000) marks.clear();
    marks.set(key, mark);
  }
  return mark;
}

/** The mark of the country, in the partner's language where that is one of the country's. */
function askedMark(country: string, lang: string | null): '.' | ',' {
  try {
    const own = lang?.match(/^([a-z]{2,3})_([A-Z]{2})/);
    const locale =
      own && own[2] === country ? `${own[1]}-${country}` : new Intl.Locale(`und-${country}`).maximize().toString();
    const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
    return parts.find(({ type }) => type === 'decimal')?.value === ',' ? ',' : '.';
  } catch {
    return '.';
  }
}
