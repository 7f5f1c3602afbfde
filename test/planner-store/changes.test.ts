// Reading what changed gives the same model as reading everything: random work in a sandbox Odoo, a read of the changes, then a whole
// read that must find nothing to correct.
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultRules } from '../../src/mapping/defaults.ts';
import { loadModel } from '../../src/planner/store/load.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Row } from '../../src/sandbox/values.ts';
import {
  documentModel,
  openTestOdoo,
  openTestStore,
  plainModel,
  type Reads,
  readsOf,
  stopPostgres,
  storeKinds,
  type TestOdoo,
  type TestStore,
} from './support.ts';

type Ids = number[];

/** A number picks one of what is there; work that Odoo refuses is as good as none. */
interface Work {
  name: string;
  do(odoo: Sandbox, pick: (from: readonly number[]) => number, n: number): void;
}

const find = (odoo: Sandbox, model: string, domain: readonly unknown[] = []): Ids =>
  odoo.call('admin', model, 'search', [domain], { context: { active_test: false } }) as Ids;
const write = (odoo: Sandbox, model: string, id: number, values: object) =>
  odoo.call('admin', model, 'write', [[id], values]);
const act = (odoo: Sandbox, model: string, method: string, id: number) => odoo.call('admin', model, method, [[id]]);
const goods = (odoo: Sandbox) => find(odoo, 'product.product', [['active', '=', true]]);
const day = (n: number) => `2026-12-${String((n % 27) + 1).padStart(2, '0')} 10:00:00`;

