// Sales orders of mail orders in Odoo, many at a time: asked for under a key that is stored before, looked up before asking again,
// confirmed, and read back for the answer. Each order of a call that Odoo refuses is tried alone.
import { randomInt } from 'node:crypto';
import type { OdooWriter } from '../../connector/odoo/writer.ts';
import { PlanbridgeError } from '../../errors.ts';
import { tokenIn, type Values } from '../../mapping/commands.ts';
import { link, number, type OdooRow, text } from '../../mapping/records.ts';
import { type SaleWish, saleLineFields, saleOrderValues, saleOrigin } from '../../mapping/sale-commands.ts';
import type { Store } from '../../store/database.ts';
import type { OrderLine } from '../conversation/model.ts';
import { type Desk, isPassing } from './desk.ts';
import { type LeftOrder, leftOrders } from './left.ts';
import { type CustomerWish, type PartnerNotes, resolvePartners } from './partners.ts';

export interface SaleJob {
  effect: number;
  conversation: number;
  customer: CustomerWish;
  reference: string | null;
  lines: readonly OrderLine[];
  today: string;
}

export interface MadeLine {
  /** Id of the line in Odoo. */
  id: number;
  product: number;
  name: string;
  quantity: number;
  unit: string;
  price: number;
  discount: number;
  untaxed: number;
  tax: number;
  total: number;
  /** Demand of the line that Odoo has reserved or delivered, in the product's own unit. */
  reserved: number;
}

export interface MadeOrder {
  id: number;
  name: string;
  state: string;
  currency: string;
  untaxed: number;
  tax: number;
  total: number;
  /** Requested day, `YYYY-MM-DD`. */
  day: string | null;
  lines: MadeLine[];
}

export type SaleResult =
  | { kind: 'made'; order: MadeOrder }
  | { kind: 'refused'; reason: string }
  /** Nobody knows yet whether it is there. */
  | { kind: 'later'; afterMs: number };

export interface SaleSurroundings {
  store: Store;
  desk: Desk;
  confirm: boolean;
  /** How long Odoo may still be at work on a call whose answer was lost. */
  settleMs: number;
  now: () => number;
}

/** @throws PlanbridgeError when Odoo cannot be reached; all of them are then to be tried again */
export async function makeSales(
  jobs: readonly SaleJob[],
  surroundings: SaleSurroundings,
): Promise<Map<number, SaleResult>> {
  const { desk, confirm } = surroundings;
  const results = new Map<number, SaleResult>();
  const { writer } = await desk.connect();
  const ids = await askedBefore(jobs, surroundings, writer, results);
  await takeOver(
    jobs.filter(({ effect }) => !ids.has(effect) && !results.has(effect)),
    ids,
    results,
    surroundings,
    writer,
  );
  const fresh = jobs.filter(({ effect }) => !ids.has(effect) && !results.has(effect));
  if (fresh.length > 0) await create(fresh, ids, surroundings, writer, results);
  const states = await confirmAll([...ids.values()], confirm, writer);
  for (const [effect, id] of ids) {
    const refused = states.get(id);
    if (refused !== undefined) results.set(effect, { kind: 'refused', reason: refused });
  }
  const orders = await readBack(
    [...ids].filter(([effect]) => !results.has(effect)).map(([, id]) => id),
    desk,
    writer,
  );
  for (const [effect, id] of ids) {
    const order = orders.get(id);
    if (results.has(effect)) continue;
    results.set(
      effect,
      order ? { kind: 'made', order } : { kind: 'refused', reason: 'the sales order is gone from Odoo' },
    );
  }
  return results;
}

interface RecordRow {
  effect: number;
  token: string;
  id: number | null;
  askedAt: Date;
}

