// The business automations: what there is and when each runs, what its runs changed; run one now, or see first what it would change.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import { api } from '../kit/api.ts';
import { may } from '../kit/start.ts';
import { Badge, Empty, Failed, Loading, Screen, say, sayError, type Tone } from '../kit/ui.tsx';
import { durationText, instantText, locale, t } from '../kit/words.ts';
import type { ScreenProps } from '../screens.ts';
import { AutomationRunView } from './automation-run.tsx';
import { scheduleText } from './automation-words.ts';

export interface AutomationRun {
  id: number;
  automation: string;
  state: 'waiting' | 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  dryRun: boolean;
  who: string;
  percent: number;
  what: string;
  requestedAt: string;
  finishedAt: string | null;
  durationSeconds: number | null;
  changes: number;
  errors: number;
  counts: Record<string, number>;
  error: { code: string; message: string; remedy: string } | null;
}

interface Automation {
  name: string;
  title: string;
  description: string;
  configured: boolean;
  enabled: boolean;
  schedule: string;
  zone: string | null;
  nextAt: string | null;
  last: AutomationRun | null;
  unfinished: AutomationRun | null;
}

const TONES: Record<AutomationRun['state'], Tone> = {
  waiting: 'none',
  queued: 'none',
  running: 'busy',
  done: 'ok',
  failed: 'late',
  cancelled: 'warn',
};

export function Automations({ detail }: ScreenProps) {
  const found = useQuery({
    queryKey: ['automations'],
    queryFn: () => api.get<{ on: boolean; automations: Automation[] }>('/api/automations'),
    refetchInterval: 5_000,
  });
  const [name = '', run = ''] = detail.split('/');
  const list = found.data?.automations ?? [];
  const chosen = list.find((each) => each.name === name) ?? list.find(({ configured }) => configured);
  return (
    <Screen title={t('Automations')} tools={found.data?.on && <DayLog />}>
      {found.isPending ? (
        <Loading />
      ) : found.error ? (
        <Failed error={found.error} retry={() => void found.refetch()} />
      ) : !found.data.on ? (
        <Empty title={t('No automation is switched on.')}>
          {t('Name a settings file in {setting}; the documentation shows one.', { setting: 'AUTOMATIONS_FILE' })}
        </Empty>
      ) : (
        <div className="split even">
          <section className="card">
            <List automations={list.filter(({ configured }) => configured)} chosen={chosen?.name ?? ''} />
            {list.some(({ configured }) => !configured) && (
              <details>
                <summary>{t('Not in the settings file')}</summary>
                <table className="plain">
                  <tbody>
                    {list
                      .filter(({ configured }) => !configured)
                      .map(({ name, title, description }) => (
                        <tr key={name}>
                          <td>
                            {t(title)} <code>{name}</code>
                            <div className="soft">{t(description)}</div>
                          </td>
                        </tr>
                      ))}
                  </tbody>
                </table>
              </details>
            )}
          </section>
          <section>{chosen && <Detail key={chosen.name} automation={chosen} run={Number(run) || null} />}</section>
        </div>
      )}
    </Screen>
  );
}

/** The file of today, as it stands in the folder. */
function DayLog() {
  const day = new Date().toLocaleDateString('sv-SE');
  const show = async () => {
    try {
      const text = await api.text(`/api/automations/log?day=${day}`);
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
      link.download = `automations_${day}.txt`;
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      sayError(error);
    }
  };
  return (
    <button type="button" className="button" onClick={() => void show()}>
      {t('Log of today')}
    </button>
  );
}