const WORK: readonly Work[] = [
  {
    name: 'sells',
    do(odoo, pick, n) {
      const lines = Array.from({ length: 1 + (n % 3) }, (_, i) => [
        0,
        0,
        { product_id: pick(goods(odoo)), product_uom_qty: 1 + ((n + i) % 9) },
      ]);
      const partner_id = pick(find(odoo, 'res.partner', [['active', '=', true]]));
      const picking_policy = n % 2 ? 'one' : 'direct';
      const id = odoo.call('admin', 'sale.order', 'create', [
        { partner_id, picking_policy, order_line: lines },
      ]) as number;
      if (n % 4 > 0) act(odoo, 'sale.order', 'action_confirm', id);
    },
  },
  {
    name: 'confirms',
    do: (odoo, pick) =>
      act(odoo, 'sale.order', 'action_confirm', pick(find(odoo, 'sale.order', [['state', '=', 'draft']]))),
  },
  { name: 'cancels', do: (odoo, pick) => act(odoo, 'sale.order', 'action_cancel', pick(find(odoo, 'sale.order'))) },
  {
    name: 'reopens',
    do: (odoo, pick) =>
      act(odoo, 'sale.order', 'action_draft', pick(find(odoo, 'sale.order', [['state', '=', 'cancel']]))),
  },
  {
    name: 'changes a quantity',
    do: (odoo, pick, n) =>
      write(odoo, 'sale.order.line', pick(find(odoo, 'sale.order.line')), { product_uom_qty: n % 20 }),
  },
  {
    name: 'changes a delivered quantity',
    do: (odoo, pick, n) =>
      write(odoo, 'sale.order.line', pick(find(odoo, 'sale.order.line')), { qty_delivered: n % 5 }),
  },
  {
    name: 'promises another date',
    do: (odoo, pick, n) => write(odoo, 'sale.order', pick(find(odoo, 'sale.order')), { commitment_date: day(n) }),
  },
  {
    name: 'takes another customer',
    do: (odoo, pick) =>
      write(odoo, 'sale.order', pick(find(odoo, 'sale.order')), { partner_id: pick(find(odoo, 'res.partner')) }),
  },
  {
    name: 'delivers',
    do: (odoo, pick) =>
      act(odoo, 'stock.picking', 'button_validate', pick(find(odoo, 'stock.picking', [['state', '!=', 'done']]))),
  },
  {
    name: 'reserves',
    do: (odoo, pick) =>
      act(odoo, 'stock.picking', 'action_assign', pick(find(odoo, 'stock.picking', [['state', '!=', 'done']]))),
  },
  {
    name: 'cancels a delivery',
    do: (odoo, pick) =>
      act(odoo, 'stock.picking', 'action_cancel', pick(find(odoo, 'stock.picking', [['state', '!=', 'done']]))),
  },
  {
    name: 'hurries a delivery',
    do: (odoo, pick, n) => write(odoo, 'stock.picking', pick(find(odoo, 'stock.picking')), { priority: String(n % 2) }),
  },
  {
    name: 'moves a delivery',
    do: (odoo, pick, n) =>
      write(odoo, 'stock.move', pick(find(odoo, 'stock.move', [['state', 'not in', ['done', 'cancel']]])), {
        date: day(n),
      }),
  },
  {
    name: 'forgets a cancelled move',
    do: (odoo, pick) => act(odoo, 'stock.move', 'unlink', pick(find(odoo, 'stock.move', [['state', '=', 'cancel']]))),
  },
  {
    name: 'removes a line',
    do: (odoo, pick) =>
      act(odoo, 'sale.order.line', 'unlink', pick(find(odoo, 'sale.order.line', [['order_id.state', '=', 'draft']]))),
  },
  {
    name: 'removes an order',
    do: (odoo, pick) =>
      act(odoo, 'sale.order', 'unlink', pick(find(odoo, 'sale.order', [['state', 'in', ['draft', 'cancel']]]))),
  },
  {
    name: 'renames a product',
    do: (odoo, pick, n) => write(odoo, 'product.product', pick(goods(odoo)), { default_code: `NEW-${n}` }),
  },
  {
    name: 'archives a product',
    do: (odoo, pick, n) => write(odoo, 'product.product', pick(find(odoo, 'product.product')), { active: n % 3 > 0 }),
  },
  {
    name: 'renames a customer',
    do: (odoo, pick, n) => write(odoo, 'res.partner', pick(find(odoo, 'res.partner')), { name: `Customer ${n}` }),
  },
  {
    name: 'makes a customer a company',
    do: (odoo, pick, n) => write(odoo, 'res.partner', pick(find(odoo, 'res.partner')), { is_company: n % 2 > 0 }),
  },
  {
    name: 'renames a warehouse',
    do: (odoo, pick, n) => write(odoo, 'stock.warehouse', pick(find(odoo, 'stock.warehouse')), { code: `W${n % 90}` }),
  },
  {
    name: 'makes a product a kit',
    do: (odoo, pick, n) => {
      const [bom] = [pick(find(odoo, 'mrp.bom'))];
      write(odoo, 'mrp.bom', bom!, { type: n % 2 ? 'phantom' : 'normal' });
    },
  },
  {
    name: 'changes a part of a kit',
    do: (odoo, pick, n) => write(odoo, 'mrp.bom.line', pick(find(odoo, 'mrp.bom.line')), { product_qty: 1 + (n % 7) }),
  },
  {
    name: 'makes',
    do: (odoo, pick) =>
      act(
        odoo,
        'mrp.production',
        'button_mark_done',
        pick(find(odoo, 'mrp.production', [['state', 'in', ['confirmed', 'progress']]])),
      ),
  },
];

const day_ = fc.array(
  fc.record({
    work: fc.nat({ max: WORK.length - 1 }),
    pick: fc.nat({ max: 10_000 }),
    n: fc.nat({ max: 999 }),
    /** Minutes until it is done. */
    wait: fc.nat({ max: 900 }),
  }),
  { minLength: 1, maxLength: 8 },
);

function work(odoo: TestOdoo, doing: { work: number; pick: number; n: number; wait: number }): boolean {
  odoo.clock.now += doing.wait * 60_000;
  let picked = doing.pick;
  const pick = (from: readonly number[]) => {
    picked = (picked * 31 + 7) % 10_007;
    return from[picked % from.length] ?? 0;
  };
  try {
    WORK[doing.work]!.do(odoo.sandbox, pick, doing.n);
    return true;
  } catch {
    return false;
  }
}

const kinds = await storeKinds();

