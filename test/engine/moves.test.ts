// What-if moves: what follows, what shows as a problem, and that nothing is left of them when they are put back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCalendar } from '../../src/planner/engine/calendar.ts';
import { moveOrder } from '../../src/planner/engine/move.ts';
import type { Network } from '../../src/planner/engine/network.ts';
import { openJournal } from '../../src/planner/engine/place-order.ts';
import { problemsOf } from '../../src/planner/engine/problems.ts';
import { DEFAULT_ARGUMENTS, planModel } from '../../src/planner/engine/run.ts';
import { planLines } from '../../src/planner/engine/text.ts';
import { between, intersect } from '../../src/planner/engine/worktime.ts';
import { choicesOf, openMoves } from '../../src/planner/live/moves.ts';
import type { MoveWish } from '../../src/planner/live/protocol.ts';
import { allOrders, orderType, referencesOf } from '../../src/planner/output/orders.ts';
import { addEntity, emptyPlanModel } from '../../src/planner/plan-document.ts';
import { DAY, modelOf, NOW, randomModel } from './models.ts';

const textOf = (net: Network) => [...planLines(net)].join('\n');
const orders = (net: Network) => [...net.operations.values()].flatMap((o) => [...o.opplans]);
const HOUR = 3_600;

const randomMoves = fc.array(
  fc.record({ pick: fc.nat(), hours: fc.integer({ min: -400, max: 800 }), minutes: fc.integer({ min: 0, max: 59 }) }),
  { minLength: 1, maxLength: 5 },
);

