// The API of the mail screen: conversations, what they are made of, and what a person does with them.
import { z } from 'zod';
import { PlanbridgeError } from '../errors.ts';
import { type Api, idOf, notFound } from '../http/api.ts';
import type { Store } from '../store/database.ts';
import { LANGUAGES, nameIn } from './answers/language.ts';
import type { Catalogue } from './catalogue.ts';
import type { Answering } from './conversation/answering.ts';
import type { PersonActions } from './conversation/person.ts';
import { mailReport } from './conversation/report.ts';
import { lockConversation } from './conversation/rows.ts';
import type { StoredMails } from './conversation/service.ts';
import { STATES } from './conversation/states.ts';
import { lastChange, listConversations } from './conversation-list.ts';
import { OUTBOUND, oneConversation } from './conversation-view.ts';
import { findProducts, unitsFor } from './product-search.ts';

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
