// The forecast editor: the hierarchy with history and forecast by month or week, totals to set at any level, which the server spreads
// over the others at once, and the run that forecasts anew.
import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { Sentence } from '../../../planner/output/sentence.ts';
import { api } from '../kit/api.ts';
import { listen } from '../kit/events.ts';
import { Popover } from '../kit/grid-tools.tsx';
import { may } from '../kit/start.ts';
import { Badge, Empty, Failed, Loading, Screen, say, sayError } from '../kit/ui.tsx';
import { instantText, said, t } from '../kit/words.ts';
import {
  type Bucket,
  type ForecastAnswer,
  keyOf,
  nameOf,
  type Override,
  type Place,
  type Series,
  type ShownRow,
} from './forecast-data.ts';
import { CellCard, RowChart, type SideProps } from './forecast-side.tsx';
import { type CellAt, ForecastTable, type Measure } from './forecast-table.tsx';

const PAGE = 100;
const ROOT: Place = { item: null, location: null, customer: null };
const MEASURES: readonly { name: Measure; title: string }[] = [
  { name: 'total', title: 'Total' },
  { name: 'baseline', title: 'Baseline' },
  { name: 'net', title: 'Left for the plan' },
  { name: 'orders', title: 'Open orders' },
];

interface Shown {
  place: Place;
  limit: number;
  open: boolean;
}

