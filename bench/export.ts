// Benchmark of the export on a large Odoo (250k order lines): from its database and over its external API, each in a process of
// its own. Prints seconds, peak memory, the ratio to a plain COPY of the same rows, and what ten times the lines cost.
//   npm run bench:export -- --database-url postgres://…/big17 [--times-ten postgres://…/big17x10] [--rpc]
// The database is restored from the dump first (see bench/README.md).
import { fork } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import pg from 'pg';
import '../src/memory.ts';
import { writeDocument } from '../src/connector/document/write.ts';
import { openExport } from '../src/connector/export.ts';
import { openRpcReader } from '../src/connector/odoo/open.ts';
import { openSql } from '../src/connector/odoo/sql.ts';
import { defaultRules } from '../src/mapping/defaults.ts';

interface Result {
  seconds: number;
  firstByte: number;
  cpu: number;
  peakMb: number;
  megabytes: number;
  calls: number;
}

const COPIED: Readonly<Record<string, string>> = {
  sale_order_line: 'id, order_id, product_id, product_uom, product_uom_qty, qty_delivered',
  sale_order: 'id, name, state, partner_id, warehouse_id, commitment_date, date_order, picking_policy',
  stock_move: 'id, state, product_id, product_uom, product_uom_qty, quantity, date, location_id, sale_line_id',
  product_product: 'id, default_code, product_tmpl_id',
  product_template: 'id, name, type, uom_id, categ_id',
  stock_quant: 'id, product_id, location_id, quantity, reserved_quantity',
};

async function exportOnce(kind: string, target: string): Promise<Result> {
  const before = process.cpuUsage();
  const start = performance.now();
  const reader =
    kind === 'sql'
      ? await openSql({ url: target, login: 'admin' })
      : await openRpcReader({ url: target }, { login: 'admin', password: 'admin' });
  const plan = await openExport(
    { mode: 1, company: null, singleCompany: false, language: null, timezone: null, delta: 999, apps: '' },
    { reader, rules: defaultRules(), now: Date.now() },
  );
  let characters = 0;
  let first = 0;
  for await (const piece of writeDocument(plan, 'xml')) {
    first ||= performance.now() - start;
    characters += piece.length;
  }
  const { user, system } = process.cpuUsage(before);
  const { calls } = reader;
  await reader.close();
  return {
    seconds: (performance.now() - start) / 1000,
    firstByte: first / 1000,
    cpu: (user + system) / 1e6,
    peakMb: process.resourceUsage().maxRSS / 1024,
    megabytes: characters / 1e6,
    calls,
  };
}

/** Seconds of reading the same rows with COPY, as the machine's own measure. */
async function copyRows(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const start = performance.now();
  for (const [table, columns] of Object.entries(COPIED)) {
    await client.query({ text: `SELECT ${columns} FROM ${table}`, rowMode: 'array' });
  }
  const seconds = (performance.now() - start) / 1000;
  await client.end();
  return seconds;
}

/** A sandbox Odoo that holds the rows of the database, in a process of its own. */
async function serveSandbox(url: string): Promise<void> {
  const { createSandbox } = await import('../src/sandbox/sandbox.ts');
  const { sqlDataSet } = await import('./sql-data-set.ts');
  const running = await createSandbox({ data: await sqlDataSet(url) }).listen(0);
  process.send?.({ url: running.url });
}

function child(...args: string[]): Promise<{ answer: unknown; stop(): void }> {
  return new Promise((resolve, reject) => {
    const process_ = fork(import.meta.filename, args, { execArgv: ['--max-semi-space-size=8'] });
    process_.once('message', (answer) => resolve({ answer, stop: () => process_.kill() }));
    process_.once('error', reject);
    process_.once('exit', (code) => code && reject(new Error(`${args.join(' ')} ended with ${code}`)));
  });
}

function print(name: string, result: Result, copy: number): void {
  const ratio = (result.seconds / copy).toFixed(1);
  console.log(
    `${name}: ${result.seconds.toFixed(2)} s (CPU ${result.cpu.toFixed(2)} s, ${ratio} x COPY), first byte ${(result.firstByte * 1000).toFixed(0)} ms, ` +
      `peak ${result.peakMb.toFixed(0)} MB, ${result.megabytes.toFixed(1)} MB of document, ${result.calls} calls`,
  );
}

const { values, positionals } = parseArgs({
  options: { 'database-url': { type: 'string' }, 'times-ten': { type: 'string' }, rpc: { type: 'boolean' } },
  allowPositionals: true,
});

if (positionals[0] === 'run') process.send?.(await exportOnce(positionals[1] ?? '', positionals[2] ?? ''));
else if (positionals[0] === 'sandbox') await serveSandbox(positionals[1] ?? '');
else {
  const url = values['database-url'];
  if (!url) throw new Error('name the database: --database-url postgres://user:password@host/big17');
  const copy = await copyRows(url);
  console.log(`plain read of the same rows: ${copy.toFixed(2)} s`);
  for (let round = 0; round < 3; round++) print('SQL', (await child('run', 'sql', url)).answer as Result, copy);
  if (values['times-ten'])
    print('SQL, ten times the order lines', (await child('run', 'sql', values['times-ten'])).answer as Result, copy);
  if (values.rpc) {
    const sandbox = await child('sandbox', url);
    const { url: address } = sandbox.answer as { url: string };
    for (let round = 0; round < 2; round++) print('RPC', (await child('run', 'rpc', address)).answer as Result, copy);
    sandbox.stop();
  }
}
