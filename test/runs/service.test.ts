// From outside: the service on the demo's Odoo, its API with a token, `planbridge run` on the same machine and beside a PostgreSQL
// server, single orders into Odoo, and an end in good order while somebody follows a run.
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli.ts';
import { type Environment, readConfig } from '../../src/config.ts';
import { silentLog } from '../../src/log.ts';
import { openPlanner } from '../../src/planner/open.ts';
import { demoCompany } from '../../src/sandbox/demo/company.ts';
import { createSandbox, type RunningSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { type RunningService, startService } from '../../src/serve.ts';
import { missingPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { seedDataDirectory } from '../support/shared.ts';

const missing = await missingPostgres();
const TOKEN = 'a-token-of-thirty-two-bytes-or-more';

let sandbox: Sandbox;
let odoo: RunningSandbox;
let directory: string;

beforeAll(async () => {
  sandbox = createSandbox({ data: demoCompany(new Date()), database: 'demo' });
  odoo = await sandbox.listen(0);
  directory = await mkdtemp(join(tmpdir(), 'planbridge-service-'));
  await seedDataDirectory(join(directory, 'data'));
});
afterAll(async () => {
  await odoo.close();
  await rm(directory, { recursive: true, force: true });
});

function environment(more: Environment): Environment {
  const data = { PLANBRIDGE_DATA_DIR: join(directory, 'data'), PORT: '0', LOG_LEVEL: 'silent' };
  return { ODOO_URL: odoo.url, ODOO_USER: 'admin', ODOO_PASSWORD: 'admin', API_TOKEN: TOKEN, ...data, ...more };
}

async function start(env: Environment, role: 'all' | 'web' | 'worker' = 'all'): Promise<RunningService> {
  const config = readConfig(env);
  return await startService(config, config.odoo!, silentLog, role, [openPlanner]);
}

/** planbridge … with what it printed. */
async function command(env: Environment, ...argv: string[]) {
  let output = '';
  let code = 0;
  const stop = new AbortController();
  const surroundings = {
    environment: env,
    stdout: process.stdout,
    print: (text: string) => {
      output += text;
    },
    printError: (text: string) => {
      output += text;
    },
    terminal: false,
    setExitCode: (given: number) => {
      code = given;
    },
    signal: stop.signal,
  };
  const ended = runProgram(argv, surroundings).then((exit) => exit || code);
  return { ended, output: () => output, interrupt: () => stop.abort() };
}

async function call(service: RunningService, method: string, path: string, body?: object) {
  const headers = { authorization: `Bearer ${TOKEN}`, accept: 'application/json' };
  const answer = await fetch(service.url + path, { method, headers, body: body && JSON.stringify(body) });
  return { status: answer.status, json: (await answer.json()) as Record<string, never> };
}

describe('the service with its embedded database', () => {
  let service: RunningService;
  let env: Environment;

  beforeAll(async () => {
    env = environment({});
    service = await start(env);
  });
  afterAll(() => service?.close(2_000));

  it('runs the whole chain for a command on the same machine, once however often', async () => {
    const file = join(directory, 'data', 'service.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const chain = 'odoo_read_1,plan,odoo_write';
    const first = await command(env, 'run', chain, '--set', 'odoo_write.daysAhead=30');
    expect(await first.ended, first.output()).toBe(0);
    expect(first.output()).toMatch(/Run 1 \(odoo_read_1,plan,odoo_write\): done/);
    const created = Number(/odoo_write: done, created (\d+)/.exec(first.output())?.[1]);
    expect(created).toBeGreaterThan(5);
    const again = await command(env, 'run', 'odoo_write', '--set', 'odoo_write.daysAhead=30', '--quiet');
    expect(await again.ended).toBe(0);
    expect(again.output()).toContain(`created 0, existing ${created}`);
    const made = sandbox.db.table('mrp.production').rows();
    const ours = [...made].filter(({ origin }) => String(origin).startsWith('planbridge '));
    expect(ours.length).toBeGreaterThan(0);
  }, 60_000);

  it('says in a dry run what would be, and does nothing', async () => {
    const before = sandbox.changes().length;
    const { json } = await call(service, 'POST', '/api/runs', {
      steps: 'plan,odoo_write',
      parameters: { odoo_write: { dryRun: true, types: ['MO'], daysAhead: 365 } },
    });
    const { id } = (json as unknown as { run: { id: number } }).run;
    const followed = await fetch(`${service.url}/api/runs/${id}/events`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    const events = await followed.text();
    expect(events).toContain('event: end');
    expect(events).toMatch(/Would be:/);
    expect(sandbox.changes().length).toBe(before);
  });

  it('writes chosen orders with another quantity and date, once, and shows Odoo’s number with them', async () => {
    const { json: plan } = await call(service, 'GET', '/api/plan');
    expect(plan).toMatchObject({ state: 'current' });
    const { json: detail } = await call(service, 'GET', '/api/runs/1');
    expect(detail).toMatchObject({ run: { state: 'done' } });
    // Far ahead, so that the export of all has not made it.
    const far = await farOrder(service);
    const body = { orders: [{ reference: far.reference, quantity: far.quantity + 5 }] };
    const dry = await call(service, 'POST', '/api/plan/orders/export', { ...body, dryRun: true });
    expect(dry.json).toMatchObject({ orders: [{ reference: far.reference, outcome: 'created', name: null }] });
    const one = await call(service, 'POST', '/api/plan/orders/export', body);
    expect(one.json).toMatchObject({ orders: [{ outcome: 'created', name: expect.stringMatching(/\w/) }] });
    const two = await call(service, 'POST', '/api/plan/orders/export', body);
    expect(two.json).toMatchObject({ orders: [{ outcome: 'existing' }] });
    const shown = await call(service, 'GET', `/api/plan/orders/${encodeURIComponent(far.reference)}`);
    const [made] = (one.json as unknown as { orders: { name: string; id: number; model: string }[] }).orders;
    expect(shown.json).toMatchObject({ order: { number: made!.name, resId: made!.id, model: made!.model } });
    const row = [...sandbox.db.table('mrp.production').rows()].find(({ id }) => id === made!.id);
    expect(row?.product_qty).toBe(far.quantity + 5);
    expect((await call(service, 'POST', '/api/plan/orders/export', { orders: [{ reference: 'nobody' }] })).status).toBe(
      404,
    );
  });

  /** A manufacturing order that is proposed and not written yet. */
  async function farOrder({ url }: RunningService): Promise<{ reference: string; quantity: number }> {
    const steps = {
      steps: 'odoo_write',
      parameters: { odoo_write: { dryRun: true, types: ['MO'], daysAhead: 3_650 } },
    };
    const { json } = await call(service, 'POST', '/api/runs', steps);
    const { id } = (json as unknown as { run: { id: number } }).run;
    await (await fetch(`${url}/api/runs/${id}/events`, { headers: { authorization: `Bearer ${TOKEN}` } })).text();
    const { json: seen } = await call(service, 'GET', `/api/runs/${id}/log?limit=5000`);
    for (const { message } of (seen as unknown as { log: { message: string }[] }).log) {
      const reference = /^MO (\S+): would create/.exec(message)?.[1];
      if (!reference) continue;
      const { json: order } = await call(service, 'GET', `/api/plan/orders/${encodeURIComponent(reference)}`);
      return (order as unknown as { order: { reference: string; quantity: number } }).order;
    }
    throw new Error('the demo has no order that is left');
  }

  it('recommends, and makes what is accepted in Odoo, once', async () => {
    const recommend = await command(env, 'run', 'plan,recommend');
    expect(await recommend.ended, recommend.output()).toBe(0);
    const { json } = await call(service, 'GET', '/api/advice?state=open');
    const { advice } = json as unknown as { advice: { key: string; byHand: boolean; kind: string; title: string }[] };
    expect(advice.length).toBeGreaterThan(0);
    const [able] = advice.filter(({ byHand }) => !byHand);
    const accept = () => call(service, 'POST', '/api/advice/accept', { keys: [able!.key] });
    const one = await accept();
    expect(one.json, JSON.stringify(able)).toMatchObject({
      advice: [{ key: able!.key, state: 'accepted', who: 'api' }],
    });
    const before = sandbox.changes().length;
    expect((await accept()).status).toBe(200);
    expect(sandbox.changes().length).toBe(before);
    const rest = { filter: { kinds: [able!.kind] }, reason: 'not this week' };
    const { status } = await call(service, 'POST', '/api/advice/reject', rest);
    expect(status).toBe(200);
    const { json: after } = await call(service, 'GET', `/api/advice?kind=${encodeURIComponent(able!.kind)}&state=open`);
    expect(after).toMatchObject({ advice: [] });
    expect((await call(service, 'POST', '/api/advice/accept', { keys: ['none'] })).status).toBe(404);
    expect((await call(service, 'POST', '/api/advice/accept', {})).status).toBe(400);
  });

  it('forecasts, with what people have set, and plans what is left of it behind the orders', async () => {
    const set = { item: 'HS-150', location: 'MAR', starts: nextMonth(), quantity: 4_000, comment: 'a fair' };
    expect((await call(service, 'POST', '/api/forecast/overrides', set)).status).toBe(201);
    const flags = ['--set', 'forecast.horizon=4', '--set', 'plan.forecast=true'];
    const run = await command(env, 'run', 'odoo_read_2,forecast,plan', ...flags);
    expect(await run.ended, run.output()).toBe(0);
    const { json } = await call(service, 'GET', '/api/forecast?item=HS-150&location=MAR');
    const { cells } = json as unknown as { cells: { starts: string; total: number; override: number | null }[] };
    const sum = (list: readonly { total: number }[]) => list.reduce((all, { total }) => all + total, 0);
    expect(sum(cells.filter(({ starts }) => starts === set.starts))).toBeCloseTo(4_000, 0);
    expect(sum(cells.filter(({ override }) => override === null))).toBeGreaterThan(0);
    const name = `Forecast HS-150 @ MAR ${set.starts.slice(0, 7)}`;
    const { json: demand } = await call(service, 'GET', `/api/plan/demands/${encodeURIComponent(name)}`);
    expect(demand).toMatchObject({ demand: { name, quantity: expect.any(Number) } });
    // What is set later counts for the next plan, without another forecast.
    const more = { ...set, quantity: 6_000 };
    expect((await call(service, 'POST', '/api/forecast/overrides', more)).json).toMatchObject({ spread: true });
    expect(await (await command(env, 'run', 'plan', '--set', 'plan.forecast=true')).ended).toBe(0);
    const { json: larger } = await call(service, 'GET', `/api/plan/demands/${encodeURIComponent(name)}`);
    const quantityOf = (answer: object) => (answer as { demand: { quantity: number } }).demand.quantity;
    expect(quantityOf(larger)).toBeGreaterThan(quantityOf(demand) + 1_000);
    // What is expected is promised to nobody.
    const write = await command(env, 'run', 'odoo_write', '--set', 'odoo_write.dryRun=true');
    expect(await write.ended).toBe(0);
    expect(write.output()).not.toContain('SO Forecast');
  });

  /** First day, as the plan's clock has it about now. */
  function nextMonth(): string {
    const now = new Date();
    return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)).toISOString().slice(0, 10);
  }

  it('is left or cancelled by Ctrl-C, as asked', async () => {
    const slow = ['run', 'odoo_read_1,plan', '--set', 'odoo_read_1.how=full'];
    const one = await command(env, ...slow);
    one.interrupt();
    expect([3, 0]).toContain(await one.ended);
    const kept = await command(env, ...slow, '--keep');
    kept.interrupt();
    expect([4, 0]).toContain(await kept.ended);
    const wrong = await command(env, 'run', 'dance');
    expect(await wrong.ended).toBe(2);
    expect(wrong.output()).toContain('There is no step "dance"');
  });

  it('ends within ten seconds while somebody follows, and takes the run up at the next start', async () => {
    const { json } = await call(service, 'POST', '/api/runs', {
      steps: 'odoo_read_1,plan',
      parameters: { plan: { plantype: 2 } },
    });
    const { id } = (json as unknown as { run: { id: number } }).run;
    const followed = await fetch(`${service.url}/api/runs/${id}/events`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    const text = followed.text();
    const began = performance.now();
    await service.close();
    expect(performance.now() - began).toBeLessThan(10_000);
    await text;
    await expect(stat(join(directory, 'data', 'service.json'))).rejects.toThrow();
    service = await start(env);
    const headers = { authorization: `Bearer ${TOKEN}` };
    const rest = await (await fetch(`${service.url}/api/runs/${id}/events`, { headers })).text();
    expect(rest).toContain('"state":"done"');
  }, 60_000);

  it('does not let just anybody in with a token', async () => {
    const { token } = JSON.parse(await readFile(join(directory, 'data', 'service.json'), 'utf8'));
    const get = (given: string) => fetch(`${service.url}/api/runs`, { headers: { authorization: `Bearer ${given}` } });
    expect((await get(token)).status).toBe(200);
    expect((await get(`${token.slice(0, -1)}x`)).status).toBe(401);
  });
});

describe.skipIf(missing !== null)('the service beside a PostgreSQL server', () => {
  let server: TestPostgres;
  let web: RunningService;
  let worker: RunningService | undefined;
  let env: Environment;

  beforeAll(async () => {
    server = await startPostgres();
    env = environment({ DATABASE_URL: (await server.createStore()).url });
    web = await start(env, 'web');
    worker = await start({ ...env, PORT: '' }, 'worker');
  });
  afterAll(async () => {
    await web?.close(1_000);
    await worker?.close(1_000);
    await server?.stop();
  });

  it('leaves runs to workers: for a command with the database, for one with the address, and by itself with --here', async () => {
    const database = await command(env, 'run', 'odoo_read_1,plan');
    expect(await database.ended, database.output()).toBe(0);
    expect(database.output()).toContain('plan: done');
    const { DATABASE_URL: _, ...without } = env;
    const remote = await command(without, 'run', 'plan', '--url', web.url!);
    expect(await remote.ended, remote.output()).toBe(0);
    expect(remote.output()).toMatch(/Run 2 \(plan\): done/);
    await worker?.close();
    worker = undefined;
    const here = await command(env, 'run', 'plan', '--here', '--quiet');
    expect(await here.ended, here.output()).toBe(0);
    expect(here.output()).toMatch(/Run 3 \(plan\): done/);
  }, 60_000);
});
