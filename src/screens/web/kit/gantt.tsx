// A Gantt chart: wheel scrolls, wheel with Ctrl zooms, dragging the ground pans, dragging a bar moves an order in time or to
// another row. Arrows walk from bar to bar, with Alt they move the order in time or to another row, + and − zoom, Home goes to now; what is chosen is said to screen readers.
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { drawGantt, type GanttLook, HEAD_PX, readPalette } from './gantt-draw.ts';
import { barAt, type GanttBar, type GanttRow, placeBars, rowAt, type Span, xAt, zoom } from './gantt-model.ts';
import { useThemeVersion } from './theme.ts';
import { locale, momentText, t } from './words.ts';

export interface GanttProps {
  rows: readonly GanttRow[];
  bars: readonly GanttBar[];
  /** The plan's now. */
  now: number;
  chosen: string | null;
  related: ReadonlySet<string>;
  found: ReadonlySet<string> | null;
  onChoose(id: string | null): void;
  /** Rows that a bar may be moved to; its own is always one. */
  allowed?(bar: GanttBar): ReadonlySet<string>;
  /** With it bars can be dragged. */
  onMove?(bar: GanttBar, start: number, row: string): void;
}

const LABELS_PX = 220;
const FIRST_DAYS = 14;
const DAY = 86_400_000;
const DRAG_FROM_PX = 4;
/** Alt with an arrow moves an order by so much. */
const KEY_PX = 12;
const KEY_STEP = 3_600_000;

interface Drag {
  bar: GanttBar | null;
  x: number;
  y: number;
  span: Span;
  top: number;
  moved: boolean;
}