export function ForecastEditor() {
  const client = useQueryClient();
  const [search, setSearch] = useState('');
  const [filter, setFilter] = useState<{ location: string; customer: string }>({ location: '', customer: '' });
  const [measure, setMeasure] = useState<Measure>('total');
  const [history, setHistory] = useState(12);
  const [unfolded, setUnfolded] = useState<ReadonlyMap<string, Shown>>(new Map());
  const [at, setAt] = useState<CellAt>({ row: 0, column: 0 });
  const [run, setRun] = useState<number | null>(null);

  const root: Place = { ...ROOT, location: filter.location || null, customer: filter.customer || null };
  const words = useSettled(search.trim());
  const wanted: Shown[] = [
    { place: root, limit: unfolded.get(keyOf(root))?.limit ?? PAGE, open: true },
    ...[...unfolded.values()].filter(({ open, place }) => open && keyOf(place) !== keyOf(root)),
  ];
  const answers = useQueries({
    queries: wanted.map(({ place, limit }, index) => {
      const path = `/api/forecast/series?${askFor(place, { history, limit, search: index === 0 ? words : null })}`;
      return {
        queryKey: ['forecast', path],
        queryFn: ({ signal }: { signal: AbortSignal }) => api.get<ForecastAnswer>(path, signal),
        placeholderData: (before: ForecastAnswer | undefined) => (index === 0 ? before : undefined),
      };
    }),
  });
  const set = useQuery({
    queryKey: ['forecast', 'overrides'],
    queryFn: () => api.get<{ overrides: Override[] }>('/api/forecast/overrides'),
  });
  const first = answers[0]!;
  const answer = first.data;
  const byPlace = new Map(wanted.map(({ place }, index) => [keyOf(place), answers[index]?.data]));

  const rows = useMemo(() => {
    const list: ShownRow[] = [];
    const add = (series: Series, depth: number) => {
      const key = keyOf(series);
      const below = series.level === 'all' ? undefined : unfolded.get(key);
      const open = series.level === 'all' || (below?.open ?? false);
      list.push({ key: series.level === 'all' ? 'all' : key, series, depth, open });
      if (open) for (const child of byPlace.get(key)?.rows ?? []) if (keyOf(child) !== key) add(child, depth + 1);
    };
    if (answer?.self) add({ ...answer.self, children: false }, 0);
    return list;
  }, [answer, unfolded, byPlace]);

  // A group that holds all others is no use folded.
  let only: Series | undefined;
  for (let among = words === '' ? answer?.rows : undefined; among?.length === 1 && among[0]!.children; ) {
    only = among[0]!;
    among = unfolded.get(keyOf(only))?.open ? byPlace.get(keyOf(only))?.rows : undefined;
  }
  useEffect(() => {
    if (only === undefined) return;
    const key = keyOf(only);
    const place = placeOf(only);
    setUnfolded((before) => (before.has(key) ? before : new Map(before).set(key, { place, limit: 500, open: true })));
  }, [only]);

  const change = useMutation({
    mutationFn: async (what: Change) => {
      const { place = ROOT, bucket, quantity = null, comment = '', gone } = what;
      if (gone) for (const id of gone) await api.delete(`/api/forecast/overrides/${id}`);
      else {
        const { item, location, customer } = place;
        const names = Object.entries({ item, location, customer }).filter(([, name]) => name);
        await api.post('/api/forecast/overrides', {
          ...Object.fromEntries(names),
          starts: bucket!.starts,
          quantity,
          comment,
        });
      }
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['forecast'] }),
    onError: sayError,
  });
  // What was typed stands there until the server has spread it.
  const typed = change.isPending ? typedNow(change.variables) : [];
  const overrides = [...(set.data?.overrides ?? []), ...typed];
  const remove = (list: readonly Override[]) => {
    if (list.length > 0) change.mutate({ gone: list.map(({ id }) => id) });
  };
  const over = () => {
    setRun(null);
    void client.invalidateQueries({ queryKey: ['forecast'] });
  };
  const tools = answer?.forecast && (
    <>
      <input
        type="search"
        placeholder={t('Search')}
        aria-label={t('Search')}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <Pick
        label={t('Location')}
        all={t('all places')}
        value={filter.location}
        options={answer.locations}
        onPick={(location) => setFilter({ ...filter, location })}
      />
      <Pick
        label={t('Customer')}
        all={t('all customers')}
        value={filter.customer}
        options={answer.customers}
        onPick={(customer) => setFilter({ ...filter, customer })}
      />
      <select
        aria-label={t('Shown')}
        value={measure}
        style={{ maxWidth: '7.5rem' }}
        onChange={(event) => setMeasure(event.target.value as Measure)}
      >
        {MEASURES.map(({ name, title }) => (
          <option key={name} value={name}>
            {t(title)}
          </option>
        ))}
      </select>
      <select aria-label={t('Past')} value={history} onChange={(event) => setHistory(Number(event.target.value))}>
        {[0, 6, 12, 24, 52].map((count) => (
          <option key={count} value={count}>
            {t('{count} of the past', { count })}
          </option>
        ))}
      </select>
    </>
  );
  const waiting = set.data?.overrides.filter(({ id }) => id > (answer?.forecast?.applied ?? 0)).length ?? 0;
  const row = rows[Math.min(at.row, rows.length - 1)];
  const side: SideProps | null =
    answer && row
      ? {
          row,
          name: nameOf(row.series, t('Everything'), t('none')),
          answer,
          column: at.column,
          overrides,
          editable: may('planner'),
          onSet: ({ series }, bucket, quantity, comment) => change.mutate({ place: series, bucket, quantity, comment }),
          onRemove: remove,
        }
      : null;
  const rest = answer ? answer.total - answer.rows.length : 0;

  return (
    <Screen
      title={t('Forecast editor')}
      flush
      tools={
        <>
          {tools}
          <span className="space" />
          {run !== null && <Following key={run} id={run} onOver={over} />}
          {answer?.forecast && may('planner') && (
            <Runner forecast={answer.forecast} busy={run !== null} onRun={setRun} />
          )}
        </>
      }
    >
      {first.isPending ? (
        <Loading />
      ) : first.error && !answer ? (
        <Failed error={first.error} retry={() => void first.refetch()} />
      ) : !answer?.forecast ? (
        <NoForecast hasHistory={answer?.hasHistory ?? false} busy={run !== null} onRun={setRun} />
      ) : (
        <>
          <div className="strip">
            <span className="soft">{t('made {when}', { when: instantText(answer.forecast.madeAt) })}</span>
            {waiting > 0 && !change.isPending && (
              <Badge tone="warn">{t('{count} changes count from the next forecast on', { count: waiting })}</Badge>
            )}
            {!answer.forecast.settled && (
              <span className="soft">{t('What is left for the plan is worked out when it is planned.')}</span>
            )}
            {rest > 0 && (
              <button
                type="button"
                className="button plain"
                onClick={() =>
                  setUnfolded((before) =>
                    new Map(before).set(keyOf(root), { place: root, limit: answer.rows.length + PAGE, open: true }),
                  )
                }
              >
                {t('Show {count} more', { count: Math.min(PAGE, rest) })}
              </button>
            )}
          </div>
          <ForecastTable
            rows={rows}
            past={answer.past}
            future={answer.future}
            overrides={overrides}
            applied={answer.forecast.applied}
            measure={measure}
            editable={may('planner') && measure === 'total'}
            at={at}
            onMove={setAt}
            onToggle={({ series, open }) =>
              setUnfolded((before) =>
                new Map(before).set(keyOf(series), { place: placeOf(series), limit: 500, open: !open }),
              )
            }
            onSet={({ series }, bucket, quantity) => change.mutate({ place: series, bucket, quantity })}
            onRemove={remove}
          />
          {side && (
            <div className="under">
              <div>
                <RowChart {...side} />
              </div>
              <CellCard key={`${side.row.key} ${at.column}`} {...side} />
            </div>
          )}
        </>
      )}
    </Screen>
  );
}

interface Change {
  place?: Place;
  bucket?: Bucket;
  quantity?: number | null;
  comment?: string;
  gone?: number[];
}