describe.each(kinds)('changes in $kind', ({ kind, skip }) => {
  let odoo: TestOdoo;
  let own: TestStore;
  let reads: Reads;

  beforeAll(async () => {
    if (skip) return;
    odoo = await openTestOdoo();
    own = await openTestStore(kind);
    reads = readsOf(odoo, own.store);
    await reads.run('odoo_read_1');
  });
  afterAll(async () => {
    await own?.close();
    await odoo?.close();
    await stopPostgres();
  });

  it.skipIf(skip)(
    'are read so that nothing is left to correct',
    async () => {
      const done = new Map<string, number>();
      let spared = 0;
      await fc.assert(
        fc.asyncProperty(day_, async (doings) => {
          for (const doing of doings) {
            const name = WORK[doing.work]!.name;
            if (work(odoo, doing)) done.set(name, (done.get(name) ?? 0) + 1);
          }
          const changes = await reads.run('odoo_read_1', { how: 'changes' });
          const whole = await reads.run('odoo_read_1', { how: 'full' });
          spared += whole.counts['order lines read']! - changes.counts['order lines read']!;
          expect(sorted(changes.report)).toEqual(sorted(whole.report));
          expect(whole.counts).toMatchObject({ added: 0, changed: 0, removed: 0 });
        }),
        { numRuns: 15, endOnFailure: true, seed: 4_711 },
      );
      // Else it proves nothing.
      expect(done.size).toBeGreaterThan(WORK.length * 0.7);
      expect(spared).toBeGreaterThan(1_000);
      expect(plainModel(await loadModel(own.store, odoo.scope))).toEqual(plainModel(await documentModel(odoo)));
    },
    120_000,
  );
});

