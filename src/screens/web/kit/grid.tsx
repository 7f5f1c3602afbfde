// The grid of all lists: rows come page by page from the server as they are looked at, which also filters and sorts; columns
// can be chosen, moved by their width, and kept as a layout; the whole leaves as CSV or XLSX. Arrows, Page, Home and End walk.
import { useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { api, download, query } from './api.ts';
import {
  type Cell,
  type Column,
  columnWidth,
  decimalsIn,
  type Filter,
  isNumber,
  paddingOf,
  type Row,
  showValue,
  valueText,
} from './grid-cells.tsx';
import { type GridLayout, usePages } from './grid-pages.ts';
import { WholeRow } from './grid-row.tsx';
import { ColumnsPopover, FilterPopover, Layouts } from './grid-tools.tsx';
import { recall, remember } from './storage.ts';
import { Empty, Failed, Loading, sayError } from './ui.tsx';
import { t } from './words.ts';

export interface GridProps {
  /** Name of the grid at the server (`/api/grids`). */
  name: string;
  /** Filters of the screen, which hold besides those of the user. */
  fixed?: readonly Filter[];
  /** What the place says when there is no row at all. */
  empty?: ReactNode;
  /** Buttons in front of the grid's own. */
  tools?: ReactNode;
  /** Cells of this column are drawn by the screen. */
  cells?: Readonly<Record<string, Cell>>;
  /** Row that was clicked, or entered with the keyboard; without it the row is shown whole below the grid. */
  onOpen?: (row: Row) => void;
  /** Keys of the rows that are ticked; with it the grid has boxes. */
  chosen?: ReadonlySet<string>;
  onChoose?: (chosen: ReadonlySet<string>) => void;
  /** Changes when rows must be asked for again. */
  version?: number;
}

interface Described {
  grids: { name: string; title: string; key: string; sort: string; columns: Column[] }[];
}

const ROW_PX = 28;
const MOST_CHOSEN = 1_000;

export function Grid(props: GridProps) {
  const described = useQuery({
    queryKey: ['grids'],
    queryFn: () => api.get<Described>('/api/grids'),
    staleTime: Infinity,
  });
  if (described.isPending) return <Loading />;
  if (described.error) return <Failed error={described.error} retry={() => void described.refetch()} />;
  const grid = described.data.grids.find(({ name }) => name === props.name);
  if (!grid) return <Empty title={t('This grid is not there.')} />;
  return <Lines key={grid.name} {...props} grid={grid} />;
}

type LinesProps = GridProps & { grid: Described['grids'][number] };

function initialLayout({ name, columns, sort }: LinesProps['grid']): GridLayout {
  const shown = columns.filter(({ hidden }) => !hidden).map((column) => ({ name: column.name }));
  const fresh: GridLayout = { columns: shown, filter: '[]', sort };
  const kept = recall(`grid.${name}`);
  if (!kept) return fresh;
  const layout = JSON.parse(kept) as GridLayout;
  const known = layout.columns.filter((column) => columns.some((each) => each.name === column.name));
  return known.length > 0 ? { ...layout, columns: known } : fresh;
}

function Lines({ grid, fixed = [], empty, tools, cells = {}, onOpen, chosen, onChoose, version = 0 }: LinesProps) {
  const [layout, setLayout] = useState(() => initialLayout(grid));
  const [search, setSearch] = useState('');
  const [at, setAt] = useState(0);
  const [whole, setWhole] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => remember(`grid.${grid.name}`, JSON.stringify(layout)), [grid.name, layout]);

  const filters = useMemo(() => JSON.parse(layout.filter) as Filter[], [layout.filter]);
  const filter = JSON.stringify([...fixed, ...filters]);
  const {
    total,
    row: rowAt,
    error,
    retry,
    pending,
  } = usePages(grid.name, { filter, search, sort: layout.sort, version });
  const columns = layout.columns.flatMap(({ name, width }) => {
    const column = grid.columns.find((each) => each.name === name);
    return column ? [{ ...column, width: width ?? columnWidth(column), grow: column.grow && width === undefined }] : [];
  });
  const lines = useVirtualizer({
    count: total ?? 0,
    getScrollElement: () => place.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });

  function walk(event: KeyboardEvent): void {
    if ((event.target as HTMLElement).closest('input, select, button, a') && event.key !== 'Escape') return;
    const page = Math.max(1, Math.floor((place.current?.clientHeight ?? 300) / ROW_PX) - 2);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -1e9,
      End: 1e9,
    };
    const step = steps[event.key];
    const row = rowAt(at);
    if (step !== undefined) {
      const next = Math.min((total ?? 1) - 1, Math.max(0, at + step));
      setAt(next);
      lines.scrollToIndex(next);
      event.preventDefault();
    } else if (event.key === 'Enter' && row) open(row);
    else if (event.key === 'Escape') setWhole(false);
    else if (event.key === ' ' && row && onChoose) {
      toggle(String(row[grid.key]));
      event.preventDefault();
    }
  }

  function open(row: Row): void {
    if (onOpen) onOpen(row);
    else setWhole(true);
  }

  function toggle(key: string): void {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    onChoose?.(next);
  }

  const all = total !== null && total > 0 && (chosen?.size ?? 0) >= Math.min(total, MOST_CHOSEN);
  /** All that the filter lets through, also those that were not looked at yet. */
  async function chooseAll(): Promise<void> {
    if (all) return onChoose?.(new Set());
    try {
      const path = `/api/grids/${grid.name}${query({ filter, search, sort: layout.sort, limit: MOST_CHOSEN })}`;
      const { rows } = await api.get<{ rows: Row[] }>(path);
      onChoose?.(new Set(rows.map((row) => String(row[grid.key]))));
    } catch (error) {
      sayError(error);
    }
  }

  function sortBy(name: string): void {
    const sort = layout.sort === name ? `-${name}` : name;
    setLayout({ ...layout, sort });
  }

  const resize = (name: string, width: number) =>
    setLayout({
      ...layout,
      columns: layout.columns.map((column) =>
        column.name === name ? { ...column, width: Math.max(48, width) } : column,
      ),
    });
  const setFilters = (next: Filter[]) => setLayout({ ...layout, filter: JSON.stringify(next) });

  function save(format: 'csv' | 'xlsx'): void {
    const names = layout.columns.map(({ name }) => name).join(',');
    const path = `/api/grids/${grid.name}/file${query({ format, filter, search, sort: layout.sort, columns: names })}`;
    download(path, `${grid.name}.${format}`).catch(sayError);
  }

  // Grows only, so that nothing jumps back and forth.
  const decimals = useRef(new Map<string, number>());
  for (const column of columns.filter(({ type }) => type === 'quantity')) {
    for (const { index } of lines.getVirtualItems()) {
      const most = Math.max(
        decimals.current.get(column.name) ?? 0,
        decimalsIn(valueText(column, rowAt(index)?.[column.name])),
      );
      decimals.current.set(column.name, most);
    }
  }
  const shown = whole ? rowAt(at) : undefined;
  // What is looked at stays in view when its details take their room.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when they open
  useEffect(() => {
    if (whole) lines.scrollToIndex(at);
  }, [whole]);

  return (
    <div className="grid">
      <div className="tools">
        {tools}
        <input
          type="search"
          placeholder={t('Search')}
          aria-label={t('Search')}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <FilterPopover columns={grid.columns} filters={filters} onChange={setFilters} />
        <span className="space" />
        <Layouts grid={grid.name} layout={layout} onTake={setLayout} fresh={() => initialLayoutOf(grid)} />
        <ColumnsPopover
          all={grid.columns}
          layout={layout}
          onChange={(next) => setLayout({ ...layout, columns: next })}
        />
        <button type="button" className="button" onClick={() => save('csv')}>
          CSV
        </button>
        <button type="button" className="button" onClick={() => save('xlsx')}>
          XLSX
        </button>
      </div>
      {error ? (
        <Failed error={error} retry={retry} />
      ) : (
        <div
          className="body"
          ref={place}
          role="grid"
          tabIndex={0}
          aria-label={t(grid.title)}
          aria-rowcount={(total ?? 0) + 1}
          onKeyDown={walk}
        >
          <div className="heads">
            <div role="row">
              {onChoose && (
                <span role="columnheader" className="tick" style={{ width: 34 }} aria-label={t('Chosen')}>
                  <input
                    type="checkbox"
                    aria-label={t('Choose all')}
                    checked={all}
                    disabled={!total}
                    ref={(box) => {
                      if (box) box.indeterminate = !all && (chosen?.size ?? 0) > 0;
                    }}
                    onChange={() => void chooseAll()}
                  />
                </span>
              )}
              {columns.map((column) => (
                <Head
                  key={column.name}
                  title={t(column.title)}
                  style={sizeOf(column)}
                  width={column.width}
                  number={isNumber(column)}
                  sorted={sortOf(layout.sort, column.name)}
                  onSort={() => sortBy(column.name)}
                  onResize={(next) => resize(column.name, next)}
                />
              ))}
            </div>
          </div>
          {total === 0 && !pending ? (
            search || filters.length > 0 ? (
              <Empty title={t('Nothing fits.')}>{t('Loosen the filter, or clear the search.')}</Empty>
            ) : (
              (empty ?? (
                <Empty title={t('Nothing here yet.')}>{t('Run an import and a plan on the Execute screen.')}</Empty>
              ))
            )
          ) : (
            <div className="lines" style={{ height: lines.getTotalSize() }}>
              {lines.getVirtualItems().map(({ index, start }) => {
                const row = rowAt(index);
                const key = row ? String(row[grid.key]) : `at ${index}`;
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: Enter opens the row, see walk
                  <div
                    key={key}
                    role="row"
                    tabIndex={-1}
                    aria-rowindex={index + 2}
                    aria-selected={index === at}
                    className={index === at ? 'chosen' : ''}
                    style={{ transform: `translateY(${start}px)` }}
                    onClick={() => {
                      setAt(index);
                      if (row) open(row);
                    }}
                  >
                    {onChoose && (
                      <span role="gridcell" className="tick" style={{ width: 34 }}>
                        <input
                          type="checkbox"
                          aria-label={t('Choose {name}', { name: key })}
                          checked={chosen?.has(key) ?? false}
                          onClick={(event) => event.stopPropagation()}
                          onChange={() => toggle(key)}
                        />
                      </span>
                    )}
                    {columns.map((column) => {
                      const value = row?.[column.name];
                      const draw = cells[column.name];
                      return (
                        <span
                          key={column.name}
                          role="gridcell"
                          className={isNumber(column) ? 'number' : ''}
                          style={sizeOf(column)}
                          data-pad={
                            draw || column.type !== 'quantity' || typeof value !== 'number'
                              ? undefined
                              : paddingOf(valueText(column, value), decimals.current.get(column.name) ?? 0)
                          }
                        >
                          {row && (draw ? draw(value, row) : showValue(column, value, row))}
                        </span>
                      );
                    })}
                  </div>
                );
              })}
            </div>
          )}
        </div>
      )}
      {whole && shown && (
        <WholeRow
          title={t(grid.title)}
          known={grid.key}
          columns={grid.columns}
          cells={cells}
          row={shown}
          onClose={() => setWhole(false)}
        />
      )}
      <div className="status">
        {total === null ? t('Loading …') : t('{count} rows', { count: total })}
        {chosen && chosen.size > 0 && ` · ${t('{count} chosen', { count: chosen.size })}`}
      </div>
    </div>
  );
}

