// From what happened to the result of a case, in the form that expectations have. Goods, quantities, days, reference, address and
// partner are those of the records in Odoo; what makes no record there is taken from the conversation; the rest from the kept
// reading. Where Odoo and the store do not agree, Odoo's word stands.

import { formatStamp, parseStamp, zone } from '../../mapping/time.ts';
import type { Catalogue } from '../catalogue.ts';
import type { LineRecord, ShortLine } from '../conversation/model.ts';
import { addDays } from '../orders/promise.ts';
import type { Choice, Reading, ReadingCustomer, ReadingError, ReadingLine, ReadOrder } from '../reading.ts';
import type { Happened, SoldLine, SoldOrder, Step } from './happened.ts';
import type { Clock } from './service.ts';

export interface ResultSurroundings {
  catalogue: Catalogue;
  clock: Clock;
  /** Day of arrival. */
  today: string;
  /** Name of the order that began a conversation. */
  orderOf(conversation: number): string;
  /** A Message-ID as the context has it. */
  messageIdOf(stored: string): string;
}

type Order = Extract<Reading, { kind: 'order' }>;
type Reply = Extract<Reading, { kind: 'reply' }>;

export function resultOf(happened: Happened, given: ResultSurroundings): Reading {
  const { mail, role } = happened;
  const result = calmResult(happened, given);
  // Whatever the mail was taken for: it has made an order, or was answered.
  if (result.kind === 'ignored' || result.kind === 'question') {
    if (happened.sold.length > 0) return orderResult(happened, given);
    if (happened.answers.length > 0 && result.kind === 'ignored')
      return { kind: 'question', reason: 'no-order', ...customerOf(happened) };
  }
  if (role === null && mail.kind !== 'ignored')
    return { kind: 'question', reason: 'no-order', ...customerOf(happened) };
  return result;
}

function calmResult(happened: Happened, given: ResultSurroundings): Reading {
  const { mail, role } = happened;
  switch (role) {
    case 'order':
    case 'correction':
      return orderResult(happened, given);
    case 'duplicate':
      return duplicateResult(happened, given);
    case 'reply':
      return replyResult(happened, given);
    case 'unread':
      return { kind: 'question', reason: 'attachment', ...customerOf(happened) };
    case 'question':
      if (mail.outcome === 'ignored: loop') return { kind: 'ignored', reason: 'loop' };
      return questionResult(happened);
    default: {
      const reason = (mail.reason ?? 'bulk') as Extract<Reading, { kind: 'ignored' }>['reason'];
      const { bounced } = happened;
      return { kind: 'ignored', reason, ...(bounced !== null && { inReplyTo: given.messageIdOf(bounced) }) };
    }
  }
}

function questionResult(happened: Happened): Reading {
  const reason = (happened.mail.reason ?? 'no-order') as Extract<Reading, { kind: 'question' }>['reason'];
  return { kind: 'question', reason, ...customerOf(happened), ...answerTo(happened) };
}

/** As the mail says it. */
function customerOf({ reading, conversation, began }: Happened): { customer?: ReadingCustomer } {
  const read = reading && 'customer' in reading ? reading.customer : undefined;
  if (!began || !conversation) return read ? { customer: read } : {};
  if (!read && conversation.customerEmail === '') return {};
  return { customer: { email: conversation.customerEmail, name: conversation.customerName } };
}

/** Where answers have gone, where that is another address. */
function answerTo(happened: Happened): { answerTo?: string } {
  const to = happened.answers.find(({ kind }) => kind !== 'replenishment')?.to ?? null;
  const { customer } = customerOf(happened);
  return to !== null && to !== customer?.email.toLowerCase() ? { answerTo: to } : {};
}

// --- orders ------------------------------------------------------------------------------------------------------------

/** The order's customer: whose order stands in Odoo, if that is another's. */
function orderingCustomer(happened: Happened, { catalogue }: ResultSurroundings): ReadingCustomer {
  const customer = customerOf(happened).customer ?? { email: '', name: null };
  const [sold] = happened.sold;
  if (!sold) return customer;
  if (isOf(sold, customer.email, catalogue)) return customer;
  return { email: String(sold.partner.email || `partner ${sold.partner.id}`), name: String(sold.partner.name) };
}

