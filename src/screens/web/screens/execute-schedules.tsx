// What runs by itself, and when: cron in a named time zone, with the next times shown while one types.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Sentence } from '../../../planner/output/sentence.ts';
import { api, query } from '../kit/api.ts';
import { may } from '../kit/start.ts';
import { Badge, Dialog, Failed, say, sayError } from '../kit/ui.tsx';
import { instantText, said, t } from '../kit/words.ts';

interface Schedule {
  id: number;
  name: string;
  kind: string;
  cron: string;
  zone: string;
  enabled: boolean;
  missed: 'once' | 'skip';
  nextAt: string | null;
  lastAt: string | null;
  lastNote: string;
}

type Draft = Pick<Schedule, 'name' | 'cron' | 'zone' | 'enabled' | 'missed'> & { id: number | null; steps: string };

const FRESH: Draft = {
  id: null,
  name: '',
  steps: 'odoo_read_1,plan',
  cron: '0 5 * * 1-5',
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  enabled: true,
  missed: 'once',
};

export function Schedules() {
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft | null>(null);
  const found = useQuery({
    queryKey: ['schedules'],
    queryFn: () => api.get<{ schedules: Schedule[] }>('/api/schedules'),
  });
  const again = () => client.invalidateQueries({ queryKey: ['schedules'] });
  const runNow = (id: number) =>
    api.post<{ message: string; sentence: Sentence }>(`/api/schedules/${id}/run`).then(({ message, sentence }) => {
      say(said({ text: message, sentence }));
      void client.invalidateQueries({ queryKey: ['runs'] });
    }, sayError);
  const remove = (id: number) => api.delete(`/api/schedules/${id}`).then(again, sayError);
  const all = may('administrator');
  return (
    <section className="card">
      <div className="row">
        <h2>{t('Schedules')}</h2>
        {all && (
          <button type="button" className="button" onClick={() => setDraft(FRESH)}>
            {t('New schedule')}
          </button>
        )}
      </div>
      {found.error && <Failed error={found.error} />}
      {found.data?.schedules.length === 0 && <p className="soft">{t('Nothing runs by itself yet.')}</p>}
      <table className="plain">
        <tbody>
          {found.data?.schedules.map((schedule) => (
            <tr key={schedule.id}>
              <td>
                <strong>{schedule.name}</strong>
                <div className="soft">
                  {schedule.kind
                    .split(',')
                    .map((step) => t(step))
                    .join(', ')}
                </div>
              </td>
              <td>
                <code>{schedule.cron}</code>
                <div className="soft">{schedule.zone}</div>
              </td>
              <td>
                {schedule.enabled && schedule.nextAt ? instantText(schedule.nextAt) : <Badge>{t('off')}</Badge>}
                <div className="soft">{schedule.lastNote}</div>
              </td>
              <td className="number actions">
                {may('planner') && (
                  <button type="button" className="button plain" onClick={() => void runNow(schedule.id)}>
                    {t('Run now')}
                  </button>
                )}
                {all && (
                  <>
                    <button
                      type="button"
                      className="button plain"
                      onClick={() => setDraft({ ...schedule, steps: schedule.kind })}
                    >
                      {t('Change')}
                    </button>
                    <button type="button" className="button plain danger" onClick={() => void remove(schedule.id)}>
                      {t('Remove')}
                    </button>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {draft && (
        <ScheduleDialog
          draft={draft}
          onChange={setDraft}
          onClose={() => setDraft(null)}
          onSaved={() => {
            setDraft(null);
            void again();
          }}
        />
      )}
    </section>
  );
}

interface DialogProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
  onClose: () => void;
  onSaved: () => void;
}

function ScheduleDialog({ draft, onChange, onClose, onSaved }: DialogProps) {
  const { id, cron, zone, ...rest } = draft;
  const preview = useQuery({
    queryKey: ['cron', cron, zone],
    queryFn: () => api.get<{ times: string[] }>(`/api/schedules/preview${query({ cron, zone, count: 4 })}`),
    retry: false,
  });
  const save = async () => {
    try {
      const body = { cron, zone, ...rest };
      const { name, steps, enabled, missed } = body;
      const input = { name, steps, cron, zone, enabled, missed };
      if (id === null) await api.post('/api/schedules', input);
      else await api.put(`/api/schedules/${id}`, input);
      onSaved();
    } catch (error) {
      sayError(error);
    }
  };
  const text = (name: 'name' | 'steps' | 'cron' | 'zone', label: string) => (
    <label className="field">
      <span>{label}</span>
      <input
        type="text"
        required
        value={draft[name]}
        onChange={(event) => onChange({ ...draft, [name]: event.target.value })}
      />
    </label>
  );
  return (
    <Dialog title={id === null ? t('New schedule') : t('Change the schedule')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {text('name', t('Name'))}
        {text('steps', t('Steps, separated by commas'))}
        {text('cron', t('Minute, hour, day, month, weekday'))}
        {text('zone', t('Time zone'))}
        <p className={preview.error ? 'problem' : 'soft'} role="status">
          {preview.error ? preview.error.message : preview.data?.times.map(instantText).join(' · ')}
        </p>
        <label className="field">
          <span>{t('After an outage')}</span>
          <select
            value={draft.missed}
            onChange={(event) => onChange({ ...draft, missed: event.target.value as Draft['missed'] })}
          >
            <option value="once">{t('run once for what was missed')}</option>
            <option value="skip">{t('leave out what was missed')}</option>
          </select>
        </label>
        <label className="row">
          <input
            type="checkbox"
            checked={draft.enabled}
            onChange={(event) => onChange({ ...draft, enabled: event.target.checked })}
          />{' '}
          {t('On')}
        </label>
        <div className="row end">
          <button type="button" className="button" onClick={onClose}>
            {t('Cancel')}
          </button>
          <button type="submit" className="button primary" disabled={preview.isError}>
            {t('Keep')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
