// Random models of what seldom comes together: time offsets, co-products, dependencies, transfer batches, alternates of
// components, operations, resources and suppliers with dates of validity, pools and skills, lots and calendars. No tests.
import fc from 'fast-check';
import type { Flow, Operation } from '../../src/planner/model.ts';
import { addEntity, emptyPlanModel, type PlanModel } from '../../src/planner/plan-document.ts';
import { DAY, NOW } from './models.ts';

const HOUR = 3600;
const SEARCH = ['PRIORITY', 'MINCOST', 'MINPENALTY', 'MINCOSTPENALTY'] as const;
const hoursOff = fc.constantFrom(0, 0, 0, -24, -5, 2, 30);

const recipe = fc.record({
  steps: fc.integer({ min: 1, max: 3 }),
  fixed: fc.boolean(),
  minutes: fc.integer({ min: 10, max: 600 }),
  part: fc.nat({ max: 2 }),
  per: fc.integer({ min: 1, max: 3 }),
  batch: fc.constantFrom(0, 0, 0, 2, 5),
  instead: fc.boolean(),
  useOffset: hoursOff,
  makeOffset: hoursOff,
  coproduct: fc.boolean(),
  waits: fc.constantFrom('', '', 'for a step', 'for a task'),
  safety: fc.constantFrom(0, 0, 20),
  hardSafety: fc.constantFrom(0, 0, 10),
  resource: fc.constantFrom('R0', 'R1', 'pool', 'either', ''),
  minimum: fc.constantFrom(1, 1, 5),
  multiple: fc.constantFrom(0, 0, 3),
  maximum: fc.constantFrom(Infinity, Infinity, 20),
  from: fc.constantFrom(-1, -1, 5, 15),
  until: fc.constantFrom(-1, -1, 20, 30),
});

export const intricate = fc.record({
  hours: fc.boolean(),
  skills: fc.boolean(),
  search: fc.constantFrom(...SEARCH),
  products: fc.array(fc.array(recipe, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 }),
  parts: fc.array(
    fc.record({
      onhand: fc.constantFrom(0, 0, 10, 40),
      lots: fc.array(fc.record({ days: fc.nat({ max: 14 }), least: fc.constantFrom(1, 5, 10) }), {
        minLength: 1,
        maxLength: 2,
      }),
    }),
    { minLength: 3, maxLength: 3 },
  ),
  demands: fc.array(
    fc.record({
      product: fc.nat({ max: 2 }),
      quantity: fc.integer({ min: 1, max: 20 }),
      dueDays: fc.integer({ min: -2, max: 40 }),
      priority: fc.integer({ min: 1, max: 3 }),
      minshipment: fc.constantFrom(0, 1, 20),
      maxlateness: fc.constantFrom(-1, -1, 10),
    }),
    { minLength: 1, maxLength: 8 },
  ),
});
export type Intricate = typeof intricate extends fc.Arbitrary<infer T> ? T : never;
type Recipe = Intricate['products'][number][number];

export function intricateModelOf(random: Intricate): PlanModel {
  const model = emptyPlanModel();
  model.header.current = NOW;
  const available = random.hours ? { available: 'hours' } : {};
  addEntity(model, {
    entity: 'calendar',
    value: { name: 'hours', default: 0, buckets: [{ value: 1, days: 62, starttime: 8 * HOUR, endtime: 17 * HOUR }] },
  });
  addEntity(model, { entity: 'location', value: { name: 'W', ...available } });
  for (const name of ['R0', 'R1', 'P0', 'P1']) {
    const member = name.startsWith('P');
    addEntity(model, { entity: 'resource', value: { name, maximum: 1, ...(member ? { owner: 'pool' } : available) } });
    if (member && random.skills) {
      addEntity(model, {
        entity: 'resourceskill',
        value: { resource: name, skill: 'knows', priority: name === 'P0' ? 2 : 1 },
      });
    }
  }
  random.parts.forEach(({ onhand, lots }, i) => {
    const item = `part ${i}`;
    addEntity(model, { entity: 'item', value: { name: item, cost: i + 1 } });
    addEntity(model, { entity: 'buffer', value: { name: `${item} @ W`, item, location: 'W', onhand } });
    lots.forEach(({ days, least }, k) => {
      addEntity(model, {
        entity: 'itemsupplier',
        value: { item, supplier: `S${k}`, location: 'W', leadtime: days * DAY, sizeMinimum: least, priority: k + 1 },
      });
    });
  });
  random.products.forEach((recipes, i) => {
    recipes.forEach((r, k) => {
      addEntity(model, { entity: 'operation', value: operationOf(random, r, i, k, recipes.length > 1) });
    });
  });
  random.demands.forEach((d, i) => {
    addEntity(model, {
      entity: 'demand',
      value: {
        name: `D${i}`,
        item: `product ${d.product % random.products.length}`,
        location: 'W',
        quantity: d.quantity,
        due: NOW + d.dueDays * DAY,
        priority: d.priority,
        minshipment: Math.min(d.minshipment, d.quantity),
        ...(d.maxlateness < 0 ? {} : { maxlateness: d.maxlateness * DAY }),
      },
    });
  });
  return model;
}

