// The whole service over the demo's Odoo: health, figures, description, and that it ends in good order.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { type Demo, startDemo } from '../../src/demo.ts';
import { silentLog } from '../../src/log.ts';
import { type RunningService, startService } from '../../src/serve.ts';

const TOKEN = 'a token of more than thirty-two bytes';
let directory = '';
let demo: Demo;
let service: RunningService;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'planbridge-service-'));
  demo = await startDemo();
  const config = readConfig({
    ODOO_URL: demo.url,
    ODOO_USER: demo.login,
    ODOO_PASSWORD: demo.password,
    PORT: '0',
    TRUST_PROXY: '1',
    PLANBRIDGE_DATA_DIR: directory,
    API_TOKEN: TOKEN,
    METRICS_TOKEN: `${TOKEN} too`.replaceAll(' ', '-'),
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
    const bearer = `Bearer ${`${TOKEN} too`.replaceAll(' ', '-')}`;
    expect((await get('/metrics', { ...elsewhere, authorization: bearer })).status).toBe(200);
  });

  it('describes itself, to programs and to people', async () => {
    const description = (await (await get('/api/openapi.json')).json()) as { paths: Record<string, unknown> };
    expect(Object.keys(description.paths)).toContain('/readyz');
    const page = await get('/api');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('Planbridge API');
  });
});