function List({ automations, chosen }: { automations: Automation[]; chosen: string }) {
  return (
    <table className="plain">
      <thead>
        <tr>
          <th>{t('Automation')}</th>
          <th>{t('Next')}</th>
          <th className="number">{t('Last run')}</th>
        </tr>
      </thead>
      <tbody>
        {automations.map(({ name, title, schedule, enabled, nextAt, last, unfinished }) => (
          <tr key={name} aria-current={name === chosen ? 'true' : undefined}>
            <td>
              <Link href={`/automations/${name}/`}>{t(title)}</Link>
              <div className="soft">{scheduleText(schedule, { locale, t })}</div>
            </td>
            <td>{enabled && nextAt ? instantText(nextAt) : <Badge>{t('off')}</Badge>}</td>
            <td className="number">
              {unfinished ? (
                <Badge tone="busy">{t(unfinished.state)}</Badge>
              ) : last ? (
                <RunBadge run={last} />
              ) : (
                <span className="soft">–</span>
              )}
              {last && <div className="soft">{instantText(last.requestedAt)}</div>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function RunBadge({ run }: { run: AutomationRun }) {
  const tone = run.state === 'done' && run.errors > 0 ? 'warn' : TONES[run.state];
  return <Badge tone={tone}>{t(run.state)}</Badge>;
}

function Detail({ automation, run }: { automation: Automation; run: number | null }) {
  const { name, title, description, schedule, zone, enabled } = automation;
  const client = useQueryClient();
  const [, go] = useLocation();
  const runs = useQuery({
    queryKey: ['automation-runs', name],
    queryFn: () => api.get<{ runs: AutomationRun[] }>(`/api/automations/runs?automation=${name}&limit=15`),
    refetchInterval: 5_000,
  });
  const shown = run ?? runs.data?.runs[0]?.id ?? null;
  const again = () => {
    void client.invalidateQueries({ queryKey: ['automations'] });
    void client.invalidateQueries({ queryKey: ['automation-runs', name] });
  };
  const begin = async (dryRun: boolean) => {
    try {
      const { run: begun, message } = await api.post<{ run: AutomationRun; message: string }>(
        `/api/automations/${name}/run`,
        { dryRun },
      );
      say(message);
      again();
      go(`/automations/${name}/${begun.id}/`);
    } catch (error) {
      sayError(error);
    }
  };
  const turn = () => api.put(`/api/automations/${name}`, { enabled: !enabled }).then(again, sayError);
  return (
    <>
      <div className="card">
        <h2>{t(title)}</h2>
        <p>{t(description)}</p>
        <p className="soft">
          {scheduleText(schedule, { locale, t })} · {zone}
        </p>
        <div className="row">
          {may('planner') && (
            <>
              <button type="button" className="button primary" onClick={() => void begin(false)}>
                {t('Run now')}
              </button>
              <button type="button" className="button" onClick={() => void begin(true)}>
                {t('Dry run')}
              </button>
            </>
          )}
          {may('administrator') && (
            <button type="button" className="button" onClick={() => void turn()}>
              {enabled ? t('Switch the schedule off') : t('Switch the schedule on')}
            </button>
          )}
        </div>
      </div>
      {shown !== null && <AutomationRunView key={shown} id={shown} onEnd={again} />}
      <div className="card">
        <h2>{t('History')}</h2>
        {runs.error && <Failed error={runs.error} />}
        {runs.data?.runs.length === 0 && (
          <Empty title={t('Nothing has run yet.')}>
            {t('A dry run changes nothing, and says what it would change.')}
          </Empty>
        )}
        <table className="plain">
          <tbody>
            {runs.data?.runs.map((each) => (
              <tr key={each.id} aria-current={each.id === shown ? 'true' : undefined}>
                <td>
                  <Link href={`/automations/${name}/${each.id}/`}>{instantText(each.requestedAt)}</Link>
                  <div className="soft">{each.who}</div>
                </td>
                <td>
                  {each.dryRun
                    ? t('{count} would change', { count: each.changes })
                    : t('{count} changes', { count: each.changes })}
                  {each.errors > 0 && <div className="soft">{t('{count} errors', { count: each.errors })}</div>}
                </td>
                <td className="number">
                  <RunBadge run={each} /> {each.dryRun && <Badge>{t('dry run')}</Badge>}
                  <div className="soft">{each.durationSeconds === null ? '' : durationText(each.durationSeconds)}</div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
