// Series in rows, buckets in columns. Arrows walk, digits or Enter change a total to come, Tab and Enter keep it and go on, Delete takes
// back what was set, plus and minus unfold.
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { numberText, t } from '../kit/words.ts';
import { type Bucket, nameOf, type Override, ownName, pendingTotal, type ShownRow, setHere } from './forecast-data.ts';

export type Measure = 'total' | 'baseline' | 'net' | 'orders';

export interface CellAt {
  row: number;
  /** Place among the buckets to come. */
  column: number;
}

export interface ForecastTableProps {
  rows: readonly ShownRow[];
  past: readonly Bucket[];
  future: readonly Bucket[];
  overrides: readonly Override[];
  /** Id of the last override that the totals hold. */
  applied: number;
  measure: Measure;
  editable: boolean;
  at: CellAt;
  onMove: (at: CellAt) => void;
  onToggle: (row: ShownRow) => void;
  onSet: (row: ShownRow, bucket: Bucket, quantity: number) => void;
  onRemove: (set: readonly Override[]) => void;
}

/** Large numbers need no fractions. */
export const shortNumber = (value: number) =>
  numberText(Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 10) / 10);

export function ForecastTable(props: ForecastTableProps) {
  const { rows, past, future, overrides, applied, measure, editable, at, onMove, onToggle, onSet, onRemove } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const table = useRef<HTMLTableElement>(null);
  const current = useId();
  const back = useRef(false);
  const row = rows[Math.min(at.row, rows.length - 1)];
  const column = Math.min(at.column, future.length - 1);

  const future0 = useRef<HTMLTableCellElement>(null);
  // The present stands beside the names, the past to the left of it.
  useEffect(() => {
    const box = place.current;
    if (box && future0.current) box.scrollLeft = Math.max(0, future0.current.offsetLeft - box.clientWidth / 2);
  }, []);

  useEffect(() => {
    place.current?.querySelector('td.current')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    place.current?.querySelector<HTMLElement>('td.current input')?.focus();
    // The field is gone, and the keys go on.
    if (typed === null && back.current) table.current?.focus({ preventScroll: true });
    if (typed === null) back.current = false;
  });

  const walk = (rowsOn: number, columnsOn: number) =>
    onMove({
      row: Math.max(0, Math.min(rows.length - 1, at.row + rowsOn)),
      column: Math.max(0, Math.min(future.length - 1, column + columnsOn)),
    });

  function keep(rowsOn: number, columnsOn: number): void {
    const bucket = future[column];
    const text = (typed ?? '').trim().replace(',', '.');
    const quantity = Number(text);
    setTyped(null);
    if (row && bucket && text !== '' && Number.isFinite(quantity) && quantity >= 0) onSet(row, bucket, quantity);
    walk(rowsOn, columnsOn);
  }

  function press(event: KeyboardEvent): void {
    const { key, shiftKey } = event;
    if (typed !== null) {
      back.current = true;
      const moves: Record<string, [number, number]> = {
        Enter: [shiftKey ? -1 : 1, 0],
        Tab: [0, shiftKey ? -1 : 1],
        ArrowDown: [1, 0],
        ArrowUp: [-1, 0],
      };
      const move = moves[key];
      if (move) {
        event.preventDefault();
        keep(...move);
      } else if (key === 'Escape') setTyped(null);
      return;
    }
    const steps: Record<string, [number, number]> = {
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      PageDown: [15, 0],
      PageUp: [-15, 0],
      Home: [0, -1e6],
      End: [0, 1e6],
    };
    const step = steps[key];
    const bucket = future[column];
    if (step) {
      event.preventDefault();
      walk(...step);
    } else if (!row || !bucket || event.ctrlKey || event.metaKey || event.altKey) return;
    else if ((key === '+' && !row.open) || (key === '-' && row.open)) onToggle(row);
    else if (!editable || !canSet(row)) return;
    else if (key === 'Delete') onRemove(setHere(overrides, row.series, bucket));
    else if (key === 'Enter' || key === 'F2') {
      event.preventDefault();
      setTyped(String(shownTotal(row, column, bucket)));
    } else if (/^[\d.,]$/.test(key)) {
      event.preventDefault();
      setTyped(key);
    }
  }

  function shownTotal({ series }: ShownRow, index: number, bucket: Bucket): number {
    return pendingTotal(setHere(overrides, series, bucket), applied) ?? series.total[index] ?? 0;
  }

  return (
    <div ref={place} className="pivot">
      <table
        ref={table}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are walked is a grid
        role="grid"
        tabIndex={0}
        aria-label={t('Forecast')}
        aria-rowcount={rows.length + 1}
        aria-activedescendant={current}
        onKeyDown={press}
      >
        <thead>
          <tr>
            <th className="name">{t('Item, place, customer')}</th>
            {past.map(({ name, starts }) => (
              <th key={name} className="number past" title={starts}>
                {name}
              </th>
            ))}
            {future.map(({ name, starts }, index) => (
              <th key={name} ref={index === 0 ? future0 : undefined} className="number" title={starts}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((each, rowAt) => {
            const { series, depth, open, key } = each;
            return (
              <tr key={key} className={rowAt === at.row ? 'chosen' : ''} aria-selected={rowAt === at.row}>
                <th
                  scope="row"
                  className="name"
                  style={{ paddingLeft: `${0.6 + depth * 1.1}rem` }}
                  onClick={() => onMove({ row: rowAt, column })}
                >
                  {series.children ? (
                    <button
                      type="button"
                      className="fold"
                      tabIndex={-1}
                      aria-expanded={open}
                      aria-label={t('Unfold {name}', { name: nameOf(series, t('Everything'), t('none')) })}
                      onClick={() => onToggle(each)}
                    >
                      {open ? '▾' : '▸'}
                    </button>
                  ) : (
                    <span className="fold" />
                  )}
                  <span title={nameOf(series, t('Everything'), t('none'))}>
                    {ownName(nameOf(series, t('Everything'), t('none')), aboveOf(rows, rowAt))}
                  </span>
                </th>
                {past.map(({ name }, index) => (
                  <td key={name} className="number past">
                    {series.history[index] ? shortNumber(series.history[index]) : ''}
                  </td>
                ))}
                {future.map((bucket, index) => {
                  const here = rowAt === at.row && index === column;
                  const set = setHere(overrides, series, bucket);
                  const pending = measure === 'total' ? pendingTotal(set, applied) : null;
                  const value = pending ?? series[measure][index] ?? 0;
                  const marks = [
                    'number',
                    here && 'current',
                    pending !== null && 'pending',
                    measure === 'total' && series.overridden[index] && 'set',
                    set.some(({ comment }) => comment !== '') && 'noted',
                  ];
                  return (
                    // biome-ignore lint/a11y/useKeyWithClickEvents: the table has the keys, see press
                    <td
                      key={bucket.name}
                      id={here ? current : undefined}
                      className={marks.filter(Boolean).join(' ')}
                      title={
                        set
                          .map(({ comment }) => comment)
                          .filter(Boolean)
                          .join('\n') || undefined
                      }
                      onClick={() => {
                        onMove({ row: rowAt, column: index });
                        table.current?.focus({ preventScroll: true });
                      }}
                      onDoubleClick={() => {
                        if (editable && canSet(each)) setTyped(String(shownTotal(each, index, bucket)));
                      }}
                    >
                      {here && typed !== null ? (
                        <input
                          type="text"
                          inputMode="decimal"
                          className="number"
                          aria-label={t('Total of {bucket}', { bucket: bucket.name })}
                          value={typed}
                          onChange={(event) => setTyped(event.target.value.replace(/[^\d.,]/g, ''))}
                          onBlur={() => setTyped(null)}
                        />
                      ) : value ? (
                        shortNumber(value)
                      ) : (
                        <span className="soft">0</span>
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Name of the row under which another stands. */
function aboveOf(rows: readonly ShownRow[], at: number): string | undefined {
  const { depth } = rows[at]!;
  const above = rows.slice(0, at).findLast((row) => row.depth < depth);
  return above && nameOf(above.series, '', '');
}

/** What was sold to nobody in particular has no name to set a total for. */
export function canSet({ series: { level, customer, location, item } }: ShownRow): boolean {
  return level === 'all' || [item, location, customer].every((name) => name !== '');
}
