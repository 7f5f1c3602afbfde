// What the plan recommends, the most urgent first: accept (Odoo's number appears), snooze or reject, one by one, many, or all.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Sentence } from '../../../planner/output/sentence.ts';
import { api, query } from '../kit/api.ts';
import { InOdoo } from '../kit/odoo.tsx';
import { may, odooLink } from '../kit/start.ts';
import { Badge, Dialog, Empty, Failed, Loading, Screen, say, sayError, type Tone } from '../kit/ui.tsx';
import { dateText, durationText, moneyText, numberText, said, t } from '../kit/words.ts';

interface Advice {
  key: string;
  kind: string;
  urgency: string;
  state: 'open' | 'accepted' | 'rejected' | 'snoozed';
  item: string;
  location: string;
  supplier: string | null;
  quantity: number;
  start: string;
  end: string;
  title: string;
  reasons: string[];
  sentences?: { title: Sentence; reasons: Sentence[] };
  demands: { name: string; quantity: number; due: string; late: number }[];
  demandCount: number;
  value: number;
  decideBy: string;
  byHand: boolean;
  model: string | null;
  resId: number | null;
  number: string | null;
  note: string;
  reason: string;
  who: string | null;
}

/** Words of lists to choose from. */
const KINDS = ['purchase', 'produce', 'transfer', 'reschedule', 'late delivery', 'cancel'];
/** Words of lists to choose from. */
const STATES = ['open', 'accepted', 'snoozed', 'rejected'];

const TONES: Record<string, Tone> = { overdue: 'late', today: 'late', 'this week': 'warn', later: 'none' };
const PAGE = 200;

export function Recommendations() {
  const client = useQueryClient();
  const [state, setState] = useState('open');
  const [kind, setKind] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<'reject' | 'snooze' | null>(null);
  const path = `/api/advice${query({ state, kind, limit: PAGE })}`;
  const found = useQuery({ queryKey: ['advice', state, kind], queryFn: () => api.get<{ advice: Advice[] }>(path) });
  const list = found.data?.advice ?? [];
  const keys = list.map(({ key }) => key).filter((key) => chosen.has(key));

  const settle = useMutation({
    mutationFn: ({ action, more = {}, which = keys }: { action: string; more?: object; which?: string[] }) =>
      api.post<{ advice?: Advice[]; warnings?: string[] }>(`/api/advice/${action}`, { keys: which, ...more }),
    onSuccess: async ({ advice = [], warnings = [] }) => {
      setChosen(new Set());
      setAsking(null);
      for (const one of advice) say(<Made {...one} title={titleOf(one)} />);
      for (const warning of warnings) say(warning, 'bad');
      await client.invalidateQueries({ queryKey: ['advice'] });
    },
    onError: sayError,
  });
  const toggle = (key: string) => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    setChosen(next);
  };
  const able = list.filter(({ byHand }) => !byHand).map(({ key }) => key);

  return (
    <Screen
      title={t('Recommendations')}
      tools={
        <>
          <Choice label={t('State')} value={state} options={STATES} onChange={setState} />
          <Choice label={t('Kind')} value={kind} options={['', ...KINDS]} onChange={setKind} />
          <span className="space" />
          {may('planner') && state === 'open' && (
            <>
              <button
                type="button"
                className="button"
                onClick={() => setChosen(new Set(keys.length === able.length ? [] : able))}
              >
                {keys.length === able.length && keys.length > 0 ? t('Choose none') : t('Choose all')}
              </button>
              <button
                type="button"
                className="button primary"
                disabled={keys.length === 0 || settle.isPending}
                onClick={() => settle.mutate({ action: 'accept' })}
              >
                {keys.length === 0 ? t('Accept') : t('Accept {count}', { count: keys.length })}
              </button>
              <button type="button" className="button" disabled={keys.length === 0} onClick={() => setAsking('snooze')}>
                {t('Snooze')}
              </button>
              <button
                type="button"
                className="button danger"
                disabled={keys.length === 0}
                onClick={() => setAsking('reject')}
              >
                {t('Reject')}
              </button>
            </>
          )}
          {may('planner') && state !== 'open' && state !== 'accepted' && (
            <button
              type="button"
              className="button"
              disabled={keys.length === 0}
              onClick={() => settle.mutate({ action: 'reopen' })}
            >
              {t('Open again')}
            </button>
          )}
        </>
      }
    >
      {found.isPending ? (
        <Loading />
      ) : found.error ? (
        <Failed error={found.error} retry={() => void found.refetch()} />
      ) : list.length === 0 ? (
        <Empty title={state === 'open' ? t('Nothing is recommended now.') : t('None')}>
          {t('Recommendations come from a run with plan and recommend, on the Execute screen.')}
        </Empty>
      ) : (
        list.map((advice) => (
          <Card
            key={advice.key}
            advice={advice}
            chosen={chosen.has(advice.key)}
            onToggle={() => toggle(advice.key)}
            onAccept={() => settle.mutate({ action: 'accept', which: [advice.key] })}
            busy={settle.isPending}
          />
        ))
      )}
      {asking === 'reject' && (
        <Ask
          title={t('Why not?')}
          label={t('Reason')}
          type="text"
          onClose={() => setAsking(null)}
          onAnswer={(reason) => settle.mutate({ action: 'reject', more: { reason } })}
        />
      )}
      {asking === 'snooze' && (
        <Ask
          title={t('Until when?')}
          label={t('Date')}
          type="date"
          onClose={() => setAsking(null)}
          onAnswer={(until) => settle.mutate({ action: 'snooze', more: { until } })}
        />
      )}
    </Screen>
  );
}

