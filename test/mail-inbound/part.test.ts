// Mail in the running service, over the demo's Odoo: a mail that comes by SMTP is read and handled, its way can be seen, what
// cannot be read can be tried again; and the same by the command alone.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli.ts';
import { readConfig } from '../../src/config.ts';
import { type Demo, startDemo } from '../../src/demo.ts';
import { silentLog } from '../../src/log.ts';
import { lineOf } from '../../src/mail/run-command.ts';
import { type RunningService, startService } from '../../src/serve.ts';
import { seedDataDirectory } from '../support/shared.ts';
import { freePort, rawMail, until } from './support.ts';

const TOKEN = 'a-token-that-is-long-enough-for-this';
const MAIL_TOKEN = 'another-token-that-only-hands-in-mails';
let directory = '';
let demo: Demo;
let environment: Record<string, string>;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'planbridge-mail-part-'));
  await mkdir(join(directory, 'in'));
  for (const name of ['service', 'command']) await seedDataDirectory(join(directory, name));
  demo = await startDemo();
  environment = {
    ODOO_URL: demo.url,
    ODOO_USER: demo.login,
    ODOO_PASSWORD: demo.password,
    PORT: '0',
    API_TOKEN: TOKEN,
    MAIL_TOKEN,
    MAIL_ADDRESSES: 'sales@mycompany.com',
    MAIL_FROM: 'sales@mycompany.com',
    MAIL_SMTP_URL: 'catch:',
    LOG_LEVEL: 'silent',
  };
});
afterAll(async () => {
  await demo?.close();
  await rm(directory, { recursive: true, force: true });
});

describe('the service', () => {
  let service: RunningService;
  let smtpPort = 0;
  beforeAll(async () => {
    smtpPort = await freePort();
    const config = readConfig({
      ...environment,
      PLANBRIDGE_DATA_DIR: join(directory, 'service'),
      MAIL_SMTP_PORT: String(smtpPort),
      MAIL_FOLDER: join(directory, 'in'),
    });
    service = await startService(config, config.odoo!, silentLog);
  });
  afterAll(() => service?.close());

  const call = async (path: string, options: RequestInit = {}, token = TOKEN) =>
    await fetch(service.url + path, { ...options, headers: { authorization: `Bearer ${token}`, ...options.headers } });
  const get = async (path: string) => (await (await call(path)).json()) as Record<string, never>;
  const list = async (query = '') =>
    (await get(`/api/mail/messages${query}`)).mails as unknown as { id: number; state: string; subject: string }[];

  it('reads and handles what comes by SMTP, and shows its way', async () => {
    const raw = rawMail({ subject: 'Bestellung für März', body: 'Hello,\n\nplease send us your catalogue.\n' });
    const transport = createTransport({ host: '127.0.0.1', port: smtpPort, ignoreTLS: true });
    await transport.sendMail({ envelope: { from: 'ann@example.com', to: 'sales@mycompany.com' }, raw });
    await until('handled', async () => (await list('?state=done')).length === 1, 20_000);
    const [mail] = await list();
    expect(mail).toMatchObject({
      source: 'smtp',
      kind: 'question',
      reason: 'no-order',
      conversation: expect.any(Number),
    });
    const one = await get(`/api/mail/messages/${mail!.id}`);
    expect(one).toMatchObject({
      sender: 'ann@example.com',
      envelope: { from: 'ann@example.com', to: ['sales@mycompany.com'] },
      sightings: [{ source: 'smtp', place: expect.stringContaining('127.0.0.1') }],
    });
    expect(one.headers).toContainEqual({ name: 'from', value: 'ann@example.com' });
    const original = await call(`/api/mail/messages/${mail!.id}/original`);
    expect(Buffer.from(await original.arrayBuffer()).equals(raw)).toBe(true);
    expect(original.headers.get('content-type')).toContain('message/rfc822');
    expect(original.headers.get('content-disposition')).toContain('attachment');
  });

  it('takes mails by HTTP with the token that may do nothing else', async () => {
    const post = { method: 'POST', body: new Uint8Array(rawMail({ subject: 'by HTTP' })) };
    expect((await call('/mail/inbound', post, MAIL_TOKEN)).status).toBe(201);
    expect((await call('/mail/inbound', post)).status).toBe(200);
    expect((await call('/mail/inbound', post, 'wrong-token')).status).toBe(401);
    expect((await call('/api/mail/messages', {}, MAIL_TOKEN)).status).toBe(401);
    await until('handled', async () => (await list('?search=by%20HTTP')).some(({ state }) => state === 'done'));
  });

  it('lists by state and words, page by page', async () => {
    expect(await list('?search=ann%40example.com&limit=1')).toHaveLength(1);
    expect(await list('?state=dead')).toEqual([]);
    const page = await get('/api/mail/messages?limit=1');
    const rest = await list(`?before=${page.next}`);
    expect(rest.some(({ id }) => id >= Number(page.next))).toBe(false);
    expect((await call('/api/mail/messages?state=lost')).status).toBe(400);
    for (const path of ['/api/mail/messages/999', '/api/mail/messages/999/original', '/api/mail/messages/x'])
      expect([path, (await call(path)).status]).toEqual([path, 404]);
  });

  it('has done what it did: another try changes nothing of a mail that was read', async () => {
    const [mail] = await list('?state=done');
    const again = await call(`/api/mail/messages/${mail!.id}/retry`, { method: 'POST' });
    expect(await again.json()).toMatchObject({ id: mail!.id, state: 'done' });
  });

  it('tells of its sources, in the API, for Prometheus, and when asked whether it is ready', async () => {
    const { sources, waiting, dead } = await get('/api/mail/sources');
    expect((sources as unknown as { name: string; alarm: null }[]).map(({ name, alarm }) => [name, alarm])).toEqual([
      [`folder ${join(directory, 'in')}`, null],
      ['http', null],
      ['smtp', null],
    ]);
    expect([waiting, dead]).toEqual([0, 0]);
    const figures = await (await fetch(`${service.url}/metrics`)).text();
    expect(figures).toContain('planbridge_mails{state="dead"} 0');
    expect(figures).toContain('planbridge_mail_source_alarm{source="smtp",alarm="none"} 0');
    expect(await get('/readyz')).toMatchObject({ status: 'ready', checks: { mail: 'ok' } });
  });

  it('describes what it takes', async () => {
    const { paths } = await get('/api/openapi.json');
    for (const path of ['/mail/inbound', '/api/mail/sources', '/api/mail/messages/{id}'])
      expect(Object.keys(paths!)).toContain(path);
  });
});

