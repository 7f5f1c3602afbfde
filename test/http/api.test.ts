// Routes as a table: who may, what is taken, how refusals are said, and that the description says what is served.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PlanbridgeError } from '../../src/errors.ts';
import { type Api, createApi } from '../../src/http/api.ts';
import { describeApi } from '../../src/http/openapi.ts';
import { apiPage } from '../../src/http/openapi-page.ts';
import { createLog } from '../../src/log.ts';

let server: Server;
let url = '';
let api: Api;
const lines: string[] = [];

beforeAll(async () => {
  api = createApi({
    log: createLog({ level: 'debug', write: (line) => void lines.push(line) }),
    discloseStackTrace: false,
    async authenticate(request) {
      const login = request.get('x-login');
      if (!login) throw new PlanbridgeError('PB_AUTH_REQUIRED', 401, 'Sign in.');
      const role = login === 'boss' ? 'administrator' : login === 'ann' ? 'planner' : 'viewer';
      return { login, role, database: 'demo', password: null };
    },
  });
  const common = { tag: 'Test', summary: 'For this test' };
  api.route({ ...common, method: 'get', path: '/api/open', role: 'anyone' }, () => ({ open: true }));
  api.route(
    {
      ...common,
      method: 'post',
      path: '/api/things/:id',
      role: 'planner',
      query: z.object({ many: z.coerce.number().int().max(5).optional() }),
      body: z.object({ name: z.string().min(2) }),
      answer: z.object({ said: z.string() }),
    },
    ({ user, params, query, body }) => ({ said: [user.login, params.id, query.many, body.name].join(' ') }),
  );
  api.route({ ...common, method: 'get', path: '/api/broken', role: 'viewer' }, () => {
    throw new Error('secret detail');
  });
  server = createServer(express().use(api.router));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

async function ask(method: string, path: string, { body, ...headers }: Record<string, string> = {}) {
  const answer = await fetch(url + path, { method, headers: { accept: 'application/json', ...headers }, body });
  const json = (await answer.json()) as Record<string, unknown>;
  return { status: answer.status, headers: answer.headers, json };
}

describe('a route', () => {
  it('gives the handler what was sent, parsed, and who sent it', async () => {
    const { status, json } = await ask('POST', '/api/things/7?many=3', { 'x-login': 'ann', body: '{"name":"Leg"}' });
    expect([status, json]).toEqual([200, { said: 'ann 7 3 Leg' }]);
  });

  it.each([
    ['no sign-in', {}, '', 401, 'PB_AUTH_REQUIRED', 'Sign in'],
    ['too low a role', { 'x-login': 'vic' }, '', 403, 'PB_AUTH_FORBIDDEN', 'needs the role planner'],
    ['another site', { 'x-login': 'ann', 'sec-fetch-site': 'cross-site' }, '', 403, 'PB_AUTH_FORBIDDEN', 'web site'],
    ['no JSON', { 'x-login': 'ann', body: '{' }, '', 400, 'PB_REQUEST_BODY', 'no JSON'],
    ['a short name', { 'x-login': 'ann', body: '{"name":"x"}' }, '', 400, 'PB_REQUEST_BODY', 'body.name'],
    ['a long list', { 'x-login': 'ann', body: '{"name":"xx"}' }, '?many=6', 400, 'PB_REQUEST_ARGUMENT', 'query.many'],
  ])('refuses %s', async (_, headers, query, status, code, detail) => {
    const answer = await ask('POST', `/api/things/7${query}`, headers as Record<string, string>);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ code, detail: expect.stringContaining(detail) });
    expect(answer.json.correlationId).toBe(answer.headers.get('x-correlation-id'));
  });

  it('says when the body is too large', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(3 << 20) });
    expect(await ask('POST', '/api/things/7', { 'x-login': 'ann', body })).toMatchObject({ status: 413 });
  });

  it('keeps mistakes of our own to the log', async () => {
    const answer = await ask('GET', '/api/broken', { 'x-login': 'ann', 'x-correlation-id': 'abc' });
    expect(answer).toMatchObject({ status: 500, json: { code: 'PB_INTERNAL', correlationId: 'abc' } });
    expect(JSON.stringify(answer.json)).not.toContain('secret detail');
    expect(lines.join('')).toContain('secret detail');
  });
});

describe('the description', () => {
  it('has every route with its parameters, body and answer', () => {
    const { paths } = describeApi(api.routes, '1.0.0') as unknown as {
      paths: Record<string, Record<string, Record<string, unknown>>>;
    };
    const post = paths['/api/things/{id}']!.post!;
    expect(post.parameters).toEqual([
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
      expect.objectContaining({ name: 'many', in: 'query', required: false }),
    ]);
    expect(post.requestBody).toMatchObject({
      content: { 'application/json': { schema: { required: ['name'], properties: { name: { minLength: 2 } } } } },
    });
    expect(post.responses).toHaveProperty(['200', 'content', 'application/json', 'schema', 'properties', 'said']);
    expect(paths['/api/open']!.get!.security).toEqual([]);
    expect(paths['/frepple/xml']).toHaveProperty('post');
  });

  it('is a page without script', () => {
    const page = apiPage(api.routes, '1.0.0');
    expect(page).toContain('<code>/api/things/{id}</code> For this test');
    expect(page).not.toMatch(/<script|javascript:/i);
  });
});
