// Stored mails as a queue: the earliest of each sender first, one process at a time for each, begun again when its process ends,
// tried again with growing pauses, and put aside for a person after some tries. Time is the database's.
import type { Query, Store } from '../../store/database.ts';
import type { Handled, StoredMail } from '../conversation/service.ts';
import type { Mail } from '../mail.ts';
import type { FullReading } from '../read.ts';
import { STORED, type StoredRow, storedOf } from './mails.ts';

/** Pauses after a first, second … failure; then a person looks. */
export const PAUSES_SECONDS: readonly number[] = [10, 60, 300, 1_800];
/** So often may a mail's reading end the process. */
export const MOST_STARTS = 20;

export interface Claim {
  stored: StoredMail;
  failures: number;
  replaces: number | null;
}

/** The next mail that may be read now; null = none. Its claim ends by itself after `leaseMs`. */
export async function claimMail(store: Store, holder: string, leaseMs: number): Promise<Claim | null> {
  const [row] = await store.query<StoredRow & { failures: number; replaces: number | null }>(
    `with next as (
       select id as next_id from planbridge.mail candidate
       where state = 'waiting' and due_at <= now() and (held_until is null or held_until < now())
         and not exists (select 1 from planbridge.mail earlier
           where earlier.lane = candidate.lane and earlier.state = 'waiting' and earlier.id < candidate.id)
       order by id limit 1 for update skip locked)
     update planbridge.mail set holder = $1, held_until = now() + $2 * interval '1 millisecond', starts = starts + 1
     from next where id = next_id
     returning ${STORED}, failures, replaces::integer`,
    [holder, leaseMs],
  );
  if (!row) return null;
  const { failures, replaces, ...stored } = row;
  return { stored: storedOf(stored), failures, replaces };
}

export async function renewClaims(store: Store, holder: string, leaseMs: number): Promise<void> {
  await store.query(
    `update planbridge.mail set held_until = now() + $2 * interval '1 millisecond' where holder = $1 and state = 'waiting'`,
    [holder, leaseMs],
  );
}

/** Of a process that has ended, where no other can have any (embedded database), or of this one. */
export async function dropClaims(store: Store, holder: string | null): Promise<void> {
  await store.query(
    `update planbridge.mail set holder = null, held_until = null
     where state = 'waiting' and holder is not null and ($1::text is null or holder = $1)`,
    [holder],
  );
}

/** Seconds until a mail may be read; null = none waits. */
export async function nextDue(store: Store): Promise<number | null> {
  const [row] = await store.query<{ seconds: number | null }>(
    `select extract(epoch from min(greatest(due_at, coalesce(held_until, due_at))) - now())::float8 as seconds
     from planbridge.mail where state = 'waiting'`,
  );
  return row?.seconds ?? null;
}

/** Somebody else has taken the mail meanwhile; what was worked out is dropped. */
export class ClaimLost extends Error {}

async function hold(query: Query, id: number, holder: string): Promise<void> {
  const held = await query(
    `select 1 from planbridge.mail where id = $1 and holder = $2 and state = 'waiting' for update`,
    [id, holder],
  );
  if (held.length === 0) throw new ClaimLost('the claim is lost');
}

/** What parsing tells, for lists and to know the mail again. */
export async function recordHead(
  store: Store,
  id: number,
  { messageId, contentHash, from, subject }: Mail,
): Promise<void> {
  await store.query(
    'update planbridge.mail set message_id = $2, content_hash = $3, sender = $4, subject = $5 where id = $1',
    [id, messageId?.slice(0, 1_000) ?? null, contentHash, from?.email.slice(0, 320) ?? null, subject.slice(0, 500)],
  );
}

/** Whether the same mail came before: by its Message-ID, or without one by what it says. */
export async function cameBefore(store: Store, { stored, replaces }: Claim, mail: Mail): Promise<boolean> {
  const same = mail.messageId === null ? 'content_hash = $3' : 'lower(message_id) = lower($3)';
  const found = await store.query(
    `select 1 from planbridge.mail where ${same} and id < $1 and id is distinct from $2
       and reason is distinct from 'incomplete' limit 1`,
    [stored.id, replaces, mail.messageId?.slice(0, 1_000) ?? mail.contentHash],
  );
  return found.length > 0;
}

