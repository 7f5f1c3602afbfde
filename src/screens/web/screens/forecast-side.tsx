// Beside the table: the chosen row as a chart, and the chosen cell with what people set there, who and when, and a total with a remark.
import { useMemo, useState } from 'react';
import { Chart, type Series as Drawn } from '../kit/chart.tsx';
import { instantText, numberText, t } from '../kit/words.ts';
import {
  type Bucket,
  type ForecastAnswer,
  type Override,
  pendingTotal,
  type ShownRow,
  setHere,
} from './forecast-data.ts';
import { canSet } from './forecast-table.tsx';

export interface SideProps {
  row: ShownRow;
  name: string;
  answer: ForecastAnswer;
  column: number;
  overrides: readonly Override[];
  editable: boolean;
  onSet: (row: ShownRow, bucket: Bucket, quantity: number | null, comment: string) => void;
  onRemove: (set: readonly Override[]) => void;
}

export function RowChart({ row: { series }, name, answer: { past, future, forecast }, overrides }: SideProps) {
  const { times, drawn, now } = useMemo(() => {
    const seconds = ({ starts }: Bucket) => Date.parse(`${starts}T00:00:00Z`) / 1_000;
    const before = past.map(() => null);
    const after = future.map(() => null);
    const totals = future.map((bucket, at) => {
      const pending = pendingTotal(setHere(overrides, series, bucket), forecast?.applied ?? 0);
      return pending ?? series.total[at] ?? 0;
    });
    const lines: Drawn[] = [
      { label: t('History'), color: '--bar-locked', kind: 'bars', values: [...series.history, ...after] },
      { label: t('Open orders'), color: '--bar', kind: 'bars', values: [...before, ...series.orders] },
      { label: t('Baseline'), color: '--bar-warn', kind: 'dashes', values: [...before, ...series.baseline] },
      { label: t('Total'), color: '--accent', kind: 'line', values: [...before, ...totals] },
    ];
    return { times: [...past, ...future].map(seconds), drawn: lines, now: future[0] && seconds(future[0]) };
  }, [past, future, series, overrides, forecast]);
  return (
    <Chart
      label={t('History and forecast of {name}', { name })}
      times={times}
      series={drawn}
      height={210}
      {...(now === undefined ? {} : { now })}
    />
  );
}

export function CellCard({ row, name, answer, column, overrides, editable, onSet, onRemove }: SideProps) {
  const bucket = answer.future[Math.min(column, answer.future.length - 1)];
  const [quantity, setQuantity] = useState('');
  const [comment, setComment] = useState('');
  if (!bucket) return null;
  const { series } = row;
  const set = setHere(overrides, series, bucket);
  const at = answer.future.indexOf(bucket);
  const facts: [string, number][] = [
    [t('Baseline'), series.baseline[at] ?? 0],
    [t('Total'), series.total[at] ?? 0],
    [t('Open orders'), series.orders[at] ?? 0],
    [t('Left for the plan'), series.net[at] ?? 0],
  ];
  return (
    <section className="card" aria-label={t('The chosen cell')}>
      <h2>{`${name} · ${bucket.name}`}</h2>
      <table className="plain">
        <tbody>
          {facts.map(([title, value]) => (
            <tr key={title}>
              <td>{title}</td>
              <td className="number">{numberText(value)}</td>
            </tr>
          ))}
          {series.method && (
            <tr>
              <td>{t('Method')}</td>
              <td className="number">{series.method}</td>
            </tr>
          )}
        </tbody>
      </table>
      {set.map((one) => (
        <div key={one.id} className="row override">
          <span style={{ flex: 1 }}>
            {one.quantity !== null && <strong>{numberText(one.quantity)} </strong>}
            {one.comment}
            {one.at !== '' && (
              <div className="soft">
                {one.who} · {instantText(one.at)}
              </div>
            )}
          </span>
          {editable && one.at !== '' && (
            <button
              type="button"
              className="button plain"
              aria-label={t('Take back what {name} set', { name: one.who })}
              onClick={() => onRemove([one])}
            >
              ×
            </button>
          )}
        </div>
      ))}
      {set.length === 0 && series.overridden[at] && (
        <p className="soft">{t('Set at another level, or taken back since.')}</p>
      )}
      {editable && canSet(row) && (
        <form
          className="set-here"
          onSubmit={(event) => {
            event.preventDefault();
            onSet(row, bucket, quantity === '' ? null : Number(quantity), comment.trim());
            setQuantity('');
            setComment('');
          }}
        >
          <div className="row">
            <input
              type="number"
              min="0"
              step="any"
              className="number"
              style={{ width: '7.5rem', flex: 'none' }}
              placeholder={t('New total')}
              aria-label={t('New total')}
              value={quantity}
              onChange={(event) => setQuantity(event.target.value)}
            />
            <input
              type="text"
              maxLength={2_000}
              style={{ flex: 1 }}
              placeholder={t('Remark')}
              aria-label={t('Remark')}
              value={comment}
              onChange={(event) => setComment(event.target.value)}
            />
            <button type="submit" className="button" disabled={quantity === '' && comment.trim() === ''}>
              {t('Keep')}
            </button>
          </div>
        </form>
      )}
    </section>
  );
}
