// Forecast of a company: history, hierarchy, overrides, netting, demands.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Owners } from '../../src/planner/forecast/address.ts';
import { bucketName, bucketOf, bucketStart } from '../../src/planner/forecast/buckets.ts';
import { forecastDemands } from '../../src/planner/forecast/demands.ts';
import { collectHistory, type SalesRow } from '../../src/planner/forecast/history.ts';
import { type NettingOptions, netOrders } from '../../src/planner/forecast/netting.ts';
import { applyOverrides, commentsOn } from '../../src/planner/forecast/overrides.ts';
import { type ForecastOptions, type ForecastPlan, forecastHistory, sumsOf } from '../../src/planner/forecast/plan.ts';
import { csvCell, forecastCsv, forecastRows } from '../../src/planner/forecast/rows.ts';
import { runForecast } from '../../src/planner/forecast/run.ts';
import { namesBelow } from '../../src/planner/forecast/tree.ts';

const DAY = 86_400;
const at = (text: string): number => Date.parse(`${text}Z`) / 1000;
const CURRENT = at('2026-01-10T12:00');

/** Twelve months of sales: bolts to two customers (3 : 1), nuts to one, in one place. */
function sales(): SalesRow[] {
  const rows: SalesRow[] = [];
  for (let month = 0; month < 12; month++) {
    const date = at(`2025-${String(month + 1).padStart(2, '0')}-15T00:00`);
    rows.push({ item: 'bolt', location: 'WH', customer: 'Ann', date, quantity: 30 });
    rows.push({ item: 'bolt', location: 'WH', customer: 'Bob', date, quantity: 10 });
    rows.push({ item: 'nut', location: 'WH', customer: 'Bob', date, quantity: 20 });
  }
  return rows;
}

const OWNERS: Owners = {
  item: new Map([
    ['bolt', 'hardware'],
    ['nut', 'hardware'],
  ]),
  location: new Map(),
  customer: new Map([['Ann', 'retail']]),
};

function historyOf(rows: readonly SalesRow[]) {
  const collector = collectHistory({ bucket: 'month', current: CURRENT });
  for (const row of rows) collector.add(row);
  return collector.finish();
}

function planOf(rows: readonly SalesRow[] = sales(), options: Partial<ForecastOptions> = {}): ForecastPlan {
  const steps = forecastHistory(historyOf(rows), { horizon: 4, owners: OWNERS, ...options });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const rounded = (values: Iterable<number>) => [...values].map((v) => Math.round(v * 1000) / 1000);

describe('buckets', () => {
  it('months and ISO weeks', () => {
    expect(bucketName('month', bucketOf('month', at('2026-01-31T23:59')))).toBe('2026-01');
    expect(bucketName('week', bucketOf('week', at('2025-12-29T00:00')))).toBe('2026-W01');
    expect(bucketName('week', bucketOf('week', at('2027-01-03T23:59')))).toBe('2026-W53');
    expect(bucketStart('week', bucketOf('week', at('2026-01-04T10:00')))).toBe(at('2025-12-29T00:00'));
  });

  it('a moment lies in its bucket, and buckets follow each other', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 4e9 }),
        fc.constantFrom('month' as const, 'week' as const),
        (t, kind) => {
          const bucket = bucketOf(kind, t);
          expect(bucketStart(kind, bucket)).toBeLessThanOrEqual(t);
          expect(bucketStart(kind, bucket + 1)).toBeGreaterThan(t);
          expect(bucketOf(kind, bucketStart(kind, bucket))).toBe(bucket);
        },
      ),
    );
  });
});

describe('history', () => {
  it('fills gaps with zeros, takes returns off, and leaves the current bucket to the orders', () => {
    const row = (date: string, quantity: number): SalesRow => ({
      item: 'bolt',
      location: 'WH',
      customer: '',
      date: at(`${date}T09:00`),
      quantity,
    });
    const history = historyOf([
      row('2025-08-01', 5),
      row('2025-10-31', 9),
      row('2025-10-02', -2),
      row('2025-11-02', -4),
      row('2026-01-02', 7),
      row('2026-03-02', 3),
    ]);
    expect([...history.leaves[0]!.values]).toEqual([5, 0, 7, 0, 0]);
    expect(history.orders.map((o) => o.quantity)).toEqual([7, 3]);
  });

  it('tells items apart that are sold in parts of a unit', () => {
    const rows = sales();
    rows.push({ ...rows[0]!, item: 'oil', quantity: 1.5 }, { ...rows[0]!, item: 'oil', quantity: 2 });
    expect([...historyOf(rows).whole]).toEqual([
      ['bolt', true],
      ['nut', true],
      ['oil', false],
    ]);
  });
});

