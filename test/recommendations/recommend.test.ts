// What a plan recommends, on a small workshop where the right answer is known, and on the golden models.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli.ts';
import { readOrders } from '../../src/connector/document/orders.ts';
import type { PostedRecord } from '../../src/mapping/posted.ts';
import { planModel } from '../../src/planner/engine/run.ts';
import type { Operationplan } from '../../src/planner/model.ts';
import { addEntity, loadPlanModel, type PlanModel } from '../../src/planner/plan-document.ts';
import { acceptanceOf } from '../../src/planner/recommendations/accept.ts';
import { recommendationsJson } from '../../src/planner/recommendations/json.ts';
import { recommend } from '../../src/planner/recommendations/recommend.ts';
import type { Recommendation } from '../../src/planner/recommendations/recommendation.ts';
import { modelOf, randomModel } from '../engine/models.ts';
import { DAY, demand, HOUR, NOW, plan, workshop } from '../output/workshop.ts';

const at = (day: number, hour = 0): number => NOW + day * DAY + hour * HOUR;

function recommendations(model: PlanModel): Recommendation[] {
  return recommend(plan(model), model);
}

function only(list: readonly Recommendation[], kind: Recommendation['kind']): Recommendation {
  const found = list.filter((r) => r.kind === kind);
  expect(found.map((r) => r.title)).toHaveLength(1);
  return found[0]!;
}

async function posted({ document }: Recommendation): Promise<PostedRecord[]> {
  const records: PostedRecord[] = [];
  await readOrders(
    (async function* () {
      yield new TextEncoder().encode(document ?? '');
    })(),
    (record) => records.push(record),
  );
  return records;
}

function purchase(reference: string, more: Partial<Operationplan> = {}): Operationplan {
  return {
    reference,
    ordertype: 'PO',
    item: 'Leg',
    location: 'WH',
    supplier: 'Wood Corner 9',
    status: 'confirmed',
    start: at(-3),
    end: at(4),
    quantity: 12,
    ...more,
  };
}

