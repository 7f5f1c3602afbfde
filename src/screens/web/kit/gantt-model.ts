// A Gantt chart as numbers: rows with lanes, bars in them, the part of time that is looked at. Pure; the canvas draws it.

export interface GanttBar {
  id: string;
  /** Key of its row. */
  row: string;
  /** Milliseconds on the plan's clock, read as UTC. */
  start: number;
  end: number;
  label: string;
  tone: 'normal' | 'locked' | 'late' | 'warn';
  /** May not be dragged. */
  fixed: boolean;
  /** Moved on trial: marked. */
  changed?: boolean;
}

export interface GanttRow {
  key: string;
  label: string;
  /** Smaller text under the label. */
  hint: string;
}

export interface Lane {
  /** Bars in order of start, none over another. */
  bars: GanttBar[];
}

export interface PlacedRow extends GanttRow {
  top: number;
  height: number;
  lanes: Lane[];
}

export interface GanttPlace {
  rows: PlacedRow[];
  height: number;
}

export const LANE_PX = 22;
const ROW_GAP_PX = 6;

/** Bars into lanes: each takes the first lane that is free when it starts. */
export function placeBars(rows: readonly GanttRow[], bars: readonly GanttBar[]): GanttPlace {
  const byRow = Map.groupBy(bars, (bar) => bar.row);
  let top = 0;
  const placed = rows.map((row): PlacedRow => {
    const lanes: Lane[] = [];
    const ends: number[] = [];
    for (const bar of (byRow.get(row.key) ?? []).toSorted((a, b) => a.start - b.start || a.end - b.end)) {
      const free = ends.findIndex((end) => end <= bar.start);
      const at = free < 0 ? ends.length : free;
      ends[at] = bar.end;
      lanes[at] ??= { bars: [] };
      lanes[at].bars.push(bar);
    }
    if (lanes.length === 0) lanes.push({ bars: [] });
    const height = lanes.length * LANE_PX + ROW_GAP_PX;
    const place = { ...row, top, height, lanes };
    top += height;
    return place;
  });
  return { rows: placed, height: top };
}

/** The part of time on the screen. */
export interface Span {
  start: number;
  /** Milliseconds of a pixel. */
  scale: number;
}

export const timeAt = ({ start, scale }: Span, x: number) => start + x * scale;
export const xAt = ({ start, scale }: Span, time: number) => (time - start) / scale;

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
/** From a minute in four pixels to a year in a hundred. */
const FINEST = MINUTE / 4;
const COARSEST = (365 * DAY) / 100;

/** Zooms so that what is under `x` stays there. */
export function zoom(span: Span, x: number, factor: number): Span {
  const scale = Math.min(COARSEST, Math.max(FINEST, span.scale * factor));
  return { start: timeAt(span, x) - x * scale, scale };
}

/** Bars of a lane that are seen, by halving: lanes hold thousands. */
export function* seen({ bars }: Lane, from: number, to: number): Generator<GanttBar> {
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bars[middle]!.end <= from) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < bars.length && bars[at]!.start < to; at++) yield bars[at]!;
}

export function rowAt({ rows }: GanttPlace, y: number): PlacedRow | null {
  let low = 0;
  let high = rows.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const row = rows[middle]!;
    if (y < row.top) high = middle - 1;
    else if (y >= row.top + row.height) low = middle + 1;
    else return row;
  }
  return null;
}

const SLACK_PX = 2;

export function barAt(place: GanttPlace, span: Span, x: number, y: number): GanttBar | null {
  const row = rowAt(place, y);
  if (!row) return null;
  const lane = row.lanes[Math.floor((y - row.top) / LANE_PX)];
  if (!lane) return null;
  const slack = SLACK_PX * span.scale;
  const time = timeAt(span, x);
  for (const bar of seen(lane, time - slack, time + slack)) return bar;
  return null;
}

export interface Tick {
  time: number;
  label: string;
  /** First of a larger unit. */
  strong: boolean;
}

const STEPS = [5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY];
const TICK_PX = 64;
const MONDAY = 4 * DAY;

/** Lines of time at round moments, at most one in 64 pixels. */
export function ticks(span: Span, width: number, locale: string): Tick[] {
  const from = span.start;
  const to = timeAt(span, width);
  const step = STEPS.find((each) => each / span.scale >= TICK_PX);
  const found: Tick[] = [];
  if (step === undefined) {
    const months = Math.ceil((TICK_PX * span.scale) / (30 * DAY));
    const format = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'short', year: '2-digit' });
    const first = new Date(from);
    const date = new Date(Date.UTC(first.getUTCFullYear(), Math.floor(first.getUTCMonth() / months) * months, 1));
    for (; date.getTime() < to; date.setUTCMonth(date.getUTCMonth() + months)) {
      found.push({ time: date.getTime(), label: format.format(date), strong: date.getUTCMonth() === 0 });
    }
    return found;
  }
  const base = step >= 7 * DAY ? MONDAY : 0;
  const date = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short' });
  const hour = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', hour: '2-digit', minute: '2-digit' });
  for (let time = Math.floor((from - base) / step) * step + base; time < to; time += step) {
    const midnight = time % DAY === 0;
    const strong = step < DAY ? midnight : new Date(time).getUTCDay() === 1;
    found.push({ time, label: midnight ? short(date, time) : hour.format(time), strong });
  }
  return found;
}

/** Without the points and commas of abbreviations, which make neighbours touch: `Mo 23 Nov`. */
function short(format: Intl.DateTimeFormat, time: number): string {
  return format
    .formatToParts(time)
    .map(({ type, value }) => (type === 'literal' ? ' ' : value.replace(/\.$/, '')))
    .join('')
    .trim();
}