describe('hierarchy', () => {
  it('series of an item and location are spread over customers as they bought, and sum up at any level', () => {
    const plan = planOf();
    expect(plan.nodes).toHaveLength(2);
    expect(rounded(sumsOf(plan, { item: 'bolt' }).total)).toEqual([40, 40, 40, 40]);
    expect(rounded(sumsOf(plan, { item: 'bolt', customer: 'Ann' }).total)).toEqual([30, 30, 30, 30]);
    expect(rounded(sumsOf(plan, { customer: 'retail' }).total)).toEqual([30, 30, 30, 30]);
    expect(rounded(sumsOf(plan, { item: 'hardware' }).total)).toEqual([60, 60, 60, 60]);
    expect(rounded(sumsOf(plan, {}).history)).toEqual(new Array(12).fill(60));
  });

  it.each([
    ['item', 2],
    ['item-location-customer', 3],
  ] as const)('level %s has %d series here, with the same totals', (level, series) => {
    const plan = planOf(sales(), { level });
    expect(plan.nodes).toHaveLength(series);
    expect(rounded(sumsOf(plan, {}).total)).toEqual([60, 60, 60, 60]);
  });

  it('unfolds from the roots down', () => {
    const plan = planOf();
    expect(namesBelow(plan, 'item', null)).toEqual([{ name: 'hardware', children: true }]);
    expect(namesBelow(plan, 'item', 'hardware')).toEqual([
      { name: 'bolt', children: false },
      { name: 'nut', children: false },
    ]);
    expect(namesBelow(plan, 'item', 'bolt')).toEqual([]);
    expect(namesBelow(plan, 'customer', null)).toEqual([
      { name: 'Bob', children: false },
      { name: 'retail', children: true },
    ]);
  });

  it('an override is spread in proportion, the last word counts, and levels still sum up', () => {
    const plan = planOf();
    const refusals = applyOverrides(plan, [
      { item: 'bolt', customer: 'Bob', bucket: plan.first, quantity: 30 },
      { item: 'hardware', bucket: plan.first, quantity: 120, comment: 'fair' },
      { customer: 'retail', bucket: plan.first + 1, quantity: 0 },
    ]);
    expect(refusals).toEqual([]);
    const sums = (address: object) => rounded(sumsOf(plan, address).total).slice(0, 2);
    // 30 + 30 + 20 became 120
    expect(sums({ item: 'bolt', customer: 'Ann' })).toEqual([45, 0]);
    expect(sums({ item: 'bolt', customer: 'Bob' })).toEqual([45, 10]);
    expect(sums({ item: 'nut' })).toEqual([30, 20]);
    expect([...sumsOf(plan, { item: 'nut' }).overridden]).toEqual([1, 0, 0, 0]);
    expect(rounded(sumsOf(plan, { item: 'nut' }).baseline)).toEqual([20, 20, 20, 20]);
    expect(commentsOn(plan, { item: 'nut', location: 'WH', customer: 'Bob' }, plan.first)).toEqual(['fair']);
    expect(commentsOn(plan, { item: 'nut' }, plan.first + 1)).toEqual([]);
  });

  it('an override of nothing is spread by history, and one of a new item makes a forecast', () => {
    const plan = planOf();
    applyOverrides(plan, [
      { item: 'bolt', bucket: plan.first, quantity: 0 },
      { item: 'bolt', bucket: plan.first, quantity: 8 },
      { item: 'washer', location: 'WH', bucket: plan.first, quantity: 5 },
    ]);
    expect(rounded(sumsOf(plan, { item: 'bolt', customer: 'Ann' }).total)[0]).toBe(6);
    expect(rounded(sumsOf(plan, { item: 'washer' }).total)).toEqual([5, 0, 0, 0]);
    expect(plan.leaves.map((l) => l.item)).toEqual(['bolt', 'bolt', 'nut', 'washer']);
  });

  it('refuses overrides that it cannot apply, and says why', () => {
    const plan = planOf();
    const before = rounded(sumsOf(plan, {}).total);
    const refusals = applyOverrides(plan, [
      { item: 'bolt', bucket: plan.first - 1, quantity: 1 },
      { item: 'bolt', bucket: plan.first, quantity: -1 },
      { item: 'nobody knows', bucket: plan.first, quantity: 1 },
    ]);
    expect(refusals.map((r) => r.reason)).toEqual([
      'its bucket is not among those that are forecast',
      'its quantity is -1, not a number of 0 or more',
      'nothing is sold there, and it does not name an item and a location to make a new forecast of',
    ]);
    expect(rounded(sumsOf(plan, {}).total)).toEqual(before);
  });
});

