// The whole service over the demo's Odoo: health, figures, description, and that it ends in good order.
import { glob, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { type Demo, startDemo } from '../../src/demo.ts';
import { silentLog } from '../../src/log.ts';
import { type RunningService, startService } from '../../src/serve.ts';
import { newDataDirectory } from '../support/shared.ts';

const TOKEN = 'a-token-of-more-than-thirty-two-bytes';
/** Folders of src that speak to others' addresses, or are another program. */
const OTHER_SIDES = ['web', 'sandbox', 'odoo', 'frepple', 'storefront', 'engines'];
let directory = '';
let demo: Demo;
let service: RunningService;

beforeAll(async () => {
  directory = await newDataDirectory('service');
  demo = await startDemo();
  const config = readConfig({
    ODOO_URL: demo.url,
    ODOO_USER: demo.login,
    ODOO_PASSWORD: demo.password,
    PORT: '0',
    TRUST_PROXY: '1',
    PLANBRIDGE_DATA_DIR: directory,
    API_TOKEN: TOKEN,
    METRICS_TOKEN: `${TOKEN}-too`,
    PLANNER_EDITS: 'no',
    MAIL_ADDRESSES: 'orders@example.com',
    PUBLIC_URL: 'http://planbridge.example.com',
  });
  service = await startService(config, config.odoo!, silentLog);
});
afterAll(async () => {
  await service?.close();
  await demo?.close();
  await rm(directory, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(service.url + path, { headers });

describe('the service', () => {
  it('runs and is ready', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' });
    const ready = await get('/readyz');
    expect([ready.status, await ready.json()]).toMatchObject([200, { status: 'ready', checks: { database: 'ok' } }]);
  });

  it('counts exports and answers, for this machine and who holds the token only', async () => {
    const authorization = `Basic ${btoa(`${demo.login}:${demo.password}`)}`;
    await (await get('/frepple/xml?mode=1', { authorization })).text();
    const text = await (await get('/metrics')).text();
    expect(text).toMatch(/planbridge_export_seconds_count\{outcome="done",reader="rpc"\} 1/);
    expect(text).toMatch(/planbridge_http_seconds_count\{method="GET",route="\/frepple\/xml",status="200"\} 1/);
    const elsewhere = { 'x-forwarded-for': '203.0.113.9' };
    expect((await get('/metrics', elsewhere)).status).toBe(403);
    expect((await get('/metrics', { ...elsewhere, authorization: 'Bearer wrong' })).status).toBe(403);
    const bearer = `Bearer ${TOKEN}-too`;
    expect((await get('/metrics', { ...elsewhere, authorization: bearer })).status).toBe(200);
  });

  it('tells how old, how large and how long what it has read, planned and sent is', async () => {
    const before = await (await get('/metrics')).text();
    expect(before).toMatch(/^planbridge_runs_unfinished\{state="queued"\} 0$/m);
    expect(before).not.toContain('planbridge_plan_age_seconds{');
    const authorization = `Bearer ${TOKEN}`;
    const asked = { method: 'POST', headers: { authorization }, body: '{"steps":"odoo_read_1,plan"}' };
    const { run } = (await (await fetch(`${service.url}/api/runs`, asked)).json()) as { run: { id: number } };
    await (await get(`/api/runs/${run.id}/events`, { authorization })).text();
    const detail = (await (await get(`/api/runs/${run.id}`, { authorization })).json()) as {
      steps: { counts: Record<string, number>; report: { kind: string; count: number }[] }[];
    };
    const [read, plan] = detail.steps;
    const skipped = read!.report.reduce((sum, { kind, count }) => sum + (kind === 'skipped' ? count : 0), 0);
    const value = async (name: string) => {
      const text = await (await get('/metrics')).text();
      const line = text.split('\n').find((one) => one.startsWith(`planbridge_${name} `));
      return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
    };
    const source = `company="${demo.company}",source="odoo_1"`;
    expect(skipped).toBeGreaterThan(0);
    expect(await value(`read_skipped{${source}}`)).toBe(skipped);
    expect(await value(`read_records{${source},what="item"}`)).toBe(read!.counts.item);
    expect(await value(`plan_summary{company="",what="demands"}`)).toBe(plan!.counts.demands);
    expect(await value(`run_step_skipped{step="odoo_read_1"}`)).toBe(skipped);
    expect(await value('runs_ended_day{state="done"}')).toBe(1);
    for (const name of [
      ...[`read_age_seconds{${source}}`, `read_full_age_seconds{${source}}`, 'plan_age_seconds{company=""}'],
      ...['run_step_seconds{step="plan"}', 'run_step_done_age_seconds{step="odoo_read_1"}'],
    ]) {
      const seconds = await value(name);
      expect(seconds, name).toBeGreaterThan(0);
      expect(seconds, name).toBeLessThan(60);
    }
    for (const state of ['queued', 'sending', 'dead']) expect(await value(`mail_outbox{state="${state}"}`)).toBe(0);
    for (const name of ['runs_queued', 'run_oldest_unfinished_seconds', 'schedule_late_seconds']) {
      expect(await value(name), name).toBe(0);
    }
    for (const name of ['mail_outbox_oldest_seconds', 'mail_oldest_waiting_seconds', 'mail_waits_for_person']) {
      expect(await value(name), name).toBe(0);
    }
  });

  it('does not take who comes through a proxy for this machine', async () => {
    const config = readConfig({
      ODOO_URL: demo.url,
      PORT: '0',
      PLANBRIDGE_DATA_DIR: join(directory, 'beside'),
    });
    const beside = await startService(config, config.odoo!, silentLog, 'web', []);
    try {
      expect((await fetch(`${beside.url}/metrics`)).status).toBe(200);
      const proxied = { headers: { 'x-forwarded-for': '203.0.113.9' } };
      expect((await fetch(`${beside.url}/metrics`, proxied)).status).toBe(403);
    } finally {
      await beside.close(0);
    }
  });

  it('describes itself, to programs and to people', async () => {
    const description = (await (await get('/api/openapi.json')).json()) as { paths: Record<string, unknown> };
    expect(Object.keys(description.paths)).toContain('/readyz');
    const page = await get('/api');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('Planbridge API');
  });

  it('describes every route of the program, as OpenAPI has it', async () => {
    const text = await (await get('/api/openapi.json')).text();
    expect(await new Validator().validate(JSON.parse(text))).toEqual({ valid: true });
    const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, { operationId: string }>> };
    const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map((one) => one.operationId));
    expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted());
    // Pages for people, and another name of the same.
    const others = ['/', '/signin', '/signin.css', '/signout', '/assets', '/xml'];
    const root = join(import.meta.dirname, '../../src');
    let found = 0;
    for await (const file of glob('**/*.ts', {
      cwd: root,
      exclude: (name) => OTHER_SIDES.includes(String(name)),
    })) {
      const source = await readFile(join(root, file), 'utf8');
      const routes = source.matchAll(/(?:\bpath: |\b(?:router|app)\.\w+\(\[?|\broute\('\w+', \[?)'(\/[^']*)'/g);
      for (const [, path] of routes) {
        if (others.includes(path!)) continue;
        expect(Object.keys(paths), `${path} of ${file}`).toContain(path!.replace(/:(\w+)/g, '{$1}'));
        found += 1;
      }
    }
    expect(found).toBeGreaterThan(80);
    expect(paths['/api/runs']!.post).toMatchObject({
      parameters: [{ name: 'Idempotency-Key', in: 'header' }],
      responses: { 202: { content: { 'application/json': { schema: { properties: { run: {} } } } } } },
    });
    expect(text).toContain('"requestedAt":{"type":"string","format":"date-time"}');
  });

  it('lets planners change nothing where that is switched off, and says so', async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, accept: 'application/json' };
    const call = (method: string, path: string, body?: object) =>
      fetch(service.url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    for (const [method, path, body] of [
      ['PATCH', '/api/model/item/Anything', { cost: 5 }],
      ['PUT', '/api/inventory/Anything/safety-stock?location=WH', { quantity: 4 }],
      ['POST', '/api/whatif/1/save', {}],
    ] as const) {
      const answer = await call(method, path, body);
      expect([answer.status, await answer.json()]).toMatchObject([
        403,
        { remedy: expect.stringContaining('PLANNER_EDITS') },
      ]);
    }
    expect((await call('DELETE', '/api/model/item/Anything/edits')).status).toBe(200);
  });
});
