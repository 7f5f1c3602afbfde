// To which conversation a mail belongs: by our mails that it names, by tokens, by the open questions of its sender. Looks into the
// store only, and opens what is new.
import type { Query } from '../../store/database.ts';
import { languageFor } from '../answers/language.ts';
import { customerKey } from '../read.ts';
import type { Reading, ReadingError, ReadOrder } from '../reading.ts';
import { hashToken, tokensIn } from '../threading.ts';
import type { ReadOf, Work } from './handle.ts';
import type { Conversation, OpenQuestion } from './model.ts';
import { addPart, findConversation, lockConversation, openConversation, type Part } from './rows.ts';

export function answerTo(reading: Exclude<Reading, { kind: 'ignored' }>): string {
  return (reading.answerTo ?? reading.customer?.email ?? '').toLowerCase();
}

export async function open(
  { query, incoming, settings, now }: Work,
  reading: Exclude<Reading, { kind: 'ignored' }>,
  order: ReadOrder | null,
  errors: readonly ReadingError[],
): Promise<Conversation> {
  const { catalogue, mail, stored, full } = incoming;
  const email = reading.customer?.email ?? mail.from?.email ?? '';
  return await openConversation(
    query,
    {
      customerEmail: email,
      customerName: reading.customer?.name ?? null,
      customerKey: customerKey(email, catalogue),
      answerTo: answerTo(reading) || email,
      language: languageFor(full.language, catalogue.customer(email)),
      subject: mail.subject,
      mailId: stored.id,
      readOrder: order,
      errors,
      receivedAt: new Date(stored.receivedAt),
      triesLeft: settings.deadlines.tries,
    },
    now,
  );
}

export async function join(
  { query, incoming, now }: Work,
  conversation: Conversation,
  role: Part['role'],
): Promise<void> {
  const { mail, stored, full } = incoming;
  await addPart(
    query,
    {
      conversation: conversation.id,
      mail: stored.id,
      role,
      messageId: mail.messageId,
      refs: mail.references.slice(0, 30),
      reading: full.reading,
    },
    now,
  );
}

interface Thread {
  conversation: number;
  kind: string;
  open: boolean;
  recipient: string;
  /** Of the conversation. */
  customer: string;
}

/** Our mails that this one names, the nearest first. */
export async function namedMails({ query, incoming }: Work): Promise<Thread[]> {
  const { mail } = incoming;
  const ids = mail.references.map((id) => `<${id.replaceAll(/[<>\s]/g, '').toLowerCase()}>`);
  const hashes = tokensIn(`${mail.subject}\n${mail.text}`.slice(0, 400_000)).map(hashToken);
  const rows = await query<Thread & { id: string; hash: string | null }>(
    `select o.conversation_id::integer as conversation, o.kind, o.open, o.recipient, c.customer_email as customer, o.message_id as id, t.token_hash as hash
     from planbridge.mail_outbound o join planbridge.mail_conversation c on c.id = o.conversation_id
       left join planbridge.mail_token t on t.outbound_id = o.id
     where (o.message_id = any($1) or t.token_hash = any($2))`,
    [ids, hashes],
  );
  const rank = (row: { id: string; hash: string | null }) => {
    const at = ids.indexOf(row.id);
    return at >= 0 ? at : ids.length + Math.max(0, hashes.indexOf(row.hash ?? ''));
  };
  return rows.toSorted((a, b) => rank(a) - rank(b));
}

export async function ofSender(work: Work, threads: readonly Thread[]): Promise<Thread[]> {
  const { catalogue, full, mail } = work.incoming;
  const reading = full.reading as Exclude<Reading, { kind: 'ignored' }>;
  const senders = [reading.customer?.email, mail.from?.email].flatMap((email) => email ?? []);
  const keys = new Set(senders.map((email) => customerKey(email, catalogue)));
  return threads.filter(({ recipient, customer }) =>
    [recipient, customer].some((email) => keys.has(customerKey(email, catalogue))),
  );
}

export async function threadConversation(work: Work): Promise<Conversation | null> {
  const [thread] = await ofSender(work, await namedMails(work));
  return thread ? await lockConversation(work.query, thread.conversation) : null;
}

/** The order that was wrong and that this one corrects. */
export async function wrongConversation(work: Work): Promise<Conversation | null> {
  const threads = await ofSender(work, await namedMails(work));
  const thread = threads.find(({ kind, open }) => kind === 'format-error' && open);
  const conversation = thread ? await lockConversation(work.query, thread.conversation) : null;
  return conversation?.state === 'waiting-for-correction' ? conversation : null;
}

export async function answeredConversation(
  work: Work,
  reading: ReadOf<'reply'>,
): Promise<Conversation | 'several' | null> {
  const { query, incoming } = work;
  if (reading.inReplyTo) {
    const [row] = await query<{ conversation: number }>(
      'select conversation_id::integer as conversation from planbridge.mail_outbound where message_id = $1 and conversation_id is not null',
      [reading.inReplyTo.toLowerCase()],
    );
    return row ? await lockConversation(query, row.conversation) : null;
  }
  // Several of our mails may be about one conversation.
  const named = (await ofSender(work, await namedMails(work))).filter(({ open, kind }) => open && kind === 'short');
  const ids = new Set(named.map(({ conversation }) => conversation));
  if (ids.size === 0) {
    const key = customerKey(reading.customer.email, incoming.catalogue);
    for (const { conversation } of await openQuestions(query, [key, reading.customer.email])) ids.add(conversation);
  }
  if (ids.size > 1) return 'several';
  const [only] = ids;
  return only === undefined ? null : await lockConversation(query, only);
}

/** @param keys of one customer: as a partner, and as an address */
export async function openQuestions(query: Query, keys: readonly string[]): Promise<OpenQuestion[]> {
  const rows = await query<{ conversation: number; outbound: number }>(
    `select c.id::integer as conversation, max(o.id)::integer as outbound
     from planbridge.mail_conversation c join planbridge.mail_outbound o on o.conversation_id = c.id
     where c.customer_key = any($1) and o.open and o.kind = 'short' group by c.id order by c.id limit 20`,
    [keys],
  );
  const questions: OpenQuestion[] = [];
  for (const { conversation: id, outbound } of rows) {
    const conversation = (await findConversation(query, id))!;
    questions.push({
      conversation: id,
      outbound,
      receivedAt: conversation.receivedAt.getTime(),
      reference: conversation.readOrder?.customerReference ?? null,
      lines: conversation.short,
    });
  }
  return questions;
}
