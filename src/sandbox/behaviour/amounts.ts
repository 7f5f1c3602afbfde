// Money of order lines: untaxed, tax, total, rounded to the currency; taxes in per cent, included in the price or not.

import type { Env } from '../orm/env.ts';
import type { Row, Value } from '../values.ts';
import { idsOf, numberOf, roundTo, target } from './tools.ts';

export interface Amounts {
  untaxed: number;
  tax: number;
  total: number;
}

export function lineAmounts(
  env: Env,
  quantity: number,
  price: number,
  discount: number,
  taxes: Value | undefined,
  currency: Value | undefined,
): Amounts {
  const rounding = numberOf(target(env, 'res.currency', currency)?.rounding) || 0.01;
  const base = quantity * price * (1 - discount / 100);
  let untaxed = base;
  let tax = 0;
  for (const id of idsOf(taxes)) {
    const row = target(env, 'account.tax', id);
    if (!row) continue;
    const rate = numberOf(row.amount);
    if (row.amount_type === 'fixed') tax += rate * quantity;
    else if (row.price_include) {
      const part = base - base / (1 + rate / 100);
      untaxed -= part;
      tax += part;
    } else tax += (base * rate) / 100;
  }
  untaxed = roundTo(untaxed, rounding);
  tax = roundTo(tax, rounding);
  return { untaxed, tax, total: roundTo(untaxed + tax, rounding) };
}

/** Sums of the lines of an order. */
export function orderAmounts(env: Env, lines: readonly Row[], currency: Value | undefined): Record<string, number> {
  const rounding = numberOf(target(env, 'res.currency', currency)?.rounding) || 0.01;
  const sum = (field: string): number =>
    roundTo(
      lines.reduce((total, line) => total + numberOf(line[field]), 0),
      rounding,
    );
  return {
    amount_untaxed: sum('price_subtotal'),
    amount_tax: sum('price_tax'),
    amount_total: roundTo(sum('price_subtotal') + sum('price_tax'), rounding),
  };
}

/** Taxes of a product that are the company's. */
export function taxesOf(
  env: Env,
  product: Row | undefined,
  field: 'taxes_id' | 'supplier_taxes_id',
  company: Value | undefined,
): number[] {
  const template = target(env, 'product.template', product?.product_tmpl_id);
  return idsOf(template?.[field]).filter((id) => {
    const tax = target(env, 'account.tax', id);
    return tax !== undefined && (tax.company_id === company || typeof tax.company_id !== 'number');
  });
}
