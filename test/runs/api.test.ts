// The API of runs and schedules over HTTP: who may what, how a run is followed, also from another process.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PlanbridgeError } from '../../src/errors.ts';
import { createApi } from '../../src/http/api.ts';
import { TOKEN_LOGIN } from '../../src/http/users.ts';
import { silentLog } from '../../src/log.ts';
import { addRunRoutes } from '../../src/planner/runs/routes.ts';
import { addScheduleRoutes } from '../../src/planner/runs/schedule-routes.ts';
import { openRuns, type Runs } from '../../src/planner/runs/service.ts';
import type { Store } from '../../src/store/database.ts';
import {
  ask,
  ended,
  endServer,
  KINDS,
  type LedStep,
  ledStep,
  newPlace,
  type Place,
  SCOPE,
  startRuns,
} from './support.ts';

type Json = Record<string, never>;

afterAll(endServer);

describe.each(KINDS)('the API of runs on $kind', ({ kind, skip }) => {
  let place: Place;
  let store: Store;
  /** Works; the other one answers requests, as another process would. */
  let works: Runs;
  let answers: Runs;
  let server: Server;
  let url = '';
  let read: LedStep;
  let plan: LedStep;

  beforeAll(async () => {
    if (skip) return;
    place = await newPlace(kind);
    store = await place.open();
    [read, plan] = [ledStep('odoo_read_1'), ledStep('plan')];
    const steps = [read.step, plan.step];
    works = await startRuns(store, steps);
    answers = await openRuns({ store, steps, scope: async () => SCOPE, log: silentLog, now: Date.now });
    const api = createApi({
      log: silentLog,
      discloseStackTrace: false,
      async authenticate(request) {
        const login = request.get('x-login') ?? '';
        if (!login) throw new PlanbridgeError('PB_AUTH_REQUIRED', 401, 'Sign in.');
        const role = login === 'boss' ? 'administrator' : login === 'eve' ? 'viewer' : 'planner';
        const database = login === 'stranger' ? 'elsewhere' : 'demo';
        return { login, role, database, password: login === TOKEN_LOGIN ? null : 'x' };
      },
    });
    const odooOf = (database: string) => `http://odoo.example.com ${database}`;
    addRunRoutes({ api, runs: answers, odooOf, now: Date.now });
    addScheduleRoutes({ api, runs: answers, odooOf, now: Date.now });
    server = createServer(express().use(api.router));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    if (skip) return;
    server.close();
    server.closeAllConnections();
    await answers.stop(1_000);
    await works.stop(1_000);
    await store.close();
    await place.remove();
  });

  async function call(method: string, path: string, body?: object, login = 'anna', headers = {}) {
    const answer = await fetch(url + path, {
      method,
      headers: { accept: 'application/json', 'x-login': login, ...headers },
      body: body && JSON.stringify(body),
    });
    return { status: answer.status, json: (await answer.json()) as Json };
  }

  interface ServerEvent {
    id: string | null;
    event: string;
    data: Record<string, unknown>;
  }

  async function* follow(id: number, headers: Record<string, string> = {}): AsyncGenerator<ServerEvent> {
    const answer = await fetch(`${url}/api/runs/${id}/events`, { headers: { 'x-login': 'eve', ...headers } });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    let text = '';
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const parts = text.split('\n\n');
      text = parts.pop()!;
      for (const part of parts) {
        const fields = Object.fromEntries(part.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)));
        if (fields.event) yield { id: fields.id ?? null, event: fields.event, data: JSON.parse(fields.data) };
      }
    }
  }

  it.skipIf(skip)('lets a program begin a run, once for each key, and answers what became of it', async () => {
    const body = { steps: 'odoo_read_1,plan', parameters: { plan: { size: 5 } } };
    const key = { 'idempotency-key': 'order-7' };
    const { status, json } = await call('POST', '/api/runs', body, TOKEN_LOGIN, key);
    expect(status).toBe(202);
    expect(json).toMatchObject({ outcome: 'started', run: { kind: 'odoo_read_1,plan', trigger: 'api', who: 'api' } });
    const again = await call('POST', '/api/runs', body, TOKEN_LOGIN, key);
    expect(again.json).toMatchObject({ outcome: 'repeated' });
    const { id } = (json as unknown as { run: { id: number } }).run;
    read.finish({ counts: { items: 3 } });
    plan.finish({ counts: { orders: 2 } });
    await ended(works, id);
    const seen = await call('GET', `/api/runs/${id}`, undefined, 'eve');
    expect(seen.json).toMatchObject({
      run: { state: 'done', percent: 100 },
      steps: [
        { name: 'odoo_read_1', title: 'The step odoo_read_1', state: 'done', counts: { items: 3 } },
        { name: 'plan', state: 'done', counts: { orders: 2 } },
      ],
      log: [{ step: 'odoo_read_1', message: 'done: items 3' }, { message: 'done: orders 2' }],
    });
  });

  it.skipIf(skip)('refuses what is wrong by name, and who may not', async () => {
    const wrong = await call('POST', '/api/runs', { steps: 'odoo_read_9' });
    expect(wrong).toMatchObject({ status: 400, json: { code: 'PB_REQUEST_ARGUMENT' } });
    const parameters = await call('POST', '/api/runs', {
      steps: 'plan',
      parameters: { plan: { sise: 1, size: 'big' } },
    });
    expect(JSON.stringify(parameters.json)).toContain('plan.size');
    expect(JSON.stringify(parameters.json)).toContain('sise');
    expect((await call('POST', '/api/runs', { steps: 'plan,plan' })).status).toBe(400);
    expect((await call('POST', '/api/runs', { steps: 'plan' }, 'eve')).status).toBe(403);
    expect((await call('POST', '/api/runs', { steps: 'plan' }, 'stranger')).status).toBe(404);
    expect((await call('GET', '/api/runs/999999')).status).toBe(404);
    expect((await call('GET', '/api/runs?state=asleep')).status).toBe(400);
    expect((await call('GET', '/api/runs', undefined, 'stranger')).json).toEqual({ runs: [], next: null });
  });

  it.skipIf(skip)('lists runs by filter and page', async () => {
    for (let i = 0; i < 3; i++) {
      read.finish();
      await ended(works, (await ask(works, 'odoo_read_1', { who: 'bert' })).run.id);
    }
    const page = (await call('GET', '/api/runs?who=bert&limit=2')).json as unknown as {
      runs: { id: number }[];
      next: number;
    };
    expect(page.runs).toHaveLength(2);
    const rest = (await call('GET', `/api/runs?who=bert&limit=2&before=${page.next}`)).json as unknown as typeof page;
    expect(rest.runs).toHaveLength(1);
    expect(rest.next).toBeNull();
    const plans = (await call('GET', '/api/runs?step=plan&state=done,failed&trigger=api'))
      .json as unknown as typeof page;
    expect(plans.runs).toHaveLength(1);
  });

  it.skipIf(skip)(
    'sends progress, lines and the end as they come, and goes on where a client was cut off',
    async () => {
      const { run } = await ask(works, 'plan', { given: { plan: { size: 99 } } });
      const context = await plan.began(plan.begun.length + 1);
      context.log('info', 'first\nof two lines');
      context.progress(0.25, 'a quarter');
      const first: ServerEvent[] = [];
      for await (const event of follow(run.id)) {
        first.push(event);
        if (first.some(({ event }) => event === 'log') && event.data.percent === 25) break;
        if (event.event === 'log' && first.some(({ data }) => data.percent === 25)) break;
      }
      const line = first.find(({ event }) => event === 'log')!;
      expect(line.data).toMatchObject({ message: 'first\nof two lines' });
      context.log('warn', 'second');
      plan.finish();
      const second: ServerEvent[] = [];
      for await (const event of follow(run.id, { 'last-event-id': line.id! })) second.push(event);
      expect(second.filter(({ event }) => event === 'log').map(({ data }) => data.message)).toEqual(['second', 'done']);
      expect(second.at(-1)).toMatchObject({ event: 'end', id: 'end', data: { state: 'done', percent: 100 } });
      const over = await fetch(`${url}/api/runs/${run.id}/events`, {
        headers: { 'x-login': 'eve', 'last-event-id': 'end' },
      });
      expect(over.status).toBe(204);
    },
  );

  it.skipIf(skip)('cancels over HTTP', async () => {
    const { run } = await ask(works, 'plan', { given: { plan: { size: 98 } } });
    await plan.began(plan.begun.length + 1);
    expect((await call('POST', `/api/runs/${run.id}/cancel`, undefined, 'eve')).status).toBe(403);
    expect((await call('POST', `/api/runs/${run.id}/cancel`)).json).toMatchObject({ cancelled: true });
    expect(await ended(works, run.id)).toMatchObject({ state: 'cancelled', cancelBy: 'anna' });
    expect((await call('POST', `/api/runs/${run.id}/cancel`)).json).toMatchObject({ cancelled: false });
  });

  it.skipIf(skip)('keeps schedules: made, changed, looked at and removed by administrators', async () => {
    const body = { name: 'Nightly', steps: 'odoo_read_1,plan', cron: '30  5 * * 1-5', zone: 'Europe/Berlin' };
    expect((await call('POST', '/api/schedules', body)).status).toBe(403);
    const made = await call('POST', '/api/schedules', body, 'boss');
    expect(made).toMatchObject({
      status: 201,
      json: { kind: 'odoo_read_1,plan', cron: '30 5 * * 1-5', missed: 'once', enabled: true, changedBy: 'boss' },
    });
    const { id, nextAt } = made.json as unknown as { id: number; nextAt: string };
    expect(Date.parse(nextAt)).toBeGreaterThan(Date.now());
    const changed = await call('PUT', `/api/schedules/${id}`, { ...body, enabled: false, missed: 'skip' }, 'boss');
    expect(changed.json).toMatchObject({ enabled: false, missed: 'skip', nextAt: null });
    expect((await call('GET', '/api/schedules', undefined, 'eve')).json).toMatchObject({ schedules: [{ id }] });
    expect((await call('GET', '/api/schedules', undefined, 'stranger')).json).toEqual({ schedules: [] });
    for (const wrong of [
      { cron: '61 * * * *' },
      { zone: 'Europe/Nowhere' },
      { steps: 'dance' },
      { cron: '0 0 31 2 *' },
    ]) {
      expect((await call('POST', '/api/schedules', { ...body, ...wrong }, 'boss')).status).toBe(400);
    }
    const preview = await call(
      'GET',
      '/api/schedules/preview?cron=0+5+*+*+*&zone=Asia/Tokyo&count=2',
      undefined,
      'eve',
    );
    expect(
      (preview.json as unknown as { times: string[] }).times.every((time) => time.endsWith('T20:00:00.000Z')),
    ).toBe(true);
    read.finish();
    plan.finish();
    const now = await call('POST', `/api/schedules/${id}/run`);
    expect(now).toMatchObject({ status: 202, json: { outcome: 'started', run: { schedule: id } } });
    await ended(works, (now.json as unknown as { run: { id: number } }).run.id);
    expect((await call('DELETE', `/api/schedules/${id}`, undefined, 'boss')).json).toEqual({ removed: true });
    expect((await call('GET', `/api/schedules/${id}`)).status).toBe(404);
  });
});
