// What has to be known of earlier mails before a mail is read: our own that it may answer, and its customers' orders.
import type { Store } from '../../store/database.ts';
import { bouncedIds } from '../outbox/bounces.ts';
import { customerKey } from '../read.ts';
import type { ReadOrder } from '../reading.ts';
import { hashToken, type SentMail, tokensIn } from '../threading.ts';
import type { MemoryRequest, RememberedMails } from './service.ts';

const SENT = `select o.id::integer, o.conversation_id::integer as conversation, o.message_id as "messageId", coalesce(t.token_hash, '') as "tokenHash", o.recipient, o.kind, o.open,
    case when o.kind = 'replenishment' then o.recipient else coalesce(c.customer_email, o.recipient) end as customer
  from planbridge.mail_outbound o left join planbridge.mail_token t on t.outbound_id = o.id
    left join planbridge.mail_conversation c on c.id = o.conversation_id`;
/** An order that was taken over from elsewhere may come without its days. */
export type StoredOrder = ReadOrder & { withoutDates?: true };

const QUESTIONS = 200;
const ORDERS = 500;

export async function rememberedMails(
  store: Store,
  { mail, customers, catalogue }: MemoryRequest,
): Promise<RememberedMails> {
  // Who has become a partner since was known by his address alone.
  const keys = [...new Set([...customers, ...(mail.from ? [mail.from.email] : [])])];
  const bare = (id: string) => `<${id.replaceAll(/[<>\s]/g, '').toLowerCase()}>`;
  const ids = [...new Set([...mail.references, ...bouncedIds(mail)].map(bare))].slice(0, 200);
  const hashes = [...new Set(tokensIn(`${mail.subject}\n${mail.text}\n${mail.html}`.slice(0, 400_000)))]
    .slice(0, 50)
    .map(hashToken);
  const rows = await store.query<Omit<SentMail, 'to'> & { id: number; recipient: string; customer: string }>(
    `${SENT} where o.message_id = any($1) or t.token_hash = any($2)
     union ${SENT} where o.open and o.kind = 'short' and c.customer_key = any($3) order by id limit ${QUESTIONS}`,
    [ids, hashes, keys],
  );
  const orders = await store.query<{ id: number; email: string; order: StoredOrder; receivedAt: Date }>(
    `select id::integer, customer_email as email, read_order as "order", received_at as "receivedAt"
     from planbridge.mail_conversation where customer_key = any($1) and accepted and read_order is not null
     order by received_at desc, id desc limit ${ORDERS}`,
    [keys],
  );
  const sender = mail.from ? customerKey(mail.from.email, catalogue) : '';
  return {
    sent: rows.map(({ id: _, recipient, customer, ...row }) => {
      // Where a customer has his answers sent is his as well.
      const to = customerKey(recipient, catalogue) === sender ? recipient : customer;
      return { ...row, to };
    }),
    orders: orders.toReversed().map(({ id, email, order, receivedAt }) => ({
      name: String(id),
      customer: customerKey(email, catalogue),
      order,
      receivedAt: receivedAt.getTime(),
      ...(order.withoutDates && { withoutDates: true }),
    })),
  };
}
