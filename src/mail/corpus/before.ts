// What we had sent before a mail came, put into the store as if the service had sent it: a conversation in the state that the mail
// speaks of, the order in Odoo, the mail in the outbox with its Message-ID and token. Nothing of it is sent again.
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Query, Store } from '../../store/database.ts';
import type { Catalogue } from '../catalogue.ts';
import { applyEvent, type Deadlines, isCreate } from '../conversation/apply.ts';
import { inProductUnit } from '../conversation/availability.ts';
import type { StoredOrder } from '../conversation/memory.ts';
import {
  type Conversation,
  type Detail,
  type LineRecord,
  noDetail,
  type OrderLine,
  type ShortLine,
} from '../conversation/model.ts';
import { openConversation } from '../conversation/rows.ts';
import type { EventKind } from '../conversation/states.ts';
import { addOutbound, addToken } from '../outbox/store.ts';
import { customerKey } from '../read.ts';
import type { SentKind } from '../threading.ts';
import type { CorpusSent } from './folder.ts';
import { USER } from './odoo-base.ts';

const DAY_MS = 86_400_000;
const DEADLINES: Deadlines = { reminderMs: 3 * DAY_MS, expiryMs: 4 * DAY_MS, tries: 2 };

/** How a conversation comes to the mail that we sent, and how it goes on when that no longer waits for an answer. */
const STORIES: Readonly<
  Record<SentKind, { template: string; events: readonly EventKind[]; closed: readonly EventKind[] }>
> = {
  short: { template: 'shortage', events: ['short'], closed: ['choice-available'] },
  confirmation: { template: 'confirmation', events: ['covered'], closed: [] },
  'format-error': { template: 'errors', events: ['wrong'], closed: ['close'] },
  replenishment: { template: 'replenishment', events: ['short', 'choice-wait'], closed: [] },
  notice: { template: 'cancelled', events: ['question', 'close'], closed: [] },
};

export interface BeforeSurroundings {
  store: Store;
  sandbox: Sandbox;
  catalogue: Catalogue;
  /** When the mail of the case arrives: what waits for an answer still does then. */
  now: number;
}

/** @returns the conversation that the mail belongs to */
export async function putSent(sent: CorpusSent, surroundings: BeforeSurroundings): Promise<number> {
  const { store, catalogue, now } = surroundings;
  return await store.transaction(async (query) => {
    const known = await madeBefore(query, sent, catalogue);
    if (known !== null) return known;
    const at = new Date(sent.sentAt);
    const { template, events, closed } = STORIES[sent.kind];
    const customer = sent.kind === 'replenishment' ? '' : sent.to.toLowerCase();
    const order: StoredOrder | null = sent.order ? { ...sent.order, withoutDates: true } : null;
    const conversation = await openConversation(
      query,
      {
        customerEmail: customer,
        customerName: null,
        customerKey: customer === '' ? '' : customerKey(customer, catalogue),
        answerTo: customer,
        language: 'en',
        subject: sent.subject,
        mailId: null,
        readOrder: order,
        errors: [],
        receivedAt: at,
        triesLeft: DEADLINES.tries,
      },
      at,
    );
    const details = detailOf(sent, catalogue);
    for (const event of [...events, ...(sent.open ? [] : closed)]) {
      await live(query, conversation, event, details, at, sent, surroundings);
    }
    await query(
      `update planbridge.mail_conversation set remind_at = greatest(remind_at, $2), expire_at = greatest(expire_at, $2) where id = $1`,
      [conversation.id, new Date(now + DAY_MS)],
    );
    await addSent(query, sent, conversation.id, template, at);
    return conversation.id;
  });
}

async function live(
  query: Query,
  conversation: Conversation,
  event: EventKind,
  details: Detail,
  at: Date,
  sent: CorpusSent,
  surroundings: BeforeSurroundings,
): Promise<void> {
  const all = event === 'choice-available' || event === 'choice-wait';
  const detail = all ? { ...details, order: details.short.map(whole) } : details;
  const happening = { event, cause: { kind: 'person', login: 'before', what: event } as const, detail, why: 'Before.' };
  const { transition, outcome } = await applyEvent(query, conversation, happening, DEADLINES, at);
  // Done long ago; Odoo's stock is as it is since then.
  await query(`update planbridge.mail_effect set state = 'done', done_at = $2 where transition_id = $1`, [
    transition,
    at,
  ]);
  await query('update planbridge.mail_hold set visible_at = $2 where transition_id = $1', [transition, at]);
  if (!outcome.effects.some(isCreate) || detail.order.length === 0) return;
  const made = makeOrder(sent, detail.order, surroundings);
  if (!made) return;
  await query(
    `insert into planbridge.mail_record (token, conversation_id, effect_id, model, res_id, name, asked_at)
     select $3 || e.id, e.conversation_id, e.id, 'sale.order', $4, $5, $2 from planbridge.mail_effect e
     where e.transition_id = $1 and e.kind like 'create-order%'`,
    [transition, at, 'before ', made.id, made.name],
  );
}

