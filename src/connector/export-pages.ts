// Orders, moves and stock page by page: each page of records with everything that belongs to it, then mapped. Memory holds a
// few pages, however many orders there are.
import type { MappingContext } from '../mapping/context.ts';
import { mapDemands } from '../mapping/demands.ts';
import { type ManufacturingPage, mapManufacturingOrders } from '../mapping/manufacturingorders.ts';
import { isOpen, MOVE_FIELDS, OPEN_MOVE_STATES } from '../mapping/moves.ts';
import { mapPurchaseOrders, purchaseReference } from '../mapping/purchaseorders.ts';
import { flag, groupBy, link, links, type OdooRow, type Table, tableOf, text } from '../mapping/records.ts';
import type { StatusModel } from '../mapping/rules.ts';
import { countStock, type StockCount } from '../mapping/stock.ts';
import { mapTransfers, putAway } from '../mapping/transfers.ts';
import type { PlanEntity } from '../planner/model.ts';
import { ahead } from './ahead.ts';
import { addReservations, byIds, childrenOf, entityPages, has, type Reading, relatedMoves } from './export-reads.ts';
import { type Domain, readAll } from './odoo/reader.ts';

/** What is needed of moves that are followed upstream: x2many fields cost the database most. */
const FEEDING_FIELDS = MOVE_FIELDS.filter((field) => field !== 'is_subcontract' && field !== 'move_dest_ids');

/** Odoo states of a document that the mapping sheet does not leave out. */
function statesOn(reading: Reading, model: StatusModel): string[] {
  return [...(reading.rules.statuses.get(model) ?? [])]
    .filter(([, status]) => status !== 'off')
    .map(([state]) => state);
}

const operationplans = function* (
  values: Iterable<import('../planner/model.ts').Operationplan>,
): Generator<PlanEntity> {
  for (const value of values) yield { entity: 'operationplan', value };
};

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
    domain.push('|', '|', ['write_date', '>=', since], ['order_id.state', 'in', ['draft', 'sent']]);
    domain.push(['move_ids.state', 'in', [...OPEN_MOVE_STATES]]);
  }
  const fields = ['order_id', 'product_id', 'product_uom', 'product_uom_id', 'product_uom_qty', 'qty_delivered'];
  const pages = entityPages(reading, 'demand', 'sale.order.line', fields, domain);

  async function* bundles() {
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

const PIECE = 500;

/** Entities in pieces with a breath in between, in which the next pages are asked for and others are served. */
export async function* pieces<T>(values: Iterable<T>, wrap: (value: T) => PlanEntity): AsyncGenerator<PlanEntity[]> {
  let piece: PlanEntity[] = [];
  for (const value of values) {
    piece.push(wrap(value));
    if (piece.length < PIECE) continue;
    yield piece;
    piece = [];
    await new Promise(setImmediate);
  }
  if (piece.length > 0) yield piece;
}

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
    yield [...operationplans(mapPurchaseOrders(context, page))];
  }
}

/**
 * Sales or manufacturing order for which something is bought or made: through the moves that take it.
 * @param downstream ids of those moves by record
 */
async function ordersBehind(
  reading: Reading,
  downstream: ReadonlyMap<number, readonly number[]>,
): Promise<Map<number, string>> {
  const moves = tableOf(
    await byIds(reading, 'stock.move', [...downstream.values()].flat(), [
      'group_id',
      'raw_material_production_id',
      'sale_line_id',
    ]),
  );
  const rows = [...moves.values()];
  const [groups, productions, saleLines] = await Promise.all([
    byIds(
      reading,
      'procurement.group',
      rows.map((row) => link(row, 'group_id')),
      ['sale_id'],
    ).then(tableOf),
    byIds(
      reading,
      'mrp.production',
      rows.map((row) => link(row, 'raw_material_production_id')),
      ['name'],
    ).then(tableOf),
    byIds(
      reading,
      'sale.order.line',
      rows.map((row) => link(row, 'sale_line_id')),
      ['order_id'],
    ).then(tableOf),
  ]);
  const saleOf = (move: OdooRow | undefined) =>
    link(groups.get(link(move, 'group_id') ?? 0), 'sale_id') ??
    link(saleLines.get(link(move, 'sale_line_id') ?? 0), 'order_id');
  const sales = tableOf(await byIds(reading, 'sale.order', rows.map(saleOf), ['name']));
  const found = new Map<number, string>();
  for (const [id, ids] of downstream) {
    const names = (name: (move: OdooRow | undefined) => string) =>
      ids.map((move) => name(moves.get(move))).find(Boolean);
    const name =
      names((move) => text(sales.get(saleOf(move) ?? 0), 'name')) ??
      names((move) => text(productions.get(link(move, 'raw_material_production_id') ?? 0), 'name'));
    if (name) found.set(id, name);
  }
  return found;
}

