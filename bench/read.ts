// Benchmark of reading a large Odoo (250k order lines) into our own database, and of loading the model from there. Each step is a
// process of its own. Prints seconds, CPU, peak memory, and the ratio to the export alone.
//   npm run bench:read -- --database-url postgres://…/big17 [--store postgres://…/empty] [--rpc]
// Without --store the embedded database is measured. Odoo's database is restored from the dump first (see bench/README.md).
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import '../src/memory.ts';
import { createOdooAccess } from '../src/connector/access.ts';
import { writeDocument } from '../src/connector/document/write.ts';
import { openExport } from '../src/connector/export.ts';
import { defaultRules } from '../src/mapping/defaults.ts';
import type { Surroundings } from '../src/parts.ts';
import { createReadSteps } from '../src/planner/read/steps.ts';
import type { StepName } from '../src/planner/runs/step.ts';
import { loadModel } from '../src/planner/store/load.ts';
import { odooKey } from '../src/planner/store/scope.ts';
import { openStore } from '../src/store/database.ts';

interface Target {
  /** Of Odoo's database; null = over the external API. */
  sql: string | null;
  url: string | null;
  store: string | null;
  directory: string;
}

interface Result {
  seconds: number;
  cpu: number;
  peakMb: number;
  what: string;
}

async function measured(work: () => Promise<string>): Promise<Result> {
  const before = process.cpuUsage();
  const start = performance.now();
  const what = await work();
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - start) / 1000;
  return { seconds, cpu: (user + system) / 1e6, peakMb: process.resourceUsage().maxRSS / 1024, what };
}

const DATABASE = 'big17';

function surroundingsOf(target: Target) {
  const odoo = { url: target.url, defaultDatabase: DATABASE, databases: null, sqlUrl: () => target.sql };
  return {
    odoo,
    access: createOdooAccess(odoo),
    account: async () => ({ database: DATABASE, login: 'admin', password: 'admin', company: null }),
    rules: defaultRules,
    now: Date.now,
  };
}

async function exportAlone(target: Target): Promise<string> {
  const { access } = surroundingsOf(target);
  const reader = await access.open(DATABASE, { login: 'admin', password: 'admin' });
  const request = {
    mode: 1,
    company: null,
    singleCompany: false,
    language: null,
    timezone: null,
    delta: 999,
    apps: '',
  };
  const plan = await openExport(request, { reader, rules: defaultRules(), now: Date.now() });
  let characters = 0;
  for await (const piece of writeDocument(plan, 'xml')) characters += piece.length;
  await reader.close();
  return `${(characters / 1e6).toFixed(0)} MB of document`;
}

async function read(target: Target, name: StepName, parameters: object): Promise<string> {
  const store = await openStore({ databaseUrl: target.store, dataDirectory: target.directory });
  const surroundings = { ...surroundingsOf(target), store } as unknown as Surroundings;
  const step = createReadSteps(surroundings).find((one) => one.name === name)!;
  const { counts } = await step.run({
    runId: 1,
    key: 'bench',
    who: 'bench',
    parameters: step.parameters.parse(parameters),
    signal: new AbortController().signal,
    progress: () => {},
    log: () => {},
  });
  await store.close();
  const { rows, added, changed, removed, unchanged, sales } = counts;
  return JSON.stringify({ rows, added, changed, removed, unchanged, lines: counts['order lines read'], sales });
}

async function load(target: Target): Promise<string> {
  const store = await openStore({ databaseUrl: target.store, dataDirectory: target.directory });
  const model = await loadModel(store, { odoo: odooKey(target.url, DATABASE), company: null });
  await store.close();
  return `${model.demands.size} demands, ${model.items.size} items`;
}

async function serveSandbox(url: string): Promise<void> {
  const { createSandbox } = await import('../src/sandbox/sandbox.ts');
  const { sqlDataSet } = await import('./sql-data-set.ts');
  const running = await createSandbox({ data: await sqlDataSet(url), database: DATABASE }).listen(0);
  process.send?.({ url: running.url });
}

async function run(name: string, target: Target): Promise<Result> {
  switch (name) {
    case 'export':
      return await measured(() => exportAlone(target));
    case 'load':
      return await measured(() => load(target));
    case 'history':
      return await measured(() => read(target, 'odoo_read_2', {}));
    default:
      return await measured(() => read(target, 'odoo_read_1', { how: name }));
  }
}

function child(...args: string[]): Promise<{ answer: unknown; stop(): void }> {
  return new Promise((resolve, reject) => {
    const process_ = fork(import.meta.filename, args, { execArgv: ['--max-semi-space-size=8'] });
    process_.once('message', (answer) => {
      const ended = new Promise<void>((done) => process_.once('exit', () => done()));
      if (args[0] === 'sandbox') resolve({ answer, stop: () => process_.kill() });
      else void ended.then(() => resolve({ answer, stop: () => {} }));
    });
    process_.once('error', reject);
    process_.once('exit', (code) => code && reject(new Error(`${args[0]} ${args[1]} ended with ${code}`)));
  });
}

const { values, positionals } = parseArgs({
  options: { 'database-url': { type: 'string' }, store: { type: 'string' }, rpc: { type: 'boolean' } },
  allowPositionals: true,
});

if (positionals[0] === 'run') {
  process.send?.(await run(positionals[1] ?? '', JSON.parse(positionals[2] ?? '') as Target));
  process.disconnect?.();
} else if (positionals[0] === 'sandbox') await serveSandbox(positionals[1] ?? '');
else {
  const url = values['database-url'];
  if (!url) throw new Error('name the database: --database-url postgres://user:password@host/big17');
  const directory = await mkdtemp(join(tmpdir(), 'planbridge-bench-'));
  const sandbox = values.rpc ? await child('sandbox', url) : null;
  const target: Target = {
    sql: values.rpc ? null : url,
    url: sandbox ? (sandbox.answer as { url: string }).url : null,
    store: values.store ?? null,
    directory,
  };
  try {
    let alone = 0;
    for (const name of ['export', 'full', 'full', 'changes', 'check', 'history', 'history', 'load']) {
      const { seconds, cpu, peakMb, what } = (await child('run', name, JSON.stringify(target))).answer as Result;
      if (name === 'export') alone = seconds;
      const ratio = (seconds / alone).toFixed(2);
      console.log(
        `${name}: ${seconds.toFixed(1)} s (CPU ${cpu.toFixed(1)} s), ${ratio} x the export alone, peak ${peakMb.toFixed(0)} MB, ${what}`,
      );
    }
  } finally {
    sandbox?.stop();
    await rm(directory, { recursive: true, force: true });
  }
}