describe('netting', () => {
  const order = (date: string, quantity: number, more: Partial<SalesRow> = {}): SalesRow => ({
    item: 'nut',
    location: 'WH',
    customer: 'Bob',
    date: at(`${date}T00:00`),
    quantity,
    ...more,
  });
  function net(orders: SalesRow[], options: NettingOptions = {}, address: object = { item: 'nut' }) {
    const plan = planOf();
    const { unmatched } = netOrders(plan, orders, options);
    return { net: rounded(sumsOf(plan, address).net), unmatched: unmatched.map((u) => u.quantity), plan };
  }

  it('orders use up the forecast of their bucket, and no more than there is', () => {
    expect(net([order('2026-02-10', 5), order('2026-02-20', 6)]).net).toEqual([20, 9, 20, 20]);
    expect(net([order('2026-02-10', 50)])).toMatchObject({ net: [20, 0, 20, 20], unmatched: [30] });
  });

  it('then earlier buckets, then later ones, as far as is allowed', () => {
    const options = { netEarlier: 31 * DAY, netLater: 31 * DAY };
    expect(net([order('2026-03-15', 35)], options).net).toEqual([20, 5, 0, 20]);
    expect(net([order('2026-03-15', 55)], options).net).toEqual([20, 0, 0, 5]);
    expect(net([order('2026-03-15', 75)], options)).toMatchObject({ net: [20, 0, 0, 0], unmatched: [15] });
    expect(net([order('2026-03-15', 35)], { netLater: 31 * DAY }).net).toEqual([20, 20, 0, 5]);
    // the end of February is 15 days away: 14 days do not reach it
    expect(net([order('2026-03-15', 35)], { netEarlier: 14 * DAY }).net).toEqual([20, 20, 0, 20]);
    expect(net([order('2026-03-15', 35)], { netEarlier: 15 * DAY }).net).toEqual([20, 5, 0, 20]);
  });

  it('an order of the current month counts although it is due before now, one of an earlier month does not', () => {
    expect(net([order('2026-01-02', 4), order('2025-12-30', 4)]).net).toEqual([16, 20, 20, 20]);
  });

  it('takes from all customers of the item, or from its own customer first', () => {
    const ordered = [order('2026-02-10', 8, { item: 'bolt', customer: 'Bob' })];
    expect(net(ordered, {}, { item: 'bolt', customer: 'Bob' }).net[1]).toBe(8);
    expect(net(ordered, { byCustomer: true }, { item: 'bolt', customer: 'Bob' }).net[1]).toBe(2);
    expect(net(ordered, { byCustomer: true }, { item: 'bolt', customer: 'Ann' }).net[1]).toBe(30);
  });

  it('an order of an item without forecast uses that of the item’s owner', () => {
    const plan = planOf(sales(), { owners: { ...OWNERS, item: new Map([['special nut', 'nut']]) } });
    const special = order('2026-02-10', 8, { item: 'special nut', customer: 'Cid' });
    expect(netOrders(plan, [special]).unmatched).toEqual([]);
    expect(rounded(sumsOf(plan, { item: 'nut' }).net)).toEqual([20, 12, 20, 20]);
    expect(netOrders(plan, [order('2026-02-10', 8, { item: 'unknown' })]).unmatched).toHaveLength(1);
  });

  it('nets anew each time, and nothing is ever used up twice', () => {
    const anyOrder = fc.record({
      day: fc.integer({ min: -20, max: 150 }),
      quantity: fc.integer({ min: 1, max: 60 }),
      item: fc.constantFrom('nut', 'bolt', 'other'),
      customer: fc.constantFrom('Ann', 'Bob', 'Cid'),
    });
    const days = fc.integer({ min: 0, max: 90 });
    fc.assert(
      fc.property(fc.array(anyOrder, { maxLength: 25 }), days, days, fc.boolean(), (list, e, l, byCustomer) => {
        const plan = planOf();
        const orders = list.map((o) => ({ ...o, location: 'WH', date: at('2026-01-01T00:00') + o.day * DAY }));
        const options = { netEarlier: e * DAY, netLater: l * DAY, byCustomer };
        const { unmatched } = netOrders(plan, orders, options);
        const { consumed, total } = sumsOf(plan, {});
        const used = consumed.reduce((a, b) => a + b, 0);
        const asked = orders.filter((o) => o.day >= 0).reduce((a, o) => a + o.quantity, 0);
        expect(used + unmatched.reduce((a, u) => a + u.quantity, 0)).toBeCloseTo(asked, 6);
        for (const leaf of plan.leaves) {
          for (let h = 0; h < 4; h++) expect(leaf.consumed[h]!).toBeLessThanOrEqual(leaf.total[h]! + 1e-6);
        }
        expect(total.reduce((a, b) => a + b, 0)).toBeCloseTo(240, 6);
        netOrders(plan, orders, options);
        expect(sumsOf(plan, {}).consumed.reduce((a, b) => a + b, 0)).toBeCloseTo(used, 9);
      }),
      { numRuns: 100 },
    );
  });
});

