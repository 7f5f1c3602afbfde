// Bills of material become operations that make what Odoo would make, in the time it takes (connector.md 2.12 and 5.2).

import { describe, expect, test } from 'vitest';
import type { Operation } from '../../src/planner/model.ts';
import { type ExportedPlan, flowsOf } from '../support/export.ts';
import { type Product, smallOdoo } from '../support/small-odoo.ts';
import { production, workorder } from '../support/small-orders.ts';

const stepsOf = (operation: Operation | undefined) => operation?.suboperations?.map((step) => step.operation) ?? [];
const operationOf = (plan: ExportedPlan, item: string) => plan.operations.find((row) => row.item === item);

describe('C3: a kit in a bill of material', () => {
  test('is replaced by its components, and nobody makes it', async () => {
    const odoo = smallOdoo();
    const [table, set, screw, nut] = [
      odoo.product('TABLE'),
      odoo.product('SET'),
      odoo.product('SCREW'),
      odoo.product('NUT'),
    ];
    const kit = odoo.bom(set, { type: 'phantom', product_qty: 2 });
    odoo.bomLine(kit, screw, 8);
    odoo.bomLine(kit, nut, 4);
    const bom = odoo.bom(table);
    odoo.bomLine(bom, set, 3);
    odoo.bomLine(bom, nut, 1);
    const plan = await odoo.export();
    expect(plan.operations.map((operation) => operation.item)).toEqual(['TABLE']);
    expect(flowsOf(plan.operations[0])).toEqual({ SCREW: -12, NUT: -7 });
  });
});

describe('C4: parts and steps for some variants', () => {
  /** A shirt in two colours and two sizes. */
  function shirts() {
    const odoo = smallOdoo();
    const value = (attribute: number) => odoo.add('product.template.attribute.value', { attribute_id: attribute });
    const values = { red: value(1), blue: value(1), small: value(2), large: value(2) };
    const carries = (...names: Array<keyof typeof values>) => ({
      product_template_attribute_value_ids: names.map((name) => values[name]),
    });
    const shirt = odoo.product('RED-S', carries('red', 'small'));
    for (const [code, colour, size] of [
      ['RED-L', 'red', 'large'],
      ['BLUE-S', 'blue', 'small'],
      ['BLUE-L', 'blue', 'large'],
    ] as const) {
      odoo.add('product.product', { product_tmpl_id: shirt.template, default_code: code, ...carries(colour, size) });
    }
    const applies = (...names: Array<keyof typeof values>) => ({
      bom_product_template_attribute_value_ids: names.map((name) => values[name]),
    });
    return { odoo, shirt, applies };
  }
  const users = (plan: ExportedPlan, part: string) =>
    plan.operations.filter((row) => part in flowsOf(row)).map((row) => row.item);

  test.each([
    ['no value', [], ['RED-S', 'RED-L', 'BLUE-S', 'BLUE-L']],
    ['red', ['red'], ['RED-S', 'RED-L']],
    ['red or blue', ['red', 'blue'], ['RED-S', 'RED-L', 'BLUE-S', 'BLUE-L']],
    ['red and small', ['red', 'small'], ['RED-S']],
    ['red or blue, and large', ['red', 'blue', 'large'], ['RED-L', 'BLUE-L']],
  ] as const)('a part for %s', async (_what, names, expected) => {
    const { odoo, shirt, applies } = shirts();
    odoo.bomLine(odoo.bom(shirt), odoo.product('PART'), 1, applies(...names));
    expect(users(await odoo.export(), 'PART')).toEqual(expected);
  });

  test('the same part in a routing', async () => {
    const { odoo, shirt, applies } = shirts();
    const bom = odoo.bom(shirt);
    odoo.step(bom, 'Sew', odoo.workcenter('Sewing'), 5);
    odoo.bomLine(bom, odoo.product('PART'), 1, applies('red', 'blue', 'large'));
    expect(users(await odoo.export(), 'PART')).toEqual(['RED-L', 'BLUE-L']);
  });

  test('a step for large ones is a step of the large ones', async () => {
    const { odoo, shirt, applies } = shirts();
    const bom = odoo.bom(shirt);
    odoo.step(bom, 'Sew', odoo.workcenter('Sewing'), 5);
    odoo.step(bom, 'Print', odoo.workcenter('Printing'), 5, { sequence: 20, ...applies('large') });
    const plan = await odoo.export();
    const steps = plan.operations.map((row) => [row.item, stepsOf(row).length]);
    expect(steps).toEqual([
      ['RED-S', 1],
      ['RED-L', 2],
      ['BLUE-S', 1],
      ['BLUE-L', 2],
    ]);
  });

  test('a part of a step that does not apply is taken by the first step', async () => {
    const { odoo, shirt, applies } = shirts();
    const bom = odoo.bom(shirt, { product_id: shirt.id });
    odoo.step(bom, 'Sew', odoo.workcenter('Sewing'), 5);
    const print = odoo.step(bom, 'Print', odoo.workcenter('Printing'), 5, { sequence: 20, ...applies('large') });
    odoo.bomLine(bom, odoo.product('INK'), 2, { operation_id: print });
    const [sew] = stepsOf((await odoo.export()).operations[0]);
    expect(flowsOf(sew)).toEqual({ INK: -2 });
  });
});

