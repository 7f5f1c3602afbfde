// Above a grid: its filters, the choice of columns, and layouts that are kept at the server.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { api } from './api.ts';
import { type Column, type Filter, valueText } from './grid-cells.tsx';
import type { GridLayout } from './grid-pages.ts';
import { sayError } from './ui.tsx';
import { t } from './words.ts';

/** A button that opens a small window below it; Escape or a click elsewhere closes it. */
export function Popover({ label, children }: { label: ReactNode; children: (close: () => void) => ReactNode }) {
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if (!place.current?.contains(event.target as Node)) setOpen(false);
    };
    const leave = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      // The keyboard goes on where it came from.
      place.current?.querySelector('button')?.focus();
    };
    document.addEventListener('pointerdown', away);
    document.addEventListener('keydown', leave);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('keydown', leave);
    };
  }, [open]);
  return (
    <span ref={place} style={{ position: 'relative' }}>
      <button type="button" className="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        {label}
      </button>
      {open && <div className="popover">{children(() => setOpen(false))}</div>}
    </span>
  );
}

const BY_TYPE: Record<string, readonly string[]> = {
  text: ['contains', 'is', 'is not', 'empty', 'not empty'],
  list: ['contains', 'empty', 'not empty'],
  choice: ['is', 'is not'],
  boolean: ['is'],
};
const ORDERED = ['>=', '<=', 'is', 'is not', '>', '<', 'empty', 'not empty'];
const INPUTS: Record<string, string> = { date: 'date', datetime: 'datetime-local', text: 'text', list: 'text' };

export function FilterPopover({ columns, filters, onChange }: FilterProps) {
  const [draft, setDraft] = useState<Filter>({ column: columns[0]?.name ?? '', operator: 'contains', value: '' });
  const column = columns.find(({ name }) => name === draft.column) ?? columns[0]!;
  const operators = BY_TYPE[column.type] ?? ORDERED;
  const operator = operators.includes(draft.operator) ? draft.operator : operators[0]!;
  const needsValue = !operator.endsWith('empty');
  const choices = column.type === 'boolean' ? ['true', 'false'] : (column.choices ?? []);
  return (
    <>
      <Popover label={t('Filter')}>
        {(close) => (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              const value = draft.value === '' && choices.length > 0 ? choices[0] : draft.value;
              onChange([...filters, { column: column.name, operator, ...(needsValue ? { value } : {}) }]);
              setDraft({ ...draft, value: '' });
              close();
            }}
            className="row"
          >
            <select
              aria-label={t('Column')}
              value={column.name}
              onChange={(event) => setDraft({ ...draft, column: event.target.value, value: '' })}
            >
              {columns.map(({ name, title }) => (
                <option key={name} value={name}>
                  {t(title)}
                </option>
              ))}
            </select>
            <select
              aria-label={t('Condition')}
              value={operator}
              onChange={(event) => setDraft({ ...draft, operator: event.target.value })}
            >
              {operators.map((each) => (
                <option key={each} value={each}>
                  {t(each)}
                </option>
              ))}
            </select>
            {needsValue &&
              (choices.length > 0 ? (
                <select
                  aria-label={t('Value')}
                  value={String(draft.value)}
                  onChange={(event) => setDraft({ ...draft, value: event.target.value })}
                >
                  {choices.map((choice) => (
                    <option key={choice} value={choice}>
                      {column.type === 'boolean' ? valueText(column, choice === 'true') : t(choice)}
                    </option>
                  ))}
                </select>
              ) : (
                <input
                  aria-label={t('Value')}
                  type={INPUTS[column.type] ?? 'number'}
                  step="any"
                  required
                  value={String(draft.value ?? '')}
                  onChange={(event) => setDraft({ ...draft, value: event.target.value })}
                />
              ))}
            <button type="submit" className="button primary">
              {t('Add')}
            </button>
          </form>
        )}
      </Popover>
      <span className="chips">
        {filters.map((filter, index) => {
          const of = columns.find(({ name }) => name === filter.column);
          const value = of && filter.value !== undefined ? valueText(of, filter.value) || String(filter.value) : '';
          const label = [of ? t(of.title) : filter.column, t(filter.operator), value].filter(Boolean).join(' ');
          return (
            <span className="chip" key={label}>
              {label}
              <button
                type="button"
                aria-label={t('Remove the filter {name}', { name: label })}
                onClick={() => onChange(filters.filter((_, place) => place !== index))}
              >
                ×
              </button>
            </span>
          );
        })}
      </span>
    </>
  );
}

