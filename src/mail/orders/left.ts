// Sales orders that earlier tries of a conversation have left in Odoo although they were given up. Looks only: it changes nothing.
import type { OdooWriter } from '../../connector/odoo/writer.ts';
import { tokenIn } from '../../mapping/commands.ts';
import { link, number, text } from '../../mapping/records.ts';
import { saleLineFields, saleOrigin } from '../../mapping/sale-commands.ts';
import type { Store } from '../../store/database.ts';
import type { OrderLine } from '../conversation/model.ts';
import type { Desk } from './desk.ts';

export interface LeftOrder {
  conversation: number;
  token: string;
  id: number;
  name: string;
  /** In Odoo: draft, sent, sale … */
  state: string;
  /** Whether these lines are what it orders. */
  says(lines: readonly OrderLine[]): boolean;
}

/** Without any, Odoo is not asked. Cancelled ones count as not there. */
export async function leftOrders(
  jobs: readonly { conversation: number }[],
  store: Store,
  desk: Desk,
  writer: OdooWriter,
): Promise<LeftOrder[]> {
  if (jobs.length === 0) return [];
  const kept = await store.query<{ token: string; conversation: number }>(
    `select r.token, r.conversation_id::integer as conversation from planbridge.mail_record r
       join planbridge.mail_effect e on e.id = r.effect_id
     where r.model = 'sale.order' and e.state = 'dropped' and r.conversation_id = any($1)`,
    [jobs.map(({ conversation }) => conversation)],
  );
  if (kept.length === 0) return [];
  const orders = await writer.read({
    model: 'sale.order',
    domain: [
      ['origin', 'in', kept.map(({ token }) => saleOrigin(token))],
      ['state', '!=', 'cancel'],
    ],
    fields: ['origin', 'name', 'state'],
  });
  const { unit } = saleLineFields(writer.major);
  const rows = await writer.read({
    model: 'sale.order.line',
    domain: [['order_id', 'in', orders.map(({ id }) => id)]],
    fields: ['order_id', 'product_id', 'product_uom_qty', unit, 'display_type'],
  });
  const lines = new Map<number, string[]>();
  for (const row of rows) {
    if (text(row, 'display_type') !== '') continue;
    const name = await desk.unitName(link(row, unit));
    const order = link(row, 'order_id') ?? 0;
    const own = lines.get(order) ?? [];
    own.push(`${link(row, 'product_id')} ${number(row, 'product_uom_qty')} ${name}`);
    lines.set(order, own);
  }
  return orders.flatMap((row) => {
    const token = tokenIn(text(row, 'origin'));
    const record = kept.find((each) => each.token === token);
    const written = (lines.get(row.id) ?? []).toSorted();
    return record
      ? [
          {
            ...record,
            id: row.id,
            name: text(row, 'name'),
            state: text(row, 'state'),
            says: (asked: readonly OrderLine[]) => same(asked, written),
          },
        ]
      : [];
  });
}

function same(asked: readonly OrderLine[], written: readonly string[]): boolean {
  const left = [...written];
  for (const { product, quantity, uom } of asked) {
    // Without a unit it is the product's.
    const index = left.findIndex((line) =>
      uom === null ? line.startsWith(`${product} ${quantity} `) : line === `${product} ${quantity} ${uom}`,
    );
    if (index < 0) return false;
    left.splice(index, 1);
  }
  return left.length === 0;
}
