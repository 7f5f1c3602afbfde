// Working calendars: attendance, lunch, leaves, two-week calendars, calendars of single resources (connector.md 2.5; D1-D4, B7).
// Hours are given in the calendar's own zone; the document's clock is the plan's, so they are moved by the difference.
import type { Calendar, CalendarBucket, PlanTime } from '../planner/model.ts';
import type { MappingContext } from './context.ts';
import { groupBy, link, number, type OdooRow, text } from './records.ts';
import { DAY, daysFromCivil, offsetStretches, parseStamp, weekday, weekType, type Zone } from './time.ts';

/** Undated rows of calendars that need a start (two weeks, other zone) begin here, as frePPLe's addon has it. */
const HORIZON_START = daysFromCivil(2020, 1, 1) * DAY;
/** Nothing lies behind frePPLe's end of time. */
const HORIZON_END = daysFromCivil(2030, 12, 31) * DAY;

export function calendarName(calendar: OdooRow): string {
  return `${text(calendar, 'name')} ${calendar.id}`;
}

export function resourceCalendarName(resource: OdooRow): string {
  return `calendar for ${text(resource, 'name')}`;
}

/** Resources (resource.resource) that have hours or leaves of their own. */
export function resourcesWithOwnTimes(context: MappingContext): Set<number> {
  const own = new Set<number>();
  for (const row of context.rows('resource.calendar.attendance')) {
    const resource = link(row, 'resource_id');
    if (resource !== undefined && !isHeading(row)) own.add(resource);
  }
  for (const row of context.rows('resource.calendar.leaves')) {
    const resource = link(row, 'resource_id');
    if (resource !== undefined && isLeave(row)) own.add(resource);
  }
  return own;
}

const isHeading = (row: OdooRow) => text(row, 'display_type') !== '';
const isLeave = (row: OdooRow) => row.time_type === undefined || row.time_type === 'leave';

/** Odoo's order of attendances. */
function byWeekAndHour(a: OdooRow, b: OdooRow): number {
  const week = text(a, 'week_type') < text(b, 'week_type') ? -1 : text(a, 'week_type') > text(b, 'week_type') ? 1 : 0;
  return (
    week ||
    Number(text(a, 'dayofweek')) - Number(text(b, 'dayofweek')) ||
    number(a, 'hour_from') - number(b, 'hour_from') ||
    a.id - b.id
  );
}

export function* mapCalendars(context: MappingContext): Generator<Calendar> {
  const attendances = groupBy(
    context
      .rows('resource.calendar.attendance')
      .filter((row) => !isHeading(row))
      .toSorted(byWeekAndHour),
    'calendar_id',
  );
  const leaves = context.rows('resource.calendar.leaves').filter(isLeave);
  const resources = context.table('resource.resource');
  const own = resourcesWithOwnTimes(context);

  for (const calendar of context.rows('resource.calendar')) {
    if (calendar.active === false) continue;
    const hours = attendances.get(calendar.id) ?? [];
    const buckets = bucketsOf(context, calendar, common(hours), common(leavesOf(calendar, leaves)));
    if (hours.length === 0 && buckets.length === 0) {
      context.report.notice('calendar', calendarName(calendar), 'has no working hours: nothing can be done in it');
    }
    if (buckets.length === 0) continue;
    yield context.finish('calendar', calendar, { name: calendarName(calendar), default: 0, buckets });
  }

  for (const workcenter of context.rows('mrp.workcenter')) {
    const resource = resources.get(link(workcenter, 'resource_id') ?? 0);
    const calendar = context.table('resource.calendar').get(link(workcenter, 'resource_calendar_id') ?? 0);
    if (!resource || !calendar || !own.has(resource.id) || !context.resources.name(workcenter.id)) continue;
    const mine = (row: OdooRow) => [undefined, resource.id].includes(link(row, 'resource_id'));
    const buckets = bucketsOf(context, calendar, (attendances.get(calendar.id) ?? []).filter(mine), [
      ...leavesOf(calendar, leaves).filter(mine),
      ...leavesOfResource(resource.id, calendar.id, leaves),
    ]);
    yield context.finish('calendar', calendar, { name: resourceCalendarName(resource), default: 0, buckets });
  }
}

const common = (rows: OdooRow[]) => rows.filter((row) => link(row, 'resource_id') === undefined);

/** Leaves of the calendar and those of the whole company, which name no calendar (connector.md 2.5 rule 3). */
function leavesOf(calendar: OdooRow, leaves: readonly OdooRow[]): OdooRow[] {
  const company = link(calendar, 'company_id');
  return leaves.filter((row) => {
    const of = link(row, 'calendar_id');
    if (of !== undefined) return of === calendar.id;
    if (link(row, 'resource_id') !== undefined) return false;
    const owner = link(row, 'company_id');
    return owner === undefined || company === undefined || owner === company;
  });
}

/** Leaves that name the resource but another calendar, or none. */
function leavesOfResource(resource: number, calendar: number, leaves: readonly OdooRow[]): OdooRow[] {
  return leaves.filter((row) => link(row, 'resource_id') === resource && link(row, 'calendar_id') !== calendar);
}