/** Orders of earlier tries, by effect. What may still be on its way is put off. */
async function askedBefore(
  jobs: readonly SaleJob[],
  { store, settleMs, now }: SaleSurroundings,
  writer: OdooWriter,
  results: Map<number, SaleResult>,
): Promise<Map<number, number>> {
  const rows = await store.query<RecordRow>(
    `select effect_id::integer as effect, token, res_id as id, asked_at as "askedAt" from planbridge.mail_record
     where effect_id = any($1) and model = 'sale.order'`,
    [jobs.map(({ effect }) => effect)],
  );
  const ids = new Map(rows.flatMap(({ effect, id }) => (id === null ? [] : [[effect, id] as const])));
  const open = rows.filter(({ id }) => id === null);
  if (open.length === 0) return ids;
  const domain = [['origin', 'in', open.map(({ token }) => saleOrigin(token))] as const];
  const found = await writer.read({ model: 'sale.order', domain, fields: ['origin'] });
  for (const { effect, token, askedAt } of open) {
    const row = found.find((each) => tokenIn(text(each, 'origin')) === token);
    const wait = askedAt.getTime() + settleMs - now();
    if (row) {
      ids.set(effect, row.id);
      await keep(store, [{ token, id: row.id }]);
    } else if (wait > 0) results.set(effect, { kind: 'later', afterMs: wait });
  }
  return ids;
}

/**
 * Orders that stand in Odoo from a try of the same conversation that was given up, for example because Odoo did not confirm them:
 * the same lines are not ordered again, drafts with other lines are cancelled first.
 */
async function takeOver(
  jobs: readonly SaleJob[],
  ids: Map<number, number>,
  results: Map<number, SaleResult>,
  { store, desk }: SaleSurroundings,
  writer: OdooWriter,
): Promise<void> {
  const left = await leftOrders(jobs, store, desk, writer);
  for (const job of jobs) {
    const own = left.filter(({ conversation }) => conversation === job.conversation);
    const same = own.find((order) => order.says(job.lines));
    if (same) {
      await store.query('update planbridge.mail_record set effect_id = $2, res_id = $3 where token = $1', [
        same.token,
        job.effect,
        same.id,
      ]);
      ids.set(job.effect, same.id);
      continue;
    }
    for (const order of own) {
      const reason = await withdraw(order, store, writer);
      if (reason !== null) results.set(job.effect, { kind: 'refused', reason });
    }
  }
}

/** @returns why it has to stay */
async function withdraw(
  { id, name, state, token }: LeftOrder,
  store: Store,
  writer: OdooWriter,
): Promise<string | null> {
  if (state !== 'draft') {
    return `${name} was made for this mail before, with other lines, and is no draft any more: cancel it in Odoo, or close the conversation`;
  }
  try {
    await writer.act('sale.order', 'action_cancel', [id]);
  } catch (error) {
    if (isPassing(error)) throw error;
    return `${name} was made for this mail before, with other lines, and Odoo does not cancel it: ${(error as Error).message}`;
  }
  await store.query('delete from planbridge.mail_record where token = $1', [token]);
  return null;
}

/** 14 letters and digits. */
function newToken(): string {
  return Array.from({ length: 14 }, () => randomInt(36).toString(36)).join('');
}

interface Asked {
  job: SaleJob;
  token: string;
  values: Values;
}

async function create(
  jobs: readonly SaleJob[],
  ids: Map<number, number>,
  surroundings: SaleSurroundings,
  writer: OdooWriter,
  results: Map<number, SaleResult>,
): Promise<void> {
  const { desk, confirm, store, now } = surroundings;
  const context = await desk.saleContext(jobs.flatMap(({ lines }) => lines.map(({ product }) => product)));
  const partners = await partnersOf(jobs, surroundings, writer, results);
  const asked: Asked[] = [];
  for (const job of jobs) {
    const partner = partners.get(job.effect);
    if (!partner) continue;
    const token = newToken();
    const wish: SaleWish = {
      token,
      ...partner,
      reference: job.reference,
      lines: job.lines.map(({ product, quantity, uom, day }) => ({ product, quantity, unit: uom, day })),
      confirmed: confirm,
      today: job.today,
    };
    const outcome = saleOrderValues(context, wish);
    if (outcome.ok) asked.push({ job, token, values: outcome.values });
    else results.set(job.effect, { kind: 'refused', reason: outcome.reason });
  }
  if (asked.length === 0) return;
  await begin(store, asked, new Date(now()));
  await attempt(asked, ids, surroundings, writer, results);
}

