// Charts of stock and forecast on uPlot, in the colours of the theme. What a chart shows is told by its label too.
import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { color, useThemeVersion } from './theme.ts';
import { dateText, locale, momentText, numberText, t } from './words.ts';

export interface Series {
  label: string;
  /** Name of a colour of the theme: `--bar`. */
  color: string;
  values: (number | null)[];
  /** Steps hold until the next point; lines go from point to point. */
  kind: 'steps' | 'line' | 'dashes' | 'bars';
  fill?: boolean;
}

export interface ChartProps {
  label: string;
  /** Seconds, ascending. */
  times: number[];
  series: Series[];
  height?: number;
  /** Seconds: drawn as a line across. */
  now?: number;
}

export function Chart({ label, times, series, height = 260, now }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const theme = useThemeVersion();
  const data = useMemo(() => [times, ...series.map(({ values }) => values)] as uPlot.AlignedData, [times, series]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew when the theme changes
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const chart = new uPlot(optionsOf(series, times, element.clientWidth, height, now), data, element);
    const watcher = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      chart.destroy();
    };
  }, [data, times, series, height, now, theme]);
  return <div ref={place} className="chart" role="img" aria-label={label} />;
}

function optionsOf(
  series: readonly Series[],
  times: readonly number[],
  width: number,
  height: number,
  now: number | undefined,
): uPlot.Options {
  // Bars stand half before their time and half after.
  const room = series.some(({ kind }) => kind === 'bars') ? ((times[1] ?? 0) - (times[0] ?? 0)) / 2 : 0;
  const axis = {
    stroke: color('--ink-soft'),
    grid: { stroke: color('--line-soft'), width: 1 },
    ticks: { stroke: color('--line'), width: 1 },
  };
  return {
    width,
    height,
    // The plan's clock has no zone.
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'),
    scales: {
      x: { range: (_, low, high) => [low - room, high + room] },
      y: { range: (_, low, high) => padded(low, high) },
    },
    axes: [
      { ...axis, values: dayTexts },
      { ...axis, size: 64, values: (_, values) => values.map((value) => numberText(value)) },
    ],
    series: [{ label: t('Date'), value: whenText }, ...series.map(seriesOf)],
    legend: { live: true },
    hooks: now === undefined ? {} : { draw: [(chart) => drawNow(chart, now)] },
  };
}

/** As people of the language write days; the year where it begins, months from afar, hours from near. */
function dayTexts(_: uPlot, splits: number[]): string[] {
  const step = (splits[1] ?? 0) - (splits[0] ?? 0);
  const day: Intl.DateTimeFormatOptions = step >= 27 * DAY ? { month: 'short' } : { day: 'numeric', month: 'short' };
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  const [days, clock] = [format(day), format({ hour: '2-digit', minute: '2-digit' })];
  let year = 0;
  return splits.map((seconds) => {
    const date = new Date(seconds * 1_000);
    if (step < DAY && seconds % DAY !== 0) return clock.format(date);
    const before = year;
    year = date.getUTCFullYear();
    return year === before ? days.format(date) : `${days.format(date)}\n${year}`;
  });
}

const DAY = 86_400;

function whenText(_: uPlot, seconds: number | null): string {
  if (seconds === null || seconds === undefined) return '';
  const text = new Date(seconds * 1_000).toISOString();
  return seconds % DAY === 0 ? dateText(text) : momentText(text);
}

function seriesOf({ label, color: name, kind, fill }: Series): uPlot.Series {
  const stroke = color(name);
  const steps = uPlot.paths.stepped?.({ align: 1 });
  const bars = uPlot.paths.bars?.({ size: [0.7, 60] });
  return {
    label,
    stroke,
    width: 2,
    points: { show: false },
    value: (_, value) => (value === null || value === undefined ? '' : numberText(value)),
    ...(kind === 'steps' && steps ? { paths: steps } : {}),
    ...(kind === 'bars' && bars ? { paths: bars, fill: `${stroke}88` } : {}),
    ...(kind === 'dashes' ? { dash: [6, 4], ...(steps ? { paths: steps } : {}) } : {}),
    ...(fill ? { fill: `${stroke}22` } : {}),
  };
}

function padded(low: number, high: number): [number, number] {
  const [from, to] = [Math.min(0, low ?? 0), Math.max(0, high ?? 1)];
  const space = (to - from || 1) * 0.06;
  return [from < 0 ? from - space : 0, to + space];
}

function drawNow(chart: uPlot, now: number): void {
  const x = Math.round(chart.valToPos(now, 'x', true));
  const { top, height, left, width } = chart.bbox;
  if (x < left || x > left + width) return;
  chart.ctx.fillStyle = color('--accent');
  chart.ctx.fillRect(x, top, 2, height);
}
