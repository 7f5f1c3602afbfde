// The API of incoming mail: sources and how they are, mails as they came, what became of them, and another try.
import { z } from 'zod';
import { type Api, idOf, notFound } from '../../http/api.ts';
import type { Store } from '../../store/database.ts';
import { header } from '../mail.ts';
import { parseHead } from '../parse.ts';
import { backlogOf, findMail, listMails, rawMail, readAgain, sightingsOf } from '../store/mails.ts';
import { listSources } from './health.ts';

export interface StoredMailRoutesOptions {
  api: Api;
  store: Store;
  /** Milliseconds since 1970. */
  now: () => number;
  /** There is something to read. */
  wake: () => void;
}

const instant = z.union([z.string(), z.date()]);
const Envelope = z.object({ from: z.string().nullable(), to: z.array(z.string()) });

const SourceAnswer = z.object({
  name: z.string(),
  kind: z.string(),
  place: z.string(),
  quietHours: z.number(),
  startedAt: instant.nullable(),
  heartbeatAt: instant.nullable(),
  lastMailAt: instant.nullable(),
  error: z.string().nullable(),
  failingSince: instant.nullable(),
  alarm: z.enum(['quiet', 'failing', 'stopped']).nullable(),
  alarmSince: instant.nullable(),
  mails: z.number().int().describe('In the last 24 hours'),
});

const MailAnswer = z.object({
  id: z.number().int(),
  sha256: z.string(),
  source: z.string(),
  envelope: Envelope,
  size: z.number(),
  kept: z.enum(['whole', 'head', 'removed']).describe('head: too large, only the beginning is kept'),
  receivedAt: instant,
  sender: z.string().nullable(),
  subject: z.string().nullable(),
  messageId: z.string().nullable(),
  state: z.enum(['waiting', 'done', 'dead']).describe('dead: could not be read within its tries'),
  released: z.boolean(),
  failures: z.number().int(),
  error: z.string().nullable(),
  dueAt: instant.nullable(),
  kind: z.string().nullable().describe('order, reply, question, ignored; null = not read yet'),
  reason: z.string().nullable(),
  outcome: z.string().nullable(),
  conversation: z.number().int().nullable(),
  doneAt: instant.nullable(),
});

const tag = 'Mail';

export function addStoredMailRoutes({ api, store, now, wake }: StoredMailRoutesOptions): void {
  const { query: ask } = store;

  api.route(
    {
      method: 'get',
      path: '/api/mail/sources',
      tag,
      summary: 'Where mails come from, how each source is, and what waits',
      role: 'viewer',
      answer: z.object({
        sources: z.array(SourceAnswer),
        waiting: z.number().int(),
        dead: z.number().int(),
        oldestSeconds: z.number(),
      }),
    },
    async () => ({ sources: await listSources(ask, now()), ...(await backlogOf(ask, now())) }),
  );

  api.route(
    {
      method: 'get',
      path: '/api/mail/messages',
      tag,
      summary:
        'Mails as they came, newest first; `state=dead` lists those that wait for a person because they cannot be read',
      role: 'viewer',
      query: z.object({
        state: z.enum(['waiting', 'done', 'dead']).optional(),
        kind: z.enum(['order', 'reply', 'question', 'ignored']).optional(),
        source: z.string().max(500).optional(),
        search: z.string().max(200).optional().describe('Part of sender or subject, or a Message-ID'),
        before: z.coerce.number().int().positive().optional().describe('Id to go on from'),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      answer: z.object({ mails: z.array(MailAnswer), next: z.number().int().nullable() }),
    },
    async ({ query }) => {
      const mails = await listMails(ask, query);
      return { mails, next: mails.length === query.limit ? (mails.at(-1)?.id ?? null) : null };
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/mail/messages/:id',
      tag,
      summary: 'One mail: its header fields, where it was seen, and what became of it',
      role: 'viewer',
      answer: MailAnswer.extend({
        sightings: z.array(z.object({ source: z.string(), place: z.string(), envelope: Envelope, seenAt: instant })),
        headers: z.array(z.object({ name: z.string(), value: z.string() })).describe('Empty when the original is gone'),
        date: z.string().nullable().describe('As the sender wrote it'),
      }),
    },
    async ({ params }) => {
      const id = idOf(params, 'mail');
      const mail = await findMail(ask, id);
      if (!mail) throw notFound('mail');
      const raw = await rawMail(ask, id);
      const head = raw && (await parseHead(raw.bytes, 'only its head is shown'));
      return {
        ...mail,
        sightings: await sightingsOf(ask, id),
        headers: [...(head?.headers ?? [])].flatMap(([name, values]) => values.map((value) => ({ name, value }))),
        date: (head && header(head, 'date')) ?? null,
      };
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/mail/messages/:id/original',
      tag,
      summary: 'A mail as it came, byte by byte',
      role: 'viewer',
      contentType: 'message/rfc822',
    },
    async ({ params, response }) => {
      const id = idOf(params, 'mail');
      const raw = await rawMail(ask, id);
      if (!raw) throw notFound('original');
      // Never shown in the browser: what is in it is a stranger's.
      response
        .setHeader('Content-Type', 'message/rfc822')
        .setHeader('Content-Disposition', `attachment; filename="mail-${id}.eml"`)
        .setHeader('X-Content-Type-Options', 'nosniff')
        .send(raw.bytes);
    },
  );

  api.route(
    {
      method: 'post',
      path: '/api/mail/messages/:id/retry',
      tag,
      summary: 'Has a mail read again that could not be read, or at once what is to be tried later',
      role: 'planner',
      answer: MailAnswer,
    },
    async ({ params, user, log }) => {
      const id = idOf(params, 'mail');
      const before = await findMail(ask, id);
      if (!before) throw notFound('mail');
      // What was read has had its effects.
      if (before.state !== 'done') {
        await readAgain(ask, id, { release: false });
        log.info({ mail: id, who: user.login }, 'a mail is read again');
        wake();
      }
      return (await findMail(ask, id))!;
    },
  );
}
