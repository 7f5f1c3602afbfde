// What happens on the wire: dialects, faults, repetition, secrets.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chooseDatabase, connectOdoo } from '../../src/connector/odoo/connect.ts';
import { nameArguments } from '../../src/connector/odoo/json2.ts';
import { parseRetryAfter, pauseMs } from '../../src/connector/odoo/retry.ts';
import type { OdooSession, TransportOptions } from '../../src/connector/odoo/transport.ts';
import { PlanbridgeError } from '../../src/errors.ts';
import { type FakeOdoo, type FakeOptions, startFakeOdoo } from './fake-odoo.ts';

const PASSWORD = 's3cret-password';
const FAST: TransportOptions = { retryBaseMs: 1, retryMaxMs: 2000, headersTimeoutMs: 60_000 };

let odoo: FakeOdoo;
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function connected(options: FakeOptions = {}, transport: TransportOptions = FAST): Promise<OdooSession> {
  odoo = await startFakeOdoo(options);
  closing.push(odoo.close);
  const connection = await connectOdoo(odoo.url, transport);
  closing.push(() => connection.transport.close());
  const database = await chooseDatabase(connection.transport, 'one');
  const session = await connection.transport.authenticate(database, 'admin', PASSWORD);
  odoo.calls.length = 0;
  return session;
}

function read(session: OdooSession, signal?: AbortSignal): Promise<unknown> {
  return session.call('res.users', 'read', [[2], ['login']], {}, { idempotent: true, signal });
}

async function errorOf(promise: Promise<unknown>): Promise<PlanbridgeError> {
  try {
    await promise;
  } catch (error) {
    expect(error).toBeInstanceOf(PlanbridgeError);
    return error as PlanbridgeError;
  }
  throw new Error('expected an error');
}

describe('choice of the dialect', () => {
  test.each([
    ['14.0', 'jsonrpc'],
    ['18.0-20250421', 'jsonrpc'],
    ['19.0', 'json2'],
    ['22.0', 'json2'],
  ])('Odoo %s speaks %s', async (version, dialect) => {
    const session = await connected({ version });
    expect(session.transport.dialect).toBe(dialect);
    expect(await read(session)).toEqual([{ id: 2, login: 'admin' }]);
  });

  test('Odoo 13 is refused with its version', async () => {
    odoo = await startFakeOdoo({ version: '13.0' });
    closing.push(odoo.close);
    const error = await errorOf(connectOdoo(odoo.url, FAST));
    expect(error).toMatchObject({ code: 'PB_ODOO_VERSION' });
    expect(error.message).toContain('13.0');
  });

  test('JSON-2 sends the key as bearer, the database as header, and arguments by name', async () => {
    const session = await connected({ version: '19.0' });
    await session.call('res.users', 'search_read', [[['id', '=', 2]], ['login']], { limit: 1 }, { idempotent: true });
    expect(odoo.calls[0]).toMatchObject({
      path: '/json/2/res.users/search_read',
      body: { domain: [['id', '=', 2]], fields: ['login'], limit: 1 },
    });
    expect(odoo.calls[0]!.headers).toMatchObject({ authorization: `bearer ${PASSWORD}`, 'x-odoo-database': 'one' });
  });

  test('arguments without a known name are refused before they are sent', () => {
    expect(nameArguments('action_confirm', [[7]])).toEqual({ ids: [7] });
    expect(nameArguments('write', [7, { name: 'x' }])).toEqual({ ids: [7], vals: { name: 'x' } });
    expect(() => nameArguments('action_confirm', [[7], true])).toThrow('by name');
  });
});

describe('databases', () => {
  test('the only one is taken', async () => {
    const { transport } = await connected({ databases: ['one'] });
    expect(await chooseDatabase(transport, undefined)).toBe('one');
  });

  test.each([[['one', 'two']], ['denied' as const]])('of %s one has to be named', async (databases) => {
    const fake = await startFakeOdoo({ databases });
    closing.push(fake.close);
    const { transport } = await connectOdoo(fake.url, FAST);
    closing.push(() => transport.close());
    expect(await errorOf(chooseDatabase(transport, undefined))).toMatchObject({
      code: 'PB_ODOO_DATABASE',
      status: 404,
    });
  });

  test('a missing one is said to be missing', async () => {
    const session = await connected();
    const error = await errorOf(session.transport.authenticate('other', 'admin', PASSWORD));
    expect(error).toMatchObject({ code: 'PB_ODOO_DATABASE', status: 404 });
    expect(error.message).toContain('"other"');
  });
});

