// Prices in the currency of the company that plans (connector.md C12). Rates are Odoo's: units of a currency for one of the
// company's base, valid from their date.
import { link, number, type OdooRow, text } from './records.ts';

export interface Money {
  /** Amount in the target currency at the company's rates of the day. */
  convert(amount: number, from: number | undefined, to: number | undefined, company: number): number;
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

  // Odoo's order: the company's own rate, then the one for all; a currency without any counts as 1.
  function rate(currency: number, company: number): number {
    for (const key of [`${currency}/${company}`, `${currency}/`]) {
      const found = known.get(key) ?? earliest.get(key);
      if (found) return found.rate;
    }
    return 1;
  }

  return {
    convert(amount, from, to, company) {
      if (from === undefined || to === undefined || from === to) return amount;
      return (amount * rate(to, company)) / rate(from, company);
    },
  };
}
