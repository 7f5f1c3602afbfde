// Automations in the running service: the API with its roles, the forms of the web site, and what happens without a settings file.
import { rm } from 'node:fs/promises';
import express from 'express';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAutomations } from '../../src/automation/open.ts';
import { readConfig } from '../../src/config.ts';
import { type Demo, startDemo } from '../../src/demo.ts';
import { createApi } from '../../src/http/api.ts';
import { silentLog } from '../../src/log.ts';
import type { Surroundings } from '../../src/parts.ts';
import { type RunningService, startService } from '../../src/serve.ts';
import { newDataDirectory } from '../support/shared.ts';

const SETTINGS = {
  zone: 'Europe/Zurich',
  forms: { origins: ['https://shop.example.com'], perHour: 4 },
  automations: { 'contact-names': { on: false }, 'follow-up-mail': { to: ['sales@example.com'] } },
};

const TOKEN = 'a-token-of-more-than-thirty-two-bytes';
let demo: Demo;
let directory: string;
let service: RunningService;

async function start(text: string): Promise<RunningService> {
  const config = readConfig({
    ODOO_URL: demo.url,
    ODOO_USER: demo.login,
    ODOO_PASSWORD: demo.password,
    PORT: '0',
    PLANBRIDGE_DATA_DIR: directory,
    ADMINISTRATORS: 'admin',
    PLANNERS: 'nobody',
    API_TOKEN: TOKEN,
    MAIL_FROM: 'shop@example.com',
    TRUST_PROXY: '1',
  });
  return await startService({ ...config, automations: { ...config.automations, text } }, config.odoo!, silentLog);
}

