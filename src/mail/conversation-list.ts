// Conversations as the API lists them: filtered, those first that wait for a person; and whether anything has changed since.
import type { SqlValue, Store } from '../store/database.ts';
import type { Conversation } from './conversation/model.ts';
import { selectConversations } from './conversation/rows.ts';

interface Filter {
  state?: string | undefined;
  waiting?: 'yes' | 'no' | undefined;
  search?: string | undefined;
  offset: number;
  limit: number;
}

export async function listConversations(store: Store, { state, waiting, search, offset, limit }: Filter) {
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

export async function lastChange(store: Store): Promise<string> {
  const [last] = await store.query<{ changed: string }>(
    `select concat_ws(' ', (select extract(epoch from max(updated_at)) from planbridge.mail_conversation),
       (select max(id) from planbridge.mail), (select max(id) from planbridge.mail_transition),
       (select extract(epoch from max(done_at)) from planbridge.mail_effect),
       (select extract(epoch from max(sent_at)) from planbridge.mail_outbound),
       (select count(*) from planbridge.mail where state = 'waiting')) as changed`,
  );
  return last?.changed ?? '';
}

export function shortOf(row: Conversation) {
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
