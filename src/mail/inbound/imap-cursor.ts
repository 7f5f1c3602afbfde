// How far a mailbox has been read, in the database: UIDs hold only under their UIDVALIDITY, and go on only together with the
// mail they stand for.
import type { Query } from '../../store/database.ts';
import type { First } from './imap-url.ts';

export interface Cursor {
  uidValidity: string;
  stored: number;
  marked: number;
  backlog: number;
  beganAt: Date;
  since: Date | null;
}

export interface SelectedMailbox {
  uidValidity: bigint;
  uidNext: number;
}

const COLUMNS = `uid_validity as "uidValidity", stored::float8, marked::float8, backlog::float8, began_at as "beganAt", since`;
const DAY_MS = 86_400_000;

/**
 * Where to go on. A mailbox that is new begins where `first` says; one whose numbers have changed begins again, with all that
 * is not older than its first day: what is stored already is known by its bytes.
 */
export async function openCursor(
  query: Query,
  source: string,
  mailbox: string,
  { uidValidity, uidNext }: SelectedMailbox,
  first: First,
  now: number,
): Promise<{ cursor: Cursor; renumbered: boolean }> {
  const validity = String(uidValidity);
  const last = Math.max(0, uidNext - 1);
  const since =
    first.kind === 'days' ? new Date(now - first.days * DAY_MS) : first.kind === 'new' ? new Date(now) : null;
  await query(
    `insert into planbridge.mail_cursor (source, mailbox, uid_validity, stored, marked, backlog, began_at, since)
     values ($1, $2, $3, $4, $4, $5, $6, $7) on conflict do nothing`,
    [source, mailbox, validity, first.kind === 'new' ? last : 0, last, new Date(now), since],
  );
  const renumbered = await query(
    `update planbridge.mail_cursor set uid_validity = $3, stored = 0, marked = 0, backlog = $4
     where source = $1 and mailbox = $2 and uid_validity <> $3 returning 1`,
    [source, mailbox, validity, last],
  );
  const [cursor] = await query<Cursor>(
    `select ${COLUMNS} from planbridge.mail_cursor where source = $1 and mailbox = $2`,
    [source, mailbox],
  );
  return { cursor: cursor!, renumbered: renumbered.length > 0 };
}

/** In the transaction that stores the mail. */
export async function advanceCursor(
  query: Query,
  source: string,
  mailbox: string,
  uidValidity: string,
  uid: number,
): Promise<void> {
  await query(
    `update planbridge.mail_cursor set stored = greatest(stored, $4)
     where source = $1 and mailbox = $2 and uid_validity = $3`,
    [source, mailbox, uidValidity, uid],
  );
}

export async function markedUpTo(
  query: Query,
  source: string,
  mailbox: string,
  uidValidity: string,
  uid: number,
): Promise<void> {
  await query(
    `update planbridge.mail_cursor set marked = greatest(marked, $4)
     where source = $1 and mailbox = $2 and uid_validity = $3`,
    [source, mailbox, uidValidity, uid],
  );
}

/** Where a mail was seen: `INBOX 1700000000 17`. */
export function imapPlace(mailbox: string, uidValidity: string, uid: number): string {
  return `${mailbox} ${uidValidity} ${uid}`;
}

/** Stored mails that are still to be flagged or moved, by UID. */
export async function unmarked(
  query: Query,
  source: string,
  mailbox: string,
  { uidValidity, marked }: Cursor,
): Promise<number[]> {
  const rows = await query<{ uid: number }>(
    `select uid::float8 from (
       select substring(place from '\\d+$')::bigint as uid from planbridge.mail_sighting
       where source = $1 and starts_with(place, $2) and place ~ ' \\d+$') sighted
     where uid > $3 order by uid limit 500`,
    [source, `${mailbox} ${uidValidity} `, marked],
  );
  return rows.map(({ uid }) => uid);
}
