// What screens and the API get of a plan.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/planner/engine/network.ts';
import { pegging as enginePegging } from '../../src/planner/engine/pegging.ts';
import { planModel } from '../../src/planner/engine/run.ts';
import { runPlanJob } from '../../src/planner/engine/worker.ts';
import { INFINITE_FUTURE } from '../../src/planner/model.ts';
import { demandOutputs } from '../../src/planner/output/demands.ts';
import { flowplanOutputs, inventoryBuckets, inventoryOf } from '../../src/planner/output/inventory.ts';
import { planJson } from '../../src/planner/output/lines.ts';
import { allOrders, orderOutputs, referencesOf } from '../../src/planner/output/orders.ts';
import { planPegging } from '../../src/planner/output/pegging.ts';
import { problemOutputs } from '../../src/planner/output/problems.ts';
import { loadplanOutputs, resourceBuckets } from '../../src/planner/output/resources.ts';
import { day, english, list, sentence, span } from '../../src/planner/output/sentence.ts';
import { dayWords, quantityWords, spanWords } from '../../src/planner/output/words.ts';
import { modelOf, randomModel } from '../engine/models.ts';
import { DAY, demand, HOUR, NOW, plan, type Workshop, workshop } from './workshop.ts';

const at = (day: number, hour = 0): number => NOW + day * DAY + hour * HOUR;

function outputs(net: Network) {
  const references = referencesOf(net);
  const pegging = planPegging(net);
  return {
    references,
    pegging,
    orders: [...orderOutputs(net, references)],
    demands: [...demandOutputs(net, pegging, references)],
    problems: [...problemOutputs(net, references)],
  };
}

const LATER: Workshop = { demands: [demand('S1 1', 2, 14), demand('S2 2', 1, 16, { location: 'Shop' })] };

describe('orders', () => {
  it('purchases, manufacturing with steps, transports and deliveries, with what they use', () => {
    const { orders } = outputs(plan(workshop(LATER)));
    expect(orders.map((o) => o.type).sort()).toEqual(
      ['DLVR', 'DLVR', 'DO', 'MO', 'MO', 'PO', 'PO', 'PO', 'WO', 'WO', 'WO', 'WO'].sort(),
    );
    const make = orders.find((o) => o.type === 'MO' && o.quantity === 2);
    expect(make).toMatchObject({ item: 'Table', location: 'WH', status: 'proposed', value: 400, owner: null });
    const steps = orders.filter((o) => o.owner === make?.reference);
    expect(steps.map((s) => [s.operation, s.resources[0]?.name, s.item])).toEqual([
      ['Table @ WH 5 - assemble 52', 'Assembly 1', 'Table'],
      ['Table @ WH 5 - drill 51', 'Drill 1', 'Table'],
    ]);
    expect(steps[1]?.reference).toBe(`${make?.reference}.1`);
    expect(steps[1]?.materials).toMatchObject([
      { item: 'Leg', quantity: -8 },
      { item: 'Top', quantity: -2 },
    ]);
    expect(orders.find((o) => o.type === 'DO')).toMatchObject({ item: 'Table', origin: 'WH', location: 'Shop' });
    expect(orders.find((o) => o.type === 'PO' && o.item === 'Leg')).toMatchObject({
      supplier: 'Wood Corner 9',
      location: 'WH',
      quantity: 12,
    });
    expect(orders.filter((o) => o.type === 'DLVR').map((o) => o.demand)).toEqual(['S2 2', 'S1 1']);
  });

  it('keep the references of Odoo; those of new orders are unique and outlive a replanning', () => {
    const first = outputs(plan(workshop(LATER)));
    const all = first.orders.map((o) => o.reference);
    expect(new Set(all).size).toBe(all.length);
    const existing = workshop({
      ...LATER,
      demands: [demand('S1 1', 3, 15), demand('S2 2', 1, 16, { location: 'Shop' })],
      orders: [
        {
          reference: 'P00007 - 3',
          ordertype: 'PO',
          item: 'Top',
          location: 'WH',
          supplier: 'Wood Corner 9',
          status: 'confirmed',
          start: at(0),
          end: at(2),
          quantity: 5,
        },
      ],
    });
    const second = outputs(plan(existing));
    expect(second.orders.find((o) => o.reference === 'P00007 - 3')).toMatchObject({ item: 'Top', status: 'confirmed' });
    const made = (o: typeof first) => o.orders.filter((x) => x.type === 'MO').map((x) => x.reference);
    expect(made(second)).toEqual(made(first));
    expect(made(first)).toHaveLength(2);
  });
});

