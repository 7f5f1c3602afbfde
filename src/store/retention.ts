// Clears away what has been kept long enough: documents of imports, logs, ended runs, imports. Never what is at work, and never the
// planning model, references to Odoo's records or mails (those have a setting of their own).
import type { Store } from './database.ts';

/** Days; 0 = for ever. */
export interface Retention {
  /** Ended runs, and imports. */
  days: number;
  /** Lines of the logs of ended runs. */
  logDays: number;
  /** Documents that were posted; what became of them is kept as long as the import. */
  documentDays: number;
}

export interface Cleared {
  runs: number;
  logLines: number;
  imports: number;
  documents: number;
  /** What runs of automations changed. What happens once ever stays: it is how that is known. */
  changes: number;
}

const DAY_MS = 86_400_000;
/** Rows at a time, so that others get their turn. */
const AT_ONCE = 1_000;

const ENDED = `('done', 'failed', 'cancelled')`;

/** In small pieces; an abort leaves the rest for the next time. */
export async function clearOld(
  store: Store,
  retention: Retention,
  now: number,
  signal?: AbortSignal,
): Promise<Cleared> {
  const before = (days: number) => new Date(now - days * DAY_MS);

  async function repeat(days: number, sql: string): Promise<number> {
    if (days <= 0) return 0;
    for (let all = 0; ; ) {
      signal?.throwIfAborted();
      const gone = await store.query(sql, [before(days), AT_ONCE]);
      all += gone.length;
      if (gone.length < AT_ONCE) return all;
    }
  }

  return {
    logLines: await repeat(
      retention.logDays,
      `delete from planbridge.run_log where id in (select l.id from planbridge.run_log l join planbridge.run r on r.id = l.run_id
         where r.state in ${ENDED} and r.finished_at < $1 limit $2) returning 1`,
    ),
    runs: await repeat(
      retention.days,
      `delete from planbridge.run where id in (select id from planbridge.run
         where state in ${ENDED} and finished_at < $1 limit $2) returning 1`,
    ),
    changes: await repeat(
      retention.days,
      `delete from planbridge.automation_effect where id in (select id from planbridge.automation_effect
         where run_id is null and begun_at < $1 and (once = 'run' or state = 'dry') limit $2) returning 1`,
    ),
    // Emptied, not deleted: what became of each order stays to be seen.
    documents: await repeat(
      retention.documentDays,
      `update planbridge.import set document = '' where id in (select id from planbridge.import
         where status <> 'received' and received_at < $1 and length(document) > 0 limit $2) returning 1`,
    ),
    imports: await repeat(
      retention.days,
      `delete from planbridge.import where id in (select id from planbridge.import
         where status <> 'received' and received_at < $1 limit $2) returning 1`,
    ),
  };
}

/**
 * Gives back the room of rows that are no more. A server does that by itself; the embedded database has nobody who would.
 */
export async function tidy(store: Store): Promise<void> {
  if (store.kind === 'embedded') await store.query('vacuum analyze');
}