interface FilterProps {
  columns: readonly Column[];
  filters: readonly Filter[];
  onChange: (filters: Filter[]) => void;
}

export function ColumnsPopover({ all, layout, onChange }: ColumnsProps) {
  const shown = layout.columns;
  const rest = all.filter(({ name }) => !shown.some((column) => column.name === name));
  const title = (name: string) => t(all.find((column) => column.name === name)?.title ?? name);
  const move = (index: number, by: number) => {
    const next = [...shown];
    const [column] = next.splice(index, 1);
    next.splice(index + by, 0, column!);
    onChange(next);
  };
  return (
    <Popover label={t('Columns')}>
      {() => (
        <>
          {shown.map(({ name }, index) => (
            <span className="row" key={name}>
              <label>
                <input
                  type="checkbox"
                  checked
                  disabled={shown.length === 1}
                  onChange={() => onChange(shown.filter((column) => column.name !== name))}
                />{' '}
                {title(name)}
              </label>
              <button
                type="button"
                className="button plain"
                disabled={index === 0}
                aria-label={t('{name} to the left', { name: title(name) })}
                onClick={() => move(index, -1)}
              >
                ↑
              </button>
              <button
                type="button"
                className="button plain"
                disabled={index === shown.length - 1}
                aria-label={t('{name} to the right', { name: title(name) })}
                onClick={() => move(index, 1)}
              >
                ↓
              </button>
            </span>
          ))}
          {rest.map(({ name }) => (
            <label key={name}>
              <input type="checkbox" checked={false} onChange={() => onChange([...shown, { name }])} /> {title(name)}
            </label>
          ))}
        </>
      )}
    </Popover>
  );
}

interface ColumnsProps {
  all: readonly Column[];
  layout: GridLayout;
  onChange: (columns: GridLayout['columns']) => void;
}

interface Kept {
  layouts: { name: string; layout: GridLayout }[];
}

export function Layouts({ grid, layout, onTake, fresh }: LayoutsProps) {
  const path = `/api/grids/${grid}/layouts`;
  const client = useQueryClient();
  const kept = useQuery({ queryKey: ['layouts', grid], queryFn: () => api.get<Kept>(path) });
  const [name, setName] = useState('');
  const again = () => client.invalidateQueries({ queryKey: ['layouts', grid] });
  const keep = async () => {
    await api.put(`${path}/${encodeURIComponent(name.trim())}`, layout).then(again, sayError);
    setName('');
  };
  const remove = (each: string) => api.delete(`${path}/${encodeURIComponent(each)}`).then(again, sayError);
  return (
    <Popover label={t('Layouts')}>
      {(close) => (
        <>
          {kept.data?.layouts.map((each) => (
            <span className="row" key={each.name}>
              <button
                type="button"
                className="button plain"
                onClick={() => {
                  onTake(each.layout);
                  close();
                }}
              >
                {each.name}
              </button>
              <button
                type="button"
                className="button plain danger"
                aria-label={t('Remove the layout {name}', { name: each.name })}
                onClick={() => void remove(each.name)}
              >
                ×
              </button>
            </span>
          ))}
          <button
            type="button"
            className="button plain"
            onClick={() => {
              onTake(fresh());
              close();
            }}
          >
            {t('As shipped')}
          </button>
          <form
            className="row"
            onSubmit={(event) => {
              event.preventDefault();
              void keep();
            }}
          >
            <input
              type="text"
              required
              maxLength={100}
              placeholder={t('Name')}
              aria-label={t('Name of the layout')}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
            <button type="submit" className="button">
              {t('Keep')}
            </button>
          </form>
        </>
      )}
    </Popover>
  );
}

interface LayoutsProps {
  grid: string;
  layout: GridLayout;
  onTake: (layout: GridLayout) => void;
  fresh: () => GridLayout;
}