beforeAll(async () => {
  demo = await startDemo(new Date('2026-03-10T08:00:00Z'));
  directory = await newDataDirectory('automations');
  service = await start(JSON.stringify(SETTINGS));
}, 60_000);
afterAll(async () => {
  await service?.close();
  await demo?.close();
  await rm(directory, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: object, login = 'admin') {
  const authorization =
    login === 'api' ? `Bearer ${TOKEN}` : `Basic ${Buffer.from(`${login}:${login}`).toString('base64')}`;
  const init = { method, headers: { authorization }, ...(body ? { body: JSON.stringify(body) } : {}) };
  const answer = await fetch(`${service.url}${path}`, init);
  const text = await answer.text();
  return { status: answer.status, json: text.startsWith('{') ? JSON.parse(text) : {}, text };
}

async function ended(id: number) {
  for (;;) {
    const { json } = await call('GET', `/api/automations/runs/${id}`);
    if (json.run.finishedAt !== null) return json;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('the API', () => {
  it('lists all, those of the settings file with their schedule', async () => {
    const { json } = await call('GET', '/api/automations');
    const of = (name: string) => json.automations.find((each: { name: string }) => each.name === name);
    expect(json.on).toBe(true);
    expect(of('contact-names')).toMatchObject({
      configured: true,
      enabled: false,
      schedule: 'twice per hour',
      nextAt: null,
    });
    expect(of('follow-up-mail')).toMatchObject({
      configured: true,
      enabled: true,
      cron: '0 8 * * *',
      zone: 'Europe/Zurich',
    });
    expect(Date.parse(of('follow-up-mail').nextAt)).toBeGreaterThan(Date.now());
    expect(of('stock-buffers')).toMatchObject({ configured: false, enabled: false });
  });

  it('runs one dry, then really, and tells the changes page by page', async () => {
    const dry = await call('POST', '/api/automations/contact-names/run', { dryRun: true });
    expect(dry.status).toBe(202);
    expect((await ended(dry.json.run.id)).run).toMatchObject({ dryRun: true, state: 'done', changes: 3 });
    const real = await call('POST', '/api/automations/contact-names/run', {});
    const { run, log } = await ended(real.json.run.id);
    expect(run).toMatchObject({ dryRun: false, changes: 3, errors: 0, who: 'admin' });
    expect(log.at(-1).message).toContain('changes 3');
    const first = await call('GET', `/api/automations/runs/${run.id}/changes?limit=2`);
    const second = await call('GET', `/api/automations/runs/${run.id}/changes?limit=2&after=${first.json.next}`);
    expect([...first.json.changes, ...second.json.changes].map(({ subject }) => subject)).toHaveLength(3);
    expect(second.json.next).toBeNull();
    const list = (await call('GET', '/api/automations')).json.automations;
    expect(list.find((each: { name: string }) => each.name === 'contact-names').last.id).toBe(run.id);
    const planner = await call('GET', '/api/runs');
    expect(planner.json.runs).toEqual([]);
  });

  it('asks for the roles: planners run, administrators switch, others look', async () => {
    expect((await call('GET', '/api/automations', undefined, 'planner')).status).toBe(200);
    expect((await call('POST', '/api/automations/contact-names/run', {}, 'planner')).status).toBe(403);
    expect((await call('POST', '/api/automations/contact-names/run', { dryRun: true }, 'api')).status).toBe(202);
    expect((await call('PUT', '/api/automations/contact-names', { enabled: true }, 'api')).status).toBe(403);
    expect((await call('PUT', '/api/automations/contact-names', { enabled: true })).json.enabled).toBe(true);
  });

  it('says what is not there', async () => {
    expect((await call('POST', '/api/automations/make-coffee/run', {})).status).toBe(404);
    const named = await call('POST', '/api/automations/stock-buffers/run', {});
    expect(named.status).toBe(409);
    expect(named.json.detail).toContain('not in the settings file');
    expect((await call('GET', '/api/automations/runs/999')).status).toBe(404);
    expect((await call('GET', '/api/automations/log?day=yesterday')).status).toBe(400);
    expect((await call('GET', '/api/automations/log?day=2026-01-01')).text).toContain('Total errors: 0');
  });

  it('has figures for monitoring', async () => {
    const { text } = await call('GET', '/metrics');
    expect(text).toMatch(/automation_run_changes\{automation="contact-names"\} 3/);
  });
});

describe('forms', () => {
  let visitor = 0;
  function post(
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
    sameVisitor = false,
  ) {
    if (!sameVisitor) visitor += 1;
    return fetch(`${service.url}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { accept: 'application/json', 'x-forwarded-for': `10.0.0.${visitor}`, ...headers },
      body: new URLSearchParams(fields),
    });
  }
  const ANN = {
    name: 'Ann Example',
    email: 'Ann@Example.com',
    phone: '(555) 010-200',
    goals: 'A pond',
    timeline: 'soon',
  };

  it('take a request once, and say so politely', async () => {
    expect(await (await post('/forms/design-request', ANN)).json()).toMatchObject({ taken: true });
    const again = await post('/forms/design-request', { ...ANN, email: 'ann@example.com' });
    expect(again.status).toBe(200);
    expect(await again.json()).toMatchObject({ taken: false, message: expect.stringContaining('already') });
    const stock = { email: 'ann@example.com', product: 'POT-30' };
    expect(await (await post('/forms/back-in-stock', stock)).json()).toMatchObject({ taken: true });
    const second = await (await post('/forms/back-in-stock', { ...stock, email: 'ANN@example.com' })).json();
    expect(second).toMatchObject({ taken: false, message: expect.stringContaining('already signed up') });
  });

  it.each([
    ['/forms/design-request', { name: '', email: 'ann@example.com' }, 'name is missing'],
    ['/forms/design-request', { name: 'A', email: 'ann@' }, 'email is no mail address'],
    ['/forms/design-request', { name: 'A', email: 'a@b.example', phone: 'call me' }, 'phone is no telephone number'],
    ['/forms/back-in-stock', { email: 'a@b.example' }, 'product'],
    ['/forms/back-in-stock', { email: 'a@b.example\r\nBcc: x@y.example', product: 'P' }, 'email'],
  ])('refuse %s with %j', async (path, fields, message) => {
    const answer = await post(path, fields as Record<string, string>);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { detail: string }).detail).toContain(message);
  });

  it('may be posted from the web site that is named, and from no other', async () => {
    const from = (origin: string) =>
      post(
        '/forms/back-in-stock',
        { email: 'b@b.example', product: origin },
        { origin, 'sec-fetch-site': 'cross-site' },
      );
    const ours = await from('https://shop.example.com');
    expect(ours.status).toBe(200);
    expect(ours.headers.get('access-control-allow-origin')).toBe('https://shop.example.com');
    const strange = await from('https://evil.example.com');
    expect(strange.status).toBe(403);
    expect(strange.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('are answered as a page to browsers, and so often an hour to one address', async () => {
    const html = await post('/forms/back-in-stock', { email: 'c@b.example', product: 'P' }, { accept: 'text/html' });
    expect(html.headers.get('content-type')).toContain('text/html');
    for (let time = 0; time < 3; time++) {
      await post('/forms/back-in-stock', { email: 'c@b.example', product: 'P' }, {}, true);
    }
    const last = await post('/forms/back-in-stock', { email: 'c@b.example', product: 'P' }, {}, true);
    expect(last.status).toBe(429);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(3_000);
  });
});

it('is off without a settings file, and says how it is switched on', async () => {
  const config = readConfig({});
  const api = createApi({
    authenticate: async () => ({ login: 'admin', role: 'administrator', database: 'demo', password: null }),
    log: silentLog,
    discloseStackTrace: false,
  });
  await openAutomations({ api, config, odoo: { url: 'http://odoo.example.com' } } as unknown as Surroundings);
  const app = express().use(api.router);
  const list = await supertest(app).get('/api/automations');
  expect(list.body.on).toBe(false);
  expect(list.body.automations.length).toBeGreaterThan(10);
  const run = await supertest(app).post('/api/automations/contact-names/run').send({});
  expect(run.status).toBe(409);
  expect(run.body.remedy).toContain('AUTOMATIONS_FILE');
  expect((await supertest(app).post('/forms/back-in-stock')).status).toBe(404);
});