async function partnersOf(
  jobs: readonly SaleJob[],
  surroundings: SaleSurroundings,
  writer: OdooWriter,
  results: Map<number, SaleResult>,
): Promise<Map<number, { partner: number; shipping: number | null }>> {
  try {
    const partners = await resolvePartners(
      writer,
      jobs.map(({ customer }) => customer),
      partnerNotes(jobs[0]!, surroundings),
    );
    return new Map(jobs.map(({ effect }, index) => [effect, partners[index]!]));
  } catch (error) {
    if (isPassing(error)) throw error;
    const [only] = jobs;
    if (jobs.length === 1 && only) {
      results.set(only.effect, { kind: 'refused', reason: `the customer: ${(error as Error).message}` });
      return new Map();
    }
    // One customer that Odoo does not take is no matter of the others.
    const all = new Map<number, { partner: number; shipping: number | null }>();
    for (const job of jobs)
      for (const [effect, partner] of await partnersOf([job], surroundings, writer, results)) all.set(effect, partner);
    return all;
  }
}

function partnerNotes({ effect, conversation }: SaleJob, { store, settleMs, now }: SaleSurroundings): PartnerNotes {
  const tokens = (emails: readonly string[]) => emails.map((email) => `partner ${email}`);
  return {
    async begin(emails) {
      const open = await store.query<{ askedAt: Date }>(
        'select asked_at as "askedAt" from planbridge.mail_record where token = any($1) and asked_at > $2',
        [tokens(emails), new Date(now() - settleMs)],
      );
      if (open.length > 0) {
        throw new PlanbridgeError(
          'PB_ODOO_UNREACHABLE',
          503,
          'Odoo may still be at work on a customer that it was asked to make.',
        );
      }
      await store.query(
        `insert into planbridge.mail_record (token, conversation_id, effect_id, model, asked_at)
         select token, $2, $3, 'res.partner', $4 from unnest($1::text[]) as token
         on conflict (token) do update set asked_at = excluded.asked_at`,
        [tokens(emails), conversation, effect, new Date(now())],
      );
    },
    async end(emails) {
      await store.query('delete from planbridge.mail_record where token = any($1)', [tokens(emails)]);
    },
  };
}

async function begin(store: Store, asked: readonly Asked[], now: Date): Promise<void> {
  await store.transaction(async (query) => {
    // A try that Odoo never got leaves a key behind that stands for nothing.
    await query(
      `delete from planbridge.mail_record where effect_id = any($1) and model = 'sale.order' and res_id is null`,
      [asked.map(({ job }) => job.effect)],
    );
    for (const { job, token } of asked) {
      await query(
        `insert into planbridge.mail_record (token, conversation_id, effect_id, model, asked_at) values ($1, $2, $3, 'sale.order', $4)`,
        [token, job.conversation, job.effect, now],
      );
    }
  });
}

async function keep(store: Store, made: readonly { token: string; id: number }[]): Promise<void> {
  await store.query(
    `update planbridge.mail_record r set res_id = m.id from jsonb_to_recordset($1::jsonb) as m (token text, id integer)
     where r.token = m.token`,
    [JSON.stringify(made)],
  );
}

async function attempt(
  asked: readonly Asked[],
  ids: Map<number, number>,
  surroundings: SaleSurroundings,
  writer: OdooWriter,
  results: Map<number, SaleResult>,
): Promise<void> {
  const { store } = surroundings;
  try {
    const made = await writer.create(
      'sale.order',
      asked.map(({ values }) => values),
    );
    for (const [index, { job }] of asked.entries()) ids.set(job.effect, made[index]!);
    await keep(
      store,
      asked.map(({ token }, index) => ({ token, id: made[index]! })),
    );
  } catch (error) {
    if (isPassing(error) || !(error instanceof PlanbridgeError)) throw error;
    const [only] = asked;
    if (asked.length === 1 && only) {
      await store.query('delete from planbridge.mail_record where token = $1', [only.token]);
      results.set(only.job.effect, { kind: 'refused', reason: error.message });
      return;
    }
    for (const one of asked) await attempt([one], ids, surroundings, writer, results);
  }
}

/** Confirms what is not yet. @returns why Odoo does not want to, by id */
async function confirmAll(ids: readonly number[], confirm: boolean, writer: OdooWriter): Promise<Map<number, string>> {
  const refused = new Map<number, string>();
  if (!confirm || ids.length === 0) return refused;
  try {
    await writer.act('sale.order', 'action_confirm', ids);
    return refused;
  } catch (error) {
    if (isPassing(error)) throw error;
    const rows = await writer.read({ model: 'sale.order', domain: [['id', 'in', ids]], fields: ['state'] });
    for (const row of rows) {
      if (!['draft', 'sent'].includes(text(row, 'state'))) continue;
      try {
        await writer.act('sale.order', 'action_confirm', [row.id]);
      } catch (single) {
        if (isPassing(single)) throw single;
        refused.set(row.id, `Odoo does not confirm the order it has made: ${(single as Error).message}`);
      }
    }
    return refused;
  }
}

