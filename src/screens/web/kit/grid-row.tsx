// One row of a grid with all its values in full, also of columns that are not shown.
import { type Cell, type Column, type Row, showValue, valueText } from './grid-cells.tsx';
import { t } from './words.ts';

interface Props {
  title: string;
  /** Name of the column that is the rows' key. */
  known: string;
  columns: readonly Column[];
  cells: Readonly<Record<string, Cell>>;
  row: Row;
  onClose: () => void;
}

export function WholeRow({ title, known, columns, cells, row, onClose }: Props) {
  // Keys and ids are for links.
  const inner = new Set([known, ...columns.flatMap(({ odoo }) => (odoo ? [odoo.model, odoo.id] : []))]);
  const filled = columns.filter(
    (column) => valueText(column, row[column.name]) !== '' && !(column.hidden && inner.has(column.name)),
  );
  return (
    <aside className="whole-row" aria-label={t('The chosen row')}>
      <dl aria-label={title}>
        {filled.map((column) => (
          <div key={column.name} className={column.grow ? 'long' : ''}>
            <dt>{t(column.title)}</dt>
            <dd>{cells[column.name]?.(row[column.name], row) ?? showValue(column, row[column.name], row)}</dd>
          </div>
        ))}
      </dl>
      <button type="button" className="button plain" aria-label={t('Close')} onClick={onClose}>
        ×
      </button>
    </aside>
  );
}
