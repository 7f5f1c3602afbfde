// The whole way of an order mail, put together as the service does it, on the sandbox Odoo and a real mail server that receives
// what we send: stored, read, decided, made in Odoo, answered.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { SMTPServer } from 'smtp-server';
import { type Config, type OdooConfig, readConfig } from '../../src/config.ts';
import { createOdooAccess } from '../../src/connector/access.ts';
import { openImports } from '../../src/connector/import-open.ts';
import { createApi } from '../../src/http/api.ts';
import { type Log, silentLog } from '../../src/log.ts';
import { createCurrentCatalogue } from '../../src/mail/catalogue-current.ts';
import { type ConversationOptions, openConversations } from '../../src/mail/conversation/open.ts';
import type { ConversationService, StoredMails } from '../../src/mail/conversation/service.ts';
import { fieldWordsOf } from '../../src/mail/extraction/fields.ts';
import type { Mail } from '../../src/mail/mail.ts';
import { parseMail } from '../../src/mail/parse.ts';
import { createPipeline, type Pipeline, type ProcessedMail } from '../../src/mail/process.ts';
import { readMail } from '../../src/mail/read.ts';
import { storeMail } from '../../src/mail/store/intake.ts';
import { rawMail, readAgain, storedMail } from '../../src/mail/store/mails.ts';
import { defaultMailFields } from '../../src/mapping/defaults.ts';
import { defaultMapping } from '../../src/mapping/sheet.ts';
import type { Surroundings } from '../../src/parts.ts';
import { demoCompany } from '../../src/sandbox/demo/company.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import type { DataSet } from '../../src/sandbox/store/load.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { seedDataDirectory } from '../support/shared.ts';

/** A Saturday; the demo company's data are laid around it. */
export const START = Date.parse('2026-11-21T09:00:00Z');
export const SALES = 'sales@mycompany.example';
export const FIELDS = fieldWordsOf(defaultMailFields());

export interface Received {
  from: string;
  to: string;
  mail: Mail;
  raw: string;
}

