// Purchase order lines page by page, each page with its orders and receipts.
import type { MappingContext } from '../../mapping/context.ts';
import { MOVE_FIELDS } from '../../mapping/moves.ts';
import { mapPurchaseOrders } from '../../mapping/purchaseorders.ts';
import { groupBy, link, links, tableOf } from '../../mapping/records.ts';
import type { PlanEntity } from '../../planner/model.ts';
import type { Domain } from '../odoo/reader.ts';
import { operationplans, ordersBehind, statesOn } from './pages.ts';
import { byIds, childrenOf, entityPages, has, type Reading } from './reads.ts';

export async function* purchasePages(reading: Reading, context: MappingContext): AsyncGenerator<PlanEntity[]> {
  const domain: Domain[number][] = [
    ['order_id.state', 'in', statesOn(reading, 'purchase.order')],
    ['display_type', '=', false],
  ];
  if (await has(reading, 'purchase.order', 'receipt_status')) {
    domain.push('|', ['order_id.receipt_status', '=', false], ['order_id.receipt_status', '!=', 'full']);
  }
  const fields = [
    'order_id',
    'product_id',
    'product_uom',
    'product_uom_id',
    'product_qty',
    'qty_received',
    'date_planned',
    'move_dest_ids',
  ];
  for await (const lines of entityPages(reading, 'purchaseorder', 'purchase.order.line', fields, domain)) {
    const [orders, moves] = await Promise.all([
      byIds(
        reading,
        'purchase.order',
        lines.map((row) => link(row, 'order_id')),
        ['name', 'state', 'partner_id', 'company_id', 'origin', 'date_order', 'date_planned', 'picking_type_id'],
      ),
      childrenOf(
        reading,
        'stock.move',
        'purchase_line_id',
        lines.map((row) => row.id),
        MOVE_FIELDS,
      ),
    ]);
    const pickings = await byIds(
      reading,
      'stock.picking',
      moves.map((row) => link(row, 'picking_id')),
      ['name'],
    );
    const byLine = groupBy(moves, 'purchase_line_id');
    const downstream = new Map<number, number[]>();
    for (const line of lines) {
      if (!context.items.of(link(line, 'product_id'))?.toOrder) continue;
      const ids = [
        ...links(line, 'move_dest_ids'),
        ...(byLine.get(line.id) ?? []).flatMap((move) => links(move, 'move_dest_ids')),
      ];
      if (ids.length > 0) downstream.set(line.id, ids);
    }
    const batches = await ordersBehind(reading, downstream);
    const page = {
      lines,
      orders: tableOf(orders),
      moves: byLine,
      pickings: tableOf(pickings),
      pickingTypes: context.table('stock.picking.type'),
      batches,
    };
    yield operationplans(mapPurchaseOrders(context, page));
  }
}