/** Ends a mail in one transaction with what `handle` records. @throws ClaimLost */
export async function finishMail(
  store: Store,
  id: number,
  holder: string,
  full: FullReading,
  now: number,
  handle: (query: Query) => Promise<Handled>,
): Promise<Handled> {
  return await store.transaction(async (query) => {
    await hold(query, id, holder);
    const handled = await handle(query);
    const { reading } = full;
    await query(
      `update planbridge.mail set state = 'done', kind = $2, reason = $3, outcome = $4, conversation = $5, done_at = $6,
         error = null, holder = null, held_until = null where id = $1`,
      [
        ...[id, reading.kind, 'reason' in reading ? reading.reason : null],
        ...[handled.outcome.slice(0, 500), handled.conversation, new Date(now)],
      ],
    );
    return handled;
  });
}

/** Puts a mail back; it is read again after the pause. `counts`: the mail itself may be the reason. */
export async function putBack(
  store: Store,
  id: number,
  holder: string,
  { error, counts, pauseSeconds }: { error: string; counts: boolean; pauseSeconds: number },
): Promise<void> {
  await store.query(
    `update planbridge.mail set error = $3, failures = failures + $4, due_at = now() + $5 * interval '1 second',
       starts = greatest(0, starts - 1), holder = null, held_until = null
     where id = $1 and holder = $2 and state = 'waiting'`,
    [id, holder, error.slice(0, 2_000), counts ? 1 : 0, pauseSeconds],
  );
}

/** Leaves a mail to a person, in one transaction with what `giveUp` records. @throws ClaimLost */
export async function putAside(
  store: Store,
  id: number,
  holder: string,
  error: string,
  now: number,
  giveUp: (query: Query) => Promise<Handled>,
): Promise<void> {
  await store.transaction(async (query) => {
    await hold(query, id, holder);
    const handled = await giveUp(query);
    await query(
      `update planbridge.mail set state = 'dead', error = $2, failures = failures + 1, outcome = $3, conversation = $4,
         done_at = $5, holder = null, held_until = null where id = $1`,
      [id, error.slice(0, 2_000), handled.outcome.slice(0, 500), handled.conversation, new Date(now)],
    );
  });
}

/** Versions of customers: how many of their mails were handled. */
export async function customerVersions(store: Store, customers: readonly string[]): Promise<Map<string, number>> {
  await store.query(
    `insert into planbridge.mail_customer (customer) select unnest($1::text[]) on conflict do nothing`,
    [customers],
  );
  const rows = await store.query<{ customer: string; version: number }>(
    'select customer, version::float8 from planbridge.mail_customer where customer = any($1::text[])',
    [customers],
  );
  return new Map(rows.map(({ customer, version }) => [customer, version]));
}

/** Another mail of the same customer was handled while this one was read: it is read again, knowing of it. */
export class Overtaken extends Error {}

/** @throws Overtaken */
export async function countUp(query: Query, seen: ReadonlyMap<string, number>): Promise<void> {
  // In one order, so that two never wait for each other.
  for (const customer of [...seen.keys()].sort()) {
    const changed = await query(
      'update planbridge.mail_customer set version = version + 1 where customer = $1 and version = $2 returning 1',
      [customer, seen.get(customer)!],
    );
    if (changed.length === 0) throw new Overtaken('another mail of this customer came first');
  }
}

/** Takes the bytes of mails whose time is over; what is known of them stays, so that they are known when they come again. */
export async function dropOldMails(store: Store, before: number, most = 500): Promise<number> {
  const dropped = await store.query(
    `update planbridge.mail set raw = null, kept = 'removed' where id in (
       select id from planbridge.mail where raw is not null and state = 'done' and done_at < $1 order by done_at limit $2)
     returning 1`,
    [new Date(before), most],
  );
  return dropped.length;
}