/** A mail server that takes what we send. `refuse` = answer to RCPT, for example `550 no such user`. */
export interface Receiver {
  port: number;
  mails: Received[];
  refuse: Map<string, string>;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const mails: Received[] = [];
  const refuse = new Map<string, string>();
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    closeTimeout: 50,
    onRcptTo(address, _session, done) {
      const reason = refuse.get(address.address);
      if (reason === undefined) return done();
      done(Object.assign(new Error(reason.slice(4)), { responseCode: Number(reason.slice(0, 3)) }));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        const raw = Buffer.concat(chunks);
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        mails.push({ from, to: rcptTo[0]?.address ?? '', mail: await parseMail(raw), raw: raw.toString('latin1') });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as { port: number };
  return { port, mails, refuse, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

export interface DemoOdoo {
  sandbox: Sandbox;
  url: string;
  close(): Promise<void>;
}

let demo: DataSet | undefined;

/** The demo company; product 5 can be bought too. */
export async function startOdoo(now: () => number): Promise<DemoOdoo> {
  demo ??= demoCompany(new Date(START));
  const sandbox = createSandbox({
    data: demo,
    database: 'demo',
    now: () => new Date(now()),
  });
  sandbox.call('admin', 'product.supplierinfo', 'create', [
    {
      product_tmpl_id: 5,
      partner_id: 41,
      min_qty: 1,
      price: 21,
      delay: 14,
      currency_id: 1,
      company_id: 1,
      sequence: 1,
    },
  ]);
  const running = await sandbox.listen(0);
  return { sandbox, url: running.url, close: () => running.close() };
}

export interface HouseOptions {
  odooUrl: string;
  databaseUrl: string | null;
  directory: string;
  smtpPort: number | null;
  now: () => number;
  environment?: Record<string, string>;
  conversations?: ConversationOptions;
  log?: Log;
}

export interface House {
  config: Config;
  store: Store;
  pipeline: Pipeline;
  conversations: ConversationService;
  mails: ProcessedMail[];
  app: express.Express;
  /** Stores a mail as a source would. @returns its number */
  bring(raw: Buffer | string, source?: string): Promise<number>;
  /** Reads all mails, carries out what is due, and sends, until nothing is left. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export async function openHouse(options: HouseOptions): Promise<House> {
  const { odooUrl, now, smtpPort, log = silentLog } = options;
  const config = readConfig({
    ODOO_URL: odooUrl,
    ODOO_DATABASE: 'demo',
    ODOO_USER: 'admin',
    ODOO_PASSWORD: 'admin',
    MAIL_ADDRESSES: SALES,
    MAIL_STAFF_DOMAINS: 'mycompany.example',
    MAIL_FROM: `Planbridge Castings <${SALES}>`,
    PUBLIC_URL: 'https://orders.mycompany.example',
    WRITE_SETTLE_SECONDS: '1',
    ...(smtpPort === null ? {} : { MAIL_SMTP_URL: `smtp://127.0.0.1:${smtpPort}` }),
    ...options.environment,
  });
  const odoo: OdooConfig = config.odoo!;
  const database = odoo.defaultDatabase ?? 'demo';
  if (options.databaseUrl === null && !existsSync(join(options.directory, 'database')))
    await seedDataDirectory(options.directory);
  const store = await openStore({ databaseUrl: options.databaseUrl, dataDirectory: options.directory });
  const { rules } = defaultMapping();
  const access = createOdooAccess(odoo, { tracebacks: false });
  const account = async () => ({ login: 'admin', password: 'admin', company: null, database });
  const imports = openImports(store, config, odoo, () => rules);
  const api = createApi({
    authenticate: async () => ({ login: 'vera', role: 'planner', database: 'demo', password: null }),
    log,
    discloseStackTrace: false,
  });
  const app = express();
  app.use(api.router);
  const current = createCurrentCatalogue({ access, account, log, now });
  let wakePipeline = () => {};
  const mails: StoredMails = {
    raw: async (id) => (await rawMail(store.query, id))?.bytes ?? null,
    find: (id) => storedMail(store.query, id),
    again: (query, id, again) => readAgain(query, id, again),
    wake: () => wakePipeline(),
  };
  const surroundings = {
    config,
    odoo,
    access,
    rules: () => rules,
    store,
    imports,
    api,
    account,
    log,
    now,
  } as unknown as Surroundings;
  const conversations = await openConversations(
    { ...surroundings, mails, catalogue: (signal) => current.get(signal) },
    options.conversations ?? {},
  );
  const processed: ProcessedMail[] = [];
  const pipeline = createPipeline({
    store,
    conversations,
    reader: { parse: (raw) => parseMail(raw), read: (mail, context) => readMail(mail, context) },
    settings: {
      ownAddresses: config.mail.addresses,
      staffDomains: config.mail.staffDomains,
      policy: config.mail.policy,
      limits: config.mail.limits,
    },
    fields: () => FIELDS,
    catalogue: (signal) => current.get(signal),
    dayOf: async (instant) => new Date(instant).toISOString().slice(0, 10),
    log,
    now,
    holder: `house ${process.pid}`,
    leaseMs: 3_000,
    concurrency: 4,
    pausesSeconds: [0.2, 0.2, 0.2],
    onMail: (mail) => processed.push(mail),
  });
  wakePipeline = () => pipeline.wake();
  let places = 0;
  return {
    config,
    store,
    pipeline,
    conversations,
    mails: processed,
    app,
    async bring(raw, source = 'test') {
      const bytes = Buffer.from(raw);
      const stored = await storeMail(store, {
        source,
        place: `${++places}`,
        raw: bytes,
        size: bytes.length,
        envelope: { from: null, to: [SALES] },
        receivedAt: now(),
      });
      return stored.id;
    },
    async settle() {
      const { signal } = new AbortController();
      await pipeline.drain(signal);
      await conversations.drain(signal);
    },
    async close() {
      await current.close();
      await store.close();
    },
  };
}

export async function temporaryDirectory(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'planbridge-flow-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

let numbers = 0;

export interface Written {
  from?: string;
  subject?: string;
  text: string;
  /** The mail that is answered. */
  to?: Received;
  headers?: readonly string[];
  messageId?: string;
}

/** A mail as a customer writes it. */
export function written({
  from = 'customer1029@example.com',
  subject = 'Order',
  text,
  to,
  headers = [],
  messageId,
}: Written): string {
  const id = messageId ?? `<${++numbers}.${process.pid}.${Math.round(performance.now())}@customer.example>`;
  const answered = to?.mail.messageId;
  const quoted = to
    ? `\n\nOn Saturday, ${SALES} wrote:\n${to.mail.text
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n')}`
    : '';
  return [
    `From: ${from}`,
    `To: ${SALES}`,
    `Subject: ${to ? `Re: ${to.mail.subject}` : subject}`,
    `Message-ID: ${id}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    ...(answered ? [`In-Reply-To: ${answered}`, `References: ${answered}`] : []),
    ...headers,
    '',
    `${text}${quoted}`.replaceAll('\n', '\r\n'),
    '',
  ].join('\r\n');
}
