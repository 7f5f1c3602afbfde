// The chain that planners run, with the real steps on the demo's Odoo: two processes share the queue, the one that works is killed
// with -9 within a step, and the run completes once. On the embedded database the same process is started again.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { demoCompany } from '../../src/sandbox/demo/company.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { seedDataDirectory } from '../support/shared.ts';
import { endServer, KINDS, newPlace, type Place, until } from './support.ts';

const NOW = new Date('2026-11-21T08:00:00Z');

interface Ended {
  run: Record<string, unknown>;
  tries: Record<string, number>;
  /** What the runs made in Odoo: how often each of our keys is there. */
  made: Map<string, number>;
  plans: number;
}

interface Child {
  ended: Promise<string>;
  kill(): void;
}

function startChild(args: readonly string[]): Child {
  const script = join(import.meta.dirname, 'worker-child.ts');
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const ended = new Promise<string>((resolve, reject) => {
    child.once('exit', (code, signal) => {
      if (code !== null && code !== 0) reject(new Error(said));
      else resolve(signal ?? 'done');
    });
  });
  return { ended, kill: () => child.kill('SIGKILL') };
}

/** @param deadly step, and at which use of anything it is cut; null = nobody is killed */
async function scenario(kind: 'embedded' | 'postgres', deadly: { step: string; at: number } | null): Promise<Ended> {
  const place: Place = await newPlace(kind);
  const sandbox = createSandbox({ data: demoCompany(NOW), database: 'demo', now: () => NOW });
  const running = await sandbox.listen(0);
  const told = join(place.options.dataDirectory, 'told');
  const where = place.options.databaseUrl ?? join(place.options.dataDirectory, 'store');
  const said = () => {
    try {
      return readFileSync(told, 'utf8');
    } catch {
      return '';
    }
  };
  const children: Child[] = [];
  if (kind === 'embedded') await seedDataDirectory(where);
  try {
    const { step = 'none', at = 0 } = deadly ?? {};
    const first = startChild([running.url, where, step, String(at), told]);
    children.push(first);
    if (deadly && kind === 'postgres') {
      await until(() => said().includes('begun'), 60_000);
      const second = startChild([running.url, where, 'none', '0', told]);
      children.push(second);
      expect(await first.ended).toBe('SIGKILL');
      expect(await second.ended).toBe('done');
    } else {
      expect(await first.ended, said()).toBe(deadly ? 'SIGKILL' : 'done');
      if (deadly) expect(await startChild([running.url, where, 'none', '0', told]).ended).toBe('done');
    }
    const store = await openStore({ databaseUrl: place.options.databaseUrl, dataDirectory: where });
    try {
      return { ...(await look(store)), made: madeIn(sandbox) };
    } finally {
      await store.close();
    }
  } finally {
    for (const child of children) child.kill();
    await running.close();
    await place.remove();
  }
}

async function look(store: Store): Promise<Pick<Ended, 'run' | 'tries' | 'plans'>> {
  const runs = await store.query('select state, step, error from planbridge.run');
  expect(runs).toHaveLength(1);
  const steps = await store.query<{ name: string; tries: number }>('select name, tries from planbridge.run_step');
  const plans = await store.query(`select id from planbridge.plan where state in ('current', 'past')`);
  return { run: runs[0]!, tries: Object.fromEntries(steps.map((row) => [row.name, row.tries])), plans: plans.length };
}

function madeIn(sandbox: Sandbox): Map<string, number> {
  const made = new Map<string, number>();
  for (const model of ['purchase.order', 'mrp.production', 'stock.picking']) {
    for (const row of sandbox.db.table(model).rows()) {
      const key = /^planbridge (\w+)/.exec(String(row.origin))?.[1];
      if (key) made.set(`${model} ${key}`, (made.get(`${model} ${key}`) ?? 0) + 1);
    }
  }
  return made;
}

afterAll(endServer);

/** A step, and at which use of the database, of Odoo or of its progress it is cut. */
const POINTS = {
  postgres: [
    { step: 'odoo_read_1', at: 6 },
    { step: 'plan', at: 4 },
    { step: 'odoo_write', at: 8 },
  ],
  // Each of these takes two processes one after the other.
  embedded: [{ step: 'odoo_write', at: 20 }],
};

let undisturbed: Promise<Ended> | undefined;

describe.each(KINDS)('a process killed within a run on $kind', ({ kind, skip }) => {
  it.skipIf(skip)('leaves it to another, and everything is done once', { timeout: 300_000 }, async () => {
    undisturbed ??= scenario('embedded', null);
    const points = POINTS[kind];
    const [all, ...disturbed] = await Promise.all([undisturbed, ...points.map((point) => scenario(kind, point))]);
    expect(all!.run).toMatchObject({ state: 'done', error: null });
    expect(all!.made.size).toBeGreaterThan(5);
    for (const [index, { run, tries, made, plans }] of disturbed.entries()) {
      const { step } = points[index]!;
      expect(run, step).toMatchObject({ state: 'done', step: 3, error: null });
      const once = { odoo_read_1: 1, plan: 1, odoo_write: 1 };
      expect(tries, step).toEqual({ ...once, [step]: 2 });
      expect(plans, step).toBe(1);
      expect(
        [...made.values()].every((count) => count === 1),
        step,
      ).toBe(true);
      expect(made.size, step).toBe(all!.made.size);
    }
  });
});
