// Odoo going away in the middle of an export, and coming back, seen from the client of the endpoint.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { createOdooAccess } from '../../src/connector/access.ts';
import { createConnector } from '../../src/connector/service.ts';
import { silentLog } from '../../src/log.ts';
import { defaultRules } from '../../src/mapping/defaults.ts';
import { demoCompany } from '../../src/sandbox/demo/company.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { ADMIN, until } from './bridge.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const NOW = Date.UTC(2026, 10, 20, 9);

/** A bridge before an Odoo whose connections break while `down` says so, by the number of the call. */
async function given(down: (call: number) => boolean) {
  const sandbox = createSandbox({ data: demoCompany(new Date(NOW)), database: 'demo', now: () => new Date(NOW) });
  const odoo = { calls: 0 };
  const url = await listen(
    createServer((request, response) => {
      odoo.calls += 1;
      if (down(odoo.calls)) request.socket.destroy();
      else sandbox.app(request, response);
    }),
  );
  const config = readConfig({ ODOO_URL: url, ODOO_DATABASE: 'demo' });
  const connector = createConnector({
    access: createOdooAccess(config.odoo!, { retries: 3, retryBaseMs: 5, retryMaxMs: 20 }),
    rules: defaultRules,
    now: () => NOW,
    settings: config,
  });
  const bridge = await listen(
    createServer(createApp({ connector, log: silentLog, discloseStackTrace: false, stallSeconds: 60, trustProxy: 0 })),
  );
  const pull = () => fetch(`${bridge}/frepple/xml`, { headers: { authorization: ADMIN } });
  return { odoo, sandbox, connector, pull };
}

it('gives the same document when Odoo restarts in the middle', async () => {
  const calm = await given(() => false);
  const expected = await (await calm.pull()).text();
  const middle = Math.floor(calm.odoo.calls / 2);
  const restarting = await given((call) => call === middle || call === middle + 1);
  const answer = await restarting.pull();
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe(expected);
});

it('breaks off, or says so, wherever Odoo goes away for good', async () => {
  const calm = await given(() => false);
  await (await calm.pull()).text();
  const all = calm.odoo.calls;
  for (const part of [0.02, 0.1, 0.3, 0.6, 0.9]) {
    const dying = await given((call) => call > all * part);
    const outcome = await dying
      .pull()
      .then(
        async (answer) => (answer.status === 200 ? answer.text().then(() => 'whole') : answer.status),
        () => 'broken off',
      )
      .catch(() => 'broken off');
    expect([502, 'broken off']).toContain(outcome);
    await until(() => dying.connector.running === 0);
  }
});

it('changes nothing in Odoo', async () => {
  const { sandbox, pull } = await given(() => false);
  await (await pull()).text();
  expect(sandbox.changes()).toEqual([]);
});
