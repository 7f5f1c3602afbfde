// A mail that is read meets the conversations: to which it belongs, what it means there, and what is due because of it. Within one
// transaction, without asking anybody.
import type { Query } from '../../store/database.ts';
import type { WrittenLine } from '../extraction/lines.ts';
import { markBounced } from '../outbox/bounces.ts';
import type { Reading, ReadingError, ReadOrder } from '../reading.ts';
import { type Applied, applyEvent, type Deadlines } from './apply.ts';
import { decideOrder, eventOf } from './decide.ts';
import { heldAt, lockStock } from './holds.ts';
import { availableLines, dayOf, orderLine, recordsOf, shortLine, waitingLines } from './lines.ts';
import { type Conversation, type Detail, type Happening, noDetail } from './model.ts';
import type { Facts } from './prepare.ts';
import { lockConversation } from './rows.ts';
import type { Handled, Incoming } from './service.ts';
import {
  answeredConversation,
  answerTo,
  join,
  open,
  openQuestions,
  threadConversation,
  wrongConversation,
} from './threads.ts';

export interface HandleSettings {
  deadlines: Deadlines;
  /** Products that cannot be had stop the whole order. */
  holdWholeOrder: boolean;
  /** Automatic answers to one address in an hour; more are no longer answered. */
  answersPerHour: number;
}

export interface Work {
  query: Query;
  incoming: Incoming;
  facts: Facts;
  settings: HandleSettings;
  now: Date;
}

/** When, and by which mail; null = without one. */
interface Occasion {
  today: string;
  stored: { id: number } | null;
  full?: { written?: readonly WrittenLine[] };
}

export type ReadOf<K extends Reading['kind']> = Extract<Reading, { kind: K }>;

const RECORDED = null;

export async function handleMail(work: Work): Promise<Handled> {
  const { reading } = work.incoming.full;
  if (reading.kind === 'ignored') {
    if (reading.reason === 'bounce' && reading.inReplyTo) return await bounced(work, reading.inReplyTo);
    return { conversation: RECORDED, outcome: `ignored: ${reading.reason}` };
  }
  if (reading.kind === 'question') return await question(work, reading);
  if (await isLooping(work, reading)) return await looping(work, reading);
  await lockStock(work.query);
  return reading.kind === 'order' ? await ordered(work, reading) : await replied(work, reading);
}

// --- what a mail may be ------------------------------------------------------------------------------------------------

async function bounced(work: Work, messageId: string): Promise<Handled> {
  const { query, incoming } = work;
  const found = await markBounced(query, messageId, incoming.mail.subject.slice(0, 300));
  if (!found) return { conversation: RECORDED, outcome: 'ignored: bounce' };
  if (found.conversation === null) return { conversation: RECORDED, outcome: 'a mail of ours came back' };
  const conversation = (await lockConversation(query, found.conversation))!;
  await join(work, conversation, 'bounce');
  await apply(work, conversation, 'bounced', detailOf(work), `Our mail to ${found.recipient} came back.`);
  return { conversation: conversation.id, outcome: 'a mail of ours came back' };
}

const QUESTION_TEXTS: Readonly<Record<ReadOf<'question'>['reason'], string>> = {
  'no-order': 'Somebody writes something that is no order.',
  empty: 'A mail without text.',
  attachment: 'What is attached cannot be read here.',
  token: 'A reply that nothing proves to be of that customer.',
};

async function question(work: Work, reading: ReadOf<'question'>): Promise<Handled> {
  const known = reading.reason === 'token' ? null : await threadConversation(work);
  const conversation = known ?? (await open(work, reading, null, []));
  await join(work, conversation, 'question');
  await apply(work, conversation, 'question', detailOf(work), QUESTION_TEXTS[reading.reason]);
  return { conversation: conversation.id, outcome: 'a person looks' };
}

async function isLooping(
  { query, incoming, settings, now }: Work,
  reading: ReadOf<'order' | 'reply'>,
): Promise<boolean> {
  if (incoming.stored.released) return false;
  const [row] = await query<{ count: number }>(
    `select count(*)::integer as count from planbridge.mail_outbound
     where recipient = $1 and automatic and created_at > $2`,
    [answerTo(reading), new Date(now.getTime() - 3_600_000)],
  );
  return (row?.count ?? 0) >= settings.answersPerHour;
}