describe('new orders', () => {
  it('to buy: what, from whom, until when, for whom and why', async () => {
    const model = workshop({ demands: [demand('S1 1', 3, 14)], stock: { Top: 9, Leg: 2 } });
    const buy = only(recommendations(model), 'purchase');
    expect(buy).toMatchObject({
      item: 'Leg',
      location: 'WH',
      supplier: 'Wood Corner 9',
      quantity: 12,
      value: 60,
      urgency: 'this week',
      title: 'Buy 12 Leg from Wood Corner 9',
      demands: [{ name: 'S1 1', due: at(14), late: 0 }],
    });
    expect(buy.decideBy).toBe(buy.end - 7 * DAY);
    expect(buy.reasons[0]).toMatch(/^Needed for S1 1 \(\d.*, due 19 Jan\)\.$/);
    expect(buy.reasons[1]).toBe('Stock of Leg at WH runs out on 15 Jan.');
    expect(buy.reasons[2]).toMatch(/^Order it on 8 Jan; it arrives on 15 Jan\.$/);
    expect(await posted(buy)).toMatchObject([
      { ok: true, order: { type: 'PO', change: false, product: 12, quantity: 12, vendor: 9, end: buy.end } },
    ]);
  });

  it('orders of one thing within a week are one recommendation; later ones are another', async () => {
    const demands = [demand('S1 1', 3, 9), demand('S2 2', 3, 10), demand('S3 3', 3, 21)];
    const list = recommendations(workshop({ demands, stock: { Top: 99 } }));
    const buys = list.filter((r) => r.kind === 'purchase');
    expect(buys.map((r) => [r.quantity, r.references.length])).toEqual([
      [24, 2],
      [12, 1],
    ]);
    expect(buys[0]?.demands.map((d) => d.name)).toEqual(['S1 1', 'S2 2']);
    expect(buys[0]?.reasons.join(' ')).toContain('2 orders, the last of them to begin on');
    expect(await posted(buys[0]!)).toHaveLength(2);
  });

  it('to make and to move what starts within a week, not what starts later', () => {
    const near = workshop({ demands: [demand('S1 1', 1, 5, { location: 'Shop' })], stock: { Leg: 99, Top: 99 } });
    const list = recommendations(near);
    expect(only(list, 'produce')).toMatchObject({
      title: 'Make 1 Table at WH',
      operation: 'Table @ WH 5',
      value: 200,
      demands: [{ name: 'S1 1' }],
    });
    expect(only(list, 'transfer')).toMatchObject({
      title: 'Move 1 Table from WH to Shop',
      origin: 'WH',
      location: 'Shop',
      start: at(3),
      end: at(5),
    });
    const far = workshop({ demands: [demand('S1 1', 1, 25, { location: 'Shop' })], stock: { Leg: 99, Top: 99 } });
    expect(recommendations(far)).toEqual([]);
  });

  it('for the safety stock, when no demand needs it', () => {
    const model = workshop({ stock: { Leg: 3 } });
    model.buffers.get('Leg @ WH')!.minimum = 10;
    const buy = only(recommendations(model), 'purchase');
    expect(buy.demands).toEqual([]);
    expect(buy.reasons[0]).toBe('Stock of Leg at WH is below its safety stock of 10.');
    expect(buy.urgency).toBe('today');
  });

  it('nothing that Odoo makes itself, and says what it does not know', () => {
    const toOrder = workshop({ demands: [demand('S1 1', 1, 5)], stock: { Leg: 99, Top: 99 } });
    toOrder.items.get('Table')!.type = 'item_mto';
    expect(recommendations(toOrder).filter((r) => r.kind === 'produce')).toEqual([]);
    const unknown = workshop({ demands: [demand('S1 1', 1, 5, { item: 'Vase' })] });
    addEntity(unknown, { entity: 'itemsupplier', value: { item: 'Vase', supplier: 'Potter 4', location: 'WH' } });
    const buy = only(recommendations(unknown), 'purchase');
    expect(buy.document).toBeNull();
    expect(buy.reasons.at(-1)).toBe('It cannot be created in Odoo from here: item "Vase" is not one of Odoo.');
  });
});

describe('late deliveries', () => {
  it('say how late, why, and carry the new date', async () => {
    const list = recommendations(workshop({ demands: [demand('S1 1', 2, 4)], stock: { Top: 9 } }));
    const late = only(list, 'late delivery');
    expect(late.title).toMatch(/^S1 1: 2 Table will be delivered 4 days late, on 12 Jan$/);
    expect(late.reasons).toEqual(['Reason: lead time of Leg from Wood Corner 9 (7 days) until 12 Jan.']);
    expect(late).toMatchObject({ quantity: 2, value: 400, urgency: 'this week', start: at(4) });
    expect(await posted(late)).toMatchObject([
      { ok: true, order: { type: 'SO', order: 'S1', line: 1, delivery: late.end } },
    ]);
    const buy = list.find((r) => r.kind === 'purchase');
    expect(buy?.reasons.at(-1)).toBe('S1 1 will be late: each day counts.');
  });

  it('of a part only, or not at all: no date is promised', () => {
    const part = demand('S1 1', 3, 4, { maxlateness: 0, minshipment: 1 });
    const late = only(recommendations(workshop({ demands: [part], stock: { Table: 1 } })), 'late delivery');
    expect(late).toMatchObject({
      title: 'S1 1: 2 of 3 Table cannot be delivered',
      quantity: 2,
      document: null,
    });
    expect(late.reasons).toContain('1 of 3 come in time.');
  });

  it('a forecast is nobody’s order', () => {
    const forecast = demand('Forecast Table @ WH 2026-01', 2, 4, { category: 'forecast' });
    expect(recommendations(workshop({ demands: [forecast] })).filter((r) => r.kind === 'late delivery')).toEqual([]);
  });
});

