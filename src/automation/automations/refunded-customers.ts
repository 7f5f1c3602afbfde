// 22. Customers from elsewhere whose order was refunded (who expected it to be shipped) get no text messages for it: the order no
// longer counts as a purchase, so their last purchase is the one before it, or none.
import { z } from 'zod';
import type { Domain } from '../../connector/odoo/reader.ts';
import { link, number, type OdooRow, text } from '../../mapping/records.ts';
import { formatStamp } from '../../mapping/time.ts';
import { type AutomationContext, type AutomationOdoo, automation, type Json } from '../automation.ts';
import { companyAddress } from '../customers.ts';
import { dayAfter, startOfDay } from '../days.ts';
import { odooStamp, type Purchase, purchases } from '../sales.ts';

const Settings = z.object({
  days: z.int().min(1).max(3_650).default(30).describe('Refunded orders of so many days are looked at'),
  states: z
    .array(z.string().min(1))
    .default([])
    .describe('States, by name or code, that the shop serves; default that of the company'),
  field: z
    .string()
    .nullable()
    .default(null)
    .describe('Date field of res.partner with the last purchase, where Odoo has one; it is set back too'),
});

/** Name under which the text messages find what no longer counts: `stateOf(…)`, keys `order <sale|pos> <id>`. */
export const REFUNDED_CUSTOMERS = 'refunded-customers';

export const refundedCustomers = automation({
  name: REFUNDED_CUSTOMERS,
  title: 'Refunded customers from elsewhere',
  seed: '22',
  description:
    'Takes customers from other states whose order was refunded out of the text messages that follow a purchase.',
  schedule: 'daily at 21:30',
  missed: 'once',
  needs: ['odoo'],
  settings: Settings,
  async run(context) {
    const { settings, odoo, state, today, zone, count } = context;
    const field = settings.field;
    if (field !== null) await odoo.require('res.partner', [field], `that has the field ${field}`);
    const from = startOfDay(zone, dayAfter(today(), -settings.days));
    const refunded = await refundedOrders(odoo, from);
    count('refunded orders', refunded.length);
    const elsewhere = await partnersElsewhere(
      odoo,
      refunded.map(({ partner }) => partner),
      settings.states,
    );
    const known = new Set((await state.entries('order ')).map(([key]) => key));
    const fresh = refunded.filter((order) => elsewhere.has(order.partner) && !known.has(keyOf(order)));
    if (fresh.length === 0) return;
    const gone = new Set([...known, ...fresh.map(keyOf)]);
    const history = await historyOf(odoo, new Set(fresh.map(({ partner }) => partner)));
    for (const order of fresh) {
      const own = history.get(order.partner) ?? [];
      const before = lastPurchase([...own, order], known);
      const after = lastPurchase(own, gone);
      await setBack(context, order, elsewhere.get(order.partner) ?? '', before, after);
    }
  },
});

async function setBack(
  { effect, state, odoo, settings }: AutomationContext<z.output<typeof Settings>>,
  order: Purchase,
  subject: string,
  before: string | null,
  after: string | null,
): Promise<void> {
  await effect(
    {
      key: keyOf(order),
      once: 'ever',
      subject: `${subject} (${order.name})`,
      description: after === null ? 'last purchase taken away' : `last purchase set back to ${after}`,
      before,
      after,
    },
    async () => {
      const value: Json = { partner: order.partner, order: order.name };
      await state.set(keyOf(order), value);
      return true;
    },
  );
  if (settings.field === null) return;
  const { field } = settings;
  await odoo.update([
    {
      model: 'res.partner',
      id: order.partner,
      subject,
      description: `${field} set back`,
      before: { [field]: before },
      values: { [field]: after ?? false },
    },
  ]);
}

export function keyOf({ source, order }: Pick<Purchase, 'source' | 'order'>): string {
  return `order ${source} ${order}`;
}

/** Day of the last purchase that counts; null = none. */
export function lastPurchase(history: readonly Purchase[], gone: ReadonlySet<string>): string | null {
  const counts = history.filter((purchase) => purchase.total > 0 && !gone.has(keyOf(purchase)));
  if (counts.length === 0) return null;
  return formatStamp(Math.max(...counts.map(({ at }) => at))).slice(0, 10);
}

async function historyOf(odoo: AutomationOdoo, partners: ReadonlySet<number>): Promise<Map<number, Purchase[]>> {
  const history = new Map<number, Purchase[]>();
  for await (const page of purchases(odoo, { from: null, until: null }, [...partners])) {
    for (const purchase of page) {
      const own = history.get(purchase.partner);
      if (own) own.push(purchase);
      else history.set(purchase.partner, [purchase]);
    }
  }
  return history;
}

/** Orders of which everything came back or was credited since then. Cancelled ones are no purchases anyway. */
async function refundedOrders(odoo: AutomationOdoo, from: number): Promise<Purchase[]> {
  return [...(await refundedAtTill(odoo, from)), ...(await creditedOrders(odoo, from))];
}

