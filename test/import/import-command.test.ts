// planbridge import, as a person calls it.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerImportCommands } from '../../src/connector/import-commands.ts';
import { createSandbox, type RunningSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { goldenFolder } from '../support/golden.ts';
import { seedDataDirectory } from '../support/shared.ts';
import { mixedOrders } from './plans.ts';
import { planOf } from './wire.ts';

const golden = goldenFolder();

describe.skipIf(golden === null)('planbridge import', () => {
  let sandbox: Sandbox;
  let odoo: RunningSandbox;
  let directory: string;
  let file: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'planbridge-command-'));
    await seedDataDirectory(join(directory, 'data'));
    file = join(directory, 'plan.xml');
    const orders = mixedOrders(10);
    orders[3] = orders[3]!.replace(/item_id="[^"]*"/, 'item_id="1,99999"');
    await writeFile(file, planOf(orders));
    sandbox = createSandbox({
      data: join(golden!, 'ref17'),
      database: 'demo',
      now: () => new Date('2026-11-21T02:33:40Z'),
    });
    odoo = await sandbox.listen(0);
  });
  afterAll(async () => {
    await odoo?.close();
    if (directory) await rm(directory, { recursive: true, force: true });
  });

  async function run(...more: string[]): Promise<{ out: string; code: number }> {
    let out = '';
    let code = 0;
    const program = new Command('planbridge').exitOverride();
    const print = (text: string) => {
      out += text;
    };
    registerImportCommands(program, {
      environment: {
        ODOO_URL: odoo.url,
        ODOO_DATABASE: 'demo',
        ODOO_USER: 'admin',
        ODOO_PASSWORD: 'admin',
        PLANBRIDGE_DATA_DIR: join(directory, 'data'),
      },
      stdout: process.stdout,
      print,
      printError: print,
      terminal: false,
      setExitCode: (value) => {
        code = value;
      },
      signal: new AbortController().signal,
    });
    await program.parseAsync(['import', '--file', file, ...more], { from: 'user' });
    return { out, code };
  }

  it('says what it would do, does it, and then has nothing left to do', { timeout: 60_000 }, async () => {
    const before = sandbox.changes().length;
    const dry = await run('--dry-run');
    expect(sandbox.changes().length).toBe(before);
    expect(dry.out).toMatch(/^PO 1000: would create: 1 Units of .* \(request for quotation to .* for YourCompany\)$/m);
    expect(dry.out).toMatch(/^PO 1003: REFUSED: product 99999 is not in Odoo/m);
    expect(dry.out).toMatch(/^MO 1005: would create: 6 Units of varnished chair/m);
    expect(dry.out.trim().split('\n')).toHaveLength(11);
    expect(dry.code).toBe(3);

    const real = await run();
    expect(real.out).toMatch(/^PO 1000: created: P000\d\d: /m);
    expect(real.out).toMatch(/^Orders: 9 created, 1 refused \(import 1\)$/m);
    const made = sandbox.changes().length;
    expect(made).toBeGreaterThan(before);

    expect((await run('--dry-run')).out).not.toContain('would create');
    expect((await run('--json')).out).toContain('"outcome": "existing"');
    expect(sandbox.changes().length).toBe(made);
  });

  it.each([
    [['--mode', '9'], 'PB_REQUEST_ARGUMENT'],
    [['--company', 'Nobody', '--dry-run'], 'PB_ODOO_COMPANY'],
    [['--password', 'wrong', '--dry-run'], 'PB_AUTH_FAILED'],
    [['--file', '/nowhere/plan.xml'], 'PB_FILE'],
  ])('refuses %j', async (flags, code) => {
    await expect(run(...flags)).rejects.toMatchObject({ code });
  });
});
