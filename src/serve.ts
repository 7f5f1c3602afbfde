// The running service: parts put together from the configuration, listening, and ending in good order.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { createApp } from './app.ts';
import { openAutomations } from './automation/open.ts';
import type { Config, OdooConfig } from './config.ts';
import { createOdooAccess, type OdooAccess } from './connector/access.ts';
import { createSignIn } from './connector/auth.ts';
import { openImports } from './connector/import-open.ts';
import type { ImportCaller } from './connector/import-service.ts';
import { openMapping } from './connector/mapping-current.ts';
import { followUploads } from './connector/mapping-uploaded.ts';
import { refuseOutsiders } from './connector/run.ts';
import { createConnector } from './connector/service.ts';
import { PlanbridgeError } from './errors.ts';
import { createApi } from './http/api.ts';
import { createLocalAccess, type LocalAccess } from './http/local-access.ts';
import { addOperations } from './http/operations.ts';
import { createUsers } from './http/users.ts';
import type { Log } from './log.ts';
import { openMail } from './mail/open.ts';
import { createMetrics } from './metrics.ts';
import type { MappingInForce, Part, ServiceAccount, Surroundings } from './parts.ts';
import { createLivePlanner } from './planner/live/live.ts';
import { openPlanner } from './planner/open.ts';
import { addAdminRoutes } from './screens/admin-api.ts';
import { openScreens } from './screens/open.ts';
import { createPages } from './screens/routes.ts';
import { findWebFiles } from './screens/shell.ts';
import { createSessions } from './screens/sign-on/sessions.ts';
import { createSignOn } from './screens/sign-on/sign-on.ts';
import { openStore, type Store } from './store/database.ts';
import { addFigures } from './store/figures.ts';
import { openHousekeeping } from './store/housekeeping.ts';

/** What the service is made of, in the order in which it is opened. */
const PARTS: readonly ((surroundings: Surroundings) => Promise<Part>)[] = [
  openPlanner,
  openMail,
  openAutomations,
  openScreens,
  openHousekeeping,
];

/** The web app as it was built. */
const WEB_FOLDER = fileURLToPath(new URL('../dist/web', import.meta.url));

/** Within the ten seconds that containers are given. */
const GRACE_MS = 7_000;
/** Of that, for answers that are still under way; the rest is for what works. */
const ANSWERS_PART = 0.6;

export interface RunningService {
  /** Where it is reached; null for a worker, which only works. */
  url: string | null;
  /** Takes no more requests, waits for what runs up to `graceMs`, then cuts the rest. */
  close(graceMs?: number): Promise<void>;
}

/** `all` answers requests and works; `web` only answers; `worker` only works. */
export type ServiceRole = 'all' | 'web' | 'worker';

/** How many ports to try when the standard one is taken. */
const PORTS_TRIED = 20;

/** @throws PlanbridgeError PB_CONFIG_INVALID, PB_FILE, PB_MAPPING_SHEET, PB_STORE */
export async function startService(
  config: Config,
  odoo: OdooConfig,
  log: Log,
  role: ServiceRole = 'all',
  open = PARTS,
): Promise<RunningService> {
  const mapping = await openMapping(config.mappingFile, log);
  const opened: { stop(graceMs: number): Promise<void> }[] = [{ stop: async () => mapping.close() }];
  // Backwards: what was opened last may need what was opened before it.
  const closeAll = async (graceMs: number) => {
    for (const part of opened.toReversed()) await part.stop(graceMs);
  };
  try {
    const store = await openStore(config.store);
    opened.push({ stop: () => store.close() });
    const uploads = await followUploads(store, mapping, log);
    opened.push({ stop: async () => uploads.close() });
    let ends = false;
    const ending = () => ends;
    const local = config.store.databaseUrl === null ? createLocalAccess(config.store.dataDirectory) : null;
    const { app, health, parts } = await compose(
      config,
      odoo,
      log,
      { ...uploads, current: mapping },
      store,
      ending,
      local,
      open,
    );
    opened.push(...parts);
    if (role !== 'web') for (const part of parts) await part.start?.();
    // A worker answers nothing but how it is, and only where it was told to.
    const server = role === 'worker' && !config.http.portGiven ? null : createServer(role === 'worker' ? health : app);
    if (server) await listen(server, config.http);
    const url = server ? addressOf(server, config.http.host) : null;
    if (url !== null) await local?.publish(url);
    log.info({ url, role, mapping: mapping.path ?? 'as shipped' }, role === 'worker' ? 'working' : 'listening');
    return {
      url,
      async close(graceMs = GRACE_MS) {
        const until = performance.now() + graceMs;
        ends = true;
        for (const part of parts) part.ending?.();
        await local?.withdraw();
        if (server) await closeServer(server, graceMs * ANSWERS_PART);
        await closeAll(Math.max(500, until - performance.now()));
        log.info({}, 'stopped');
      },
    };
  } catch (error) {
    await closeAll(0);
    throw error;
  }
}

