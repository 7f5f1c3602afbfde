// Shapes of the forecast as the editor has it, and how what people set belongs to a row and a bucket.

export interface Bucket {
  name: string;
  starts: string;
  ends: string;
}

export interface Place {
  item: string | null;
  location: string | null;
  customer: string | null;
}

export interface Series extends Place {
  level: 'all' | 'item' | 'location' | 'customer';
  children: boolean;
  history: number[];
  orders: number[];
  baseline: number[];
  total: number[];
  net: number[];
  overridden: boolean[];
  method: string | null;
  smape: number | null;
}

export interface ForecastAnswer {
  forecast: {
    id: number;
    bucket: 'month' | 'week';
    horizon: number;
    arguments: Record<string, unknown>;
    madeAt: string;
    /** Id of the last override that it holds. */
    applied: number;
    /** Whether what is left for the plan fits the totals. */
    settled: boolean;
  } | null;
  hasHistory: boolean;
  past: Bucket[];
  future: Bucket[];
  self: Series | null;
  rows: Series[];
  total: number;
  locations: string[];
  customers: string[];
}

export interface Override extends Place {
  id: number;
  starts: string;
  quantity: number | null;
  comment: string;
  who: string;
  /** `''` = not kept yet. */
  at: string;
}

/** A row of the table. */
export interface ShownRow {
  key: string;
  series: Series;
  depth: number;
  open: boolean;
}

export const keyOf = ({ item, location, customer }: Place) => JSON.stringify([item, location, customer]);

/** What was set for just this row in this bucket, in the order in which it is applied. */
export function setHere(overrides: readonly Override[], row: Place, { starts, ends }: Bucket): Override[] {
  const key = keyOf(row);
  return overrides.filter((one) => one.starts >= starts && one.starts < ends && keyOf(one) === key);
}

/** Total that was set and that the forecast does not hold yet; null = nothing was. */
export function pendingTotal(set: readonly Override[], applied: number): number | null {
  const last = set.findLast(({ quantity }) => quantity !== null);
  return last && last.id > applied ? last.quantity : null;
}

/** Below its group, a name that begins with the group's says only what is its own: `All / Castings` is Castings under All. */
export function ownName(name: string, above: string | undefined): string {
  return above !== undefined && name.startsWith(`${above} / `) ? name.slice(above.length + 3) : name;
}

export function nameOf({ level, item, location, customer }: Series, all: string, none: string): string {
  if (level === 'all') return all;
  return (level === 'item' ? item : level === 'location' ? location : customer) || none;
}
