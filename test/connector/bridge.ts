// A bridge on a real socket with an Odoo that the test plays: who may sign in, and which pieces of text an export gives.
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { createApp } from '../../src/app.ts';
import type { Config } from '../../src/config.ts';
import type { OdooAccess } from '../../src/connector/access.ts';
import type { ExportRequest, OpenExport } from '../../src/connector/export.ts';
import type { OdooReader } from '../../src/connector/odoo/reader.ts';
import { type ConnectorOptions, createConnector } from '../../src/connector/service.ts';
import { PlanbridgeError } from '../../src/errors.ts';
import { createLog } from '../../src/log.ts';
import { defaultRules } from '../../src/mapping/defaults.ts';
import { createReport } from '../../src/mapping/report.ts';

/** What one export sees: its request, and the signal that nobody wants it any more. */
export interface FakeRun {
  request: ExportRequest;
  login: string;
  signal: AbortSignal;
  closed: boolean;
}

export interface BridgeOptions {
  passwords?: Record<string, string>;
  databases?: string[];
  portal?: string[];
  /** The document's pieces; default a small plan. */
  text?: (run: FakeRun) => AsyncIterable<string>;
  /** Instead of opening. */
  open?: (run: FakeRun) => Promise<void>;
  checkCredentials?: OdooAccess['checkCredentials'];
  chooseDatabase?: OdooAccess['chooseDatabase'];
  settings?: Partial<Config['exports'] & Config['auth']> & { interfaceUsers?: string[] };
  sharing?: ConnectorOptions['sharing'];
  discloseStackTrace?: boolean;
  now?: () => number;
}

export interface Bridge {
  url: string;
  port: number;
  runs: FakeRun[];
  /** Log lines, parsed. */
  log: Record<string, unknown>[];
  logText(): string;
  checks: number;
  running(): number;
  close(): Promise<void>;
}

export const PLAN = '<?xml version="1.0" encoding="UTF-8" ?>\n<plan source="odoo_1"></plan>\n';

export function fakeReader(database: string, login: string, share: boolean, onClose: () => void): OdooReader {
  const reader: OdooReader = {
    kind: 'rpc',
    server: { version: '17.0', major: 17, database },
    user: { id: 7, login, tz: null, lang: 'en_US', companyId: 1, companyIds: [1] },
    scoped: () => reader,
    fields: async () => new Map(),
    async *pages({ model }) {
      if (model === 'res.users') yield [{ id: 7, share }];
      if (model === 'res.lang') yield [{ id: 1, code: 'fr_FR' }];
    },
    calls: 3,
    close: async () => onClose(),
  };
  return reader;
}

export async function startBridge(options: BridgeOptions = {}): Promise<Bridge> {
  const passwords: Record<string, string> = options.passwords ?? { admin: 'admin', demo: 'demo', portal: 'portal' };
  const databases = options.databases ?? ['demo'];
  const runs: FakeRun[] = [];
  const byReader = new WeakMap<OdooReader, FakeRun>();
  const lines: string[] = [];
  let checks = 0;

  const access: OdooAccess = {
    chooseDatabase:
      options.chooseDatabase ??
      (async (wanted) => {
        if (wanted === null) return databases[0]!;
        if (databases.includes(wanted)) return wanted;
        throw new PlanbridgeError('PB_ODOO_DATABASE', 404, 'This database is not served here.');
      }),
    async checkCredentials(credentials) {
      checks += 1;
      if (options.checkCredentials) return options.checkCredentials(credentials);
      if (passwords[credentials.login] !== credentials.password) throw new PlanbridgeError('PB_AUTH_FAILED', 401, 'no');
    },
    async open(database, { login }) {
      const run: FakeRun = { request: {} as ExportRequest, login, signal: new AbortController().signal, closed: false };
      const reader = fakeReader(database, login, options.portal?.includes(login) ?? login === 'portal', () => {
        run.closed = true;
      });
      byReader.set(reader, run);
      return reader;
    },
  };
  const connector = createConnector({
    access,
    rules: defaultRules,
    now: options.now ?? Date.now,
    settings: {
      interfaceUsers: new Set(options.settings?.interfaceUsers),
      exports: { concurrency: 2, queue: 1, queueSeconds: 1, stallSeconds: 60, ...options.settings },
      auth: { cacheSeconds: 300, failures: 5, ...options.settings },
    },
    ...(options.sharing ? { sharing: options.sharing } : {}),
    async openExport(request, { reader, signal }) {
      const run = byReader.get(reader)!;
      Object.assign(run, { request, signal });
      runs.push(run);
      if (request.company === 'Nope') {
        throw new PlanbridgeError('PB_ODOO_COMPANY', 404, 'Invalid company name argument: there is no company "Nope".');
      }
      await options.open?.(run);
      const plan: OpenExport = {
        header: {},
        company: 'My Company',
        sections: (async function* () {})(),
        report: createReport(),
      };
      return Object.assign(plan, { run });
    },
    async *writeDocument(plan) {
      const { run } = plan as OpenExport & { run: FakeRun };
      if (options.text) yield* options.text(run);
      else yield PLAN;
    },
  });
  const log = createLog({ level: 'debug', write: (line) => void lines.push(line) });
  const app = createApp({
    connector,
    log,
    discloseStackTrace: options.discloseStackTrace ?? false,
    stallSeconds: options.settings?.stallSeconds ?? 60,
    trustProxy: 0,
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    runs,
    get log() {
      return lines.map((line) => JSON.parse(line));
    },
    logText: () => lines.join(''),
    get checks() {
      return checks;
    },
    running: () => connector.running,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const ADMIN = basic('admin', 'admin');

export function basic(login: string, password: string): string {
  return `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
}

/** A pull with sign-in as admin unless the headers say otherwise. */
export function pull(bridge: Bridge, pathAndQuery: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${bridge.url}${pathAndQuery}`, {
    headers: { authorization: ADMIN, 'accept-encoding': 'identity', ...headers },
  });
}

export interface RawAnswer {
  /** Everything that came before the connection ended. */
  text: string;
  /** Error code of the connection, if it did not end in good order. */
  broken: string | null;
}

/** Sends bytes over a plain socket and reads to the end of the connection. */
export function raw(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let broken: string | null = null;
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      broken = error.code ?? 'error';
    });
    socket.on('close', () => resolve({ text: Buffer.concat(chunks).toString('latin1'), broken }));
  });
}

/** The answer's head as soon as it is there; the body is not read until somebody does. */
export function start(
  bridge: Bridge,
  pathAndQuery: string,
  headers: Record<string, string> = {},
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${bridge.url}${pathAndQuery}`, {
      headers: { authorization: ADMIN, ...headers },
      agent: false,
    });
    request.once('error', reject);
    request.once('response', resolve);
    request.end();
  });
}

export async function until(condition: () => boolean, ms = 3_000): Promise<void> {
  const end = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > end) throw new Error('did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
