// One mail -> what it is, what was read, and what is wrong with it. Pure but for unpacking attachments: the store's knowledge
// comes in as `memory`, and nothing is kept or sent.
import type { Catalogue, Customer } from './catalogue.ts';
import { readChoice } from './conversation/choice.ts';
import { type Extraction, extract, keyOf } from './extraction/extract.ts';
import type { FieldWords } from './extraction/fields.ts';
import { otherIntent } from './extraction/intent.ts';
import { keyLine } from './extraction/keys.ts';
import type { WrittenLine } from './extraction/lines.ts';
import type { Mail, MailAddress } from './mail.ts';
import { parseMail } from './parse.ts';
import type { Reading, ReadingCustomer, ReadingError, ReadingLine, ReadOrder } from './reading.ts';
import { ownText } from './text/history.ts';
import { itemsOfHtml } from './text/html.ts';
import { type BodyItem, isBlank, itemsOfText, textOf } from './text/items.ts';
import { type SentMail, threadOf } from './threading.ts';
import { hasAutoReplySubject } from './triage/auto-reply.ts';
import { bouncedId } from './triage/bounce.ts';
import { type AnsweredMail, isLoop } from './triage/loop.ts';
import { isOwnAddress } from './triage/own-address.ts';
import { isRefused, type Policy } from './triage/policy.ts';
import { triage } from './triage/triage.ts';
import type { UnitTable } from './words/units.ts';

export interface PastOrder {
  /** Name under which a repetition refers to it. */
  name: string;
  /** Customer as `customerKey` gives it. */
  customer: string;
  order: ReadOrder;
  /** Milliseconds since 1970. */
  receivedAt: number;
  /** Days of delivery are not known; the goods alone are compared. */
  withoutDates?: boolean;
}

/** What came before this mail. */
export interface MailMemory {
  wasReceived(mail: Mail): boolean;
  sent: readonly SentMail[];
  /** Orders that were accepted as orders; those that were wrong do not count. */
  orders: readonly PastOrder[];
  /** Automatic answers of the last hour, for the loop guard. */
  answered?: readonly AnsweredMail[];
}

export interface ReadingContext {
  catalogue: Catalogue;
  fields: FieldWords;
  ownAddresses: ReadonlySet<string>;
  staffDomains: ReadonlySet<string>;
  policy: Policy;
  limits: {
    maxLines: number;
    maxQuantity: number;
    duplicateWindowHours: number;
    /** Automatic answers to one address in an hour; absent = no limit. */
    answersAnHour?: number;
  };
  /** The day of arrival, `YYYY-MM-DD`. */
  today: string;
  /** Milliseconds since 1970. */
  now: number;
  memory: MailMemory;
}

export interface FullReading {
  reading: Reading;
  /** For the answer; undefined when the text does not tell. */
  language: string | undefined;
  layout: Extraction['layout'];
  /** Line by line what the mail says, and where; for people. */
  written?: readonly WrittenLine[];
}

/** Who orders: the company where it is known, else the address. */
export function customerKey(email: string, catalogue: Catalogue): string {
  const known = catalogue.customer(email);
  return known ? `partner ${known.company.id}` : email.toLowerCase();
}

function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase();
}

/** The texts of a mail: plain text first, then HTML. */
function bodiesOf(mail: Mail): BodyItem[][] {
  return [mail.text.trim() ? itemsOfText(mail.text) : [], mail.html.trim() ? itemsOfHtml(mail.html) : []].filter(
    (items) => items.length > 0,
  );
}

export async function readMail(mail: Mail, context: ReadingContext): Promise<FullReading> {
  const { catalogue, memory, ownAddresses } = context;
  const plainReading = (reading: Reading): FullReading => ({ reading, language: undefined, layout: undefined });
  const reason = triage(mail, { ownAddresses, wasReceived: memory.wasReceived });
  if (reason) {
    const isOurs = (id: string) => memory.sent.some(({ messageId }) => messageId.toLowerCase() === id.toLowerCase());
    const inReplyTo = reason === 'bounce' ? bouncedId(mail, isOurs) : undefined;
    return plainReading({ kind: 'ignored', reason, ...(inReplyTo && { inReplyTo }) });
  }
  const { from } = mail;
  if (!from) return plainReading({ kind: 'question', reason: 'no-order' });
  const { answersAnHour } = context.limits;
  if (answersAnHour !== undefined) {
    const { answered = [] } = memory;
    if (isLoop(answered, from.email, { now: context.now, mostAnHour: answersAnHour }))
      return plainReading({ kind: 'ignored', reason: 'loop' });
  }
  if (isRefused(from.email, context.policy, catalogue.customer(from.email) !== undefined)) {
    return plainReading({ kind: 'ignored', reason: 'refused' });
  }
  return readPerson(mail, from, context);
}

