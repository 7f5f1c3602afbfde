// What must hold of a plan in which everything comes together: offsets, co-products, dependencies, batches, alternates.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moveOrder } from '../../src/planner/engine/move.ts';
import type { Network } from '../../src/planner/engine/network.ts';
import { openJournal } from '../../src/planner/engine/place-order.ts';
import { problemsOf } from '../../src/planner/engine/problems.ts';
import { quoteStack } from '../../src/planner/engine/quote.ts';
import { DEFAULT_ARGUMENTS, planModel } from '../../src/planner/engine/run.ts';
import { planLines } from '../../src/planner/engine/text.ts';
import { type Intricate, intricate, withTasks } from './intricate.ts';
import { DAY, NOW } from './models.ts';

const RUNS = { numRuns: Number(process.env.INTRICATE_RUNS ?? 60) };
const plan = (random: Intricate): Network => planModel(withTasks(random), DEFAULT_ARGUMENTS);
const orders = (net: Network) => [...net.operations.values()].flatMap((o) => [...o.opplans]);
const textOf = (net: Network) => [...planLines(net)].join('\n');
const troubles = (net: Network) => problemsOf(net).filter((p) => p.type !== 'invalid data');

function balance(net: Network): void {
  for (const b of net.buffers.values()) {
    let sum = 0;
    for (const o of orders(net)) for (const f of o.flowplans) if (f.buffer === b) sum += f.quantity;
    expect(b.stock.last()).toBeCloseTo(sum, 4);
  }
}

function waits(net: Network): void {
  for (const o of orders(net)) {
    for (const { first, second, dependency } of o.dependencies) {
      if (second === o) expect(first.end + (dependency?.hardSafety ?? 0)).toBeLessThanOrEqual(second.start);
    }
  }
}

describe('an intricate plan', () => {
  it('has no shortage, no overload and nothing that starts too early', () => {
    fc.assert(
      fc.property(intricate, (random) => {
        const net = plan(random);
        expect(troubles(net)).toEqual([]);
        for (const o of orders(net)) if (o.proposed) expect(o.start).toBeGreaterThanOrEqual(NOW);
        balance(net);
        waits(net);
      }),
      RUNS,
    );
  });

  it('keeps lots, validity, largest lateness and least shipments', () => {
    fc.assert(
      fc.property(intricate, (random) => {
        const net = plan(random);
        for (const o of orders(net)) {
          const { operation } = o;
          if (!['fixed', 'timeper', 'routing', 'purchase'].includes(operation.kind) || operation.inRouting) continue;
          if (o.dependencies.some(({ first }) => first === o)) continue;
          expect(o.quantity).toBeGreaterThanOrEqual(Math.min(operation.sizeMinimum, operation.sizeMaximum) - 1e-6);
          expect(o.quantity).toBeLessThanOrEqual(operation.sizeMaximum + 1e-6);
          const lots = operation.sizeMultiple > 0 ? o.quantity / operation.sizeMultiple : 0;
          expect(Math.abs(lots - Math.round(lots))).toBeLessThan(1e-5);
        }
        for (const d of net.demands.values()) {
          expect(d.planned()).toBeLessThanOrEqual(d.quantity + 1e-6);
          for (const o of d.deliveries) {
            expect(o.end).toBeLessThanOrEqual(d.due + d.maxLateness);
            expect(o.quantity).toBeGreaterThanOrEqual(Math.min(d.minShipment, d.quantity) - 1e-6);
          }
        }
      }),
      RUNS,
    );
  });

  it('is the same when it is made again', () => {
    fc.assert(
      fc.property(intricate, (random) => {
        expect(textOf(plan(random))).toBe(textOf(plan(random)));
      }),
      { numRuns: 20 },
    );
  });

  it('a quote leaves it as it was', () => {
    fc.assert(
      fc.property(intricate, fc.integer({ min: 1, max: 30 }), (random, days) => {
        const net = plan(random);
        const before = textOf(net);
        const item = net.items.get('product 0')!;
        const location = net.places.get('W')!;
        const quotes = quoteStack(net, DEFAULT_ARGUMENTS);
        quotes.put([{ name: 'asked', item, location, quantity: 5, due: NOW + days * DAY }]);
        expect(troubles(net)).toEqual([]);
        balance(net);
        waits(net);
        quotes.cut(0);
        expect(textOf(net)).toBe(before);
      }),
      RUNS,
    );
  });

  it('balances after moves, and is as it was when they are taken back', () => {
    fc.assert(
      fc.property(intricate, fc.nat(), fc.integer({ min: -200, max: 400 }), (random, pick, shift) => {
        const net = plan(random);
        const before = textOf(net);
        const journal = openJournal(net);
        const movable = orders(net).filter((o) => o.operation.kind !== 'inventory' && o.operation.kind !== 'alternate');
        const order = movable[pick % Math.max(1, movable.length)];
        if (order === undefined) return;
        moveOrder(net, journal, { order, start: order.start + shift * 3600, resource: null });
        balance(net);
        for (const o of movable) {
          expect(o.start).toBeGreaterThanOrEqual(NOW);
          if (o.subs.some((s) => s.dependencies.length > 0)) continue;
          o.subs.forEach((s, i) => {
            expect(s.end).toBeLessThanOrEqual(o.subs[i + 1]?.start ?? Infinity);
          });
        }
        if (shift > 0) waits(net);
        journal.back();
        expect(textOf(net)).toBe(before);
      }),
      RUNS,
    );
  });
});
