// How often Odoo is asked for an order: many at once, and one at a time with minutes between them.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import request from 'supertest';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { missingPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { type House, openHouse, START, startOdoo, startReceiver, temporaryDirectory, written } from './house.ts';

const missing = await missingPostgres();
const test = it.skipIf(missing !== null);
let server: TestPostgres;
beforeAll(async () => {
  if (missing === null) server = await startPostgres();
});
afterAll(async () => {
  await server?.stop();
});

let closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.toReversed()) await close();
  closing = [];
});

/** Passes calls on and names them. */
async function counting(url: string): Promise<{ url: string; calls: string[] }> {
  const calls: string[] = [];
  const server: Server = createServer(async (incoming, outgoing) => {
    const body = await textOf(incoming);
    const { params } = (body ? JSON.parse(body) : {}) as { params?: { args?: unknown[]; method?: string } };
    const [, , , model, method] = params?.args ?? [];
    calls.push(model ? `${model} ${method}` : (params?.method ?? incoming.url ?? ''));
    const answer = await fetch(`${url}${incoming.url}`, {
      method: incoming.method ?? 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body && { body }),
    });
    outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}

interface Scene {
  house: House;
  calls: string[];
  pass(ms: number): void;
  /** For mail orders, beside keeping the catalogue up to date. */
  ordering(): Promise<number>;
  orders(): number;
}

async function scene(): Promise<Scene> {
  let now = START;
  const odoo = await startOdoo(() => now);
  const receiver = await startReceiver();
  const directory = await temporaryDirectory();
  closing.push(odoo.close, receiver.close, directory.remove);
  const counted = await counting(odoo.url);
  const house = await openHouse({
    odooUrl: counted.url,
    databaseUrl: (await server.createStore()).url,
    directory: directory.path,
    smtpPort: receiver.port,
    now: () => now,
    conversations: { reviewMs: 86_400_000 },
  });
  closing.push(house.close);
  return {
    house,
    calls: counted.calls,
    pass: (ms) => {
      now += ms;
    },
    ordering: async () => (await request(house.app).get('/api/mail/report')).body.odooCalls,
    orders: () =>
      [...odoo.sandbox.db.table('sale.order').rows()].filter((row) => String(row.origin).startsWith('planbridge '))
        .length,
  };
}

function order(from: string, reference: string): string {
  return written({ from, text: `Our order number is ${reference}.\n\n- Product: CC-160\n- Quantity: 2\n` });
}

test('many orders at once take less than a call each', async () => {
  const { house, ordering, orders } = await scene();
  for (let number = 0; number < 60; number++) await house.bring(order(`buyer${number}@buyers.example`, `C-${number}`));
  await house.settle();
  expect(orders()).toBe(60);
  expect((await ordering()) / 60).toBeLessThanOrEqual(1);
});

test('a lone order takes three calls, four where the customer is new', async () => {
  const { house, ordering, orders, calls, pass } = await scene();
  await house.bring(order('first@buyers.example', 'L-0'));
  await house.settle();
  const told: string[] = [];
  const one = async (from: string, reference: string, ms: number) => {
    pass(ms);
    const before = await ordering();
    const at = calls.length;
    await house.bring(order(from, reference));
    await house.settle();
    const own = (await ordering()) - before;
    told.push(`${from} after ${ms / 1_000} s: ${own} for the order, ${calls.length - at} with the catalogue`);
    return own;
  };
  expect(await one('second@buyers.example', 'L-1', 300_000)).toBe(4);
  expect(await one('second@buyers.example', 'L-2', 300_000)).toBe(3);
  expect(await one('einkauf@hydrowerk-aarau.example', 'L-3', 300_000)).toBe(3);
  // The catalogue is not read again within a minute: stock is asked for, and who nobody knew before.
  expect(await one('second@buyers.example', 'L-4', 20_000)).toBe(4);
  expect(await one('third@buyers.example', 'L-5', 20_000)).toBe(6);
  expect(orders()).toBe(6);
  console.info(told.join('\n'));
});
