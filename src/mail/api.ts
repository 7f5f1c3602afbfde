// The API of the mail screen: conversations, what they are made of, and what a person does with them.
import { z } from 'zod';
import { PlanbridgeError } from '../errors.ts';
import { type Api, idOf, notFound } from '../http/api.ts';
import type { SqlValue, Store } from '../store/database.ts';
import { LANGUAGES, nameIn } from './answers/language.ts';
import type { Catalogue } from './catalogue.ts';
import type { Answering } from './conversation/answering.ts';
import type { Conversation } from './conversation/model.ts';
import type { PersonActions } from './conversation/person.ts';
import { mailReport } from './conversation/report.ts';
import { findConversation, lockConversation, selectConversations } from './conversation/rows.ts';
import type { StoredMails } from './conversation/service.ts';
import { STATES } from './conversation/states.ts';
import type { Mail } from './mail.ts';
import { parseMail } from './parse.ts';
import { findProducts, unitsFor } from './product-search.ts';
import { itemsOfHtml } from './text/html.ts';
import { textOf } from './text/items.ts';

export interface MailRouteSurroundings {
  api: Api;
  store: Store;
  mails: StoredMails;
  person: PersonActions;
  answering: Answering;
  /** Gathers what an answer needs. */
  ready(): Promise<void>;
  odooUrl: string | null;
  catalogue: () => Promise<Catalogue>;
  /** To Odoo, for mail orders, since the start. */
  calls: () => number;
  now: () => number;
  wake(): void;
}

const LONGEST_PAGE = 200;

const id = z.number().int();
const Listed = z.object({
  id,
  state: z.enum(STATES),
  customer: z.object({ email: z.string(), name: z.string().nullable() }),
  subject: z.string(),
  language: z.string(),
  reference: z.string().nullable(),
  /** Why a person has to look. */
  waitsFor: z.string().nullable(),
  waitsSince: z.string().nullable(),
  receivedAt: z.string(),
  updatedAt: z.string(),
  lines: z.number().int(),
  orders: z.array(z.string()),
});

const Line = z.object({
  product: z.number().int().positive(),
  quantity: z.number().positive().max(1e12),
  uom: z.string().max(60).nullish(),
  deliveryDate: z.iso.date().nullish(),
});
const Order = z.object({
  lines: z.array(Line).min(1).max(1_000),
  customerReference: z.string().max(200).nullish(),
  address: z.string().max(1_000).nullish(),
});
const Product = z.object({
  id,
  code: z.string().nullable(),
  name: z.string(),
  unit: z.string(),
  units: z.array(z.string()).describe('in which it can be ordered, its own first'),
  free: z.number().nullable().describe('null: no stock is kept of it'),
  price: z.number(),
});
const Done = z.object({ done: z.literal(true) });
const DONE = { done: true } as const;

