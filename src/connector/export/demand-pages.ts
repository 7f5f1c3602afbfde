// Sales order lines page by page, each page with its orders, deliveries and what is reserved for them. Memory holds a few pages,
// however many lines there are.
import type { MappingContext } from '../../mapping/context.ts';
import { type DemandPage, mapDemands } from '../../mapping/demands.ts';
import { type Credited, isOpen, OPEN_MOVE_STATES } from '../../mapping/moves.ts';
import { groupBy, link, type OdooRow, tableOf } from '../../mapping/records.ts';
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
  // Over all pages: one picking may feed deliveries of lines that are far apart.
  const credited: Credited = new Map();
  for await (const page of ahead(demandBundles(reading, demandDomain(since))))
    yield* pieces(mapDemands(context, { ...page, credited }), (value) => ({ entity: 'demand', value }));
}

/** Which order lines an export reads. @param since as for `demandPages` */
export function demandDomain(since: string | null): Domain {
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
  return domain;
}

export interface DemandBundle extends DemandPage {
  /** The latest change of all rows read; empty without stamps. */
  changed: string;
}

/**
 * Pages of order lines with what belongs to them, in ascending id.
 * @param stamps with the dates of the last change (`write_date`) of lines, orders and moves
 */
export async function* demandBundles(
  reading: Reading,
  domain: Domain,
  stamps: 'with stamps' | 'plain' = 'plain',
): AsyncGenerator<DemandBundle> {
  const stamp = stamps === 'plain' ? [] : ['write_date'];
  const fields = ['order_id', 'product_id', 'product_uom', 'product_uom_id', 'product_uom_qty', 'qty_delivered'];
  const pages = entityPages(reading, 'demand', 'sale.order.line', [...fields, ...stamp], domain);
  for await (const lines of pages) {
    const ids = lines.map((row) => row.id);
    const [orders, states] = await Promise.all([
      byIds(
        reading,
        'sale.order',
        lines.map((row) => link(row, 'order_id')),
        ['name', 'state', 'partner_id', 'warehouse_id', 'commitment_date', 'date_order', 'picking_policy', ...stamp],
      ),
      childrenOf(reading, 'stock.move', 'sale_line_id', ids, ['state', ...stamp]),
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
      changed: latest(lines, orders, states),
      openMoves: groupBy(open, 'sale_line_id'),
      moves,
      pickings: tableOf(pickings),
    };
  }
}

function latest(...lists: readonly (readonly OdooRow[])[]): string {
  let last = '';
  for (const rows of lists) {
    for (const { write_date } of rows) if (typeof write_date === 'string' && write_date > last) last = write_date;
  }
  return last;
}