/** Whether an order in Odoo is of who writes from an address, or of his company. */
export function isOf({ partner }: SoldOrder, email: string, catalogue: Catalogue): boolean {
  const known = catalogue.customer(email);
  if (known) return Number(partner.id) === commercialOf(known);
  return String(partner.email || '').toLowerCase() === email.toLowerCase();
}

function commercialOf({ partner, company }: NonNullable<ReturnType<Catalogue['customer']>>): number {
  return partner.isCompany ? partner.id : company.id;
}

function orderResult(happened: Happened, given: ResultSurroundings): Order {
  const { conversation, sold } = happened;
  const step = happened.steps.at(-1);
  const detail = step?.detail;
  const read = readOrderOf(happened);
  const records = detail?.lines ?? [];
  const lines =
    records.length > 0 || sold.length > 0
      ? linesOf(records, step, happened, given)
      : (read?.lines.map((line) => dated(line, read)) ?? []);
  const made = sold[0];
  const reference = made ? made.reference : (detail?.reference ?? read?.customerReference ?? null);
  const address = made ? addressOf(made, read?.address) : read?.address;
  const errors = detail?.errors ?? conversation?.errors ?? [];
  return {
    kind: 'order',
    customer: orderingCustomer(happened, given),
    order: {
      ...(reference !== null && { customerReference: reference }),
      ...(address !== undefined && { address }),
      ...(read?.orderDate !== undefined && { orderDate: read.orderDate }),
      lines,
    },
    ...(errors.length > 0 && { errors: [...errors] }),
    ...answerTo(happened),
  };
}

function readOrderOf({ conversation, reading }: Happened): ReadOrder | null {
  return (reading?.kind === 'order' ? reading.order : null) ?? conversation?.readOrder ?? null;
}

function dated(line: ReadingLine, order: Pick<ReadOrder, 'deliveryDate'>): ReadingLine {
  const deliveryDate = line.deliveryDate ?? order.deliveryDate;
  return { ...line, ...(deliveryDate !== undefined && { deliveryDate }) };
}

/**
 * Lines in the order of the mail: those that were ordered as Odoo has them, those that are short as the question has them, the
 * others as the conversation shows them. What Odoo has beside them stands at the end; what Odoo has not is not there.
 */
function linesOf(
  records: readonly LineRecord[],
  step: Step | undefined,
  { sold }: Happened,
  given: ResultSurroundings,
): ReadingLine[] {
  const left = sold.flatMap((order) => order.lines.map((line) => ({ line, order })));
  const asked = step?.detail.order ?? [];
  const short = new Map(step?.detail.short.map((line) => [line.line, line]));
  const result: ReadingLine[] = [];
  let ordered = 0;
  for (const record of records) {
    if (record.outcome === 'ordered') {
      const next = left.shift();
      const day = asked[ordered++]?.day ?? null;
      if (next) result.push(soldLine(next.line, next.order, day, given));
    } else if (record.outcome === 'short') {
      const waiting = short.get(record.line);
      if (waiting) result.push(shortLine(waiting));
    } else {
      const { product, quantity, uom, day } = record;
      result.push({ product, quantity, uom, ...(day !== null && { deliveryDate: day }) });
    }
  }
  for (const { line, order } of left) result.push(soldLine(line, order, null, given));
  return result;
}

/** @param day as the store has it: without one, a lead time says nothing */
function soldLine(
  line: SoldLine,
  order: SoldOrder,
  day: string | null,
  { clock, today }: ResultSurroundings,
): ReadingLine {
  const { product, quantity, uom, lead } = line;
  const common = order.commitment === null ? null : dayIn(order.commitment, clock);
  const own = day !== null || lead > 0 ? addDays(today, lead) : null;
  const deliveryDate = common ?? own;
  return { product, quantity, uom, ...(deliveryDate !== null && { deliveryDate }) };
}

function shortLine({ product, quantity, uom, day }: ShortLine): ReadingLine {
  return { product, quantity, uom, ...(day !== null && { deliveryDate: day }) };
}

/** Day of Odoo's UTC text in the zone of the case. */
function dayIn(stamp: string, clock: Clock): string {
  return formatStamp(zone(clock.zone).toWall(parseStamp(stamp) ?? 0)).slice(0, 10);
}