export function addMailRoutes(surroundings: MailRouteSurroundings): void {
  const { api, store, mails, person, answering, now, wake } = surroundings;
  const tag = 'Mail';

  api.route(
    {
      method: 'get',
      path: '/api/mail/conversations',
      tag,
      summary: 'Conversations: those that wait for a person first, then the newest',
      role: 'viewer',
      query: z.object({
        state: z.enum(STATES).optional(),
        waiting: z.enum(['yes', 'no']).optional(),
        search: z.string().max(200).optional(),
        offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
        limit: z.coerce.number().int().min(1).max(LONGEST_PAGE).default(50),
      }),
      answer: z.object({ conversations: z.array(Listed), total: z.number().int() }),
    },
    async ({ query }) => await listConversations(store, query),
  );

  api.route(
    {
      method: 'get',
      path: '/api/mail/conversations/:id',
      tag,
      summary: 'One conversation: the original, lines as read, transitions with their causes, mails, records in Odoo',
      role: 'viewer',
      answer: z.looseObject({ id }),
    },
    async ({ params }) => await oneConversation(surroundings, idOf(params, 'conversation')),
  );

  api.route(
    {
      method: 'get',
      path: '/api/mail/conversations/:id/mails/:mail/original',
      tag,
      summary: 'A mail as it came',
      role: 'viewer',
      contentType: 'message/rfc822',
    },
    async ({ params, response }) => {
      const mail = Number(params.mail);
      const [part] = await store.query(
        'select 1 from planbridge.mail_conversation_part where conversation_id = $1 and mail_id = $2',
        [idOf(params, 'conversation'), Number.isSafeInteger(mail) ? mail : 0],
      );
      const raw = part ? await mails.raw(mail) : null;
      if (raw === null) throw notFound('mail');
      // Never shown in the browser: what is in it is a stranger's.
      response
        .setHeader('Content-Type', 'message/rfc822')
        .setHeader('Content-Disposition', `attachment; filename="mail-${mail}.eml"`)
        .setHeader('X-Content-Type-Options', 'nosniff')
        .send(raw);
    },
  );

  for (const [path, regardless, summary] of [
    ['lines', false, 'Corrects what was read, and goes on: checked against stock like any order'],
    ['make', true, 'Makes the sales order by hand, whatever the stock'],
  ] as const) {
    api.route(
      {
        method: 'post',
        path: `/api/mail/conversations/:id/${path}`,
        tag,
        summary,
        role: 'planner',
        body: Order,
        answer: Done,
      },
      async ({ params, body, user }) => {
        const { lines, customerReference = null, address = null } = body;
        const order = {
          lines: lines.map(({ uom = null, deliveryDate = null, ...line }) => ({ ...line, uom, deliveryDate })),
          customerReference,
          address,
        };
        await person.correct(idOf(params, 'conversation'), order, { regardless, login: user.login });
        return DONE;
      },
    );
  }

  api.route(
    {
      method: 'post',
      path: '/api/mail/conversations/:id/choice',
      tag,
      summary: 'Chooses for the customer: 1 what is available, 2 wait, 3 cancel',
      role: 'planner',
      body: z.object({ choice: z.union([z.literal(1), z.literal(2), z.literal(3)]) }),
      answer: Done,
    },
    async ({ params, body, user }) => {
      await person.choose(idOf(params, 'conversation'), body.choice, user.login);
      return DONE;
    },
  );

  api.route(
    {
      method: 'post',
      path: '/api/mail/conversations/:id/answer',
      tag,
      summary: 'Answers the customer by hand, in the thread',
      role: 'planner',
      body: z.object({ subject: z.string().min(1).max(300), text: z.string().min(1).max(50_000) }),
      answer: Done,
    },
    async ({ params, body, user }) => {
      await surroundings.ready();
      await store.transaction(async (query) => {
        const conversation = await lockConversation(query, idOf(params, 'conversation'));
        if (!conversation) throw notFound('conversation');
        if (!(conversation.answerTo || conversation.customerEmail).includes('@')) {
          throw new PlanbridgeError('PB_MAIL_STATE', 409, 'The conversation has no address to answer to.');
        }
        await answering.byHand(query, conversation, { ...body, author: user.login });
        await query('update planbridge.mail_conversation set updated_at = $2 where id = $1', [
          conversation.id,
          new Date(now()),
        ]);
      });
      wake();
      return DONE;
    },
  );

  api.route(
    {
      method: 'post',
      path: '/api/mail/conversations/:id/retry',
      tag,
      summary: 'Tries again what has not worked; where nothing is due, has the mail read again',
      role: 'planner',
      answer: z.object({ tried: z.enum(['effects', 'mail']) }),
    },
    async ({ params, user }) => ({ tried: await person.retry(idOf(params, 'conversation'), user.login) }),
  );

  api.route(
    {
      method: 'post',
      path: '/api/mail/conversations/:id/seen',
      tag,
      summary: 'A person has looked; the conversation waits for nobody of us any more',
      role: 'planner',
      answer: Done,
    },
    async ({ params, user }) => {
      await person.seen(idOf(params, 'conversation'), user.login);
      return DONE;
    },
  );

  api.route(
    {
      method: 'post',
      path: '/api/mail/conversations/:id/close',
      tag,
      summary: 'Closes a conversation without an answer',
      role: 'planner',
      answer: Done,
    },
    async ({ params, user }) => {
      await person.close(idOf(params, 'conversation'), user.login);
      return DONE;
    },
  );

  api.route(
    {
      method: 'post',
      path: '/api/mail/messages/:id/release',
      tag,
      summary: 'Has a mail read again although its sender is refused, or two machines seemed to talk',
      role: 'planner',
      answer: Done,
    },
    async ({ params, user }) => {
      await person.release(idOf(params, 'mail'), user.login);
      return DONE;
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/mail/report',
      tag,
      summary: 'What waits, counted',
      role: 'viewer',
      answer: z.looseObject({
        odooCalls: z.number(),
        changed: z.string().describe('another text when something has changed'),
      }),
    },
    async () => ({ ...(await mailReport(store)), odooCalls: surroundings.calls(), changed: await lastChange(store) }),
  );

  api.route(
    {
      method: 'get',
      path: '/api/mail/products',
      tag,
      summary: 'Products for sale that what is typed may mean, the likeliest first',
      role: 'viewer',
      query: z.object({
        search: z.string().max(200).default(''),
        language: z.enum(LANGUAGES).catch('en'),
        limit: z.coerce.number().int().min(1).max(100).default(20),
      }),
      answer: z.object({ products: z.array(Product) }),
    },
    async ({ query: { search, language, limit } }) => {
      const known = await surroundings.catalogue();
      return {
        products: findProducts(known, search, limit).map((product) => ({
          id: product.id,
          code: product.default_code,
          name: nameIn(product.name, language),
          unit: product.uom,
          units: unitsFor(product, known),
          free: product.free,
          price: product.price,
        })),
      };
    },
  );

  api.route(OUTBOUND_ORIGINAL, async ({ params, response }) => {
    const number = idOf(params, 'mail');
    const [row] = await store.query<{ raw: Buffer | null }>('select raw from planbridge.mail_outbound where id = $1', [
      number,
    ]);
    if (!row?.raw) throw notFound('mail');
    response
      .setHeader('Content-Type', 'message/rfc822')
      .setHeader('Content-Disposition', `attachment; filename="outbox-${number}.eml"`)
      .setHeader('X-Content-Type-Options', 'nosniff')
      .send(row.raw);
  });

  api.route(
    {
      method: 'get',
      path: '/api/mail/outbox',
      tag,
      summary: 'Our mails, newest first',
      role: 'viewer',
      query: z.object({
        state: z.enum(['queued', 'sending', 'sent', 'dead', 'bounced']).optional(),
        before: z.coerce.number().int().positive().optional(),
        limit: z.coerce.number().int().min(1).max(LONGEST_PAGE).default(50),
      }),
      answer: z.object({ mails: z.array(z.looseObject({ id })) }),
    },
    async ({ query }) => ({
      mails: await store.query(
        `select ${OUTBOUND} from planbridge.mail_outbound where ($1::text is null or state = $1) and ($2::bigint is null or id < $2)
         order by id desc limit $3`,
        [query.state ?? null, query.before ?? null, query.limit],
      ),
    }),
  );
}

