// A process that is killed anywhere within an import: the next posting of the plan ends in the same Odoo as an import that nobody
// disturbed. PLANBRIDGE_CRASHES sets at how many points.

import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type RunningSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { openStore } from '../../src/store/database.ts';
import { goldenFolder } from '../support/golden.ts';
import { missingPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { importPlan, placeOf } from './import-plan.ts';
import { mixedPlan } from './plans.ts';

const golden = goldenFolder();
const withoutPostgres = await missingPostgres();
const CRASHES = Number(process.env.PLANBRIDGE_CRASHES ?? 50);
const ORDERS = 200;
const WAYS = ['before', 'during', 'after'] as const;
// A new embedded database for each point takes long; what it adds is seen once in each way.
const KINDS = [
  { kind: 'PostgreSQL', points: CRASHES, skip: golden === null || withoutPostgres !== null },
  { kind: 'the embedded database', points: Math.max(WAYS.length, Math.ceil(CRASHES / 20)), skip: golden === null },
];

describe.each(KINDS)('a process killed within an import, with $kind', ({ kind, points, skip }) => {
  let sandbox: Sandbox;
  let running: RunningSandbox;
  let server: TestPostgres | null = null;
  let directory: string;
  let place: string;
  let plan: string;
  let undisturbed: string[];
  let steps = 0;

  beforeAll(async () => {
    if (skip) return;
    directory = await mkdtemp(join(tmpdir(), 'planbridge-crash-'));
    plan = join(directory, 'plan.xml');
    await writeFile(plan, mixedPlan(ORDERS));
    if (kind === 'PostgreSQL') {
      server = await startPostgres();
      place = (await server.createStore()).url;
    } else place = join(directory, 'store');
    const store = await openStore(placeOf(server ? place : join(directory, 'fresh')));
    await store.close();
    sandbox = createSandbox({ data: join(golden!, 'ref17'), now: () => new Date('2026-11-21T02:33:40Z') });
    running = await sandbox.listen(0);
    await freshStore();
    const { output } = await run();
    steps = Number(/^steps (\d+)/m.exec(output)?.[1]);
    undisturbed = picture();
  });
  afterAll(async () => {
    await running?.close();
    await server?.stop();
    if (directory) await rm(directory, { recursive: true, force: true });
  });

  async function freshStore(): Promise<void> {
    if (server) {
      const store = await openStore(placeOf(place));
      await store.query('truncate planbridge.reference, planbridge.attempt');
      await store.close();
      return;
    }
    await rm(place, { recursive: true, force: true });
    await cp(join(directory, 'fresh'), place, { recursive: true });
  }

  async function run(
    at = 0,
    how: (typeof WAYS)[number] = 'before',
  ): Promise<{ signal: string | null; code: number | null; output: string }> {
    const script = join(import.meta.dirname, 'crash-child.ts');
    const child = spawn(process.execPath, [script, running.url, place, plan, String(at), how]);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    return await new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, output })));
  }

  /** The same plan posted again, by a process that lives. */
  async function again(): Promise<void> {
    const { records } = await importPlan(running.url, placeOf(place), plan);
    expect(records.filter(({ outcome }) => outcome === 'refused')).toEqual([]);
  }

  /** What stands in Odoo, without numbers: every order of the plan shows by its product, quantity and dates. */
  function picture(): string[] {
    const made = new Set(
      sandbox.changes().flatMap(({ kind, model, id }) => (kind === 'create' ? [`${model} ${id}`] : [])),
    );
    const rowsOf = (model: string) =>
      [...sandbox.db.table(model).rows()].filter(({ id }) => made.has(`${model} ${id}`));
    return [
      ...rowsOf('purchase.order.line').map(
        (row) => `PO ${row.product_id} ${row.product_qty} ${row.price_unit} ${row.date_planned}`,
      ),
      ...rowsOf('mrp.production').map((row) => `MO ${row.product_id} ${row.product_qty} ${row.date_start}`),
      ...rowsOf('mrp.workorder').map((row) => `WO ${row.workcenter_id} ${row.date_start} ${row.date_finished}`),
      ...rowsOf('stock.move').map((row) => `move ${row.product_id} ${row.product_uom_qty} ${row.date} ${row.state}`),
    ].toSorted();
  }

  it.skipIf(skip)('sees all orders of an import that nobody disturbs', () => {
    expect(steps).toBeGreaterThan(15);
    expect(undisturbed.filter((line) => line.startsWith('PO'))).toHaveLength(ORDERS / 2);
    expect(undisturbed.filter((line) => line.startsWith('MO'))).toHaveLength((ORDERS * 3) / 10);
    expect(undisturbed.filter((line) => line.startsWith('WO')).length).toBeGreaterThan(ORDERS / 3);
  });

  it.skipIf(skip)(`ends the same wherever it was killed (${points} points)`, { timeout: 300_000 }, async () => {
    let killed = 0;
    for (let point = 0; point < points; point++) {
      sandbox.reset();
      await freshStore();
      // Spread over all steps, each in another way.
      const at = 1 + Math.floor(((point + 0.5) / points) * steps);
      const how = WAYS[point % WAYS.length]!;
      const first = await run(at, how);
      if (first.signal === 'SIGKILL') killed += 1;
      await again();
      expect(picture(), `after ${how} ${at}`).toEqual(undisturbed);
    }
    expect(killed).toBe(points);
  });

  it.skipIf(skip)('and when it is killed again and again', { timeout: 120_000 }, async () => {
    sandbox.reset();
    await freshStore();
    for (const at of server ? [20, 14, 17, 11, 22] : [20, 14, 22]) await run(at, 'after');
    await again();
    expect(picture()).toEqual(undisturbed);
    const before = sandbox.changes().length;
    await again();
    expect(sandbox.changes().length).toBe(before);
  });
});
