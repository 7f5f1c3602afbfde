// On which day a short line can be promised. The planner says so where a plan exists; until then lead times do: the vendor's, or
// the time to make it, to the next working day.
import type { OdooWriter } from '../../connector/odoo/writer.ts';
import { PlanbridgeError } from '../../errors.ts';
import { link, number, type OdooRow, text } from '../../mapping/records.ts';
import { DAY, formatStamp, parseStamp, weekday } from '../../mapping/time.ts';
import type { Lookup } from '../../mapping/write-context.ts';
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

/** Days that it takes to have a product, by its id; absent = nobody knows. */
export type LeadTimes = (products: readonly number[]) => Promise<ReadonlyMap<number, number>>;

export function leadTimePromises(workingDays: WorkingDays, leadTimes: LeadTimes): Promises {
  return async (lines, { catalogue, today }) => {
    const days = await workingDays();
    const leads = await leadTimes(lines.map(({ product }) => product));
    return lines.map(({ product, day }) => {
      const known = catalogue.product(product);
      const lead = Math.max(known?.leadDays ?? 0, leads.get(product) ?? 0);
      if (!known || (lead === 0 && known.vendor === null)) return null;
      const earliest = nextWorkingDay(addDays(today, Math.max(1, Math.ceil(lead))), days);
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

const KNOWN_MS = 600_000;

/**
 * Lead times by what Odoo says of products: the time to make them where they are made, and the customer lead time that the sales
 * team has set. Vendors' times are in the catalogue.
 */
export function odooLeadTimes(connect: () => Promise<Connected>, now: () => number): LeadTimes {
  const known = new Map<number, { days: number; until: number }>();
  return async (products) => {
    const missing = [...new Set(products)].filter((id) => (known.get(id)?.until ?? 0) < now());
    if (missing.length > 0) {
      const { writer } = await connect();
      for (const [id, days] of await readLeadTimes(writer, missing)) known.set(id, { days, until: now() + KNOWN_MS });
    }
    return new Map(products.flatMap((id) => (known.has(id) ? [[id, known.get(id)!.days] as const] : [])));
  };
}

async function readLeadTimes(writer: OdooWriter, ids: readonly number[]): Promise<Map<number, number>> {
  // From Odoo 17 on the time to make stands on the bill of material, before it on the product.
  const onBill = writer.major >= 17;
  const fields = ['product_tmpl_id', 'sale_delay', ...(onBill ? [] : ['produce_delay'])];
  const rows = await readOr([], writer, { model: 'product.product', domain: [['id', 'in', ids]], fields });
  const templates = rows.flatMap((row) => link(row, 'product_tmpl_id') ?? []);
  const bills = onBill
    ? await readOr([], writer, {
        model: 'mrp.bom',
        domain: [['product_tmpl_id', 'in', templates]],
        fields: ['product_tmpl_id', 'product_id', 'type', 'active', 'produce_delay', 'days_to_prepare_mo'],
      })
    : [];
  return new Map(
    rows.map((row) => {
      const bill = bills.find(
        (each) =>
          each.active !== false &&
          text(each, 'type') === 'normal' &&
          link(each, 'product_tmpl_id') === link(row, 'product_tmpl_id') &&
          [undefined, row.id].includes(link(each, 'product_id')),
      );
      const made = onBill
        ? number(bill, 'produce_delay') + number(bill, 'days_to_prepare_mo')
        : number(row, 'produce_delay');
      return [row.id, Math.max(made, number(row, 'sale_delay'))];
    }),
  );
}

/** Modules may not be installed, and fields with them. */
async function readOr(otherwise: OdooRow[], writer: OdooWriter, lookup: Lookup): Promise<OdooRow[]> {
  try {
    return await writer.read(lookup);
  } catch (error) {
    if (error instanceof PlanbridgeError && (error.code === 'PB_ODOO_FAULT' || error.code === 'PB_ODOO_ACCESS'))
      return otherwise;
    throw error;
  }
}