const OUTBOUND_ORIGINAL = {
  method: 'get',
  path: '/api/mail/outbox/:id/original',
  tag: 'Mail',
  summary: 'A mail of ours as it goes out; gone when it is sent, kept where nothing is sent',
  role: 'planner',
  contentType: 'message/rfc822',
} as const;

const OUTBOUND = `id::integer, conversation_id::integer as conversation, template, kind, message_id as "messageId", recipient, subject,
  language, text, automatic, author, state, attempts, response, error, created_at as "createdAt", sent_at as "sentAt"`;

interface Filter {
  state?: string | undefined;
  waiting?: 'yes' | 'no' | undefined;
  search?: string | undefined;
  offset: number;
  limit: number;
}

async function listConversations(store: Store, { state, waiting, search, offset, limit }: Filter) {
  const values: SqlValue[] = [];
  const terms: string[] = [];
  const term = (sql: (place: string) => string, value: SqlValue) => {
    values.push(value);
    terms.push(sql(`$${values.length}`));
  };
  if (state) term((place) => `state = ${place}`, state);
  if (waiting) terms.push(waiting === 'yes' ? 'waits_for is not null' : 'waits_for is null');
  if (search?.trim()) {
    const pattern = `%${search.trim().replace(/[\\%_]/g, '\\$&')}%`;
    term(
      (place) =>
        `(customer_email ilike ${place} or customer_name ilike ${place} or subject ilike ${place}
          or read_order->>'customerReference' ilike ${place}
          or exists (select 1 from planbridge.mail_record r where r.conversation_id = mail_conversation.id and r.name ilike ${place}))`,
      pattern,
    );
  }
  const where = terms.length > 0 ? `where ${terms.join(' and ')}` : '';
  const [total] = await store.query<{ count: number }>(
    `select count(*)::integer as count from planbridge.mail_conversation ${where}`,
    values,
  );
  const rows = await selectConversations(
    store.query,
    `${where} order by (waits_for is null), waits_since, updated_at desc, id desc limit ${limit} offset ${offset}`,
    values,
  );
  const records = await store.query<{ conversation: number; name: string }>(
    `select conversation_id::integer as conversation, name from planbridge.mail_record
     where conversation_id = any($1) and name <> '' order by asked_at`,
    [rows.map((row) => row.id)],
  );
  return {
    total: total?.count ?? 0,
    conversations: rows.map((row) => ({
      ...shortOf(row),
      orders: records.filter(({ conversation }) => conversation === row.id).map(({ name }) => name),
    })),
  };
}

