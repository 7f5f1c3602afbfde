// Lines of purchase orders: price, unit, text and date from the vendor's price list.

import type { Env } from '../orm/env.ts';
import { nowText } from '../orm/env.ts';
import { displayName, fieldValue } from '../orm/value.ts';
import { patch } from '../orm/write.ts';
import type { Row } from '../values.ts';
import { lineAmounts, taxesOf } from './amounts.ts';
import type { Behaviour, Values } from './behaviour.ts';
import { isService } from './deliveries.ts';
import { rateOf } from './partners.ts';
import { settlePicking } from './pickings.ts';
import { unitOf } from './product.product.ts';
import { settlePurchase } from './purchase.order.ts';
import { convert, numberOf, plusDays, roundTo, rowsBy, target, textOf } from './tools.ts';
import { smallestQuantity, vendorPrice, vendorUnit } from './vendors.ts';

export const purchaseOrderLine: Behaviour = {
  defaults: (env, given) => {
    const product = target(env, 'product.product', given.product_id);
    const order = target(env, 'purchase.order', given.order_id);
    const plain: Values = {
      sequence: 10,
      discount: 0,
      propagate_cancel: true,
      qty_received: 0,
      qty_received_manual: 0,
      move_dest_ids: [],
      taxes_id: [],
    };
    if (!product || !order) return { ...plain, product_qty: textOf(given.display_type) ? 0 : 1 };
    const unit = given.product_uom ?? vendorUnit(env, product);
    // What is missing Odoo fills in for the smallest quantity that the vendor sells, whatever quantity is given.
    const date = (textOf(order.date_order) || nowText(env)).slice(0, 10);
    const smallest = smallestQuantity(env, product, { partner: order.partner_id, date, company: order.company_id });
    const quantity = numberOf(given.product_qty ?? smallest);
    return {
      ...plain,
      product_qty: quantity,
      product_uom: unit,
      qty_received_method: isService(env, product) ? 'manual' : 'stock_moves',
      taxes_id: taxesOf(env, product, 'supplier_taxes_id', order.company_id),
      ...fromVendor(env, order, product, smallest, vendorUnit(env, product)),
    };
  },
  afterCreate: (env, row) => {
    settleLine(env, row);
    settlePurchase(env, numberOf(row.order_id));
  },
  afterWrite: (env, row, _before, given) => {
    const product = target(env, 'product.product', row.product_id);
    const order = target(env, 'purchase.order', row.order_id);
    if (product && order && ['product_qty', 'product_uom', 'product_id'].some((name) => given.has(name))) {
      const computed = fromVendor(env, order, product, numberOf(row.product_qty), row.product_uom);
      const values: Values = {};
      for (const [name, value] of Object.entries(computed)) {
        if (!given.has(name) && (name !== 'name' || given.has('product_id'))) values[name] = value;
      }
      // Where the vendor has no price for it, the price that stands is not touched.
      if (
        numberOf(row.price_unit) !== 0 &&
        !given.has('product_uom') &&
        !priceOf(env, order, product, numberOf(row.product_qty), row.product_uom)
      ) {
        delete values.price_unit;
        delete values.discount;
      }
      // A confirmed line keeps the date that the vendor was told.
      if (order.state === 'purchase') delete values.date_planned;
      patch(env, 'purchase.order.line', row.id, values);
    }
    settleLine(env, env.db.table('purchase.order.line').get(row.id)!);
    if (given.has('date_planned') || given.has('product_qty')) carryToMoves(env, row.id, given);
    settlePurchase(env, numberOf(row.order_id));
  },
  afterUnlink: (env, row) => settlePurchase(env, numberOf(row.order_id)),
};

