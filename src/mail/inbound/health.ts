// How the sources are: a row each in the database, so that every process tells the same, and alarms that are logged once when
// they begin and once when they end.
import { describeError } from '../../errors.ts';
import { errorFields, type Log } from '../../log.ts';
import { redact } from '../../redact.ts';
import type { Query, Store } from '../../store/database.ts';
import type { Reporter, SourceInfo } from './source.ts';

const BEAT_MS = 20_000;
/** A source may fail now and then, and mend itself. */
export const FAILING_SECONDS = 120;
export const STOPPED_SECONDS = 120;

export type Alarm = 'quiet' | 'failing' | 'stopped';

export interface SourceRow {
  name: string;
  kind: string;
  place: string;
  quietHours: number;
  startedAt: string | null;
  heartbeatAt: string | null;
  lastMailAt: string | null;
  error: string | null;
  failingSince: string | null;
  alarm: Alarm | null;
  alarmSince: string | null;
  /** In the last 24 hours. */
  mails: number;
}

/** Makes the sources known; those that are no longer configured are kept, and say so. */
export async function registerSources(store: Store, sources: readonly SourceInfo[], now: number): Promise<void> {
  const at = new Date(now);
  for (const { name, kind, place, quietHours } of sources) {
    await store.query(
      `insert into planbridge.mail_source (name, kind, place, quiet_hours, started_at, heartbeat_at)
       values ($1, $2, $3, $4, $5, $5)
       on conflict (name) do update set kind = excluded.kind, place = excluded.place, quiet_hours = excluded.quiet_hours,
         active = true, started_at = excluded.started_at, heartbeat_at = excluded.heartbeat_at`,
      [name, kind, place, quietHours, at],
    );
  }
}

export async function retireSources(store: Store, configured: readonly string[]): Promise<void> {
  await store.query(
    `update planbridge.mail_source set active = false, alarm = null, alarm_since = null, error = null, failing_since = null
     where active and name <> all($1::text[])`,
    [configured],
  );
}

export function createReporter(store: Store, name: string, log: Log, now: () => number): Reporter {
  let written = Number.NEGATIVE_INFINITY;
  let failing: string | null | undefined;
  // One after the other, so that the last word is the last one said.
  let writing: Promise<unknown> = Promise.resolve();
  const write = (sql: string, values: readonly (string | Date)[]) => {
    writing = writing.then(() => store.query(sql, [name, ...values])).catch(() => {});
  };
  return {
    beat() {
      const at = now();
      if (at - written < BEAT_MS) return;
      written = at;
      write('update planbridge.mail_source set heartbeat_at = $2 where name = $1', [new Date(at)]);
    },
    well() {
      if (failing === null) return this.beat();
      if (failing !== undefined) log.info({ source: name }, 'a source of mails works again');
      failing = null;
      written = now();
      write('update planbridge.mail_source set heartbeat_at = $2, error = null, failing_since = null where name = $1', [
        new Date(written),
      ]);
    },
    failed(error) {
      const text = redact(describeError(error)).slice(0, 1_000);
      const again = failing === text;
      failing = text;
      log[again ? 'debug' : 'warn']({ source: name, ...errorFields(error) }, 'a source of mails fails');
      written = now();
      write(
        `update planbridge.mail_source set heartbeat_at = $2, error = $3, failing_since = coalesce(failing_since, $2)
         where name = $1`,
        [new Date(written), text],
      );
    },
  };
}

/** Raises and ends alarms. Several processes may do it at once. */
export async function checkSources(store: Store, log: Log, now: number): Promise<void> {
  const changed = await store.query<{ name: string; alarm: Alarm | null; error: string | null }>(
    `with found as (
       select name, case
         when kind <> 'http' and heartbeat_at < $1::timestamptz - $2 * interval '1 second' then 'stopped'
         when failing_since <= $1::timestamptz - $3 * interval '1 second' then 'failing'
         when quiet_hours > 0
           and greatest(last_mail_at, started_at) < $1::timestamptz - quiet_hours * interval '1 hour' then 'quiet'
       end as alarm
       from planbridge.mail_source where active)
     update planbridge.mail_source source set alarm = found.alarm,
       alarm_since = case when found.alarm is null then null else $1::timestamptz end
     from found where found.name = source.name and source.alarm is distinct from found.alarm
     returning source.name, source.alarm, source.error`,
    [new Date(now), STOPPED_SECONDS, FAILING_SECONDS],
  );
  for (const { name, alarm, error } of changed) {
    if (alarm === null) log.info({ source: name }, 'a source of mails is well again');
    else log.error({ source: name, alarm, error }, ALARM_TEXTS[alarm]);
  }
}

const ALARM_TEXTS: Readonly<Record<Alarm, string>> = {
  quiet: 'a source of mails brings none',
  failing: 'a source of mails fails again and again',
  stopped: 'nobody looks after a source of mails',
};

export async function listSources(query: Query, now: number): Promise<SourceRow[]> {
  return await query<SourceRow>(
    `select name, kind, place, quiet_hours as "quietHours", started_at as "startedAt", heartbeat_at as "heartbeatAt",
       last_mail_at as "lastMailAt", error, failing_since as "failingSince", alarm, alarm_since as "alarmSince",
       (select count(*) from planbridge.mail where source = name and received_at > $1::timestamptz - interval '1 day')::integer as mails
     from planbridge.mail_source where active order by name`,
    [new Date(now)],
  );
}

/** What is wrong with the sources, in a sentence; null = nothing. */
export async function sourceTrouble(query: Query): Promise<string | null> {
  const wrong = await query<{ name: string; alarm: Alarm; error: string | null }>(
    'select name, alarm, error from planbridge.mail_source where active and alarm is not null order by name',
  );
  if (wrong.length === 0) return null;
  return wrong
    .map(
      ({ name, alarm, error }) => `Mail source ${name}: ${alarm}${alarm === 'failing' && error ? ` (${error})` : ''}.`,
    )
    .join(' ');
}