const sizeOf = ({ width, grow }: Pick<Column, 'width' | 'grow'>): CSSProperties =>
  grow ? { width, flexGrow: 1 } : { width };

function initialLayoutOf(grid: LinesProps['grid']): GridLayout {
  remember(`grid.${grid.name}`, null);
  return initialLayout(grid);
}

function sortOf(sort: string, name: string): HeadProps['sorted'] {
  return sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : 'none';
}

interface HeadProps {
  title: string;
  width: number;
  style: CSSProperties;
  /** Its values stand at the right. */
  number: boolean;
  sorted: 'ascending' | 'descending' | 'none';
  onSort: () => void;
  onResize: (width: number) => void;
}

function Head({ title, width, style, number, sorted, onSort, onResize }: HeadProps) {
  return (
    <span role="columnheader" aria-sort={sorted} className={number ? 'number' : ''} style={style}>
      <button type="button" onClick={onSort} title={title}>
        {title} {sorted === 'ascending' ? '↑' : sorted === 'descending' ? '↓' : ''}
      </button>
      <span
        className="resize"
        aria-hidden="true"
        onPointerDown={(event) => {
          const from = event.clientX;
          const handle = event.currentTarget;
          const begun = handle.parentElement?.clientWidth ?? width;
          handle.setPointerCapture(event.pointerId);
          handle.onpointermove = (move) => onResize(begun + move.clientX - from);
          handle.onpointerup = () => {
            handle.onpointermove = null;
          };
        }}
      />
    </span>
  );
}