function bucketsOf(context: MappingContext, calendar: OdooRow, hours: OdooRow[], leaves: OdooRow[]): CalendarBucket[] {
  const zone = context.zoneOf(text(calendar, 'tz') || context.zone.name);
  const twoWeeks = calendar.two_weeks_calendar === true;
  const buckets: CalendarBucket[] = [];
  const stretches = zone.name === context.zone.name ? null : stretchesOf(zone, context.zone);

  for (const row of hours) {
    const value = text(row, 'day_period') === 'lunch' ? 0 : 1;
    for (const span of spansOf(row, twoWeeks)) {
      for (const piece of shifted(row, span, stretches)) buckets.push({ ...piece, value });
    }
  }
  for (const row of leaves) {
    const start = context.wall(row.date_from);
    const end = wholeDay(context.wall(row.date_to));
    if (start === undefined || end === undefined || end <= start) continue;
    buckets.push({ start, end, value: 0, days: 127, starttime: 0, endtime: DAY });
  }
  return withPriorities(buckets);
}

/** People enter the last minute of a day for its end. */
function wholeDay(end: PlanTime | undefined): PlanTime | undefined {
  return end === undefined || end % DAY < DAY - 60 ? end : end - (end % DAY) + DAY;
}

/** Closed ones count up from 10 and open ones from 1000, or from behind the closed ones where these are many: the lower wins. */
function withPriorities(buckets: CalendarBucket[]): CalendarBucket[] {
  let closed = 10;
  let open = Math.max(1000, closed + buckets.filter((bucket) => bucket.value === 0).length);
  for (const bucket of buckets) bucket.priority = bucket.value === 0 ? closed++ : open++;
  return buckets;
}

interface Span {
  start?: PlanTime;
  end?: PlanTime;
}

/** Stretches of the calendar's own clock in which a row holds: its dates, or each of its weeks. The last day counts (D2). */
function spansOf(row: OdooRow, twoWeeks: boolean): Span[] {
  const from = parseStamp(row.date_from);
  const to = parseStamp(row.date_to);
  const end = to === undefined ? undefined : to + DAY;
  const type = twoWeeks ? text(row, 'week_type') : '';
  if (type === '') return [{ start: from, end }];

  const spans: Span[] = [];
  const last = Math.min(end ?? HORIZON_END, HORIZON_END);
  let start = from ?? HORIZON_START;
  while (start < last) {
    const monday = start - ((weekday(start) + 6) % 7) * DAY;
    const next = Math.min(monday + 7 * DAY, last);
    if (String(weekType(start)) === type) spans.push({ start, end: next });
    start = monday + 7 * DAY;
  }
  return spans;
}

type Stretch = { from: PlanTime; until: PlanTime; shift: number };

const stretchCache = new Map<string, Stretch[]>();

/** How far the plan's clock is ahead of the calendar's, by stretches of the plan's clock. */
function stretchesOf(own: Zone, plan: Zone): Stretch[] {
  const key = `${own.name} ${plan.name}`;
  let stretches = stretchCache.get(key);
  if (!stretches) {
    const [from, until] = [plan.toInstant(HORIZON_START), plan.toInstant(HORIZON_END)];
    stretches = offsetStretches(own, plan, from, until).map((piece) => ({
      from: plan.toWall(piece.from),
      until: plan.toWall(piece.until),
      shift: piece.shift,
    }));
    stretchCache.set(key, stretches);
  }
  return stretches;
}

type Piece = Pick<CalendarBucket, 'start' | 'end' | 'days' | 'starttime' | 'endtime'>;

/** The hours of a row within a span, on the plan's clock: moved, and cut at midnight where they cross it. */
function* shifted(row: OdooRow, span: Span, stretches: Stretch[] | null): Generator<Piece> {
  const day = (Number(text(row, 'dayofweek')) + 1) % 7;
  const from = Math.round(number(row, 'hour_from') * 60) * 60;
  const to = Math.round(number(row, 'hour_to') * 60) * 60;
  if (!stretches || stretches.every((piece) => piece.shift === 0)) {
    yield { ...span, days: 1 << day, starttime: from, endtime: to };
    return;
  }
  for (const stretch of stretches) {
    const start = span.start === undefined ? stretch.from : Math.max(span.start + stretch.shift, stretch.from);
    const end = span.end === undefined ? stretch.until : Math.min(span.end + stretch.shift, stretch.until);
    if (start >= end) continue;
    // Cut a row where it meets midnight of the plan's clock.
    const first = from + stretch.shift;
    const last = to + stretch.shift;
    for (let offset = Math.floor(first / DAY); offset * DAY < last; offset++) {
      const starttime = Math.max(first - offset * DAY, 0);
      const endtime = Math.min(last - offset * DAY, DAY);
      if (starttime >= endtime) continue;
      yield {
        start,
        end,
        days: 1 << ((((day + offset) % 7) + 7) % 7),
        starttime,
        endtime,
      };
    }
  }
}