async function readPerson(mail: Mail, from: MailAddress, context: ReadingContext): Promise<FullReading> {
  const { catalogue, memory } = context;
  const bodies = bodiesOf(mail);
  const own = bodies.map((items) => ownText(items, mail.subject));
  const attached = await attachedMails(mail, context);
  const forwardedBy = context.staffDomains.has(domainOf(from.email));
  const forwarded = own.find((text) => text.forwarded)?.forwarded ?? null;
  const original = forwardedBy ? (forwarded?.from ?? attached[0]?.from ?? null) : null;
  const sender = original ?? from;
  const customer: ReadingCustomer = { email: sender.email, name: sender.name };
  const answerTo = original ? undefined : mail.replyTo?.email;
  const who = { customer, ...(answerTo && answerTo !== customer.email && { answerTo }) };
  const question = (why: 'no-order' | 'empty' | 'attachment' | 'token', language?: string): FullReading => ({
    reading: { kind: 'question', reason: why, ...who },
    language,
    layout: undefined,
  });

  // A meeting is no order, whatever it is about; whose order our staff forward has to be known.
  if (isInvitation(mail)) return question('no-order');
  if (forwardedBy && forwarded && !original) return question('no-order');

  const thread = threadOf(mail, bodies.map(textOf).join('\n'), memory.sent, (to, email) =>
    isSame(to, email, catalogue),
  );
  if (thread.kind === 'unproven') return question('token');

  const extractionOf = (
    versions: BodyItem[][],
    attachments: Mail['attachments'],
    subject: string,
    known: Customer | undefined,
  ) => extract(versions, attachments, { ...context, customer: known, subject });
  const known = catalogue.customer(customer.email);
  let found = await extractionOf(
    own.map((text) => text.own),
    mail.attachments,
    mail.subject,
    known,
  );
  if (!found.evaluated && hasAutoReplySubject(mail)) {
    return { reading: { kind: 'ignored', reason: 'auto-reply' }, language: found.language, layout: undefined };
  }
  const { language } = found;
  if (thread.kind === 'several') {
    const errors: ReadingError[] = [{ field: 'conversation', problem: 'ambiguous' }];
    return { reading: { kind: 'reply', ...who, ...replyOf(found, context, errors) }, language, ...layoutOf(found) };
  }
  if (thread.kind === 'found') {
    const { sent } = thread;
    if (sent.kind === 'replenishment') return question('no-order', language);
    if (sent.kind === 'short' && sent.open) {
      const reply = replyOf(found, context, []);
      return {
        reading: { kind: 'reply', ...who, ...reply, inReplyTo: sent.messageId },
        language,
        ...layoutOf(found),
      };
    }
    if (sent.kind === 'short' && readChoice(choiceText(found.text, context.fields)) !== null)
      return question('token', language);
  }

  if (otherIntent(mail.subject, found.text)) return question('no-order', language);
  if (found.refused) return question('attachment', language);
  if (!found.evaluated) {
    const inner = await readForwarded(
      own.flatMap(({ forwarded: each }) => each ?? []),
      attached,
      mail,
      context,
      known,
      extractionOf,
    );
    if (inner === 'other') return question('no-order', language);
    found = inner ?? found;
  }
  if (!found.evaluated) {
    if (found.unread || mail.refused) return question('attachment', language);
    return question(bodies.every((items) => items.every(isBlank)) ? 'empty' : 'no-order', language);
  }
  const { order, errors } = found.evaluated;
  const repeated = errors.length ? {} : repetition(order, customer.email, context);
  const all = repeated.error ? [...errors, repeated.error] : errors;
  return {
    reading: {
      kind: 'order',
      ...who,
      order,
      ...(all.length > 0 && { errors: all }),
      ...(repeated.duplicateOf && { duplicateOf: repeated.duplicateOf }),
    },
    language: found.language ?? language,
    ...layoutOf(found),
  };
}

function layoutOf({ layout, evaluated }: Extraction): Pick<FullReading, 'layout' | 'written'> {
  return { layout, ...(evaluated && { written: evaluated.written }) };
}