async function refundedAtTill(odoo: AutomationOdoo, from: number): Promise<Purchase[]> {
  if (!(await odoo.has('pos.order.line', ['refunded_orderline_id']))) return [];
  const since: Domain = [['order_id.date_order', '>=', odooStamp(from)]];
  const backs = await odoo.rows({
    model: 'pos.order.line',
    fields: ['refunded_orderline_id', 'qty'],
    domain: [['refunded_orderline_id', '!=', false], ['order_id.state', 'in', ['paid', 'done', 'invoiced']], ...since],
  });
  const back = new Map<number, number>();
  for (const row of backs) {
    const line = link(row, 'refunded_orderline_id') ?? 0;
    back.set(line, (back.get(line) ?? 0) - number(row, 'qty'));
  }
  const some = await odoo.rows({
    model: 'pos.order.line',
    fields: ['order_id'],
    domain: [['id', 'in', [...back.keys()]]],
  });
  const ids = [...new Set(some.flatMap((row) => link(row, 'order_id') ?? []))];
  const lines = await odoo.rows({
    model: 'pos.order.line',
    fields: ['order_id', 'qty'],
    domain: [['order_id', 'in', ids]],
  });
  const whole = wholly(lines, back);
  return await ordersOf(odoo, 'pos', [['id', 'in', whole]]);
}

/** Orders of which every line has come back. */
export function wholly(lines: readonly OdooRow[], back: ReadonlyMap<number, number>): number[] {
  const byOrder = Map.groupBy(lines, (row) => link(row, 'order_id') ?? 0);
  return [...byOrder].flatMap(([order, own]) => {
    const sold = own.filter((row) => number(row, 'qty') > 0);
    return sold.length > 0 && sold.every((row) => (back.get(row.id) ?? 0) >= number(row, 'qty') - 1e-6) ? [order] : [];
  });
}

/** Sales orders whose invoices were credited as a whole. */
async function creditedOrders(odoo: AutomationOdoo, from: number): Promise<Purchase[]> {
  const fields = ['move_type', 'reversed_entry_id', 'invoice_origin', 'amount_total', 'invoice_date', 'state'];
  if (!(await odoo.has('account.move', fields))) return [];
  const credits = await odoo.rows({
    model: 'account.move',
    fields,
    domain: [
      ['move_type', '=', 'out_refund'],
      ['state', '=', 'posted'],
      ['reversed_entry_id', '!=', false],
      ['invoice_date', '>=', odooStamp(from).slice(0, 10)],
    ],
  });
  const invoices = await odoo.rows({
    model: 'account.move',
    fields: ['invoice_origin'],
    domain: [['id', 'in', credits.flatMap((row) => link(row, 'reversed_entry_id') ?? [])]],
  });
  const originOf = new Map(invoices.map((row) => [row.id, text(row, 'invoice_origin')]));
  const credited = new Map<string, number>();
  for (const row of credits) {
    const origin = originOf.get(link(row, 'reversed_entry_id') ?? 0) ?? '';
    if (origin !== '') credited.set(origin, (credited.get(origin) ?? 0) + number(row, 'amount_total'));
  }
  const orders = await ordersOf(odoo, 'sale', [['name', 'in', [...credited.keys()]]]);
  return orders.filter(({ name, total }) => (credited.get(name) ?? 0) >= total - 0.01);
}

async function ordersOf(odoo: AutomationOdoo, source: Purchase['source'], domain: Domain): Promise<Purchase[]> {
  const model = source === 'sale' ? 'sale.order' : 'pos.order';
  const rows = await odoo.rows({
    model,
    fields: ['name', 'date_order', 'partner_id', 'amount_total'],
    domain: [['partner_id', '!=', false], ...domain],
  });
  return rows.flatMap((row) => {
    const partner = link(row, 'partner_id');
    const at = Date.parse(`${text(row, 'date_order').replace(' ', 'T')}Z`) / 1_000;
    if (partner === undefined || Number.isNaN(at)) return [];
    return [{ source, order: row.id, name: text(row, 'name'), at, partner, total: number(row, 'amount_total') }];
  });
}

/** Names of those who live in another state or country than the shop serves; who has no address counts as a neighbour. */
async function partnersElsewhere(
  odoo: AutomationOdoo,
  partners: readonly number[],
  states: readonly string[],
): Promise<Map<number, string>> {
  const { country, state: own } = await companyAddress(odoo);
  const served = states.length > 0 ? await stateIds(odoo, states) : new Set(own === undefined ? [] : [own]);
  const rows = await odoo.rows({
    model: 'res.partner',
    fields: ['name', 'state_id', 'country_id'],
    domain: [['id', 'in', [...new Set(partners)]]],
  });
  const far = rows.filter((row) => {
    const [state, land] = [link(row, 'state_id'), link(row, 'country_id')];
    if (land !== undefined && country !== undefined && land !== country) return true;
    return state !== undefined && served.size > 0 && !served.has(state);
  });
  return new Map(far.map((row) => [row.id, text(row, 'name')]));
}

async function stateIds(odoo: AutomationOdoo, names: readonly string[]): Promise<Set<number>> {
  const rows = await odoo.rows({
    model: 'res.country.state',
    fields: ['name', 'code'],
    domain: ['|', ['name', 'in', names], ['code', 'in', names]],
  });
  return new Set(rows.map(({ id }) => id));
}
