// Shelf life: what expires is not promised, is replenished in time, and leaves the stock on its day.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Buffer, Network } from '../../src/planner/engine/network.ts';
import { pegging } from '../../src/planner/engine/pegging.ts';
import { problemsOf } from '../../src/planner/engine/problems.ts';
import { DEFAULT_ARGUMENTS, type PlanArguments, planModel } from '../../src/planner/engine/run.ts';
import { expiredIn } from '../../src/planner/engine/shelf-life.ts';
import { planLines } from '../../src/planner/engine/text.ts';
import { openDesk } from '../../src/planner/live/desk.ts';
import { addEntity, emptyPlanModel, type PlanModel } from '../../src/planner/plan-document.ts';
import { DAY, modelOf, NOW, type RandomModel, randomModel } from './models.ts';

const UNCONSTRAINED: PlanArguments = { ...DEFAULT_ARGUMENTS, constraints: 0, plantype: 2 };
const day = (t: number) => (t - NOW) / DAY;

interface Milk {
  life?: number;
  lead?: number;
  least?: number;
  minimum?: number;
  onhand?: number;
  lots?: [quantity: number, expiryDay: number | null][];
  demands: [quantity: number, dueDay: number, priority?: number][];
}

function milk({ life, lead = 2, least = 1, minimum, onhand, lots = [], demands }: Milk): PlanModel {
  const model = emptyPlanModel();
  model.header.current = NOW;
  addEntity(model, { entity: 'location', value: { name: 'WH' } });
  addEntity(model, {
    entity: 'item',
    value: { name: 'milk', ...(life === undefined ? {} : { shelflife: life * DAY }) },
  });
  addEntity(model, {
    entity: 'itemsupplier',
    value: { item: 'milk', supplier: 'dairy', location: 'WH', leadtime: lead * DAY, sizeMinimum: least },
  });
  addEntity(model, {
    entity: 'buffer',
    value: {
      name: 'milk @ WH',
      item: 'milk',
      location: 'WH',
      ...(onhand === undefined ? {} : { onhand }),
      ...(minimum === undefined ? {} : { minimum }),
    },
  });
  lots.forEach(([quantity, expiry], i) => {
    addLot(model, 'milk', `lot ${i}`, quantity, expiry);
  });
  demands.forEach(([quantity, due, priority = 1], i) => {
    addEntity(model, {
      entity: 'demand',
      value: { name: `D${i}`, item: 'milk', location: 'WH', quantity, due: NOW + due * DAY, priority, minshipment: 0 },
    });
  });
  return model;
}

function addLot(model: PlanModel, item: string, name: string, quantity: number, expiry: number | null): void {
  addEntity(model, {
    entity: 'operationplan',
    value: {
      reference: `STCK ${item} @ WH @ ${name}`,
      ordertype: 'STCK',
      item,
      location: 'WH',
      quantity,
      end: NOW,
      ...(expiry === null ? {} : { expiry: NOW + expiry * DAY }),
    },
  });
}

const bufferNamed = (net: Network, name: string) => net.buffers.get(name) as Buffer;
const supplies = (net: Network, name = 'milk @ WH') =>
  bufferNamed(net, name)
    .flowplans.filter((f) => f.quantity > 0 && f.opplan.operation.kind !== 'inventory')
    .map((f) => [day(f.date), f.quantity])
    .sort((a, b) => a[0]! - b[0]!);
const deliveries = (net: Network) =>
  [...net.demands.values()].flatMap((d) => d.deliveries.map((o) => [d.name, day(o.end), o.quantity]));
const losses = (net: Network, name = 'milk @ WH') =>
  expiredIn(bufferNamed(net, name)).map((x) => [day(x.date), x.quantity]);