export function Gantt(props: GanttProps) {
  const { rows, bars, now, chosen, related, found, onChoose, allowed, onMove } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const labels = useRef<HTMLDivElement>(null);
  const holder = useRef<HTMLDivElement>(null);
  const place = useMemo(() => placeBars(rows, bars), [rows, bars]);
  const [size, setSize] = useState({ width: 800, height: 400 });
  const view = useRef({ span: { start: now - DAY, scale: (FIRST_DAYS * DAY) / 1_000 } as Span, top: 0 });
  const drag = useRef<Drag | null>(null);
  const dragged = useRef<GanttLook['dragged']>(null);
  const frame = useRef(0);
  const theme = useThemeVersion();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are those of the theme
  const palette = useMemo(readPalette, [theme]);

  function draw(): void {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => {
      const context = canvas.current?.getContext('2d');
      if (!context) return;
      const { span, top } = view.current;
      const ratio = devicePixelRatio || 1;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const look = { place, span, top, ...size, now, locale, chosen, related, found, dragged: dragged.current };
      drawGantt(context, look, palette);
      if (labels.current) labels.current.style.transform = `translateY(${HEAD_PX - top}px)`;
    });
  }

  useEffect(() => {
    const watcher = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      setSize({ width: Math.max(200, width), height: Math.max(120, height) });
    });
    if (holder.current) watcher.observe(holder.current);
    return () => watcher.disconnect();
  }, []);
  useEffect(draw);

  const limit = (top: number) => Math.max(0, Math.min(top, place.height - size.height + HEAD_PX + 40));
  function look(span: Span, top = view.current.top): void {
    view.current = { span, top: limit(top) };
    draw();
  }

  useEffect(() => {
    const element = canvas.current;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const { span, top } = view.current;
      if (event.ctrlKey || event.metaKey) look(zoom(span, event.offsetX, event.deltaY > 0 ? 1.2 : 1 / 1.2));
      else if (event.shiftKey) look({ ...span, start: span.start + event.deltaY * span.scale });
      else look({ ...span, start: span.start + event.deltaX * span.scale }, top + event.deltaY);
    };
    element?.addEventListener('wheel', wheel, { passive: false });
    return () => element?.removeEventListener('wheel', wheel);
  });

  function pressed(event: PointerEvent<HTMLCanvasElement>): void {
    const { offsetX: x, offsetY: y } = event.nativeEvent;
    const { span, top } = view.current;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { bar: barAt(place, span, x, y - HEAD_PX + top), x, y, span, top, moved: false };
  }

  function moved(event: PointerEvent<HTMLCanvasElement>): void {
    const { offsetX: x, offsetY: y } = event.nativeEvent;
    const from = drag.current;
    const { span, top } = view.current;
    if (!from) {
      event.currentTarget.style.cursor = barAt(place, span, x, y - HEAD_PX + top) ? 'pointer' : 'grab';
      return;
    }
    if (!from.moved && Math.hypot(x - from.x, y - from.y) < DRAG_FROM_PX) return;
    from.moved = true;
    const { bar } = from;
    if (bar && onMove && !bar.fixed) {
      const shift = (x - from.x) * span.scale;
      const row = rowAt(place, y - HEAD_PX + top)?.key ?? bar.row;
      const refused = row !== bar.row && !allowed?.(bar).has(row);
      dragged.current = { id: bar.id, start: bar.start + shift, end: bar.end + shift, row, refused };
      draw();
    } else look({ ...span, start: from.span.start - (x - from.x) * span.scale }, from.top - (y - from.y));
  }

  function released(): void {
    const from = drag.current;
    const target = dragged.current;
    drag.current = null;
    dragged.current = null;
    if (!from) return;
    if (!from.moved) onChoose(from.bar?.id ?? null);
    else if (from.bar && target && !target.refused) onMove?.(from.bar, target.start, target.row);
    draw();
  }

  function show(bar: GanttBar): void {
    const { span, top } = view.current;
    const row = rows.findIndex(({ key }) => key === bar.row);
    const at = place.rows[row];
    const x = xAt(span, bar.start);
    const start = x < 20 || x > size.width - 80 ? bar.start - (size.width / 4) * span.scale : span.start;
    const seen = at && at.top >= top && at.top + at.height <= top + size.height - HEAD_PX;
    look({ ...span, start }, seen || !at ? top : at.top - size.height / 3);
  }

  function key(event: KeyboardEvent): void {
    const { span } = view.current;
    const middle = size.width / 2;
    if (event.key === '+' || event.key === '=') look(zoom(span, middle, 1 / 1.4));
    else if (event.key === '-') look(zoom(span, middle, 1.4));
    else if (event.key === 'Home') look({ ...span, start: now - middle * span.scale * 0.3 });
    else if (event.key === 'Escape') onChoose(null);
    else if (event.altKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      const bar = bars.find(({ id }) => id === chosen);
      const step = Math.max(KEY_STEP, Math.round((KEY_PX * span.scale) / KEY_STEP) * KEY_STEP);
      if (bar && !bar.fixed) onMove?.(bar, bar.start + (event.key === 'ArrowLeft' ? -step : step), bar.row);
    } else if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      const bar = bars.find(({ id }) => id === chosen);
      const row = bar && !bar.fixed ? otherRow(bar, event.key === 'ArrowDown' ? 1 : -1) : undefined;
      if (bar && row) onMove?.(bar, bar.start, row);
    } else if (event.key.startsWith('Arrow')) {
      const next = neighbour(event.key);
      if (next) {
        onChoose(next.id);
        show(next);
      }
    } else return;
    event.preventDefault();
  }

  /** The next row up or down that the bar may be moved to. */
  function otherRow(bar: GanttBar, sign: number): string | undefined {
    const may = allowed?.(bar);
    for (let at = rows.findIndex(({ key: row }) => row === bar.row) + sign; rows[at]; at += sign) {
      if (may?.has(rows[at]!.key)) return rows[at]!.key;
    }
    return undefined;
  }

  function neighbour(direction: string): GanttBar | null {
    const current = bars.find(({ id }) => id === chosen);
    if (!current) return bars[0] ?? null;
    const sideways = direction === 'ArrowLeft' || direction === 'ArrowRight';
    const sign = direction === 'ArrowRight' || direction === 'ArrowDown' ? 1 : -1;
    if (sideways) {
      const line = bars.filter(({ row }) => row === current.row).toSorted((a, b) => a.start - b.start);
      return line[line.indexOf(current) + sign] ?? null;
    }
    for (let at = rows.findIndex(({ key: row }) => row === current.row) + sign; rows[at]; at += sign) {
      const line = bars.filter(({ row }) => row === rows[at]!.key);
      if (line.length > 0) {
        const distance = (bar: GanttBar) => Math.abs(bar.start - current.start);
        return line.reduce((best, bar) => (distance(bar) < distance(best) ? bar : best));
      }
    }
    return null;
  }

  // What is chosen elsewhere (in a list, by search) comes into view.
  const shown = useRef<string | null>(null);
  useEffect(() => {
    if (chosen === shown.current) return;
    shown.current = chosen;
    const bar = bars.find(({ id }) => id === chosen);
    if (bar) show(bar);
  });

  const said = bars.find(({ id }) => id === chosen);
  const ratio = devicePixelRatio || 1;
  return (
    <div className="gantt">
      <div className="gantt-labels" style={{ width: LABELS_PX }} aria-hidden="true">
        <div ref={labels}>
          {place.rows.map(({ key: row, label, hint, top, height }) => (
            <div key={row} style={{ top, height }} title={label}>
              <span>{label}</span>
              {hint && <small>{hint}</small>}
            </div>
          ))}
        </div>
      </div>
      <div className="gantt-time" ref={holder}>
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: the keyboard is handled here, as the label says */}
        <canvas
          ref={canvas}
          width={Math.round(size.width * ratio)}
          height={Math.round(size.height * ratio)}
          style={{ width: size.width, height: size.height }}
          tabIndex={0}
          role="application"
          aria-label={t(
            'Gantt chart: arrows walk, with Alt they move the order, plus and minus zoom, Home goes to now',
          )}
          onPointerDown={pressed}
          onPointerMove={moved}
          onPointerUp={released}
          onPointerCancel={released}
          onKeyDown={key}
        />
        <div className="visually-hidden" aria-live="polite">
          {said && `${said.label}, ${momentText(iso(said.start))} – ${momentText(iso(said.end))}`}
        </div>
      </div>
    </div>
  );
}

function iso(time: number): string {
  return new Date(time).toISOString().slice(0, 16);
}
