// The service killed at random moments while mails come in: every order is once in Odoo, every answer is sent once, every mail is
// accounted for. PLANBRIDGE_MAIL_KILLS sets how often it is killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import type SMTPTransport from 'nodemailer/lib/smtp-transport/index.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Row } from '../../src/sandbox/values.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { missingPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { type DemoOdoo, type Receiver, SALES, startOdoo, startReceiver, temporaryDirectory, written } from './house.ts';

const missing = await missingPostgres();
const KILLS = Number(process.env.PLANBRIDGE_MAIL_KILLS ?? 8);
const MAILS = KILLS >= 100 ? 300 : 60;
const LIMIT_MS = 60_000 + KILLS * 12_000;
const MAIN = join(import.meta.dirname, '../../src/main.ts');

let server: TestPostgres;
let odoo: DemoOdoo;
let receiver: Receiver;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let databaseUrl: string;
let store: Store;
let child: ChildProcess | null = null;
let log = '';

beforeAll(async () => {
  if (missing !== null) return;
  server = await startPostgres();
  databaseUrl = (await server.createStore()).url;
  odoo = await startOdoo(Date.now);
  receiver = await startReceiver();
  directory = await temporaryDirectory();
  store = await openStore({ databaseUrl, dataDirectory: directory.path });
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await store?.close();
  await receiver?.close();
  await odoo?.close();
  await server?.stop();
  await directory?.remove();
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function start(smtpPort: number): ChildProcess {
  const started = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      ODOO_URL: odoo.url,
      ODOO_DATABASE: 'demo',
      ODOO_USER: 'admin',
      ODOO_PASSWORD: 'admin',
      DATABASE_URL: databaseUrl,
      PLANBRIDGE_DATA_DIR: directory.path,
      PORT: '0',
      MAIL_ADDRESSES: SALES,
      MAIL_SMTP_PORT: String(smtpPort),
      MAIL_SMTP_URL: `smtp://127.0.0.1:${receiver.port}`,
      MAIL_ANSWERS_PER_HOUR: '10000',
      WRITE_SETTLE_SECONDS: '1',
    },
  });
  started.stderr?.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-20_000);
  });
  return started;
}

type Kind = 'order' | 'short' | 'wrong' | 'question';

function kindOf(number: number): Kind {
  return number % 10 === 0 ? 'short' : number % 10 === 1 ? 'wrong' : number % 10 === 2 ? 'question' : 'order';
}

const TEXTS: Readonly<Record<Kind, (number: number) => string>> = {
  order: (number) =>
    `Our order number is K-${number}.\n\n- Product: CC-160\n- Quantity: ${(number % 3) + 1}\n\n- Product: CC-161\n- Quantity: 2\n`,
  short: (number) => `Our order number is K-${number}.\n\n- Product: PH-120\n- Quantity: ${number + 1}\n`,
  wrong: (number) => `Our order number is K-${number}.\n\n- Product: CC-160\n- Quantity: ${number} or so\n`,
  question: () => 'Could you please call me about your prices?\n',
};

function mailOf(number: number): { id: string; raw: string } {
  const id = `<kill-${number}@buyers.example>`;
  const from = `buyer${number % 40}@buyers.example`;
  return { id, raw: written({ from, subject: `Mail ${number}`, text: TEXTS[kindOf(number)](number), messageId: id }) };
}