async function addSent(
  query: Query,
  sent: CorpusSent,
  conversation: number,
  template: string,
  at: Date,
): Promise<void> {
  await addOutbound(
    query,
    {
      conversation,
      effect: null,
      part: '',
      template,
      kind: sent.kind,
      messageId: sent.messageId,
      recipient: sent.to,
      envelopeFrom: '',
      subject: sent.subject,
      language: 'en',
      text: '',
      raw: Buffer.alloc(0),
      automatic: true,
      author: null,
      open: sent.open,
      token: sent.token,
    },
    at,
  );
  await query(`update planbridge.mail_outbound set state = 'sent', sent_at = $2, raw = null where message_id = $1`, [
    sent.messageId.toLowerCase(),
    at,
  ]);
}

/** The answer to a mail of this very case: it went out under the Message-ID that the context names. */
async function madeBefore(query: Query, sent: CorpusSent, catalogue: Catalogue): Promise<number | null> {
  const [again] = await query<{ conversation: number }>(
    'select conversation_id::integer as conversation from planbridge.mail_outbound where message_id = $1',
    [sent.messageId.toLowerCase()],
  );
  if (again) return again.conversation;
  const rows = await query<{ outbound: number; conversation: number; order: StoredOrder | null }>(
    `select o.id::integer as outbound, c.id::integer as conversation, c.read_order as order
     from planbridge.mail_outbound o join planbridge.mail_conversation c on c.id = o.conversation_id
     where c.mail_id is not null and o.kind = $1 and c.customer_key = any($2) order by o.id desc`,
    [sent.kind, [customerKey(sent.to, catalogue), sent.to.toLowerCase()]],
  );
  const same = rows.find(
    ({ order }) => order && sent.order && goodsOf(order, catalogue) === goodsOf(sent.order, catalogue),
  );
  if (!same) return null;
  await query('update planbridge.mail_outbound set message_id = $2, open = $3 where id = $1', [
    same.outbound,
    sent.messageId.toLowerCase(),
    sent.open,
  ]);
  await addToken(query, sent.token, same.outbound);
  return same.conversation;
}

function goodsOf(
  { lines, customerReference }: Pick<StoredOrder, 'lines' | 'customerReference'>,
  catalogue: Catalogue,
): string {
  const goods = lines.map((line) => `${line.product} ${wantedOf(line, catalogue)}`).toSorted();
  return [customerReference?.toLowerCase() ?? '', ...goods].join('\n');
}

function wantedOf(line: StoredOrder['lines'][number], catalogue: Catalogue): number {
  const unit = line.product === null ? undefined : catalogue.product(line.product)?.uom;
  return (unit === undefined ? undefined : inProductUnit(line, unit, catalogue.units)) ?? line.quantity ?? 0;
}

function detailOf(sent: CorpusSent, catalogue: Catalogue): Detail {
  const lines = sent.order?.lines ?? [];
  // Without numbers, nothing or all of it was short.
  const numbers = new Set(
    sent.short ?? (sent.kind === 'short' || sent.kind === 'replenishment' ? lines.map((_, at) => at + 1) : []),
  );
  const order: OrderLine[] = [];
  const short: ShortLine[] = [];
  const records: LineRecord[] = [];
  for (const [index, line] of lines.entries()) {
    const { product, quantity, uom } = line;
    const number = index + 1;
    const day = line.deliveryDate ?? null;
    const known = product === null ? undefined : catalogue.product(product);
    const outcome = known && quantity !== null ? (numbers.has(number) ? 'short' : 'ordered') : 'not-produced';
    records.push({ line: number, product, written: null, place: null, quantity, uom, day, outcome });
    if (!known || quantity === null) continue;
    const wanted = wantedOf(line, catalogue);
    if (outcome === 'short')
      short.push({ line: number, product: known.id, quantity, uom, day, wanted, free: known.free ?? 0, promise: null });
    else order.push({ product: known.id, quantity, uom, day, held: known.free === null ? null : wanted });
  }
  return noDetail(sent.sentAt.slice(0, 10), {
    order,
    lines: records,
    short,
    reference: sent.order?.customerReference ?? null,
  });
}

function whole({ product, quantity, uom, day, wanted }: ShortLine): OrderLine {
  return { product, quantity, uom, day, held: wanted };
}

/** A confirmed order that is delivered: it takes no more of the stock. Of a customer whom Odoo does not know there is none. */
function makeOrder(sent: CorpusSent, lines: readonly OrderLine[], { sandbox, catalogue }: BeforeSurroundings) {
  const partner = catalogue.customer(sent.to)?.company.id;
  if (partner === undefined || sent.kind === 'replenishment') return null;
  const units = new Map([...sandbox.db.table('uom.uom').rows()].map((row) => [row.name, row.id]));
  const id = sandbox.call(USER, 'sale.order', 'create', [
    {
      partner_id: partner,
      client_order_ref: sent.order?.customerReference ?? false,
      order_line: lines.map(({ product, quantity, uom }) => [
        0,
        0,
        {
          product_id: product,
          product_uom_qty: quantity,
          ...(uom !== null && units.has(uom) ? { product_uom: units.get(uom) } : {}),
        },
      ]),
    },
  ]) as number;
  const { db } = sandbox;
  const row = db.table('sale.order').get(id)!;
  db.transaction('before', 1, () => db.put('sale.order', { ...row, state: 'sale' }));
  return { id, name: String(row.name) };
}