async function compose(
  config: Config,
  odoo: OdooConfig,
  log: Log,
  mapping: MappingInForce,
  store: Store,
  ending: () => boolean,
  local: LocalAccess | null,
  open: typeof PARTS,
) {
  const { discloseStackTrace, interfaceUsers } = config;
  const { rules, mailFields } = mapping.current;
  const now = Date.now;
  const metrics = createMetrics();
  const access = createOdooAccess(odoo, { tracebacks: discloseStackTrace });
  const imports = openImports(store, config, odoo, rules, metrics);
  const signIn = createSignIn({ check: access.checkCredentials, interfaceUsers, ...config.auth, now });
  const connector = createConnector({ access, rules, now, metrics, settings: config });
  const account = serviceAccount(config, access);
  const anyUser = createSignIn({ check: access.checkCredentials, interfaceUsers: new Set(), ...config.auth, now });
  const { odooOf } = imports;
  const signOn = createSignOn({
    store,
    sessions: createSessions({ store, odooOf, hours: config.screens.sessionHours, now }),
    access,
    signIn: anyUser,
    account,
    odooOf,
    keys: config.screens.webtokenKeys,
    named: { administrators: config.administrators, planners: config.imports.planners },
    log,
    now,
  });
  const authenticate = createUsers({
    access,
    signIn: anyUser,
    ofBearer: signOn.ofBearer,
    requireInternal: (caller) => requireInternal(access, caller),
    roleOf: signOn.roleOf,
    apiToken: config.apiToken,
    localToken: local?.token ?? null,
    database: async () => (await account()).database,
    now,
  });
  const { plannerEdits } = config;
  const api = createApi({ authenticate, log, discloseStackTrace, plannerEdits });
  const surroundings: Surroundings = {
    config,
    odoo,
    access,
    rules,
    mailFields,
    mapping,
    store,
    imports,
    api,
    signOn,
    account,
    live: createLivePlanner({ store, databaseUrl: config.store.databaseUrl, log, metrics }),
    metrics,
    log,
    now,
  };
  const parts: Part[] = [];
  for (const openPart of open) parts.push(await openPart(surroundings));
  addFigures({ metrics, store, now });
  addAdminRoutes(surroundings, () => parts);
  const operations = { store, parts, metrics, metricsToken: config.metricsToken, ending };
  addOperations({ ...operations, api });
  const app = createApp({
    connector,
    log,
    discloseStackTrace,
    stallSeconds: config.exports.stallSeconds,
    trustProxy: config.http.trustProxy,
    api,
    metrics,
    pages: createPages({
      signOn,
      web: () => findWebFiles(WEB_FOLDER),
      odooUrl: odoo.url ?? '',
      frameOrigins: config.screens.frameOrigins,
      sessionHours: config.screens.sessionHours,
      plannerEdits,
      log,
    }),
    imports: {
      imports,
      access,
      signIn,
      webtoken: config.imports.webtoken,
      maxBytes: config.imports.maxBytes,
      now,
    },
  });
  const alone = createApi({ authenticate, log, discloseStackTrace });
  addOperations({ ...operations, api: alone });
  const health = express().disable('x-powered-by').use(alone.router);
  return { app, health, parts };
}

export function serviceAccount({ user }: Config, access: OdooAccess): () => Promise<ServiceAccount> {
  return async () => {
    const { login, password, company } = user;
    if (login === null || password === null) {
      throw new PlanbridgeError('PB_CONFIG_INVALID', 500, 'Nothing says which Odoo user works by himself.', {
        remedy: 'Set ODOO_USER and ODOO_PASSWORD.',
      });
    }
    return { login, password, company, database: await access.chooseDatabase(null) };
  };
}

async function requireInternal(access: OdooAccess, { database, login, password }: ImportCaller): Promise<void> {
  const reader = await access.open(database, { login, password });
  try {
    await refuseOutsiders(reader);
  } finally {
    await reader.close();
  }
}

function addressOf(server: Server, host: string): string {
  return `http://${shownHost(host)}:${(server.address() as AddressInfo).port}`;
}

function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

async function listen(server: Server, { host, port, portGiven }: Config['http']): Promise<void> {
  for (let tried = 0; ; tried += 1) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port === 0 ? 0 : port + tried, host, () => {
          server.removeListener('error', reject);
          resolve();
        });
      });
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && !portGiven && tried + 1 < PORTS_TRIED) continue;
      throw cannotListen(code ?? 'unknown', host, port);
    }
  }
}

function cannotListen(code: string, host: string, port: number): PlanbridgeError {
  const reasons: Record<string, string> = {
    EADDRINUSE: 'is taken by another program',
    EACCES: 'is not allowed to this account',
    EADDRNOTAVAIL: 'is on no address of this machine',
  };
  return new PlanbridgeError('PB_CONFIG_INVALID', 500, `Port ${port} of ${host} ${reasons[code] ?? `gives ${code}`}.`, {
    remedy: 'Set PORT to a free one, and HOST to an address of this machine.',
  });
}

async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}
