// Items at their places, the urgent ones first; one of them with its stock over time, safety stock to change, and what it is for.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { Only, useAddressFilter } from '../kit/address.tsx';
import { api, query } from '../kit/api.ts';
import { Chart, type Series } from '../kit/chart.tsx';
import { Grid } from '../kit/grid.tsx';
import type { Cell } from '../kit/grid-cells.tsx';
import { alignedNumbers } from '../kit/numbers.ts';
import { InOdoo } from '../kit/odoo.tsx';
import { may, mayEdit } from '../kit/start.ts';
import { Badge, EditsOff, Empty, Failed, Loading, Screen, say, sayError } from '../kit/ui.tsx';
import { dateText, locale, momentText, moneyText, numberText, t } from '../kit/words.ts';
import type { ScreenProps } from '../screens.ts';

interface Flow {
  at: string;
  quantity: number;
  onhand: number;
  reference: string | null;
  type: string | null;
  status: string | null;
  counterpart: string | null;
}

interface Answer {
  stock: {
    item: string;
    location: string;
    onhand: number;
    safety: number;
    lowest: number;
    missing: string | null;
    cost: number | null;
    now: string;
    editedBy: string | null;
  };
  reorder: { quantity: number; editedBy: string | null };
  safety: { at: string; quantity: number }[];
  flows: Flow[];
  usedIn: { operation: string; item: string | null; quantity: number }[];
  places: string[];
}

const ROOT = '/inventoryplanning/drp/';
/** Columns that an address may ask for; of one item the place stands there as well. */
const ASKED = ['item', 'location', 'category'];
const seconds = (text: string) => Date.parse(`${text}Z`) / 1_000;

export function Inventory({ detail }: ScreenProps) {
  const [parameters] = useSearchParams();
  if (detail) return <OneItem item={detail} location={parameters.get('location') ?? ''} />;
  return <Items />;
}

/** Columns that can be shown as what they cost. */
const AMOUNTS = ['onhand', 'safety', 'lowest', 'incoming', 'proposed', 'outgoing'];

function Items() {
  const [, go] = useLocation();
  const asked = useAddressFilter(ASKED);
  const [money, setMoney] = useState(false);
  const cost: Cell = (value, { cost: each }) => (typeof each === 'number' ? moneyText(Number(value) * each) : '–');
  const amounts = money ? Object.fromEntries(AMOUNTS.map((name) => [name, cost])) : {};
  return (
    <Screen title={t('Inventory planning')} flush>
      <Grid
        key={asked.key}
        name="inventory"
        fixed={asked.filters}
        onOpen={({ item, location }) =>
          go(`${ROOT}${encodeURIComponent(String(item))}/${query({ location: String(location) })}`)
        }
        tools={
          <>
            <Only {...asked} />
            <select
              aria-label={t('Shown')}
              value={money ? 'money' : 'units'}
              onChange={(event) => setMoney(event.target.value === 'money')}
            >
              <option value="units">{t('in units')}</option>
              <option value="money">{t('in money')}</option>
            </select>
          </>
        }
        cells={{
          ...amounts,
          missing: (value) => (value ? <Badge tone="late">{dateText(String(value))}</Badge> : null),
        }}
      />
    </Screen>
  );
}

function OneItem({ item, location }: { item: string; location: string }) {
  const path = `/api/inventory/${encodeURIComponent(item)}${query({ location })}`;
  const found = useQuery({ queryKey: ['inventory', item, location], queryFn: () => api.get<Answer>(path) });
  return (
    <Screen
      title={item}
      tools={
        <>
          <InOdoo kind="item" name={item} />
          <Link href={ROOT}>{t('All items')}</Link>
        </>
      }
    >
      {found.isPending ? (
        <Loading />
      ) : found.error ? (
        <Failed error={found.error} retry={() => void found.refetch()} />
      ) : (
        <Stock {...found.data} />
      )}
    </Screen>
  );
}

