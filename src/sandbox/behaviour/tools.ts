// Small things that behaviours share: following a many2one, converting quantities, arithmetic on Odoo's times.

import type { Env } from '../orm/env.ts';
import { instant } from '../store/load.ts';
import type { Row, Value } from '../values.ts';

/** The record that a many2one points to. */
export function target(env: Env, model: string, id: Value | undefined): Row | undefined {
  return typeof id === 'number' ? env.db.table(model).get(id) : undefined;
}

export function numberOf(value: Value | undefined): number {
  return typeof value === 'number' ? value : 0;
}

export function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function idsOf(value: Value | undefined): readonly number[] {
  return Array.isArray(value) ? value : [];
}

/** Rows of a model whose many2one is this record, ascending. */
export function rowsBy(env: Env, model: string, field: string, id: number): Row[] {
  const table = env.db.table(model);
  return (table.index(field).get(id) ?? []).map((one) => table.get(one)!);
}

/** Odoo's rounding to a unit's precision; half away from zero, with a little mercy for binary fractions. */
export function roundTo(value: number, rounding: number, method: 'half-up' | 'up' = 'half-up'): number {
  if (!(rounding > 0)) return value;
  const scaled = value / rounding;
  const epsilon = Math.abs(scaled) * 2 ** -50;
  const rounded =
    method === 'up' ? Math.ceil(scaled - epsilon) : Math.sign(scaled) * Math.floor(Math.abs(scaled) + 0.5 + epsilon);
  const digits = Math.max(0, Math.ceil(-Math.log10(rounding)) + 2);
  return Number((rounded * rounding).toFixed(Math.min(digits, 12)));
}

/** A quantity of one unit in another; rounded up to the other unit's precision, as Odoo does for demands. */
export function convert(
  env: Env,
  quantity: number,
  from: Value | undefined,
  to: Value | undefined,
  method: 'half-up' | 'up' = 'up',
): number {
  if (from === to) return quantity;
  const [source, wanted] = [target(env, 'uom.uom', from), target(env, 'uom.uom', to)];
  if (!source || !wanted || source.category_id !== wanted.category_id) return quantity;
  const amount = (quantity / numberOf(source.factor)) * numberOf(wanted.factor);
  return roundTo(amount, numberOf(wanted.rounding), method);
}

export function timeOf(text: Value | undefined): number {
  if (typeof text !== 'string') return Number.NaN;
  return Date.parse(text.length === 10 ? `${text}T00:00:00Z` : `${text.replace(' ', 'T')}Z`);
}

/** Odoo's text of a time in milliseconds. */
export function timeText(milliseconds: number): string {
  return instant(new Date(milliseconds));
}

export function plusDays(text: Value | undefined, days: number): string {
  return timeText(timeOf(text) + days * 86_400_000);
}