export async function* manufacturingPages(reading: Reading, context: MappingContext): AsyncGenerator<PlanEntity[]> {
  const domain: Domain = [['state', 'in', statesOn(reading, 'mrp.production')]];
  const fields = [
    'name',
    'state',
    'origin',
    'product_id',
    'product_qty',
    'product_uom_id',
    'picking_type_id',
    'location_dest_id',
    'date_start',
    'date_planned_start',
    'allow_workorder_dependencies',
    'workorder_ids',
  ];
  for await (const orders of entityPages(reading, 'manufacturingorder', 'mrp.production', fields, domain)) {
    const ids = orders.map((row) => row.id);
    const moveFields = [...MOVE_FIELDS, 'quantity_done'];
    const [components, outputs, workorders] = await Promise.all([
      childrenOf(reading, 'stock.move', 'raw_material_production_id', ids, moveFields),
      childrenOf(reading, 'stock.move', 'production_id', ids, moveFields),
      workOrders(reading, ids),
    ]);
    const open = components.filter(isOpen);
    const moves = await relatedMoves(reading, open, 'move_orig_ids', FEEDING_FIELDS);
    await addReservations(reading, moves.values());
    const stepIds = workorders.map((row) => row.id);
    const [clocks, secondary] = await Promise.all([
      childrenOf(
        reading,
        'mrp.workcenter.productivity',
        'workorder_id',
        stepIds,
        ['date_start'],
        [['date_end', '=', false]],
      ),
      childrenOf(reading, 'mrp.workorder.secondary.workcenter', 'workorder_id', stepIds, ['workcenter_id', 'duration']),
    ]);
    const page: ManufacturingPage = {
      orders,
      components: groupBy(components, 'raw_material_production_id'),
      outputs: groupBy(outputs, 'production_id'),
      workorders: groupBy(workorders, 'production_id'),
      moves,
      clocks: groupBy(clocks, 'workorder_id'),
      secondary: groupBy(secondary, 'workorder_id'),
      ...(await purposes(reading, ids, outputs)),
    };
    yield [...operationplans(mapManufacturingOrders(context, page))];
  }
}

/** Work orders as the sheet wants them (fields and filter of the entity). */
async function workOrders(reading: Reading, productions: readonly number[]): Promise<OdooRow[]> {
  if (productions.length === 0 || !(await has(reading, 'mrp.workorder'))) return [];
  const fields = [
    'name',
    'production_id',
    'product_id',
    'operation_id',
    'workcenter_id',
    'state',
    'sequence',
    'duration_expected',
    'duration',
    'date_start',
    'date_finished',
    'date_planned_start',
    'blocked_by_workorder_ids',
  ];
  const rows: OdooRow[] = [];
  const pages = entityPages(reading, 'workorder', 'mrp.workorder', fields, [['production_id', 'in', [...productions]]]);
  for await (const page of pages) rows.push(...page);
  return rows;
}

/** What orders are made for: a sales order, another order, or a subcontracting purchase. */
async function purposes(
  reading: Reading,
  ids: readonly number[],
  outputs: readonly OdooRow[],
): Promise<Pick<ManufacturingPage, 'batches' | 'subcontracts'>> {
  const downstream = new Map<number, number[]>();
  const add = (order: number | undefined, moves: readonly number[]) => {
    if (order !== undefined && moves.length > 0) downstream.set(order, [...(downstream.get(order) ?? []), ...moves]);
  };
  for (const move of await childrenOf(reading, 'stock.move', 'created_production_id', ids, []))
    add(link(move, 'created_production_id'), [move.id]);
  for (const move of outputs) add(link(move, 'production_id'), links(move, 'move_dest_ids'));
  const [batches, subcontracts] = await Promise.all([
    ordersBehind(reading, downstream),
    purchaseKeys(reading, outputs),
  ]);
  return { batches, subcontracts };
}

/** Subcontracting orders go by the key of the receipt that brings their product (connector.md 2.15, F1). */
async function purchaseKeys(reading: Reading, outputs: readonly OdooRow[]): Promise<Map<number, string>> {
  const keys = new Map<number, string>();
  if (!(await has(reading, 'stock.move', 'is_subcontract'))) return keys;
  const receipts = await byIds(
    reading,
    'stock.move',
    outputs.flatMap((row) => links(row, 'move_dest_ids')),
    ['is_subcontract', 'purchase_line_id', 'picking_id'],
  );
  const lines = tableOf(
    await byIds(
      reading,
      'purchase.order.line',
      receipts.map((row) => link(row, 'purchase_line_id')),
      ['order_id'],
    ),
  );
  const orders = tableOf(
    await byIds(
      reading,
      'purchase.order',
      [...lines.values()].map((row) => link(row, 'order_id')),
      ['name'],
    ),
  );
  const pickings = tableOf(
    await byIds(
      reading,
      'stock.picking',
      receipts.map((row) => link(row, 'picking_id')),
      ['name'],
    ),
  );
  const byId = tableOf(receipts);
  for (const output of outputs) {
    const order = link(output, 'production_id');
    for (const id of links(output, 'move_dest_ids')) {
      const receipt = byId.get(id);
      const line = lines.get(link(receipt, 'purchase_line_id') ?? 0);
      const purchase = orders.get(link(line, 'order_id') ?? 0);
      if (order === undefined || !receipt || !line || !purchase || !flag(receipt, 'is_subcontract')) continue;
      keys.set(order, purchaseReference(purchase, line, pickings.get(link(receipt, 'picking_id') ?? 0), receipt));
    }
  }
  return keys;
}

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
    yield [...operationplans(mapTransfers(context, { arrivals, moves, pickings }))];
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
    yield [...operationplans(count.lots(records))];
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
