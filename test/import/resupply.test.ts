// A distribution order between warehouses of which one resupplies the other: one draft, and what becomes of it when it is confirmed.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type RunningSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { goldenFolder } from '../support/golden.ts';
import { seedDataDirectory } from '../support/shared.ts';
import { importPlan, placeOf } from './import-plan.ts';
import { planOf } from './wire.ts';

const golden = goldenFolder();

// Warehouses 3 (pick, pack, ship) and 5 (two-step receipts), resupplied by route 30 with rules 67 and 68.
function order(reference: number, product: number, uom: number, day: number, quantity: number): string {
  const dates = `start="2026-12-0${day} 08:00:00" end="2026-12-0${day + 2} 08:00:00"`;
  return `<operationplan ordertype="DO" reference="${reference}" item="x" origin="QW1" destination="QW2" ${dates} quantity="${quantity}" item_id="${uom},${product}"/>`;
}

describe.skipIf(golden === null)('resupply', () => {
  let sandbox: Sandbox;
  let odoo: RunningSandbox;
  let directory: string;
  let last = 0;
  let goods: { id: number; uom: number }[];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'planbridge-resupply-'));
    await seedDataDirectory(join(directory, 'db'));
    sandbox = createSandbox({ data: join(golden!, 'rich17'), now: () => new Date('2026-11-21T02:33:40Z') });
    odoo = await sandbox.listen(0);
    const found = sandbox.call('admin', 'product.product', 'search_read', [
      [
        ['type', '=', 'product'],
        ['tracking', '=', 'none'],
        ['company_id', '=', false],
      ],
      ['uom_id'],
    ]) as unknown as { id: number; uom_id: [number, string] }[];
    last = Math.max(...[...sandbox.db.table('stock.move').rows()].map(({ id }) => id));
    goods = found.slice(0, 2).map(({ id, uom_id }) => ({ id, uom: uom_id[0] }));
  });
  afterAll(async () => {
    await odoo?.close();
    if (directory) await rm(directory, { recursive: true, force: true });
  });

  const moves = () => [...sandbox.db.table('stock.move').rows()].filter((row) => row.id > last);

  it('is one draft out of transit with the dates of arrival; confirmed, Odoo’s rules make the departure', async () => {
    const [a, b] = goods;
    const file = join(directory, 'plan.xml');
    await writeFile(
      file,
      planOf([order(1, a!.id, a!.uom, 1, 4), order(2, b!.id, b!.uom, 3, 5), order(3, a!.id, a!.uom, 4, 2)]),
    );
    const run = () =>
      importPlan(odoo.url, placeOf(join(directory, 'db')), file, { company: 'Cedar & Sons "Möbel" <QW>' });
    const first = await run();
    expect(first.records.map(({ outcome }) => outcome)).toEqual(['created', 'created', 'created']);
    expect(new Set(first.records.map(({ id }) => id)).size).toBe(1);
    const draft = sandbox.db.table('stock.picking').get(first.records[0]!.id!)!;
    expect(draft).toMatchObject({
      state: 'draft',
      location_id: 40,
      location_dest_id: 68,
      picking_type_id: 41,
      company_id: 3,
    });
    expect(moves().map((row) => [row.product_id, row.product_uom_qty, row.date])).toEqual([
      [a!.id, 6, '2026-12-03 07:00:00'],
      [b!.id, 5, '2026-12-05 07:00:00'],
    ]);
    const before = sandbox.changes().length;
    expect((await run()).records.map(({ outcome }) => outcome)).toEqual(['existing', 'existing', 'existing']);
    expect(sandbox.changes().length).toBe(before);

    sandbox.call('admin', 'stock.picking', 'action_confirm', [[draft.id]]);
    const lanes = moves().filter((row) => row.product_id === a!.id);
    // Stock, packing zone, output, transit, input: each waits for the one before it.
    expect(lanes.map((row) => [row.location_id, row.location_dest_id]).toSorted()).toEqual([
      [40, 68],
      [46, 50],
      [49, 40],
      [50, 49],
    ]);
    const arrival = lanes.find((row) => row.location_id === 40)!;
    expect(arrival.state).toBe('waiting');
    expect(arrival.move_orig_ids).toEqual([lanes.find((row) => row.location_dest_id === 40)!.id]);
    expect((await run()).records.map(({ outcome }) => outcome)).toEqual(['existing', 'existing', 'existing']);
    expect(moves().filter((row) => row.product_id === a!.id)).toHaveLength(4);
  });
});
