// Sales orders as Odoo has made them, read back for the answer: number, prices, taxes, and what is reserved. One call from Odoo 17
// on, whatever the number of orders; three before, and where the one call does not work. Changes nothing.
import { z } from 'zod';
import type { OdooWriter } from '../../connector/odoo/writer.ts';
import { link, number, type OdooRow, type OdooValue, text } from '../../mapping/records.ts';
import { saleLineFields } from '../../mapping/sale-commands.ts';
import { type Desk, isPassing } from './desk.ts';
import { moveFields, type Reservation, readReserved, reservationOf } from './reserved.ts';

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

/** An order with its lines, and what is reserved for each. */
interface Found {
  order: OdooRow;
  lines: { line: OdooRow; reserved: number }[];
}

const ORDER_FIELDS = [
  'name',
  'state',
  'currency_id',
  'amount_untaxed',
  'amount_tax',
  'amount_total',
  'commitment_date',
] as const;

function lineFields(unit: string): readonly string[] {
  return [
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
  ];
}

/** By id; what is gone from Odoo is absent. */
export async function readMadeOrders(
  ids: readonly number[],
  desk: Desk,
  writer: OdooWriter,
): Promise<Map<number, MadeOrder>> {
  if (ids.length === 0) return new Map();
  const found = (writer.major >= 17 ? await readNested(ids, writer) : null) ?? (await readApart(ids, writer));
  const made = new Map<number, MadeOrder>();
  const { unit } = saleLineFields(writer.major);
  for (const { order, lines } of found) {
    const own = lines.filter(({ line }) => text(line, 'display_type') === '');
    made.set(order.id, {
      id: order.id,
      name: text(order, 'name'),
      state: text(order, 'state'),
      currency: await desk.currency(link(order, 'currency_id')),
      untaxed: number(order, 'amount_untaxed'),
      tax: number(order, 'amount_tax'),
      total: number(order, 'amount_total'),
      day: text(order, 'commitment_date').slice(0, 10) || null,
      lines: await Promise.all(own.map(({ line, reserved }) => madeLine(line, unit, reserved, desk))),
    });
  }
  return made;
}

const Nested = z.array(
  z.looseObject({
    id: z.number(),
    order_line: z.array(z.looseObject({ id: z.number(), move_ids: z.array(z.looseObject({ id: z.number() })) })),
  }),
);

/** null = it has to be read in another way: one of them is gone, or Odoo lacks something that this asks for. */
async function readNested(ids: readonly number[], writer: OdooWriter): Promise<Found[] | null> {
  const { unit } = saleLineFields(writer.major);
  const wish = (fields: readonly string[]) => Object.fromEntries(fields.map((field) => [field, {}]));
  const moves = { fields: wish(moveFields(writer.major)) };
  const lines = { fields: { ...wish(lineFields(unit)), move_ids: moves } };
  try {
    const specification = { ...wish(ORDER_FIELDS), order_line: lines };
    const answer = Nested.safeParse(await writer.act('sale.order', 'web_read', ids, { specification }));
    if (!answer.success) return null;
    return answer.data.map(({ order_line: own, ...order }) => ({
      order: plain(order),
      lines: own
        .map(({ move_ids: steps, ...line }) => ({
          line: plain(line),
          reserved: reservationOf(steps.map(plain), writer.major).reserved,
        }))
        .toSorted((a, b) => a.line.id - b.line.id),
    }));
  } catch (error) {
    if (isPassing(error)) throw error;
    return null;
  }
}

/** Odoo's `false` is empty. */
function plain(row: { id: number; [field: string]: unknown }): OdooRow {
  return Object.fromEntries(
    Object.entries(row).map(([field, value]) => [field, value === false ? null : (value as OdooValue)]),
  ) as OdooRow;
}

async function readApart(ids: readonly number[], writer: OdooWriter): Promise<Found[]> {
  const { unit } = saleLineFields(writer.major);
  const [orders, lines] = await Promise.all([
    writer.read({ model: 'sale.order', domain: [['id', 'in', ids]], fields: ORDER_FIELDS }),
    writer.read({
      model: 'sale.order.line',
      domain: [['order_id', 'in', ids]],
      fields: ['order_id', ...lineFields(unit)],
    }),
  ]);
  const reserved: ReadonlyMap<number, Reservation> = await readReserved(
    lines.map(({ id }) => id),
    writer,
  );
  return orders.map((order) => ({
    order,
    lines: lines
      .filter((line) => link(line, 'order_id') === order.id)
      .map((line) => ({ line, reserved: reserved.get(line.id)?.reserved ?? 0 })),
  }));
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
