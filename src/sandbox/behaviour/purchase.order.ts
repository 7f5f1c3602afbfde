// Purchase orders: vendor's terms, dates and totals from the lines; confirmation makes the receipt.

import type { Env } from '../orm/env.ts';
import { nowText } from '../orm/env.ts';
import { patch } from '../orm/write.ts';
import type { Row, Value } from '../values.ts';
import { orderAmounts } from './amounts.ts';
import type { Behaviour, Values } from './behaviour.ts';
import { change } from './make.ts';
import { withMessages } from './messages.ts';
import { cancelMoves } from './moves.ts';
import { currencyOf, warehouseOf } from './partners.ts';
import { receive } from './receipts.ts';
import { nextByCode } from './sequences.ts';
import { numberOf, rowsBy, target, textOf } from './tools.ts';

export const purchaseOrder: Behaviour = withMessages('purchase.order', {
  searchNames: ['name', 'partner_ref'],
  defaults: (env, given) => {
    const company = given.company_id ?? env.companies[0] ?? false;
    const partner = target(env, 'res.partner', given.partner_id);
    return {
      name: given.name ?? nextByCode(env, 'purchase.order', company, 'P'),
      state: 'draft',
      priority: '0',
      date_order: nowText(env),
      company_id: company,
      currency_id: currencyOf(env, company),
      currency_rate: 1,
      payment_term_id: partner?.property_supplier_payment_term_id ?? false,
      picking_type_id: receiptType(env, company),
      user_id: env.uid,
      invoice_status: 'no',
    };
  },
  computed: {
    picking_ids: (env, row) => pickingsOf(env, row.id),
    incoming_picking_count: (env, row) => pickingsOf(env, row.id).length,
    receipt_status: (env, row) => receiptStatus(env, row),
  },
  afterCreate: (env, row) => settlePurchase(env, row.id),
  afterWrite: (env, row, before, given) => {
    if (given.has('date_planned') && row.date_planned !== before.date_planned) {
      const lines = rowsBy(env, 'purchase.order.line', 'order_id', row.id).filter((line) => !textOf(line.display_type));
      change(
        env,
        'purchase.order.line',
        lines.map((line) => line.id),
        { date_planned: row.date_planned },
      );
    }
    if (row.state === 'purchase' && given.has('order_line')) receive(env, row);
    settlePurchase(env, row.id);
  },
  methods: {
    button_confirm: (env, ids) => {
      for (const id of ids) confirm(env, env.db.table('purchase.order').get(id)!);
      return true;
    },
    button_approve: (env, ids) => {
      for (const id of ids) confirm(env, env.db.table('purchase.order').get(id)!);
      return {};
    },
    button_cancel: (env, ids) => {
      for (const id of ids) {
        for (const picking of pickingsOf(env, id)) {
          cancelMoves(
            env,
            rowsBy(env, 'stock.move', 'picking_id', picking).map((move) => move.id),
          );
        }
        patch(env, 'purchase.order', id, { state: 'cancel' });
      }
      return true;
    },
    button_draft: (env, ids) => {
      for (const id of ids) patch(env, 'purchase.order', id, { state: 'draft' });
      return {};
    },
  },
});

function confirm(env: Env, order: Row): void {
  if (!['draft', 'sent', 'to approve'].includes(textOf(order.state))) return;
  const now = nowText(env);
  patch(env, 'purchase.order', order.id, { state: 'purchase', date_approve: now, date_calendar_start: now });
  receive(env, env.db.table('purchase.order').get(order.id)!);
}

function receiptType(env: Env, company: Value): Value {
  const warehouse = warehouseOf(env, company || undefined);
  if (typeof warehouse?.in_type_id === 'number') return warehouse.in_type_id;
  for (const row of env.db.table('stock.picking.type').rows()) {
    if (row.code === 'incoming' && row.active !== false && row.company_id === company) return row.id;
  }
  return false;
}

function pickingsOf(env: Env, order: number): number[] {
  const found = new Set<number>();
  for (const line of rowsBy(env, 'purchase.order.line', 'order_id', order)) {
    for (const move of rowsBy(env, 'stock.move', 'purchase_line_id', line.id)) {
      if (typeof move.picking_id === 'number') found.add(move.picking_id);
    }
  }
  return [...found].sort((a, b) => b - a);
}

function receiptStatus(env: Env, order: Row): Value {
  const states = pickingsOf(env, order.id).map((id) => env.db.table('stock.picking').get(id)?.state);
  const open = states.filter((state) => state !== 'cancel');
  if (open.length === 0) return false;
  if (open.every((state) => state === 'done')) return 'full';
  return open.some((state) => state === 'done') ? 'partial' : 'pending';
}

/** Totals and the earliest date from the lines. */
export function settlePurchase(env: Env, id: number): void {
  const order = env.db.table('purchase.order').get(id);
  if (!order) return;
  const lines = rowsBy(env, 'purchase.order.line', 'order_id', id);
  const dates = lines
    .map((line) => textOf(line.date_planned))
    .filter(Boolean)
    .sort();
  const values: Values = orderAmounts(env, lines, order.currency_id);
  if (dates[0] !== undefined) values.date_planned = dates[0];
  values.date_calendar_start = order.date_approve || order.date_order || false;
  if (
    numberOf(order.amount_total) !== values.amount_total ||
    order.date_planned !== values.date_planned ||
    order.date_calendar_start !== values.date_calendar_start ||
    order.amount_untaxed === undefined
  ) {
    patch(env, 'purchase.order', id, values);
  }
}
