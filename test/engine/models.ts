// Random planning models, and the parts to build small ones by hand. No tests.
import fc from 'fast-check';
import type { Operation } from '../../src/planner/model.ts';
import { addEntity, emptyPlanModel, type PlanModel } from '../../src/planner/plan-document.ts';

export const NOW = Date.UTC(2026, 0, 5) / 1000;
export const DAY = 86_400;

export interface RandomModel {
  hours: boolean;
  products: {
    perUnit: number;
    minutes: number;
    resource: number;
    part: number;
    steps: number;
    multiple: number;
    /** Hours between the start of the order and its component's use. */
    offset?: number;
    byproduct?: boolean;
  }[];
  parts: { leadDays: number; minimum: number; onhand: number }[];
  capacity: number[];
  demands: { product: number; quantity: number; dueDays: number; priority: number; minshipment: number }[];
}

export const randomModel: fc.Arbitrary<RandomModel> = fc.record({
  hours: fc.boolean(),
  products: fc.array(
    fc.record({
      perUnit: fc.integer({ min: 1, max: 3 }),
      minutes: fc.integer({ min: 10, max: 300 }),
      resource: fc.integer({ min: 0, max: 1 }),
      part: fc.integer({ min: 0, max: 2 }),
      steps: fc.integer({ min: 1, max: 3 }),
      multiple: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  parts: fc.array(
    fc.record({
      leadDays: fc.integer({ min: 0, max: 20 }),
      minimum: fc.integer({ min: 1, max: 20 }),
      onhand: fc.integer({ min: 0, max: 30 }),
    }),
    { minLength: 3, maxLength: 3 },
  ),
  capacity: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 2, maxLength: 2 }),
  demands: fc.array(
    fc.record({
      product: fc.integer({ min: 0, max: 3 }),
      quantity: fc.integer({ min: 1, max: 20 }),
      dueDays: fc.integer({ min: -2, max: 40 }),
      priority: fc.integer({ min: 1, max: 3 }),
      minshipment: fc.integer({ min: 0, max: 20 }),
    }),
    { minLength: 1, maxLength: 14 },
  ),
});

/** With time offsets of the component's use, and by-products. */
export const intricateModel: fc.Arbitrary<RandomModel> = fc
  .tuple(
    randomModel,
    fc.array(fc.record({ offset: fc.constantFrom(0, 0, 0, -3, 2), byproduct: fc.boolean() }), {
      minLength: 4,
      maxLength: 4,
    }),
  )
  .map(([random, more]) => ({ ...random, products: random.products.map((p, i) => ({ ...p, ...more[i] })) }));

/** The planning model of a random one; `demands` limits it to the first so many in order of urgency. */
export function modelOf(
  random: RandomModel,
  keep: (demand: RandomModel['demands'][number], i: number) => boolean = () => true,
): PlanModel {
  const model = emptyPlanModel();
  model.header.current = NOW;
  if (random.hours) {
    addEntity(model, {
      entity: 'calendar',
      value: { name: 'hours', default: 0, buckets: [{ value: 1, days: 62, starttime: 8 * 3600, endtime: 16 * 3600 }] },
    });
  }
  addEntity(model, { entity: 'location', value: { name: 'WH' } });
  random.capacity.forEach((maximum, i) => {
    addEntity(model, {
      entity: 'resource',
      value: { name: `R${i}`, maximum, location: 'WH', ...(random.hours ? { available: 'hours' } : {}) },
    });
  });
  random.parts.forEach((p, i) => {
    addEntity(model, { entity: 'item', value: { name: `part ${i}` } });
    addEntity(model, {
      entity: 'itemsupplier',
      value: { item: `part ${i}`, supplier: 'S', location: 'WH', leadtime: p.leadDays * DAY, sizeMinimum: p.minimum },
    });
    addEntity(model, {
      entity: 'buffer',
      value: { name: `part ${i} @ WH`, item: `part ${i}`, location: 'WH', onhand: p.onhand },
    });
  });
  addEntity(model, { entity: 'item', value: { name: 'chips' } });
  random.products.forEach((p, i) => {
    const step = (n: number): Operation => ({
      name: `make ${i} step ${n}`,
      type: 'operation_time_per',
      location: 'WH',
      durationPer: p.minutes * 60,
      loads: [{ resource: `R${(p.resource + n) % 2}`, quantity: 1 }],
      flows:
        n === 0
          ? [
              { type: 'flow_start', item: `part ${p.part}`, quantity: -p.perUnit, offset: (p.offset ?? 0) * 3600 },
              ...(p.byproduct ? [{ type: 'flow_end' as const, item: 'chips', quantity: 1 }] : []),
            ]
          : undefined,
    });
    const operation: Operation =
      p.steps === 1
        ? { ...step(0), name: `make ${i}`, item: `product ${i}`, sizeMultiple: p.multiple }
        : {
            name: `make ${i}`,
            type: 'operation_routing',
            item: `product ${i}`,
            location: 'WH',
            sizeMultiple: p.multiple,
            suboperations: Array.from({ length: p.steps }, (_, n) => ({ operation: step(n), priority: n + 1 })),
          };
    addEntity(model, { entity: 'operation', value: operation });
  });
  random.demands.forEach((d, i) => {
    if (!keep(d, i)) return;
    addEntity(model, {
      entity: 'demand',
      value: {
        name: `D${String(i).padStart(2, '0')}`,
        item: `product ${d.product % random.products.length}`,
        location: 'WH',
        quantity: d.quantity,
        due: NOW + d.dueDays * DAY,
        priority: d.priority,
        minshipment: Math.min(d.minshipment, d.quantity),
      },
    });
  });
  return model;
}
