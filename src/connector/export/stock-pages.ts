// Goods on their way between warehouses, and stock on hand: pages of moves and quants.
import type { MappingContext } from '../../mapping/context.ts';
import { isOpen, MOVE_FIELDS, OPEN_MOVE_STATES } from '../../mapping/moves.ts';
import { link, type Table, tableOf } from '../../mapping/records.ts';
import { countStock, type StockCount } from '../../mapping/stock.ts';
import { mapTransfers, putAway } from '../../mapping/transfers.ts';
import type { PlanEntity } from '../../planner/model.ts';
import { type Domain, readAll } from '../odoo/reader.ts';
import { FEEDING_FIELDS, operationplans } from './pages.ts';
import { addReservations, byIds, entityPages, has, type Reading, relatedMoves } from './reads.ts';

export async function* transferPages(reading: Reading, context: MappingContext): AsyncGenerator<PlanEntity[]> {
  const domain: Domain = [
    ['state', 'in', [...OPEN_MOVE_STATES]],
    ['location_id.usage', 'in', ['internal', 'transit']],
    ['location_dest_id.usage', '=', 'internal'],
  ];
  for await (const rows of entityPages(reading, 'distributionorder', 'stock.move', MOVE_FIELDS, domain)) {
    const arrivals = rows.filter((row) => {
      const from = context.locations.warehouseOf(link(row, 'location_id'));
      // Internal places outside of all warehouses are those of subcontractors: what comes from there is bought.
      if (from === undefined) return context.locations.usage(link(row, 'location_id')) === 'transit';
      return from !== context.locations.warehouseOf(link(row, 'location_dest_id'));
    });
    const moves = await relatedMoves(reading, arrivals, 'move_orig_ids', FEEDING_FIELDS);
    await addReservations(reading, [...moves.values()].filter(isOpen));
    const pickings = tableOf(
      await byIds(
        reading,
        'stock.picking',
        arrivals.map((row) => link(row, 'picking_id')),
        ['name'],
      ),
    );
    yield operationplans(mapTransfers(context, { arrivals, moves, pickings }));
  }
}

export async function* stockPages(reading: Reading, context: MappingContext): AsyncGenerator<PlanEntity[]> {
  const count = countStock(context);
  const domain: Domain = [
    ['location_id.usage', '=', 'internal'],
    ['quantity', '>', 0],
  ];
  const fields = ['product_id', 'location_id', 'lot_id', 'quantity', 'reserved_quantity'];
  const lots = new Set<number>();
  for await (const quants of entityPages(reading, 'stock', 'stock.quant', fields, domain)) {
    count.add(quants);
    if (context.shelfLife) for (const row of quants) lots.add(link(row, 'lot_id') ?? 0);
  }
  await giveBackPutAway(reading, context, count);
  if (context.shelfLife) {
    const records: Table = tableOf(await byIds(reading, 'stock.lot', lots, ['name', 'expiration_date']));
    yield operationplans(count.lots(records));
    return;
  }
  const entities: PlanEntity[] = [];
  for (const value of count.buffers()) entities.push({ entity: 'buffer', value });
  yield entities;
}

/** Stock that is only reserved to be put away inside its warehouse is there all the same (C1). */
async function giveBackPutAway(reading: Reading, context: MappingContext, count: StockCount): Promise<void> {
  if (!(await has(reading, 'stock.move'))) return;
  const domain: Domain = [
    ['state', 'in', ['partially_available', 'assigned']],
    ['location_id.usage', '=', 'internal'],
    ['location_dest_id.usage', '=', 'internal'],
  ];
  const inside = (
    await readAll(reading.reader, { model: 'stock.move', fields: MOVE_FIELDS, domain, signal: reading.signal })
  ).filter((row) => link(row, 'sale_line_id') === undefined);
  const moves = await relatedMoves(reading, inside, 'move_dest_ids', MOVE_FIELDS);
  await addReservations(reading, inside);
  for (const { product, warehouse, quantity } of putAway(context, inside, moves))
    count.giveBack(product, warehouse, quantity);
}
