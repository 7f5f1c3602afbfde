// Addresses and terms that orders take from their partner.

import type { Env } from '../orm/env.ts';
import type { Row, Value } from '../values.ts';
import { rowsBy, target } from './tools.ts';

/** The address of a kind (`invoice`, `delivery`) of a partner: a contact of that type, else the partner. */
export function addressOf(env: Env, partner: Value | undefined, type: string): Value {
  const row = target(env, 'res.partner', partner);
  if (!row) return false;
  const owner = target(env, 'res.partner', row.commercial_partner_id) ?? row;
  for (const start of new Set([row, owner])) {
    const found = rowsBy(env, 'res.partner', 'parent_id', start.id).find(
      (child) => child.type === type && child.active !== false,
    );
    if (found) return found.id;
  }
  return row.id;
}

/** Currency of a company. */
export function currencyOf(env: Env, company: Value | undefined): Value {
  return target(env, 'res.company', company)?.currency_id ?? false;
}

/** First warehouse of a company. */
export function warehouseOf(env: Env, company: Value | undefined): Row | undefined {
  const rows = [...env.db.table('stock.warehouse').rows()].filter(
    (row) => row.active !== false && (company === undefined || row.company_id === company),
  );
  return rows.sort((a, b) => Number(a.sequence ?? 0) - Number(b.sequence ?? 0) || a.id - b.id)[0];
}

/** Units of a currency per unit of the company's, on a day; the latest rate before it, else the first one, else 1. */
export function rateOf(env: Env, currency: Value | undefined, company: Value | undefined, day: string): number {
  if (typeof currency !== 'number') return 1;
  const rates = rowsBy(env, 'res.currency.rate', 'currency_id', currency)
    .filter((row) => typeof row.company_id !== 'number' || row.company_id === company)
    .sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1));
  const rate = rates.findLast((row) => String(row.name) <= day) ?? rates[0];
  return Number(rate?.rate ?? 1) || 1;
}
