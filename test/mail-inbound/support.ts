// What the tests of incoming mail share: a store on each kind of database, mails as people send them, sources and a pipeline put
// together as the service does it, and conversations that only record what they are given.
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../src/config.ts';
import type { Log } from '../../src/log.ts';
import { catalogueOf } from '../../src/mail/catalogue.ts';
import type { ConversationService, Incoming, StoredMail } from '../../src/mail/conversation/service.ts';
import { fieldWordsOf } from '../../src/mail/extraction/fields.ts';
import type { MailInboundConfig } from '../../src/mail/inbound/config.ts';
import { createInbound, type Inbound, type InboundTiming } from '../../src/mail/inbound/service.ts';
import { parseHead, parseMail } from '../../src/mail/parse.ts';
import { createPipeline, type Pipeline, type PipelineOptions, type Reader } from '../../src/mail/process.ts';
import { readMail } from '../../src/mail/read.ts';
import { defaultMailFields } from '../../src/mapping/defaults.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { missingPostgres, startPostgres } from '../support/postgres.ts';
import { newDataDirectory } from '../support/shared.ts';

export interface TestStore {
  store: Store;
  directory: string;
  url: string | null;
  close(): Promise<void>;
}

export const noPostgres = await missingPostgres();
export const KINDS = (['embedded', 'postgres'] as const).map((kind) => ({
  kind,
  skip: kind === 'postgres' && noPostgres !== null,
}));

export async function openTestStore(kind: 'embedded' | 'postgres'): Promise<TestStore> {
  const directory = await newDataDirectory('mail', kind);
  const server = kind === 'postgres' ? await startPostgres() : undefined;
  const url = server ? (await server.createStore()).url : null;
  const store = await openStore({ databaseUrl: url, dataDirectory: directory });
  const test: TestStore = {
    store,
    directory,
    url,
    async close() {
      await test.store.close();
      await server?.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return test;
}

/** Forgets all mails and sources. */
export async function clear(store: Store): Promise<void> {
  const tables = ['mail', 'mail_source', 'mail_cursor', 'mail_lease', 'mail_customer'];
  for (const table of tables) await store.query(`delete from planbridge.${table}`);
}

let numbers = 0;

export interface MailParts {
  from?: string;
  to?: string;
  subject?: string;
  messageId?: string | null;
  body?: string;
  headers?: readonly string[];
}

/** A raw mail; each has a Message-ID of its own unless told otherwise. */
export function rawMail(parts: MailParts = {}): Buffer {
  const { from = 'ann@example.com', to = 'sales@mycompany.com', subject = 'Order', headers = [] } = parts;
  const { body = '- Product ID: 21\n- Quantity: 2\n' } = parts;
  const id = parts.messageId === undefined ? `<${++numbers}.${process.pid}@example.com>` : parts.messageId;
  const head = [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    ...(id === null ? [] : [`Message-ID: ${id}`]),
    ...headers,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body.replaceAll(/\r?\n/g, '\r\n')}`);
}

/** Waits until it is true; fails when that takes too long. */
export async function until(what: string, check: () => Promise<boolean> | boolean, ms = 20_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${ms} ms`);
    await sleep(15);
  }
}

export interface LogLine {
  level: string;
  message: string;
  fields: Record<string, unknown>;
}

export function recordingLog(): { log: Log; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: string) => (fields: object, message: string) => {
    lines.push({ level, message, fields: fields as Record<string, unknown> });
  };
  return { lines, log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
}

/** As the variables say it. */
export function mailConfig(variables: Record<string, string>): MailInboundConfig {
  return readConfig({ MAIL_ADDRESSES: 'sales@mycompany.com', ...variables }).mail;
}

export const QUICK: Partial<InboundTiming> = { folderPollMs: 60, settleMs: 80, patienceMs: 600, pauseMs: 50 };

export interface TestInbound {
  inbound: Inbound;
  lines: LogLine[];
  port: Promise<number>;
}

export function openInbound(
  store: Store,
  variables: Record<string, string>,
  options: { now?: () => number; timing?: Partial<InboundTiming>; arrived?: () => void; holder?: string } = {},
): TestInbound {
  const { log, lines } = recordingLog();
  const port = Promise.withResolvers<number>();
  const inbound = createInbound({
    config: mailConfig(variables),
    apiToken: null,
    store,
    log,
    now: options.now ?? Date.now,
    lease: { holder: options.holder ?? 'test', leaseMs: 600 },
    arrived: options.arrived ?? (() => {}),
    timing: { ...QUICK, ...options.timing },
    listening: port.resolve,
  });
  return { inbound, lines, port: port.promise };
}

export interface Recorded extends ConversationService<string> {
  handled: Incoming[];
  givenUp: { stored: StoredMail; why: string }[];
}

/** Conversations that write what they are given to a table, within the transaction they are given. */
export async function recordingConversations(store: Store): Promise<Recorded> {
  await store.query('create table if not exists public.handled (mail bigint, kind text)');
  const handled: Incoming[] = [];
  const givenUp: Recorded['givenUp'] = [];
  return {
    handled,
    givenUp,
    memory: async () => ({ sent: [], orders: [] }),
    prepare: async () => 'prepared',
    async handle(query, incoming) {
      const { stored, full } = incoming;
      await query('insert into public.handled (mail, kind) values ($1, $2)', [stored.id, full.reading.kind]);
      handled.push(incoming);
      return { conversation: stored.id, outcome: full.reading.kind };
    },
    async giveUp(query, stored, why) {
      await query('insert into public.handled (mail, kind) values ($1, $2)', [stored.id, 'given up']);
      givenUp.push({ stored, why });
      return { conversation: stored.id, outcome: 'a person looks' };
    },
    work: async () => {},
    wake() {},
    drain: async () => {},
    ready: async () => null,
  };
}

export const plainReader: Reader = {
  parse: (raw, refused) => (refused === null ? parseMail(raw) : parseHead(raw, refused)),
  read: (mail, context) => readMail(mail, context),
};

export const CATALOGUE = catalogueOf({
  products: [21, 5].map((id) => ({
    id,
    default_code: `DC-${id}`,
    name: { en_US: `Housing ${id}` },
    barcode: null,
    uom: 'Units',
    active: true,
    saleOk: true,
    type: 'product',
    free: 100,
    price: 10,
    vendor: null,
    leadDays: 0,
  })),
  partners: [
    { id: 1, name: 'Acme', email: 'ann@example.com', isCompany: true, parent: null, lang: 'en_US', country: 'CH' },
    { id: 2, name: 'Bob', email: 'bob@example.com', isCompany: false, parent: 1, lang: 'en_US', country: 'CH' },
  ],
  customerCodes: [],
});

export function openPipeline(
  store: Store,
  conversations: ConversationService,
  options: Partial<PipelineOptions> = {},
): { pipeline: Pipeline; lines: LogLine[] } {
  const { log, lines } = recordingLog();
  const fields = fieldWordsOf(defaultMailFields());
  const { addresses, staffDomains, policy, limits } = mailConfig({ MAIL_STAFF_DOMAINS: 'mycompany.com' });
  const pipeline = createPipeline({
    store,
    conversations,
    reader: plainReader,
    settings: { ownAddresses: addresses, staffDomains, policy, limits },
    fields: () => fields,
    catalogue: async () => CATALOGUE,
    dayOf: async (instant) => new Date(instant).toISOString().slice(0, 10),
    log,
    now: Date.now,
    holder: 'test',
    leaseMs: 2_000,
    concurrency: 2,
    // No try follows by itself within a test.
    pausesSeconds: [3_600, 3_600],
    ...options,
  });
  return { pipeline, lines };
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
