// What must hold of any plan, whatever the model.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCalendar } from '../../src/planner/engine/calendar.ts';
import type { Network } from '../../src/planner/engine/network.ts';
import { pegging } from '../../src/planner/engine/pegging.ts';
import { problemsOf } from '../../src/planner/engine/problems.ts';
import { DEFAULT_ARGUMENTS, planModel } from '../../src/planner/engine/run.ts';
import { planLines } from '../../src/planner/engine/text.ts';
import { between, intersect } from '../../src/planner/engine/worktime.ts';
import { intricateModel, modelOf, NOW, type RandomModel } from './models.ts';

const RUNS = { numRuns: 60 };
const plan = (random: RandomModel, keep?: Parameters<typeof modelOf>[1]): Network =>
  planModel(modelOf(random, keep), DEFAULT_ARGUMENTS);
const orders = (net: Network) => [...net.operations.values()].flatMap((o) => [...o.opplans]);

describe('a constrained plan', () => {
  it('has no negative stock and no overload', () => {
    fc.assert(
      fc.property(intricateModel, (random) => {
        expect(problemsOf(plan(random)).filter((p) => p.type !== 'invalid data')).toEqual([]);
      }),
      RUNS,
    );
  });

  it('starts nothing before now', () => {
    fc.assert(
      fc.property(intricateModel, (random) => {
        for (const o of orders(plan(random))) if (o.proposed) expect(o.start).toBeGreaterThanOrEqual(NOW);
      }),
      RUNS,
    );
  });

  it('works as long as the operation says, in working hours', () => {
    const hours = compileCalendar(
      { name: 'hours', default: 0, buckets: [{ value: 1, days: 62, starttime: 8 * 3600, endtime: 16 * 3600 }] },
      1,
      NOW - 86_400 * 400,
    );
    fc.assert(
      fc.property(intricateModel, (random) => {
        const work = random.hours ? intersect([hours]) : undefined;
        for (const o of orders(plan(random))) {
          if (o.operation.kind !== 'timeper') continue;
          expect(between(work, o.start, o.end).actual).toBe(o.operation.durationPer * o.quantity);
        }
      }),
      RUNS,
    );
  });

  it('keeps the steps of a routing in order and of one size', () => {
    fc.assert(
      fc.property(intricateModel, (random) => {
        for (const o of orders(plan(random))) {
          if (o.operation.kind !== 'routing') continue;
          expect(o.subs.map((s) => s.operation)).toEqual(o.operation.steps.map((s) => s.operation));
          o.subs.forEach((s, i) => {
            expect(s.quantity).toBeCloseTo(o.quantity);
            const next = o.subs[i + 1];
            if (next !== undefined) expect(s.end).toBeLessThanOrEqual(next.start);
          });
        }
      }),
      RUNS,
    );
  });

  it('balances: stock in the end is what came in less what went out', () => {
    fc.assert(
      fc.property(intricateModel, (random) => {
        const net = plan(random);
        for (const b of net.buffers.values()) {
          let sum = 0;
          for (const o of orders(net)) for (const f of o.flowplans) if (f.buffer === b) sum += f.quantity;
          expect(b.stock.last()).toBeCloseTo(sum, 4);
        }
        for (const o of orders(net)) {
          for (const f of o.flowplans) {
            if (o.operation.kind !== 'inventory') expect(f.quantity).toBeCloseTo(o.quantity * f.flow.quantity, 4);
          }
        }
      }),
      RUNS,
    );
  });

  it('delivers no more than asked, in shipments of the least size at least', () => {
    fc.assert(
      fc.property(intricateModel, (random) => {
        for (const d of plan(random).demands.values()) {
          expect(d.planned()).toBeLessThanOrEqual(d.quantity + 1e-6);
          for (const o of d.deliveries)
            expect(o.quantity).toBeGreaterThanOrEqual(Math.min(d.minShipment, d.quantity) - 1e-6);
        }
      }),
      RUNS,
    );
  });

  it('is the same each time, byte for byte', () => {
    fc.assert(
      fc.property(intricateModel, (random) => {
        expect([...planLines(plan(random))]).toEqual([...planLines(plan(random))]);
      }),
      RUNS,
    );
  });

  it('is the same when the same model is planned once more', () => {
    fc.assert(
      fc.property(intricateModel, (random) => {
        const model = modelOf(random);
        const first = [...planLines(planModel(model, DEFAULT_ARGUMENTS))];
        expect([...planLines(planModel(model, DEFAULT_ARGUMENTS))]).toEqual(first);
      }),
      RUNS,
    );
  });

  it('pegs all that is delivered to its supply', () => {
    fc.assert(
      fc.property(intricateModel, (random) => {
        const net = plan(random);
        const pegs = pegging(net);
        for (const d of net.demands.values()) {
          if (d.deliveries.length === 0) continue;
          const supplied = pegs
            .upstream(d)
            .filter((p) => p.level === 1)
            .reduce((sum, p) => sum + p.quantity, 0);
          expect(supplied).toBeCloseTo(d.planned(), 3);
        }
      }),
      RUNS,
    );
  });
});

describe('priority', () => {
  it('a demand is not worse off for those that are planned after it', () => {
    fc.assert(
      fc.property(intricateModel, (random) => {
        const urgency = (d: RandomModel['demands'][number]): number => d.priority * 1e6 + d.dueDays * 1e3 + d.quantity;
        const ranked = [...random.demands].sort((a, b) => urgency(a) - urgency(b));
        const first = ranked[0];
        if (first === undefined || ranked.filter((d) => urgency(d) === urgency(first)).length > 1) return;
        // its own turn: nobody else, and no second look
        const alone = planModel(
          modelOf(random, (d) => d === first),
          { ...DEFAULT_ARGUMENTS, secondLook: 0 },
        );
        const together = plan(random);
        const [name] = [...alone.demands.keys()];
        const last = (net: Network): number => {
          const d = net.demands.get(name as string);
          if (d === undefined || d.planned() < d.quantity - 1e-6) return Infinity;
          return Math.max(d.due, ...d.deliveries.map((o) => o.end));
        };
        expect(last(together)).toBeLessThanOrEqual(last(alone));
      }),
      RUNS,
    );
  });
});

describe('a second look at late deliveries', () => {
  it('makes nobody later', () => {
    fc.assert(
      fc.property(intricateModel, (random) => {
        const before = planModel(modelOf(random), { ...DEFAULT_ARGUMENTS, secondLook: 0 });
        const after = plan(random);
        for (const d of before.demands.values()) {
          const again = after.demands.get(d.name);
          const last = (x: typeof d): number => Math.max(x.due, ...x.deliveries.map((o) => o.end));
          expect(again?.planned()).toBeCloseTo(d.planned(), 4);
          if (again !== undefined) expect(last(again)).toBeLessThanOrEqual(last(d));
        }
      }),
      RUNS,
    );
  });
});

describe('a plan without constraints', () => {
  it('delivers everything on time', () => {
    fc.assert(
      fc.property(intricateModel, (random) => {
        const net = planModel(modelOf(random), { ...DEFAULT_ARGUMENTS, constraints: 0, plantype: 2 });
        for (const d of net.demands.values()) {
          expect(d.planned()).toBeGreaterThanOrEqual(d.quantity - 1e-6);
          for (const o of d.deliveries) expect(o.end).toBeLessThanOrEqual(d.due);
        }
      }),
      RUNS,
    );
  });
});
