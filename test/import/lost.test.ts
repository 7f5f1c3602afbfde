// Our database lost, and calls whose work comes after everybody gave up on them: what carries our key in Odoo is found again.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OdooWriter } from '../../src/connector/odoo/writer.ts';
import { PlanbridgeError } from '../../src/errors.ts';
import { createSandbox, type RunningSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { openStore } from '../../src/store/database.ts';
import { goldenFolder } from '../support/golden.ts';
import { seedDataDirectory } from '../support/shared.ts';
import { importPlan, placeOf } from './import-plan.ts';
import { mixedOrders } from './plans.ts';
import { planOf } from './wire.ts';

const golden = goldenFolder();
const MODELS = ['purchase.order', 'mrp.production', 'stock.picking'];

describe.skipIf(golden === null)('what carries our key in Odoo', () => {
  let sandbox: Sandbox;
  let odoo: RunningSandbox;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'planbridge-lost-'));
    await seedDataDirectory(join(directory, 'store'));
    sandbox = createSandbox({ data: join(golden!, 'ref17'), now: () => new Date('2026-11-21T02:33:40Z') });
    odoo = await sandbox.listen(0);
  });
  afterAll(async () => {
    await odoo?.close();
    if (directory) await rm(directory, { recursive: true, force: true });
  });
  beforeEach(async () => {
    sandbox.reset();
    await wipe();
  });

  const place = () => placeOf(join(directory, 'store'));
  async function wipe(): Promise<void> {
    const store = await openStore(place());
    await store.query('truncate planbridge.reference, planbridge.attempt, planbridge.doubt');
    await store.close();
  }

  async function post(orders: readonly string[], change: Parameters<typeof importPlan>[3] = {}) {
    const file = join(directory, 'plan.xml');
    await writeFile(file, planOf([...orders]));
    return await importPlan(odoo.url, place(), file, change);
  }

  const admin = (model: string, method: string, ...args: unknown[]) => sandbox.call('admin', model, method, args);
  const ours = (model: string) =>
    [...sandbox.db.table(model).rows()].filter((row) => String(row.origin).startsWith('planbridge '));

  /** Drafts of ours, without numbers and keys. */
  function picture(): string[] {
    const lines = ours('purchase.order').flatMap((order) =>
      [...sandbox.db.table('purchase.order.line').rows()]
        .filter((line) => line.order_id === order.id)
        .map((line) => `PO ${order.partner_id} ${line.product_id} ${line.product_qty} ${line.date_planned}`),
    );
    const makes = ours('mrp.production').map((row) => `MO ${row.product_id} ${row.product_qty} ${row.date_start}`);
    const moves = ours('stock.picking').flatMap((picking) =>
      [...sandbox.db.table('stock.move').rows()]
        .filter((move) => move.picking_id === picking.id)
        .map((move) => `DO ${move.product_id} ${move.product_uom_qty} ${move.date}`),
    );
    return [...lines, ...makes, ...moves].toSorted();
  }

  it('is known when our database is lost: the same plan makes nothing, another one takes its place', async () => {
    const orders = mixedOrders(40);
    const changed = orders
      .slice(5)
      .map((order, at) => (at % 4 === 0 ? order.replace(/quantity="\d/, 'quantity="8') : order));
    await post(changed);
    const expected = picture();
    sandbox.reset();
    await wipe();

    await post(orders);
    await wipe();
    const before = sandbox.changes().length;
    const again = await post(orders);
    expect(new Set(again.records.map(({ outcome }) => outcome))).toEqual(new Set(['existing']));
    expect(sandbox.changes().length).toBe(before);

    await wipe();
    const other = await post(changed);
    expect(Object.keys(other.removed).toSorted()).toEqual(MODELS.toSorted());
    expect(picture()).toEqual(expected);
  });

  it('is replaced in each company that the plan is about; a plan of one company leaves the others alone', async () => {
    const order = (quantity: number, warehouse: number) =>
      mixedOrders(1)[0]!
        .replace(/quantity="[^"]*"/, `quantity="${quantity}"`)
        .replace('location_id="1"', `location_id="${warehouse}"`);
    const companies = () => ours('purchase.order').map((row) => row.company_id);
    await post([order(3, 2)]);
    await post([order(4, 2), mixedOrders(2)[1]!]);
    expect(companies()).toEqual([2, 1]);
    const own = await post([order(5, 2)], { company: 'My Company (Chicago)' });
    expect(own.removed).toEqual({ 'purchase.order': 1 });
    expect(companies()).toEqual([1, 2]);
  });

  it('is left alone when somebody else made it, confirmed it, or wrote something like it', async () => {
    await post(mixedOrders(10));
    const confirmed = ours('purchase.order')[0]!;
    admin('purchase.order', 'button_confirm', [confirmed.id]);
    const [typed] = admin('purchase.order', 'create', [{ partner_id: 9, origin: 'planbridge again' }]) as number[];
    const demo = sandbox.call('demo', 'purchase.order', 'create', [
      [{ partner_id: 9, origin: 'planbridge 0123456789abcd' }],
    ]) as number[];
    await wipe();
    await post(mixedOrders(13).slice(10));
    const left = sandbox.db.table('purchase.order');
    expect([confirmed.id, typed!, demo[0]!].map((id) => left.has(id))).toEqual([true, true, true]);
    expect(left.get(confirmed.id)).toMatchObject({ state: 'purchase' });
    expect(ours('mrp.production')).toEqual([]);
  });

  it.each([3, 1])('is removed when a call that was given up did its work after all (mode %i)', async (mode) => {
    const late: (() => Promise<unknown>)[] = [];
    const slow = (writer: OdooWriter): OdooWriter => ({
      ...writer,
      within: (companies) => slow(writer.within(companies)),
      create: async (model, values) => {
        if (late.length > 0 || model !== 'purchase.order') return await writer.create(model, values);
        // Odoo got the call, and works on it long after the connection was lost.
        late.push(async () => admin(model, 'create', values));
        throw new PlanbridgeError('PB_ODOO_UNREACHABLE', 502, 'Odoo broke the connection.');
      },
    });
    const orders = mixedOrders(20);
    const first = await post(orders, { writer: slow });
    expect(first.records.every(({ outcome }) => outcome === 'created')).toBe(true);
    const expected = picture();
    await late[0]!();
    expect(picture().length).toBeGreaterThan(expected.length);

    const again = await post(mode === 1 ? orders : orders.slice(0, 1), { mode });
    expect(again.warnings.join()).toMatch(/was there twice/);
    expect(picture()).toEqual(expected);
    expect((await post(orders, { mode })).warnings).toEqual([]);
  });
});