async function readBack(ids: readonly number[], desk: Desk, writer: OdooWriter): Promise<Map<number, MadeOrder>> {
  if (ids.length === 0) return new Map();
  const { unit } = saleLineFields(writer.major);
  const [orders, lines] = await Promise.all([
    writer.read({
      model: 'sale.order',
      domain: [['id', 'in', ids]],
      fields: ['name', 'state', 'currency_id', 'amount_untaxed', 'amount_tax', 'amount_total', 'commitment_date'],
    }),
    writer.read({
      model: 'sale.order.line',
      domain: [['order_id', 'in', ids]],
      fields: [
        'order_id',
        'product_id',
        'name',
        'product_uom_qty',
        unit,
        'price_unit',
        'discount',
        'price_subtotal',
        'price_tax',
        'price_total',
        'display_type',
      ],
    }),
  ]);
  const reserved = await readReserved(
    lines.map(({ id }) => id),
    writer,
  );
  const made = new Map<number, MadeOrder>();
  for (const row of orders) {
    const own = lines.filter((line) => link(line, 'order_id') === row.id && text(line, 'display_type') === '');
    made.set(row.id, {
      id: row.id,
      name: text(row, 'name'),
      state: text(row, 'state'),
      currency: await desk.currency(link(row, 'currency_id')),
      untaxed: number(row, 'amount_untaxed'),
      tax: number(row, 'amount_tax'),
      total: number(row, 'amount_total'),
      day: text(row, 'commitment_date').slice(0, 10) || null,
      lines: await Promise.all(own.map((line) => madeLine(line, unit, reserved.get(line.id)?.reserved ?? 0, desk))),
    });
  }
  return made;
}

async function madeLine(line: OdooRow, unit: string, reserved: number, desk: Desk): Promise<MadeLine> {
  return {
    id: line.id,
    product: link(line, 'product_id') ?? 0,
    name: text(line, 'name').split('\n')[0]!,
    quantity: number(line, 'product_uom_qty'),
    unit: await desk.unitName(link(line, unit)),
    price: number(line, 'price_unit'),
    discount: number(line, 'discount'),
    untaxed: number(line, 'price_subtotal'),
    tax: number(line, 'price_tax'),
    total: number(line, 'price_total'),
    reserved,
  };
}

export interface Reservation {
  /** Reserved or delivered, in the product's own unit. */
  reserved: number;
  /** Odoo wants nothing more for this line. */
  settled: boolean;
}

/** How far Odoo has set goods aside for lines of sales orders. Of several steps to the customer, the furthest counts. */
export async function readReserved(lines: readonly number[], writer: OdooWriter): Promise<Map<number, Reservation>> {
  if (lines.length === 0) return new Map();
  const quantity = writer.major >= 17 ? 'quantity' : 'reserved_availability';
  const moves = await writer.read({
    model: 'stock.move',
    domain: [['sale_line_id', 'in', lines]],
    fields: ['sale_line_id', 'state', 'location_id', 'product_qty', 'product_uom_qty', quantity],
  });
  const result = new Map<number, Reservation>();
  for (const [line, own] of Map.groupBy(moves, (move) => link(move, 'sale_line_id') ?? 0)) {
    const open = own.filter((move) => text(move, 'state') !== 'cancel');
    const steps = Map.groupBy(open, (move) => link(move, 'location_id') ?? 0);
    const sums = [...steps.values()].map((same) => same.reduce((sum, move) => sum + setAside(move, quantity), 0));
    result.set(line, {
      reserved: Math.max(0, ...sums),
      settled: open.every((move) => ['assigned', 'done'].includes(text(move, 'state'))),
    });
  }
  return result;
}

function setAside(move: OdooRow, quantity: string): number {
  const own = number(move, 'product_qty');
  if (text(move, 'state') === 'done' || text(move, 'state') === 'assigned') return own;
  const wanted = number(move, 'product_uom_qty');
  return wanted > 0 ? (number(move, quantity) / wanted) * own : 0;
}