for (const [kind, args] of [
  ['constrained', DEFAULT_ARGUMENTS],
  ['unconstrained', UNCONSTRAINED],
] as const) {
  describe(`a ${kind} plan`, () => {
    it('does not promise a lot after its last day, and replenishes in time', () => {
      const net = planModel(
        milk({
          lots: [[10, 5]],
          demands: [
            [4, 3],
            [4, 8],
          ],
        }),
        args,
      );
      expect(supplies(net)).toEqual([[8, 4]]);
      expect(losses(net)).toEqual([[5, 6]]);
      expect(deliveries(net)).toEqual([
        ['D0', 3, 4],
        ['D1', 8, 4],
      ]);
    });

    it('uses a lot up to its last day', () => {
      const net = planModel(milk({ lots: [[10, 5]], demands: [[10, 5]] }), args);
      expect(supplies(net)).toEqual([]);
      expect(losses(net)).toEqual([]);
    });

    it('buys twice for two demands a year apart, and each time no less than the least lot', () => {
      const net = planModel(
        milk({
          life: 30,
          least: 100,
          demands: [
            [10, 20],
            [10, 385],
          ],
        }),
        args,
      );
      expect(supplies(net)).toEqual([
        [20, 100],
        [385, 100],
      ]);
      expect(losses(net)).toEqual([
        [50, 90],
        [415, 90],
      ]);
    });

    it('takes what expires first', () => {
      const net = planModel(
        milk({
          lots: [
            [5, 40],
            [5, 10],
            [5, null],
          ],
          demands: [
            [5, 9],
            [5, 39],
            [5, 300],
          ],
        }),
        args,
      );
      expect(supplies(net)).toEqual([]);
      expect(losses(net)).toEqual([]);
    });

    it('does not count on what has expired already', () => {
      const net = planModel(milk({ lots: [[10, -1]], demands: [[4, 3]] }), args);
      expect(supplies(net)).toEqual([[3, 4]]);
      expect(bufferNamed(net, 'milk @ WH').stock.at(NOW)).toBe(0);
    });

    it('keeps stock without a date no longer than what is fresh today', () => {
      const net = planModel(
        milk({
          life: 10,
          onhand: 8,
          demands: [
            [2, 10],
            [2, 11],
          ],
        }),
        args,
      );
      expect(supplies(net)).toEqual([[11, 2]]);
    });

    it('counts stock by lot of items that keep', () => {
      const net = planModel(
        milk({
          lots: [
            [5, null],
            [3, null],
          ],
          demands: [[8, 300]],
        }),
        args,
      );
      expect(supplies(net)).toEqual([]);
      expect(bufferNamed(net, 'milk @ WH').shelf).toBeNull();
    });

    it('serves a demand that is planned later out of what would expire', () => {
      const net = planModel(
        milk({
          life: 30,
          least: 100,
          demands: [
            [10, 40, 1],
            [10, 20, 2],
            [60, 45, 3],
          ],
        }),
        args,
      );
      expect(problemsOf(net)).toEqual([]);
      expect(supplies(net)).toEqual([[20, 100]]);
    });

    it('renews safety stock as long as there is something that it is for', () => {
      const net = planModel(milk({ life: 30, minimum: 5, demands: [[4, 70]] }), args);
      expect(problemsOf(net)).toEqual(args === UNCONSTRAINED ? [] : [expect.objectContaining({ start: NOW })]);
      expect(supplies(net).length).toBeLessThanOrEqual(4);
      const { stock } = bufferNamed(net, 'milk @ WH');
      for (let d = 3; d <= 70; d++) expect(stock.at(NOW + d * DAY)).toBeGreaterThanOrEqual(5);
    });
  });
}

/** Bread of flour, one each, an hour per loaf on one oven that is open from 8 to 16 on workdays. */
function bakery(changes: { bread?: number; flour?: number; demands: [number, number][] }): PlanModel {
  const model = emptyPlanModel();
  model.header.current = NOW;
  addEntity(model, {
    entity: 'calendar',
    value: { name: 'hours', default: 0, buckets: [{ value: 1, days: 62, starttime: 8 * 3600, endtime: 16 * 3600 }] },
  });
  addEntity(model, { entity: 'location', value: { name: 'WH' } });
  const kept = (days: number | undefined) => (days === undefined ? {} : { shelflife: days * DAY });
  addEntity(model, { entity: 'item', value: { name: 'bread', ...kept(changes.bread) } });
  addEntity(model, { entity: 'item', value: { name: 'flour', ...kept(changes.flour) } });
  addEntity(model, { entity: 'resource', value: { name: 'oven', maximum: 1, location: 'WH', available: 'hours' } });
  addEntity(model, {
    entity: 'itemsupplier',
    value: { item: 'flour', supplier: 'mill', location: 'WH', leadtime: DAY, sizeMinimum: 20 },
  });
  addEntity(model, {
    entity: 'operation',
    value: {
      name: 'bake',
      type: 'operation_time_per',
      item: 'bread',
      location: 'WH',
      durationPer: 3600,
      loads: [{ resource: 'oven', quantity: 1 }],
      flows: [{ type: 'flow_start', item: 'flour', quantity: -1 }],
    },
  });
  changes.demands.forEach(([quantity, due], i) => {
    addEntity(model, {
      entity: 'demand',
      value: { name: `D${i}`, item: 'bread', location: 'WH', quantity, due: NOW + due * DAY, minshipment: quantity },
    });
  });
  return model;
}