describe('logins', () => {
  test.each(['17.0', '19.0'])('a wrong password or key is a failed login (%s)', async (version) => {
    const session = await connected({ version });
    const error = await errorOf(session.transport.authenticate('one', 'admin', 'not-the-password'));
    expect(error).toMatchObject({ code: 'PB_AUTH_FAILED', status: 401 });
  });

  test("a key of somebody else's is refused", async () => {
    const session = await connected({ version: '19.0' });
    expect(await errorOf(session.transport.authenticate('one', 'demo', PASSWORD))).toMatchObject({
      code: 'PB_AUTH_FAILED',
    });
  });
});

describe('errors of Odoo', () => {
  beforeEach(() => {
    odoo = undefined as unknown as FakeOdoo;
  });

  test.each(['17.0', '19.0'])('no access names the model (%s)', async (version) => {
    const session = await connected({ version });
    odoo.faults = [{ kind: 'odoo', name: 'odoo.exceptions.AccessError', message: 'You are not allowed\nGroups: …' }];
    const error = await errorOf(read(session));
    expect(error).toMatchObject({ code: 'PB_ODOO_ACCESS', status: 403 });
    expect(error.message).toContain('res.users');
    expect(odoo.calls).toHaveLength(1);
  });

  test("others carry Odoo's message, no traceback, no password, and are not repeated", async () => {
    const session = await connected();
    odoo.faults = [
      { kind: 'odoo', name: 'builtins.ValueError', message: `bad value ${PASSWORD}`, debug: 'Traceback: line 1' },
    ];
    const error = await errorOf(read(session));
    expect(error).toMatchObject({ code: 'PB_ODOO_FAULT', status: 502 });
    expect(error.message).toContain('bad value ***');
    expect(error.message).not.toContain('Traceback');
    expect(odoo.calls).toHaveLength(1);
  });

  test('the traceback is added when asked for, without the password', async () => {
    const session = await connected({}, { ...FAST, tracebacks: true });
    odoo.faults = [{ kind: 'odoo', name: 'builtins.ValueError', message: 'bad', debug: `Traceback: ${PASSWORD}` }];
    const error = await errorOf(read(session));
    expect(error.message).toContain('Traceback: ***');
  });
});

describe('faults that pass', () => {
  test.each([
    ['the connection breaks', { kind: 'drop' }],
    ['the answer is cut off', { kind: 'cut' }],
    ['the server is busy', { kind: 'status', status: 503 }],
    ['the proxy has no server', { kind: 'status', status: 502 }],
    ['there are too many requests', { kind: 'status', status: 429, headers: { 'retry-after': '0' } }],
    ['the JSON is cut off', { kind: 'status', status: 200, body: '{"jsonrpc": "2.0", "result": [' }],
  ] as const)('a read is repeated when %s', async (_, fault) => {
    const session = await connected();
    odoo.faults = [fault, fault, null];
    expect(await read(session)).toEqual([{ id: 2, login: 'admin' }]);
    expect(odoo.calls).toHaveLength(3);
  });

  test.each([{ kind: 'drop' }, { kind: 'cut' }, { kind: 'status', status: 503 }] as const)(
    'a write is never repeated ($kind)',
    async (fault) => {
      const session = await connected();
      odoo.faults = [fault];
      const error = await errorOf(session.call('res.users', 'write', [[2], { name: 'x' }]));
      expect(error).toMatchObject({ code: 'PB_ODOO_UNREACHABLE', status: 502 });
      expect(odoo.calls).toHaveLength(1);
    },
  );

  test('the end of the repetitions is an error that says what was seen', async () => {
    const session = await connected({}, { ...FAST, retries: 2 });
    odoo.faults = Array(5).fill({ kind: 'status', status: 503, headers: { 'retry-after': '1' } });
    const started = performance.now();
    const error = await errorOf(read(session));
    expect(error).toMatchObject({ code: 'PB_ODOO_UNREACHABLE', retryAfterSeconds: 1 });
    expect(error.message).toContain('503');
    expect(odoo.calls).toHaveLength(3);
    expect(performance.now() - started).toBeGreaterThan(1900);
  });

  test('a server that asks for more patience than allowed is not waited for', async () => {
    const session = await connected();
    odoo.faults = [{ kind: 'status', status: 503, headers: { 'retry-after': '3600' } }];
    await errorOf(read(session));
    expect(odoo.calls).toHaveLength(1);
  });

  test('pauses double, with jitter, up to the longest', () => {
    const policy = { retries: 9, baseMs: 100, maxMs: 1000 };
    expect(pauseMs(policy, 0, () => 1)).toBe(100);
    expect(pauseMs(policy, 2, () => 0)).toBe(200);
    expect(pauseMs(policy, 9, () => 1)).toBe(1000);
  });

  test('Retry-After is seconds or a date', () => {
    expect(parseRetryAfter('3', 0)).toBe(3000);
    expect(parseRetryAfter('Thu, 01 Jan 1970 00:00:05 GMT', 2000)).toBe(3000);
    expect(parseRetryAfter('soon', 0)).toBeUndefined();
  });
});

