// Conversations in the database: reading and writing of rows, and nothing about what they mean.
import type { Query, SqlValue } from '../../store/database.ts';
import type { Reading } from '../reading.ts';
import type { Conversation, Detail } from './model.ts';
import type { Effect, State } from './states.ts';

const COLUMNS = `id::integer, state, customer_email as "customerEmail", customer_name as "customerName",
  customer_key as "customerKey", answer_to as "answerTo", language, subject, mail_id::integer as "mailId",
  read_order as "readOrder", errors, lines, short, accepted, received_at as "receivedAt", tries_left as "triesLeft", round,
  remind_at as "remindAt", expire_at as "expireAt", waits_for as "waitsFor", waits_since as "waitsSince",
  created_at as "createdAt", updated_at as "updatedAt"`;

export type NewConversation = Pick<
  Conversation,
  | 'customerEmail'
  | 'customerName'
  | 'customerKey'
  | 'answerTo'
  | 'language'
  | 'subject'
  | 'mailId'
  | 'readOrder'
  | 'errors'
> & { receivedAt: Date; triesLeft: number };

async function addConversation(query: Query, row: NewConversation, now: Date): Promise<Conversation> {
  const [added] = await query<Conversation>(
    `insert into planbridge.mail_conversation (state, customer_email, customer_name, customer_key, answer_to, language, subject,
       mail_id, read_order, errors, received_at, tries_left, created_at, updated_at)
     values ('new', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) returning ${COLUMNS}`,
    [
      row.customerEmail,
      row.customerName,
      row.customerKey,
      row.answerTo,
      row.language,
      storable(row.subject).slice(0, 500),
      row.mailId,
      row.readOrder === null ? null : json(row.readOrder),
      json(row.errors),
      row.receivedAt,
      row.triesLeft,
      now,
    ],
  );
  return added!;
}

/** A new conversation, or the one that a person has released so that its mail is read again. */
export async function openConversation(query: Query, row: NewConversation, now: Date): Promise<Conversation> {
  if (row.mailId === null) return await addConversation(query, row, now);
  const [released] = await query<Conversation>(
    `update planbridge.mail_conversation set customer_email = $2, customer_name = $3, customer_key = $4, answer_to = $5, language = $6,
       read_order = $7, errors = $8, received_at = $9, updated_at = $10
     where id = (select min(id) from planbridge.mail_conversation where mail_id = $1 and state = 'new') returning ${COLUMNS}`,
    [
      row.mailId,
      row.customerEmail,
      row.customerName,
      row.customerKey,
      row.answerTo,
      row.language,
      row.readOrder === null ? null : json(row.readOrder),
      json(row.errors),
      row.receivedAt,
      now,
    ],
  );
  return released ?? (await addConversation(query, row, now));
}

/** The row, locked until the end of the transaction. */
export async function lockConversation(query: Query, id: number): Promise<Conversation | null> {
  const [row] = await query<Conversation>(
    `select ${COLUMNS} from planbridge.mail_conversation where id = $1 for update`,
    [id],
  );
  return row ?? null;
}

export async function findConversation(query: Query, id: number): Promise<Conversation | null> {
  const [row] = await query<Conversation>(`select ${COLUMNS} from planbridge.mail_conversation where id = $1`, [id]);
  return row ?? null;
}

export async function selectConversations(
  query: Query,
  where: string,
  values: readonly SqlValue[],
): Promise<Conversation[]> {
  return await query<Conversation>(`select ${COLUMNS} from planbridge.mail_conversation ${where}`, values);
}

export type Changes = Pick<
  Conversation,
  | 'state'
  | 'readOrder'
  | 'errors'
  | 'lines'
  | 'short'
  | 'accepted'
  | 'triesLeft'
  | 'round'
  | 'remindAt'
  | 'expireAt'
  | 'waitsFor'
  | 'waitsSince'
>;

export async function saveConversation(query: Query, id: number, row: Changes, now: Date): Promise<void> {
  await query(
    `update planbridge.mail_conversation set state = $2, read_order = $3, errors = $4, lines = $5, short = $6, accepted = $7,
       tries_left = $8, round = $9, remind_at = $10, expire_at = $11, waits_for = $12, waits_since = $13, updated_at = $14
     where id = $1`,
    [
      id,
      row.state,
      row.readOrder === null ? null : json(row.readOrder),
      json(row.errors),
      json(row.lines),
      json(row.short),
      row.accepted,
      row.triesLeft,
      row.round,
      row.remindAt,
      row.expireAt,
      row.waitsFor,
      row.waitsSince,
      now,
    ],
  );
}

export interface Part {
  conversation: number;
  mail: number;
  role: 'order' | 'correction' | 'reply' | 'duplicate' | 'question' | 'bounce' | 'unread';
  messageId: string | null;
  refs: readonly string[];
  reading: Reading | null;
}

/** A mail joins a conversation. Joining again changes nothing. */
export async function addPart(query: Query, part: Part, now: Date): Promise<void> {
  await query(
    `insert into planbridge.mail_conversation_part (conversation_id, mail_id, role, message_id, refs, reading, at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (conversation_id, mail_id) do nothing`,
    [part.conversation, part.mail, part.role, part.messageId, json(part.refs), json(part.reading), now],
  );
}

export interface NewTransition {
  conversation: number;
  from: State;
  event: string;
  to: State;
  expected: boolean;
  cause: unknown;
  detail: Detail;
  effects: readonly Effect[];
}

/** @returns number of the transition */
export async function addTransition(query: Query, row: NewTransition, now: Date): Promise<number> {
  const [added] = await query<{ id: number }>(
    `insert into planbridge.mail_transition (conversation_id, from_state, event, to_state, expected, cause, detail, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning id::integer`,
    [row.conversation, row.from, row.event, row.to, row.expected, json(row.cause), json(row.detail), now],
  );
  const transition = added!.id;
  for (const kind of row.effects) {
    await query(
      `insert into planbridge.mail_effect (conversation_id, transition_id, kind, due_at) values ($1, $2, $3, $4)`,
      [row.conversation, transition, kind, now],
    );
  }
  return transition;
}

/** PostgreSQL keeps no NUL. */
export function storable(value: string): string {
  return value.replaceAll('\u0000', '');
}

export function json(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === 'string' ? storable(each).toWellFormed() : each));
}
