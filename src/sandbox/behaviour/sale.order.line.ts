// Lines of sales orders: description, unit, price and lead time from the product, amounts.

import type { Env } from '../orm/env.ts';
import { displayName } from '../orm/value.ts';
import { patch } from '../orm/write.ts';
import type { Row, Value } from '../values.ts';
import { lineAmounts, taxesOf } from './amounts.ts';
import { quantitiesOf } from './availability.ts';
import type { Behaviour, Values } from './behaviour.ts';
import { isService } from './deliveries.ts';
import { saleLineName } from './order-names.ts';
import { salesPrice, unitOf } from './product.product.ts';
import { settleSale } from './sale.order.ts';
import { numberOf, target, textOf } from './tools.ts';

export const saleOrderLine: Behaviour = {
  searchNames: ['name', 'order_id.name'],
  displayName: saleLineName,
  defaults: (env, given) => {
    const product = target(env, 'product.product', given.product_id);
    const order = target(env, 'sale.order', given.order_id);
    if (!product)
      return { product_uom_qty: textOf(given.display_type) ? 0 : 1, sequence: 10, customer_lead: 0, tax_id: [] };
    const template = target(env, 'product.template', product.product_tmpl_id);
    const unit = given.product_uom ?? unitOf(env, product);
    return {
      name: description(env, product),
      product_uom: unit,
      product_uom_qty: 1,
      price_unit: salesPrice(env, product, unit),
      customer_lead: numberOf(template?.sale_delay),
      qty_delivered: 0,
      qty_delivered_method: isService(env, product) ? 'manual' : 'stock_move',
      tax_id: taxesOf(env, product, 'taxes_id', order?.company_id),
      invoice_status: 'no',
      sequence: 10,
      discount: 0,
      is_downpayment: false,
      is_expense: false,
      purchase_line_ids: [],
      product_no_variant_attribute_value_ids: [],
    };
  },
  computed: {
    product_template_id: (env, row) => target(env, 'product.product', row.product_id)?.product_tmpl_id ?? false,
    qty_to_deliver: (_env, row) => Math.max(0, numberOf(row.product_uom_qty) - numberOf(row.qty_delivered)),
    free_qty_today: (env, row) => (typeof row.product_id === 'number' ? quantitiesOf(env, row.product_id).free : 0),
    qty_available_today: (env, row) =>
      typeof row.product_id === 'number' ? quantitiesOf(env, row.product_id).onHand : 0,
    virtual_available_at_date: (env, row) =>
      typeof row.product_id === 'number' ? quantitiesOf(env, row.product_id).forecast : 0,
  },
  afterCreate: (env, row) => {
    settleLine(env, row);
    settleSale(env, numberOf(row.order_id));
  },
  afterWrite: (env, row, before, given) => {
    const product = target(env, 'product.product', row.product_id);
    const values: Values = {};
    if (product && given.has('product_id') && before.product_id !== row.product_id) {
      if (!given.has('name')) values.name = description(env, product);
      if (!given.has('product_uom')) values.product_uom = unitOf(env, product);
      if (!given.has('price_unit')) values.price_unit = salesPrice(env, product, values.product_uom ?? row.product_uom);
    } else if (product && given.has('product_uom') && !given.has('price_unit')) {
      values.price_unit = salesPrice(env, product, row.product_uom);
    }
    if (Object.keys(values).length > 0) patch(env, 'sale.order.line', row.id, values);
    settleLine(env, env.db.table('sale.order.line').get(row.id)!);
    settleSale(env, numberOf(row.order_id));
  },
  afterUnlink: (env, row) => settleSale(env, numberOf(row.order_id)),
};

function description(env: Env, product: Row): string {
  const note = textOf(target(env, 'product.template', product.product_tmpl_id)?.description_sale);
  const name = displayName(env, 'product.product', product.id);
  return note ? `${name}\n${note}` : name;
}

function settleLine(env: Env, row: Row): void {
  const currency: Value | undefined = target(env, 'sale.order', row.order_id)?.currency_id;
  const { untaxed, tax, total } = lineAmounts(
    env,
    numberOf(row.product_uom_qty),
    numberOf(row.price_unit),
    numberOf(row.discount),
    row.tax_id,
    currency,
  );
  const quantity = numberOf(row.product_uom_qty) || 1;
  patch(env, 'sale.order.line', row.id, {
    price_subtotal: untaxed,
    price_tax: tax,
    price_total: total,
    price_reduce_taxexcl: untaxed / quantity,
    price_reduce_taxinc: total / quantity,
  });
}
