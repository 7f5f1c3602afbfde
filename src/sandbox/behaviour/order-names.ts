// How lines of orders, moves, work orders and quants are called.

import type { Env } from '../orm/env.ts';
import { nowText } from '../orm/env.ts';
import { displayName } from '../orm/value.ts';
import type { Row } from '../values.ts';
import type { Behaviour } from './behaviour.ts';
import { target, textOf } from './tools.ts';

/** `S00012 - Valve body (Customer)`. */
export function saleLineName(env: Env, row: Row): string {
  const order = target(env, 'sale.order', row.order_id);
  const customer = target(env, 'res.partner', row.order_partner_id ?? order?.partner_id);
  const partner = textOf((target(env, 'res.partner', customer?.commercial_partner_id) ?? customer)?.name);
  const first = textOf(row.name).split('\n')[0] || displayName(env, 'product.product', Number(row.product_id));
  const name = `${textOf(order?.name)} - ${first}`;
  return partner ? `${name} (${partner})` : name;
}

/** `S00012/VB-21: Stock>Customers`. */
export function moveName(env: Env, row: Row): string {
  const picking = target(env, 'stock.picking', row.picking_id);
  const origin = textOf(picking?.origin);
  const code = textOf(target(env, 'product.product', row.product_id)?.default_code);
  const place = (id: Row[string]): string => textOf(target(env, 'stock.location', id)?.name);
  return `${origin ? `${origin}/` : ''}${code ? `${code}: ` : ''}${place(row.location_id)}>${place(row.location_dest_id)}`;
}

export const workorderNames: Pick<Behaviour, 'displayName'> = {
  displayName: (env, row) => `${textOf(target(env, 'mrp.production', row.production_id)?.name)} - ${textOf(row.name)}`,
};

export const quant: Behaviour = {
  defaults: (env) => ({ in_date: nowText(env), reserved_quantity: 0 }),
  displayName: (env, row) =>
    [
      typeof row.location_id === 'number' ? displayName(env, 'stock.location', row.location_id) : '',
      ...[
        ['stock.lot', row.lot_id] as const,
        ['stock.quant.package', row.package_id] as const,
        ['res.partner', row.owner_id] as const,
      ].map(([model, id]) => (typeof id === 'number' ? displayName(env, model, id) : '')),
    ]
      .filter(Boolean)
      .join(' - '),
  computed: {
    available_quantity: (_env, row) => Number(row.quantity ?? 0) - Number(row.reserved_quantity ?? 0),
  },
};
