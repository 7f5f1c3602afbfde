// Start imports, plans and write-backs, watch them, and look at what they did and left out.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import type { Sentence } from '../../../planner/output/sentence.ts';
import { api } from '../kit/api.ts';
import { listen } from '../kit/events.ts';
import { may } from '../kit/start.ts';
import { Badge, Empty, Failed, Loading, Progress, Screen, say, sayError, type Tone } from '../kit/ui.tsx';
import { durationText, instantText, numberText, said, t } from '../kit/words.ts';
import type { ScreenProps } from '../screens.ts';
import { Schedules } from './execute-schedules.tsx';

export interface Run {
  id: number;
  kind: string;
  state: 'waiting' | 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  trigger: string;
  who: string;
  percent: number;
  step: string | null;
  what: string;
  error: { code: string; message: string; remedy: string } | null;
  requestedAt: string;
  durationSeconds: number | null;
}

interface RunStep {
  name: string;
  title: string;
  state: string;
  counts: Record<string, number>;
  report: { kind: string; entity: string; reason: string; count: number; records: string[] }[];
}

interface LogLine {
  id: number;
  at: string;
  step: string;
  level: 'info' | 'warn' | 'error';
  message: string;
}

interface Detail {
  run: Run;
  steps: RunStep[];
  log: LogLine[];
}

const TONES: Record<Run['state'], Tone> = {
  waiting: 'none',
  queued: 'none',
  running: 'busy',
  done: 'ok',
  failed: 'late',
  cancelled: 'warn',
};

const CHAINS: readonly { title: string; steps: string[] }[] = [
  { title: 'Import, plan and recommend', steps: ['odoo_read_1', 'plan', 'recommend'] },
  { title: 'Import and plan', steps: ['odoo_read_1', 'plan'] },
  { title: 'Import', steps: ['odoo_read_1'] },
  { title: 'Import of slow data', steps: ['odoo_read_2'] },
  { title: 'Plan', steps: ['plan'] },
  { title: 'Recommend', steps: ['recommend'] },
  { title: 'Write to Odoo', steps: ['odoo_write'] },
];

/** Words of what steps count. */
export const COUNTS = [
  ...['rows', 'added', 'changed', 'removed', 'unchanged', 'kept', 'order lines read'],
  ...['calendar', 'location', 'customer', 'supplier', 'resource', 'itemcategory', 'item', 'operation', 'demand'],
  ...['purchaseorder', 'lane', 'distributionorder', 'manufacturingorder', 'reorderrule', 'stock'],
  ...['sales', 'sales added', 'sales changed', 'sales removed', 'sales lines', 'series', 'combinations', 'outliers'],
  ...['orders netted', 'orders beyond the forecast', 'demands', 'late', 'short', 'shortQuantity', 'orders', 'seconds'],
  ...['latenessDays', 'open', 'accepted', 'rejected', 'snoozed'],
  ...['created', 'existing', 'updated', 'skipped', 'refused', 'drafts replaced', 'posted', 'recommendations'],
  // and what is left out
  ...['flow', 'load', 'resourceskill', 'itemsupplier', 'suboperation', 'sales history', 'plan', 'SO'],
];

const isOver = ({ state }: Run) => state === 'done' || state === 'failed' || state === 'cancelled';