describe('pegging', () => {
  it('goes from a demand to all that supplies it, and back', () => {
    const net = plan(workshop({ ...LATER, stock: { Top: 1 } }));
    const { pegging, references } = outputs(net);
    const shop = net.demands.get('S2 2')!;
    const chain = pegging.supplyOf(shop);
    expect(chain.map(({ level, order }) => [level, order.operation.kind])).toEqual([
      [0, 'delivery'],
      [1, 'distribution'],
      [2, 'routing'],
      [3, 'purchase'],
      [3, expect.stringMatching(/purchase|inventory/)],
    ]);
    const legs = chain.find(({ order }) => order.operation.name.startsWith('Purchase Leg'))!;
    expect(legs.quantity).toBeCloseTo(4, 6);
    const served = pegging.demandsOf(legs.order);
    expect(served.map((s) => [s.demand.name, Math.round(s.quantity * 1e6) / 1e6])).toEqual([
      ['S1 1', 2],
      ['S2 2', 1],
    ]);
    expect(references(legs.order)).toMatch(/^P/);
  });

  it('finds what the engine’s own pegging finds, in any plan', () => {
    fc.assert(
      fc.property(randomModel, (random) => {
        const net = planModel(modelOf(random), { constraints: 52, plantype: 1, lazydelay: DAY, minimumdelay: HOUR });
        const ours = planPegging(net);
        const theirs = enginePegging(net);
        const sum = (pegs: Iterable<{ order: { operation: { name: string } }; quantity: number }>) => {
          const sums = new Map<string, number>();
          for (const { order, quantity } of pegs) {
            sums.set(order.operation.name, (sums.get(order.operation.name) ?? 0) + quantity);
          }
          return [...sums].map(([name, q]) => `${name} ${q.toFixed(4)}`).sort();
        };
        for (const d of net.demands.values()) expect(sum(ours.supplyOf(d))).toEqual(sum(theirs.upstream(d)));
        for (const o of allOrders(net)) {
          if (o.owner !== null) continue;
          const own = ours.demandsOf(o).map(({ demand: d, quantity }) => `${d.name} ${quantity.toFixed(4)}`);
          const reference = [...theirs.demandsOf(o)].map(([d, quantity]) => `${d.name} ${quantity.toFixed(4)}`);
          expect(own.sort()).toEqual(reference.sort());
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('demands and their reasons', () => {
  it('one that is in time has none', () => {
    const [first] = outputs(plan(workshop(LATER))).demands;
    expect(first).toMatchObject({ name: 'S1 1', late: 0, short: 0, planned: 2, promised: at(14), reasons: [] });
  });

  it('a lead time, with supplier and the day it ends', () => {
    const { demands } = outputs(plan(workshop({ demands: [demand('S1 1', 1, 4)], stock: { Top: 9 } })));
    expect(demands[0]?.promised).toBeGreaterThanOrEqual(at(7, 11));
    expect(demands[0]?.late).toBe((demands[0]?.promised ?? 0) - at(4));
    expect(demands[0]?.reasons).toMatchObject([
      {
        kind: 'leadtime',
        item: 'Leg',
        supplier: 'Wood Corner 9',
        leadTime: 7 * DAY,
        until: expect.any(Number),
        text: 'lead time of Leg from Wood Corner 9 (7 days) until 12 Jan',
      },
    ]);
  });

  it('quantities that are missing', () => {
    const late = demand('S1 1', 3, 4, { maxlateness: 0, minshipment: 1 });
    const { demands, problems } = outputs(plan(workshop({ demands: [late], stock: { Table: 1 } })));
    expect(demands[0]).toMatchObject({ planned: 1, short: 2, late: 0, promised: at(4) });
    expect(demands[0]?.reasons[0]?.text).toMatch(/^lead time of (Leg|Top) from Wood Corner 9/);
    expect(problems).toMatchObject([{ kind: 'short', quantity: 2, text: 'S1 1: 2 of 3 cannot be delivered' }]);
  });

  it('capacity, until the day there is some', () => {
    const net = plan(
      workshop({
        demands: [demand('S1 1', 8, 3, { priority: 1 }), demand('S2 2', 8, 3, { priority: 2 })],
        stock: { Top: 99, Leg: 99 },
      }),
    );
    const { demands } = outputs(net);
    const second = demands.find((d) => d.name === 'S2 2');
    expect(second?.late).toBeGreaterThan(0);
    const reason = second?.reasons.find((r) => r.kind === 'capacity');
    expect(reason?.text).toMatch(/^capacity of (Drill|Assembly) 1 until \d+ Jan$/);
    expect(reason?.until).toBeGreaterThanOrEqual(at(0));
    expect(reason?.until).toBeLessThan(second?.promised ?? 0);
  });

  it('material that nothing brings, an overdue date', () => {
    const unknown = demand('S1 1', 1, 4, { item: 'Vase' });
    const { demands, problems } = outputs(
      plan(workshop({ demands: [unknown, demand('S2 2', 1, -3)], stock: { Vase: 0 } })),
    );
    expect(demands[0]).toMatchObject({ late: 0 });
    expect(demands[0]?.reasons.map((r) => r.text)).toEqual([
      'no supply of Vase at WH: it has neither supplier nor bill of material',
    ]);
    expect(demands[1]?.reasons[0]?.text).toBe('it was due on 2 Jan, which is past');
    const told = problems.filter((p) => p.kind === 'short' || p.kind === 'material shortage').map((p) => p.name);
    expect(['S1 1', 'Vase @ WH']).toContain(told[0]);
    expect(problems.filter((p) => p.name === 'S2 2').map((p) => p.text)).toEqual([
      expect.stringMatching(/^S2 2: 1 will be delivered \d+ days late$/),
    ]);
  });
});

describe('problems of an unconstrained plan', () => {
  it('overloads, and orders that would have to start before now', () => {
    const demands = [demand('S1 1', 6, 2), demand('S2 2', 6, 2.5)];
    const { problems } = outputs(plan(workshop({ demands }), 0));
    expect(problems.filter((p) => p.kind === 'late' || p.kind === 'short')).toEqual([]);
    expect(new Set(problems.map((p) => p.kind))).toEqual(new Set(['overload', 'before current']));
    const before = problems.find((p) => p.kind === 'before current' && p.text.includes('Leg'));
    expect(before).toMatchObject({ object: 'order', end: NOW });
    const over = problems.find((p) => p.kind === 'overload');
    expect(over).toMatchObject({ object: 'resource', quantity: 1 });
  });

  it('stock that is missing, and orders that are not reported done', () => {
    const order = {
      reference: 'P00001 - 1',
      ordertype: 'PO' as const,
      item: 'Leg',
      location: 'WH',
      supplier: 'Wood Corner 9',
      status: 'confirmed' as const,
      start: at(-9),
      end: at(-2),
      quantity: 10,
    };
    const { problems } = outputs(plan(workshop({ orders: [order], stock: { Leg: -4 } })));
    expect(problems.map((p) => [p.kind, p.name])).toContainEqual(['overdue', 'P00001 - 1']);
    expect(problems.find((p) => p.kind === 'material shortage')).toMatchObject({ name: 'Leg @ WH', quantity: 4 });
  });
});

describe('inventory', () => {
  const starts = [0, 7, 14, 21].map((day) => at(day));

  it('movements add up to the stock after them', () => {
    fc.assert(
      fc.property(randomModel, (random) => {
        const net = planModel(modelOf(random), { constraints: 52, plantype: 1, lazydelay: DAY, minimumdelay: HOUR });
        const after = new Map<string, number>();
        for (const f of flowplanOutputs(net, referencesOf(net))) {
          const key = `${f.item} @ ${f.location}`;
          after.set(key, (after.get(key) ?? 0) + f.quantity);
          expect(f.onhand).toBeCloseTo(after.get(key)!, 5);
        }
        for (const b of net.buffers.values()) {
          const { points } = inventoryOf(net, b);
          for (const p of points) expect(p.onhand).toBeCloseTo(b.stock.at(p.date), 5);
          let closing: number | null = null;
          for (const row of inventoryBuckets(b, starts)) {
            if (closing !== null) expect(row.opening).toBeCloseTo(closing, 5);
            const change =
              row.purchased +
              row.made +
              row.transportedIn -
              row.delivered -
              row.used -
              row.transportedOut -
              row.expired;
            expect(row.opening + change).toBeCloseTo(row.closing, 5);
            expect(row.closing).toBeCloseTo(b.stock.before(row.end), 5);
            expect(row.lowest).toBeLessThanOrEqual(Math.min(row.opening, row.closing) + 1e-6);
            closing = row.closing;
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('per bucket, by where it comes from and goes to, with the safety stock', () => {
    const model = workshop({ ...LATER, stock: { Leg: 3 } });
    model.buffers.get('Leg @ WH')!.minimum = 2;
    const net = plan(model);
    const rows = [...inventoryBuckets(net.buffers.get('Leg @ WH')!, starts)];
    expect(rows.map((r) => [r.opening, r.purchased, r.used, r.closing, r.safetyStock])).toEqual([
      [3, 0, 0, 3, 2],
      [3, expect.any(Number), expect.any(Number), expect.any(Number), 2],
      [expect.any(Number), expect.any(Number), expect.any(Number), expect.any(Number), 2],
    ]);
    expect(rows.reduce((sum, r) => sum + r.used, 0)).toBe(12);
    expect(inventoryOf(net, net.buffers.get('Leg @ WH')!)).toMatchObject({
      item: 'Leg',
      location: 'WH',
      onhand: 3,
      safetyStock: [{ quantity: 0 }, { date: NOW, quantity: 2 }],
    });
  });
});

describe('resources', () => {
  it('load against working hours per bucket; nights do not count', () => {
    const net = plan(workshop({ demands: [demand('S1 1', 12, 4.5)], stock: { Leg: 99, Top: 99 } }));
    const days = [0, 1, 2, 3, 4, 5, 6, 7].map((day) => at(day));
    const rows = resourceBuckets(net, net.resources.get('Assembly 1')!, days);
    expect(rows.map((r) => r.capacity)).toEqual([8, 8, 8, 8, 8, 0, 0]);
    expect(rows.reduce((sum, r) => sum + r.load, 0)).toBeCloseTo(24, 6);
    for (const r of rows) expect(r.load).toBeLessThanOrEqual((r.capacity ?? 0) + 1e-9);
    expect(rows[5]?.utilization).toBeNull();
    const [week] = resourceBuckets(net, net.resources.get('Drill 1')!, [at(0), at(7)]);
    expect(week).toMatchObject({ capacity: 40, load: 12, utilization: 0.3 });
    const bars = [...loadplanOutputs(net, referencesOf(net))];
    expect(bars.map((b) => [b.resource, b.item, b.quantity])).toEqual([
      ['Assembly 1', 'Table', 1],
      ['Drill 1', 'Table', 1],
    ]);
    expect(bars[0]?.reference).toBe(`${bars[0]?.unit}.2`);
  });
});

describe('the plan as lines of JSON', () => {
  it('every line is an object that says what it is; dates are text', () => {
    const demands = [...(LATER.demands ?? []), demand('S3 3', 1, -2)];
    const lines = [...planJson(plan(workshop({ demands })))].map((l) => JSON.parse(l));
    expect(new Set(lines.map((l) => l.record))).toEqual(
      new Set(['plan', 'demand', 'order', 'flowplan', 'loadplan', 'inventory', 'problem']),
    );
    expect(lines.find((l) => l.record === 'demand')).toMatchObject({
      name: 'S1 1',
      promised: '2026-01-19T00:00:00',
      supply: expect.arrayContaining([expect.objectContaining({ level: 1, quantity: 2 })]),
    });
    expect(lines.find((l) => l.record === 'order' && l.item === 'Leg')?.serves.length).toBeGreaterThan(0);
  });

  it('is the same each time, and written by a planning job', async () => {
    const once = [...planJson(plan(workshop(LATER)))];
    expect([...planJson(plan(workshop(LATER)))]).toEqual(once);
    const folder = await mkdtemp(join(tmpdir(), 'output-'));
    try {
      const model = join(import.meta.dirname, 'workshop.xml');
      const json = join(folder, 'plan.ndjson');
      const document = join(folder, 'plan.xml');
      const args = { constraints: 52, plantype: 1, lazydelay: DAY, minimumdelay: HOUR };
      await runPlanJob({
        model,
        args,
        outputs: [
          { kind: 'json', path: json },
          { kind: 'document', path: document },
        ],
      });
      const lines = (await readFile(json, 'utf8')).trim().split('\n');
      expect(lines.map((l) => JSON.parse(l).record)).toContain('order');
      expect(await readFile(document, 'utf8')).toContain('ordertype="PO"');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('words', () => {
  it('for dates, times, quantities and lists', () => {
    expect(dayWords(at(7, 11), NOW)).toBe('12 Jan');
    expect(dayWords(Date.UTC(2027, 11, 31) / 1000, NOW)).toBe('31 Dec 2027');
    expect([60, 90, HOUR * 8, DAY, DAY * 1.5, DAY * 3].map(spanWords)).toEqual([
      '1 minute',
      '2 minutes',
      '8 hours',
      '1 day',
      '36 hours',
      '3 days',
    ]);
    expect([2, 2.5, 0.1 + 0.2].map(quantityWords)).toEqual(['2', '2.5', '0.3']);
    const said = sentence('{count} days to {names} from {day} ({time}): {why}', {
      count: 2.5,
      names: list(['a', '{day}', 'c'], 2),
      day: day(at(14)),
      time: span(DAY),
      why: sentence('it was due on {day}, which is past', { day: day(at(-14)) }),
    });
    expect(english(said, NOW)).toBe(
      '2.5 days to a, {day} and 1 more from 19 Jan (1 day): it was due on 22 Dec 2025, which is past',
    );
    expect(english(sentence('{names}', { names: list(['a', 'b', 'c'], 2, 9) }), NOW)).toBe('a, b and 7 more');
    expect(english(sentence('{day}', { day: day(INFINITE_FUTURE) }), NOW)).toBe('the end of the plan');
  });
});
