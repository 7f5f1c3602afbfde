// Folder, SMTP and HTTP as sources: whole mails once, whatever the writer, the sender or the caller does.

import { execFileSync } from 'node:child_process';
import { appendFile, chmod, mkdir, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { createTransport } from 'nodemailer';
import request from 'supertest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../../src/http/api.ts';
import { silentLog } from '../../src/log.ts';
import { FAILING_SECONDS, listSources, STOPPED_SECONDS, sourceTrouble } from '../../src/mail/inbound/health.ts';
import { rawMail as bytesOf, listMails, type MailRow, sightingsOf } from '../../src/mail/store/mails.ts';
import { clear, openInbound, openTestStore, rawMail, type TestInbound, type TestStore, until } from './support.ts';

let test: TestStore;
let running: TestInbound | undefined;
let folder = '';
let folders = 0;

beforeAll(async () => {
  test = await openTestStore('embedded');
});
afterAll(() => test.close());
beforeEach(async () => {
  await clear(test.store);
  folder = join(test.directory, `folder ${++folders}`);
  await mkdir(folder);
});
afterEach(async () => {
  await running?.inbound.stop();
  running = undefined;
});

async function start(variables: Record<string, string>, options: Parameters<typeof openInbound>[2] = {}) {
  running = openInbound(test.store, variables, options);
  await running.inbound.start();
  return running;
}

const mails = (): Promise<MailRow[]> => listMails(test.store.query, { limit: 1_000 });
const stored = (count: number) => until(`${count} mails`, async () => (await mails()).length === count);
const rawOf = async ({ id }: MailRow) => (await bytesOf(test.store.query, id))!.bytes.toString();

describe('a folder', () => {
  const file = (name: string) => join(folder, name);

  it('takes what lies there and what comes, in folders below too, and nothing but mails', async () => {
    await writeFile(file('1.eml'), rawMail());
    await writeFile(file('notes.txt'), rawMail());
    await writeFile(file('.hidden.eml'), rawMail());
    await mkdir(file('2026'));
    await writeFile(file('2026/2.EML'), rawMail());
    await mkdir(file('.git'));
    await writeFile(file('.git/3.eml'), rawMail());
    const outside = join(test.directory, 'outside.eml');
    await writeFile(outside, rawMail());
    await symlink(outside, file('link.eml'));
    await start({ MAIL_FOLDER: folder });
    await stored(2);
    const raw = rawMail({ subject: 'later' });
    await writeFile(file('4.eml'), raw);
    await stored(3);
    expect(await rawOf((await mails())[0]!)).toBe(raw.toString());
    await sleep(300);
    expect(await mails()).toHaveLength(3);
  });

  it('waits for a file that is written in place until its writer has ended', async () => {
    await start({ MAIL_FOLDER: folder }, { timing: { settleMs: 60, patienceMs: 60_000 } });
    const raw = rawMail({
      headers: ['MIME-Version: 1.0', 'Content-Type: multipart/mixed;\r\n boundary="b 1"'],
      body: '--b 1\n\n- Product ID: 21\n- Quantity: 2\n--b 1--\n',
    });
    const pieces = [raw.subarray(0, 40), raw.subarray(40, -25), raw.subarray(-25)];
    for (const piece of pieces) {
      expect(await mails()).toHaveLength(0);
      await appendFile(file('1.eml'), piece);
      // Longer than a file has to be still.
      await sleep(250);
    }
    await stored(1);
    expect(await rawOf((await mails())[0]!)).toBe(raw.toString());
  });

  it('takes a file that never looks whole as it is, after some patience', async () => {
    const raw = Buffer.from('From: ann@example.com\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\ncut');
    await writeFile(file('1.eml'), raw);
    await start({ MAIL_FOLDER: folder }, { timing: { patienceMs: 400 } });
    await sleep(200);
    expect(await mails()).toHaveLength(0);
    await stored(1);
    expect(await rawOf((await mails())[0]!)).toBe(raw.toString());
  });

  it('takes a longer version in the place of a beginning that was read too early', async () => {
    const raw = rawMail({ body: 'one\ntwo\n' });
    await writeFile(file('1.eml'), raw.subarray(0, -5));
    await start({ MAIL_FOLDER: folder }, { timing: { patienceMs: 150 } });
    await stored(1);
    await writeFile(file('1.eml'), raw);
    await stored(2);
    const [whole, part] = await mails();
    expect(part).toMatchObject({ state: 'done', kind: 'ignored', reason: 'incomplete' });
    expect(whole).toMatchObject({ state: 'waiting' });
    const [row] = await test.store.query('select replaces::integer from planbridge.mail where id = $1', [whole!.id]);
    expect(row).toEqual({ replaces: part!.id });
  });

  it('counts a file by its content: copied, renamed, touched, after a new start', async () => {
    const raw = rawMail();
    await writeFile(file('1.eml'), raw);
    await writeFile(file('2.eml'), raw);
    await start({ MAIL_FOLDER: folder });
    await until('both sighted', async () => {
      const [mail] = await mails();
      return mail !== undefined && (await sightingsOf(test.store.query, mail.id)).length === 2;
    });
    await rename(file('2.eml'), file('3.eml'));
    await utimes(file('1.eml'), new Date(), new Date(Date.now() - 3_600_000));
    await running!.inbound.stop();
    await start({ MAIL_FOLDER: folder });
    await until(
      'third sighted',
      async () => (await sightingsOf(test.store.query, (await mails())[0]!.id)).length === 3,
    );
    expect(await mails()).toHaveLength(1);
  });

  it('does not read again after a new start what has not changed', async () => {
    for (let i = 0; i < 20; i++) await writeFile(file(`${i}.eml`), rawMail());
    await start({ MAIL_FOLDER: folder });
    await stored(20);
    await running!.inbound.stop();
    await start({ MAIL_FOLDER: folder });
    await sleep(500);
    expect(running!.lines.filter(({ message }) => message.includes('stored'))).toEqual([]);
  });

  it('removes what is stored where it is told to, and only that', async () => {
    await writeFile(file('1.eml'), rawMail());
    await writeFile(file('2.txt'), 'x');
    await start({ MAIL_FOLDER: folder, MAIL_FOLDER_DONE: 'delete' });
    await until('removed', async () => (await readdir(folder)).join() === '2.txt');
    expect(await mails()).toHaveLength(1);
  });

  it('keeps the beginning of a file that is too large', async () => {
    const raw = rawMail({ body: 'x\n'.repeat(100_000) });
    await writeFile(file('1.eml'), raw);
    await start({ MAIL_FOLDER: folder, MAIL_MAX_BYTES: '70000' });
    await stored(1);
    const [mail] = await mails();
    expect(mail).toMatchObject({ kept: 'head', size: raw.length });
    expect(raw.toString().startsWith(await rawOf(mail!))).toBe(true);
    expect(await readFile(file('1.eml'))).toEqual(raw);
  });

  it.skipIf(userInfo().uid === 0)('goes on past a file that may not be read, and says so', async () => {
    await writeFile(file('1.eml'), rawMail());
    await chmod(file('1.eml'), 0);
    await writeFile(file('2.eml'), rawMail());
    await start({ MAIL_FOLDER: folder });
    await stored(1);
    await until(
      'said',
      async () => (await listSources(test.store.query, Date.now()))[0]?.error?.includes('1.eml') === true,
    );
  });

  it('fails while the folder is not there, and works when it comes', async () => {
    await rm(folder, { recursive: true });
    await start({ MAIL_FOLDER: folder });
    await until(
      'fails',
      async () => (await listSources(test.store.query, Date.now()))[0]?.error?.includes('ENOENT') === true,
    );
    await mkdir(folder);
    await writeFile(file('1.eml'), rawMail());
    await stored(1);
    await until('well', async () => (await listSources(test.store.query, Date.now()))[0]?.error === null);
  });

  it('is looked into by one process at a time', async () => {
    const one = await start({ MAIL_FOLDER: folder });
    await until('held', async () => (await test.store.query('select 1 from planbridge.mail_lease')).length === 1);
    const two = openInbound(test.store, { MAIL_FOLDER: folder }, { holder: 'other' });
    await two.inbound.start();
    await writeFile(file('1.eml'), rawMail());
    await stored(1);
    expect(two.lines.some(({ message }) => message === 'a mail is stored')).toBe(false);
    await one.inbound.stop();
    await writeFile(file('2.eml'), rawMail());
    await stored(2);
    expect(two.lines.some(({ message }) => message === 'a mail is stored')).toBe(true);
    await two.inbound.stop();
  });

  it('is drained at once when asked to', async () => {
    for (let i = 0; i < 5; i++) await writeFile(file(`${i}.eml`), rawMail());
    running = openInbound(test.store, { MAIL_FOLDER: folder });
    expect(await running.inbound.once(AbortSignal.timeout(10_000))).toEqual(new Map());
    expect(await mails()).toHaveLength(5);
    // Another process may look at once.
    const other = openInbound(test.store, { MAIL_FOLDER: folder }, { holder: 'other' });
    expect(await other.inbound.once(AbortSignal.timeout(10_000))).toEqual(new Map());
  });
});

describe('SMTP', () => {
  const transport = async (options: object = {}) =>
    createTransport({
      host: '127.0.0.1',
      port: await running!.port,
      secure: false,
      ignoreTLS: true,
      ...options,
    } as never);
  const send = async (raw: Buffer, options: object = {}, envelope: object = {}) =>
    await (await transport(options)).sendMail({
      envelope: { from: 'ann@example.com', to: ['sales@mycompany.com'], ...envelope },
      raw,
    });

  it('says 250 when the exact bytes are committed, with the envelope', async () => {
    await start({ MAIL_SMTP_PORT: '0' });
    const raw = rawMail({ body: 'a line\n.a dot\n..two\nlong '.concat('x'.repeat(5_000), '\n') });
    const { response } = await send(raw, {}, { to: ['sales@mycompany.com', 'Sales+7@mycompany.com'] });
    expect(response).toMatch(/^250 /);
    const [mail] = await mails();
    expect(await rawOf(mail!)).toBe(raw.toString());
    expect(mail!.envelope).toEqual({ from: 'ann@example.com', to: ['sales@mycompany.com', 'Sales+7@mycompany.com'] });
  });

  it('keeps an empty sender apart from an unknown one', async () => {
    await start({ MAIL_SMTP_PORT: '0' });
    await send(rawMail(), {}, { from: '' });
    expect((await mails())[0]!.envelope.from).toBe('');
  });

  it('does not say 250 when the mail cannot be committed', async () => {
    await start({ MAIL_SMTP_PORT: '0' });
    const { store } = test;
    const { transaction } = store;
    store.transaction = () => Promise.reject(new Error('disk full'));
    try {
      await expect(send(rawMail())).rejects.toMatchObject({ responseCode: 451 });
    } finally {
      store.transaction = transaction;
    }
    await send(rawMail());
    expect(await mails()).toHaveLength(1);
  });

  it('takes mails for its own addresses only', async () => {
    await start({ MAIL_SMTP_PORT: '0' });
    await expect(send(rawMail(), {}, { to: ['bob@elsewhere.com'] })).rejects.toMatchObject({ responseCode: 550 });
    await send(rawMail(), {}, { to: ['postmaster@mycompany.com'] });
    expect(await mails()).toHaveLength(1);
  });

  it('refuses what is too large, by what is said and by what comes', async () => {
    await start({ MAIL_SMTP_PORT: '0', MAIL_MAX_BYTES: '70000' });
    const large = rawMail({ body: 'x\n'.repeat(60_000) });
    await expect(send(large)).rejects.toMatchObject({ responseCode: 552 });
    // Without EHLO nobody says a size.
    const socket = await talk(await running!.port, [
      'HELO x',
      'MAIL FROM:<a@b.c>',
      'RCPT TO:<sales@mycompany.com>',
      'DATA',
    ]);
    expect(await say(socket, `${large.toString()}\r\n.`)).toMatch(/^552 /);
    socket.destroy();
    expect(await mails()).toEqual([]);
  });

  it('stores nothing of a mail that breaks off', async () => {
    await start({ MAIL_SMTP_PORT: '0' });
    const socket = await talk(await running!.port, [
      'HELO x',
      'MAIL FROM:<a@b.c>',
      'RCPT TO:<sales@mycompany.com>',
      'DATA',
    ]);
    socket.write('Subject: half\r\n\r\n- Product ID: 21\r\n');
    await sleep(50);
    socket.end();
    await sleep(200);
    expect(await mails()).toEqual([]);
    await send(rawMail());
    await stored(1);
  });

  it('does not end a mail at a dot between bare line feeds', async () => {
    await start({ MAIL_SMTP_PORT: '0' });
    const socket = await talk(await running!.port, [
      'HELO x',
      'MAIL FROM:<a@b.c>',
      'RCPT TO:<sales@mycompany.com>',
      'DATA',
    ]);
    expect(await say(socket, 'Subject: x\r\n\r\na\n.\nMAIL FROM:<evil@b.c>\r\n.')).toMatch(/^250 /);
    socket.destroy();
    expect(await mails()).toHaveLength(1);
  });

  it('takes no mail without sign-in where one is wanted, and none without TLS where that is required', async () => {
    await start({ MAIL_SMTP_PORT: '0', MAIL_SMTP_LOGIN: 'relay:long password' });
    await expect(send(rawMail())).rejects.toMatchObject({ responseCode: 530 });
    await expect(send(rawMail(), { auth: { user: 'relay', pass: 'wrong password' } })).rejects.toMatchObject({
      responseCode: 535,
    });
    await send(rawMail(), { auth: { user: 'relay', pass: 'long password' } });
    expect(await mails()).toHaveLength(1);
    await running!.inbound.stop();

    const { cert, key } = certificate(test.directory);
    await start({ MAIL_SMTP_PORT: '0', MAIL_SMTP_CERT: cert, MAIL_SMTP_KEY: key, MAIL_SMTP_TLS: 'required' });
    await expect(send(rawMail())).rejects.toMatchObject({ responseCode: 530 });
    await send(rawMail(), { ignoreTLS: false, requireTLS: true, tls: { ca: cert, servername: 'localhost' } });
    expect(await mails()).toHaveLength(2);
  });

  it('says that its port is taken', async () => {
    await start({ MAIL_SMTP_PORT: '0' });
    const other = openInbound(test.store, { MAIL_SMTP_PORT: String(await running!.port) });
    await other.inbound.start();
    await until('said', () => other.lines.some(({ fields }) => String(fields.error).includes('EADDRINUSE')));
    await other.inbound.stop();
  });

  it('lets a mail that is under way end when the service ends', async () => {
    await start({ MAIL_SMTP_PORT: '0' });
    const socket = await talk(await running!.port, [
      'HELO x',
      'MAIL FROM:<a@b.c>',
      'RCPT TO:<sales@mycompany.com>',
      'DATA',
    ]);
    const stopped = running!.inbound.stop();
    expect(await say(socket, 'Subject: last\r\n\r\nx\r\n.')).toMatch(/^250 /);
    socket.destroy();
    await stopped;
    expect(await mails()).toHaveLength(1);
  });
});

describe('HTTP', () => {
  const TOKEN = 'a-token-that-is-long-enough-for-this';
  function app(variables: Record<string, string> = { MAIL_TOKEN: TOKEN }) {
    running = openInbound(test.store, variables);
    const api = createApi({
      authenticate: () => Promise.reject(new Error('not asked')),
      log: silentLog,
      discloseStackTrace: false,
    });
    running.inbound.addRoutes(api);
    return express().use(api.router);
  }
  const post = (body: Buffer | string, variables?: Record<string, string>) =>
    request(app(variables))
      .post('/mail/inbound')
      .set('Authorization', `Bearer ${TOKEN}`)
      .type('message/rfc822')
      .send(body.toString());

  it('stores the exact bytes once, however often they are handed in', async () => {
    const raw = rawMail();
    const first = await request(app())
      .post('/mail/inbound?from=ann%40example.com&to=sales%40mycompany.com')
      .set('Authorization', `Bearer ${TOKEN}`)
      .type('message/rfc822')
      .send(raw.toString());
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ added: true });
    const again = await post(raw);
    expect([again.status, again.body.id, again.body.added]).toEqual([200, first.body.id, false]);
    const [mail] = await mails();
    expect(mail!.envelope).toEqual({ from: 'ann@example.com', to: ['sales@mycompany.com'] });
    expect(await rawOf(mail!)).toBe(raw.toString());
  });

  it('is closed without the token, and without one in the configuration', async () => {
    const bare = await request(app()).post('/mail/inbound').send('Subject: x');
    expect([bare.status, bare.body.error?.code ?? bare.text]).toEqual([
      401,
      expect.stringContaining('PB_AUTH_REQUIRED'),
    ]);
    const wrong = await request(app()).post('/mail/inbound').set('Authorization', 'Bearer wrong').send('Subject: x');
    expect(wrong.status).toBe(401);
    expect((await post('Subject: x\n\n', {})).status).toBe(401);
    expect(await mails()).toEqual([]);
  });

  it('refuses what is too large with 413, also when no length is said', async () => {
    const large = rawMail({ body: 'x\n'.repeat(60_000) });
    const limits = { MAIL_TOKEN: TOKEN, MAIL_MAX_BYTES: '70000' };
    expect((await post(large, limits)).status).toBe(413);
    const server = app(limits).listen(0);
    const { port } = server.address() as { port: number };
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(large.subarray(0, 60_000));
        controller.enqueue(large.subarray(60_000));
        controller.close();
      },
    });
    const answer = await fetch(`http://127.0.0.1:${port}/mail/inbound`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
      body,
      duplex: 'half',
    } as RequestInit);
    expect(answer.status).toBe(413);
    server.close();
    expect(await mails()).toEqual([]);
  });

  it.each(['', '{"json": true}', '<html>', 'no mail at all'])('refuses %j, which is no mail', async (body) => {
    expect((await post(body)).status).toBe(400);
  });
});