describe('orders that are there', () => {
  it('that nobody needs are cancelled, the last ones first; what is needed stays', () => {
    const orders = [
      purchase('P00001 - 1'),
      purchase('P00002 - 2', { end: at(6) }),
      purchase('P00003 - 3', { end: at(8) }),
    ];
    const list = recommendations(workshop({ demands: [demand('S1 1', 3, 14)], orders, stock: { Top: 9 } }));
    const cancel = list.filter((r) => r.kind === 'cancel');
    expect(cancel.map((r) => r.references[0]).sort()).toEqual(['P00002 - 2', 'P00003 - 3']);
    expect(cancel[0]).toMatchObject({ quantity: 12, value: 60, document: null });
    expect(cancel[0]?.title).toMatch(/^Cancel P0000[23] - [23] \(12 Leg\)$/);
  });

  it('that are larger than needed are reduced', async () => {
    const orders = [purchase('P00001 - 1', { quantity: 40 })];
    const list = recommendations(workshop({ demands: [demand('S1 1', 3, 14)], orders, stock: { Top: 9 } }));
    const reduce = only(list, 'cancel');
    expect(reduce).toMatchObject({ title: 'Reduce P00001 - 1 from 40 to 12 Leg', quantity: 28, value: 140 });
    expect(await posted(reduce)).toMatchObject([
      { ok: true, order: { type: 'PO', change: true, reference: 'P00001 - 1', quantity: 12 } },
    ]);
  });

  it('no smaller than the supplier’s least lot, and in whole units', () => {
    const list = (quantity: number, legMinimum: number) =>
      recommendations(
        workshop({
          demands: [demand('S1 1', 3, 14)],
          orders: [purchase('P00001 - 1', { quantity })],
          stock: { Top: 9, Leg: 0.5 },
          legMinimum,
        }),
      ).filter((r) => r.kind === 'cancel');
    expect(list(40, 40)).toEqual([]);
    expect(list(40, 30)[0]?.title).toBe('Reduce P00001 - 1 from 40 to 30 Leg');
    expect(list(40, 5)[0]?.title).toBe('Reduce P00001 - 1 from 40 to 12 Leg');
    expect(list(13, 5)).toEqual([]);
  });

  it('the stock target counts as need', () => {
    const model = workshop({ orders: [purchase('P00001 - 1')], stock: { Leg: 0 } });
    model.buffers.get('Leg @ WH')!.minimum = 12;
    expect(recommendations(model)).toEqual([]);
  });

  it('that customers wait for are hurried', async () => {
    const orders = [purchase('P00001 - 1', { end: at(20), quantity: 12 })];
    const model = workshop({ demands: [demand('S1 1', 3, 10)], orders, stock: { Top: 9 }, legLeadDays: 60 });
    const hurry = only(recommendations(model), 'reschedule');
    expect(hurry.title).toMatch(
      /^Hurry P00001 - 1 \(12 Leg\) from Wood Corner 9: wanted on \d+ Jan instead of 25 Jan$/,
    );
    expect(hurry.reasons).toEqual([
      'S1 1 will be late and waits for it.',
      'Agree it with Wood Corner 9 first: accepting enters it in Odoo.',
    ]);
    expect(hurry.end).toBeLessThan(at(11));
    expect(hurry.before).toEqual({ start: at(-3), end: at(20), quantity: 12 });
    expect(await posted(hurry)).toMatchObject([{ ok: true, order: { change: true, end: hurry.end } }]);
  });

  it('are not hurried for what is late for want of capacity', () => {
    const demands = [demand('S1 1', 8, 3), demand('S2 2', 8, 3)];
    const model = workshop({ demands, orders: [purchase('P00001 - 1', { end: at(1) })], stock: { Top: 99, Leg: 60 } });
    const list = recommendations(model);
    expect(list.filter((r) => r.kind === 'late delivery').length).toBeGreaterThan(0);
    expect(list.filter((r) => r.title.startsWith('Hurry'))).toEqual([]);
  });

  it('that come long before they are needed are postponed', () => {
    const model = workshop({ demands: [demand('S1 1', 3, 40)], orders: [purchase('P00001 - 1')], stock: { Top: 9 } });
    const later = only(recommendations(model), 'reschedule');
    expect(later.title).toMatch(/^Postpone P00001 - 1 \(12 Leg\) from 9 Jan to 1\d Feb$/);
    expect(later.demands.map((d) => d.name)).toEqual(['S1 1']);
  });

  it('that are overdue are asked for, unless they may come today', () => {
    const orders = [purchase('P00001 - 1', { end: at(-2) })];
    const model = workshop({ demands: [demand('S1 1', 3, 14)], orders, stock: { Top: 9 } });
    expect(only(recommendations(model), 'reschedule')).toMatchObject({
      title: 'Ask for P00001 - 1 (12 Leg), 2 days overdue',
      urgency: 'overdue',
      document: null,
    });
    const today = workshop({
      demands: [demand('S1 1', 3, 14)],
      orders: [purchase('P00001 - 1', { end: at(0) })],
      stock: { Top: 9 },
    });
    expect(recommendations(today).filter((r) => r.title.startsWith('Ask'))).toEqual([]);
  });

  /** A plan with an approved order, which the document had `shift` seconds earlier and `smaller` units smaller. */
  function movedBy(shift: number, smaller = 0): Recommendation[] {
    const orders = [purchase('P00001 - 1', { status: 'approved', start: at(1), end: at(8) })];
    const model = workshop({ demands: [demand('S1 1', 3, 14)], orders, stock: { Top: 9 } });
    const net = plan(model);
    const [o] = [...net.operations.values()]
      .flatMap((x) => [...x.opplans])
      .filter((x) => x.reference !== '' && x.locked === false);
    const before = model.operationplans[0]!;
    before.end = o!.end - shift;
    before.quantity = 12 - smaller;
    return recommend(net, model).filter((r) => r.kind === 'reschedule');
  }

  it('that the plan moves by less than an hour are left alone', () => {
    expect(movedBy(0)).toEqual([]);
    expect(movedBy(1800)).toEqual([]);
    expect(movedBy(-2 * HOUR)[0]?.title).toBe('Reschedule P00001 - 1 (12 Leg) from 13 Jan 02:00 to 00:00');
    expect(movedBy(0, 2)[0]?.reasons).toContain('Its quantity changes from 10 to 12.');
  });

  it('that the plan has moved are rescheduled, with what they were', async () => {
    const [move] = movedBy(3 * DAY);
    expect(move?.title).toBe('Reschedule P00001 - 1 (12 Leg) from 10 Jan to 13 Jan');
    expect(move?.before).toMatchObject({ end: at(5), quantity: 12 });
    expect(move?.reasons[0]).toMatch(/^Needed for S1 1 \(3, due 19 Jan\)\.$/);
    expect(await posted(move!)).toMatchObject([{ ok: true, order: { change: true, end: at(8) } }]);
  });
});