describe('demands for the engine', () => {
  it('are the net forecast per item, location and bucket, after all orders, never due before now', () => {
    const plan = planOf();
    netOrders(plan, [{ item: 'nut', location: 'WH', customer: 'Bob', date: at('2026-02-10T00:00'), quantity: 20 }]);
    const demands = [...forecastDemands(plan, { current: CURRENT, priority: 99, due: 'start' })];
    expect(demands).toHaveLength(7);
    expect(demands[0]).toEqual({
      name: 'Forecast bolt @ WH 2026-01',
      category: 'forecast',
      item: 'bolt',
      location: 'WH',
      quantity: 40,
      due: CURRENT,
      priority: 99,
      status: 'open',
    });
    expect(demands[1]!.due).toBe(at('2026-02-01T00:00'));
    expect(
      [...forecastDemands(plan, { current: CURRENT, priority: 1, byCustomer: true })].map((d) => d.name),
    ).toContain('Forecast bolt @ WH for Ann 2026-03');
  });

  it('whole units stay whole, and what is rounded off is not lost', () => {
    const plan = planOf();
    for (const leaf of plan.leaves) leaf.total.fill(leaf.customer === 'Ann' ? 0 : 0.3);
    const bolts = [...forecastDemands(plan, { current: CURRENT, priority: 1 })].filter((d) => d.item === 'bolt');
    expect(bolts.map((d) => [d.name.slice(-7), d.quantity])).toEqual([['2026-02', 1]]);
  });
});

describe('rows', () => {
  it('one per cell, with what it is made of', () => {
    const plan = planOf();
    applyOverrides(plan, [{ item: 'nut', bucket: plan.first + 1, quantity: 25, comment: 'promotion' }]);
    netOrders(plan, [{ item: 'nut', location: 'WH', customer: 'Bob', date: at('2026-02-10T00:00'), quantity: 5 }]);
    const row = [...forecastRows(plan)].find((r) => r.item === 'nut' && r.bucket === '2026-02');
    expect(row).toMatchObject({
      start: '2026-02-01',
      end: '2026-03-01',
      orders: 5,
      baseline: 20,
      override: 25,
      total: 25,
      consumed: 5,
      net: 20,
      comment: 'promotion',
    });
  });

  it('CSV is quoted where it must be, and no spreadsheet takes a name for a formula', () => {
    expect(csvCell('a "b", c')).toBe('"a ""b"", c"');
    expect(csvCell('=1+1')).toBe("'=1+1");
    expect(csvCell('-5')).toBe('-5');
    expect([...forecastCsv(forecastRows(planOf()))].join('').split('\r\n')).toHaveLength(1 + 3 * 4 + 1);
  });
});

describe('a run', () => {
  it('tells its progress and stops when it is told to', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => ({ ...sales()[i % 36]!, item: `item ${i}` }));
    const parts: number[] = [];
    const { plan } = await runForecast(historyOf(rows), { horizon: 3 }, { progress: (part) => parts.push(part) });
    expect(plan.nodes).toHaveLength(200);
    expect(parts.at(-1)).toBe(1);
    expect(parts).toEqual([...parts].sort((a, b) => a - b));
    const stop = new AbortController();
    const run = runForecast(historyOf(rows), { horizon: 3 }, { signal: stop.signal, progress: () => stop.abort() });
    await expect(run).rejects.toThrow(/abort/i);
  });
});
