// Documents on their way: broken off, shared, slow and impatient clients, too many at once. Real sockets throughout.
import { once } from 'node:events';
import { createGunzip } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { PlanbridgeError } from '../../src/errors.ts';
import {
  ADMIN,
  type Bridge,
  type BridgeOptions,
  basic,
  type FakeRun,
  pull,
  raw,
  start,
  startBridge,
  until,
} from './bridge.ts';

let bridge: Bridge;
async function given(options: BridgeOptions = {}): Promise<Bridge> {
  bridge = await startBridge(options);
  return bridge;
}
afterEach(() => bridge?.close());

const HEAD = '<?xml version="1.0"?>\n<plan>';
const TAIL = '</plan>\n';
const PIECES = 1_000;
const PIECE = `<!--${'x'.repeat(32_000)}-->`;

/** A door that the test opens. */
function door() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

function requestText(version: string, extra = ''): string {
  return `GET /frepple/xml HTTP/${version}\r\nHost: x\r\nAuthorization: ${ADMIN}\r\n${extra}Connection: close\r\n\r\n`;
}

describe('a document that breaks off', () => {
  const breaking = async function* () {
    yield HEAD;
    yield PIECE;
    await new Promise((resolve) => setTimeout(resolve, 30));
    throw new PlanbridgeError('PB_ODOO_UNREACHABLE', 502, 'Odoo went away.');
  };

  it.each(['1.1', '1.0'])('resets the connection of an HTTP/%s client', async (version) => {
    await given({ text: breaking });
    const { text, broken } = await raw(bridge.port, requestText(version));
    expect(text).toMatch(/^HTTP\/1.1 200/);
    expect(text).not.toContain('</plan>');
    expect(text).not.toMatch(/\r\n0\r\n\r\n$/);
    expect(broken).toBe('ECONNRESET');
  });

  it.each(['identity', 'gzip'])('is an error for a client that reads it with %s', async (encoding) => {
    await given({ text: breaking });
    const answer = await pull(bridge, '/frepple/xml', { 'accept-encoding': encoding });
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    expect(bridge.runs[0]?.closed).toBe(true);
  });

  it('is never a whole gzip file', async () => {
    await given({ text: breaking });
    const answer = await start(bridge, '/frepple/xml', { 'accept-encoding': 'gzip' });
    const unpacked = answer.pipe(createGunzip());
    answer.on('error', (error) => unpacked.destroy(error));
    unpacked.resume();
    await expect(once(unpacked, 'end')).rejects.toThrow();
  });

  it('is logged under its correlation id', async () => {
    await given({ text: breaking });
    const answer = await pull(bridge, '/frepple/xml');
    await answer.text().catch(() => {});
    const id = answer.headers.get('x-correlation-id');
    await until(() => bridge.log.some((line) => line.correlationId === id && line.code === 'PB_ODOO_UNREACHABLE'));
  });
});

describe('a client that goes away', () => {
  it('ends the read of Odoo, while it waits for a piece', async () => {
    await given({
      text: async function* ({ signal }) {
        yield HEAD;
        await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
      },
    });
    const answer = await start(bridge, '/frepple/xml');
    answer.on('error', () => {});
    answer.destroy();
    await until(() => bridge.runs[0]?.signal.aborted === true && bridge.runs[0].closed);
    expect(bridge.running()).toBe(0);
  });

  it('ends the opening', async () => {
    await given({
      open: ({ signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('x')))),
    });
    const controller = new AbortController();
    const pulling = fetch(`${bridge.url}/frepple/xml`, {
      headers: { authorization: ADMIN },
      signal: controller.signal,
    });
    await until(() => bridge.runs.length === 1);
    controller.abort();
    await expect(pulling).rejects.toThrow();
    await until(() => bridge.runs[0]?.signal.aborted === true && bridge.runs[0].closed);
  });

  it('ends it when nothing is read at all', async () => {
    let written = 0;
    await given({
      settings: { stallSeconds: 0.2 },
      text: async function* () {
        for (; written < 5_000; written += 1) yield PIECE;
      },
    });
    const answer = await start(bridge, '/frepple/xml');
    answer.on('error', () => {});
    await until(() => bridge.runs[0]?.closed === true, 5_000);
    expect(written).toBeLessThan(5_000);
    answer.destroy();
  });

  it('leaves the others who share the read', async () => {
    const gate = door();
    await given({
      text: async function* () {
        yield HEAD;
        await gate.opened;
        yield TAIL;
      },
    });
    const leaving = await start(bridge, '/frepple/xml');
    const staying = await pull(bridge, '/frepple/xml');
    leaving.on('error', () => {});
    leaving.destroy();
    await new Promise((resolve) => setTimeout(resolve, 30));
    gate.open();
    expect(await staying.text()).toBe(HEAD + TAIL);
    expect(bridge.runs).toHaveLength(1);
  });
});

