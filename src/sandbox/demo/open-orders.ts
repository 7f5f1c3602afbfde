// What is open today: sales orders in every state, purchases, manufacturing with running work orders, transfers.

import { SALES, type Sale } from './open-sales.ts';
import { BAS_STOCK, MAR_STOCK, TRANSIT } from './places.ts';
import type { Storyteller } from './story.ts';

export function addOpenOrders(story: Storyteller): void {
  for (const sale of [...SALES].sort((a, b) => a.ordered - b.ordered)) addSale(story, sale);
  addPurchases(story);
  addProduction(story);
  addTransfers(story);
}

function addSale(story: Storyteller, sale: Sale): void {
  story.setDay(sale.ordered, '08:40');
  const id = story.create('sales', 'sale.order', {
    partner_id: sale.customer,
    client_order_ref: `PO ${sale.customer}${sale.wanted + 100}`,
    commitment_date: story.at(sale.wanted, '10:00'),
    picking_policy: sale.atOnce ? 'one' : 'direct',
    ...(sale.warehouse ? { warehouse_id: sale.warehouse } : {}),
    order_line: sale.lines.map(([product_id, product_uom_qty]) => [0, 0, { product_id, product_uom_qty }]),
  });
  if (sale.state === 'draft') return;
  if (sale.state === 'sent') story.call('sales', 'sale.order', 'action_quotation_sent', [id]);
  else story.call('sales', 'sale.order', 'action_confirm', [id]);
  if (sale.state === 'cancel') story.call('sales', 'sale.order', 'action_cancel', [id]);
  const [picking] = story.find('stock.picking', [['sale_id', '=', id]]);
  if (picking === undefined) return;
  if (sale.state === 'delivered') {
    story.setDay(sale.wanted);
    story.call('admin', 'stock.picking', 'button_validate', [picking]);
  }
  if (sale.state === 'partly delivered') moveFirstLine(story, picking, -2);
}

/** The first line leaves, the rest stays on a backorder. */
function moveFirstLine(story: Storyteller, picking: number, day: number): void {
  story.setDay(day);
  const [first] = story.find('stock.move', [['picking_id', '=', picking]]);
  story.call('admin', 'stock.move', 'write', [first], { picked: true });
  story.call('admin', 'stock.picking', 'button_validate', [picking]);
}

function addPurchases(story: Storyteller): void {
  const buy = (
    day: number,
    vendor: number,
    lines: readonly (readonly [number, number])[],
    confirmed: boolean,
  ): number => {
    story.setDay(day, '10:20');
    const id = story.create('planner', 'purchase.order', {
      partner_id: vendor,
      order_line: lines.map(([product_id, product_qty]) => [0, 0, { product_id, product_qty }]),
    });
    if (confirmed) story.call('planner', 'purchase.order', 'button_confirm', [id]);
    return id;
  };
  // Late: it should have come four days ago.
  buy(-14, 40, [[31, 500]], true);
  const inParts = buy(
    -9,
    42,
    [
      [34, 5000],
      [36, 400],
    ],
    true,
  );
  buy(-7, 41, [[32, 1000]], true);
  buy(-4, 43, [[22, 400]], true);
  buy(
    -3,
    44,
    [
      [42, 400],
      [43, 200],
    ],
    true,
  );
  buy(-2, 45, [[40, 50]], true);
  buy(-1, 40, [[30, 2000]], false);
  buy(-1, 42, [[38, 10]], false);
  buy(0, 43, [[23, 100]], false);
  const cancelled = buy(-6, 42, [[39, 1000]], true);
  story.call('planner', 'purchase.order', 'button_cancel', [cancelled]);
  const [receipt] = story.find('stock.picking', [['move_ids.purchase_line_id.order_id', '=', inParts]]);
  if (receipt !== undefined) moveFirstLine(story, receipt, -1);
}