async function lastChange(store: Store): Promise<string> {
  const [last] = await store.query<{ changed: string }>(
    `select concat_ws(' ', (select extract(epoch from max(updated_at)) from planbridge.mail_conversation),
       (select max(id) from planbridge.mail), (select max(id) from planbridge.mail_transition),
       (select extract(epoch from max(done_at)) from planbridge.mail_effect),
       (select extract(epoch from max(sent_at)) from planbridge.mail_outbound),
       (select count(*) from planbridge.mail where state = 'waiting')) as changed`,
  );
  return last?.changed ?? '';
}

function shortOf(row: Conversation) {
  return {
    id: row.id,
    state: row.state,
    customer: { email: row.customerEmail, name: row.customerName },
    subject: row.subject,
    language: row.language,
    reference: row.readOrder?.customerReference ?? null,
    waitsFor: row.waitsFor,
    waitsSince: row.waitsSince?.toISOString() ?? null,
    receivedAt: row.receivedAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    lines: row.lines.length,
  };
}

async function oneConversation(
  { store, mails, odooUrl, catalogue }: MailRouteSurroundings,
  id: number,
): Promise<object> {
  const row = await findConversation(store.query, id);
  if (!row) throw notFound('conversation');
  const parts = await store.query<{ mail: number; role: string; reading: unknown; at: Date }>(
    `select mail_id::integer as mail, role, reading, at from planbridge.mail_conversation_part where conversation_id = $1 order by at, mail_id`,
    [id],
  );
  const transitions = await store.query(
    `select id::integer, from_state as "from", event, to_state as "to", expected, cause, at from planbridge.mail_transition
     where conversation_id = $1 order by id`,
    [id],
  );
  const effects = await store.query(
    `select id::integer, transition_id::integer as transition, kind, state, attempts, error, due_at as "dueAt", done_at as "doneAt"
     from planbridge.mail_effect where conversation_id = $1 order by id`,
    [id],
  );
  const answers = await store.query(
    `select ${OUTBOUND} from planbridge.mail_outbound where conversation_id = $1 order by id`,
    [id],
  );
  const records = await store.query<{ model: string; id: number; name: string }>(
    `select model, res_id as id, name from planbridge.mail_record where conversation_id = $1 and res_id is not null order by asked_at`,
    [id],
  );
  const known = await catalogue().catch(() => null);
  const named = (product: number | null) => {
    const found = product === null ? undefined : known?.product(product);
    return found
      ? {
          code: found.default_code,
          name: nameIn(found.name, 'en'),
          unit: found.uom,
          units: unitsFor(found, known!),
          free: found.free,
        }
      : null;
  };
  return {
    ...shortOf(row),
    address: row.readOrder?.address ?? null,
    answerTo: row.answerTo,
    triesLeft: row.triesLeft,
    remindAt: row.remindAt,
    expireAt: row.expireAt,
    order: row.readOrder,
    errors: row.errors,
    lines: row.lines.map((line) => ({ ...line, ...{ item: named(line.product) } })),
    short: row.short.map((line) => ({ ...line, ...{ item: named(line.product) } })),
    mails: await Promise.all(parts.map(async (part) => ({ ...part, ...(await originalOf(mails, part.mail)) }))),
    transitions,
    effects,
    answers,
    records: records.map((record) => ({
      ...record,
      url: odooUrl === null ? null : `${odooUrl}/web#id=${record.id}&model=${record.model}&view_type=form`,
    })),
  };
}

const SHOWN = 100_000;

/** HTML is shown by its words alone, where a mail has no others. */
function wordsOf({ text, html }: Mail): string {
  if (text.trim() !== '' || html === '') return text;
  return textOf(itemsOfHtml(html.slice(0, 10 * SHOWN)));
}

/** What a person sees of a mail: its text, and the names of what is attached. HTML is not shown. */
async function originalOf(mails: StoredMails, id: number): Promise<object> {
  const raw = await mails.raw(id);
  if (raw === null) return { original: null };
  const mail = await parseMail(raw).catch(() => null);
  if (!mail) return { original: null };
  return {
    original: {
      from: mail.from,
      replyTo: mail.replyTo,
      subject: mail.subject,
      date: mail.date,
      messageId: mail.messageId,
      text: wordsOf(mail).slice(0, SHOWN),
      hasHtml: mail.html !== '',
      refused: mail.refused,
      attachments: mail.attachments.map(({ name, type, content, inline }) => ({
        name,
        type,
        bytes: content.length,
        inline,
      })),
    },
  };
}