function operationOf(random: Intricate, r: Recipe, i: number, k: number, several: boolean): Operation {
  const name = `make ${i} ${k}`;
  const item = `product ${i}`;
  const sizes = {
    sizeMinimum: r.minimum,
    ...(r.multiple > 0 ? { sizeMultiple: r.multiple } : {}),
    ...(r.maximum < Infinity ? { sizeMaximum: r.maximum } : {}),
  };
  const dates = several
    ? {
        ...(r.from < 0 ? {} : { effectiveStart: NOW + r.from * DAY }),
        ...(r.until < 0 ? {} : { effectiveEnd: NOW + r.until * DAY }),
      }
    : {};
  const timing = { location: 'W', ...(r.fixed ? { duration: r.minutes * 60 } : { durationPer: r.minutes * 60 }) };
  const type = r.fixed ? 'operation_fixed_time' : 'operation_time_per';
  const safety = { safetyLeadtime: r.safety * HOUR, hardSafetyLeadtime: r.hardSafety * HOUR };
  const makes: Flow[] = [
    { type: 'flow_end', item, quantity: 1, offset: r.makeOffset * HOUR },
    // a co-product of the same or a later product, so that nothing goes in circles
    ...(r.coproduct ? [{ type: 'flow_end' as const, item: `product ${Math.min(i + 1, 2)} too`, quantity: 2 }] : []),
  ];
  const step = (n: number): Operation => ({
    name: `${name} step ${n}`,
    type,
    ...timing,
    loads: loadsOf(random, r, n),
    flows: [...(n === 0 ? uses(r) : []), ...(n === r.steps - 1 ? makes : [])],
    ...(n > 0 && r.waits === 'for a step' ? { dependencies: [{ blockedby: `${name} step 0`, ...safety }] } : {}),
  });
  const common = { item, priority: k + 1, search: random.search, ...sizes, ...dates };
  if (r.steps > 1) {
    const suboperations = Array.from({ length: r.steps }, (_, n) => ({ operation: step(n), priority: n + 1 }));
    return { name, type: 'operation_routing', location: 'W', ...common, suboperations };
  }
  const task = { blockedby: `${name} task`, quantity: 1, ...safety };
  return { ...step(0), name, ...common, ...(r.waits === 'for a task' ? { dependencies: [task] } : {}) };
}

function uses(r: Recipe): Flow[] {
  const use = (part: number, priority: number): Flow => ({
    type: r.batch > 0 ? 'flow_transfer_batch' : 'flow_start',
    item: `part ${part}`,
    quantity: -r.per,
    ...(r.batch > 0 ? { transferbatch: r.batch } : { offset: r.useOffset * HOUR }),
    ...(r.instead ? { name: 'either', priority } : {}),
  });
  return r.instead ? [use(r.part, 1), use((r.part + 1) % 3, 2)] : [use(r.part, 1)];
}

function loadsOf(random: Intricate, r: Recipe, n: number): Operation['loads'] {
  if (r.resource === '' || (r.resource === 'pool' && n > 0)) return [];
  if (r.resource === 'either') {
    return ['R0', 'R1'].map((resource, k) => ({ resource, name: 'either', priority: k + 1, search: random.search }));
  }
  return [{ resource: r.resource, quantity: 1, ...(r.resource === 'pool' && random.skills ? { skill: 'knows' } : {}) }];
}

/** The tasks that operations wait for; separate, so that they are known before they are named. */
export function withTasks(random: Intricate): PlanModel {
  const model = intricateModelOf(random);
  random.products.forEach((recipes, i) => {
    recipes.forEach((r, k) => {
      if (r.steps > 1 || r.waits !== 'for a task') return;
      addEntity(model, {
        entity: 'operation',
        value: { name: `make ${i} ${k} task`, type: 'operation_fixed_time', location: 'W', duration: 6 * HOUR },
      });
    });
  });
  return model;
}
