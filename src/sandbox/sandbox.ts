// A small Odoo over a data set in memory: what clients of Odoo's external API see, for the demo and for tests.
// Nothing is kept on disk; the data set is as it was after every start and every `reset`.

import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { BEHAVIOURS } from './behaviour/index.ts';
import { createEnv, type Env } from './orm/env.ts';
import { type AccountOptions, createAccounts } from './rpc/accounts.ts';
import { createApp } from './rpc/app.ts';
import { runCall } from './rpc/jsonrpc.ts';
import { type Served, type ServerVersion, serverVersion } from './rpc/served.ts';
import type { Change, Database } from './store/database.ts';
import { type DataSet, loadDatabase, readDataSet } from './store/load.ts';
import type { Answer, Context } from './values.ts';

export interface SandboxOptions extends AccountOptions {
  /** A directory of records, or a data set in memory. */
  data: string | DataSet;
  /** Name of the database; default `sandbox`. */
  database?: string;
  /** Overrides the version that the data set names; default `17.0`. `19.0` and later serve /json/2. */
  version?: string;
  /** The clock; default the machine's. */
  now?: () => Date;
}

export interface Sandbox {
  /** Express application with every endpoint. */
  readonly app: Express;
  readonly db: Database;
  readonly database: string;
  readonly version: ServerVersion;
  /** Calls a method as a user, without HTTP. */
  call(
    login: string,
    model: string,
    method: string,
    args?: readonly unknown[],
    named?: Record<string, unknown>,
  ): Answer;
  /** The inside, without record rules, for tests that look at what was made. */
  superuser(context?: Context): Env;
  /** What calls have changed since the start or the last reset. */
  changes(): readonly Change[];
  /** Back to the data set as it was loaded. */
  reset(): void;
  /** Serves HTTP; port 0 takes a free one. */
  listen(port: number, host?: string): Promise<RunningSandbox>;
}

export interface RunningSandbox {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export function createSandbox(options: SandboxOptions): Sandbox {
  const set = typeof options.data === 'string' ? readDataSet(options.data) : options.data;
  const db = loadDatabase(set);
  const now = options.now ?? (() => new Date());
  const served: Served = {
    db,
    behaviours: BEHAVIOURS,
    accounts: createAccounts(db, options),
    database: options.database ?? 'sandbox',
    version: serverVersion(options.version ?? set.serverVersion ?? '17.0'),
    now,
  };
  const app = createApp(served);
  return {
    app,
    db,
    database: served.database,
    version: served.version,
    call: (login, model, method, args = [], { context, ...named } = {}) => {
      const user = [...db.table('res.users').rows()].find((row) => row.login === login);
      if (!user) throw new Error(`the data set has no user ${login}`);
      return runCall(served, user.id, model, method, args, named, context as Context | undefined);
    },
    superuser: (context = {}) => createEnv({ db, behaviours: BEHAVIOURS, now, uid: 1, context, superuser: true }),
    changes: () => db.changes(),
    reset: () => db.reset(),
    listen: (port, host = '127.0.0.1') => listen(createServer(app), port, host),
  };
}

async function listen(server: Server, port: number, host: string): Promise<RunningSandbox> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
