// Plans on their way to Odoo: the document is one that the import takes, as frePPLe posts it.
import { describe, expect, it } from 'vitest';
import { readOrders } from '../../src/connector/document/orders.ts';
import type { PostedOrder, PostedRecord } from '../../src/mapping/posted.ts';
import type { Operationplan } from '../../src/planner/model.ts';
import { type DocumentFilter, type DocumentSummary, planDocument } from '../../src/planner/output/document.ts';
import { referencesOf } from '../../src/planner/output/orders.ts';
import { planPegging } from '../../src/planner/output/pegging.ts';
import { english } from '../../src/planner/output/sentence.ts';
import { addEntity, type PlanModel } from '../../src/planner/plan-document.ts';
import { DAY, demand, HOUR, NOW, plan, workshop } from './workshop.ts';

const at = (day: number, hour = 0): number => NOW + day * DAY + hour * HOUR;
const DEMANDS = [demand('S1 1', 2, 14), demand('S2 2', 1, 16, { location: 'Shop' })];

async function post(
  model: PlanModel,
  filter: DocumentFilter = {},
  planned: () => void = () => {},
): Promise<{ xml: string; records: PostedRecord[]; orders: PostedOrder[]; summary: DocumentSummary }> {
  const net = plan(model);
  planned();
  const pieces = planDocument(net, model, referencesOf(net), planPegging(net), filter);
  let xml = '';
  let summary: DocumentSummary | undefined;
  for (;;) {
    const next = pieces.next();
    if (next.done) {
      summary = next.value;
      break;
    }
    xml += next.value;
  }
  const records: PostedRecord[] = [];
  await readOrders(
    (async function* () {
      yield new TextEncoder().encode(xml);
    })(),
    (record) => records.push(record),
  );
  const orders = records.flatMap((r) => (r.ok ? [r.order] : []));
  return { xml, records, orders, summary };
}