function Stock({ stock, reorder, safety, flows, usedIn, places }: Answer) {
  const { item, location, onhand, lowest, missing, cost, now } = stock;
  const [money, setMoney] = useState(false);
  const factor = money && cost !== null ? cost : 1;
  const { times, series } = useMemo(() => chartOf(flows, safety, now, factor), [flows, safety, now, factor]);
  const amount = (value: number) => (money && cost !== null ? moneyText(value * cost) : numberText(value));
  const used = alignedNumbers(
    usedIn.map(({ quantity }) => quantity),
    locale,
  );
  const proposed = flows.filter(({ status, quantity }) => status === 'proposed' && quantity > 0);
  return (
    <>
      <div className="card">
        <div className="row">
          <strong>
            {location}
            <InOdoo kind="location" name={location} />
          </strong>
          <span>
            {t('On hand')} {amount(onhand)} · {t('Lowest')} {amount(lowest)}
          </span>
          {missing ? (
            <Badge tone="late">{t('below safety stock from {date}', { date: dateText(missing) })}</Badge>
          ) : (
            <Badge tone="ok">{t('enough')}</Badge>
          )}
          {cost !== null && (
            <label>
              <input type="checkbox" checked={money} onChange={(event) => setMoney(event.target.checked)} />{' '}
              {t('in money')}
            </label>
          )}
          {places.map((place) => (
            <Link key={place} href={`${ROOT}${encodeURIComponent(item)}/${query({ location: place })}`}>
              {place}
            </Link>
          ))}
        </div>
        <div className="row policies">
          <Policy
            key={`safety ${item} ${location} ${stock.safety}`}
            {...{ item, location, name: 'safety-stock', title: t('Safety stock') }}
            {...{ value: stock.safety, editedBy: stock.editedBy }}
          />
          <Policy
            key={`reorder ${item} ${location} ${reorder.quantity}`}
            {...{ item, location, name: 'reorder-quantity', title: t('Reorder quantity') }}
            {...{ value: reorder.quantity, editedBy: reorder.editedBy }}
          />
          <EditsOff />
        </div>
        <Chart label={t('Stock of {item} over time', { item })} times={times} series={series} now={seconds(now)} />
      </div>
      <div className="split">
        <Flows title={t('Movements')} flows={flows} price={money ? cost : null} />
        <div>
          <Flows title={t('Proposed orders')} flows={proposed} price={money ? cost : null} brief />
          <section className="card">
            <h2>{t('Where used')}</h2>
            {usedIn.length === 0 && <p className="soft">{t('No order of the plan uses it.')}</p>}
            <table className="plain">
              <tbody>
                {usedIn.map(({ operation, item: made, quantity }) => (
                  <tr key={operation}>
                    <td>
                      {made ? <Link href={`${ROOT}${encodeURIComponent(made)}/`}>{made}</Link> : operation}
                      <InOdoo kind="operation" name={operation} />
                    </td>
                    <td className="number">{used(quantity)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </div>
      </div>
    </>
  );
}

interface PolicyProps {
  item: string;
  location: string;
  /** Of its address. */
  name: 'safety-stock' | 'reorder-quantity';
  title: string;
  value: number;
  editedBy: string | null;
}

/** A value of Odoo that planners may change for the plan, and give back. */
function Policy({ item, location, name, title, value, editedBy }: PolicyProps) {
  const client = useQueryClient();
  const [text, setText] = useState(String(value));
  const path = `/api/inventory/${encodeURIComponent(item)}/${name}${query({ location })}`;
  const act = async (run: () => Promise<unknown>) => {
    try {
      await run();
      say(
        <>
          {t('It counts from the next plan on.')} <Link href="/execute/">{t('Execute')}</Link>
        </>,
      );
      await client.invalidateQueries({ queryKey: ['inventory', item] });
    } catch (error) {
      sayError(error);
    }
  };
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        void act(() => api.put(path, { quantity: Number(text) }));
      }}
    >
      <label className="row">
        {title}
        <input
          type="number"
          min="0"
          step="any"
          required
          className="number"
          value={text}
          disabled={!mayEdit()}
          onChange={(event) => setText(event.target.value)}
          style={{ width: '7rem' }}
        />
      </label>
      {mayEdit() && (
        <button type="submit" className="button" disabled={Number(text) === value}>
          {t('Keep')}
        </button>
      )}
      {editedBy !== null && (
        <>
          <span className="soft">{t('changed by {name}', { name: editedBy })}</span>
          {may('planner') && (
            <button type="button" className="button plain" onClick={() => void act(() => api.delete(path))}>
              {t('As Odoo says')}
            </button>
          )}
        </>
      )}
    </form>
  );
}

const SHOWN = 200;

interface FlowsProps {
  title: string;
  flows: readonly Flow[];
  /** Of a unit, to show what they are worth. */
  price: number | null;
  /** Days only, and without the stock that is then. */
  brief?: boolean;
}

function Flows({ title, flows, price, brief = false }: FlowsProps) {
  if (flows.length === 0) {
    return (
      <section className="card">
        <h2>{title}</h2>
        <Empty title={t('None')} />
      </section>
    );
  }
  const rows = flows.slice(0, SHOWN);
  const textOf = (values: number[]) =>
    price === null ? alignedNumbers(values, locale) : (value: number) => moneyText(value * price);
  const amount = textOf(rows.map(({ quantity }) => quantity));
  const stock = textOf(rows.map(({ onhand }) => onhand));
  return (
    <section className="card" style={{ overflow: 'auto', maxHeight: '60vh' }}>
      <h2>{title}</h2>
      <table className="plain">
        <thead>
          <tr>
            <th>{t('Date')}</th>
            <th>{t('Order')}</th>
            <th className="number">{t('Quantity')}</th>
            {!brief && <th className="number">{t('Stock')}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, reference, type, status, counterpart, quantity, onhand }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: one order may move the item several times in a moment
            <tr key={index}>
              <td className="moment">{isOpening({ at, reference }) ? '' : brief ? dateText(at) : momentText(at)}</td>
              <td>
                {isOpening({ at, reference })
                  ? t('Stock')
                  : reference === null
                    ? t('Expired')
                    : [type && t(type), reference, counterpart].filter(Boolean).join(' ')}
                <InOdoo {...recordOf({ type, reference, counterpart })} /> {status && <Badge>{t(status)}</Badge>}
              </td>
              <td className="number">{amount(quantity)}</td>
              {!brief && <td className="number">{stock(onhand)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {flows.length > SHOWN && <p className="soft">{t('and {count} more', { count: flows.length - SHOWN })}</p>}
    </section>
  );
}

/** What was there before all time; what has no order and comes later leaves because it expires. */
function isOpening({ at, reference }: Pick<Flow, 'at' | 'reference'>) {
  return reference === null && at < '1972';
}

/** The order itself where Odoo has it; of a delivery its demand. */
function recordOf({ type, reference, counterpart }: Pick<Flow, 'type' | 'reference' | 'counterpart'>) {
  return type === 'DLVR'
    ? ({ kind: 'demand', name: counterpart } as const)
    : ({ kind: 'operationplan', name: reference } as const);
}

/** Stock and safety stock as steps over the same moments. */
function chartOf(
  flows: readonly Flow[],
  safety: Answer['safety'],
  now: string,
  factor: number,
): { times: number[]; series: Series[] } {
  const begin = seconds(now);
  const moments = [...flows.map(({ at }) => seconds(at)), ...safety.map(({ at }) => seconds(at))];
  const last = Math.max(begin + 7 * 86_400, ...flows.map(({ at }) => seconds(at))) + 86_400;
  const shown = moments.filter((time) => time > begin && time < last);
  const times = [...new Set([begin, ...shown, last])].sort((a, b) => a - b);
  return {
    times,
    series: [
      {
        label: t('Stock'),
        color: '--bar',
        kind: 'steps',
        fill: true,
        values: stepsAt(
          times,
          flows.map(({ at, onhand }) => [seconds(at), onhand * factor]),
        ),
      },
      {
        label: t('Safety stock'),
        color: '--late',
        kind: 'dashes',
        values: stepsAt(
          times,
          safety.map(({ at, quantity }) => [seconds(at), quantity * factor]),
        ),
      },
    ],
  };
}

/** What holds at each moment, given what begins when. */
function stepsAt(times: readonly number[], steps: readonly [number, number][]): number[] {
  let at = 0;
  let value = 0;
  return times.map((time) => {
    while (at < steps.length && steps[at]![0] <= time) value = steps[at++]![1];
    return value;
  });
}