describe('a settled order line', () => {
  let odoo: TestOdoo;
  let own: TestStore;
  let reads: Reads;
  let line: Row;

  beforeAll(async () => {
    odoo = await openTestOdoo();
    own = await openTestStore('embedded');
    reads = readsOf(odoo, own.store);
    await reads.run('odoo_read_1');
    // A week later nothing of the first read is in the span that is looked at again anyway.
    odoo.clock.now += 7 * 24 * 3_600_000;
    await reads.run('odoo_read_1', { how: 'changes' });
  });
  beforeEach(async () => {
    odoo.clock.now += 48 * 3_600_000;
    const { counts } = await reads.run('odoo_read_1', { how: 'changes' });
    expect(counts['order lines read']).toBeLessThan(60);
    line = settledLine();
  });
  afterAll(async () => {
    await own.close();
    await odoo.close();
  });

  const rows = (model: string) => [...odoo.sandbox.db.table(model).rows()];

  /** Delivered, of a company's order, and not touched for long. */
  function settledLine(): Row {
    const found = rows('sale.order.line').find((row) => {
      const order = odoo.sandbox.db.table('sale.order').get(row.order_id as number)!;
      const partner = odoo.sandbox.db.table('res.partner').get(order.partner_id as number)!;
      const moves = rows('stock.move').filter((move) => move.sale_line_id === row.id);
      const isDone = moves.length > 0 && moves.every((move) => move.state === 'done');
      return (
        isDone && order.state === 'sale' && partner.is_company === true && row.qty_delivered === row.product_uom_qty
      );
    });
    return found!;
  }

  const now = () => new Date(odoo.clock.now).toISOString().slice(0, 19).replace('T', ' ');

  async function demandsOf(id: number): Promise<Record<string, unknown>[]> {
    const model = await loadModel(own.store, odoo.scope);
    return [...model.demands.values()].filter(({ name }) => name.split(' ')[1] === String(id)) as never;
  }

  async function changes(): Promise<void> {
    const { counts } = await reads.run('odoo_read_1', { how: 'changes' });
    expect(counts['order lines read']).toBeLessThan(100);
    expect(plainModel(await loadModel(own.store, odoo.scope))).toEqual(
      plainModel(await documentModel(odoo, reads.rules)),
    );
  }

  it('is read again when it was written itself', async () => {
    odoo.sandbox.db.put('sale.order.line', { ...line, product_uom_qty: 77, qty_delivered: 77, write_date: now() });
    await changes();
    expect(await demandsOf(line.id)).toMatchObject([{ quantity: 77 }]);
  });

  it('is read again when another delivery of it is planned', async () => {
    const move = rows('stock.move').find((one) => one.sale_line_id === line.id)!;
    const more = { ...move, id: odoo.sandbox.db.table('stock.move').nextId, state: 'confirmed', product_uom_qty: 3 };
    odoo.sandbox.db.put('stock.move', { ...more, quantity: 0, write_date: now() });
    await changes();
    expect(await demandsOf(line.id)).toMatchObject([{ status: 'open', quantity: 3 }]);
  });

  it('is read again when its customer is called otherwise', async () => {
    const { partner_id } = odoo.sandbox.db.table('sale.order').get(line.order_id as number)!;
    odoo.sandbox.call('admin', 'res.partner', 'write', [[partner_id], { name: 'Newly Named' }]);
    await changes();
    expect(await demandsOf(line.id)).toMatchObject([{ customer: `Newly Named ${partner_id}` }]);
  });

  it('comes and goes with the filter of the mapping sheet, whatever the filter looks at', async () => {
    const { partner_id } = odoo.sandbox.db.table('sale.order').get(line.order_id as number)!;
    const filters = new Map([['demand', [['order_id.partner_id.ref', '!=', 'hidden']]]] as const);
    reads.rules = { ...defaultRules(), filters: filters as never };
    await reads.run('odoo_read_1', { how: 'changes' });
    expect(reads.lines.at(-1)).toContain('mapping sheet');
    const ref = (text: string | false) =>
      odoo.sandbox.call('admin', 'res.partner', 'write', [[partner_id], { ref: text }]);
    ref('hidden');
    await changes();
    expect(await demandsOf(line.id)).toEqual([]);
    ref(false);
    await changes();
    expect(await demandsOf(line.id)).toHaveLength(1);
    reads.rules = defaultRules();
    await reads.run('odoo_read_1', { how: 'changes' });
  });

  it('that changed without any sign is found by a check, reported with its name, and corrected', async () => {
    odoo.sandbox.db.put('sale.order.line', { ...line, product_uom_qty: 55, qty_delivered: 55 });
    const missed = await reads.run('odoo_read_1', { how: 'changes' });
    expect(missed.counts.changed).toBe(0);
    const checked = await reads.run('odoo_read_1', { how: 'check' });
    expect(checked.counts.drift).toBe(1);
    expect(checked.report).toContainEqual(
      expect.objectContaining({ entity: 'demand', count: 1, records: [`order line ${line.id}`] }),
    );
    expect(reads.lines.at(-1)).toContain(String(line.id));
    expect(await demandsOf(line.id)).toMatchObject([{ quantity: 55 }]);
    expect((await reads.run('odoo_read_1', { how: 'check' })).counts.drift).toBe(0);
  });

  it('makes no false alarm when it changes while the check goes on', async () => {
    const first = rows('sale.order.line').map((row) => row.write_date);
    let written = false;
    const check = await reads.run('odoo_read_1', { how: 'check' }, undefined, (part) => {
      if (part < 0.5 || written) return;
      written = true;
      odoo.sandbox.db.put('sale.order.line', { ...line, product_uom_qty: 66, qty_delivered: 66, write_date: now() });
    });
    expect(written && first.length > 0).toBe(true);
    expect(check.counts.drift).toBe(0);
    expect(await demandsOf(line.id)).toMatchObject([{ quantity: 66 }]);
  });

  it('is checked by itself once a day', async () => {
    await reads.run('odoo_read_1', { how: 'full' });
    odoo.clock.now += 23 * 3_600_000;
    expect((await reads.run('odoo_read_1')).counts.drift).toBeUndefined();
    odoo.clock.now += 2 * 3_600_000;
    expect((await reads.run('odoo_read_1')).counts.drift).toBe(0);
    expect((await reads.run('odoo_read_1')).counts.drift).toBeUndefined();
  });
});

function sorted(report: readonly { kind: string; entity: string; reason: string; count: number }[] = []) {
  return report.map(({ kind, entity, reason, count }) => `${entity} ${kind}: ${reason} ${count}`).sort();
}