describe('C5: a by-product', () => {
  function sawing(values: { step?: boolean }) {
    const odoo = smallOdoo();
    const [table, dust] = [odoo.product('TABLE'), odoo.product('DUST', { uom: odoo.kg })];
    const bom = odoo.bom(table, { product_qty: 10 });
    const saw = values.step ? odoo.step(bom, 'Saw', odoo.workcenter('Saw'), 5) : false;
    if (values.step) odoo.step(bom, 'Paint', odoo.workcenter('Paint'), 5, { sequence: 20 });
    odoo.add('mrp.bom.byproduct', {
      ...{ bom_id: bom, product_id: dust.id, product_qty: 500, product_uom_id: odoo.gram, operation_id: saw },
    });
    return odoo.export();
  }

  test('comes out with the order, per unit made and in its own unit', async () => {
    const [operation] = (await sawing({})).operations;
    expect(operation?.flows).toEqual([{ type: 'flow_end', item: 'DUST', quantity: 0.05 }]);
  });

  test('comes out of the step that makes it', async () => {
    const [saw, paint] = stepsOf((await sawing({ step: true })).operations[0]);
    expect(flowsOf(saw)).toEqual({ DUST: 0.05 });
    expect(flowsOf(paint)).toEqual({});
  });
});

describe('C6: a lead time', () => {
  const lead = async (major: number, bom: object, template: object) => {
    const odoo = smallOdoo({ major });
    odoo.bom(odoo.product('TABLE', { template: { ...template } }), { ...bom });
    return (await odoo.export()).operations[0];
  };

  test('does not grow with the quantity', async () => {
    const operation = await lead(17, { produce_delay: 3, days_to_prepare_mo: 1 }, {});
    expect(operation).toMatchObject({ type: 'operation_fixed_time', duration: 4 * 86_400 });
    expect(operation).not.toHaveProperty('durationPer');
  });

  test('is the product’s up to Odoo 16', async () => {
    expect(await lead(16, {}, { produce_delay: 3 })).toMatchObject({ duration: 3 * 86_400 });
  });
});

describe('C7: the time of a step', () => {
  /** Odoo's minutes for an order: set-up, then whole cycles at the work center's efficiency (connector.md 6.4). */
  const odooMinutes = (fixed: number, cycle: number, capacity: number, efficiency: number, pieces: number) =>
    fixed + (Math.ceil(pieces / capacity) * cycle * 100) / efficiency;
  /** The engine's: fixed time and time per piece, both divided by the resource's efficiency. */
  function engineMinutes(plan: ExportedPlan, item: string, pieces: number): number {
    const [step] = stepsOf(operationOf(plan, item));
    const efficiency = plan.resources[0]?.efficiency ?? 100;
    return (((step?.duration ?? 0) + (step?.durationPer ?? 0) * pieces) / 60) * (100 / efficiency);
  }
  function sawing(major: number, workcenter: object, special?: (table: Product) => object) {
    const odoo = smallOdoo({ major });
    const table = odoo.product('TABLE');
    const saw = odoo.workcenter('Saw', { ...workcenter });
    odoo.step(odoo.bom(table), 'Saw', saw, 20);
    if (special) odoo.add('mrp.workcenter.capacity', { workcenter_id: saw, product_id: table.id, ...special(table) });
    return odoo.export();
  }

  test.each([
    ['one at a time', { default_capacity: 1 }, 0, 1, 100],
    ['four at a time', { default_capacity: 4 }, 0, 4, 100],
    ['set-up and clean-up', { time_start: 10, time_stop: 5 }, 15, 1, 100],
    ['twice as fast', { time_efficiency: 200, time_start: 10, time_stop: 5 }, 15, 1, 200],
    ['slow, in batches', { time_efficiency: 80, default_capacity: 4, time_start: 6 }, 6, 4, 80],
  ])('%s: as Odoo counts whole cycles', async (_what, workcenter, fixed, capacity, efficiency) => {
    const plan = await sawing(17, workcenter);
    for (const pieces of [4, 8, 40]) {
      expect(engineMinutes(plan, 'TABLE', pieces)).toBeCloseTo(odooMinutes(fixed, 20, capacity, efficiency, pieces));
    }
  });

  test('has the capacity of the product where there is one', async () => {
    const plan = await sawing(17, { default_capacity: 4 }, () => ({ capacity: 10 }));
    expect(engineMinutes(plan, 'TABLE', 100)).toBe(200);
  });

  test.each([
    [16, 10 + 5 + 3 + 1],
    [17, 3 + 1],
  ])('has the product’s set-up: Odoo %d', async (major, minutes) => {
    const own = { capacity: 1, time_start: 3, time_stop: 1 };
    const plan = await sawing(major, { time_start: 10, time_stop: 5 }, () => own);
    expect(engineMinutes(plan, 'TABLE', 0)).toBe(minutes);
  });

  test('a work center does one order at a time, whatever its capacity', async () => {
    expect((await sawing(17, { default_capacity: 4 })).resources).toMatchObject([{ maximum: 1 }]);
  });

  test('tools are counted by the piece', async () => {
    expect((await sawing(17, { default_capacity: 4, tool: true })).resources).toMatchObject([{ maximum: 4 }]);
  });

  test('the average of finished work orders counts where Odoo computes it', async () => {
    const odoo = smallOdoo();
    const automatic = { time_mode: 'auto', time_cycle: 12 };
    odoo.step(odoo.bom(odoo.product('TABLE')), 'Saw', odoo.workcenter('Saw'), 20, automatic);
    expect(engineMinutes(await odoo.export(), 'TABLE', 1)).toBe(12);
  });

  test('of a work order: Odoo’s expectation holds the efficiency already', async () => {
    const odoo = smallOdoo();
    const saw = odoo.workcenter('Saw', { time_efficiency: 200 });
    workorder(odoo, production(odoo, odoo.product('TABLE'), 1), 'Saw', 35, { workcenter_id: saw });
    const [order] = (await odoo.export()).orders;
    const [step] = stepsOf(typeof order?.operation === 'object' ? order.operation : undefined);
    expect((step?.duration ?? 0) / 60 / 2).toBe(35);
  });
});
