// Prices in the currency of the company that plans (connector.md C12). Rates are Odoo's: units of a currency for one of the
// company's base, valid from their date.
import { link, number, type OdooRow, text } from './records.ts';

export interface Money {
  /** Amount in the target currency at the rates of the day; undefined when a rate is missing. */
  convert(amount: number, from: number | undefined, to: number | undefined, company: number): number | undefined;
}

/** Rows of res.currency.rate (name = date, rate, currency_id, company_id); `today` as `YYYY-MM-DD`. */
export function moneyOf(rates: readonly OdooRow[], today: string): Money {
  const known = new Map<string, { date: string; rate: number }>();
  const earliest = new Map<string, { date: string; rate: number }>();
  for (const row of rates) {
    const date = text(row, 'name').slice(0, 10);
    const rate = number(row, 'rate');
    if (rate <= 0) continue;
    const key = `${link(row, 'currency_id')}/${link(row, 'company_id') ?? ''}`;
    const entry = { date, rate };
    if (date <= today && (known.get(key)?.date ?? '') <= date) known.set(key, entry);
    if ((earliest.get(key)?.date ?? '9999') > date) earliest.set(key, entry);
  }
  const used = new Set<string>();
  for (const key of earliest.keys()) used.add(key.slice(0, key.indexOf('/')));

  function rate(currency: number, company: number): number | undefined {
    for (const key of [`${currency}/${company}`, `${currency}/`]) {
      const found = known.get(key) ?? earliest.get(key);
      if (found) return found.rate;
    }
    // Odoo counts a currency without any rate as 1.
    return used.has(String(currency)) ? undefined : 1;
  }

  return {
    convert(amount, from, to, company) {
      if (from === undefined || to === undefined || from === to) return amount;
      const source = rate(from, company);
      const target = rate(to, company);
      return source === undefined || target === undefined ? undefined : (amount * target) / source;
    },
  };
}
