// One conversation as the API shows it: lines as read with their products, mails, transitions, answers, records in Odoo. Strangers'
// HTML is never shown, only its words.

import { notFound } from '../http/api.ts';
import { nameIn } from './answers/language.ts';
import type { MailRouteSurroundings } from './api.ts';
import { findConversation } from './conversation/rows.ts';
import type { StoredMails } from './conversation/service.ts';
import { shortOf } from './conversation-list.ts';
import type { Mail } from './mail.ts';
import { parseMail } from './parse.ts';
import { unitsFor } from './product-search.ts';
import { itemsOfHtml } from './text/html.ts';
import { textOf } from './text/items.ts';

/** Columns of our mails, as they are shown. */
export const OUTBOUND = `id::integer, conversation_id::integer as conversation, template, kind, message_id as "messageId", recipient, subject,
  language, text, automatic, author, state, attempts, response, error, created_at as "createdAt", sent_at as "sentAt"`;

export async function oneConversation(
  { store, mails, odooUrl, catalogue }: Pick<MailRouteSurroundings, 'store' | 'mails' | 'odooUrl' | 'catalogue'>,
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
    `select model, res_id as id, name from planbridge.mail_record where conversation_id = $1 and res_id is not null and model <> 'res.partner' order by asked_at`,
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
