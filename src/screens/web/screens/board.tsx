// The plan editor: orders on their resources against time.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { Only, useAddressFilter } from '../kit/address.tsx';
import { api } from '../kit/api.ts';
import { Gantt } from '../kit/gantt.tsx';
import type { GanttBar } from '../kit/gantt-model.ts';
import { InOdoo } from '../kit/odoo.tsx';
import { Badge, Empty, Failed, Loading, Screen } from '../kit/ui.tsx';
import { durationText, momentText, numberText, t } from '../kit/words.ts';
import { MovesBar } from './board-changes.tsx';
import { movedBars, useMoves } from './board-moves.ts';

export interface BoardBar {
  id: string;
  reference: string;
  row: string;
  start: number;
  end: number;
  item: string | null;
  operation: string | null;
  owner: string | null;
  type: string;
  status: string;
  quantity: number;
  lateSeconds: number;
  demands: string[];
}

interface Answer {
  planId: number | null;
  now: number;
  rows: { key: string; label: string; hint: string }[];
  bars: BoardBar[];
  cut: boolean;
}

const NOBODY: ReadonlySet<string> = new Set();
/** What an address may ask for beside an order. */
const ASKED = ['resource'];

export function Board() {
  const [by, setBy] = useState<'resource' | 'order'>('resource');
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const found = useQuery({ queryKey: ['board', by], queryFn: () => api.get<Answer>(`/api/board?by=${by}`) });
  const data = found.data;
  const moves = useMoves(data?.planId ?? null);
  const { view } = moves;
  const moved = useMemo(() => movedBars(data?.bars ?? [], view), [data, view]);
  const byId = useMemo(() => new Map(moved.map((bar) => [bar.id, bar])), [moved]);
  const fitting = useMemo(() => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0 || !data) return null;
    const fits = (bar: BoardBar) => {
      const text = [bar.reference, bar.item, bar.operation, bar.row, ...bar.demands].join(' ').toLowerCase();
      return words.every((word) => text.includes(word));
    };
    return new Set(data.bars.filter(fits).map(({ id }) => id));
  }, [search, data]);
  const asked = useAddressFilter(ASKED);
  const rows = useMemo(() => {
    const only = new Set(asked.values);
    return (data?.rows ?? [])
      .filter(({ key }) => only.size === 0 || only.has(key))
      .map((each) => ({ ...each, label: each.label.replace(/ · (MO|PO|DO)$/, (_, type: string) => ` · ${t(type)}`) }));
  }, [data, asked.values]);
  const bars = useMemo(() => {
    const shown = new Set(rows.map(({ key }) => key));
    return moved.filter(({ row }) => shown.has(row)).map(ganttBar);
  }, [moved, rows]);
  const wanted = useSearchParams()[0].get('order');
  const led = useRef<string | null>(null);
  useEffect(() => {
    if (!wanted || !data || led.current === wanted) return;
    // The order itself, else its first step; one without resources stands among the orders.
    const own = data.bars.find(({ reference }) => reference === wanted);
    const bar = own ?? data.bars.find(({ owner }) => owner === wanted);
    if (bar) setChosen(bar.id);
    else setBy('order');
    // Once: what is chosen from then on stays.
    if (bar || by === 'order') led.current = wanted;
  }, [wanted, data, by]);
  const one = chosen === null ? undefined : byId.get(chosen);
  const related = useMemo(() => relatedTo(one, moved), [one, moved]);
  const next = () => {
    if (!fitting || fitting.size === 0) return;
    const ids = [...fitting];
    setChosen(ids[(ids.indexOf(chosen ?? '') + 1) % ids.length]!);
  };

  const drag = {
    allowed(bar: GanttBar): ReadonlySet<string> {
      const dragged = byId.get(bar.id);
      return dragged && by === 'resource' ? moves.rows(dragged) : NOBODY;
    },
    onMove(bar: GanttBar, start: number, row: string) {
      const dragged = byId.get(bar.id);
      if (dragged) moves.move(dragged, Math.round(start / GRAIN_MS) * (GRAIN_MS / 1_000), row);
    },
  };

  return (
    <Screen
      title={t('Plan editor')}
      flush
      tools={
        <>
          <select aria-label={t('Rows')} value={by} onChange={(event) => setBy(event.target.value as typeof by)}>
            <option value="resource">{t('by resource')}</option>
            <option value="order">{t('by order')}</option>
          </select>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              next();
            }}
          >
            <input
              type="search"
              placeholder={t('Search')}
              aria-label={t('Search')}
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          </form>
          <Only {...asked} />
          {fitting && <span className="soft">{t('{count} fit; Enter goes to the next', { count: fitting.size })}</span>}
          <span className="space" />
          <Legend />
        </>
      }
    >
      {found.isPending ? (
        <Loading />
      ) : found.error ? (
        <Failed error={found.error} retry={() => void found.refetch()} />
      ) : found.data.planId === null ? (
        <Empty title={t('There is no plan yet.')}>{t('Run an import and a plan on the Execute screen.')}</Empty>
      ) : (
        <>
          {found.data.cut && (
            <p className="problem">{t('Only the first {count} bars are shown.', { count: bars.length })}</p>
          )}
          {moves.stale && (
            <p className="problem">
              {t('The planning model has changed since this plan: run a plan to move its orders safely.')}
            </p>
          )}
          <Gantt
            rows={rows}
            bars={bars}
            now={found.data.now * 1_000}
            chosen={chosen}
            related={related}
            found={fitting}
            onChoose={setChosen}
            {...(moves.can ? drag : {})}
          />
          <MovesBar
            moves={moves}
            onShow={(reference) => setChosen(moved.find((bar) => bar.reference === reference)?.id ?? null)}
          />
          {one && <Details bar={one} />}
        </>
      )}
    </Screen>
  );
}

