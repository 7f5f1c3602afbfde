// Whether what happened is what was read: differences, in sentences. Pure.
import type { Catalogue } from '../catalogue.ts';
import { isCreate } from '../conversation/apply.ts';
import { inProductUnit } from '../conversation/availability.ts';
import type { Reading, ReadingLine } from '../reading.ts';
import type { Happened } from './happened.ts';
import { isOf } from './result.ts';

function said(value: unknown): string {
  return value === undefined || value === null ? 'nothing' : JSON.stringify(value);
}

/** Goods of a line in the product's own unit, and its day. */
function goodsOf(line: ReadingLine, day: string | undefined, catalogue: Catalogue): string {
  const unit = line.product === null ? undefined : catalogue.product(line.product)?.uom;
  const quantity = (unit === undefined ? undefined : inProductUnit(line, unit, catalogue.units)) ?? line.quantity;
  return `${line.product} ${quantity} ${line.deliveryDate ?? day ?? ''}`.trim();
}

function linesOf(result: Reading, catalogue: Catalogue): string[] {
  if (result.kind === 'order')
    return result.order.lines.map((line) => goodsOf(line, result.order.deliveryDate, catalogue)).toSorted();
  if (result.kind === 'reply')
    return (result.reply.lines ?? []).map((line) => goodsOf(line, undefined, catalogue)).toSorted();
  return [];
}

function errorsOf(result: Reading): string[] {
  const errors = 'errors' in result ? (result.errors ?? []) : [];
  return errors.map(({ line, field, problem }) => `${line ?? ''} ${field} ${problem}`.trim()).toSorted();
}

export function differencesOf(result: Reading, happened: Happened, catalogue: Catalogue): string[] {
  const { reading, mail, conversation } = happened;
  const differences: string[] = [];
  const differ = (what: string, read: unknown, done: unknown) => {
    if (JSON.stringify(read ?? null) !== JSON.stringify(done ?? null))
      differences.push(`${what}: read ${said(read)}, happened ${said(done)}`);
  };
  const kind = mail.outcome === 'ignored: loop' ? 'ignored' : mail.kind;
  differ('kind', kind, result.kind);
  if (reading && reading.kind === result.kind) {
    if (reading.kind !== 'ignored' && result.kind !== 'ignored')
      differ('customer', reading.customer?.email, result.customer?.email);
    differ('lines', linesOf(reading, catalogue), linesOf(result, catalogue));
    differ('errors', errorsOf(reading), errorsOf(result));
    if (reading.kind === 'reply' && result.kind === 'reply')
      differ('choice', reading.reply.choice, result.reply.choice);
    if (reading.kind === 'order' && result.kind === 'order') {
      differ('reference', reading.order.customerReference, result.order.customerReference);
      differ('address', Boolean(reading.order.address), Boolean(result.order.address));
      differ('duplicate', Boolean(reading.duplicateOf), Boolean(result.duplicateOf));
    }
  }
  if (happened.sold.length > 1) differences.push(`${happened.sold.length} sales orders of one mail`);
  if (result.kind === 'ignored' && conversation === null && happened.steps.length > 0)
    differences.push('an ignored mail has changed a conversation');
  return [...differences, ...inOdoo(happened, catalogue), ...missing(happened, catalogue), ...happened.open];
}

/** The order in Odoo against the wish for it. */
function inOdoo({ sold, steps, conversation }: Happened, catalogue: Catalogue): string[] {
  const goods = (line: ReadingLine) => goodsOf({ ...line, deliveryDate: '' }, '', catalogue);
  const wished = steps
    .flatMap(({ detail, effects }) => (effects.some(isCreate) ? detail.order.map(goods) : []))
    .toSorted();
  const made = sold.flatMap(({ lines }) => lines.map(goods)).toSorted();
  const found = wished.join('; ') === made.join('; ') ? [] : [`Odoo: wished ${said(wished)}, made ${said(made)}`];
  for (const order of sold) {
    if (conversation && !isOf(order, conversation.customerEmail, catalogue))
      found.push(`${order.name} is an order of ${order.partner.name}, not of ${conversation.customerEmail}`);
  }
  return found;
}

/** What follows from the steps and is not there. */
function missing({ steps, answers, bought, conversation, sold }: Happened, catalogue: Catalogue): string[] {
  const found: string[] = [];
  const toCustomer = answers.filter(({ kind }) => kind !== 'replenishment');
  for (const { effects, detail, event } of steps) {
    const asked = effects.filter(
      (effect) => effect.startsWith('answer-') && !(effect === 'answer-confirmation' && sold.length === 0),
    );
    if (asked.length > 0 && toCustomer.length === 0 && conversation?.answerTo)
      found.push(`${asked.join(', ')}: nobody was answered`);
    if (event !== 'choice-wait') continue;
    for (const { product, wanted, free } of detail.short) {
      const short = wanted - Math.max(0, Math.min(free, wanted)) > 1e-9;
      const vendor = catalogue.product(product)?.vendor ?? null;
      const asks = bought.some(
        (order) => order.vendor === vendor && order.lines.some((line) => line.product === product),
      );
      if (short && vendor !== null && !asks) found.push(`product ${product}: the vendor was asked for none`);
    }
  }
  return found;
}
