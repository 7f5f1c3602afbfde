// Sales orders: addresses, warehouse and terms from the partner; totals; confirmation makes the deliveries.

import { userError } from '../faults.ts';
import type { Env } from '../orm/env.ts';
import { nowText } from '../orm/env.ts';
import { patch } from '../orm/write.ts';
import type { Row, Value } from '../values.ts';
import { orderAmounts } from './amounts.ts';
import type { Behaviour } from './behaviour.ts';
import { deliver } from './deliveries.ts';
import { make } from './make.ts';
import { withMessages } from './messages.ts';
import { cancelMoves } from './moves.ts';
import { addressOf, currencyOf, warehouseOf } from './partners.ts';
import { settlePicking } from './pickings.ts';
import { nextByCode } from './sequences.ts';
import { numberOf, plusDays, rowsBy, target, textOf } from './tools.ts';

export const saleOrder: Behaviour = withMessages('sale.order', {
  searchNames: ['name'],
  defaults: (env, given) => {
    const company = given.company_id ?? env.companies[0] ?? false;
    const partner = target(env, 'res.partner', given.partner_id);
    const user = target(env, 'res.users', env.uid);
    const delivery = given.partner_shipping_id ?? addressOf(env, given.partner_id, 'delivery');
    return {
      name: given.name ?? nextByCode(env, 'sale.order', company, 'S'),
      state: 'draft',
      date_order: nowText(env),
      validity_date: plusDays(nowText(env), 30).slice(0, 10),
      company_id: company,
      currency_id: currencyOf(env, company),
      currency_rate: 1,
      partner_invoice_id: addressOf(env, given.partner_id, 'invoice'),
      partner_shipping_id: delivery,
      payment_term_id: partner?.property_payment_term_id ?? false,
      pricelist_id: partner?.property_product_pricelist ?? false,
      picking_policy: 'direct',
      warehouse_id: user?.property_warehouse_id || warehouseOf(env, company)?.id || false,
      user_id: partner?.user_id || env.uid,
      team_id: env.db.table('crm.team').ids[0] ?? false,
      invoice_status: 'no',
      locked: false,
      tag_ids: [],
    };
  },
  computed: {
    expected_date: (env, row) => expectedDate(env, row),
    delivery_status: (env, row) => deliveryStatus(env, row),
    delivery_count: (env, row) => rowsBy(env, 'stock.picking', 'sale_id', row.id).length,
  },
  afterCreate: (env, row) => settleSale(env, row.id),
  afterWrite: (env, row, before, given) => {
    if (given.has('partner_id') && before.partner_id !== row.partner_id) {
      if (!given.has('partner_shipping_id')) {
        patch(env, 'sale.order', row.id, { partner_shipping_id: addressOf(env, row.partner_id, 'delivery') });
      }
      if (!given.has('partner_invoice_id')) {
        patch(env, 'sale.order', row.id, { partner_invoice_id: addressOf(env, row.partner_id, 'invoice') });
      }
    }
    if (given.has('commitment_date') && row.state === 'sale') moveDeadline(env, row);
    if (row.state === 'sale' && given.has('order_line')) confirmDelivery(env, row);
    settleSale(env, row.id);
  },
  methods: {
    action_confirm: (env, ids) => {
      for (const id of ids) confirm(env, env.db.table('sale.order').get(id)!);
      return true;
    },
    action_cancel: (env, ids) => {
      for (const id of ids) {
        for (const picking of rowsBy(env, 'stock.picking', 'sale_id', id)) {
          cancelMoves(
            env,
            rowsBy(env, 'stock.move', 'picking_id', picking.id).map((move) => move.id),
          );
        }
        patch(env, 'sale.order', id, { state: 'cancel' });
      }
      return true;
    },
    action_draft: (env, ids) => {
      for (const id of ids) patch(env, 'sale.order', id, { state: 'draft' });
      return true;
    },
    action_quotation_sent: (env, ids) => {
      for (const id of ids) patch(env, 'sale.order', id, { state: 'sent' });
      return true;
    },
    action_lock: (env, ids) => {
      for (const id of ids) patch(env, 'sale.order', id, { locked: true });
      return true;
    },
  },
});

function confirm(env: Env, order: Row): void {
  if (order.state !== 'draft' && order.state !== 'sent') {
    throw userError('Some orders are not in a state requiring confirmation.');
  }
  patch(env, 'sale.order', order.id, { state: 'sale', date_order: nowText(env) });
  confirmDelivery(env, env.db.table('sale.order').get(order.id)!);
}

function confirmDelivery(env: Env, order: Row): void {
  let group = order.procurement_group_id;
  if (typeof group !== 'number') {
    group = make(env, 'procurement.group', {
      name: order.name,
      move_type: order.picking_policy ?? 'direct',
      partner_id: order.partner_shipping_id ?? false,
      sale_id: order.id,
    }).id;
    patch(env, 'sale.order', order.id, { procurement_group_id: group });
  }
  deliver(env, env.db.table('sale.order').get(order.id)!, group);
}

/** A new delivery date moves the deadline of what is still to be delivered. */
function moveDeadline(env: Env, order: Row): void {
  if (typeof order.commitment_date !== 'string') return;
  for (const line of rowsBy(env, 'sale.order.line', 'order_id', order.id)) {
    for (const move of rowsBy(env, 'stock.move', 'sale_line_id', line.id)) {
      if (move.state !== 'done' && move.state !== 'cancel') {
        patch(env, 'stock.move', move.id, { date_deadline: order.commitment_date });
        settlePicking(env, numberOf(move.picking_id));
      }
    }
  }
}

/** Totals from the lines. */
export function settleSale(env: Env, id: number): void {
  const order = env.db.table('sale.order').get(id);
  if (order)
    patch(env, 'sale.order', id, orderAmounts(env, rowsBy(env, 'sale.order.line', 'order_id', id), order.currency_id));
}

function expectedDate(env: Env, order: Row): Value {
  const leads = rowsBy(env, 'sale.order.line', 'order_id', order.id)
    .filter((line) => !textOf(line.display_type))
    .map((line) => numberOf(line.customer_lead));
  if (leads.length === 0 || order.state === 'cancel') return false;
  const start = order.state === 'sale' && order.date_order ? order.date_order : nowText(env);
  return plusDays(start, order.picking_policy === 'one' ? Math.max(...leads) : Math.min(...leads));
}

function deliveryStatus(env: Env, order: Row): Value {
  const pickings = rowsBy(env, 'stock.picking', 'sale_id', order.id).filter((picking) => picking.state !== 'cancel');
  if (pickings.length === 0) return false;
  if (pickings.every((picking) => picking.state === 'done')) return 'full';
  const lines = rowsBy(env, 'sale.order.line', 'order_id', order.id);
  if (pickings.some((picking) => picking.state === 'done') && lines.some((line) => numberOf(line.qty_delivered) > 0))
    return 'partial';
  return pickings.some((picking) => picking.state === 'done') ? 'started' : 'pending';
}
