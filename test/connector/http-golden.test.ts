// What real clients send and what the reference answers: recorded requests of three generations of frePPLe, replayed header for
// header, and the reference's answers case by case, against a sandbox with the same records.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { createOdooAccess } from '../../src/connector/access.ts';
import { createConnector } from '../../src/connector/service.ts';
import { silentLog } from '../../src/log.ts';
import { defaultRules } from '../../src/mapping/defaults.ts';
import { createSandbox, type RunningSandbox } from '../../src/sandbox/sandbox.ts';
import { goldenFolder } from '../support/golden.ts';
import { type Bridge, basic, raw, startBridge } from './bridge.ts';

const golden = goldenFolder();
const wire = golden === null ? null : join(golden, '..', 'wire');

describe.skipIf(wire === null || !existsSync(wire))('what frePPLe sends', () => {
  const recorded = wire === null ? [] : readdirSync(wire).filter((name) => existsSync(join(wire, name, '01_GET.bin')));
  let bridge: Bridge;
  beforeAll(async () => {
    bridge = await startBridge({ databases: ['demo', 'odoo'] });
  });
  afterAll(() => bridge.close());

  it('was recorded', () => expect(recorded.length).toBeGreaterThanOrEqual(6));

  it.each(recorded)('is answered: %s', async (name) => {
    // The recorder kept heads with bare line feeds; on the wire every client of Python ends lines with CR LF.
    const bytes = readFileSync(join(wire!, name, '01_GET.bin'), 'latin1').replace(/\r?\n/g, '\r\n');
    const { text, broken } = await raw(bridge.port, bytes);
    expect(broken).toBeNull();
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).toMatch(/\r\nContent-Type: application\/xml;charset=utf8\r\n/);
    expect(text.includes('\r\nContent-Encoding: gzip\r\n')).toBe(bytes.includes('Accept-Encoding: gzip'));
    expect(text).toMatch(/\r\n0\r\n\r\n$/);
    expect(bridge.runs.at(-1)?.request).toMatchObject({
      company: 'My Company',
      mode: 1,
      singleCompany: false,
      delta: 999,
    });
  });
});

/** Where we answer otherwise than the reference, and why. */
const OTHERWISE: Record<string, { status: number; why: string }> = {
  bad_company: { status: 404, why: 'a name that is not there is no failed sign-in' },
  bad_company_mode2: { status: 404, why: 'as above' },
  bad_company_mode0: { status: 404, why: 'as above' },
  unknown_database: { status: 404, why: 'as above' },
  empty_company: { status: 200, why: "the user's own company" },
  missing_company_mode1: { status: 200, why: "the user's own company" },
  missing_company_mode2: { status: 200, why: "the user's own company" },
  portal_user: { status: 403, why: 'a clear no instead of an exception' },
  portal_user_mode1: { status: 403, why: 'as above' },
  demo_user_mode1: { status: 200, why: 'no administrator is needed' },
  bad_mode: { status: 400, why: 'the argument is named' },
  bad_delta: { status: 400, why: 'the argument is named' },
  other_path: { status: 200, why: '/xml is answered too' },
};

interface Case {
  name: string;
  method: string;
  path: string;
  authorization: string;
  status: number;
  type: string;
  challenge: string;
  body: string;
}

function cases(folder: string): Case[] {
  const [head = '', ...lines] = readFileSync(join(folder, 'demo17', 'export', 'http_cases.tsv'), 'utf8')
    .trimEnd()
    .split('\n');
  const columns = head.split('\t');
  return lines.flatMap((line) => {
    const cell = (name: string) => line.split('\t')[columns.indexOf(name)] ?? '';
    if (cell('server') !== 'one_database' || cell('method') === 'POST') return [];
    const one: Case = {
      name: cell('case'),
      method: cell('method'),
      path: cell('path_and_query'),
      authorization: cell('authorization'),
      status: Number(cell('status')),
      type: cell('content_type'),
      challenge: cell('www_authenticate'),
      body: cell('body_start').replaceAll('\\n', '\n'),
    };
    return [one];
  });
}

function header(recorded: string): Record<string, string> {
  if (recorded === 'none') return {};
  const [, login, password] = /^Basic ([^:]+):(.*)$/.exec(recorded) ?? [];
  return { authorization: login === undefined ? recorded : basic(login, password ?? '') };
}

describe.skipIf(golden === null)('the answers of the reference', () => {
  let odoo: RunningSandbox;
  let url = '';
  const server = createServer();
  beforeAll(async () => {
    odoo = await createSandbox({ data: join(golden!, 'demo17'), database: 'demo17' }).listen(0);
    const config = readConfig({ ODOO_URL: odoo.url, AUTH_FAILURES: '100' });
    const access = createOdooAccess(config.odoo!);
    const connector = createConnector({ access, rules: defaultRules, now: Date.now, settings: config });
    server.on(
      'request',
      createApp({ connector, log: silentLog, discloseStackTrace: false, stallSeconds: 60, trustProxy: 0 }),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await odoo.close();
  });

  it.each(golden === null ? [] : cases(golden).map((one) => [one.name, one] as const))('%s', async (name, one) => {
    const answer = await fetch(`${url}${one.path}`, { method: one.method, headers: header(one.authorization) });
    const body = await answer.text();
    const other = OTHERWISE[name];
    expect(answer.status).toBe(other?.status ?? one.status);
    if (answer.status === 200) {
      expect(answer.headers.get('content-type')).toBe('application/xml;charset=utf8');
      expect(body).toMatch(/^<\?xml version="1.0" encoding="UTF-8" \?>\n<plan xmlns:xsi="[^"]+" source="odoo_-?\d+">/);
      expect(body.trimEnd().endsWith('</plan>')).toBe(true);
    } else if (other || answer.status === 405) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
    } else {
      expect(answer.headers.get('content-type')).toBe(one.type);
      expect(answer.headers.get('www-authenticate') ?? '').toBe(one.challenge);
      expect(body.startsWith(one.body)).toBe(true);
    }
  });
});
