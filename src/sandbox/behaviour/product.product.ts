// Variants: the name `[code] name (values)`, prices and quantities.

import type { Env } from '../orm/env.ts';
import { displayName, fieldValue } from '../orm/value.ts';
import type { Row } from '../values.ts';
import { type Quantities, quantitiesOf } from './availability.ts';
import type { Behaviour } from './behaviour.ts';
import { convert, idsOf, numberOf, target, textOf } from './tools.ts';

export const productProduct: Behaviour = {
  searchNames: ['default_code', 'name', 'barcode'],
  displayName: (env, row) => {
    const name = `${String(fieldValue(env, 'product.product', row, 'name') || '')}${combination(env, row)}`;
    return withCode(env, row.default_code, name);
  },
  defaults: () => ({ product_template_attribute_value_ids: [], combination_indices: '' }),
  computed: {
    code: (_env, row) => row.default_code ?? false,
    price_extra: (env, row) => extra(env, row),
    lst_price: (env, row) => numberOf(fieldValue(env, 'product.product', row, 'list_price')) + extra(env, row),
    qty_available: quantity('onHand'),
    incoming_qty: quantity('incoming'),
    outgoing_qty: quantity('outgoing'),
    free_qty: quantity('free'),
    virtual_available: quantity('forecast'),
  },
};

function quantity(kind: keyof Quantities): (env: Env, row: Row) => number {
  return (env, row) => (isStocked(env, row) ? quantitiesOf(env, row.id)[kind] : 0);
}

/** Code in front, unless the caller does not want it. */
export function withCode(env: Env, code: Row[string], name: string): string {
  return code && env.context.display_default_code !== false ? `[${String(code)}] ${name}` : name;
}

/** Values that tell the variant from its sisters, ` (Steel, White)`. */
function combination(env: Env, row: Row): string {
  const values = idsOf(row.product_template_attribute_value_ids)
    .map((id) => target(env, 'product.template.attribute.value', id))
    .filter((value) => value !== undefined && lineHasChoice(env, value))
    .map((value) => textOf(fieldValue(env, 'product.template.attribute.value', value!, 'name')));
  return values.length > 0 ? ` (${values.join(', ')})` : '';
}

function lineHasChoice(env: Env, value: Row): boolean {
  const line = target(env, 'product.template.attribute.line', value.attribute_line_id);
  return !line || idsOf(line.value_ids).length !== 1;
}

function extra(env: Env, row: Row): number {
  return idsOf(row.product_template_attribute_value_ids).reduce(
    (sum, id) => sum + numberOf(target(env, 'product.template.attribute.value', id)?.price_extra),
    0,
  );
}

function isStocked(env: Env, row: Row): boolean {
  const template = target(env, 'product.template', row.product_tmpl_id);
  const type = template?.detailed_type ?? template?.type ?? 'product';
  return type !== 'service';
}

/** Unit that a product is counted in. */
export function unitOf(env: Env, product: Row): number | false {
  const template = target(env, 'product.template', product.product_tmpl_id);
  return typeof template?.uom_id === 'number' ? template.uom_id : false;
}

/** Sales price of one unit. */
export function salesPrice(env: Env, product: Row, unit: Row[string]): number {
  const price = numberOf(fieldValue(env, 'product.product', product, 'lst_price'));
  const own = unitOf(env, product);
  if (own === unit || own === false) return price;
  return price * convert(env, 1, unit, own, 'half-up');
}

export function productName(env: Env, id: number): string {
  return displayName(env, 'product.product', id);
}
