// What waits, counted: nothing waits for a person silently.
import type { Store } from '../../store/database.ts';
import type { Address } from '../outbox/message.ts';
import { rawMessage } from '../outbox/message.ts';

export interface MailReport {
  /** Conversations that a person has to look at. */
  persons: {
    count: number;
    oldest: string | null;
    first: { id: number; customer: string; why: string; since: string }[];
  };
  /** Questions that customers have not answered. */
  customers: number;
  /** Customers who wait for goods. */
  stock: number;
  /** Our mails that did not go out or came back. */
  undelivered: number;
  /** Our mails that are still to be sent. */
  outbox: number;
  /** Sales orders and answers that are tried again. */
  retried: number;
}

export async function mailReport(store: Store): Promise<MailReport> {
  const [counts] = await store.query<Record<string, number | Date | null>>(
    `select
       (select count(*)::integer from planbridge.mail_conversation where waits_for is not null) as persons,
       (select min(waits_since) from planbridge.mail_conversation where waits_for is not null) as oldest,
       (select count(*)::integer from planbridge.mail_conversation where state in ('waiting-for-choice', 'waiting-for-correction')) as customers,
       (select count(*)::integer from planbridge.mail_conversation where state = 'waiting-for-stock') as stock,
       (select count(*)::integer from planbridge.mail_outbound where state in ('dead', 'bounced')) as undelivered,
       (select count(*)::integer from planbridge.mail_outbound where state in ('queued', 'sending')) as outbox,
       (select count(*)::integer from planbridge.mail_effect where state = 'due' and attempts > 0) as retried`,
  );
  const first = await store.query<{ id: number; customer: string; why: string; since: Date }>(
    `select id::integer, customer_email as customer, waits_for as why, waits_since as since from planbridge.mail_conversation
     where waits_for is not null order by waits_since, id limit 20`,
  );
  const oldest = counts?.oldest;
  return {
    persons: {
      count: Number(counts?.persons ?? 0),
      oldest: oldest instanceof Date ? oldest.toISOString() : null,
      first: first.map(({ since, ...row }) => ({ ...row, since: since.toISOString() })),
    },
    customers: Number(counts?.customers ?? 0),
    stock: Number(counts?.stock ?? 0),
    undelivered: Number(counts?.undelivered ?? 0),
    outbox: Number(counts?.outbox ?? 0),
    retried: Number(counts?.retried ?? 0),
  };
}

/** Puts the day's report into the outbox, once. Days on which nothing waits have none. */
export async function queueReport(store: Store, from: Address, to: string, day: string, now: Date): Promise<boolean> {
  const messageId = `<pb.report.${day}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`;
  const [before] = await store.query('select 1 from planbridge.mail_outbound where message_id = $1', [messageId]);
  if (before) return false;
  const report = await mailReport(store);
  if (report.persons.count + report.undelivered + report.retried === 0) return false;
  const text = reportText(report);
  const subject = `Order mails: ${report.persons.count} wait for a person`;
  const html = `<pre>${text.replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`)}</pre>`;
  const raw = await rawMessage({
    from,
    to,
    subject,
    text,
    html,
    messageId,
    inReplyTo: null,
    references: [],
    autoSubmitted: 'auto-generated',
    date: now,
  });
  const rows = await store.query(
    `insert into planbridge.mail_outbound (template, kind, message_id, recipient, envelope_from, subject, language, text, raw,
       automatic, due_at, created_at) values ('report', 'notice', $1, $2, '', $3, 'en', $4, $5, false, $6, $6)
     on conflict (message_id) do nothing returning id`,
    [messageId, to, subject, text, raw, now],
  );
  return rows.length > 0;
}

function reportText({ persons, customers, stock, undelivered, outbox, retried }: MailReport): string {
  const lines = [
    `${persons.count} conversations wait for a person${persons.oldest ? `, the oldest since ${persons.oldest}` : ''}.`,
    `${customers} wait for a customer's answer, ${stock} for goods.`,
    `${undelivered} of our mails did not arrive, ${outbox} are still to be sent, ${retried} orders or answers are tried again.`,
    '',
    ...persons.first.map(({ id, customer, why, since }) => `${id}  ${since.slice(0, 16)}  ${customer}  ${why}`),
  ];
  return `${lines.join('\n')}\n`;
}
