// Bills of materials: which one is used for a product, and what it takes to make a quantity, kits taken apart.

import type { Env } from '../orm/env.ts';
import { modelOf } from '../orm/env.ts';
import { comparator } from '../orm/order.ts';
import type { Row } from '../values.ts';
import { convert, idsOf, numberOf, roundTo, rowsBy, target } from './tools.ts';

export interface BomQuery {
  company?: number | undefined;
  pickingType?: number | undefined;
  /** `normal`, `phantom` (kit) or `subcontract`; any when left out. */
  type?: string;
}

/** The bill that Odoo would take: lowest sequence, one for the variant before one for all variants. */
export function findBom(env: Env, product: Row, query: BomQuery = {}): Row | undefined {
  const fits = (bom: Row): boolean =>
    bom.active !== false &&
    (typeof bom.product_id !== 'number' || bom.product_id === product.id) &&
    (query.type === undefined || bom.type === query.type) &&
    (typeof bom.company_id !== 'number' || query.company === undefined || bom.company_id === query.company) &&
    (typeof bom.picking_type_id !== 'number' ||
      query.pickingType === undefined ||
      bom.picking_type_id === query.pickingType);
  const compare = comparator(env, modelOf(env, 'mrp.bom'), 'sequence');
  const variant = (bom: Row): number => (typeof bom.product_id === 'number' ? 0 : 1);
  return rowsBy(env, 'mrp.bom', 'product_tmpl_id', numberOf(product.product_tmpl_id))
    .filter(fits)
    .sort((a, b) => compare(a, b) || variant(a) - variant(b) || a.id - b.id)[0];
}

export interface Component {
  line: Row;
  product: Row;
  /** In the unit of the line. */
  quantity: number;
  /** In the unit of the line, for one unit of what is made. */
  perUnit: number;
  /** Step of the outermost bill at which it is used. */
  operation: number | false;
}

/** Components for a number of batches of the bill (`quantity / bom.product_qty`); kits among them are taken apart. */
export function explode(env: Env, bom: Row, product: Row, batches: number, query: BomQuery = {}): Component[] {
  return explodeLines(env, bom, product, batches, query, null, 0);
}

function explodeLines(
  env: Env,
  bom: Row,
  product: Row,
  batches: number,
  query: BomQuery,
  operation: number | false | null,
  depth: number,
): Component[] {
  const compare = comparator(env, modelOf(env, 'mrp.bom.line'), 'sequence, id');
  const components: Component[] = [];
  for (const line of rowsBy(env, 'mrp.bom.line', 'bom_id', bom.id).sort(compare)) {
    if (!appliesTo(env, line, product)) continue;
    const component = target(env, 'product.product', line.product_id);
    if (!component) continue;
    const quantity = batches * numberOf(line.product_qty);
    const step = operation ?? (typeof line.operation_id === 'number' ? line.operation_id : false);
    const kit = depth < 10 ? findBom(env, component, { ...withoutPickingType(query), type: 'phantom' }) : undefined;
    if (kit) {
      const inKitUnits = convert(env, quantity, line.product_uom_id, kit.product_uom_id, 'half-up');
      const inner = inKitUnits / (numberOf(kit.product_qty) || 1);
      components.push(...explodeLines(env, kit, component, inner, query, step, depth + 1));
      continue;
    }
    const rounding = numberOf(target(env, 'uom.uom', line.product_uom_id)?.rounding) || 0.01;
    components.push({
      line,
      product: component,
      quantity: roundTo(quantity, rounding, 'up'),
      perUnit: batches === 0 ? 0 : quantity / batches,
      operation: step,
    });
  }
  return components;
}

function withoutPickingType(query: BomQuery): BomQuery {
  return query.company === undefined ? {} : { company: query.company };
}

/** A line, by-product or step is for a variant that carries, per attribute, one of the values it names. */
export function appliesTo(env: Env, row: Row, product: Row): boolean {
  const wanted = idsOf(row.bom_product_template_attribute_value_ids);
  if (wanted.length === 0) return true;
  const carried = new Set(idsOf(product.product_template_attribute_value_ids));
  const byAttribute = new Map<number, boolean>();
  for (const id of wanted) {
    const value = target(env, 'product.template.attribute.value', id);
    const line = target(env, 'product.template.attribute.line', value?.attribute_line_id);
    const attribute = numberOf(value?.attribute_id ?? line?.attribute_id);
    byAttribute.set(attribute, (byAttribute.get(attribute) ?? false) || carried.has(id));
  }
  return [...byAttribute.values()].every(Boolean);
}
