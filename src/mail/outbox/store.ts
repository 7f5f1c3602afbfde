// The outbox in the database: mails stand here, ready to be sent, in the transaction that decides on them.
import type { Query } from '../../store/database.ts';
import { storable } from '../conversation/rows.ts';
import { hashToken, type SentKind } from '../threading.ts';

export interface NewOutbound {
  conversation: number | null;
  effect: number | null;
  part: string;
  template: string;
  kind: SentKind;
  messageId: string;
  recipient: string;
  /** Empty: nobody is to be told when it does not arrive (RFC 3834). */
  envelopeFrom: string;
  subject: string;
  language: string;
  /** As our own people see it. */
  text: string;
  raw: Buffer;
  automatic: boolean;
  author: string | null;
  open: boolean;
  token: string;
}

/** @returns false when this effect has put it there before */
export async function addOutbound(query: Query, mail: NewOutbound, now: Date): Promise<boolean> {
  const [row] = await query<{ id: number }>(
    `insert into planbridge.mail_outbound (conversation_id, effect_id, part, template, kind, message_id, recipient, envelope_from,
       subject, language, text, raw, automatic, author, open, due_at, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)
     on conflict (effect_id, part) where effect_id is not null do nothing returning id::integer`,
    [
      mail.conversation,
      mail.effect,
      mail.part,
      mail.template,
      mail.kind,
      mail.messageId.toLowerCase(),
      mail.recipient.toLowerCase(),
      mail.envelopeFrom,
      storable(mail.subject),
      mail.language,
      storable(mail.text),
      mail.raw,
      mail.automatic,
      mail.author,
      mail.open,
      now,
    ],
  );
  if (!row) return false;
  await addToken(query, mail.token, row.id);
  return true;
}

/** A token that stands for a mail of ours. Only its hash is kept. */
export async function addToken(query: Query, token: string, outbound: number): Promise<void> {
  await query('insert into planbridge.mail_token (token_hash, outbound_id) values ($1, $2) on conflict do nothing', [
    hashToken(token),
    outbound,
  ]);
}

export interface DueMail {
  id: number;
  conversation: number | null;
  recipient: string;
  envelopeFrom: string;
  messageId: string;
  raw: Buffer;
  attempts: number;
}

/**
 * Takes mails to send them. One process at a time sends: what stands as `sending` is left over from one that ended meanwhile, and
 * is sent again with its Message-ID rather than not at all.
 */
export async function takeDue(query: Query, limit: number, now: Date): Promise<DueMail[]> {
  const rows = await query<DueMail>(
    `update planbridge.mail_outbound o set state = 'sending', attempts = attempts + 1
     where id in (select id from planbridge.mail_outbound where state = 'sending' or (state = 'queued' and due_at <= $1)
       order by id limit ${limit})
     returning id::integer, conversation_id::integer as conversation, recipient, envelope_from as "envelopeFrom",
       message_id as "messageId", raw, attempts`,
    [now],
  );
  return rows.toSorted((a, b) => a.id - b.id);
}

/** What was sent is not kept as it went out: links and tokens in it are the receiver's. */
export async function markSent(query: Query, id: number, response: string, now: Date, keep: boolean): Promise<void> {
  await query(
    `update planbridge.mail_outbound set state = 'sent', sent_at = $2, response = $3, error = null,
       raw = case when $4 then raw end where id = $1`,
    [id, now, storable(response).slice(0, 500), keep],
  );
}

export async function markFailed(
  query: Query,
  id: number,
  { error, dead, due }: { error: string; dead: boolean; due: Date },
): Promise<void> {
  await query(`update planbridge.mail_outbound set state = $2, error = $3, due_at = $4 where id = $1`, [
    id,
    dead ? 'dead' : 'queued',
    storable(error).slice(0, 1_000),
    due,
  ]);
}