describe('planbridge mail run --once', () => {
  async function run(more: Record<string, string> = {}) {
    const [out, err]: [string[], string[]] = [[], []];
    let exitCode = 0;
    const code = await runProgram(['mail', 'run', '--once'], {
      environment: {
        ...environment,
        PLANBRIDGE_DATA_DIR: join(directory, 'command'),
        MAIL_FOLDER: join(directory, 'once'),
        ...more,
      },
      stdout: process.stdout,
      print: (text) => void out.push(text),
      printError: (text) => void err.push(text),
      terminal: false,
      setExitCode: (given) => {
        exitCode = given;
      },
      signal: new AbortController().signal,
    });
    return { code: code || exitCode, out: out.join(''), err: err.join('') };
  }

  it('reads what waits, one line for each mail, once', async () => {
    await mkdir(join(directory, 'once'));
    await writeFile(
      join(directory, 'once', '1.eml'),
      rawMail({ subject: 'Thanks', body: 'Thank you for the quick delivery.\n' }),
    );
    await writeFile(join(directory, 'once', '2.eml'), rawMail({ from: 'sales@mycompany.com' }));
    const first = await run();
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^1 ann@example\.com "Thanks": question \(no-order\), .+ \[folder .+\]$/m);
    expect(first.out).toMatch(/^2 sales@mycompany\.com "Order": ignored \(own-address\), .+$/m);
    expect(first.out).toMatch(/^2 mails read$/m);
  });

  it('says which source failed, and reads the others, and what is new only', async () => {
    await writeFile(join(directory, 'once', '3.eml'), rawMail({ subject: 'Third' }));
    const both = await run({ MAIL_FOLDER: `${join(directory, 'nowhere')},${join(directory, 'once')}` });
    expect(both.code).toBe(1);
    expect(both.err).toContain('nowhere');
    expect(both.out).toMatch(/^3 ann@example\.com "Third": .+\n1 mails read\n$/);
  });
});

it('shows no control characters of strangers on the terminal', () => {
  const mail = { id: 1, source: 's', sender: '', subject: 'a\u001b[2Jb\u202e', reading: undefined, outcome: 'x' };
  expect(lineOf(mail)).toBe('1 nobody "a [2Jb ": x [s]');
});
