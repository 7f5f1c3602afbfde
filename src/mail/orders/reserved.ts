// How far Odoo has set goods aside for lines of sales orders. Looks only: what follows from it is decided elsewhere.
import type { OdooWriter } from '../../connector/odoo/writer.ts';
import { link, number, type OdooRow, text } from '../../mapping/records.ts';

export interface Reservation {
  /** Reserved or delivered, in the product's own unit. */
  reserved: number;
  /** Odoo wants nothing more for this line. */
  settled: boolean;
}

/** Fields of stock.move that tell it; Odoo 17 has renamed one. */
export function moveFields(major: number): readonly string[] {
  return ['state', 'location_id', 'product_qty', 'product_uom_qty', reservedField(major)];
}

function reservedField(major: number): string {
  return major >= 17 ? 'quantity' : 'reserved_availability';
}

/** By line. A line without moves is absent. */
export async function readReserved(lines: readonly number[], writer: OdooWriter): Promise<Map<number, Reservation>> {
  if (lines.length === 0) return new Map();
  const moves = await writer.read({
    model: 'stock.move',
    domain: [['sale_line_id', 'in', lines]],
    fields: ['sale_line_id', ...moveFields(writer.major)],
  });
  const byLine = Map.groupBy(moves, (move) => link(move, 'sale_line_id') ?? 0);
  return new Map([...byLine].map(([line, own]) => [line, reservationOf(own, writer.major)]));
}

/** Of the moves of one line. Of several steps to the customer, the furthest counts. */
export function reservationOf(moves: readonly OdooRow[], major: number): Reservation {
  const quantity = reservedField(major);
  const open = moves.filter((move) => text(move, 'state') !== 'cancel');
  const steps = Map.groupBy(open, (move) => link(move, 'location_id') ?? 0);
  const sums = [...steps.values()].map((same) => same.reduce((sum, move) => sum + setAside(move, quantity), 0));
  return {
    reserved: Math.max(0, ...sums),
    settled: open.every((move) => ['assigned', 'done'].includes(text(move, 'state'))),
  };
}

function setAside(move: OdooRow, quantity: string): number {
  const own = number(move, 'product_qty');
  if (text(move, 'state') === 'done' || text(move, 'state') === 'assigned') return own;
  const wanted = number(move, 'product_uom_qty');
  return wanted > 0 ? (number(move, quantity) / wanted) * own : 0;
}
