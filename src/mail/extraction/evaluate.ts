// Lines as written -> products, quantities, units and days, with every doubt named by line and field.
import type { Catalogue, Customer } from '../catalogue.ts';
import type { ReadingError, ReadingLine, ReadOrder } from '../reading.ts';
import type { KnownUnit } from '../words/units.ts';
import { type ReadDate, readDate } from './dates.ts';
import type { WrittenLine, WrittenOrder } from './lines.ts';
import type { Manner } from './manner.ts';
import { readProduct } from './product.ts';
import { readQuantity } from './quantity.ts';

export interface EvaluationContext {
  catalogue: Catalogue;
  customer: Customer | undefined;
  manner: Manner;
  /** `YYYY-MM-DD` of the mail's arrival. */
  today: string;
  limits: { maxLines: number; maxQuantity: number };
}

export interface Evaluated {
  order: ReadOrder;
  errors: ReadingError[];
  /** The lines as they stand in the mail, for people. */
  written: readonly WrittenLine[];
}

export function evaluate(written: WrittenOrder, context: EvaluationContext): Evaluated {
  const { limits, manner, today } = context;
  const order: ReadOrder = { lines: [] };
  const errors: ReadingError[] = [];
  const { common } = written;
  if (written.lines.length > limits.maxLines) {
    return { order, errors: [{ field: 'lines', problem: 'too-many' }], written: [] };
  }

  const reference = common.customerReference ?? sameReference(written.lines);
  if (reference) order.customerReference = reference;
  if (common.address) order.address = common.address;
  const orderDate = readDate(common.orderDate ?? sameText(written.lines, 'orderDate') ?? '', manner, today);
  if (orderDate?.date) order.orderDate = orderDate.date;
  else if (orderDate?.problem) errors.push({ field: 'orderDate', problem: orderDate.problem });
  const common_ = common.deliveryDate ? readDate(common.deliveryDate, manner, today) : undefined;
  const deliveryDate = checkDate(common_, order.orderDate, today);
  if (deliveryDate.date) order.deliveryDate = deliveryDate.date;
  const dated = written.lines.filter((line) => line.deliveryDate).length;
  if (deliveryDate.problem && dated < written.lines.length) {
    errors.push({ field: 'deliveryDate', problem: deliveryDate.problem });
  }
  for (const [index, line] of written.lines.entries()) {
    const add = (field: ReadingError['field'], problem: string) => errors.push({ line: index + 1, field, problem });
    order.lines.push(evaluateLine(line, context, order.orderDate, add));
  }
  // What stands once for all lines is said of each.
  const { deliveryDate: day } = common;
  const lines = written.lines.map((line) => (line.deliveryDate || !day ? line : { ...line, deliveryDate: day }));
  return { order, errors, written: lines };
}

function evaluateLine(
  line: WrittenLine,
  { catalogue, customer, manner, today, limits }: EvaluationContext,
  orderDate: string | undefined,
  add: (field: ReadingError['field'], problem: string) => void,
): ReadingLine {
  const found = readProduct(line, catalogue, customer?.company.id);
  if (found.problem) add('product', found.problem);
  const product = found.problem ? undefined : found.product;
  const base = product && catalogue.units.ofName(product.uom);
  const quantity = readQuantity(line.quantity, line.unit, manner);
  const unit = quantity.unit;
  if (quantity.problem) add('quantity', quantity.problem);
  else if (quantity.value !== null) {
    if (unit === null) add('uom', 'unknown');
    else if (unit && base && unit.kind !== base.kind) add('uom', 'mismatch');
    const problem = amountProblem(quantity.value, unit ?? undefined, base, limits.maxQuantity);
    if (problem) add('quantity', problem);
  }
  if (unit === null && quantity.problem) add('uom', 'unknown');
  const result: ReadingLine = {
    product: product?.id ?? null,
    quantity: quantity.value,
    uom: unit?.name ?? (unit === null ? null : (product?.uom ?? null)),
  };
  const own = line.deliveryDate ? readDate(line.deliveryDate, manner, today) : undefined;
  const lineOrderDate = line.orderDate ? readDate(line.orderDate, manner, today)?.date : undefined;
  const date = checkDate(own, lineOrderDate ?? orderDate, today);
  if (date.date) result.deliveryDate = date.date;
  if (date.problem) add('deliveryDate', date.problem);
  return result;
}

function amountProblem(
  value: number,
  unit: KnownUnit | undefined,
  base: KnownUnit | undefined,
  most: number,
): 'zero' | 'negative' | 'fraction' | 'absurd' | undefined {
  if (value === 0) return 'zero';
  if (value < 0) return 'negative';
  const comparable = !unit || !base || unit.kind === base.kind;
  const inReference =
    comparable && base ? (value * (unit?.factor ?? base.factor)) / base.factor : value * (unit?.factor ?? 1);
  if (inReference > most) return 'absurd';
  const counted = (base ?? unit)?.kind === 'unit' && (!unit || unit.kind === 'unit');
  const pieces = value * (unit?.factor ?? base?.factor ?? 1);
  return counted && Math.abs(pieces - Math.round(pieces)) > 1e-9 ? 'fraction' : undefined;
}

function checkDate(
  read: ReadDate | undefined,
  orderDate: string | undefined,
  today: string,
): { date?: string; problem?: string } {
  if (!read) return {};
  if (read.problem) return { problem: read.problem };
  // Both can hold; what the mail itself contradicts is said first.
  if (orderDate && read.date < orderDate) return { problem: 'before-order' };
  return read.date < today ? { problem: 'past' } : { date: read.date };
}

function sameText(lines: readonly WrittenLine[], field: 'orderDate' | 'customerReference'): string | undefined {
  const values = new Set(lines.map((line) => line[field]?.trim()).filter(Boolean));
  return values.size === 1 ? [...values][0] : undefined;
}

function sameReference(lines: readonly WrittenLine[]): string | undefined {
  return sameText(lines, 'customerReference');
}
