// Figures of incoming mail for Prometheus, asked of the database when somebody looks.
import type { Metrics } from '../../metrics.ts';
import type { Store } from '../../store/database.ts';
import { backlogOf } from '../store/mails.ts';
import { listSources } from './health.ts';

export interface MailMetricsOptions {
  metrics: Metrics;
  store: Store;
  /** Milliseconds since 1970. */
  now: () => number;
}

export function addMailMetrics({ metrics, store, now }: MailMetricsOptions): void {
  metrics.observe('mails', 'Mails that wait to be read, or for a person', ['state'], async () => {
    const { waiting, dead } = await backlogOf(store.query, now());
    return [
      { labels: { state: 'waiting' }, value: waiting },
      { labels: { state: 'dead' }, value: dead },
    ];
  });
  metrics.observe('mail_oldest_waiting_seconds', 'Age of the oldest mail that waits to be read', [], async () => [
    { value: (await backlogOf(store.query, now())).oldestSeconds },
  ]);
  metrics.observe(
    'mail_source_alarm',
    '1 for a source of mails that is quiet, failing or stopped',
    ['source', 'alarm'],
    async () =>
      (await listSources(store.query, now())).map(({ name, alarm }) => ({
        labels: { source: name, alarm: alarm ?? 'none' },
        value: alarm === null ? 0 : 1,
      })),
  );
  metrics.observe('mail_source_last_mail_seconds', 'Seconds since a source brought a mail', ['source'], async () =>
    (await listSources(store.query, now())).flatMap(({ name, lastMailAt }) =>
      lastMailAt === null
        ? []
        : [{ labels: { source: name }, value: (now() - Date.parse(String(lastMailAt))) / 1_000 }],
    ),
  );
}