describe('equal requests', () => {
  it('share one read while it opens, and get the same document', async () => {
    const gate = door();
    let opened = 0;
    await given({
      open: async () => {
        opened += 1;
        await gate.opened;
      },
    });
    const pulls = [1, 2, 3].map(() => pull(bridge, '/frepple/xml?company=My+Company'));
    await until(() => opened === 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    gate.open();
    const texts = await Promise.all((await Promise.all(pulls)).map((answer) => answer.text()));
    expect(new Set(texts).size).toBe(1);
    expect(opened).toBe(1);
    expect(bridge.log.filter((line) => line.shared === true)).toHaveLength(2);
  });

  it('share it while the beginning is held, and read again afterwards', async () => {
    const gate = door();
    const text = async function* () {
      yield HEAD;
      yield PIECE;
      await gate.opened;
      yield TAIL;
    };
    await given({ text, sharing: { headBytes: 10_000, windowBytes: 1 << 20, holdMs: 1_000 } });
    const first = await pull(bridge, '/frepple/xml');
    await until(() => bridge.runs.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const late = await pull(bridge, '/frepple/xml');
    expect(bridge.runs).toHaveLength(2);
    gate.open();
    expect(await late.text()).toBe(await first.text());
  });

  it.each([
    ['another user', '/frepple/xml', { authorization: basic('demo', 'demo') }],
    ['another mode', '/frepple/xml?mode=2', {}],
    ['another company', '/frepple/xml?company=Other', {}],
    ['another form', '/frepple/xml?format=json', {}],
    ['another zone', '/frepple/xml?timezone=Asia/Tokyo', {}],
    ['another delta', '/frepple/xml?delta=3', {}],
    ['other apps', '/frepple/xml?apps=freppledb.shelflife', {}],
    ['one company only', '/frepple/xml?singlecompany=true', {}],
    ['another language', '/frepple/xml?language=fr_FR', {}],
  ])('are not those of %s', async (_name, path, headers: Record<string, string>) => {
    const gate = door();
    await given({ open: () => gate.opened });
    const pulls = [pull(bridge, '/frepple/xml'), pull(bridge, path, headers)];
    await until(() => bridge.runs.length === 2);
    gate.open();
    await Promise.all(pulls);
  });

  it('all see the failure of the read they share', async () => {
    await given({
      open: async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        throw new PlanbridgeError('PB_ODOO_FAULT', 502, 'Odoo reports an error.');
      },
    });
    const answers = await Promise.all([pull(bridge, '/frepple/xml'), pull(bridge, '/frepple/xml')]);
    expect(answers.map(({ status }) => status)).toEqual([502, 502]);
    expect(bridge.runs).toHaveLength(1);
    expect((await pull(bridge, '/frepple/xml')).status).toBe(502);
    expect(bridge.runs).toHaveLength(2);
  });

  it('do not wait for one that reads too slowly: it is broken off, the others get everything', async () => {
    const gate = door();
    await given({
      sharing: { headBytes: 64_000, windowBytes: 64_000, holdMs: 100 },
      text: async function* () {
        yield HEAD;
        await gate.opened;
        // More than the buffers of two sockets take.
        for (let piece = 0; piece < PIECES; piece += 1) yield PIECE;
        yield TAIL;
      },
    });
    const [slow, quick] = await Promise.all([start(bridge, '/frepple/xml'), pull(bridge, '/frepple/xml')]);
    gate.open();
    const text = await quick.text();
    expect(text.endsWith(TAIL)).toBe(true);
    expect(text.length).toBe(HEAD.length + PIECES * PIECE.length + TAIL.length);
    const broken = new Promise((resolve) => slow.once('error', resolve));
    slow.resume();
    expect(await broken).toBeInstanceOf(Error);
    expect(bridge.runs).toHaveLength(1);
  });
});

describe('too many exports', () => {
  it('wait, then are turned away with 503; a connection test is answered all the same', async () => {
    const gate = door();
    await given({
      settings: { concurrency: 1, queue: 1, queueSeconds: 30 },
      open: ({ request }) => (request.mode === 0 ? Promise.resolve() : gate.opened),
    });
    const running = pull(bridge, '/frepple/xml?company=A');
    await until(() => bridge.runs.length === 1);
    const waiting = pull(bridge, '/frepple/xml?company=B');
    await until(() => bridge.running() === 2);
    const refused = await pull(bridge, '/frepple/xml?company=C');
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await pull(bridge, '/frepple/xml?mode=0')).status).toBe(200);
    gate.open();
    expect([(await running).status, (await waiting).status]).toEqual([200, 200]);
  });

  it('do not wait for ever', async () => {
    const gate = door();
    await given({ settings: { concurrency: 1, queue: 1, queueSeconds: 0.1 }, open: () => gate.opened });
    const running = pull(bridge, '/frepple/xml?company=A');
    await until(() => bridge.runs.length === 1);
    expect((await pull(bridge, '/frepple/xml?company=B')).status).toBe(503);
    gate.open();
    expect((await running).status).toBe(200);
  });

  it('leave nothing behind: the turn comes back after failures and departures', async () => {
    let failing = true;
    await given({
      settings: { concurrency: 1, queue: 0 },
      open: async (_run: FakeRun) => {
        if (failing) throw new PlanbridgeError('PB_ODOO_FAULT', 502, 'Odoo reports an error.');
      },
    });
    for (let time = 0; time < 3; time += 1) expect((await pull(bridge, '/frepple/xml')).status).toBe(502);
    failing = false;
    expect((await pull(bridge, '/frepple/xml')).status).toBe(200);
    expect(bridge.running()).toBe(0);
  });
});