it.skipIf(missing !== null)(
  `killed ${KILLS} times while ${MAILS} mails come in`,
  async () => {
    const smtpPort = await freePort();
    const transport = createTransport({
      host: '127.0.0.1',
      port: smtpPort,
      ignoreTLS: true,
      // A connection that is reset when nobody listens any more is no matter.
      getSocket(_options: unknown, done: (error: Error | null, socket: { connection: Socket } | false) => void) {
        const socket = connect(smtpPort, '127.0.0.1');
        socket.on('error', () => {});
        socket.once('connect', () => done(null, { connection: socket }));
        socket.once('error', (error) => done(error, false));
      },
    } as SMTPTransport.Options);
    const waiting = Array.from({ length: MAILS }, (_, number) => mailOf(number));
    const sent = new Map(waiting.map(({ id, raw }) => [id, raw]));
    const answeredShort = new Set<string>();
    let handed = 0;
    let done = false;

    /** As a mail server does it: again and again until it is taken. */
    async function handIn(): Promise<void> {
      while (!done) {
        const next = waiting.shift();
        if (!next) {
          await sleep(50);
          continue;
        }
        for (;;) {
          try {
            const sending = transport.sendMail({
              envelope: { from: 'mta@buyers.example', to: [SALES] },
              raw: next.raw,
            });
            sending.catch(() => {});
            await Promise.race([sending, sleep(10_000).then(() => Promise.reject(new Error('no answer')))]);
            handed += 1;
            break;
          } catch {
            if (done) return;
            await sleep(30);
          }
        }
        // They come as long as the killing goes on.
        await sleep((Math.random() * 3_000 * KILLS) / MAILS);
      }
    }
    /** Customers who are told of a shortage wait for the goods. */
    async function reply(): Promise<void> {
      while (!done) {
        for (const received of receiver.mails.filter(({ mail }) => /Insufficient stock/.test(mail.subject))) {
          const id = `<wait${received.mail.messageId!.slice(1, -1).replace('@', '.')}@buyers.example>`;
          if (answeredShort.has(id)) continue;
          answeredShort.add(id);
          const raw = written({ from: received.to, to: received, text: '2', messageId: id });
          sent.set(id, raw);
          waiting.push({ id, raw });
        }
        await sleep(100);
      }
    }

    const begun = performance.now();
    const work = [handIn(), handIn(), reply()];
    let kills = 0;
    for (; kills < KILLS; kills++) {
      child = start(smtpPort);
      // From the first moments of a start to the middle of the work.
      await up(smtpPort);
      await sleep(Math.random() * 1_500);
      child.kill('SIGKILL');
      await gone(child);
    }
    child = start(smtpPort);
    const shorts = Array.from({ length: MAILS }, (_, number) => number).filter(
      (number) => kindOf(number) === 'short',
    ).length;
    const total = MAILS + shorts;
    const until = performance.now() + 90_000;
    for (;;) {
      const [row] = await store.query<{ open: number; mails: number }>(
        `select (select count(*) from planbridge.mail_effect where state = 'due')::integer
           + (select count(*) from planbridge.mail_outbound where state in ('queued', 'sending'))::integer
           + (select count(*) from planbridge.mail where state = 'waiting')::integer as open,
           (select count(*) from planbridge.mail)::integer as mails`,
      );
      if (row!.open === 0 && row!.mails === total && waiting.length === 0) break;
      if (performance.now() > until)
        throw new Error(`not settled: ${JSON.stringify(row)}, ${total} mails are to come\n${log}`);
      await sleep(100);
    }
    done = true;
    await Promise.all(work);
    transport.close();
    child.kill('SIGTERM');
    await gone(child);
    const seconds = (performance.now() - begun) / 1_000;

    // Every order once in Odoo.
    const rows = (model: string): Row[] => [...odoo.sandbox.db.table(model).rows()];
    const orders = rows('sale.order').filter(({ origin }) => String(origin).startsWith('planbridge '));
    const expected = Array.from({ length: MAILS }, (_, number) => number)
      .filter((number) => kindOf(number) === 'order' || kindOf(number) === 'short')
      .map((number) => `K-${number}`);
    expect(orders.map(({ client_order_ref }) => client_order_ref).toSorted()).toEqual(expected.toSorted());
    expect(new Set(orders.map(({ state }) => state))).toEqual(new Set(['sale']));
    const purchases = rows('purchase.order').filter(({ origin }) => String(origin).startsWith('planbridge '));
    expect(purchases).toHaveLength(shorts);
    const buyers = rows('res.partner').filter(({ email }) => String(email).endsWith('@buyers.example'));
    expect(new Set(buyers.map(({ email }) => email)).size).toBe(buyers.length);

    // Every answer once: a crash within the server's 250 may bring a copy, which has the same Message-ID.
    const ids = new Set(receiver.mails.map(({ mail }) => mail.messageId));
    const copies = receiver.mails.length - ids.size;
    const answered = new Map<string, Set<string>>();
    const supplied = new Set<string>();
    for (const { mail, to } of receiver.mails) {
      const [to_] = mail.references;
      if (to.endsWith('@buyers.example')) answered.set(to_!, (answered.get(to_!) ?? new Set()).add(mail.messageId!));
      else supplied.add(mail.messageId!);
    }
    expect([...answered].filter(([, own]) => own.size !== 1)).toEqual([]);
    const silent = [...sent.keys()].filter((id) => !answered.has(id));
    expect(silent.map((id) => kindOf(Number(/kill-(\d+)/.exec(id)?.[1] ?? -1)))).toEqual(silent.map(() => 'question'));
    expect(supplied.size).toBe(shorts);
    expect(copies).toBeLessThanOrEqual(Math.ceil(KILLS / 20));

    // Every mail accounted for.
    const counts = await store.query<{ state: string; count: number }>(
      'select state, count(*)::integer as count from planbridge.mail group by state',
    );
    expect(counts).toEqual([{ state: 'done', count: total }]);
    const [parts] = await store.query<{ count: number }>(
      'select count(distinct mail_id)::integer as count from planbridge.mail_conversation_part',
    );
    expect(parts!.count).toBe(total);
    const told = `${kills} kills, ${handed} of ${total} mails handed in, ${orders.length} orders, ${ids.size} answers, ${copies} copies, ${seconds.toFixed(0)} s`;
    console.info(told);
  },
  LIMIT_MS,
);

async function up(port: number): Promise<void> {
  const until = performance.now() + 20_000;
  while (performance.now() < until) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    await sleep(20);
  }
  throw new Error(`the service did not start\n${log}`);
}

async function gone(started: ChildProcess): Promise<void> {
  if (started.exitCode !== null || started.signalCode !== null) return;
  await new Promise((resolve) => started.once('exit', resolve));
}