const titleOf = ({ title, sentences }: Advice) => said({ text: title, sentence: sentences?.title });

function Card({ advice, chosen, onToggle, onAccept, busy }: CardProps) {
  const title = titleOf(advice);
  const reasons = advice.reasons.map((text, place) => said({ text, sentence: advice.sentences?.reasons[place] }));
  const { kind, urgency, demands, demandCount, value, decideBy, byHand, state } = advice;
  return (
    <article className="card" aria-label={title}>
      <div className="row ends">
        <span className="headed">
          <input
            type="checkbox"
            aria-label={t('Choose {name}', { name: title })}
            checked={chosen}
            disabled={byHand && state === 'open'}
            onChange={onToggle}
          />
          <span>
            <strong>
              {title}
              <InOdoo kind="item" name={advice.item} />
            </strong>
            {advice.supplier && (
              <span className="soft">
                {advice.supplier}
                <InOdoo kind="supplier" name={advice.supplier} />
              </span>
            )}
            <Badge>{t(kind)}</Badge>
            {state === 'open' ? (
              <Badge tone={TONES[urgency] ?? 'none'}>{t(urgency)}</Badge>
            ) : (
              <Badge tone={state === 'accepted' ? 'ok' : 'none'}>{t(state)}</Badge>
            )}
          </span>
        </span>
        <span className="row">
          <span className="soft number">
            {t('decide by {date}', { date: dateText(decideBy) })} · {moneyText(value)}
          </span>
          {state === 'open' && !byHand && may('planner') && (
            <button type="button" className="button" disabled={busy} onClick={onAccept}>
              {t('Accept')}
            </button>
          )}
        </span>
      </div>
      <ul style={{ margin: '.4rem 0' }}>
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      {demandCount > 0 && (
        <div className="soft">
          {t('for')}{' '}
          {demands.map(({ name, quantity, late }, index) => (
            <span key={name}>
              {index > 0 && ', '}
              <Link href={`/demand/${encodeURIComponent(name)}/`}>{name}</Link>
              <InOdoo kind="demand" name={name} /> {numberText(quantity)}
              {late > 0 && ` (${t('Late by')} ${durationText(late)})`}
            </span>
          ))}
          {demandCount > demands.length && ` ${t('and {count} more', { count: demandCount - demands.length })}`}
        </div>
      )}
      {state !== 'open' && <Made {...advice} title="" />}
      {advice.reason && <div className="soft">{`${advice.reason} (${advice.who ?? ''})`}</div>}
    </article>
  );
}

interface CardProps {
  advice: Advice;
  chosen: boolean;
  onToggle: () => void;
  onAccept: () => void;
  busy: boolean;
}

/** What it became in Odoo. */
function Made({ title, number, note, model, resId }: Pick<Advice, 'title' | 'number' | 'note' | 'model' | 'resId'>) {
  const address = model && resId ? odooLink(model, resId) : null;
  return (
    <span>
      {title}{' '}
      {number &&
        (address ? (
          <a href={address} target="_blank" rel="noreferrer">
            {number} ↗
          </a>
        ) : (
          <strong>{number}</strong>
        ))}{' '}
      <span className="soft">{note}</span>
    </span>
  );
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      {options.map((option) => (
        <option key={option} value={option}>
          {option ? t(option) : t('all kinds')}
        </option>
      ))}
    </select>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly string[];
  onChange: (value: string) => void;
}

function Ask({ title, label, type, onClose, onAnswer }: AskProps) {
  const [text, setText] = useState('');
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onAnswer(text);
        }}
      >
        <label className="field">
          <span>{label}</span>
          <input type={type} required value={text} onChange={(event) => setText(event.target.value)} />
        </label>
        <div className="row end">
          <button type="button" className="button" onClick={onClose}>
            {t('Cancel')}
          </button>
          <button type="submit" className="button primary">
            {t('Keep')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface AskProps {
  title: string;
  label: string;
  type: 'text' | 'date';
  onClose: () => void;
  onAnswer: (text: string) => void;
}
