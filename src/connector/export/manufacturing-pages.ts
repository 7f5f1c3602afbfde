// Manufacturing orders page by page, each page with its components, work orders and what it is made for.
import { OWN_SECONDARY, SECONDARY, withOwnSecondary } from '../../mapping/addon-records.ts';
import type { MappingContext } from '../../mapping/context.ts';
import { type ManufacturingPage, mapManufacturingOrders } from '../../mapping/manufacturingorders.ts';
import { isOpen, MOVE_FIELDS } from '../../mapping/moves.ts';
import { purchaseReference } from '../../mapping/purchaseorders.ts';
import { flag, groupBy, link, links, type OdooRow, tableOf } from '../../mapping/records.ts';
import type { PlanEntity } from '../../planner/model.ts';
import type { Domain } from '../odoo/reader.ts';
import { FEEDING_FIELDS, operationplans, ordersBehind, statesOn, takers } from './pages.ts';
import { addReservations, byIds, childrenOf, entityPages, has, type Reading, relatedMoves } from './reads.ts';

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
    const beside = (model: string) =>
      childrenOf(reading, model, 'workorder_id', stepIds, ['workcenter_id', 'duration']);
    const [clocks, theirs, ours] = await Promise.all([
      childrenOf(
        reading,
        'mrp.workcenter.productivity',
        'workorder_id',
        stepIds,
        ['date_start'],
        [['date_end', '=', false]],
      ),
      beside(SECONDARY),
      beside(OWN_SECONDARY),
    ]);
    const poolOf = (workcenter: number | undefined) => link(context.resources.row(workcenter), 'owner');
    const page: ManufacturingPage = {
      orders,
      components: groupBy(components, 'raw_material_production_id'),
      outputs: groupBy(outputs, 'production_id'),
      workorders: groupBy(workorders, 'production_id'),
      moves,
      clocks: groupBy(clocks, 'workorder_id'),
      secondary: groupBy(withOwnSecondary(theirs, ours, poolOf), 'workorder_id'),
      ...(await purposes(reading, ids, outputs)),
    };
    yield operationplans(mapManufacturingOrders(context, page));
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
  const downstream = await takers(reading, ids, outputs);
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