/** Price per unit, date and text as the vendor's price list says; without one, the product's cost and the order's day. */
function fromVendor(env: Env, order: Row, product: Row, quantity: number, unit: Row[string]): Values {
  const ordered = textOf(order.date_order) || nowText(env);
  const price = priceOf(env, order, product, quantity, unit);
  const vendor = vendorUnit(env, product);
  const perUnit = (amount: number, of: Row[string]): number =>
    of === unit ? amount : amount / convertOne(env, of, unit);
  return {
    name: description(env, product, price),
    price_unit: price
      ? perUnit(exchange(env, numberOf(price.price), price.currency_id, order, ordered), vendor)
      : perUnit(numberOf(fieldValue(env, 'product.product', product, 'standard_price')), unitOf(env, product)),
    discount: numberOf(price?.discount),
    date_planned: plusDays(ordered, numberOf(price?.delay)),
  };
}

/** The row of the vendor's price list that holds for a line. */
function priceOf(env: Env, order: Row, product: Row, quantity: number, unit: Row[string]): Row | undefined {
  const date = (textOf(order.date_order) || nowText(env)).slice(0, 10);
  return vendorPrice(env, product, { partner: order.partner_id, quantity, unit, date, company: order.company_id });
}

/** An amount of the vendor's currency in the order's, at the rate of the day. */
function exchange(env: Env, amount: number, from: Row[string], order: Row, date: string): number {
  if (typeof from !== 'number' || from === order.currency_id) return amount;
  const rounding = numberOf(target(env, 'res.currency', order.currency_id)?.rounding) || 0.01;
  const rate = (currency: Row[string]): number => rateOf(env, currency, order.company_id, date.slice(0, 10));
  return roundTo((amount / rate(from)) * rate(order.currency_id), rounding);
}

/** How many of the other unit one unit is; not rounded, it is for prices. */
function convertOne(env: Env, from: Row[string], to: Row[string]): number {
  const [a, b] = [target(env, 'uom.uom', from), target(env, 'uom.uom', to)];
  return a && b && a.category_id === b.category_id ? numberOf(b.factor) / numberOf(a.factor) : 1;
}

function description(env: Env, product: Row, price: Row | undefined): string {
  const own = displayName(env, 'product.product', product.id);
  const name = textOf(price?.product_name);
  const code = textOf(price?.product_code);
  const called = name || code ? `${code ? `[${code}] ` : ''}${name || own.replace(/^\[[^\]]*\] /, '')}` : own;
  const note = textOf(target(env, 'product.template', product.product_tmpl_id)?.description_purchase);
  return note ? `${called}\n${note}` : called;
}

function settleLine(env: Env, row: Row): void {
  const order = target(env, 'purchase.order', row.order_id);
  const { untaxed, tax, total } = lineAmounts(
    env,
    numberOf(row.product_qty),
    numberOf(row.price_unit),
    numberOf(row.discount),
    row.taxes_id,
    order?.currency_id,
  );
  const product = target(env, 'product.product', row.product_id);
  patch(env, 'purchase.order.line', row.id, {
    price_subtotal: untaxed,
    price_tax: tax,
    price_total: total,
    product_uom_qty: product
      ? convert(env, numberOf(row.product_qty), row.product_uom, unitOf(env, product), 'half-up')
      : numberOf(row.product_qty),
  });
}

/** A later date or another quantity of a confirmed line reaches its open receipt. */
function carryToMoves(env: Env, id: number, given: ReadonlySet<string>): void {
  const line = env.db.table('purchase.order.line').get(id)!;
  const moves = rowsBy(env, 'stock.move', 'purchase_line_id', id);
  const open = moves.filter((move) => move.state !== 'done' && move.state !== 'cancel');
  if (open.length === 0) return;
  if (given.has('date_planned')) {
    for (const move of open) patch(env, 'stock.move', move.id, { date_deadline: line.date_planned });
    for (const picking of new Set(open.map((move) => numberOf(move.picking_id)))) settlePicking(env, picking);
  }
  if (!given.has('product_qty')) return;
  const received = moves
    .filter((move) => move.state === 'done')
    .reduce((sum, move) => sum + numberOf(move.product_qty), 0);
  const quantity = Math.max(0, numberOf(line.product_uom_qty) - received);
  patch(env, 'stock.move', open[0]!.id, { product_uom_qty: quantity, product_qty: quantity, quantity });
}
