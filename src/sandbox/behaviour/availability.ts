// Quantities of products as Odoo computes them: on hand, reserved, coming in and going out, in the stock of some warehouses.

import { getOrAdd } from '../maps.ts';
import type { Env } from '../orm/env.ts';
import type { Row } from '../values.ts';
import { explode, findBom } from './bills.ts';
import { convert, idsOf, numberOf, roundTo, target } from './tools.ts';

export interface Quantities {
  onHand: number;
  /** On hand less what is reserved. */
  free: number;
  incoming: number;
  outgoing: number;
  /** On hand, plus incoming, less outgoing. */
  forecast: number;
}

const KINDS = ['onHand', 'free', 'incoming', 'outgoing', 'forecast'] as const;
const NONE: Quantities = { onHand: 0, free: 0, incoming: 0, outgoing: 0, forecast: 0 };
const OPEN = new Set<unknown>(['waiting', 'confirmed', 'assigned', 'partially_available']);

/** Of one product; the context may name a warehouse or a location, as in Odoo. */
export function quantitiesOf(env: Env, product: number): Quantities {
  const row = env.db.table('product.product').get(product);
  const kit = row ? kitOf(env, row) : undefined;
  return row && kit ? ofKit(env, row, kit) : (allQuantities(env).get(product) ?? NONE);
}

function kitOf(env: Env, product: Row): Row | undefined {
  const kits = env.db.memo('kits', () => new Map<number, Row | undefined>());
  if (!kits.has(product.id)) kits.set(product.id, findBom(env, product, { type: 'phantom' }));
  return kits.get(product.id);
}

/** A kit has no stock: as many as its storable components allow. */
function ofKit(env: Env, product: Row, kit: Row): Quantities {
  const size = numberOf(kit.product_qty) || 1;
  const least: Quantities[] = [];
  for (const { line, product: component, perUnit } of explode(env, kit, product, 1)) {
    const template = target(env, 'product.template', component.product_tmpl_id);
    const needed = convert(env, perUnit, line.product_uom_id, template?.uom_id, 'half-up');
    if (needed <= 0 || component.id === product.id || (template?.detailed_type ?? 'product') !== 'product') continue;
    const one = quantitiesOf(env, component.id);
    const kits = { ...NONE };
    for (const kind of KINDS) kits[kind] = Math.floor((one[kind] / needed) * size + 1e-9);
    least.push(kits);
  }
  const result = { ...NONE };
  if (least.length > 0) for (const kind of KINDS) result[kind] = Math.min(...least.map((one) => one[kind]));
  return result;
}

function allQuantities(env: Env): ReadonlyMap<number, Quantities> {
  const { warehouse, location } = env.context;
  const key = `quantities ${env.companies.join()} ${JSON.stringify([warehouse, location])}`;
  return env.db.memo(key, () => compute(env, stockLocations(env)));
}

/** Everything below the warehouses' view locations, or below the locations of the context. */
function stockLocations(env: Env): ReadonlySet<number> {
  const { warehouse, location } = env.context;
  const roots = ids(location);
  if (roots.length === 0) {
    const chosen = ids(warehouse);
    for (const row of env.db.table('stock.warehouse').rows()) {
      if (chosen.length > 0 ? !chosen.includes(row.id) : !env.companies.includes(numberOf(row.company_id))) continue;
      if (typeof row.view_location_id === 'number') roots.push(row.view_location_id);
    }
  }
  const children = env.db.table('stock.location').index('location_id');
  const found = new Set(roots);
  for (const id of found) for (const child of children.get(id) ?? []) found.add(child);
  return found;
}

function ids(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return Array.isArray(value) ? value.filter((id): id is number => typeof id === 'number') : [];
}

function compute(env: Env, inside: ReadonlySet<number>): Map<number, Quantities> {
  const all = new Map<number, Quantities>();
  const of = (row: Row): Quantities => getOrAdd(all, numberOf(row.product_id), () => ({ ...NONE }));
  const quants = env.db.table('stock.quant').index('location_id');
  for (const location of inside) {
    for (const id of quants.get(location) ?? []) {
      const quant = env.db.table('stock.quant').get(id)!;
      of(quant).onHand += numberOf(quant.quantity);
      of(quant).free += numberOf(quant.quantity) - numberOf(quant.reserved_quantity);
    }
  }
  for (const move of env.db.table('stock.move').rows()) {
    if (!OPEN.has(move.state)) continue;
    const [from, to] = [inside.has(numberOf(move.location_id)), inside.has(numberOf(move.location_dest_id))];
    if (to && !from) of(move).incoming += numberOf(move.product_qty);
    if (from && !to) of(move).outgoing += numberOf(move.product_qty);
  }
  for (const [product, quantities] of all) {
    const rounding = roundingOf(env, product);
    quantities.forecast = quantities.onHand + quantities.incoming - quantities.outgoing;
    for (const kind of KINDS) quantities[kind] = roundTo(quantities[kind], rounding);
  }
  return all;
}

/** Precision of a product's unit. */
export function roundingOf(env: Env, product: number): number {
  const template = target(env, 'product.template', target(env, 'product.product', product)?.product_tmpl_id);
  return numberOf(target(env, 'uom.uom', template?.uom_id)?.rounding) || 0.01;
}

/** Products of a template. */
export function variantsOf(env: Env, template: number): readonly number[] {
  const table = env.db.table('product.product');
  return idsOf([...(table.index('product_tmpl_id').get(template) ?? [])]).filter(
    (id) => table.get(id)?.active !== false,
  );
}