export function Execute({ detail }: ScreenProps) {
  const runs = useQuery({
    queryKey: ['runs'],
    queryFn: () => api.get<{ runs: Run[] }>('/api/runs?limit=50'),
    refetchInterval: 5_000,
  });
  const steps = useQuery({
    queryKey: ['steps'],
    queryFn: () => api.get<{ steps: { name: string }[] }>('/api/steps'),
    staleTime: Infinity,
  });
  const known = new Set(steps.data?.steps.map(({ name }) => name));
  const chosen = Number(detail) || runs.data?.runs[0]?.id;
  return (
    <Screen
      title={t('Execute')}
      tools={
        may('planner') &&
        CHAINS.filter((chain) => chain.steps.every((step) => known.has(step))).map((chain, index) => (
          <StartButton key={chain.title} {...chain} primary={index === 0} />
        ))
      }
    >
      <div className="split">
        <section>
          {chosen ? <RunView key={chosen} id={chosen} /> : null}
          {may('viewer') && <Schedules />}
        </section>
        <section className="card">
          <h2>{t('History')}</h2>
          {runs.isPending ? (
            <Loading />
          ) : runs.error ? (
            <Failed error={runs.error} retry={() => void runs.refetch()} />
          ) : runs.data.runs.length === 0 ? (
            <Empty title={t('Nothing has run yet.')}>{t('Start with "Import and plan".')}</Empty>
          ) : (
            <table className="plain">
              <tbody>
                {runs.data.runs.map((run) => (
                  <tr key={run.id}>
                    <td>
                      <Link href={`/execute/${run.id}/`}>
                        {run.kind
                          .split(',')
                          .map((step) => t(step))
                          .join(', ')}
                      </Link>
                      <div className="soft">
                        {instantText(run.requestedAt)} · {run.who}
                      </div>
                    </td>
                    <td className="number">
                      <Badge tone={TONES[run.state]}>{t(run.state)}</Badge>
                      <div className="soft">
                        {run.durationSeconds === null ? '' : durationText(run.durationSeconds)}
                      </div>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </section>
      </div>
    </Screen>
  );
}

function StartButton({ title, steps, primary }: { title: string; steps: string[]; primary: boolean }) {
  const client = useQueryClient();
  const start = async () => {
    try {
      const { message, sentence } = await api.post<{ message: string; sentence: Sentence }>('/api/runs', { steps });
      say(said({ text: message, sentence }));
      await client.invalidateQueries({ queryKey: ['runs'] });
    } catch (error) {
      sayError(error);
    }
  };
  return (
    <button type="button" className={primary ? 'button primary' : 'button'} onClick={() => void start()}>
      {t(title)}
    </button>
  );
}

function RunView({ id }: { id: number }) {
  const client = useQueryClient();
  const found = useQuery({ queryKey: ['run', id], queryFn: () => api.get<Detail>(`/api/runs/${id}`) });
  const over = found.data ? isOver(found.data.run) : true;
  useEffect(() => {
    if (over) return;
    const gone = new AbortController();
    const again = () => void client.invalidateQueries({ queryKey: ['run', id] });
    listen(`/api/runs/${id}/events`, again, gone.signal).then(() => {
      again();
      void client.invalidateQueries({ queryKey: ['runs'] });
      void client.invalidateQueries({ queryKey: ['grid'] });
    }, sayError);
    return () => gone.abort();
  }, [id, over, client]);
  if (found.isPending) return <Loading />;
  if (found.error) return <Failed error={found.error} retry={() => void found.refetch()} />;
  const { run, steps, log } = found.data;
  const cancel = () => api.post(`/api/runs/${id}/cancel`).then(() => say(t('It is being cancelled.')), sayError);
  return (
    <>
      <div className="card">
        <div className="row">
          <h2>
            {run.kind
              .split(',')
              .map((step) => t(step))
              .join(', ')}
          </h2>
          <Badge tone={TONES[run.state]}>{t(run.state)}</Badge>
          {!over && may('planner') && (
            <button type="button" className="button danger" onClick={() => void cancel()}>
              {t('Cancel')}
            </button>
          )}
        </div>
        {over ? (
          <p className="soft">
            {instantText(run.requestedAt)} · {run.who}
            {run.durationSeconds !== null && ` · ${durationText(run.durationSeconds)}`}
          </p>
        ) : (
          <>
            <Progress percent={run.percent} label={t('Progress')} />
            <p className="soft">
              {numberText(Math.round(run.percent))} % {run.step && t(run.step)} {run.what}
            </p>
          </>
        )}
        {run.error && (
          <div className="problem" role="alert">
            <strong>{run.error.message}</strong> {run.error.remedy}
          </div>
        )}
        {steps.map((step) => (
          <StepView key={step.name} step={step} />
        ))}
      </div>
      <Log lines={log} />
    </>
  );
}

function StepView({ step: { name, state, counts, report } }: { step: RunStep }) {
  const left = report.filter(({ kind }) => kind === 'skipped').reduce((sum, { count }) => sum + count, 0);
  return (
    <div style={{ margin: '.4rem 0' }}>
      <div className="row">
        <strong>{t(name)}</strong> <span className="soft">{t(state)}</span>
        {Object.entries(counts)
          .filter(([, count]) => count !== 0)
          .map(([what, count]) => (
            <Badge key={what}>
              {numberText(count)} {t(what)}
            </Badge>
          ))}
      </div>
      {report.length > 0 && (
        <details>
          <summary>{t('{count} records left out, and what was noticed', { count: left })}</summary>
          <table className="plain">
            <tbody>
              {report.map(({ kind, entity, reason, count, records }) => (
                <tr key={`${kind} ${entity} ${reason}`}>
                  <td>{t(entity)}</td>
                  <td className="number">{numberText(count)}</td>
                  <td>
                    {t(reason)}
                    <div className="soft">{records.slice(0, 10).join(', ')}</div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </div>
  );
}

function Log({ lines }: { lines: readonly LogLine[] }) {
  const [level, setLevel] = useState('info');
  const shown = level === 'info' ? lines : lines.filter((line) => line.level !== 'info');
  if (lines.length === 0) return null;
  return (
    <div className="card">
      <div className="row">
        <h2>{t('Log')}</h2>
        <select aria-label={t('Lines of the log')} value={level} onChange={(event) => setLevel(event.target.value)}>
          <option value="info">{t('everything')}</option>
          <option value="warn">{t('warnings and errors')}</option>
        </select>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <pre className="log" tabIndex={0}>
        {shown
          .map(({ at, step, level: of, message }) =>
            [at.slice(11, 19), step && `[${t(step)}]`, of !== 'info' && `${of}:`, message].filter(Boolean).join(' '),
          )
          .join('\n')}
      </pre>
    </div>
  );
}
