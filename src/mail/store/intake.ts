// A mail's first step: its bytes are committed, with where they came from, before anything is done with it. The same bytes
// again are another sighting of the same mail.
import type { Query, Store } from '../../store/database.ts';
import type { Envelope } from '../conversation/service.ts';
import { senderOf } from './head.ts';
import { pack, sha256 } from './packing.ts';

/** A mail as a source brings it. */
export interface ArrivedMail {
  source: string;
  /** Where in the source: `INBOX 1234 17`, a file's path, a client's address. */
  place: string;
  /** The whole mail, or its beginning when it is too large. */
  raw: Buffer;
  /** Of the whole mail. */
  size: number;
  envelope: Envelope;
  /** Milliseconds since 1970. */
  receivedAt: number;
  /** Of a file: what changes when it changes. */
  mark?: string;
}

export interface StoredAs {
  id: number;
  /** False: these bytes were there already. */
  added: boolean;
  sha256: string;
}

/** What an over-size mail keeps: enough for its head. */
export const HEAD_KEPT_BYTES = 256 << 10;

/**
 * Stores a mail. When this returns, the mail is committed; when it throws, it may be brought again.
 *
 * @param also what is to be recorded together with it, or not at all, such as how far a mailbox was read
 */
export async function storeMail(
  store: Store,
  mail: ArrivedMail,
  also?: (query: Query, stored: StoredAs) => Promise<void>,
): Promise<StoredAs> {
  const whole = mail.raw.length >= mail.size;
  const hash = whole ? sha256(mail.raw) : sha256(mail.raw, `…${mail.size}`);
  const { bytes, packing } = await pack(mail.raw);
  const sender = senderOf(mail.raw);
  const from = mail.envelope.from?.slice(0, 1_000) ?? null;
  const to = mail.envelope.to.slice(0, 1_000);
  const received = new Date(mail.receivedAt);
  return await store.transaction(async (query) => {
    const [added] = await query<{ id: number }>(
      `insert into planbridge.mail (sha256, source, envelope_from, envelope_to, size, raw, packing, kept, received_at, lane)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (sha256) do nothing returning id::integer`,
      [
        ...[hash, mail.source, from, to, mail.size, bytes, packing, whole ? 'whole' : 'head', received],
        // Mails without a readable sender need no order among them.
        sender || hash,
      ],
    );
    const [known] = added ? [added] : await query<{ id: number }>(ID_OF, [hash]);
    const id = known!.id;
    await query(
      `insert into planbridge.mail_sighting (mail, source, place, mark, envelope_from, envelope_to, seen_at)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (mail, source, place) do update set mark = excluded.mark`,
      [id, mail.source, mail.place.slice(0, 2_000), mail.mark ?? '', from, to, received],
    );
    await query('update planbridge.mail_source set last_mail_at = greatest(last_mail_at, $2) where name = $1', [
      mail.source,
      received,
    ]);
    const stored: StoredAs = { id, added: added !== undefined, sha256: hash };
    await also?.(query, stored);
    return stored;
  });
}

const ID_OF = 'select id::integer from planbridge.mail where sha256 = $1';
