// Quotes: when could this be delivered, what leads to that and what is in the way; hold it, make it firm, give it up.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, query } from '../kit/api.ts';
import { may } from '../kit/start.ts';
import { Badge, Empty, Failed, Loading, Screen, say, sayError, type Tone } from '../kit/ui.tsx';
import { dateText, instantText, numberText, t } from '../kit/words.ts';
import { freshLine, keyed, type LineDraft, lineBody, type QuoteData, stamp } from './quote-data.ts';
import { QuoteLines } from './quote-form.tsx';
import { Promised } from './quote-promise.tsx';

/** Words of the states. */
const STATES: Readonly<Record<string, string>> = {
  inquiry: 'asked',
  held: 'held',
  confirmed: 'confirmed',
  ordered: 'ordered',
  cancelled: 'cancelled',
  expired: 'expired',
};
const TONES: Partial<Record<QuoteData['state'], Tone>> = {
  held: 'busy',
  confirmed: 'ok',
  ordered: 'ok',
  expired: 'warn',
};
const HELD_DAYS = 7;

export function Quote({ detail }: { detail: string }) {
  const client = useQueryClient();
  const [lines, setLines] = useState<LineDraft[]>([freshLine(0)]);
  const [customer, setCustomer] = useState('');
  const [together, setTogether] = useState(false);
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState<number | null>(/^\d+$/.test(detail) ? Number(detail) : null);
  const list = useQuery({
    queryKey: ['quotes'],
    queryFn: () => api.get<{ quotes: QuoteData[] }>(`/api/quotes${query({ limit: 200 })}`),
  });
  const one = list.data?.quotes.find(({ id }) => id === shown);

  async function ask(): Promise<void> {
    setBusy(true);
    try {
      const body = { lines: lines.map(lineBody), customer, together };
      const quote = await api.post<QuoteData>('/api/quote', body);
      await client.invalidateQueries({ queryKey: ['quotes'] });
      setShown(quote.id);
    } catch (error) {
      sayError(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Screen title={t('Quote')}>
      <form
        className="card"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <QuoteLines lines={lines} onChange={setLines} />
        <div className="row">
          <label className="field">
            <span>{t('Customer')}</span>
            <input type="text" value={customer} maxLength={500} onChange={(event) => setCustomer(event.target.value)} />
          </label>
          {lines.length > 1 && (
            <label>
              <input type="checkbox" checked={together} onChange={(event) => setTogether(event.target.checked)} />{' '}
              {t('All on one date')}
            </label>
          )}
          <button type="submit" className="button primary" disabled={busy}>
            {busy ? t('Asking the plan …') : t('When can it be delivered?')}
          </button>
        </div>
      </form>
      {one && <Answer quote={one} key={`${one.id} ${one.state}`} />}
      <section className="card">
        <h2>{t('Quotes')}</h2>
        {list.isPending ? (
          <Loading />
        ) : list.error ? (
          <Failed error={list.error} retry={() => void list.refetch()} />
        ) : list.data.quotes.length === 0 ? (
          <Empty title={t('Nothing was asked yet.')}>{t('Name a product and a quantity above.')}</Empty>
        ) : (
          <List quotes={list.data.quotes} shown={shown} onShow={setShown} />
        )}
      </section>
    </Screen>
  );
}

interface ListProps {
  quotes: readonly QuoteData[];
  shown: number | null;
  onShow: (id: number) => void;
}

function List({ quotes, shown, onShow }: ListProps) {
  return (
    <table className="plain">
      <thead>
        <tr>
          <th>{t('Quote')}</th>
          <th>{t('State')}</th>
          <th>{t('Customer')}</th>
          <th>{t('Lines')}</th>
          <th>{t('Promised')}</th>
          <th>{t('Asked')}</th>
        </tr>
      </thead>
      <tbody>
        {quotes.map(({ id, state, customer, promises, until, askedAt, who, salesOrder }) => (
          <tr key={id} aria-current={id === shown ? 'true' : undefined}>
            <td>
              <button type="button" className="link" onClick={() => onShow(id)}>
                {id}
              </button>
            </td>
            <td>
              <Badge tone={TONES[state] ?? 'none'}>{t(STATES[state] ?? state)}</Badge>{' '}
              <span className="soft">
                {state === 'held' && until && t('until {day}', { day: dateText(until) })}
                {salesOrder}
              </span>
            </td>
            <td>{customer}</td>
            <td>
              {keyed(promises.slice(0, 3)).map(({ key, one: line }) => (
                <div key={key}>
                  {numberText(line.quantity)} × {line.item}
                </div>
              ))}
              {promises.length > 3 && (
                <div className="soft">{t('and {count} more', { count: promises.length - 3 })}</div>
              )}
            </td>
            <td>
              {keyed(promises.slice(0, 3)).map(({ key, one: line }) => (
                <div key={key}>{line.promised === null ? '–' : dateText(stamp(line.promised))}</div>
              ))}
            </td>
            <td className="soft">
              {instantText(askedAt)} · {who}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Answer({ quote }: { quote: QuoteData }) {
  const client = useQueryClient();
  const [days, setDays] = useState(HELD_DAYS);
  const [salesOrder, setSalesOrder] = useState(quote.salesOrder);
  const [busy, setBusy] = useState(false);
  const { id, state, promises, until } = quote;
  const open = state === 'inquiry' || state === 'expired' || state === 'cancelled';
  const some = promises.some(({ promised }) => promised !== null);

  async function act(path: string, body: object, done: string): Promise<void> {
    setBusy(true);
    try {
      await api.post(`/api/quotes/${id}/${path}`, body);
      say(done);
    } catch (error) {
      sayError(error);
    }
    await client.invalidateQueries({ queryKey: ['quotes'] });
    setBusy(false);
  }

  return (
    <section className="card" aria-label={t('Quote {id}', { id: String(id) })}>
      <div className="row">
        <h2>{t('Quote {id}', { id: String(id) })}</h2>
        <Badge tone={TONES[state] ?? 'none'}>{t(STATES[state] ?? state)}</Badge>
        {state === 'held' && until && <span className="soft">{t('until {day}', { day: dateText(until) })}</span>}
        <span>{quote.customer}</span>
      </div>
      {keyed(promises).map(({ key, one: line }) => (
        <Promised key={key} line={line} />
      ))}
      {may('planner') && state !== 'ordered' && (
        <div className="row">
          {state !== 'confirmed' && (
            <>
              <label className="field">
                <span>{t('Days')}</span>
                <input
                  type="number"
                  min={1}
                  max={365}
                  value={days}
                  style={{ width: 70 }}
                  onChange={(event) => setDays(Number(event.target.value))}
                />
              </label>
              <button
                type="button"
                className="button"
                disabled={busy || !some || !(days >= 1)}
                onClick={() => void act('hold', { days }, t('It is held: other quotes and the next plan respect it.'))}
              >
                {state === 'held' ? t('Hold longer') : t('Hold')}
              </button>
            </>
          )}
          <label className="field">
            <span>{t('Order in Odoo')}</span>
            <input
              type="text"
              value={salesOrder}
              maxLength={100}
              placeholder="S00042"
              onChange={(event) => setSalesOrder(event.target.value)}
            />
          </label>
          <button
            type="button"
            className="button"
            disabled={busy || !some}
            onClick={() => void act('confirm', { salesOrder }, t('It is confirmed: the next plan delivers it.'))}
          >
            {t('Confirm')}
          </button>
          {!open && (
            <button
              type="button"
              className="button danger"
              disabled={busy}
              onClick={() => void act('cancel', {}, t('It is given up: what it held is free.'))}
            >
              {t('Give up')}
            </button>
          )}
        </div>
      )}
    </section>
  );
}