/** A meeting that is proposed, moved or answered (RFC 5546). */
function isInvitation(mail: Mail): boolean {
  return mail.attachments.some(
    ({ type, content }) =>
      type === 'text/calendar' &&
      /^METHOD:(?:REQUEST|CANCEL|REPLY|COUNTER)/im.test(content.toString('latin1', 0, 4000)),
  );
}

/** Mails that are attached to this one, unless they are our own. */
async function attachedMails(mail: Mail, { ownAddresses }: ReadingContext): Promise<Mail[]> {
  const mails: Mail[] = [];
  for (const { type, content, name } of mail.attachments.slice(0, 20)) {
    if (type !== 'message/rfc822' && !/\.eml$/i.test(name)) continue;
    const inner = await parseMail(content);
    if (inner.from && !isOwnAddress(inner.from.email, ownAddresses)) mails.push(inner);
  }
  return mails;
}

type Extract = (
  versions: BodyItem[][],
  attachments: Mail['attachments'],
  subject: string,
  customer: Customer | undefined,
) => Promise<Extraction>;

/** An order in what is forwarded, where the mail's own text has none; `other` when it wants something else. */
async function readForwarded(
  forwarded: ReadonlyArray<{ from: MailAddress | null; items: BodyItem[] }>,
  attached: readonly Mail[],
  mail: Mail,
  { ownAddresses }: ReadingContext,
  customer: Customer | undefined,
  extractionOf: Extract,
): Promise<Extraction | 'other' | undefined> {
  const theirs = forwarded.filter(({ from }) => !from || !isOwnAddress(from.email, ownAddresses));
  if (theirs.length > 0) {
    const found = await extractionOf(
      theirs.map(({ items }) => items),
      [],
      mail.subject,
      customer,
    );
    if (otherIntent('', found.text)) return 'other';
    if (found.evaluated) return found;
  }
  for (const inner of attached) {
    const bodies = bodiesOf(inner).map((items) => ownText(items, inner.subject).own);
    const found = await extractionOf(bodies, inner.attachments, inner.subject, customer);
    if (otherIntent(inner.subject, found.text)) return 'other';
    if (found.evaluated) return found;
  }
  return undefined;
}

function isSame(to: string, from: string, catalogue: Catalogue): boolean {
  return customerKey(to, catalogue) === customerKey(from, catalogue);
}

/** Text without order lines, so that `Quantity: 2` is no choice. */
function choiceText(text: string, fields: FieldWords): string {
  return text
    .split('\n')
    .filter((line) => !keyLine(line, fields))
    .join('\n');
}

function replyOf({ evaluated, text, refused }: Extraction, { fields }: ReadingContext, more: readonly ReadingError[]) {
  const said = readChoice(choiceText(text, fields));
  // What is to be ordered instead may stand in a file that was refused.
  const choice = refused && said !== 3 ? null : said;
  const lines = choice === 3 ? [] : (evaluated?.order.lines ?? []);
  const errors = [...more, ...(lines.length > 0 ? (evaluated?.errors ?? []) : [])];
  const dated = lines.map((line): ReadingLine => {
    const deliveryDate = line.deliveryDate ?? evaluated?.order.deliveryDate;
    return { ...line, ...(deliveryDate && { deliveryDate }) };
  });
  return {
    reply: { choice, ...(dated.length > 0 && { lines: dated }) },
    ...(errors.length > 0 && { errors }),
  };
}

function goodsOf(order: ReadOrder, withDates: boolean, units: UnitTable): string {
  return order.lines
    .map((line) => `${keyOf(line, units)} ${withDates ? (line.deliveryDate ?? order.deliveryDate ?? '') : ''}`)
    .sort()
    .join('\n');
}

/** The same order again, or another one under a reference that is used. */
function repetition(
  order: ReadOrder,
  email: string,
  { memory, catalogue, limits, now }: ReadingContext,
): { duplicateOf?: string; error?: ReadingError } {
  const customer = customerKey(email, catalogue);
  const reference = order.customerReference?.toLowerCase();
  const theirs = memory.orders.filter((past) => past.customer === customer);
  const repeated = theirs.findLast(
    (past) =>
      now - past.receivedAt <= limits.duplicateWindowHours * 3_600_000 &&
      past.order.customerReference?.toLowerCase() === reference &&
      goodsOf(past.order, !past.withoutDates, catalogue.units) === goodsOf(order, !past.withoutDates, catalogue.units),
  );
  if (repeated) return { duplicateOf: repeated.name };
  const used =
    reference !== undefined && theirs.some((past) => past.order.customerReference?.toLowerCase() === reference);
  return used ? { error: { field: 'customerReference', problem: 'already-used' } } : {};
}