function addProduction(story: Storyteller): void {
  const order = (product: number, quantity: number, day: number, clock = '05:30'): number =>
    story.create('planner', 'mrp.production', {
      product_id: product,
      product_qty: quantity,
      date_start: story.at(day, clock),
    });
  const steps = (id: number): number[] => story.find('mrp.workorder', [['production_id', '=', id]]);
  const confirm = (id: number): number => {
    story.call('planner', 'mrp.production', 'action_confirm', [id]);
    return id;
  };
  story.setDay(-5, '11:00');
  // Ready to be closed: every step is done, nothing is booked yet.
  const closing = confirm(order(16, 120, -3));
  for (const [i, step] of steps(closing).entries()) {
    story.setDay(-3 + Math.floor(i / 2), i % 2 ? '14:00' : '07:00');
    story.call('planner', 'mrp.workorder', 'button_start', [step]);
    story.setDay(-3 + Math.floor(i / 2), i % 2 ? '15:10' : '08:30');
    story.call('planner', 'mrp.workorder', 'button_finish', [step]);
  }
  // Cast and deburred, now on the machine.
  story.setDay(-4, '11:00');
  const machining = confirm(order(2, 200, -2));
  const [cast, deburr, machine] = steps(machining);
  for (const [step, day, from, to] of [
    [cast, -2, '06:00', '09:20'],
    [deburr, -1, '06:00', '07:50'],
  ] as const) {
    story.setDay(day, from);
    story.call('planner', 'mrp.workorder', 'button_start', [step]);
    story.setDay(day, to);
    story.call('planner', 'mrp.workorder', 'button_finish', [step]);
  }
  story.setDay(-1, '14:00');
  story.call('planner', 'mrp.workorder', 'button_start', [machine]);
  // In the cell since this morning.
  story.setDay(-2, '11:00');
  const casting = confirm(order(21, 800, 0));
  story.setDay(0, '05:40');
  story.call('planner', 'mrp.workorder', 'button_start', [steps(casting)[0]]);
  story.setDay(-2, '13:00');
  story.call('planner', 'mrp.production', 'button_plan', [order(13, 80, 1)]);
  story.call('planner', 'mrp.production', 'button_plan', [order(9, 400, 2)]);
  confirm(order(26, 30, 2));
  confirm(order(5, 30, 5));
  confirm(order(46, 200, 4));
  story.setDay(-1, '16:00');
  order(7, 40, 8);
  order(8, 40, 8);
  order(24, 1000, 6);
  const cancelled = confirm(order(18, 60, 3));
  story.call('planner', 'mrp.production', 'action_cancel', [cancelled]);
}

function addTransfers(story: Storyteller): void {
  const transfer = (type: number, from: number, to: number, product: number, quantity: number, day: number): number => {
    const name = String(story.sandbox.db.table('product.template').get(product)?.name ?? '');
    return story.create('planner', 'stock.picking', {
      picking_type_id: type,
      location_id: from,
      location_dest_id: to,
      scheduled_date: story.at(day),
      origin: 'Resupply Basel',
      move_ids: [
        [
          0,
          0,
          {
            name,
            product_id: product,
            product_uom: 1,
            product_uom_qty: quantity,
            location_id: from,
            location_dest_id: to,
            date: story.at(day),
          },
        ],
      ],
    });
  };
  story.setDay(-3);
  // On the lorry: it left Martigny and has not arrived in Basel.
  const left = transfer(5, MAR_STOCK, TRANSIT, 21, 100, -1);
  const arriving = transfer(6, TRANSIT, BAS_STOCK, 21, 100, 1);
  const [first] = story.find('stock.move', [['picking_id', '=', left]]);
  const [second] = story.find('stock.move', [['picking_id', '=', arriving]]);
  story.call('planner', 'stock.move', 'write', [second], {
    procure_method: 'make_to_order',
    move_orig_ids: [[6, 0, [first]]],
  });
  story.call('planner', 'stock.picking', 'action_confirm', [left]);
  story.call('planner', 'stock.picking', 'action_confirm', [arriving]);
  story.setDay(-1);
  story.call('planner', 'stock.picking', 'button_validate', [left]);
  transfer(5, MAR_STOCK, BAS_STOCK, 2, 40, 4);
}
