// One run of an automation: how far it is, what it changed record by record (in a dry run: would change), and its log.
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../kit/api.ts';
import { listen } from '../kit/events.ts';
import { may } from '../kit/start.ts';
import { Badge, Failed, Loading, Progress, say, sayError, type Tone } from '../kit/ui.tsx';
import { instantText, t } from '../kit/words.ts';
import { type AutomationRun, RunBadge } from './automations.tsx';

interface Change {
  id: number;
  state: 'begun' | 'done' | 'failed' | 'dry' | 'unclear';
  subject: string;
  description: string;
  before: unknown;
  after: unknown;
  error: string | null;
}

interface LogLine {
  id: number;
  at: string;
  level: 'info' | 'warn' | 'error';
  message: string;
}

type State = Change['state'];

const PAGE = 100;
/** Words of the log's lines. */
const LEVELS = { warn: 'warning', error: 'error' } as const;
const TONES: Record<LogLine['level'], Tone> = { info: 'none', warn: 'warn', error: 'late' };
/** Words of what became of a change. */
const STATES: Record<State, string> = {
  begun: 'begun',
  done: 'done',
  failed: 'failed',
  dry: 'dry run',
  unclear: 'unclear',
};

export function AutomationRunView({ id, onEnd }: { id: number; onEnd: () => void }) {
  const client = useQueryClient();
  const found = useQuery({
    queryKey: ['automation-run', id],
    queryFn: () => api.get<{ run: AutomationRun; log: LogLine[] }>(`/api/automations/runs/${id}`),
  });
  const over = found.data ? found.data.run.finishedAt !== null : true;
  // biome-ignore lint/correctness/useExhaustiveDependencies: who is told at the end does not begin it anew
  useEffect(() => {
    if (over) return;
    const gone = new AbortController();
    const again = () => void client.invalidateQueries({ queryKey: ['automation-run', id] });
    listen(`/api/automations/runs/${id}/events`, again, gone.signal).then(() => {
      again();
      void client.invalidateQueries({ queryKey: ['automation-changes', id] });
      onEnd();
    }, sayError);
    return () => gone.abort();
  }, [id, over, client]);
  if (found.isPending) return <Loading />;
  if (found.error) return <Failed error={found.error} retry={() => void found.refetch()} />;
  const { run, log } = found.data;
  const cancel = () =>
    api.post(`/api/automations/runs/${id}/cancel`).then(() => say(t('It is being cancelled.')), sayError);
  return (
    <>
      <div className="card">
        <div className="row">
          <h2>{run.dryRun ? t('What it would change') : t('What it changed')}</h2>
          <RunBadge run={run} />
          {!over && may('planner') && (
            <button type="button" className="button danger" onClick={() => void cancel()}>
              {t('Cancel')}
            </button>
          )}
        </div>
        <p className="soft">
          {instantText(run.requestedAt)} · {run.who}
        </p>
        {!over && <Progress percent={run.percent} label={t('Progress')} />}
        {run.error && (
          <div className="problem" role="alert">
            <strong>{run.error.message}</strong> {run.error.remedy}
          </div>
        )}
        <Changes id={id} over={over} />
      </div>
      {log.length > 0 && (
        <details className="card">
          <summary>{t('Log')}</summary>
          <table className="plain">
            <tbody>
              {log.map((line) => (
                <tr key={line.id}>
                  <td className="soft">{instantText(line.at)}</td>
                  <td>{line.level !== 'info' && <Badge tone={TONES[line.level]}>{t(LEVELS[line.level])}</Badge>}</td>
                  <td>{line.message}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </>
  );
}

function Changes({ id, over }: { id: number; over: boolean }) {
  const found = useInfiniteQuery({
    queryKey: ['automation-changes', id],
    queryFn: ({ pageParam }) =>
      api.get<{ changes: Change[]; next: number | null }>(
        `/api/automations/runs/${id}/changes?after=${pageParam}&limit=${PAGE}`,
      ),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
  });
  if (found.isPending) return <Loading />;
  if (found.error) return <Failed error={found.error} retry={() => void found.refetch()} />;
  const changes = found.data.pages.flatMap((page) => page.changes);
  if (changes.length === 0) return <p>{over ? t('Nothing.') : ''}</p>;
  return (
    <>
      <table className="plain changes">
        <thead>
          <tr>
            <th>{t('Record')}</th>
            <th>{t('Before')}</th>
            <th>{t('After')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.id}>
              <td>
                <strong>{change.subject}</strong>
                <div className="soft">{change.description}</div>
                {change.state !== 'done' && change.state !== 'dry' && (
                  <Badge tone="late">{t(STATES[change.state])}</Badge>
                )}
                {change.error && <div className="problem">{change.error}</div>}
              </td>
              <td>
                <Value value={change.before} />
              </td>
              <td>
                <Value value={change.after} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {found.hasNextPage && (
        <button type="button" className="button" onClick={() => void found.fetchNextPage()}>
          {t('Show more')}
        </button>
      )}
    </>
  );
}

const MOST = 400;

/** Fields line by line; what is empty is not there. */
function Value({ value }: { value: unknown }) {
  if (value === null || value === undefined || value === '') return <span className="soft">–</span>;
  if (typeof value !== 'object' || Array.isArray(value)) return <>{shown(value)}</>;
  return (
    <>
      {Object.entries(value).map(([field, each]) => (
        <div key={field}>
          <span className="soft">{field}</span> {shown(each)}
        </div>
      ))}
    </>
  );
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MOST ? `${text.slice(0, MOST)} …` : text;
}