describe('what is made', () => {
  it('is late rather than made so early that it expires before it is delivered', () => {
    // three orders of a day each for Friday evening; bread keeps a day
    const demands: [number, number][] = [
      [8, 4.7],
      [8, 4.7],
      [8, 4.7],
    ];
    const early = deliveries(planModel(bakery({ demands }), DEFAULT_ARGUMENTS));
    expect(early.every(([, end]) => Number(end) <= 4.7)).toBe(true);
    const net = planModel(bakery({ bread: 1.1, demands }), DEFAULT_ARGUMENTS);
    expect(deliveries(net)).toHaveLength(3);
    expect(problemsOf(net)).toEqual([]);
    expect(losses(net, 'bread @ WH')).toEqual([]);
    expect(deliveries(net).filter(([, end]) => Number(end) > 4.7)).toHaveLength(1);
  });

  it('is not made before a weekend for after it', () => {
    const net = planModel(bakery({ bread: 1, demands: [[4, 7]] }), DEFAULT_ARGUMENTS);
    expect(problemsOf(net)).toEqual([]);
    expect(losses(net, 'bread @ WH')).toEqual([]);
    const [[, end]] = deliveries(net) as [[string, number, number]];
    expect(end).toBeGreaterThan(7);
    expect(end).toBeLessThan(8.7);
  });

  it('takes components that are still good', () => {
    const net = planModel(
      bakery({
        flour: 10,
        demands: [
          [5, 4],
          [5, 11],
          [5, 32],
        ],
      }),
      DEFAULT_ARGUMENTS,
    );
    expect(problemsOf(net)).toEqual([]);
    expect(deliveries(net).map(([, end]) => end)).toEqual([4, 11, 32]);
    expect(supplies(net, 'flour @ WH').map(([, quantity]) => quantity)).toEqual([20, 20]);
    expect(losses(net, 'flour @ WH').map(([, quantity]) => quantity)).toEqual([10, 15]);
  });
});

it('pegs a delivery to the lot that expires first', () => {
  const net = planModel(
    milk({
      lots: [
        [5, 40],
        [5, 10],
      ],
      demands: [
        [5, 9],
        [5, 39],
      ],
    }),
    DEFAULT_ARGUMENTS,
  );
  const lots = [...net.demands.values()].map((d) =>
    pegging(net)
      .upstream(d)
      .filter((p) => p.level === 1)
      .map((p) => [p.order.operation.name, p.quantity]),
  );
  expect(lots).toEqual([[['Inventory milk @ WH 2', 5]], [['Inventory milk @ WH', 5]]]);
});

interface Perishable {
  random: RandomModel;
  lives: (number | null)[];
  lots: { part: number; quantity: number; expiry: number }[];
  minimum: number;
}

const days = fc.option(fc.integer({ min: 1, max: 12 }), { nil: null });
const perishable: fc.Arbitrary<Perishable> = fc.record({
  random: randomModel,
  lives: fc.array(days, { minLength: 7, maxLength: 7 }),
  lots: fc.array(
    fc.record({
      part: fc.integer({ min: 0, max: 2 }),
      quantity: fc.integer({ min: 1, max: 20 }),
      expiry: fc.integer({ min: -2, max: 30 }),
    }),
    { maxLength: 5 },
  ),
  minimum: fc.constantFrom(0, 0, 4),
});

function perishableModel({ random, lives, lots, minimum }: Perishable): PlanModel {
  const model = modelOf(random);
  [...model.items.values()].forEach((item, i) => {
    const life = lives[i % lives.length];
    if (life !== null && life !== undefined) item.shelflife = life * DAY;
  });
  lots.forEach(({ part, quantity, expiry }, i) => {
    addLot(model, `part ${part}`, `lot ${i}`, quantity, expiry);
  });
  const first = [...model.buffers.values()][0];
  if (first !== undefined && minimum > 0) first.minimum = minimum;
  return model;
}