describe('after any move', () => {
  it('stock balances, steps do not overlap, nothing is before now, and working hours are kept', () => {
    const hours = compileCalendar(
      { name: 'hours', default: 0, buckets: [{ value: 1, days: 62, starttime: 8 * HOUR, endtime: 16 * HOUR }] },
      1,
      NOW - DAY * 400,
    );
    let made = 0;
    fc.assert(
      fc.property(randomModel, randomMoves, (random, moves) => {
        const net = planModel(modelOf(random), DEFAULT_ARGUMENTS);
        const before = textOf(net);
        const journal = openJournal(net);
        const movable = orders(net).filter((o) => o.operation.kind !== 'inventory' && o.operation.kind !== 'alternate');
        const sizes = new Map(movable.map((o) => [o, o.quantity]));
        if (movable.length === 0) return;
        for (const { pick, hours: shift, minutes } of moves) {
          const order = movable[pick % movable.length]!;
          const start = order.start + shift * HOUR + minutes * 60;
          if (moveOrder(net, journal, { order, start, resource: null }) === null) made += 1;
        }
        const work = random.hours ? intersect([hours]) : undefined;
        for (const o of movable) {
          expect(o.quantity).toBe(sizes.get(o));
          expect(o.start).toBeGreaterThanOrEqual(NOW);
          o.subs.forEach((step, i) => {
            const next = o.subs[i + 1];
            if (next) expect(step.end).toBeLessThanOrEqual(next.start);
          });
          if (o.subs.length > 0) {
            expect(o.start).toBe(Math.min(...o.subs.map((s) => s.start)));
            expect(o.end).toBe(Math.max(...o.subs.map((s) => s.end)));
          }
          if (o.operation.kind === 'timeper')
            expect(between(work, o.start, o.end).actual).toBe(o.operation.durationPer * o.quantity);
          for (const f of o.flowplans) {
            expect(f.quantity).toBeCloseTo(o.quantity * f.flow.quantity, 4);
            expect(f.date).toBe(f.flow.atEnd ? o.end : o.setupEnd);
          }
          for (const l of o.loadplans) expect([l.start, l.end]).toEqual([o.start, o.end]);
        }
        for (const b of net.buffers.values()) {
          const sum = orders(net).flatMap((o) => o.flowplans.filter((f) => f.buffer === b));
          expect(b.stock.last()).toBeCloseTo(
            sum.reduce((all, f) => all + f.quantity, 0),
            4,
          );
          for (const { date } of sum) {
            const until = sum.filter((f) => f.date <= date).reduce((all, f) => all + f.quantity, 0);
            expect(b.stock.at(date)).toBeCloseTo(until, 4);
          }
        }
        journal.back();
        expect(textOf(net)).toBe(before);
        expect(problemsOf(net).filter((p) => p.type !== 'invalid data')).toEqual([]);
      }),
      { numRuns: 150 },
    );
    expect(made).toBeGreaterThan(150);
  });

  it('an order moved later brings no shortage of what it makes: those that take it wait', () => {
    fc.assert(
      fc.property(randomModel, fc.nat(), fc.integer({ min: 1, max: 400 }), (random, pick, hours) => {
        const net = planModel(modelOf(random), DEFAULT_ARGUMENTS);
        const movable = orders(net).filter((o) => o.operation.kind !== 'inventory' && o.demand === null);
        if (movable.length === 0) return;
        const order = movable[pick % movable.length]!;
        const journal = openJournal(net);
        const start = order.start + hours * HOUR;
        if (moveOrder(net, journal, { order, start, resource: null }) !== null) return;
        expect(problemsOf(net).filter((p) => p.type === 'material shortage')).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

/** A in two steps out of a part that is bought; benches 1 and 2 can stand in for each other, the saw cannot. */
function workshop() {
  const model = emptyPlanModel();
  model.header.current = NOW;
  addEntity(model, { entity: 'location', value: { name: 'WH' } });
  for (const name of ['Saw', 'Bench 1', 'Bench 2']) {
    addEntity(model, { entity: 'resource', value: { name, location: 'WH' } });
  }
  for (const name of ['A', 'part']) addEntity(model, { entity: 'item', value: { name } });
  addEntity(model, {
    entity: 'operation',
    value: {
      name: 'make A',
      type: 'operation_routing',
      item: 'A',
      location: 'WH',
      suboperations: [
        {
          priority: 1,
          operation: {
            name: 'saw A',
            type: 'operation_time_per',
            location: 'WH',
            durationPer: HOUR,
            loads: [{ resource: 'Saw', quantity: 1 }],
            flows: [{ type: 'flow_start', item: 'part', quantity: -1 }],
          },
        },
        {
          priority: 2,
          operation: {
            name: 'join A',
            type: 'operation_time_per',
            location: 'WH',
            durationPer: HOUR,
            loads: [
              { resource: 'Bench 1', quantity: 1, name: 'bench', priority: 1 },
              { resource: 'Bench 2', quantity: 1, name: 'bench', priority: 2 },
            ],
          },
        },
      ],
    },
  });
  addEntity(model, {
    entity: 'itemsupplier',
    value: { item: 'part', supplier: 'S', location: 'WH', leadtime: 2 * DAY, sizeMinimum: 1 },
  });
  addEntity(model, {
    entity: 'demand',
    value: { name: 'D', item: 'A', location: 'WH', quantity: 4, due: NOW + 10 * DAY },
  });
  const net = planModel(model, DEFAULT_ARGUMENTS);
  const references = referencesOf(net);
  const refs = new Map([...allOrders(net)].map((o) => [`${orderType(o)} ${o.operation.name}`, references(o)]));
  return { net, moves: openMoves(net, references), ref: (name: string) => refs.get(name)!, before: textOf(net) };
}

const shop = workshop();
const saw = () => shop.ref('WO saw A');
const join = () => shop.ref('WO join A');
const wish = (reference: string, start: number, from: string | null = null, to: string | null = null): MoveWish => ({
  reference,
  start,
  from,
  to,
});
const ends = (answer: ReturnType<typeof shop.moves>) =>
  Object.fromEntries(answer.changed.map(({ operation, start, end }) => [operation, [start - NOW, end - NOW]]));

describe('a move', () => {
  it('pushes later steps, the order above, and the delivery, which is late then', () => {
    const answer = shop.moves([wish(saw(), NOW + 12 * DAY)]);
    expect(ends(answer)).toMatchObject({
      'saw A': [12 * DAY, 12 * DAY + 4 * HOUR],
      'join A': [12 * DAY + 4 * HOUR, 12 * DAY + 8 * HOUR],
      'make A': [12 * DAY, 12 * DAY + 8 * HOUR],
      'Ship A @ WH': [12 * DAY + 8 * HOUR, 12 * DAY + 8 * HOUR],
    });
    expect(answer.problems.map(({ kind, name }) => [kind, name])).toEqual([['late', 'D']]);
    expect(answer.changed.filter(({ chosen }) => chosen).map(({ operation }) => operation)).toEqual([
      'make A',
      'saw A',
    ]);
    expect(textOf(shop.net)).toBe(shop.before);
  });

  it('pulls earlier steps and the purchase, and says what cannot come in time', () => {
    const early = shop.moves([wish(join(), NOW + 3 * DAY)]);
    expect(ends(early)).toMatchObject({
      'join A': [3 * DAY, 3 * DAY + 4 * HOUR],
      'saw A': [3 * DAY - 4 * HOUR, 3 * DAY],
      'Purchase part @ WH from S': [DAY - 4 * HOUR, 3 * DAY - 4 * HOUR],
    });
    expect(early.problems).toEqual([]);
    const tooEarly = shop.moves([wish(join(), NOW - 5 * DAY)]);
    expect(ends(tooEarly)).toMatchObject({
      'saw A': [0, 4 * HOUR],
      'join A': [4 * HOUR, 8 * HOUR],
      'Purchase part @ WH from S': [0, 2 * DAY],
    });
    expect(tooEarly.problems.map(({ kind, name, end }) => [kind, name, end - NOW])).toEqual([
      ['material shortage', 'part @ WH', 2 * DAY],
    ]);
  });

  it('changes to a resource that can stand in, and to no other', () => {
    expect(choicesOf(shop.net).operations).toEqual({ 'join A': [['Bench 1', 'Bench 2']] });
    const start = NOW + 10 * DAY - 4 * HOUR;
    const answer = shop.moves([wish(join(), start, 'Bench 1', 'Bench 2')]);
    expect(answer.changed.find(({ operation }) => operation === 'join A')).toMatchObject({
      resources: ['Bench 2'],
      was: { resources: ['Bench 1'] },
    });
    expect(answer.problems).toEqual([]);
    const refused = shop.moves([wish(join(), start, 'Bench 1', 'Saw'), wish('nothing', start)]);
    expect(refused).toMatchObject({
      changed: [],
      lost: [
        { move: 0, reason: 'Saw cannot do it.' },
        { move: 1, reason: 'The plan has no order nothing any more.' },
      ],
    });
    expect(textOf(shop.net)).toBe(shop.before);
  });

  it('makes moves one after the other; the last may bring all back', () => {
    const start = NOW + 10 * DAY - 8 * HOUR;
    const answer = shop.moves([wish(saw(), NOW + 12 * DAY), wish(shop.ref('MO make A'), start)]);
    expect(ends(answer)).toMatchObject({ 'Ship A @ WH': [12 * DAY + 8 * HOUR, 12 * DAY + 8 * HOUR] });
    expect(answer.changed.some(({ operation }) => operation === 'make A')).toBe(false);
  });
});
