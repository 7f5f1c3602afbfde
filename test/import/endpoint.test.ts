// POST /frepple/xml and what belongs to it, over HTTP against the sandbox.

import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import jwt from 'jsonwebtoken';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOdooAccess } from '../../src/connector/access.ts';
import { createSignIn } from '../../src/connector/auth.ts';
import { createImportRouter } from '../../src/connector/import-routes.ts';
import { createImportService, type ImportService } from '../../src/connector/import-service.ts';
import { openWriter } from '../../src/connector/odoo/writer.ts';
import { PlanbridgeError } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import { createSandbox, type RunningSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { goldenFolder } from '../support/golden.ts';
import { newDataDirectory } from '../support/shared.ts';
import { mixedOrders, mixedPlan } from './plans.ts';
import { freppleBody, planOf, recordedPosts } from './wire.ts';

const golden = goldenFolder();
const KEY = 'a key of at least thirty-two bytes, really';
const MIXED = { 'content-type': 'multipart/form-data; boundary=**MessageBoundary**' };
const ADMIN = `Basic ${Buffer.from('admin:admin').toString('base64')}`;
const COMPANY = 'My Company (San Francisco)';

interface Answer {
  status: number;
  type: string;
  text: string;
  json: Record<string, unknown> & { records: Record<string, unknown>[]; summary: Record<string, number> };
}

describe.skipIf(golden === null)('posted plans', () => {
  let sandbox: Sandbox;
  let odoo: RunningSandbox;
  let store: Store;
  let directory: string;
  let server: Server;
  let url: string;
  let webtoken: { key: string; required: boolean } | null = null;
  let now = Date.now;
  /** What a create meets in front of Odoo, and on the way back. */
  let trouble: ((model: string, values: readonly object[]) => Error | null) | null = null;
  let afterwards: (() => Error | null) | null = null;
  let creates = 0;

  beforeAll(async () => {
    directory = await newDataDirectory('endpoint');
    store = await openStore({ databaseUrl: null, dataDirectory: directory });
    sandbox = createSandbox({
      data: join(golden!, 'ref17'),
      database: 'demo',
      now: () => new Date('2026-11-21T02:33:40Z'),
    });
    odoo = await sandbox.listen(0);
    const access = createOdooAccess({ url: odoo.url, defaultDatabase: 'demo', databases: null, sqlUrl: () => null });
    const service: ImportService = createImportService({
      store,
      odooUrl: odoo.url,
      openWriter: async (address, { database, login, password }) => {
        const writer = await openWriter({ url: address, database }, { login, password });
        return troubled(writer);
      },
      settings: () => ({ timezone: null, promises: false, planners: new Set() }),
      settleMs: 100,
      waitMs: 10_000,
      now: Date.now,
      sleep: (ms) => sleep(ms),
    });
    const signIn = createSignIn({
      check: access.checkCredentials,
      interfaceUsers: new Set(),
      cacheSeconds: 60,
      failures: 100,
      now: Date.now,
    });
    const app = express();
    const options = {
      imports: service,
      access,
      signIn,
      maxBytes: 8 << 20,
      log: silentLog,
      discloseStackTrace: false,
    };
    app.use((request, response, next) =>
      createImportRouter({ ...options, webtoken, now: () => now() })(request, response, next),
    );
    server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await new Promise((resolve) => server?.close(resolve));
    await odoo?.close();
    await store?.close();
    if (directory) await rm(directory, { recursive: true, force: true });
  });
  beforeEach(async () => {
    sandbox.reset();
    await store.query(
      'truncate planbridge.reference, planbridge.attempt, planbridge.import, planbridge.recommendation cascade',
    );
    webtoken = null;
    now = Date.now;
    trouble = null;
    afterwards = null;
    creates = 0;
  });

  function troubled(writer: Awaited<ReturnType<typeof openWriter>>): typeof writer {
    return {
      ...writer,
      within: (companies) => troubled(writer.within(companies)),
      create: async (model, values) => {
        creates += 1;
        const before = trouble?.(model, values);
        if (before) throw before;
        const ids = await writer.create(model, values);
        const after = afterwards?.();
        if (after) throw after;
        return ids;
      },
    };
  }

  async function send(path: string, body: string | Buffer, headers: Record<string, string>): Promise<Answer> {
    const answer = await fetch(url + path, {
      method: 'POST',
      body: body as string,
      headers: { authorization: ADMIN, ...headers },
    });
    return await read(answer);
  }

  async function read(answer: Response): Promise<Answer> {
    const text = await answer.text();
    let json = {} as Answer['json'];
    try {
      json = JSON.parse(text);
    } catch {
      // A page or lines of text.
    }
    return { status: answer.status, type: answer.headers.get('content-type') ?? '', text, json };
  }

  const post = (xml: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
    send('/frepple/xml/', freppleBody({ database: 'demo', company: COMPANY, mode: '1', ...fields }, xml), {
      ...MIXED,
      'user-agent': 'frepple_connectors',
      ...headers,
    });

  const get = async (path: string) => await read(await fetch(url + path, { headers: { authorization: ADMIN } }));

  const posts = recordedPosts() ?? [];
  it.each(posts.map((one) => [one.name, one] as const))(
    '%s is answered as that version expects',
    async (_, { path, headers, body }) => {
      // Recorded for an invented company; the same bytes with ours, and the clock of the recording.
      const text = body.toString('latin1').replaceAll('My Company', COMPANY).replace('\nodoo\n', '\ndemo\n');
      const { 'content-type': type = '', 'user-agent': agent = '', authorization = '' } = headers;
      const answer = await send(path, Buffer.from(text, 'latin1'), {
        'content-type': type,
        'user-agent': agent,
        authorization,
      });
      if (path.includes('recommendations')) {
        expect(answer.status).toBe(200);
        expect((await get('/api/recommendations')).json.recommendations).toHaveLength(text.match(/"tab"/g)!.length);
        return;
      }
      expect(answer.text).not.toMatch(/exception/i);
      const old = agent.startsWith('Python-urllib');
      const single = text.includes('name="actual_user"') || /name="mode"\r?\n\r?\n2/.test(text);
      const records = (await get('/api/imports?limit=1')).json.imports as { records: number; status: string }[];
      expect(records[0]?.records).toBe(text.match(/<(operationplan|demand) /g)!.length);
      // The products of the recording are not those of this Odoo: what is refused is said record by record.
      if (answer.status === 409) {
        expect(single).toBe(true);
        expect(answer.text).toContain('Error processing data');
      } else {
        expect(answer.status).toBe(200);
        expect(answer.type).toMatch(old ? /^text\/plain/ : /^application\/json/);
        if (old)
          expect(answer.text).toMatch(
            /Processed \d+ uploaded procurement orders\nProcessed \d+ uploaded manufacturing orders$/,
          );
      }
    },
  );

  it('answers new clients with Odoo’s numbers, and every posting of the same plan alike', async () => {
    const first = await post(mixedPlan(20));
    expect(first.status).toBe(200);
    expect(first.json.summary).toMatchObject({ created: 20, refused: 0 });
    expect(first.json.created_purchase_orders).toEqual(
      expect.arrayContaining([{ reference: 'P00019', frepple_references: expect.arrayContaining(['1000']) }]),
    );
    expect(first.json.created_manufacturing_orders).toEqual(
      expect.arrayContaining([{ reference: 'WH/MO/00009', frepple_reference: '1005' }]),
    );
    const before = sandbox.changes().length;
    for (const mode of ['1', '3', '1']) {
      const again = await post(mixedPlan(20), { mode });
      expect(again.json.created_purchase_orders).toEqual(first.json.created_purchase_orders);
      expect(again.json.created_manufacturing_orders).toEqual(first.json.created_manufacturing_orders);
      expect(again.json.summary).toMatchObject({ created: 0, existing: 20 });
    }
    expect(sandbox.changes().length).toBe(before);
  });

  it('takes the plan as application/xml too', async () => {
    const answer = await send(
      `/frepple/xml?database=demo&mode=3&company=${encodeURIComponent(COMPANY)}`,
      mixedPlan(3),
      { 'content-type': 'application/xml' },
    );
    expect(answer.json.summary).toMatchObject({ created: 3 });
  });

  it('has Odoo price a line for the quantity that is bought, at the planned date', async () => {
    const admin = (model: string, method: string, args: unknown[]) => sandbox.call('admin', model, method, args);
    const [product] = admin('product.product', 'read', [[59], ['product_tmpl_id']]) as unknown as {
      product_tmpl_id: [number, string];
    }[];
    const offer = { partner_id: 10, product_tmpl_id: product!.product_tmpl_id[0], delay: 3 };
    const offers = [
      { ...offer, min_qty: 1, price: 5, sequence: 0 },
      { ...offer, min_qty: 50, price: 4, sequence: 0 },
    ];
    admin('product.supplierinfo', 'create', [offers]);
    const order = (reference: number, quantity: number) =>
      `<operationplan reference="${reference}" ordertype="PO" item="p" supplier="v 10" start="2026-12-01 08:00:00" end="2026-12-1${reference} 08:00:00" quantity="${quantity}" location_id="1" item_id="1,59"/>`;
    const plan = planOf([order(1, 60), order(2, 7), order(3, 60)]);
    expect((await post(plan)).json.summary).toMatchObject({ created: 3 });
    const lines = () =>
      [...sandbox.db.table('purchase.order.line').rows()]
        .filter(({ id }) => id > 29)
        .map((row) => [row.product_qty, row.price_unit, row.date_planned]);
    const expected = [
      [60, 4, '2026-12-11 07:00:00'],
      [7, 5, '2026-12-12 07:00:00'],
      [60, 4, '2026-12-13 07:00:00'],
    ];
    expect(lines()).toEqual(expected);
    const before = sandbox.changes().length;
    await post(plan);
    expect(sandbox.changes().length).toBe(before);
  });

  it.each([
    ['/frepple/xml', 'PUT', 'GET, POST'],
    ['/xml/', 'HEAD', 'GET, POST'],
    ['/frepple/recommendations/', 'GET', 'POST'],
  ])('%s answers %s with what it takes', async (path, method, allow) => {
    const answer = await fetch(url + path, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
  });

  it('replaces the drafts of the plan before, and only those', async () => {
    const admin = (model: string, method: string, args: unknown[]) => sandbox.call('admin', model, method, args);
    const [foreign] = admin('purchase.order', 'create', [
      [{ partner_id: 9, origin: 'planbridge is what I like' }],
    ]) as number[];
    await post(planOf(mixedOrders(10)));
    const confirmed = [...sandbox.db.table('purchase.order').rows()].find(
      (row) => String(row.origin).startsWith('planbridge ') && row.id !== foreign,
    )!;
    admin('purchase.order', 'button_confirm', [[confirmed.id]]);
    const changed = mixedOrders(10)
      .map((order, index) => (index === 1 ? order.replace('quantity="2.', 'quantity="20.') : order))
      .slice(0, 8);
    const { json } = await post(planOf(changed));
    expect(json.removed).toEqual({ 'purchase.order': 1, 'stock.picking': 1 });
    expect(json.summary).toMatchObject({ created: 1, existing: 7 });
    expect(sandbox.db.table('purchase.order').has(foreign!)).toBe(true);
    expect(sandbox.db.table('purchase.order').get(confirmed.id)).toMatchObject({ state: 'purchase' });
  });

  it('does not touch a draft when the plan cannot be read, or is wrong from end to end', async () => {
    await post(planOf(mixedOrders(10)));
    const before = sandbox.changes().length;
    const cut = await post(planOf(mixedOrders(10)).slice(0, -30));
    expect(cut.status).toBe(400);
    expect(cut.text).toContain('Error processing data');
    const wrong = await post(planOf(mixedOrders(4).map((order) => order.replace(/item_id="[^"]*"/, 'item_id="x"'))));
    expect(wrong.json.summary).toMatchObject({ refused: 4 });
    expect(sandbox.changes().length).toBe(before);
  });

  it('replaces a single order that was changed and exported again', async () => {
    const [order] = mixedOrders(1);
    await post(planOf([order!]), { mode: '2' });
    const { json } = await post(planOf([order!.replace('quantity="1.', 'quantity="9.')]), { mode: '2' });
    expect(json.removed).toEqual({ 'purchase.order': 1 });
    const lines = [...sandbox.db.table('purchase.order.line').rows()].filter(
      (row) => row.product_qty === 9 || row.product_qty === 1,
    );
    expect(lines.filter((row) => row.id > 29)).toHaveLength(1);
  });

  it('a plan of 2,000 orders with a bad one: at most 60 calls, one refusal, the others done', {
    timeout: 120_000,
  }, async () => {
    const orders = mixedOrders(2_000);
    orders[500] = orders[500]!.replace(/item_id="[^"]*"/, 'item_id="1,99999"');
    const { status, json } = await post(planOf(orders));
    expect(status).toBe(200);
    expect(json.summary).toMatchObject({ created: 1_999, refused: 1 });
    expect(json.records.find(({ outcome }) => outcome === 'refused')).toMatchObject({
      reference: '1500',
      note: expect.stringContaining('product 99999 is not in Odoo'),
    });
    const stored = (await get(`/api/imports/${json.import}`)).json.result as { calls: number };
    expect(stored.calls).toBeLessThanOrEqual(60);
  });

  it('an order that only Odoo can refuse is found among its neighbours', async () => {
    const orders = mixedOrders(300);
    orders[117] = orders[117]!.replace('ordertype=', 'remark="forbidden" ordertype=');
    orders[203] = orders[203]!.replace('ordertype=', 'remark="forbidden" ordertype=');
    trouble = (model, values) => {
      const bad = JSON.stringify(values).includes('forbidden');
      return bad
        ? new PlanbridgeError('PB_ODOO_FAULT', 502, `Odoo reports an error (${model}.create): a rule of ours`)
        : null;
    };
    const { json } = await post(planOf(orders));
    expect(json.summary).toMatchObject({ created: 298, refused: 2 });
    const refused = json.records.filter(({ outcome }) => outcome === 'refused');
    expect(refused.map(({ reference }) => reference)).toEqual(['1117', '1203']);
    expect(refused[0]).toMatchObject({ type: 'MO', note: expect.stringContaining('a rule of ours') });
    // What was refused is tried again when the plan comes again, and the others are left alone.
    trouble = null;
    const again = await post(planOf(orders));
    expect(again.json.summary).toMatchObject({ created: 2, existing: 298 });
  });

  it.each(['before', 'after'] as const)(
    'an answer that is lost %s Odoo did its work does not make an order twice',
    async (when) => {
      let lost = 0;
      const gone = () => new PlanbridgeError('PB_ODOO_UNREACHABLE', 502, 'Odoo broke the connection.');
      trouble = () => (when === 'before' && lost++ < 2 ? gone() : null);
      afterwards = () => (when === 'after' && lost++ < 3 ? gone() : null);
      const { json } = await post(mixedPlan(30));
      expect(lost).toBeGreaterThan(2);
      expect(json.summary).toMatchObject({ created: 30 });
      trouble = null;
      afterwards = null;
      expect((await post(mixedPlan(30))).json.summary).toMatchObject({ created: 0, existing: 30 });
      expect([...sandbox.db.table('purchase.order.line').rows()].filter(({ id }) => id > 29)).toHaveLength(15);
      expect([...sandbox.db.table('mrp.production').rows()].filter(({ id }) => id > 9)).toHaveLength(9);
    },
  );

  it('a user who may not create is told once, not order by order', async () => {
    trouble = () => new PlanbridgeError('PB_ODOO_ACCESS', 403, 'Odoo denies access to purchase.order');
    const { json } = await post(planOf(mixedOrders(200).filter((order) => order.includes('"PO"'))));
    expect(json.summary).toMatchObject({ refused: 100, created: 0 });
    expect(creates).toBeLessThan(40);
  });

  it('stores each import with its document, shows it, and repeats it', async () => {
    const xml = mixedPlan(5);
    const first = await post(xml);
    const id = first.json.import as number;
    const shown = await get(`/api/imports/${id}`);
    expect(shown.json).toMatchObject({
      id,
      status: 'done',
      login: 'admin',
      mode: 1,
      records: 5,
      company: COMPANY,
      client: 'frepple_connectors',
    });
    expect((await get(`/api/imports/${id}/document`)).text.trim()).toBe(xml.trim());
    const again = await send(`/api/imports/${id}/repeat`, '', {});
    expect(again.json.summary).toMatchObject({ existing: 5 });
    expect((await get(`/api/imports/${again.json.import}`)).json).toMatchObject({ source: 'repeat', repeats: id });
    expect((await get('/api/imports/999999')).status).toBe(404);
  });

  it('takes recommendations, replaces the list, and accepts one once', async () => {
    const purchase = {
      tab: 'purchase',
      type: 'purchase',
      res_partner_id: 9,
      product_id: 19,
      startdate: '2026-12-05T00:00:00',
      enddate: '2026-12-12T00:00:00',
      quantity: 10,
      recommendation: 'Purchase\\nfor S00002',
    };
    const body = {
      database: 'demo',
      company: COMPANY,
      odoo_url: 'x',
      description: 'd',
      recommendations: [purchase, { ...purchase, quantity: -1 }, { tab: 'mrp', type: 'unknown' }],
    };
    const taken = await send('/frepple/recommendations/', JSON.stringify(body), { 'content-type': 'application/json' });
    expect(taken.status).toBe(200);
    expect(taken.json.refused).toHaveLength(2);
    await send('/frepple/recommendations/', JSON.stringify(body), { 'content-type': 'application/json' });
    const list = (await get('/api/recommendations')).json.recommendations as { id: number; state: string }[];
    expect(list).toHaveLength(1);
    const { id } = list[0]!;
    const accepted = await send(`/api/recommendations/${id}/accept`, '', {});
    expect(accepted.json.summary).toMatchObject({ created: 1 });
    const twice = await send(`/api/recommendations/${id}/accept`, '', {});
    expect(twice.json.created_purchase_orders).toEqual(accepted.json.created_purchase_orders);
    expect(twice.json.summary).toMatchObject({ existing: 1 });
  });

  describe('refusals', () => {
    it.each([
      ['no sign-in', { authorization: '' }, {}, 401],
      ['a wrong password', { authorization: `Basic ${Buffer.from('admin:wrong').toString('base64')}` }, {}, 401],
      ['an unknown company', {}, { company: 'Nobody Ltd' }, 404],
      ['an unknown mode', {}, { mode: '7' }, 400],
      ['an unknown database', {}, { database: 'other' }, 404],
    ])('%s', async (_, headers, fields, status) => {
      const answer = await post(mixedPlan(1), fields as Record<string, string>, headers as Record<string, string>);
      expect(answer.status).toBe(status);
      expect(answer.text).not.toContain('at ');
    });

    it('portal users, who hold an Odoo login too', async () => {
      const authorization = `Basic ${Buffer.from('portal:portal').toString('base64')}`;
      expect((await post(mixedPlan(1), {}, { authorization })).status).toBe(403);
      for (const path of ['/api/imports', '/api/imports/1', '/api/imports/1/document', '/api/recommendations']) {
        expect((await fetch(url + path, { headers: { authorization } })).status).toBe(403);
      }
      expect(
        (
          await send('/frepple/recommendations', '{"recommendations":[]}', {
            authorization,
            'content-type': 'application/json',
          })
        ).status,
      ).toBe(403);
      expect((await send('/api/imports/1/repeat', '', { authorization })).status).toBe(403);
    });

    it('a web token that is missing, wrong or of another user', async () => {
      webtoken = { key: KEY, required: true };
      const token = (user: string) => jwt.sign({ user, exp: Math.floor(Date.now() / 1000) + 600 }, KEY);
      expect((await post(mixedPlan(1))).status).toBe(401);
      expect((await post(mixedPlan(1), { webtoken: 'a.b.c' })).status).toBe(401);
      expect((await post(mixedPlan(1), { webtoken: token('demo') })).text).toContain('Incorrect or missing webtoken');
      expect((await post(mixedPlan(1), { webtoken: token('admin') })).status).toBe(200);
    });

    it('something that is no plan', async () => {
      expect((await send('/frepple/xml', '{}', { 'content-type': 'application/json' })).status).toBe(415);
      expect((await send('/frepple/xml', freppleBody({}, '<!DOCTYPE a [<!ENTITY b "c">]><plan/>'), MIXED)).status).toBe(
        400,
      );
      expect(
        (
          await send('/frepple/xml', '--B\r\nContent-Disposition: form-data; name="mode"\r\n\r\n1\r\n--B--', {
            'content-type': 'multipart/form-data; boundary=B',
          })
        ).status,
      ).toBe(400);
    });

    it('a body of 2 GB by its announcement, and an endless one as soon as it is too large', async () => {
      const { port } = server.address() as AddressInfo;
      const ask = (head: string, chunk: Buffer | null) =>
        new Promise<{ status: string; sent: number }>((resolve) => {
          const socket = connect(port, '127.0.0.1');
          let sent = 0;
          let answer = '';
          const more = () => {
            if (chunk === null || answer !== '') return;
            const frame = Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]);
            sent += chunk.length;
            if (socket.write(frame)) setImmediate(more);
            else socket.once('drain', more);
          };
          socket.on('data', (data) => {
            answer += data;
          });
          socket.on('error', () => {});
          socket.on('close', () => resolve({ status: answer.slice(9, 12), sent }));
          socket.write(head);
          more();
        });
      const common = `POST /frepple/xml HTTP/1.1\r\nHost: x\r\nAuthorization: ${ADMIN}\r\nContent-Type: application/xml\r\n`;
      expect(await ask(`${common}Content-Length: 2147483648\r\n\r\n<plan>`, null)).toMatchObject({ status: '413' });
      const endless = await ask(
        `${common}Transfer-Encoding: chunked\r\n\r\n`,
        Buffer.from(`<plan>${'<a/>'.repeat(10_000)}`.slice(6)),
      );
      expect(endless.sent).toBeLessThan(64 << 20);
    });
  });
});