function typedNow({ place = ROOT, bucket, quantity = null, comment = '', gone }: Change): Override[] {
  if (gone || !bucket || quantity === null) return [];
  const { starts } = bucket;
  return [{ ...placeOf(place), id: Number.MAX_SAFE_INTEGER, starts, quantity, comment, who: '', at: '' }];
}

const placeOf = ({ item, location, customer }: Place): Place => ({ item, location, customer });

/** @param search null = not of the whole table */
function askFor(place: Place, { history, limit, search }: { history: number; limit: number; search: string | null }) {
  const names = Object.entries(placeOf(place)).filter((entry): entry is [string, string] => entry[1] !== null);
  const asked = new URLSearchParams({ ...Object.fromEntries(names), history: String(history), limit: String(limit) });
  if (search !== null) {
    asked.set('self', 'yes');
    asked.set('search', search);
  }
  return asked;
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 250);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

function Pick({ label, all, value, options, onPick }: PickProps) {
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onPick(event.target.value)}
      style={{ maxWidth: '9.3rem' }}
    >
      <option value="">{all}</option>
      {options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </select>
  );
}

interface PickProps {
  label: string;
  all: string;
  value: string;
  options: readonly string[];
  onPick: (value: string) => void;
}

async function begin(steps: string[], parameters: object, onRun: (id: number) => void): Promise<void> {
  try {
    const { run, message, sentence } = await api.post<{ run: { id: number }; message: string; sentence: Sentence }>(
      '/api/runs',
      {
        steps,
        parameters,
      },
    );
    say(said({ text: message, sentence }));
    onRun(run.id);
  } catch (error) {
    sayError(error);
  }
}

interface RunnerProps {
  forecast: NonNullable<ForecastAnswer['forecast']>;
  busy: boolean;
  onRun: (id: number) => void;
}

function Runner({ forecast, busy, onRun }: RunnerProps) {
  const [bucket, setBucket] = useState<string>(forecast.bucket);
  const [horizon, setHorizon] = useState(String(forecast.horizon));
  const start = () =>
    begin(['forecast'], { forecast: { ...forecast.arguments, bucket, horizon: Number(horizon) } }, onRun);
  return (
    <>
      <Popover label={t('Parameters')}>
        {() => (
          <>
            <label className="field">
              <span>{t('Columns')}</span>
              <select value={bucket} onChange={(event) => setBucket(event.target.value)}>
                <option value="month">{t('months')}</option>
                <option value="week">{t('weeks')}</option>
              </select>
            </label>
            <label className="field">
              <span>{t('How many to forecast')}</span>
              <input
                type="number"
                min="1"
                max="260"
                value={horizon}
                onChange={(event) => setHorizon(event.target.value)}
              />
            </label>
          </>
        )}
      </Popover>
      <button
        type="button"
        className="button primary"
        disabled={busy || !(Number(horizon) >= 1)}
        onClick={() => void start()}
      >
        {t('Forecast')}
      </button>
    </>
  );
}

function Following({ id, onOver }: { id: number; onOver: () => void }) {
  const found = useQuery({
    queryKey: ['run', id],
    queryFn: () =>
      api.get<{ run: { state: string; percent: number; error: { message: string } | null } }>(`/api/runs/${id}`),
    refetchInterval: 1_000,
  });
  const client = useQueryClient();
  const state = found.data?.run.state ?? '';
  const message = found.data?.run.error?.message;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once, when the run is over
  useEffect(() => {
    if (!['done', 'failed', 'cancelled'].includes(state)) return;
    if (state !== 'done') say(message ?? t(state), 'bad');
    onOver();
  }, [state]);
  useEffect(() => {
    const gone = new AbortController();
    const again = () => void client.invalidateQueries({ queryKey: ['run', id] });
    listen(`/api/runs/${id}/events`, again, gone.signal).then(again, () => {});
    return () => gone.abort();
  }, [id, client]);
  return (
    <Badge tone="busy">
      {t('Forecast')} {Math.round(found.data?.run.percent ?? 0)} %
    </Badge>
  );
}

function NoForecast({ hasHistory, busy, onRun }: { hasHistory: boolean; busy: boolean; onRun: (id: number) => void }) {
  const steps = hasHistory ? ['forecast'] : ['odoo_read_1', 'odoo_read_2', 'forecast'];
  return (
    <div className="note">
      <Empty title={hasHistory ? t('There is no forecast yet.') : t('No history of sales was read yet.')}>
        {hasHistory
          ? t('It is made from the history of sales in a moment.')
          : t('It is read from Odoo with the slow data, and forecast from there.')}
      </Empty>
      {may('planner') && (
        <button type="button" className="button primary" disabled={busy} onClick={() => void begin(steps, {}, onRun)}>
          {hasHistory ? t('Forecast') : t('Read the history and forecast')}
        </button>
      )}
    </div>
  );
}
