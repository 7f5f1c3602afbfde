// Working time and dates mean in the plan what they mean in Odoo (connector.md 5.3). calendar-meaning.test.ts does the same for
// random calendars.

import { describe, expect, test } from 'vitest';
import type { Calendar } from '../../src/planner/model.ts';
import { odooWeekType, valueAt } from '../support/calendars.ts';
import { at, type ExportChanges, type ExportedPlan, NOW } from '../support/export.ts';
import { type SmallOdoo, smallOdoo } from '../support/small-odoo.ts';
import { production, sale } from '../support/small-orders.ts';

const DAY = 86_400;

/** Hours of a day of the plan's clock in which a calendar is open. */
function openHours(calendar: Calendar | undefined, date: string): number[] {
  const midnight = at(`${date} 00:00`);
  return Array.from({ length: 24 }, (_, hour) => hour).filter(
    (hour) => calendar && valueAt(calendar, midnight + hour * 3600 + 1800) === 1,
  );
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const named = (plan: ExportedPlan, name: string) => plan.calendars.find((row) => row.name === name);

/** A calendar of every day, 8 to 16, in a zone; the plan has the same zone unless it is said otherwise. */
function everyDay(tz: string, fill: (odoo: SmallOdoo, calendar: number) => void, changes: ExportChanges = {}) {
  const odoo = smallOdoo({ user: { companyIds: [1, 2] } });
  const calendar = odoo.calendar('Shop', { tz, company_id: odoo.company });
  for (const day of range(0, 7)) odoo.hours(calendar, day, 8, 16);
  fill(odoo, calendar);
  return odoo.export({ timezone: tz, ...changes });
}

describe('D1: a leave', () => {
  test.each([
    ['east of Greenwich', 'Asia/Tokyo', '2026-12-23 15:00:00', '2026-12-24 14:59:59'],
    ['west of Greenwich', 'America/New_York', '2026-12-24 05:00:00', '2026-12-25 04:59:59'],
    ['in Greenwich', 'UTC', '2026-12-24 00:00:00', '2026-12-24 23:59:59'],
  ])('of one day %s closes that day and no other', async (_where, tz, from, to) => {
    const plan = await everyDay(tz, (odoo, calendar) => odoo.leave(from, to, { calendar_id: calendar }));
    const [calendar] = plan.calendars;
    expect(openHours(calendar, '2026-12-23')).toEqual(range(8, 16));
    expect(openHours(calendar, '2026-12-24')).toEqual([]);
    expect(openHours(calendar, '2026-12-25')).toEqual(range(8, 16));
  });

  test('of half a day leaves the other half', async () => {
    const half = { calendar_id: 1 };
    const plan = await everyDay('UTC', (odoo) => odoo.leave('2026-12-24 12:00:00', '2026-12-24 18:00:00', half));
    expect(openHours(plan.calendars[0], '2026-12-24')).toEqual(range(8, 12));
  });

  test('of several days has its last one', async () => {
    const plan = await everyDay('UTC', (odoo) =>
      odoo.leave('2026-12-24 00:00:00', '2026-12-31 23:59:59', { calendar_id: 1 }),
    );
    expect(openHours(plan.calendars[0], '2026-12-31')).toEqual([]);
    expect(openHours(plan.calendars[0], '2027-01-01')).toEqual(range(8, 16));
  });

  test('of the whole company closes all of its calendars, and none of another', async () => {
    const plan = await everyDay('UTC', (odoo) => {
      const other = odoo.add('res.company', { name: 'Other' });
      odoo.hours(odoo.calendar('Foreign', { company_id: other }), 3, 8, 16);
      odoo.leave('2026-12-24 00:00:00', '2026-12-25 00:00:00', { company_id: odoo.company });
    });
    expect(openHours(named(plan, 'Shop 1'), '2026-12-24')).toEqual([]);
    expect(openHours(named(plan, 'Foreign 2'), '2026-12-24')).toEqual(range(8, 16));
  });

  test('of one work center closes that one', async () => {
    const plan = await everyDay('UTC', (odoo, calendar) => {
      const saw = odoo.workcenter('Saw', { resource_calendar_id: calendar });
      odoo.workcenter('Drill', { resource_calendar_id: calendar });
      odoo.leave('2026-12-24 00:00:00', '2026-12-25 00:00:00', { calendar_id: calendar, resource_id: saw });
    });
    const available = Object.fromEntries(plan.resources.map((row) => [row.name, row.available]));
    expect(available).toEqual({ Saw: 'calendar for Saw', Drill: 'Shop 1' });
    expect(openHours(named(plan, 'calendar for Saw'), '2026-12-24')).toEqual([]);
    expect(openHours(named(plan, 'Shop 1'), '2026-12-24')).toEqual(range(8, 16));
  });

  test('of another kind (worked elsewhere) closes nothing', async () => {
    const elsewhere = { calendar_id: 1, time_type: 'other' };
    const plan = await everyDay('UTC', (odoo) => odoo.leave('2026-12-24 00:00:00', '2026-12-25 00:00:00', elsewhere));
    expect(openHours(plan.calendars[0], '2026-12-24')).toEqual(range(8, 16));
  });
});

describe('D2: the dates of a row', () => {
  test('the last day counts', async () => {
    const plan = await everyDay('UTC', (odoo, calendar) => {
      const dates = { date_from: '2026-12-10', date_to: '2026-12-24' };
      odoo.hours(calendar, 3, 18, 20, dates);
    });
    const evening = (date: string) => openHours(plan.calendars[0], date).includes(18);
    expect(['2026-12-03', '2026-12-10', '2026-12-24', '2026-12-31'].map(evening)).toEqual([false, true, true, false]);
  });

  test('of a vendor’s price: the last day counts', async () => {
    const odoo = smallOdoo();
    odoo.vendorPrice(odoo.product('LEG'), odoo.vendor, { date_end: '2026-12-31' });
    expect((await odoo.export()).itemsuppliers).toMatchObject([{ effectiveEnd: at('2027-01-01 00:00') }]);
  });

  test('without dates it holds for ever, and so does a safety stock', async () => {
    const plan = await everyDay('UTC', (odoo) => {
      const leg = odoo.product('LEG');
      odoo.add('stock.warehouse.orderpoint', { product_id: leg.id, warehouse_id: 1, product_min_qty: 5 });
    });
    expect(plan.calendars.map((calendar) => calendar.name)).toEqual(['Shop 1', 'SS for LEG @ WH']);
    expect(plan.calendars.flatMap(({ buckets }) => buckets).filter((bucket) => bucket.end !== undefined)).toEqual([]);
    expect(openHours(named(plan, 'Shop 1'), '2030-12-31')).toEqual(range(8, 16));
  });
});

describe('D3: two-week calendars', () => {
  /** Mondays of the one week from 8 to 12, of the other from 13 to 17; on all other days of both nothing. */
  async function alternating(fill: (odoo: SmallOdoo, calendar: number) => void = () => {}) {
    const odoo = smallOdoo();
    const calendar = odoo.calendar('Shifts', { two_weeks_calendar: true });
    odoo.hours(calendar, 0, 8, 12, { week_type: '0' });
    odoo.hours(calendar, 0, 13, 17, { week_type: '1' });
    fill(odoo, calendar);
    return (await odoo.export()).calendars[0];
  }

  test('alternate by Odoo’s count of weeks from 28 December 2026 through 2028', async () => {
    const calendar = await alternating();
    for (let monday = at('2026-12-28 00:00'); monday < at('2029-01-01 00:00'); monday += 7 * DAY) {
      const date = new Date(monday * 1000).toISOString().slice(0, 10);
      const hours = odooWeekType(date) === '0' ? range(8, 12) : range(13, 17);
      expect([date, openHours(calendar, date)]).toEqual([date, hours]);
    }
  });

  test('differ from the parity of ISO weeks in 2027: week 1 is even for Odoo', () => {
    // 4 January 2027 is in ISO week 1, 11 January in week 2; by ISO parity the first would be of type 1.
    expect([odooWeekType('2026-12-28'), odooWeekType('2027-01-04'), odooWeekType('2027-01-11')]).toEqual([
      '1',
      '0',
      '1',
    ]);
  });

  test('rest at noon in both weeks', async () => {
    const calendar = await alternating((odoo, id) => {
      for (const week_type of ['0', '1']) {
        odoo.hours(id, 1, 8, 12, { week_type });
        odoo.hours(id, 1, 12, 13, { week_type, day_period: 'lunch' });
        odoo.hours(id, 1, 13, 17, { week_type });
      }
    });
    for (const tuesday of ['2026-12-29', '2027-01-05'])
      expect(openHours(calendar, tuesday)).toEqual([...range(8, 12), ...range(13, 17)]);
  });

  test('have their holidays, however many lunch breaks are listed', async () => {
    const calendar = await alternating((odoo, id) => {
      for (const day of range(0, 5))
        for (const week_type of ['0', '1']) odoo.hours(id, day, 12, 13, { week_type, day_period: 'lunch' });
      odoo.leave('2026-12-28 00:00:00', '2026-12-28 23:59:59', { calendar_id: id });
    });
    expect(openHours(calendar, '2026-12-28')).toEqual([]);
    expect(openHours(calendar, '2027-01-11')).not.toEqual([]);
  });
});

describe('D4: a calendar of another zone', () => {
  const inBrussels = { timezone: 'Europe/Brussels' };

  test.each([
    ['in winter', '2026-03-28', range(0, 8)],
    // 8 to 16 in Tokyo is 00 to 08 in winter and 01 to 09 in summer; on the day itself the clock skips 2 to 3.
    ['the day the clock goes forward', '2026-03-29', [0, 1, ...range(3, 9)]],
    ['in summer', '2026-03-30', range(1, 9)],
    ['the last day of summer', '2026-10-24', range(1, 9)],
    ['the day after the clock went back', '2026-10-26', range(0, 8)],
  ])('Tokyo on Brussels’ clock %s', async (_when, date, hours) => {
    const plan = await everyDay('Asia/Tokyo', () => {}, inBrussels);
    const [calendar] = plan.calendars;
    const real = (hour: number) => date !== '2026-03-29' || hour !== 2;
    expect(openHours(calendar, date).filter(real)).toEqual(hours);
  });

  test.each([
    ['in winter', '2026-03-02', range(14, 22)],
    // America changes three weeks before Europe.
    ['between the changes', '2026-03-16', range(13, 21)],
    ['in summer', '2026-07-06', range(14, 22)],
    // and a week after it.
    ['between the changes of autumn', '2026-10-27', range(13, 21)],
  ])('New York on Brussels’ clock %s', async (_when, date, hours) => {
    const plan = await everyDay('America/New_York', () => {}, inBrussels);
    expect(openHours(plan.calendars[0], date)).toEqual(hours);
  });

  test('hours that cross midnight belong to the next day', async () => {
    const plan = await everyDay('America/New_York', (odoo, id) => odoo.hours(id, 5, 20, 22), inBrussels);
    // 20 to 22 on Saturday in New York.
    expect(openHours(plan.calendars[0], '2026-07-05')).toEqual([2, 3, ...range(14, 22)]);
  });
});

describe('D7: now', () => {
  test('is the plan’s own clock, everywhere', async () => {
    const odoo = smallOdoo();
    const leg = odoo.product('LEG');
    odoo.add('stock.warehouse.orderpoint', { product_id: leg.id, warehouse_id: 1, product_min_qty: 5 });
    const order = production(odoo, leg, 1, { date_start: '2026-11-01 08:00:00' });
    odoo.add('mrp.workorder', { production_id: order, name: 'Saw', state: 'ready', duration_expected: 10 });
    const plan = await odoo.export({ timezone: 'Asia/Tokyo', now: NOW });
    const now = at('2026-11-23 18:00');
    expect(plan.header.current).toBe(now);
    expect(plan.calendars[0]?.buckets[0]?.start).toBe(now);
    expect(plan.orders.at(-1)).toMatchObject({ reference: 'MO1 - Saw', start: now });
    expect(plan.xml).toContain('<current>2026-11-23T18:00:00</current>');
  });

  test.each([
    ['asked for', { timezone: 'Asia/Tokyo' }, '2026-11-20 17:00'],
    ['of the sheet', { options: { timezone: 'America/New_York' } }, '2026-11-20 03:00'],
    ['of the user', {}, '2026-11-20 09:00'],
  ])('orders are in the zone %s', async (_whose, changes, due) => {
    const odoo = smallOdoo({ user: { tz: 'Europe/Brussels' } });
    sale(odoo, odoo.product('TABLE'), 1);
    expect((await odoo.export(changes)).demands).toMatchObject([{ due: at(due) }]);
  });

  test('an unknown zone is noticed, and the user’s is taken', async () => {
    const odoo = smallOdoo({ user: { tz: 'Europe/Brussels' } });
    const plan = await odoo.export({ timezone: 'Mars/Olympus' });
    expect(plan.header.current).toBe(at('2026-11-23 10:00'));
    expect(plan.report).toMatchObject([{ entity: 'plan', records: ['Mars/Olympus'] }]);
  });
});
