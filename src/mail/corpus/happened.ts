// What became of a mail in the end: the rows of the store and the records of Odoo that exist because of it. Looks only.
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Row } from '../../sandbox/values.ts';
import type { Store } from '../../store/database.ts';
import type { Conversation, Detail } from '../conversation/model.ts';
import { findConversation } from '../conversation/rows.ts';
import type { EventKind } from '../conversation/states.ts';
import type { Reading } from '../reading.ts';

export interface SoldLine {
  product: number;
  quantity: number;
  uom: string;
  /** Lead time in days. */
  lead: number;
}

export interface SoldOrder {
  id: number;
  name: string;
  state: string;
  partner: Row;
  shipping: Row;
  reference: string | null;
  /** Odoo's UTC text. */
  commitment: string | null;
  lines: SoldLine[];
}

export interface BoughtOrder {
  id: number;
  name: string;
  state: string;
  vendor: number;
  lines: { product: number; quantity: number }[];
}

export interface Answer {
  template: string;
  kind: string;
  to: string;
  state: string;
}

export interface Step {
  event: EventKind;
  expected: boolean;
  detail: Detail;
  effects: string[];
}

export interface Happened {
  mail: { state: string; kind: string | null; reason: string | null; outcome: string; error: string | null };
  conversation: Conversation | null;
  role: string | null;
  /** As it was kept with the mail. */
  reading: Reading | null;
  /** The mail has begun this conversation. */
  began: boolean;
  /** What the mail caused, in order. */
  steps: Step[];
  sold: SoldOrder[];
  bought: BoughtOrder[];
  answers: Answer[];
  /** Message-ID of our mail that came back with this one. */
  bounced: string | null;
  /** What was not carried out, in sentences. */
  open: string[];
}

/** How far everything was before the mail came. */
export interface Mark {
  sale: number;
  purchase: number;
  transition: number;
  outbound: number;
  bounced: ReadonlySet<string>;
}

export async function markOf(store: Store, sandbox: Sandbox): Promise<Mark> {
  const [row] = await store.query<{ transition: number; outbound: number }>(
    `select coalesce((select max(id) from planbridge.mail_transition), 0)::integer as transition,
       coalesce((select max(id) from planbridge.mail_outbound), 0)::integer as outbound`,
  );
  return {
    sale: Math.max(0, ...sandbox.db.table('sale.order').ids),
    purchase: Math.max(0, ...sandbox.db.table('purchase.order').ids),
    transition: row!.transition,
    outbound: row!.outbound,
    bounced: new Set(await bouncedMails(store)),
  };
}

async function bouncedMails(store: Store): Promise<string[]> {
  const rows = await store.query<{ id: string }>(
    `select message_id as id from planbridge.mail_outbound where state = 'bounced' order by id`,
  );
  return rows.map(({ id }) => id);
}

/** @param id of the mail */
export async function whatHappened(store: Store, sandbox: Sandbox, id: number, mark: Mark): Promise<Happened> {
  const [mail] = await store.query<Happened['mail']>(
    `select state, kind, reason, coalesce(outcome, '') as outcome, error from planbridge.mail where id = $1`,
    [id],
  );
  const [part] = await store.query<{ conversation: number; role: string; reading: Reading | null }>(
    `select conversation_id::integer as conversation, role, reading from planbridge.mail_conversation_part where mail_id = $1
     order by conversation_id limit 1`,
    [id],
  );
  const steps = await store.query<Step>(
    `select t.event, t.expected, t.detail,
       array(select kind from planbridge.mail_effect e where e.transition_id = t.id order by e.id) as effects
     from planbridge.mail_transition t where t.id > $1 and t.cause @> $2 order by t.id`,
    [mark.transition, JSON.stringify({ kind: 'mail', mail: id })],
  );
  const answers = await store.query<Answer>(
    `select template, kind, recipient as "to", state from planbridge.mail_outbound where id > $1 order by id`,
    [mark.outbound],
  );
  const conversation = part ? await findConversation(store.query, part.conversation) : null;
  const bounced = (await bouncedMails(store)).find((each) => !mark.bounced.has(each)) ?? null;
  return {
    mail: mail!,
    conversation,
    role: part?.role ?? null,
    reading: part?.reading ?? null,
    began: conversation?.mailId === id,
    steps,
    sold: soldSince(sandbox, mark.sale),
    bought: boughtSince(sandbox, mark.purchase),
    answers,
    bounced,
    open: await leftOpen(store, mark),
  };
}

async function leftOpen(store: Store, mark: Mark): Promise<string[]> {
  const rows = await store.query<{ text: string }>(
    `select kind || case when state = 'due' then ' is still due' else ' was not carried out' end || coalesce(': ' || error, '') as text
       from planbridge.mail_effect where transition_id > $1 and (state <> 'done' or error is not null)
     union all
     select template || ' to ' || recipient || ' is ' || state || coalesce(': ' || error, '') from planbridge.mail_outbound
       where id > $2 and state <> 'sent'`,
    [mark.transition, mark.outbound],
  );
  return rows.map(({ text }) => text);
}

function rowsOf(sandbox: Sandbox, model: string, field: string, value: number): Row[] {
  return [...sandbox.db.table(model).rows()].filter((row) => row[field] === value);
}

function soldSince(sandbox: Sandbox, mark: number): SoldOrder[] {
  const { db } = sandbox;
  const table = db.table('sale.order');
  return table.ids
    .filter((id) => id > mark)
    .map((id) => {
      const row = table.get(id)!;
      const partner = db.table('res.partner').get(Number(row.partner_id))!;
      return {
        id,
        name: String(row.name),
        state: String(row.state),
        partner,
        shipping: db.table('res.partner').get(Number(row.partner_shipping_id)) ?? partner,
        reference: typeof row.client_order_ref === 'string' ? row.client_order_ref : null,
        commitment: typeof row.commitment_date === 'string' ? row.commitment_date : null,
        lines: rowsOf(sandbox, 'sale.order.line', 'order_id', id)
          .filter((line) => !line.display_type)
          .map((line) => ({
            product: Number(line.product_id),
            quantity: Number(line.product_uom_qty),
            uom: String(db.table('uom.uom').get(Number(line.product_uom))?.name ?? ''),
            lead: Number(line.customer_lead ?? 0),
          })),
      };
    })
    .filter(({ state }) => state !== 'cancel');
}

function boughtSince(sandbox: Sandbox, mark: number): BoughtOrder[] {
  const table = sandbox.db.table('purchase.order');
  return table.ids
    .filter((id) => id > mark)
    .map((id) => {
      const row = table.get(id)!;
      return {
        id,
        name: String(row.name),
        state: String(row.state),
        vendor: Number(row.partner_id),
        lines: rowsOf(sandbox, 'purchase.order.line', 'order_id', id).map((line) => ({
          product: Number(line.product_id),
          quantity: Number(line.product_qty),
        })),
      };
    });
}
