// What our Odoo addon adds to manufacturing reaches the plan, whether frePPLe's addon is installed beside it or not.

import { describe, expect, test } from 'vitest';
import { isDisclosed } from '../../src/connector/company-settings.ts';
import { exportPlan, said } from '../support/export.ts';
import { smallOdoo } from '../support/small-odoo.ts';
import { production, workorder } from '../support/small-orders.ts';

const ALONE = { without: ['addon'] };

function oneStep(odoo: ReturnType<typeof smallOdoo>, values = {}) {
  const saw = odoo.workcenter('Saw');
  return { saw, step: odoo.step(odoo.bom(odoo.product('TABLE')), 'Saw', saw, 10, values) };
}

const loadsOf = (plan: Awaited<ReturnType<ReturnType<typeof smallOdoo>['export']>>) =>
  plan.operations[0]?.suboperations?.[0]?.operation.loads;

describe('our addon alone', () => {
  test('skills, who has them, how well and how long', async () => {
    const odoo = smallOdoo(ALONE);
    const saw = odoo.workcenter('Saw');
    const skill = odoo.add('planbridge.skill', { name: 'Sawing' });
    odoo.add('planbridge.workcenter.skill', {
      ...{ workcenter: saw, skill, priority: 3 },
      ...{ date_start: '2026-01-01', date_end: '2026-12-31' },
    });
    const plan = await odoo.export();
    expect(plan.skills).toEqual([{ name: 'Sawing' }]);
    expect(plan.resourceskills).toEqual([
      {
        skill: 'Sawing',
        resource: 'Saw',
        priority: 3,
        effectiveStart: Date.UTC(2026, 0, 1) / 1000,
        // The last day counts.
        effectiveEnd: Date.UTC(2027, 0, 1) / 1000,
      },
    ]);
  });

  test('a skill of a work center that is not exported is reported by its own number', async () => {
    const odoo = smallOdoo(ALONE);
    const gone = odoo.workcenter('Gone', { active: false });
    const skill = odoo.add('planbridge.skill', { name: 'Sawing' });
    const row = odoo.add('planbridge.workcenter.skill', { workcenter: gone, skill, priority: 1 });
    const plan = await odoo.export();
    expect(plan.resourceskills).toEqual([]);
    expect(said(plan, 'resourceskill')).toEqual([`its work center is archived or not exported: ${row}`]);
  });

  test('a step needs a skill, a part of its work center, and rest behind it', async () => {
    const odoo = smallOdoo(ALONE);
    odoo.add('planbridge.skill', { name: 'Painting' });
    const skill = odoo.add('planbridge.skill', { name: 'Sawing' });
    oneStep(odoo, {
      ...{ planbridge_skill: skill, planbridge_quantity: 0.5, planbridge_post_minutes: 30 },
    });
    const plan = await odoo.export();
    expect(loadsOf(plan)).toEqual([{ resource: 'Saw', quantity: 0.5, search: 'PRIORITY', skill: 'Sawing' }]);
    expect(plan.operations[0]?.suboperations?.[0]?.operation.posttime).toBe(1800);
  });

  test('more of a work center than there is would never be planned: what there is, and said', async () => {
    const odoo = smallOdoo(ALONE);
    const { step } = oneStep(odoo, { planbridge_quantity: 3 });
    const plan = await odoo.export();
    expect(loadsOf(plan)).toMatchObject([{ resource: 'Saw', quantity: 1 }]);
    expect(said(plan, 'load')).toEqual([`needs more of its work center than there is: 1 is used: step ${step}`]);
  });

  test('a work center that may be overloaded', async () => {
    const odoo = smallOdoo(ALONE);
    odoo.workcenter('Saw', { planbridge_constrained: false });
    odoo.workcenter('Drill');
    const plan = await odoo.export();
    expect(plan.resources.map(({ name, constrained }) => [name, constrained])).toEqual([
      ['Saw', false],
      ['Drill', undefined],
    ]);
  });

  test('secondary work centers of steps, and of orders that are made by them', async () => {
    const odoo = smallOdoo(ALONE);
    const { saw, step } = oneStep(odoo);
    const jig = odoo.workcenter('Jig', { default_capacity: 2 });
    const skill = odoo.add('planbridge.skill', { name: 'Holding' });
    odoo.add('planbridge.secondary.workcenter', {
      ...{ routing_workcenter_id: step, workcenter_id: jig, skill },
      ...{ search_mode: 'MINCOST', duration: 5 },
    });
    const order = production(odoo, odoo.product('DESK'), 1);
    workorder(odoo, order, 'Saw', 60, { workcenter_id: saw, operation_id: step });
    const plan = await odoo.export();
    expect(loadsOf(plan)).toMatchObject([
      { resource: 'Saw', quantity: 1 },
      { resource: 'Jig', quantity: 0.5, search: 'MINCOST', skill: 'Holding' },
    ]);
    const [made] = plan.orders;
    const operation = typeof made?.operation === 'object' ? made.operation : undefined;
    expect(operation?.suboperations?.[0]?.operation.loads).toEqual([
      { resource: 'Saw' },
      { resource: 'Jig', quantity: 0.5 },
    ]);
    expect(plan.resources.find(({ name }) => name === 'Jig')?.maximum).toBe(2);
  });

  test('an order whose secondary work centers were chosen has those', async () => {
    const odoo = smallOdoo(ALONE);
    const { saw, step } = oneStep(odoo);
    const [jig, clamp] = [odoo.workcenter('Jig'), odoo.workcenter('Clamp')];
    odoo.add('planbridge.secondary.workcenter', { routing_workcenter_id: step, workcenter_id: jig, duration: 5 });
    const order = production(odoo, odoo.product('DESK'), 1);
    const work = workorder(odoo, order, 'Saw', 60, { workcenter_id: saw, operation_id: step });
    odoo.add('planbridge.workorder.secondary', { workorder_id: work, workcenter_id: clamp, duration: 15 });
    const plan = await odoo.export();
    const [made, done] = plan.orders;
    const operation = typeof made?.operation === 'object' ? made.operation : undefined;
    expect(operation?.suboperations?.[0]?.operation.loads).toEqual([
      { resource: 'Saw' },
      { resource: 'Clamp', quantity: 0.25 },
    ]);
    expect(done?.loadplans).toEqual([{ resource: 'Saw' }, { resource: 'Clamp' }]);
  });

  test('the multiple of a bill of material, in the unit of the product', async () => {
    const odoo = smallOdoo(ALONE);
    odoo.bom(odoo.product('TABLE'), { product_uom_id: odoo.dozen, planbridge_multiple: 2 });
    odoo.bom(odoo.product('CHAIR'), { planbridge_multiple: 0 });
    const plan = await odoo.export();
    expect(plan.operations.map(({ item, sizeMultiple }) => [item, sizeMultiple])).toEqual([
      ['TABLE', 24],
      ['CHAIR', 1],
    ]);
  });
});

