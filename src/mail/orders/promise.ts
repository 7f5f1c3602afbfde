// On which day a short line can be promised. The planner says so where a plan exists; until then lead times do: the vendor's, or
// the time to make it, to the next working day.
import type { OdooRow } from '../../mapping/records.ts';
import { text } from '../../mapping/records.ts';
import { DAY, formatStamp, parseStamp, weekday } from '../../mapping/time.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Connected } from './desk.ts';

export interface PromiseLine {
  product: number;
  /** In the product's own unit. */
  quantity: number;
  /** Requested day, `YYYY-MM-DD`, or null. */
  day: string | null;
}

/** A day for each line, `YYYY-MM-DD`; null = nobody can tell. */
export type Promises = (
  lines: readonly PromiseLine[],
  given: { catalogue: Catalogue; today: string; signal: AbortSignal },
) => Promise<(string | null)[]>;

/** Days of the week on which goods come and go: Sunday 0 … Saturday 6. */
export type WorkingDays = () => Promise<ReadonlySet<number>>;

const MONDAY_TO_FRIDAY: ReadonlySet<number> = new Set([1, 2, 3, 4, 5]);

export function leadTimePromises(workingDays: WorkingDays): Promises {
  return async (lines, { catalogue, today }) => {
    const days = await workingDays();
    return lines.map(({ product, day }) => {
      const known = catalogue.product(product);
      if (!known) return null;
      const earliest = nextWorkingDay(addDays(today, Math.max(1, Math.ceil(known.leadDays))), days);
      return day !== null && day > earliest ? day : earliest;
    });
  };
}

export function addDays(day: string, count: number): string {
  return formatStamp((parseStamp(day) ?? 0) + count * DAY).slice(0, 10);
}

function nextWorkingDay(day: string, days: ReadonlySet<number>): string {
  for (let at = day, tried = 0; tried < 7; at = addDays(at, 1), tried++) {
    if (days.has(weekday(parseStamp(at) ?? 0))) return at;
  }
  return day;
}

/** Working days of the company's calendar in Odoo; Monday to Friday where it has none. */
export function companyWorkingDays(connect: () => Promise<Connected>, now: () => number): WorkingDays {
  let known: { days: ReadonlySet<number>; until: number } | null = null;
  return async () => {
    if (known && known.until > now()) return known.days;
    const days = await readDays(connect).catch(() => MONDAY_TO_FRIDAY);
    known = { days, until: now() + 3_600_000 };
    return days;
  };
}

async function readDays(connect: () => Promise<Connected>): Promise<ReadonlySet<number>> {
  const { writer, company } = await connect();
  const [row] = await writer.read({
    model: 'res.company',
    domain: [['id', '=', company.id]],
    fields: ['resource_calendar_id'],
  });
  const calendar = row?.resource_calendar_id;
  if (typeof calendar !== 'number') return MONDAY_TO_FRIDAY;
  const rows = await writer.read({
    model: 'resource.calendar.attendance',
    domain: [['calendar_id', '=', calendar]],
    fields: ['dayofweek'],
  });
  const days = new Set(rows.map(odooDay).filter((day) => day !== undefined));
  return days.size > 0 ? days : MONDAY_TO_FRIDAY;
}

/** Odoo counts from Monday 0. */
function odooDay(row: OdooRow): number | undefined {
  const day = text(row, 'dayofweek');
  return /^[0-6]$/.test(day) ? (Number(day) + 1) % 7 : undefined;
}