describe('faults that stay', () => {
  test('a page of HTML is told from an answer, at once', async () => {
    const session = await connected();
    odoo.faults = [{ kind: 'html' }];
    const error = await errorOf(read(session));
    expect(error).toMatchObject({ code: 'PB_ODOO_UNREACHABLE' });
    expect(error.message).toContain('HTML');
    expect(odoo.calls).toHaveLength(1);
  });

  test('a redirect names the right address', async () => {
    const session = await connected();
    odoo.faults = [{ kind: 'status', status: 301, headers: { location: 'https://odoo.example.com/jsonrpc?secret=1' } }];
    const error = await errorOf(read(session));
    expect(error.message).toContain('https://odoo.example.com/jsonrpc');
    expect(error.message).not.toContain('secret');
  });

  test('an error of the server without JSON is not repeated', async () => {
    const session = await connected();
    odoo.faults = [{ kind: 'status', status: 500 }];
    expect((await errorOf(read(session))).message).toContain('500');
    expect(odoo.calls).toHaveLength(1);
  });

  test('a server that says nothing is given up', async () => {
    const session = await connected({}, { ...FAST, headersTimeoutMs: 100, retries: 0 });
    odoo.faults = [{ kind: 'slow', ms: 5000 }];
    const error = await errorOf(read(session));
    expect(error.message).toContain('too long');
  });

  test('nobody there', async () => {
    const error = await errorOf(connectOdoo('http://127.0.0.1:1', { ...FAST, retries: 1 }));
    expect(error).toMatchObject({ code: 'PB_ODOO_UNREACHABLE', status: 502 });
    expect(error.message).toContain('refuses');
  });

  test.each(['odoo.example.com', 'ftp://odoo.example.com', ''])('%j is no address', async (url) => {
    expect(await errorOf(connectOdoo(url, FAST))).toMatchObject({ code: 'PB_CONFIG_INVALID' });
  });
});

test('an abort ends the call at once', async () => {
  const session = await connected();
  odoo.faults = [{ kind: 'slow', ms: 5000 }];
  const controller = new AbortController();
  const call = errorOf(read(session, controller.signal));
  setTimeout(() => controller.abort(), 20);
  expect(await call).toMatchObject({ code: 'PB_REQUEST_ABORTED' });
});

test('compressed answers are read, and too large ones refused before they fill the memory', async () => {
  const session = await connected({}, { ...FAST, maxAnswerBytes: 1000, retries: 0 });
  odoo.gzip = true;
  expect(await read(session)).toEqual([{ id: 2, login: 'admin' }]);
  odoo.faults = [{ kind: 'status', status: 200, body: `"${'x'.repeat(2000)}"` }];
  expect((await errorOf(read(session))).message).toContain('more than 1000 bytes');
});
