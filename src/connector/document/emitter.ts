// What both forms of a plan document have in common: objects with attributes, references by name, lists.
// Attributes of an object come before its children and lists.
import type { Duration, PlanTime } from '../../planner/model.ts';

export interface Emitter {
  start(tag: string): void;
  end(tag: string): void;
  /** The object's own type, for example `operation_routing`. */
  type(name: string | undefined): void;
  text(name: string, value: string | undefined): void;
  number(name: string, value: number | undefined): void;
  boolean(name: string, value: boolean | undefined): void;
  date(name: string, value: PlanTime | undefined): void;
  duration(name: string, value: Duration | undefined): void;
  /** Another object by its name, as `<item name="x"/>`. */
  reference(tag: string, name: string | undefined, key?: string): void;
  list(name: string): void;
  endList(name: string): void;
  property(kind: string, name: string, value: string): void;
  /** What has been written since the last call. */
  take(): string;
  readonly length: number;
}

const stamps = new Map<number, string>();

/** `2026-11-21T08:30:00`. */
export function formatDate(time: PlanTime): string {
  const day = Math.floor(time / 86_400);
  let date = stamps.get(day);
  if (date === undefined) {
    if (stamps.size > 20_000) stamps.clear();
    date = new Date(day * 86_400_000).toISOString().slice(0, 11);
    stamps.set(day, date);
  }
  const rest = Math.floor(time - day * 86_400);
  const two = (value: number) => (value < 10 ? `0${value}` : `${value}`);
  return `${date}${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`;
}

/** Seconds as ISO duration without years and months: `P0D`, `P3D`, `PT8H`, `P1DT2H30M`, `PT0.5S`. */
export function formatDuration(seconds: Duration): string {
  if (seconds === 0) return 'P0D';
  const sign = seconds < 0 ? '-' : '';
  let rest = Math.abs(seconds);
  const days = Math.floor(rest / 86_400);
  rest -= days * 86_400;
  const hours = Math.floor(rest / 3600);
  rest -= hours * 3600;
  const minutes = Math.floor(rest / 60);
  rest = Math.round((rest - minutes * 60) * 1e6) / 1e6;
  const time = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${rest ? `${rest}S` : ''}`;
  return `${sign}P${days ? `${days}D` : ''}${time ? `T${time}` : ''}`;
}

/** A number without exponent where it can be read without one. */
export function formatNumber(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-6) return value.toFixed(18).replace(/0+$/, '');
  return String(value);
}
