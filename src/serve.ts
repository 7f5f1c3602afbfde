// The running service: parts put together from the configuration, listening, and ending in good order.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import type { Config, OdooConfig } from './config.ts';
import { createOdooAccess } from './connector/access.ts';
import { createSignIn } from './connector/auth.ts';
import { openImports } from './connector/import-open.ts';
import { openMapping } from './connector/mapping-current.ts';
import { createConnector } from './connector/service.ts';
import { PlanbridgeError } from './errors.ts';
import type { Log } from './log.ts';

export interface RunningService {
  url: string;
  /** Takes no more requests, waits for what runs up to `graceMs`, then cuts the rest. */
  close(graceMs?: number): Promise<void>;
}

/** How many ports to try when the standard one is taken. */
const PORTS_TRIED = 20;

/** @throws PlanbridgeError PB_CONFIG_INVALID, PB_FILE, PB_MAPPING_SHEET */
export async function startService(config: Config, odoo: OdooConfig, log: Log): Promise<RunningService> {
  const mapping = await openMapping(config.mappingFile, log);
  const access = createOdooAccess(odoo, { tracebacks: config.discloseStackTrace });
  const imports = openImports(config, odoo, mapping.rules);
  const signIn = createSignIn({
    check: access.checkCredentials,
    interfaceUsers: config.interfaceUsers,
    ...config.auth,
    now: Date.now,
  });
  const connector = createConnector({
    access,
    rules: mapping.rules,
    now: Date.now,
    settings: config,
  });
  const { discloseStackTrace, exports, http } = config;
  const app = createApp({
    connector,
    log,
    discloseStackTrace,
    stallSeconds: exports.stallSeconds,
    trustProxy: http.trustProxy,
    imports: {
      imports: imports.service,
      access,
      signIn,
      webtoken: config.imports.webtoken,
      maxBytes: config.imports.maxBytes,
      now: Date.now,
    },
  });
  const server = createServer(app);
  try {
    await listen(server, http);
  } catch (error) {
    mapping.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const url = `http://${shownHost(http.host)}:${port}`;
  log.info({ url, mapping: mapping.path ?? 'as shipped' }, 'listening');
  return {
    url,
    async close(graceMs = 8_000) {
      mapping.close();
      await closeServer(server, graceMs);
      await imports.close();
      log.info({}, 'stopped');
    },
  };
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