describe('the list', () => {
  const busy = () =>
    workshop({
      demands: [demand('S1 1', 2, 4), demand('S2 2', 3, -2), demand('S3 3', 1, 16, { location: 'Shop' })],
      orders: [purchase('P00001 - 1', { quantity: 90 })],
      stock: { Top: 1 },
    });

  it('comes in order of urgency', () => {
    const ranks = recommendations(busy()).map((r) => ['overdue', 'today', 'this week', 'later'].indexOf(r.urgency));
    expect(ranks).toEqual([...ranks].sort());
    expect(new Set(ranks).size).toBeGreaterThan(2);
  });

  it('keys stay while a plan changes a little, and differ between things', () => {
    const before = recommendations(busy());
    const changed = busy();
    changed.demands.get('S3 3')!.quantity = 2;
    const after = new Map(recommendations(changed).map((r) => [r.key, r]));
    expect(new Set(before.map((r) => r.key)).size).toBe(before.length);
    for (const r of before) expect(after.get(r.key)?.kind, r.title).toBe(r.kind);
  });

  it('is the same each time, and its documents are understood, on any plan', async () => {
    await fc.assert(
      fc.asyncProperty(randomModel, async (random) => {
        const model = modelOf(random);
        for (const item of model.items.values()) item.subcategory = '1,7';
        for (const s of model.itemsuppliers) s.supplier = 'S 3';
        const args = { constraints: 52, plantype: 1, lazydelay: DAY, minimumdelay: HOUR };
        const list = recommend(planModel(model, args), model);
        expect(recommend(planModel(model, args), model)).toEqual(list);
        expect(new Set(list.map((r) => r.key)).size).toBe(list.length);
        for (const r of list) {
          expect(r.quantity).toBeGreaterThan(0);
          expect(r.reasons.length).toBeGreaterThan(0);
          if (r.document === null || r.kind === 'late delivery' || r.kind === 'produce') continue;
          for (const record of await posted(r)) expect(record).toMatchObject({ ok: true });
        }
      }),
      { numRuns: 40 },
    );
  });

  it('accepting sends the orders alone; what cannot be sent says what to do', () => {
    const list = JSON.parse([...recommendationsJson(NOW, recommendations(busy()))].join('')).recommendations;
    const buy = list.find((r: Recommendation) => r.kind === 'purchase');
    expect(acceptanceOf(buy)).toEqual({ mode: 2, document: buy.document });
    const orders = [purchase('P00001 - 1')];
    const cancel = only(recommendations(workshop({ orders })), 'cancel');
    expect(() => acceptanceOf(cancel)).toThrow('"Cancel P00001 - 1 (12 Leg)" cannot be carried out from here.');
  });

  it('is JSON with dates in words of ISO 8601', () => {
    const model = busy();
    const list = recommend(plan(model), model);
    const parsed = JSON.parse([...recommendationsJson(NOW, list)].join(''));
    expect(parsed).toMatchObject({ current: '2026-01-05T00:00:00', count: list.length });
    expect(parsed.recommendations[0].decideBy).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  });
});