describe('health', () => {
  it('raises one alarm when a source went quiet, and ends it with the next mail', async () => {
    let now = Date.parse('2026-11-21T08:00:00Z');
    await start({ MAIL_FOLDER: folder, MAIL_QUIET_HOURS: '4' }, { now: () => now });
    const { inbound, lines } = running!;
    const errors = () => lines.filter(({ level }) => level === 'error');
    await inbound.check();
    now += 4 * 3_600_000 + 1_000;
    // It still looks, so it has not stopped.
    await until('looked', async () => Date.parse((await listSources(test.store.query, now))[0]!.heartbeatAt!) === now);
    await inbound.check();
    await inbound.check();
    expect(errors().map(({ fields }) => fields.alarm)).toEqual(['quiet']);
    expect(await sourceTrouble(test.store.query)).toContain('quiet');
    await writeFile(join(folder, '1.eml'), rawMail());
    await until('stored', async () => {
      // While the clock stands still, no file is still for long enough.
      now += 20;
      return (await mails()).length === 1;
    });
    await inbound.check();
    expect(await sourceTrouble(test.store.query)).toBeNull();
    expect(errors()).toHaveLength(1);
  });

  it('raises an alarm when a source fails for long, and when nobody looks after it', async () => {
    let now = Date.parse('2026-11-21T08:00:00Z');
    await rm(folder, { recursive: true });
    await start({ MAIL_FOLDER: folder }, { now: () => now });
    const { inbound } = running!;
    const alarm = async () => (await listSources(test.store.query, now))[0]?.alarm;
    await until('fails', async () => (await listSources(test.store.query, now))[0]!.error !== null);
    await inbound.check();
    expect(await alarm()).toBeNull();
    now += FAILING_SECONDS * 1_000;
    await until(
      'fails still',
      async () => Date.parse((await listSources(test.store.query, now))[0]!.heartbeatAt!) === now,
    );
    await inbound.check();
    expect(await alarm()).toBe('failing');
    await inbound.stop();
    now += STOPPED_SECONDS * 1_000 + 1;
    await inbound.check();
    expect(await alarm()).toBe('stopped');
  });

  it('forgets no source, and blames none that is no longer configured', async () => {
    await start({ MAIL_FOLDER: folder });
    await running!.inbound.stop();
    await start({ MAIL_SMTP_PORT: '0' });
    expect((await listSources(test.store.query, Date.now())).map(({ name }) => name)).toEqual(['smtp']);
    expect(await test.store.query('select 1 from planbridge.mail_source')).toHaveLength(2);
  });
});

/** Says lines one after the other, each after the answer to the one before. */
async function talk(port: number, lines: readonly string[]): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await answerOf(socket);
  for (const line of lines) await say(socket, line);
  return socket;
}

async function say(socket: Socket, line: string): Promise<string> {
  const answer = answerOf(socket);
  socket.write(`${line}\r\n`);
  return await answer;
}

function answerOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once('data', (data) => resolve(data.toString()));
    socket.once('error', reject);
  });
}

function certificate(directory: string): { cert: string; key: string } {
  const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', ['req', '-x509', ...key, '-out', certFile, '-days', '2', ...names], { stdio: 'ignore' });
  const read = (path: string) => execFileSync('cat', [path]).toString();
  return { cert: read(certFile), key: read(keyFile) };
}
