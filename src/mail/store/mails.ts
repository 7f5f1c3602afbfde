// Stored mails: their bytes, their rows for lists, and the two things a person may ask for: read it again, let it through.

import { PlanbridgeError } from '../../errors.ts';
import { notFound } from '../../http/api.ts';
import type { Query } from '../../store/database.ts';
import type { Envelope, StoredMail } from '../conversation/service.ts';
import { type Packing, unpack } from './packing.ts';

export type MailState = 'waiting' | 'done' | 'dead';
export type Kept = 'whole' | 'head' | 'removed';

export interface RawMail {
  bytes: Buffer;
  kept: Kept;
  size: number;
}

/** null: there is no such mail, or its time is over. */
export async function rawMail(query: Query, id: number): Promise<RawMail | null> {
  const [row] = await query<{ raw: Buffer | null; packing: Packing; kept: Kept; size: number }>(
    'select raw, packing, kept, size::float8 from planbridge.mail where id = $1',
    [id],
  );
  if (!row?.raw) return null;
  return { bytes: await unpack(row.raw, row.packing, row.size), kept: row.kept, size: row.size };
}

export interface MailRow {
  id: number;
  sha256: string;
  source: string;
  envelope: Envelope;
  size: number;
  kept: Kept;
  receivedAt: string;
  sender: string | null;
  subject: string | null;
  messageId: string | null;
  state: MailState;
  released: boolean;
  /** How often its reading failed. */
  failures: number;
  error: string | null;
  /** When it is tried again. */
  dueAt: string | null;
  kind: string | null;
  reason: string | null;
  outcome: string | null;
  conversation: number | null;
  doneAt: string | null;
}

const COLUMNS = `id::integer, sha256, source, json_build_object('from', envelope_from, 'to', envelope_to) as envelope,
  size::float8, kept, received_at as "receivedAt", coalesce(sender, nullif(lane, sha256)) as sender, subject,
  message_id as "messageId", state, released, failures, error,
  case when state = 'waiting' then due_at end as "dueAt", kind, reason, outcome, conversation::integer, done_at as "doneAt"`;

export async function findMail(query: Query, id: number): Promise<MailRow | null> {
  const [row] = await query<MailRow>(`select ${COLUMNS} from planbridge.mail where id = $1`, [id]);
  return row ?? null;
}

export interface MailFilter {
  state?: MailState;
  kind?: string;
  source?: string;
  /** Part of sender or subject, or a whole Message-ID. */
  search?: string;
  /** Ids below. */
  before?: number;
  limit: number;
}

/** Newest first. */
export async function listMails(query: Query, filter: MailFilter): Promise<MailRow[]> {
  const { state, kind, source, search, before, limit } = filter;
  const like = search === undefined ? null : `%${search.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  return await query<MailRow>(
    `select ${COLUMNS} from planbridge.mail
     where ($1::text is null or state = $1) and ($2::text is null or kind = $2) and ($3::text is null or source = $3)
       and ($4::text is null or sender ilike $4 or subject ilike $4 or lower(message_id) = lower($5))
       and ($6::bigint is null or id < $6)
     order by id desc limit $7`,
    [state ?? null, kind ?? null, source ?? null, like, search ?? null, before ?? null, limit],
  );
}

export interface Sighting {
  source: string;
  place: string;
  envelope: Envelope;
  seenAt: string;
}

export async function sightingsOf(query: Query, id: number): Promise<Sighting[]> {
  return await query<Sighting>(
    `select source, place, json_build_object('from', envelope_from, 'to', envelope_to) as envelope, seen_at as "seenAt"
     from planbridge.mail_sighting where mail = $1 order by seen_at, source, place limit 200`,
    [id],
  );
}

export async function storedMail(query: Query, id: number): Promise<StoredMail | null> {
  const [row] = await query<StoredRow>(`select ${STORED} from planbridge.mail where id = $1`, [id]);
  return row ? storedOf(row) : null;
}

export interface StoredRow {
  id: number;
  sha256: string;
  source: string;
  received: Date;
  envelope: Envelope;
  size: number;
  starts: number;
  released: boolean;
}

/** Columns of `StoredRow`. */
export const STORED = `id::integer, sha256, source, received_at as received,
  json_build_object('from', envelope_from, 'to', envelope_to) as envelope, size::float8, starts, released`;

export function storedOf({ received, starts, ...row }: StoredRow): StoredMail {
  return { ...row, receivedAt: received.getTime(), attempt: starts };
}

/** @throws PlanbridgeError PB_REQUEST_ARGUMENT when there is no such mail, or nothing left to read */
export async function readAgain(query: Query, id: number, { release }: { release: boolean }): Promise<void> {
  const changed = await query(
    `update planbridge.mail set state = 'waiting', released = released or $2, due_at = now(), starts = 0, failures = 0,
       error = null, holder = null, held_until = null, done_at = null
     where id = $1 and raw is not null and state <> 'waiting' returning id`,
    [id, release],
  );
  if (changed.length > 0) return;
  const mail = await findMail(query, id);
  if (!mail) throw notFound('mail');
  if (mail.state === 'waiting') {
    await query('update planbridge.mail set due_at = now(), released = released or $2 where id = $1', [id, release]);
    return;
  }
  throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 409, 'The original of this mail is no longer kept.');
}

/** What stands where: for lists, figures and alarms. */
export interface Backlog {
  waiting: number;
  dead: number;
  /** Seconds since the oldest waiting mail came; 0 = none waits. */
  oldestSeconds: number;
}

export async function backlogOf(query: Query, now: number): Promise<Backlog> {
  const [row] = await query<Backlog>(
    `select count(*) filter (where state = 'waiting')::integer as waiting,
       count(*) filter (where state = 'dead')::integer as dead,
       greatest(0, coalesce(extract(epoch from $1::timestamptz - min(received_at) filter (where state = 'waiting')), 0))::float8
         as "oldestSeconds"
     from planbridge.mail where state in ('waiting', 'dead')`,
    [new Date(now)],
  );
  return row!;
}