const GOLDEN = join(import.meta.dirname, '../../../shared/golden/models');
if (!existsSync(GOLDEN)) console.warn(`${GOLDEN} is not there: no recommendations of the golden models.`);

describe.skipIf(!existsSync(GOLDEN))('golden models', () => {
  const cases = [
    '_odoo_demo17',
    '_odoo_ref17',
    'supplier',
    'distribution_1',
    'operation_routing',
    'safety_stock',
    'wip_2',
  ];
  it.each(cases)('%s', async (name) => {
    const model = await loadPlanModel(join(GOLDEN, name, 'model.xml'));
    const { current } = JSON.parse(await readFile(join(GOLDEN, name, 'case.json'), 'utf8'));
    const args = {
      constraints: 52,
      plantype: 1,
      lazydelay: DAY,
      minimumdelay: HOUR,
      current: Date.parse(`${current}Z`) / 1000,
    };
    const net = planModel(model, args);
    const list = recommend(net, model);
    expect(new Set(list.map((r) => r.key)).size).toBe(list.length);
    const late = [...net.demands.values()].filter(
      (d) =>
        (d.status === 'open' || d.status === 'quote') &&
        (d.deliveries.some((o) => o.end > d.due) || d.planned() < d.quantity - 1e-6),
    );
    const told = list.filter((r) => r.kind === 'late delivery').map((r) => r.demands[0]?.name);
    for (const d of late) expect(told).toContain(d.name);
    for (const r of list) {
      if (r.document === null) continue;
      for (const record of await posted(r)) expect(record, r.title).toMatchObject({ ok: true });
    }
  });

  it('from the command line', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'recommend-'));
    try {
      const out = join(folder, 'recommendations.json');
      const model = join(GOLDEN, '_odoo_demo17', 'model.xml');
      const code = await runProgram(['recommend', '--model', model, '--out', out], {
        environment: {},
        stdout: process.stdout,
        print: () => {},
        printError: () => {},
        terminal: false,
        setExitCode: () => {},
        signal: new AbortController().signal,
      });
      expect(code).toBe(0);
      const { recommendations: list, count } = JSON.parse(await readFile(out, 'utf8'));
      expect(list).toHaveLength(count);
      expect(list.map((r: Recommendation) => r.kind)).toContain('purchase');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