/** Where Odoo sends the goods. Without an address in the mail that is the customer's own, and nothing to tell. */
function addressOf({ shipping, partner }: SoldOrder, read: string | undefined): string | undefined {
  const parts = ['street', 'street2', 'zip', 'city'].flatMap((field) =>
    shipping[field] ? [String(shipping[field])] : [],
  );
  if (read !== undefined) {
    const { street } = shipping;
    // A mail that names the street of a known address means that address.
    return typeof street === 'string' && sameWords(street, read) ? read : parts.join(', ');
  }
  return shipping.id === partner.id || shipping.parent_id === partner.id ? undefined : parts.join(', ');
}

function sameWords(a: string, b: string): boolean {
  const words = (text: string) =>
    text
      .normalize('NFKD')
      .replaceAll(/[^\p{L}\p{N}]+/gu, '')
      .toLowerCase();
  return words(a) === words(b);
}

function duplicateResult(happened: Happened, given: ResultSurroundings): Order {
  const { reading, conversation, sold } = happened;
  // A second order after all.
  if (sold.length > 0) return orderResult(happened, given);
  const order = reading?.kind === 'order' ? reading.order : { lines: [] };
  return {
    kind: 'order',
    customer: customerOf(happened).customer ?? { email: '', name: null },
    order,
    duplicateOf: given.orderOf(conversation!.id),
    ...answerTo(happened),
  };
}

// --- replies -----------------------------------------------------------------------------------------------------------

function replyResult(happened: Happened, given: ResultSurroundings): Reading {
  const { reading, steps } = happened;
  const step = steps.at(-1);
  const read: Reply['reply'] = reading?.kind === 'reply' ? reading.reply : { choice: null };
  // Nobody asks any more: a person looks.
  if (!step || step.event === 'question' || !step.expected) {
    return { kind: 'question', reason: 'token', ...customerOf(happened), ...answerTo(happened) };
  }
  const done = choiceOf(step, happened, read);
  const lines = replyLines(step, happened, read, given);
  const errors: readonly ReadingError[] =
    step.event === 'several'
      ? [{ field: 'conversation', problem: 'ambiguous' }, ...lineErrors(reading)]
      : step.event === 'wrong'
        ? step.detail.errors
        : [];
  const answered = answeredMail(happened, given);
  return {
    kind: 'reply',
    customer: customerOf(happened).customer ?? { email: '', name: null },
    reply: { choice: done, ...(lines.length > 0 && { lines }) },
    ...(errors.length > 0 && { errors: [...errors] }),
    ...(answered !== null && step.event !== 'several' && { inReplyTo: answered }),
    ...answerTo(happened),
  };
}

function lineErrors(reading: Reading | null): ReadingError[] {
  return reading?.kind === 'reply' ? (reading.errors ?? []).filter(({ field }) => field !== 'conversation') : [];
}

/** Which of the three was carried out; of a reply that waits for something, which it names. */
function choiceOf({ event, detail }: Step, { sold, conversation }: Happened, read: Reply['reply']): Choice | null {
  switch (event) {
    case 'choice-available':
      return sold.length > 0 || detail.order.length === 0 ? 1 : null;
    case 'covered':
      return sold.length > 0 ? 1 : null;
    case 'short':
      return sold.length > 0 || detail.order.length === 0 ? 1 : null;
    case 'choice-wait':
      return sold.length > 0 || detail.order.length === 0 ? 2 : null;
    case 'choice-cancel':
      return sold.length === 0 && conversation?.state === 'cancelled' ? 3 : null;
    case 'several':
    case 'wrong':
      return read.choice;
    default:
      return null;
  }
}

function replyLines(step: Step, happened: Happened, read: Reply['reply'], given: ResultSurroundings): ReadingLine[] {
  const own = read.lines ?? [];
  if (own.length === 0) return [];
  if (step.event === 'covered' || step.event === 'short') return linesOf(step.detail.lines, step, happened, given);
  if (step.event !== 'choice-wait') return own;
  // What waits is ordered in full, named in the reply or not: of the lines that it names, Odoo's quantity.
  const left = happened.sold.flatMap(({ lines }) => lines);
  return own.map((line) => {
    const at = left.findIndex(({ product }) => product === line.product);
    if (at < 0) return line;
    const [made] = left.splice(at, 1);
    return { ...line, quantity: made!.quantity, uom: made!.uom };
  });
}

/** The question that was answered. */
function answeredMail({ reading }: Happened, { messageIdOf }: ResultSurroundings): string | null {
  return reading?.kind === 'reply' && reading.inReplyTo ? messageIdOf(reading.inReplyTo) : null;
}
