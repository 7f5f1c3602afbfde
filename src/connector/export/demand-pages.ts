// Sales order lines page by page, each page with its orders, deliveries and what is reserved for them. Memory holds a few pages,
// however many lines there are.
import type { MappingContext } from '../../mapping/context.ts';
import { type DemandPage, mapDemands } from '../../mapping/demands.ts';
import { isOpen, OPEN_MOVE_STATES } from '../../mapping/moves.ts';
import { groupBy, link, tableOf } from '../../mapping/records.ts';
import type { PlanEntity } from '../../planner/model.ts';
import type { Domain } from '../odoo/reader.ts';
import { ahead } from './ahead.ts';
import { FEEDING_FIELDS, pieces } from './pages.ts';
import { addReservations, byIds, childrenOf, entityPages, type Reading, relatedMoves } from './reads.ts';

/** @param since stamp of Odoo: closed and cancelled lines written before are left out (the `delta` argument; C24) */
export async function* demandPages(
  reading: Reading,
  context: MappingContext,
  since: string | null,
): AsyncGenerator<PlanEntity[]> {
  const domain: Domain[number][] = [
    ['product_id', '!=', false],
    ['display_type', '=', false],
  ];
  if (since !== null) {
    // Whatever is still open comes every time: quotations, lines with open deliveries, and those without any yet (C23).
    domain.push('|', '|', '|', ['write_date', '>=', since], ['order_id.state', 'in', ['draft', 'sent']]);
    domain.push(['move_ids.state', 'in', [...OPEN_MOVE_STATES]]);
    domain.push('&', ['order_id.state', '=', 'sale'], ['move_ids', '=', false]);
  }
  const fields = ['order_id', 'product_id', 'product_uom', 'product_uom_id', 'product_uom_qty', 'qty_delivered'];
  const pages = entityPages(reading, 'demand', 'sale.order.line', fields, domain);

  async function* bundles(): AsyncGenerator<DemandPage> {
    for await (const lines of pages) {
      const ids = lines.map((row) => row.id);
      const [orders, states] = await Promise.all([
        byIds(
          reading,
          'sale.order',
          lines.map((row) => link(row, 'order_id')),
          ['name', 'state', 'partner_id', 'warehouse_id', 'commitment_date', 'date_order', 'picking_policy'],
        ),
        childrenOf(reading, 'stock.move', 'sale_line_id', ids, ['state']),
      ]);
      const openIds = states.filter(isOpen).map((row) => row.id);
      const open = await byIds(reading, 'stock.move', openIds, FEEDING_FIELDS);
      const [moves, pickings] = await Promise.all([
        relatedMoves(reading, open, 'move_orig_ids', FEEDING_FIELDS),
        byIds(
          reading,
          'stock.picking',
          open.map((row) => link(row, 'picking_id')),
          ['priority'],
        ),
      ]);
      await addReservations(reading, moves.values());
      const moveCounts = new Map<number, number>();
      for (const row of states) {
        const line = link(row, 'sale_line_id') ?? 0;
        moveCounts.set(line, (moveCounts.get(line) ?? 0) + 1);
      }
      yield {
        lines,
        orders: tableOf(orders),
        moveCounts,
        openMoves: groupBy(open, 'sale_line_id'),
        moves,
        pickings: tableOf(pickings),
      };
    }
  }
  for await (const page of ahead(bundles()))
    yield* pieces(mapDemands(context, page), (value) => ({ entity: 'demand', value }));
}