async function looping(work: Work, reading: ReadOf<'order' | 'reply'>): Promise<Handled> {
  const conversation = await open(work, reading, reading.kind === 'order' ? reading.order : null, reading.errors ?? []);
  await join(work, conversation, 'question');
  const why = `${answerTo(reading)} was answered ${work.settings.answersPerHour} times within an hour: two machines may be talking. Nothing was made of this mail.`;
  await apply(work, conversation, 'question', detailOf(work), why);
  return { conversation: conversation.id, outcome: 'ignored: loop' };
}

async function ordered(work: Work, reading: ReadOf<'order'>): Promise<Handled> {
  const { query } = work;
  if (reading.duplicateOf) {
    const first = await lockConversation(query, Number(reading.duplicateOf));
    if (first) {
      await join(work, first, 'duplicate');
      await apply(work, first, 'repeated', detailOf(work), 'The same order came again.');
      return { conversation: first.id, outcome: 'the same order again' };
    }
  }
  const wrong = await wrongConversation(work);
  const conversation = wrong ?? (await open(work, reading, reading.order, reading.errors ?? []));
  if (wrong) {
    wrong.readOrder = reading.order;
    wrong.receivedAt = new Date(work.incoming.stored.receivedAt);
    await query('update planbridge.mail_conversation set received_at = $2 where id = $1', [wrong.id, wrong.receivedAt]);
  }
  await join(work, conversation, wrong ? 'correction' : 'order');
  return await decide(work, conversation, reading.order, reading.errors ?? []);
}

async function replied(work: Work, reading: ReadOf<'reply'>): Promise<Handled> {
  const { query, facts } = work;
  const found = await answeredConversation(work, reading);
  if (found === 'several') return await several(work, reading);
  if (found === null) {
    const conversation = await open(work, reading, null, reading.errors ?? []);
    await join(work, conversation, 'reply');
    await apply(work, conversation, 'question', detailOf(work), 'A reply to a question that is not open any more.');
    return { conversation: conversation.id, outcome: 'a person looks' };
  }
  const conversation = found;
  await join(work, conversation, 'reply');
  const errors = (reading.errors ?? []).filter(({ field }) => field !== 'conversation');
  const plain: Reading = { ...reading, errors };
  const { event } = eventOf(plain, facts.catalogue, new Map())!;
  const base = detailOf(work, conversation);
  switch (event) {
    case 'choice-cancel':
      await apply(
        work,
        conversation,
        'choice-cancel',
        { ...base, short: conversation.short },
        'A customer cancels what stands in Odoo.',
      );
      return { conversation: conversation.id, outcome: 'cancelled' };
    case 'choice-wait':
      await choose(work, conversation, 2, reading.reply.lines ?? []);
      return { conversation: conversation.id, outcome: 'waits for stock' };
    case 'choice-available':
      await choose(work, conversation, 1, []);
      return { conversation: conversation.id, outcome: 'takes what is available' };
    case 'unreadable': {
      const detail = { ...base, short: conversation.short };
      await apply(work, conversation, 'unreadable', detail, 'A reply in which none of the choices can be read.');
      return { conversation: conversation.id, outcome: 'choices repeated' };
    }
    default: {
      const order: ReadOrder = { ...referenceOf(conversation), lines: reading.reply.lines ?? [] };
      return await decide({ ...work, query }, conversation, order, errors);
    }
  }
}

/** Which of several open questions is answered has to be asked. */
async function several(work: Work, reading: ReadOf<'reply'>): Promise<Handled> {
  const conversation = await open(work, reading, null, reading.errors ?? []);
  await join(work, conversation, 'reply');
  const questions = await openQuestions(work.query, [conversation.customerKey, conversation.customerEmail]);
  const why = 'A reply that may answer several questions.';
  await apply(work, conversation, 'several', { ...detailOf(work), questions }, why);
  return { conversation: conversation.id, outcome: 'asked which order is meant' };
}

// --- decisions ---------------------------------------------------------------------------------------------------------

function referenceOf({ readOrder }: Conversation): Pick<ReadOrder, 'customerReference' | 'address'> {
  return {
    ...(readOrder?.customerReference && { customerReference: readOrder.customerReference }),
    ...(readOrder?.address && { address: readOrder.address }),
  };
}

/** An order, new, corrected or in a reply, against what is free. */
async function decide(
  work: Work,
  conversation: Conversation,
  order: ReadOrder,
  errors: readonly ReadingError[],
): Promise<Handled> {
  const happening = await orderHappening(work, order, errors);
  const { outcome } = await apply(work, conversation, happening.event, happening.detail, happening.why);
  const texts: Readonly<Record<string, string>> = {
    covered: 'sale order',
    short: 'asked what to do',
    wrong: 'asked again',
  };
  return {
    conversation: conversation.id,
    outcome: outcome.expected ? (texts[happening.event] ?? happening.event) : 'a person looks',
  };
}

