// Delivery dates that the plan promises -> delivery dates of sales orders, where the option says so (connector.md 3.8). An order
// is promised for the day on which the last of its lines can be delivered, and the company's days of margin: Odoo has goods leave so
// many days before the date that it promises.
import { type Commands, odooStamp, type RecordName } from './commands.ts';
import type { PostedPromise } from './posted.ts';
import { link, number, type OdooRow, text } from './records.ts';
import { DAY, type Instant } from './time.ts';
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
    const order = orderOf(context, promise);
    if (!order) {
      commands.refusals.push({ ...record, reason: `"${promise.reference}" names no sales order line of Odoo` });
    } else if (text(order, 'state') === 'cancel') {
      commands.refusals.push({ ...record, reason: `${text(order, 'name')} is cancelled in Odoo` });
    } else byOrder.set(order.id, [...(byOrder.get(order.id) ?? []), promise]);
  }
  for (const [id, lines] of byOrder) {
    const order = context.table('sale.order').get(id)!;
    const name = text(order, 'name');
    const leaves = context.zone.toInstant(Math.max(...lines.map(({ delivery }) => delivery)));
    const company = context.table('res.company').get(link(order, 'company_id') ?? 0);
    const date = odooStamp(promisedInstant(leaves, company));
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

/** The date to promise for goods that leave at an instant. */
export function promisedInstant(leaves: Instant, company: OdooRow | undefined): Instant {
  return leaves + Math.round(number(company, 'security_lead') * DAY);
}

function orderOf(context: WriteContext, { line, order, orElse }: PostedPromise): OdooRow | undefined {
  for (const named of [{ line, order }, ...(orElse ? [orElse] : [])]) {
    const row = context.table('sale.order.line').get(named.line);
    const found = context.table('sale.order').get(link(row, 'order_id') ?? 0);
    if (found && text(found, 'name') === named.order) return found;
  }
  return undefined;
}

function recordOf({ index, reference, type, item }: PostedPromise): RecordName {
  return { index, reference, type, item };
}