/** Moves go to whole five minutes. */
const GRAIN_MS = 300_000;

function ganttBar(bar: BoardBar & { changed: boolean }): GanttBar {
  const { id, row, start, end, item, operation, status, lateSeconds, quantity, changed } = bar;
  const fixed = status === 'confirmed' || status === 'completed' || status === 'closed';
  return {
    id,
    row,
    start: start * 1_000,
    end: end * 1_000,
    label: `${numberText(quantity)} × ${item ?? operation ?? id}`,
    tone: lateSeconds > 0 ? 'late' : fixed ? 'locked' : 'normal',
    fixed,
    changed,
  };
}

/** Orders that serve a demand that this one serves. */
function relatedTo(one: BoardBar | undefined, bars: readonly BoardBar[]): ReadonlySet<string> {
  if (!one || one.demands.length === 0) return NOBODY;
  const demands = new Set(one.demands);
  return new Set(bars.filter((bar) => bar.demands.some((demand) => demands.has(demand))).map(({ id }) => id));
}

function Legend() {
  const colours: [string, string][] = [
    [t('proposed or approved'), 'var(--bar)'],
    [t('confirmed'), 'var(--bar-locked)'],
    [t('late'), 'var(--bar-late)'],
    [t('moved'), 'var(--bar-moved)'],
  ];
  return (
    <span className="row soft legend">
      {colours.map(([name, colour]) => (
        <span key={name}>
          <i style={{ background: colour }} /> {name}
        </span>
      ))}
    </span>
  );
}

const MOST_DEMANDS = 12;

function Details({ bar }: { bar: BoardBar }) {
  const { reference, item, operation, status, quantity, start, end, demands, lateSeconds, row } = bar;
  const moment = (seconds: number) => momentText(new Date(seconds * 1_000).toISOString());
  return (
    <aside className="card" style={{ margin: 0, borderRadius: 0, maxHeight: '32%', overflow: 'auto' }}>
      <div className="row">
        <strong>
          {reference}
          <InOdoo kind="operationplan" name={reference} />
        </strong>
        <Badge>{t(status)}</Badge>
        {lateSeconds > 0 && (
          <Badge tone="late">
            {t('Late by')} {durationText(lateSeconds)}
          </Badge>
        )}
        <span>
          {numberText(quantity)} ×{' '}
          {item && <Link href={`/inventoryplanning/drp/${encodeURIComponent(item)}/`}>{item}</Link>}
          <InOdoo kind="item" name={item} />
        </span>
        <span className="soft">
          {operation}
          <InOdoo kind="operation" name={operation} />
          {operation && ' · '}
          {row}
          <InOdoo kind="resource" name={row} /> · {moment(start)} – {moment(end)}
        </span>
      </div>
      <p>
        {demands.length === 0 ? t('It serves no demand: it is for stock.') : `${t('Demands')}: `}
        {demands.slice(0, MOST_DEMANDS).map((demand, index) => (
          <span key={demand}>
            {index > 0 && ', '}
            <Link href={`/demand/${encodeURIComponent(demand)}/`}>{demand}</Link>
            <InOdoo kind="demand" name={demand} />
          </span>
        ))}
        {demands.length > MOST_DEMANDS && ` ${t('and {count} more', { count: demands.length - MOST_DEMANDS })}`}
      </p>
    </aside>
  );
}
