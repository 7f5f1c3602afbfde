// What new orders still need once Odoo has made them: prices by quantity, times and work centers of steps, dates of the moves of
// one transfer. Done again when a plan comes again, until it is done.
import { OWN_SECONDARY, SECONDARY } from '../mapping/addon-records.ts';
import type { AdditionCommand, CreateCommand, PendingOrder, UpdateCommand } from '../mapping/commands.ts';
import { newStepCommands } from '../mapping/manufacturing-commands.ts';
import { priceCommands } from '../mapping/purchase-commands.ts';
import { link, type OdooRow } from '../mapping/records.ts';
import { datesDiffer, moveDateCommands } from '../mapping/transfer-commands.ts';
import { joinAssigned } from '../mapping/workorder-commands.ts';
import { workorderFields } from '../mapping/write-context.ts';
import { type PreparedImport, readIfThere } from './import-prepare.ts';
import type { ResultBook } from './import-result.ts';

export interface MadeOrder {
  order: PendingOrder;
  id: number;
  name: string;
}

export interface FollowUps {
  updates: UpdateCommand[];
  additions: AdditionCommand[];
  /** Positions of their orders in the document. */
  orders: ReadonlySet<number>;
}

export function needsMore({ lines }: CreateCommand): boolean {
  return datesDiffer(lines) || lines.some(({ orders }) => orders.some((one) => one.priced || one.steps.length > 0));
}

export async function readFollowUps(
  { context, writer }: PreparedImport,
  made: readonly MadeOrder[],
  book: ResultBook,
): Promise<FollowUps> {
  const updates: UpdateCommand[] = [];
  const additions: AdditionCommand[] = [];
  const orders = new Set(made.map(({ order }) => order.record.index));
  const transfers = made.filter(({ order }) => order.type === 'DO');
  const purchases = made.filter(({ order }) => order.type === 'PO');
  const stepped = made.filter(({ order }) => order.steps.length > 0);
  const read = async (model: string, field: string, list: readonly MadeOrder[], fields: readonly string[]) => {
    const ids = [...new Set(list.map(({ id }) => id))];
    return ids.length === 0 ? [] : await readIfThere(writer, { model, domain: [[field, 'in', ids]], fields });
  };
  const beside = async (model: string) =>
    context.pools ? await read(model, 'workorder_id.production_id', stepped, ['workorder_id', 'workcenter_id']) : null;
  const [lines, moves, workorders, theirs, ours] = await Promise.all([
    read('purchase.order.line', 'order_id', purchases, ['order_id', 'product_id', 'product_qty']),
    read('stock.move', 'picking_id', transfers, ['picking_id', 'product_id', 'product_uom', 'date', 'state']),
    read('mrp.workorder', 'production_id', stepped, workorderFields(context.major)),
    beside(SECONDARY),
    beside(OWN_SECONDARY),
  ]);
  const assigned = joinAssigned(context, theirs, ours);
  updates.push(...priceCommands(purchases, lines ?? []));
  updates.push(...moveDateCommands(transfers, moves ?? []));
  const byOrder = Map.groupBy(workorders ?? [], (row: OdooRow) => link(row, 'production_id') ?? 0);
  for (const { order, id, name } of stepped) {
    const commands = newStepCommands(context, order, { id, name }, byOrder.get(id) ?? [], assigned);
    updates.push(...commands.updates);
    additions.push(...commands.additions);
    for (const problem of commands.problems) book.note(order.record, `not as planned: ${problem}`);
  }
  return { updates, additions, orders };
}