/** The event of an order and all that its effects need. */
export async function orderHappening(
  { query, facts, settings, incoming }: Pick<Work, 'query' | 'facts' | 'settings'> & { incoming: Occasion },
  order: ReadOrder,
  errors: readonly ReadingError[],
): Promise<Pick<Happening, 'event' | 'detail' | 'why'>> {
  const { catalogue, promise, readAt } = facts;
  const products = order.lines.flatMap(({ product }) => product ?? []);
  const held = await heldAt(query, products, readAt);
  const decision = decideOrder(order, errors, catalogue, held, { holdWholeOrder: settings.holdWholeOrder });
  const accepted = decision.event === 'wrong' ? [] : decision.lines.filter(({ outcome }) => outcome === 'accepted');
  const short = decision.event === 'wrong' ? [] : decision.lines.filter(({ outcome }) => outcome === 'short');
  return {
    event: decision.event,
    why: '',
    detail: noDetail(incoming.today, {
      mail: incoming.stored?.id ?? null,
      order: accepted.map(({ line }) => orderLine(order.lines[line]!, dayOf(order.lines[line]!, order), catalogue)),
      lines: recordsOf(order, decision, incoming.full?.written ?? []),
      short: short.map(({ line, availability }) =>
        shortLine(order.lines[line]!, line + 1, dayOf(order.lines[line]!, order), availability!, promise),
      ),
      errors,
      reference: order.customerReference ?? null,
      address: order.address ?? null,
    }),
  };
}

/** Choice 1 (what is available) or 2 (wait), by a mail, a link or a person of ours. */
async function choose(
  work: Work,
  conversation: Conversation,
  choice: 1 | 2,
  changes: Parameters<typeof waitingLines>[1],
): Promise<Applied> {
  const happening = await choiceHappening(work, conversation, choice, changes);
  return await apply(work, conversation, happening.event, happening.detail, happening.why);
}

export async function choiceHappening(
  { query, facts, incoming }: Pick<Work, 'query' | 'facts'> & { incoming: Occasion },
  conversation: Conversation,
  choice: 1 | 2 | 3,
  changes: Parameters<typeof waitingLines>[1],
): Promise<Pick<Happening, 'event' | 'detail' | 'why'>> {
  const { catalogue, promise, readAt } = facts;
  const base: Detail = noDetail(incoming.today, {
    mail: incoming.stored?.id ?? null,
    reference: conversation.readOrder?.customerReference ?? null,
    address: conversation.readOrder?.address ?? null,
    short: conversation.short,
  });
  if (choice === 3) return { event: 'choice-cancel', detail: base, why: 'A customer cancels what stands in Odoo.' };
  if (choice === 2) {
    const { lines, leftOut } = waitingLines(conversation.short, changes, catalogue, promise, incoming.full?.written);
    const order = lines.map(({ product, quantity, uom, day, promise: promised, wanted }) => ({
      product,
      quantity,
      uom,
      day: promised ?? day,
      held: wanted,
    }));
    return {
      event: 'choice-wait',
      detail: { ...base, short: lines, order, leftOut },
      why: 'A customer waits whom nobody expects to.',
    };
  }
  const held = await heldAt(
    query,
    conversation.short.map(({ product }) => product),
    readAt,
  );
  const order = availableLines(conversation.short, catalogue, held);
  if (order.length > 0) return { event: 'choice-available', detail: { ...base, order }, why: '' };
  // Nothing of it is left: the question stays, with stock and days as they are now.
  const short = conversation.short.map((line) => ({
    ...line,
    free: Math.max(0, (catalogue.product(line.product)?.free ?? 0) - (held.get(line.product) ?? 0)),
    promise: promise(line.product, line.day),
  }));
  return { event: 'short', detail: { ...base, short, nothingFree: true }, why: '' };
}

async function apply(
  { query, settings, now, incoming }: Work,
  conversation: Conversation,
  event: Happening['event'],
  detail: Detail,
  why: string,
): Promise<Applied> {
  const cause = { kind: 'mail', mail: incoming.stored.id } as const;
  const reason = why || `Nobody expects “${event}” here.`;
  return await applyEvent(query, conversation, { event, cause, detail, why: reason }, settings.deadlines, now);
}

function detailOf({ incoming }: Work, conversation?: Conversation): Detail {
  return noDetail(incoming.today, {
    mail: incoming.stored.id,
    reference: conversation?.readOrder?.customerReference ?? null,
    address: conversation?.readOrder?.address ?? null,
  });
}
