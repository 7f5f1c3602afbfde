// Grids of order mails: conversations (those that wait for a person first), mails as they came, and mails of ours. Mails belong to
// the service, whatever plan is looked at.
import { STATES } from '../../mail/conversation/states.ts';
import type { GridDefinition } from './grid.ts';

export const MAIL_KINDS = ['order', 'reply', 'question', 'ignored'];
export const MAIL_REASONS = [
  'own-address',
  'bounce',
  'auto-reply',
  'bulk',
  'duplicate-message',
  'loop',
  'refused',
  'no-order',
  'empty',
  'attachment',
  'token',
];
export const MAIL_STATES = ['waiting', 'done', 'dead'];
export const OUTBOX_STATES = ['queued', 'sending', 'sent', 'dead', 'bounced'];

const at = (column: string) => `r.${column} at time zone 'UTC'`;

export const CONVERSATIONS: GridDefinition = {
  name: 'conversations',
  title: 'Conversations',
  key: 'id',
  sort: 'waitsSince,-updatedAt',
  columns: [
    { name: 'id', title: 'Number', type: 'number', width: 84 },
    { name: 'state', title: 'State', type: 'choice', choices: [...STATES], width: 196 },
    { name: 'waitsFor', title: 'Waits for a person', type: 'text', sql: 'r.waits_for', grow: true },
    { name: 'customer', title: 'Customer', type: 'text' },
    { name: 'subject', title: 'Subject', type: 'text' },
    { name: 'orders', title: 'Numbers in Odoo', type: 'text', odoo: { model: 'model', id: 'resId' } },
    { name: 'reference', title: 'Reference', type: 'text' },
    { name: 'lines', title: 'Lines', type: 'number' },
    { name: 'receivedAt', title: 'Received', type: 'datetime', sql: at('received_at') },
    { name: 'updatedAt', title: 'Changed', type: 'datetime', sql: at('updated_at') },
    { name: 'waitsSince', title: 'Waits since', type: 'datetime', sql: at('waits_since'), hidden: true },
    { name: 'language', title: 'Language', type: 'text', hidden: true },
    { name: 'model', title: 'Model in Odoo', type: 'text', hidden: true },
    { name: 'resId', title: 'Id in Odoo', type: 'number', sql: 'r.res_id', hidden: true },
  ],
  rows: () => ({
    sql: `select c.id::integer as id, c.state, c.waits_for, concat_ws(' · ', c.customer_name, nullif(c.customer_email, '')) as customer,
        c.subject, c.read_order->>'customerReference' as reference, jsonb_array_length(c.lines) as lines, c.received_at,
        c.updated_at, c.waits_since, c.language,
        (select string_agg(m.name, ', ' order by m.asked_at) from planbridge.mail_record m
         where m.conversation_id = c.id and m.name <> '') as orders, made.model, made.res_id
      from planbridge.mail_conversation c
      left join lateral (select m.model, m.res_id from planbridge.mail_record m
        where m.conversation_id = c.id and m.name <> '' order by m.asked_at limit 1) made on true`,
    values: [],
  }),
};

export const MAILS: GridDefinition = {
  name: 'mails',
  title: 'Mails received',
  key: 'id',
  sort: '-id',
  columns: [
    { name: 'id', title: 'Number', type: 'number', width: 84 },
    { name: 'receivedAt', title: 'Received', type: 'datetime', sql: at('received_at') },
    { name: 'sender', title: 'Sender', type: 'text' },
    { name: 'subject', title: 'Subject', type: 'text' },
    { name: 'state', title: 'State', type: 'choice', choices: MAIL_STATES },
    { name: 'kind', title: 'Kind', type: 'choice', choices: MAIL_KINDS },
    { name: 'reason', title: 'Reason', type: 'choice', choices: MAIL_REASONS },
    { name: 'outcome', title: 'Result', type: 'text', grow: true },
    { name: 'error', title: 'Error', type: 'text' },
    { name: 'source', title: 'Source', type: 'text' },
    { name: 'size', title: 'Bytes', type: 'number', hidden: true },
    { name: 'conversation', title: 'Conversation', type: 'number', hidden: true },
  ],
  rows: () => ({
    sql: `select id::integer as id, received_at, coalesce(sender, nullif(lane, sha256)) as sender, subject, state, kind, reason, outcome,
        error, source, size::float8 as size, conversation::integer as conversation
      from planbridge.mail`,
    values: [],
  }),
};

export const OUTBOX: GridDefinition = {
  name: 'outbox',
  title: 'Mails sent',
  key: 'id',
  sort: '-id',
  columns: [
    { name: 'id', title: 'Number', type: 'number', width: 84 },
    { name: 'createdAt', title: 'Written', type: 'datetime', sql: at('created_at') },
    { name: 'recipient', title: 'Recipient', type: 'text' },
    { name: 'subject', title: 'Subject', type: 'text' },
    { name: 'state', title: 'State', type: 'choice', choices: OUTBOX_STATES },
    { name: 'template', title: 'Template', type: 'text' },
    { name: 'sentAt', title: 'Sent', type: 'datetime', sql: at('sent_at') },
    { name: 'error', title: 'Error', type: 'text' },
    { name: 'attempts', title: 'Attempts', type: 'number', hidden: true },
    { name: 'author', title: 'Author', type: 'text', hidden: true },
    { name: 'conversation', title: 'Conversation', type: 'number', hidden: true },
  ],
  rows: () => ({
    sql: `select id::integer as id, created_at, recipient, subject, state, template, sent_at, error, attempts, author,
        conversation_id::integer as conversation
      from planbridge.mail_outbound`,
    values: [],
  }),
};

export const MAIL_GRIDS: readonly GridDefinition[] = [CONVERSATIONS, MAILS, OUTBOX];