describe('our addon beside frePPLe’s', () => {
  test('one skill for one name, and ours decides', async () => {
    const odoo = smallOdoo();
    const [saw, drill] = [odoo.workcenter('Saw'), odoo.workcenter('Drill')];
    const theirs = odoo.add('mrp.skill', { name: 'Sawing' });
    odoo.add('mrp.skill', { name: 'Theirs only' });
    odoo.add('planbridge.skill', { name: 'Ours only' });
    const ours = odoo.add('planbridge.skill', { name: 'Sawing' });
    odoo.add('mrp.workcenter.skill', { workcenter: saw, skill: theirs, priority: 1 });
    odoo.add('mrp.workcenter.skill', { workcenter: drill, skill: theirs, priority: 7 });
    odoo.add('planbridge.workcenter.skill', { workcenter: saw, skill: ours, priority: 5 });
    const plan = await odoo.export();
    expect(plan.skills.map(({ name }) => name)).toEqual(['Sawing', 'Theirs only', 'Ours only']);
    expect(plan.resourceskills).toEqual([
      { skill: 'Sawing', resource: 'Drill', priority: 7 },
      { skill: 'Sawing', resource: 'Saw', priority: 5 },
    ]);
  });

  test('a step keeps the skill of frePPLe’s addon until ours has one', async () => {
    for (const [ours, expected] of [
      [null, 'Theirs'],
      [1, 'Ours'],
    ] as const) {
      const odoo = smallOdoo();
      const skill = odoo.add('mrp.skill', { name: 'Theirs' });
      odoo.add('planbridge.skill', { name: 'Ours' });
      oneStep(odoo, { skill, planbridge_skill: ours });
      expect(loadsOf(await odoo.export())).toMatchObject([{ skill: expected }]);
    }
  });

  test('a secondary work center that both have is one', async () => {
    const odoo = smallOdoo();
    const { step } = oneStep(odoo);
    const jig = odoo.workcenter('Jig');
    odoo.add('mrp.secondary.workcenter', { routing_workcenter_id: step, workcenter_id: jig, duration: 10 });
    odoo.add('planbridge.secondary.workcenter', { routing_workcenter_id: step, workcenter_id: jig, duration: 5 });
    expect(loadsOf(await odoo.export())).toMatchObject([{ resource: 'Saw' }, { resource: 'Jig', quantity: 0.5 }]);
  });

  test('of what both chose for an order from one pool ours counts, and what only one has stays', async () => {
    const odoo = smallOdoo();
    const { saw, step } = oneStep(odoo);
    const pool = odoo.workcenter('People');
    const [ann, bob] = [odoo.workcenter('Ann', { owner: pool }), odoo.workcenter('Bob', { owner: pool })];
    const clamp = odoo.workcenter('Clamp');
    const order = production(odoo, odoo.product('DESK'), 1);
    const work = workorder(odoo, order, 'Saw', 60, { workcenter_id: saw, operation_id: step });
    const theirs = (workcenter: number) =>
      odoo.add('mrp.workorder.secondary.workcenter', { workorder_id: work, workcenter_id: workcenter, duration: 15 });
    theirs(ann);
    theirs(clamp);
    odoo.add('planbridge.workorder.secondary', { workorder_id: work, workcenter_id: bob, duration: 30 });
    const { orders } = await odoo.export();
    expect(orders[1]?.loadplans).toEqual([{ resource: 'Saw' }, { resource: 'Clamp' }, { resource: 'Bob' }]);
  });

  test('an order whose secondary work centers were chosen keeps them', async () => {
    const odoo = smallOdoo();
    const { saw, step } = oneStep(odoo);
    const [jig, clamp] = [odoo.workcenter('Jig'), odoo.workcenter('Clamp')];
    odoo.add('planbridge.secondary.workcenter', { routing_workcenter_id: step, workcenter_id: jig, duration: 5 });
    const order = production(odoo, odoo.product('DESK'), 1);
    const work = workorder(odoo, order, 'Saw', 60, { workcenter_id: saw, operation_id: step });
    odoo.add('mrp.workorder.secondary.workcenter', { workorder_id: work, workcenter_id: clamp, duration: 15 });
    const [made] = (await odoo.export()).orders;
    const operation = typeof made?.operation === 'object' ? made.operation : undefined;
    expect(operation?.suboperations?.[0]?.operation.loads).toEqual([
      { resource: 'Saw' },
      { resource: 'Clamp', quantity: 0.25 },
    ]);
  });
});

describe('what a company sets about the connection', () => {
  test('nobody but its interface user reads its planning data', async () => {
    const odoo = smallOdoo(ALONE);
    const me = odoo.reader().user.id;
    odoo.change('res.company', odoo.company, { planbridge_interface_user_id: me + 1 });
    await expect(odoo.export()).rejects.toMatchObject({ code: 'PB_ODOO_INTERFACE_USER', status: 403 });
    odoo.change('res.company', odoo.company, { planbridge_interface_user_id: me });
    await expect(odoo.export()).resolves.toBeDefined();
  });

  test.each([true, false])('details of a failure are for companies that want them: %s', async (wanted) => {
    const odoo = smallOdoo();
    odoo.change('res.company', odoo.company, { disclose_stack_trace: wanted });
    const reader = odoo.reader();
    const broken = (from: typeof reader): typeof reader => ({
      ...from,
      scoped: (scope) => broken(from.scoped(scope)),
      pages: (query) => {
        if (query.model === 'mrp.workcenter') throw new Error('out of order');
        return from.pages(query);
      },
    });
    const failure = await exportPlan(broken(reader)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: 'out of order' });
    expect(isDisclosed(failure)).toBe(wanted);
  });
});
