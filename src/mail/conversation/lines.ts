// From what was read to what is ordered, short, or left out: the lines of an order or a reply against free stock. Pure.
import type { Catalogue } from '../catalogue.ts';
import type { WrittenLine } from '../extraction/lines.ts';
import type { ReadingLine, ReadOrder } from '../reading.ts';
import { inProductUnit, type LineAvailability } from './availability.ts';
import type { Decision } from './decide.ts';
import type { LeftOut, LineRecord, OrderLine, ShortLine } from './model.ts';

/** Days that can be promised, by product. */
export type PromiseOf = (product: number, day: string | null) => string | null;

/** The catalogue with stock as it is now. */
export function withStock(catalogue: Catalogue, free: ReadonlyMap<number, number>): Catalogue {
  return {
    ...catalogue,
    product(id) {
      const product = catalogue.product(id);
      const now = free.get(id);
      return product && product.free !== null && now !== undefined ? { ...product, free: now } : product;
    },
  };
}

export function dayOf(line: ReadingLine, order: Pick<ReadOrder, 'deliveryDate'>): string | null {
  return line.deliveryDate ?? order.deliveryDate ?? null;
}

function heldOf(line: ReadingLine, catalogue: Catalogue): number | null {
  const product = line.product === null ? undefined : catalogue.product(line.product);
  if (!product || product.free === null) return null;
  return inProductUnit(line, product.uom, catalogue.units) ?? null;
}

export function orderLine(line: ReadingLine, day: string | null, catalogue: Catalogue): OrderLine {
  return {
    product: line.product!,
    quantity: line.quantity!,
    uom: line.uom,
    day,
    held: heldOf(line, catalogue),
  };
}

export function shortLine(
  line: ReadingLine,
  number: number,
  day: string | null,
  availability: LineAvailability,
  promise: PromiseOf,
): ShortLine {
  return {
    line: number,
    product: availability.product,
    quantity: line.quantity!,
    uom: line.uom,
    day,
    wanted: availability.wanted,
    free: availability.free,
    promise: promise(availability.product, day),
  };
}

/** Each line as it is shown, with what became of it. */
export function recordsOf(order: ReadOrder, decision: Decision, written: readonly WrittenLine[]): LineRecord[] {
  return order.lines.map((line, index): LineRecord => {
    const found = decision.lines.find((each) => each.line === index);
    const outcome = found?.outcome === 'accepted' ? 'ordered' : (found?.outcome ?? 'wrong');
    return {
      line: index + 1,
      product: line.product,
      written: writtenName(written[index]),
      place: written[index]?.place ?? null,
      texts: textsOf(written[index]),
      quantity: line.quantity,
      uom: line.uom,
      day: dayOf(line, order),
      outcome: decision.event === 'wrong' && outcome === 'ordered' ? 'wrong' : outcome,
    };
  });
}

const LONGEST_TEXT = 200;

function textsOf(line: WrittenLine | undefined): NonNullable<LineRecord['texts']> {
  const { quantity, unit, deliveryDate } = line ?? {};
  return {
    ...(quantity === undefined ? {} : { quantity: String(quantity).slice(0, LONGEST_TEXT) }),
    ...(unit === undefined ? {} : { uom: unit.slice(0, LONGEST_TEXT) }),
    ...(deliveryDate === undefined ? {} : { deliveryDate: deliveryDate.slice(0, LONGEST_TEXT) }),
  };
}

/** The product as the mail names it. */
export function writtenName(line: WrittenLine | undefined): string | null {
  const name = line?.product ?? ([line?.code, line?.description].filter(Boolean).join(' ') || line?.buyerCode);
  return name ? String(name).slice(0, 200) : null;
}

/**
 * Choice 2: the short lines in full, with quantities that the reply changes. What it names beside them is left out.
 */
export function waitingLines(
  short: readonly ShortLine[],
  changes: readonly ReadingLine[],
  catalogue: Catalogue,
  promise: PromiseOf,
  written: readonly WrittenLine[] = [],
): { lines: ShortLine[]; leftOut: LeftOut[] } {
  const leftOut: LeftOut[] = [];
  const changed = new Map<number, ReadingLine[]>();
  const named = (line: ReadingLine) => writtenName(written[changes.indexOf(line)]);
  for (const line of changes) {
    const known = line.product !== null && short.some(({ product }) => product === line.product);
    if (known) changed.set(line.product!, [...(changed.get(line.product!) ?? []), line]);
    else leftOut.push({ product: line.product, written: named(line), quantity: line.quantity, uom: line.uom });
  }
  const lines = short.map((line): ShortLine => {
    // The first change is of the first line of that product, and so on.
    const change = changed.get(line.product)?.shift();
    if (!change) return { ...line, promise: promise(line.product, line.day) };
    const own = catalogue.product(line.product)?.uom;
    const wanted = own === undefined ? undefined : inProductUnit(change, own, catalogue.units);
    const day = change.deliveryDate ?? line.day;
    return {
      ...line,
      quantity: change.quantity ?? line.quantity,
      uom: change.quantity === null ? line.uom : change.uom,
      wanted: wanted ?? line.wanted,
      day,
      promise: promise(line.product, day),
    };
  });
  for (const rest of changed.values()) {
    for (const line of rest)
      leftOut.push({ product: line.product, written: named(line), quantity: line.quantity, uom: line.uom });
  }
  return { lines, leftOut };
}

/** Choice 1 without lines: of each short line what is free, in the product's own unit. */
export function availableLines(
  short: readonly ShortLine[],
  catalogue: Catalogue,
  held: ReadonlyMap<number, number>,
): OrderLine[] {
  const left = new Map<number, number>();
  const lines: OrderLine[] = [];
  for (const { product: id, wanted, day, quantity, uom } of short) {
    const product = catalogue.product(id);
    if (!product?.active || !product.saleOk) continue;
    const free = left.get(id) ?? Math.max(0, (product.free ?? wanted) - (held.get(id) ?? 0));
    const taken = Math.min(wanted, wholeWhere(free, product.uom));
    left.set(id, Math.max(0, free - taken));
    if (taken <= 1e-9) continue;
    const all = taken === wanted;
    lines.push({
      product: id,
      quantity: all ? quantity : taken,
      uom: all ? uom : product.uom,
      day,
      held: product.free === null ? null : taken,
    });
  }
  return lines;
}

/** Pieces are ordered whole. */
function wholeWhere(quantity: number, uom: string): number {
  return /^(?:units?|unit\(s\)|pieces?)$/i.test(uom) ? Math.floor(quantity + 1e-9) : quantity;
}
