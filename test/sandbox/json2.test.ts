// /json/2 as Odoo 19 serves it, the version endpoints, and the pages for people.

import { gunzipSync } from 'node:zlib';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { smallCompany } from './small-company.ts';

function sandbox(version: string): Sandbox {
  return createSandbox({ data: smallCompany(), version, database: 'small', apiKeys: { 'key-of-anna': 'anna' } });
}

function call(of: Sandbox, path: string, body: object, key = 'key-of-anna'): request.Test {
  return request(of.app)
    .post(`/json/2/${path}`)
    .set('Authorization', `bearer ${key}`)
    .set('X-Odoo-Database', 'small')
    .send(body);
}

describe('/json/2 of Odoo 19', () => {
  it('answers named arguments with plain JSON', async () => {
    const answer = await call(sandbox('19.0'), 'res.partner/search_read', {
      domain: [['name', '=', 'Kunde']],
      fields: ['name', 'company_id'],
      load: '',
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual([{ id: 11, name: 'Kunde', company_id: false }]);
  });

  it('takes ids, and answers created records as a list', async () => {
    const of = sandbox('19.0');
    const created = await call(of, 'res.partner/create', { vals_list: { name: 'Neu' } });
    expect(created.body).toEqual([expect.any(Number)]);
    expect((await call(of, 'res.partner/write', { ids: created.body, vals: { name: 'Neuer' } })).body).toBe(true);
    expect((await call(of, 'res.partner/read', { ids: created.body, fields: ['name'] })).body).toEqual([
      { id: created.body[0], name: 'Neuer' },
    ]);
  });

  it('keeps the context, so that companies and archived records can be chosen', async () => {
    const of = sandbox('19.0');
    const count = async (context: object): Promise<unknown> =>
      (await call(of, 'res.partner/search_count', { domain: [['name', '=', 'Alt']], context })).body;
    expect([await count({}), await count({ active_test: false })]).toEqual([0, 1]);
  });

  it.each([
    ['res.partner/search', {}, 'wrong', 401, 'odoo.exceptions.AccessDenied'],
    ['no.model/search', {}, 'key-of-anna', 404, 'odoo.exceptions.UserError'],
    ['res.partner/no_method', {}, 'key-of-anna', 404, 'builtins.AttributeError'],
    ['res.partner/_search', {}, 'key-of-anna', 403, 'odoo.exceptions.AccessError'],
    [
      'res.partner/search',
      { context: { allowed_company_ids: [9] } },
      'key-of-anna',
      403,
      'odoo.exceptions.AccessError',
    ],
    ['res.partner/create', { vals_list: { nothing: 1 } }, 'key-of-anna', 500, 'builtins.ValueError'],
  ])('answers %s %j with key %s by status %i and %s', async (path, body, key, status, name) => {
    const answer = await call(sandbox('19.0'), path, body, key);
    expect([answer.status, answer.body.name]).toEqual([status, name]);
    expect(Object.keys(answer.body).sort()).toEqual(['arguments', 'context', 'debug', 'message', 'name']);
  });

  it('is not there before Odoo 19, nor is /web/version', async () => {
    const of = sandbox('18.0');
    expect((await call(of, 'res.partner/search', {})).status).toBe(404);
    expect((await request(of.app).get('/web/version')).status).toBe(404);
    expect((await request(sandbox('19.0').app).get('/web/version')).body).toEqual({
      version: '19.0',
      version_info: [19, 0, 0, 'final', 0, ''],
    });
  });
});

describe('other endpoints', () => {
  it('says its version and health', async () => {
    const { app } = sandbox('17.0');
    const version = await request(app).post('/web/webclient/version_info').send({ jsonrpc: '2.0', id: 3, params: {} });
    expect(version.body).toMatchObject({
      id: 3,
      result: { server_version: '17.0', server_serie: '17.0', protocol_version: 1 },
    });
    expect((await request(app).get('/web/health')).body).toEqual({ status: 'pass' });
    expect((await request(app).post('/web/database/list').send({ id: 1 })).body.result).toEqual(['small']);
  });

  it('compresses large answers when asked', async () => {
    const of = sandbox('17.0');
    for (let i = 0; i < 100; i++) of.call('anna', 'res.partner', 'create', [{ name: `Partner ${i}` }]);
    const body = {
      jsonrpc: '2.0',
      id: 1,
      params: {
        service: 'object',
        method: 'execute_kw',
        args: ['small', 2, 'anna', 'res.partner', 'search_read', [[]], {}],
      },
    };
    const answer = await request(of.app)
      .post('/jsonrpc')
      .set('Accept-Encoding', 'gzip')
      .send(body)
      .buffer(true)
      .parse((response, done) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => done(null, Buffer.concat(parts)));
      });
    expect(answer.headers['content-encoding']).toBe('gzip');
    const text =
      (answer.body as Buffer)[0] === 0x1f ? gunzipSync(answer.body as Buffer).toString() : String(answer.body);
    expect(JSON.parse(text).result.length).toBeGreaterThan(100);
  });

  it('shows models and records to people, escaped', async () => {
    const of = sandbox('17.0');
    const id = of.call('anna', 'res.partner', 'create', [{ name: '<script>alert(1)</script>' }]) as number;
    expect((await request(of.app).get('/')).text).toContain('res.partner');
    for (const path of ['/odoo/res.partner', `/odoo/res.partner/${id}`]) {
      const page = await request(of.app).get(path);
      expect(page.status).toBe(200);
      expect(page.text).toContain('&lt;script&gt;');
      expect(page.text).not.toContain('<script>');
    }
    expect((await request(of.app).get('/odoo/no.model')).status).toBe(404);
    expect((await request(of.app).get('/odoo/res.partner/424242')).status).toBe(404);
  });
});
