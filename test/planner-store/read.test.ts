// The planning model in our database: the same as the document that frePPLe would get, replaced at once, with the planners' edits.
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultRules } from '../../src/mapping/defaults.ts';
import type { EntityName, MappingRules } from '../../src/mapping/rules.ts';
import type { Demand, Item, ItemSupplier } from '../../src/planner/model.ts';
import type { PlanModel } from '../../src/planner/plan-document.ts';
import { addOwnEntity, editEntity, listEdits, removeEdit } from '../../src/planner/store/edits.ts';
import { type SoldLine, salesByBucket, salesHistory } from '../../src/planner/store/history.ts';
import { findEntity, listEntities } from '../../src/planner/store/list.ts';
import { loadModel } from '../../src/planner/store/load.ts';
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

const kinds = await storeKinds();
const BY = { who: 'planner@example.com', at: Date.UTC(2026, 10, 23) };

/** The sheet with an attribute (or, without one, a whole entity) in other modes. */
function withModes(entity: EntityName, attribute: string | null, modes: readonly number[]): MappingRules {
  const rules = defaultRules();
  const attributes = rules.attributes.map((rule) =>
    rule.entity === entity && (attribute === null || rule.attribute === attribute)
      ? { ...rule, modes: new Set(modes) }
      : rule,
  );
  return { ...rules, attributes };
}

afterAll(stopPostgres);