/** Units of stock that are taken, each with the last day it may be: null when something is missing or too old. */
function replay(b: Buffer): { left: number } | null {
  const units: { lastDay: number; quantity: number }[] = [];
  const moves = b.flowplans.toSorted((x, y) => x.date - y.date || y.quantity - x.quantity);
  const lot = (f: (typeof moves)[number]): number => {
    const known = b.shelf?.lots.get(f);
    if (known !== undefined) return known;
    return f.date + (b.item?.shelfLife ?? Infinity);
  };
  for (const f of moves) {
    if (f.quantity > 0) units.push({ lastDay: lot(f), quantity: f.quantity });
    let need = Math.max(-f.quantity, 0);
    for (const unit of units.toSorted((x, y) => x.lastDay - y.lastDay)) {
      if (unit.lastDay < f.date) continue;
      const taken = Math.min(unit.quantity, need);
      unit.quantity -= taken;
      need -= taken;
    }
    if (need > 1e-5) return null;
  }
  return { left: units.reduce((sum, { quantity }) => sum + quantity, 0) };
}

it('does not make an order smaller so that it begins when its component has expired', () => {
  // of thirteen, to be begun on Monday afternoon, one could be had of stock that expires at midnight; one alone begins on Tuesday
  const part = { leadDays: 0, minimum: 1, onhand: 0 };
  const random: RandomModel = {
    hours: true,
    products: [{ perUnit: 1, minutes: 74, resource: 0, part: 2, steps: 1, multiple: 1 }],
    parts: [part, part, { leadDays: 9, minimum: 1, onhand: 1 }],
    capacity: [1, 1],
    demands: [{ product: 0, quantity: 13, dueDays: 9, priority: 1, minshipment: 0 }],
  };
  const lots = [{ part: 2, quantity: 6, expiry: 5 }];
  const net = planModel(
    perishableModel({ random, lives: [null, null, 8, null, null], lots, minimum: 0 }),
    DEFAULT_ARGUMENTS,
  );
  expect(problemsOf(net)).toEqual([]);
  expect(replay(bufferNamed(net, 'part 2 @ WH'))).not.toBeNull();
  expect(net.demands.get('D00')?.planned()).toBe(13);
});

describe('whatever expires', () => {
  const runs = { numRuns: Number(process.env.INTRICATE_RUNS ?? 100) };

  it('nothing is taken that has expired, and no stock is negative', () => {
    let expiring = 0;
    fc.assert(
      fc.property(perishable, (p) => {
        const net = planModel(perishableModel(p), DEFAULT_ARGUMENTS);
        for (const b of net.buffers.values()) {
          const end = replay(b);
          expect(end, b.name).not.toBeNull();
          expect(b.stock.minimumFrom(0), b.name).toBeGreaterThan(-1e-5);
          if (b.shelf === null) continue;
          const lost = expiredIn(b).reduce((sum, { quantity }) => sum + quantity, 0);
          if (lost > 0) expiring++;
          expect((end?.left ?? 0) - lost - b.stock.last()).toBeCloseTo(0, 4);
        }
      }),
      runs,
    );
    expect(expiring).toBeGreaterThan(20);
  });

  it('all demands are planned in the end', () => {
    fc.assert(
      fc.property(perishable, (p) => {
        const net = planModel(perishableModel(p), DEFAULT_ARGUMENTS);
        for (const d of net.demands.values()) expect(d.planned()).toBeCloseTo(d.quantity, 4);
      }),
      runs,
    );
  });

  it('the plan is the same each time, and a quote changes nothing', () => {
    fc.assert(
      fc.property(perishable, fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 40 }), (p, quantity, due) => {
        const text = (net: Network) => [...planLines(net)].join('\n');
        const net = planModel(perishableModel(p), DEFAULT_ARGUMENTS);
        const before = text(net);
        expect(text(planModel(perishableModel(p), DEFAULT_ARGUMENTS))).toBe(before);
        const desk = openDesk(net, DEFAULT_ARGUMENTS);
        const line = { item: 'product 0', location: 'WH', quantity, date: NOW + due * DAY };
        desk.quote({ lines: [{ ...line, minimumShipment: null, maximumLateness: null }], together: false }, []);
        expect(text(net)).toBe(before);
      }),
      runs,
    );
  });

  it('without constraints everything is on time', () => {
    fc.assert(
      fc.property(perishable, (p) => {
        const net = planModel(perishableModel({ ...p, random: { ...p.random, hours: false } }), UNCONSTRAINED);
        for (const d of net.demands.values()) {
          expect(d.planned()).toBeCloseTo(d.quantity, 4);
          for (const o of d.deliveries) expect(o.end).toBeLessThanOrEqual(d.due);
        }
        for (const b of net.buffers.values()) expect(replay(b), b.name).not.toBeNull();
      }),
      runs,
    );
  });
});
