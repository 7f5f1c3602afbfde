// Delivery dates that the plan promises -> delivery dates of sales orders, where the option says so (connector.md 3.8). An order
// is promised for the day on which the last of its lines can be delivered.
import { type Commands, odooStamp, type RecordName } from './commands.ts';
import type { PostedPromise } from './posted.ts';
import { link, text } from './records.ts';
import type { WriteContext } from './write-context.ts';

export function promiseCommands(context: WriteContext, promises: readonly PostedPromise[], commands: Commands): void {
  const byOrder = new Map<number, PostedPromise[]>();
  for (const promise of promises) {
    const record = recordOf(promise);
    if (!context.promises) {
      commands.settled.push({
        record,
        outcome: 'skipped',
        model: 'sale.order',
        id: null,
        name: promise.order,
        note: 'promised dates are not written to Odoo (WRITE_PROMISED_DATES)',
      });
      continue;
    }
    const line = context.table('sale.order.line').get(promise.line);
    const order = context.table('sale.order').get(link(line, 'order_id') ?? 0);
    if (!order || text(order, 'name') !== promise.order) {
      commands.refusals.push({ ...record, reason: `"${promise.reference}" names no sales order line of Odoo` });
    } else if (text(order, 'state') === 'cancel') {
      commands.refusals.push({ ...record, reason: `${promise.order} is cancelled in Odoo` });
    } else byOrder.set(order.id, [...(byOrder.get(order.id) ?? []), promise]);
  }
  for (const [id, lines] of byOrder) {
    const order = context.table('sale.order').get(id)!;
    const name = text(order, 'name');
    const date = odooStamp(context.zone.toInstant(Math.max(...lines.map(({ delivery }) => delivery))));
    const records = lines.map(recordOf);
    if (text(order, 'commitment_date') === date) {
      for (const record of records)
        commands.settled.push({ record, outcome: 'unchanged', model: 'sale.order', id, name, note: 'as in Odoo' });
      continue;
    }
    commands.updates.push({
      records,
      model: 'sale.order',
      id,
      name,
      values: { commitment_date: date },
      context: {},
      stage: 0,
      what: `${name}: delivery date ${date} UTC`,
    });
  }
}

function recordOf({ index, reference, type, item }: PostedPromise): RecordName {
  return { index, reference, type, item };
}