describe('the plan document', () => {
  it('every order and promise is one that the import understands', async () => {
    const { records, orders, summary } = await post(workshop({ demands: DEMANDS }));
    expect(records.filter((r) => !r.ok)).toEqual([]);
    expect(summary).toEqual({ orders: 6, promises: 2, leftOut: [] });
    const types = orders.map((o) => o.type);
    expect([...types].sort()).toEqual(['DO', 'MO', 'MO', 'PO', 'PO', 'PO', 'SO', 'SO'].sort());
    expect(orders.find((o) => o.type === 'PO' && o.item === 'Leg')).toMatchObject({
      change: false,
      product: 12,
      uom: 1,
      quantity: 12,
      vendor: 9,
      warehouse: 1,
    });
    expect(orders.find((o) => o.type === 'DO')).toMatchObject({
      product: 11,
      quantity: 1,
      origin: { id: 1, name: 'WH' },
      destination: { id: 2, name: 'Shop' },
    });
    const make = orders.find((o) => o.type === 'MO' && o.quantity === 2);
    expect(make).toMatchObject({ operation: 'Table @ WH 5', product: 11, change: false, warehouse: 1 });
    if (make?.type !== 'MO') throw new Error('no MO');
    expect(make.steps.map((s) => [s.id, s.resources.map((r) => r.id)])).toEqual([
      [51, [2]],
      [52, [3]],
    ]);
    expect(make.steps[1]?.end).toBe(make.end);
    expect(orders.find((o) => o.type === 'SO')).toMatchObject({ order: 'S1', line: 1, delivery: at(14) });
  });

  it('tells what each manufacturing order is for, and how long each step works', async () => {
    const { xml } = await post(workshop({ demands: DEMANDS }), { types: ['MO'] });
    expect(xml).toContain('demand="{&quot;S1 1&quot;:2}"');
    expect(xml).toMatch(/operation="Table @ WH 5 - assemble 52"[^>]* net_duration="14400"/);
    expect(xml).toContain('<item name="Leg" id="12" quantity="-8"/>');
    expect(xml).not.toContain('<demands>');
  });

  it.each([
    [{ types: ['PO', 'SO'] }, ['PO', 'PO', 'PO', 'SO', 'SO']],
    [{ startBy: at(4, 23), types: ['PO', 'MO', 'DO'] }, ['PO']],
    [{ categories: ['Furniture'], types: ['PO', 'MO', 'DO'] }, ['DO', 'MO', 'MO']],
    [{ suppliers: ['Nobody 1'], types: ['PO', 'DO'] }, ['DO']],
    [{ minimumValue: 300, types: ['PO', 'MO', 'DO'] }, ['MO']],
  ] as [DocumentFilter, string[]][])('filter %j', async (filter, types) => {
    const { orders } = await post(workshop({ demands: DEMANDS }), filter);
    expect(orders.map((o) => o.type).sort()).toEqual(types);
  });

  it('chosen orders only, with what a person has edited', async () => {
    const model = workshop({ demands: DEMANDS });
    const all = await post(model, { types: ['MO'] });
    const [chosen] = all.orders;
    if (chosen?.type !== 'MO') throw new Error('no MO');
    const { orders } = await post(workshop({ demands: DEMANDS }), {
      references: new Set([chosen.reference]),
      edits: new Map([[chosen.reference, { quantity: 7, end: chosen.end + DAY }]]),
    });
    expect(orders).toMatchObject([
      { reference: chosen.reference, quantity: 7, start: chosen.start + DAY, end: chosen.end + DAY },
    ]);
  });

  it('leaves out what Odoo does not know or makes itself, and says so', async () => {
    const model = workshop({ demands: [demand('S1 1', 2, 14), demand('S3 3', 1, 14, { item: 'Vase' })] });
    addEntity(model, { entity: 'item', value: { name: 'Vase' } });
    addEntity(model, { entity: 'itemsupplier', value: { item: 'Vase', supplier: 'Potter 4', location: 'WH' } });
    const { summary, orders } = await post(model, { types: ['PO', 'MO'] });
    expect(summary.leftOut.map(({ reason }) => english(reason, 0))).toEqual(['item "Vase" is not one of Odoo']);
    expect(orders.every((o) => o.item !== 'Vase')).toBe(true);
    const toOrder = workshop({ demands: [demand('S1 1', 2, 14)] });
    toOrder.items.get('Table')!.type = 'item_mto';
    expect((await post(toOrder, { types: ['MO'] })).orders).toEqual([]);
  });

  it('changes of orders that Odoo has: only those that moved', async () => {
    const order = (reference: string, more: Partial<Operationplan>): Operationplan => ({
      reference,
      ordertype: 'PO',
      item: 'Leg',
      location: 'WH',
      supplier: 'Wood Corner 9',
      quantity: 12,
      ...more,
    });
    const orders = [
      order('P00001 - 1', { status: 'confirmed', start: at(-3), end: at(4) }),
      order('P00002 - 2', { status: 'approved', start: at(0), end: at(7) }),
      order('P00003 - 3', { status: 'approved', start: at(1), end: at(8) }),
    ];
    const model = workshop({ demands: [demand('S1 1', 2, 14)], orders });
    const { orders: posted } = await post(model, { types: ['PO'] }, () => {
      // what the plan was made from said something else of the last one
      model.operationplans[2]!.end = at(5);
    });
    const changes = posted.filter((o) => o.type === 'PO' && o.change).map((o) => o.reference);
    expect(changes).toEqual(['P00003 - 3']);
  });

  it('leaves finished steps of an order that has begun', async () => {
    const begun = (first: 'confirmed' | 'completed', last: 'approved' | 'completed'): Operationplan[] => [
      {
        reference: 'MO1',
        ordertype: 'MO',
        status: 'approved',
        quantity: 2,
        operation: 'Table @ WH 5',
        start: at(0, 8),
      },
      ...(['drill 51', 'assemble 52'] as const).map(
        (step, index): Operationplan => ({
          reference: `MO1 - ${step}`,
          ordertype: 'MO',
          owner: 'MO1',
          operation: `Table @ WH 5 - ${step}`,
          status: index === 0 ? first : last,
          quantity: 2,
          start: at(index, 8),
          end: at(index, 12),
        }),
      ),
    ];
    const stepsOf = async (orders: Operationplan[]) => {
      const model = workshop({ demands: [demand('S1 1', 2, 14)], orders });
      const { orders: posted } = await post(model, { references: new Set(['MO1']) });
      const [order] = posted;
      if (posted.length !== 1 || order?.type !== 'MO') throw new Error('no MO');
      return order.steps.map(({ id }) => id);
    };
    expect(await stepsOf(begun('confirmed', 'approved'))).toEqual([51, 52]);
    expect(await stepsOf(begun('completed', 'approved'))).toEqual([52]);
    expect(await stepsOf(begun('completed', 'completed'))).toEqual([]);
  });
});