describe.each(kinds.filter(({ skip }) => !skip))('planning model in $kind', ({ kind }) => {
  let odoo: TestOdoo;
  let own: TestStore | undefined;
  let reads: Reads;

  beforeEach(async () => {
    odoo = await openTestOdoo();
    if (own === undefined) own = await openTestStore(kind);
    reads = readsOf(odoo, own.store);
    await reads.run('odoo_read_1');
  });
  afterEach(async () => {
    await odoo.close();
  });
  afterAll(async () => {
    await own?.close();
  });

  const load = (): Promise<PlanModel> => loadModel(own!.store, odoo.scope);
  const rows = (model: string) => [...odoo.sandbox.db.table(model).rows()];
  const staged = () =>
    own!.store.query(`select 1 from planbridge.entity e join planbridge.model_source s using (model, source)
      join planbridge.model m on m.id = e.model where m.odoo = '${odoo.scope.odoo}' and (e.since > s.version or e.until > s.version)`);

  it('is what the document says, in its order', async () => {
    expect(plainModel(await load())).toEqual(plainModel(await documentModel(odoo)));
    const again = await reads.run('odoo_read_1', { how: 'full' });
    expect(again.counts).toMatchObject({ added: 0, changed: 0, removed: 0 });
    expect(again.counts.unchanged).toBe(again.counts.rows);
    // An hour later everything that waits since then has moved on; nothing else has.
    odoo.clock.now += 3_600_000;
    const later = await reads.run('odoo_read_1', { how: 'full' });
    expect(later.counts.changed).toBeLessThan(80);
    expect(plainModel(await load())).toEqual(plainModel(await documentModel(odoo)));
  });

  it('has the report of what was left out, whole after a read of the changes too', async () => {
    const whole = await reads.run('odoo_read_1', { how: 'full' });
    const changes = await reads.run('odoo_read_1', { how: 'changes' });
    expect(whole.report?.some(({ entity }) => entity === 'demand')).toBe(true);
    expect(changes.report).toEqual(whole.report);
  });

  it('is the old one or the new one to whoever loads it, whatever is going on', async () => {
    const before = plainModel(await load());
    for (const item of rows('product.product').slice(0, 30)) {
      odoo.sandbox.call('admin', 'product.product', 'write', [[item.id], { default_code: `R-${item.id}` }]);
    }
    const seen: Promise<Record<string, unknown>>[] = [];
    await reads.run('odoo_read_1', { how: 'full' }, undefined, () => void seen.push(load().then(plainModel)));
    const after = plainModel(await load());
    expect(after).not.toEqual(before);
    expect(after).toEqual(plainModel(await documentModel(odoo)));
    const kinds_ = (await Promise.all(seen)).map((model) => {
      const text = JSON.stringify(model);
      return text === JSON.stringify(before) ? 'old' : text === JSON.stringify(after) ? 'new' : 'mixed';
    });
    expect(kinds_).toContain('old');
    expect(kinds_).not.toContain('mixed');
  });

  it('stays as it was when a read is cancelled, and the next one completes', async () => {
    const before = plainModel(await load());
    for (const { id } of rows('sale.order.line').slice(0, 20)) {
      odoo.sandbox.db.put('sale.order.line', {
        ...odoo.sandbox.db.table('sale.order.line').get(id)!,
        product_uom_qty: 99,
      });
    }
    const stop = new AbortController();
    const run = reads.run('odoo_read_1', { how: 'full' }, stop.signal, (part) => {
      if (part > 0.6) stop.abort(new Error('cancelled by a planner'));
    });
    await expect(run).rejects.toThrow();
    expect(plainModel(await load())).toEqual(before);
    expect(await staged()).toEqual([]);
    await reads.run('odoo_read_1', { how: 'full' });
    expect(plainModel(await load())).toEqual(plainModel(await documentModel(odoo)));
  });

  it('takes names that no database keeps as they are', async () => {
    const [item] = [...(await load()).items.values()].filter(({ subcategory }) => subcategory?.includes(','));
    const product = Number(item!.subcategory!.split(',')[1]);
    const { product_tmpl_id } = odoo.sandbox.db.table('product.product').get(product)!;
    const template = odoo.sandbox.db.table('product.template').get(product_tmpl_id as number)!;
    const name = 'Half \ud83d, zero \0, and what looks like one: \\u0000';
    odoo.sandbox.db.put('product.template', { ...template, name });
    expect((await reads.run('odoo_read_1')).counts.changed).toBeGreaterThan(0);
    const again = await reads.run('odoo_read_1', { how: 'full' });
    expect(again.counts).toMatchObject({ added: 0, changed: 0, removed: 0 });
    const descriptions = [...(await load()).items.values()].map(({ description }) => description);
    expect(descriptions).toContain('Half \ufffd, zero , and what looks like one: ');
  });

  it('says how far it is', async () => {
    const parts: number[] = [];
    await reads.run('odoo_read_1', { how: 'check' }, undefined, (part) => void parts.push(part));
    expect(parts.every((part) => part >= 0 && part <= 1)).toBe(true);
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
    expect(parts.at(-1)).toBeGreaterThan(0.9);
  });

  it('has the edits of planners over what Odoo says, through every read, until they are taken away', async () => {
    const { itemsuppliers, demands } = await load();
    const offer = itemsuppliers[0] as ItemSupplier;
    const key = `${offer.item} | ${offer.supplier}`;
    const [demand] = [...demands.values()].filter(({ status }) => status === 'open') as [Demand];
    await editEntity(own!.store, odoo.scope, 'itemsupplier', key, { leadtime: 12_345 }, BY);
    await editEntity(own!.store, odoo.scope, 'demand', demand.name, { priority: 7, batch: null }, BY);
    for (const how of ['changes', 'full']) {
      const { counts } = await reads.run('odoo_read_1', { how });
      expect(counts).toMatchObject({ changed: 0, removed: 0, kept: 0 });
      const model = await load();
      expect(model.itemsuppliers[0]).toEqual({ ...offer, leadtime: 12_345 });
      expect(model.demands.get(demand.name)).toMatchObject({ priority: 7, quantity: demand.quantity });
      expect(model.demands.get(demand.name)?.batch).toBeUndefined();
    }
    expect((await listEdits(own!.store, odoo.scope)).map(({ field, who }) => `${field} ${who}`).sort()).toEqual([
      'batch planner@example.com',
      'leadtime planner@example.com',
      'priority planner@example.com',
    ]);
    expect(await removeEdit(own!.store, odoo.scope, 'demand', demand.name, 'priority')).toBe(1);
    expect(await removeEdit(own!.store, odoo.scope, 'demand', demand.name)).toBe(1);
    expect(await removeEdit(own!.store, odoo.scope, 'itemsupplier', key)).toBe(1);
    expect(plainModel(await load())).toEqual(plainModel(await documentModel(odoo)));
  });

  it('keeps a record that Odoo deletes as long as it is edited, and gives it back when Odoo has it again', async () => {
    const order = rows('sale.order').find(({ state }) => state === 'draft')!;
    const line = rows('sale.order.line').find(
      ({ order_id, product_id }) => order_id === order.id && product_id !== null,
    )!;
    const name = `${order.name} ${line.id}`;
    const before = (await load()).demands.get(name)!;
    await editEntity(own!.store, odoo.scope, 'demand', name, { quantity: 321 }, BY);
    odoo.sandbox.db.table('sale.order.line').delete(line.id);
    const { counts } = await reads.run('odoo_read_1', { how: 'changes' });
    expect(counts).toMatchObject({ kept: 1 });
    expect((await load()).demands.get(name)).toEqual({ ...before, quantity: 321 });
    expect((await reads.run('odoo_read_1', { how: 'full' })).counts).toMatchObject({ kept: 0 });
    expect(await findEntity(own!.store, odoo.scope, 'demand', name)).toMatchObject({
      source: 'own',
      value: { quantity: 321 },
      edited: { quantity: { who: BY.who } },
    });
    odoo.sandbox.db.put('sale.order.line', { ...line, product_uom_qty: 5 });
    await reads.run('odoo_read_1', { how: 'changes' });
    expect(await findEntity(own!.store, odoo.scope, 'demand', name)).toMatchObject({ source: 'odoo_1' });
    odoo.sandbox.db.table('sale.order.line').delete(line.id);
    await reads.run('odoo_read_1', { how: 'changes' });
    await removeEdit(own!.store, odoo.scope, 'demand', name);
    expect((await load()).demands.has(name)).toBe(false);
  });

  it('has records of the planners’ own, which no read touches', async () => {
    const [item] = [...(await load()).items.values()].slice(-1) as [Item];
    const value: Demand = { name: 'Fair in May', item: item.name, quantity: 40, due: 1_800_000_000, location: 'MAR' };
    const key = await addOwnEntity(own!.store, odoo.scope, { entity: 'demand', value }, BY);
    await expect(addOwnEntity(own!.store, odoo.scope, { entity: 'demand', value }, BY)).rejects.toMatchObject({
      status: 409,
    });
    await reads.run('odoo_read_1', { how: 'full' });
    expect((await load()).demands.get('Fair in May')).toEqual(value);
    await editEntity(own!.store, odoo.scope, 'demand', key, { quantity: 41 }, BY);
    expect((await load()).demands.get('Fair in May')?.quantity).toBe(41);
    await removeEdit(own!.store, odoo.scope, 'demand', key);
    expect((await load()).demands.has('Fair in May')).toBe(false);
  });

  it('refuses edits of what is not there, is a key, or has a value that it cannot have', async () => {
    const bad = [
      ['demand', 'No such 1', { quantity: 1 }, 404, 'No such 1'],
      ['demand', '', {}, 400, 'No change'],
      ['item', '', { name: 'X' }, 400, '"name" cannot be changed'],
      ['item', '', { __proto__: 1, constructor: 1 }, 400, 'constructor'],
      ['item', '', { cost: '12' }, 400, 'item, cost'],
      ['item', '', { cost: Number.NaN }, 400, 'item, cost'],
      ['calendar', '', { buckets: [{ value: 1, days: 999 }] }, 400, 'buckets'],
    ] as const;
    for (const [kind_, key, changes, status, message] of bad) {
      const edit = editEntity(own!.store, odoo.scope, kind_, key, changes, BY);
      await expect(edit).rejects.toMatchObject({ status, message: expect.stringContaining(message) });
    }
  });

  it('takes attributes of the slow read under those of the quick one, and no records that the quick one has not', async () => {
    reads.rules = withModes('item', 'cost', [2]);
    await reads.run('odoo_read_1');
    await reads.run('odoo_read_2');
    reads.lines.length = 0;
    const items = (await load()).items;
    const all = (await documentModel(odoo)).items;
    expect([...items.values()].filter(({ cost }) => cost !== undefined).length).toBeGreaterThan(30);
    expect(plainModel(await load())).toEqual(plainModel(await documentModel(odoo)));
    const [gone] = [...all.values()].filter(({ subcategory }) => subcategory?.includes(','));
    const product = Number(gone!.subcategory!.split(',')[1]);
    odoo.sandbox.call('admin', 'product.product', 'write', [[product], { active: false }]);
    await reads.run('odoo_read_1');
    expect((await load()).items.get(gone!.name)?.subcategory).toBeUndefined();
    const listed = await listEntities(own!.store, odoo.scope, { kind: 'item', limit: 1_000 });
    expect(listed.rows.some(({ key }) => key === gone!.name)).toBe(false);
    expect(listed.rows.find(({ key }) => key !== gone!.name && items.get(key)?.cost)?.value).toHaveProperty('cost');
  });

  it('takes an entity that the sheet has in mode 2 only from the slow read', async () => {
    reads.rules = withModes('demand', null, [2]);
    await reads.run('odoo_read_1');
    expect((await load()).demands.size).toBe(0);
    const { counts } = await reads.run('odoo_read_2');
    expect(counts.demand).toBeGreaterThan(100);
    expect(plainModel(await load())).toEqual(plainModel(await documentModel(odoo)));
    reads.rules = defaultRules();
    await reads.run('odoo_read_1');
    await reads.run('odoo_read_2');
    expect(reads.lines.join()).toContain('demand');
    expect(plainModel(await load())).toEqual(plainModel(await documentModel(odoo)));
  });

  it('has the history of sales by line', async () => {
    const { counts } = await reads.run('odoo_read_2', { years: 3 });
    const lines: SoldLine[] = [];
    for await (const page of salesHistory(own!.store, odoo.scope)) lines.push(...page);
    expect(lines).toHaveLength(counts.sales!);
    const sold = rows('sale.order').filter(({ state }) => state === 'sale');
    expect(new Set(lines.map(({ order }) => order)).size).toBeGreaterThan(sold.length * 0.8);
    const model = await load();
    expect(
      lines.every(
        ({ item, location, customer }) =>
          model.items.has(item) && model.locations.has(location) && model.customers.has(customer),
      ),
    ).toBe(true);
    const buckets = await salesByBucket(own!.store, odoo.scope, 'month');
    const sum = (values: readonly { quantity: number }[]) => values.reduce((all, { quantity }) => all + quantity, 0);
    expect(sum(buckets)).toBeCloseTo(sum(lines), 6);
    expect(buckets.every(({ bucket }) => new Date(bucket * 1_000).getUTCDate() === 1)).toBe(true);

    const order = sold.find(({ name }) => lines.some((line) => line.order === name))!;
    odoo.sandbox.call('admin', 'sale.order', 'action_cancel', [[order.id]]);
    const next = await reads.run('odoo_read_2', { years: 3 });
    expect(next.counts['sales removed']).toBeGreaterThan(0);
    expect(next.counts.sales).toBe(counts.sales! - next.counts['sales removed']!);
    const short = await reads.run('odoo_read_2', { years: 0.2 });
    expect(short.counts.sales).toBeLessThan(next.counts.sales!);
  });

  it('is listed for screens with filters, order, pages and edits', async () => {
    const store = own!.store;
    const model = await load();
    const open = [...model.demands.values()].filter(({ status }) => status === 'open');
    const first = await listEntities(store, odoo.scope, {
      kind: 'demand',
      filters: [{ field: 'status', operator: 'is', value: 'open' }],
      sort: [{ field: 'date', descending: true }],
      limit: 3,
    });
    expect(first.total).toBe(open.length);
    const dues = open.map(({ due }) => due).toSorted((a, b) => b - a);
    expect(first.rows.map(({ value }) => value.due)).toEqual(dues.slice(0, 3));
    const second = await listEntities(store, odoo.scope, {
      kind: 'demand',
      filters: [{ field: 'status', operator: 'is', value: 'open' }],
      sort: [{ field: 'date', descending: true }],
      limit: 3,
      offset: 3,
    });
    expect(second.rows.map(({ value }) => value.due)).toEqual(dues.slice(3, 6));

    const { key } = first.rows[0]!;
    await editEntity(store, odoo.scope, 'demand', key, { status: 'canceled', quantity: 1_234_567 }, BY);
    const most = await listEntities(store, odoo.scope, {
      kind: 'demand',
      sort: [{ field: 'quantity', descending: true }],
      limit: 1,
    });
    expect(most.rows[0]).toMatchObject({ key, value: { status: 'canceled' }, edited: { status: { who: BY.who } } });
    const from = { kind: 'demand', filters: [{ field: 'quantity', operator: 'from', value: 1_234_567 }] } as const;
    expect((await listEntities(store, odoo.scope, from)).total).toBe(1);
    await removeEdit(store, odoo.scope, 'demand', key);
    expect((await listEntities(store, odoo.scope, from)).total).toBe(0);

    const part = key.slice(2, 6).toLowerCase();
    const found = await listEntities(store, odoo.scope, { kind: 'demand', search: part, limit: 1_000 });
    expect(found.rows.map((row) => row.key)).toContain(key);
    await expect(
      listEntities(store, odoo.scope, { kind: 'demand', sort: [{ field: `x' or 1=1 --` }] }),
    ).rejects.toMatchObject({ status: 400 });
  });
});
