// A workshop to plan in tests: tables from legs and tops, in two warehouses; names and ids as Odoo's. No tests.

import type { Network } from '../../src/planner/engine/network.ts';
import { planModel } from '../../src/planner/engine/run.ts';
import type { Demand, Operationplan } from '../../src/planner/model.ts';
import { addEntity, emptyPlanModel, type PlanModel } from '../../src/planner/plan-document.ts';

/** Monday. */
export const NOW = Date.UTC(2026, 0, 5) / 1000;
export const DAY = 86_400;
export const HOUR = 3600;

export interface Workshop {
  demands?: Demand[];
  orders?: Operationplan[];
  stock?: Record<string, number>;
  legLeadDays?: number;
  legMinimum?: number;
}

/** Legs 7 days from Wood Corner, at least 12; drill and assembly work 8 to 16; a shop that gets tables in 2 days. */
export function workshop({
  demands = [],
  orders = [],
  stock = {},
  legLeadDays = 7,
  legMinimum = 12,
}: Workshop): PlanModel {
  const model = emptyPlanModel();
  model.header.current = NOW;
  addEntity(model, {
    entity: 'calendar',
    value: { name: 'hours', default: 0, buckets: [{ value: 1, days: 62, starttime: 8 * HOUR, endtime: 16 * HOUR }] },
  });
  for (const [name, id] of [
    ['WH', '1'],
    ['Shop', '2'],
  ] as const) {
    addEntity(model, { entity: 'location', value: { name, subcategory: id } });
  }
  for (const [name, id, cost, category] of [
    ['Table', '1,11', 200, 'Furniture'],
    ['Leg', '1,12', 5, 'Parts'],
    ['Top', '1,13', 40, 'Parts'],
  ] as const) {
    addEntity(model, { entity: 'item', value: { name, subcategory: id, cost, category } });
  }
  addEntity(model, {
    entity: 'itemsupplier',
    value: {
      item: 'Leg',
      supplier: 'Wood Corner 9',
      location: 'WH',
      leadtime: legLeadDays * DAY,
      sizeMinimum: legMinimum,
    },
  });
  addEntity(model, {
    entity: 'itemsupplier',
    value: { item: 'Top', supplier: 'Wood Corner 9', location: 'WH', leadtime: 2 * DAY },
  });
  addEntity(model, {
    entity: 'itemdistribution',
    value: { item: 'Table', origin: 'WH', destination: 'Shop', leadtime: 2 * DAY },
  });
  for (const [name, id] of [
    ['Drill 1', '2'],
    ['Assembly 1', '3'],
  ] as const) {
    addEntity(model, { entity: 'resource', value: { name, category: id, available: 'hours', location: 'WH' } });
  }
  addEntity(model, {
    entity: 'operation',
    value: {
      name: 'Table @ WH 5',
      type: 'operation_routing',
      item: 'Table',
      location: 'WH',
      suboperations: [
        {
          priority: 1,
          operation: {
            name: 'Table @ WH 5 - drill 51',
            type: 'operation_time_per',
            location: 'WH',
            durationPer: HOUR,
            loads: [{ resource: 'Drill 1' }],
            flows: [
              { type: 'flow_start', item: 'Leg', quantity: -4 },
              { type: 'flow_start', item: 'Top', quantity: -1 },
            ],
          },
        },
        {
          priority: 2,
          operation: {
            name: 'Table @ WH 5 - assemble 52',
            type: 'operation_time_per',
            location: 'WH',
            durationPer: 2 * HOUR,
            loads: [{ resource: 'Assembly 1' }],
          },
        },
      ],
    },
  });
  for (const [item, onhand] of Object.entries(stock)) {
    addEntity(model, { entity: 'buffer', value: { name: `${item} @ WH`, item, location: 'WH', onhand } });
  }
  for (const value of demands) addEntity(model, { entity: 'demand', value: { ...value } });
  for (const value of orders) addEntity(model, { entity: 'operationplan', value: { ...value } });
  return model;
}

export function demand(name: string, quantity: number, dueDays: number, more: Partial<Demand> = {}): Demand {
  return { name, item: 'Table', location: 'WH', quantity, due: NOW + dueDays * DAY, priority: 1, ...more };
}

export function plan(model: PlanModel, constraints = 52): Network {
  return planModel(model, { constraints, plantype: 1, lazydelay: DAY, minimumdelay: 0 });
}
