// Odoo as the connector reaches it: which database, whether a login is good, and a reader. Where Odoo's own database is
// configured it is read by SQL; sign-ins are still checked with Odoo where its address is known, which takes API keys too.
import type { OdooConfig } from '../config.ts';
import { PlanbridgeError } from '../errors.ts';
import type { Credentials } from './auth.ts';
import { chooseDatabase, connectOdoo } from './odoo/connect.ts';
import { checkSqlLogin, type OdooIdentity, openReader } from './odoo/open.ts';
import type { OdooReader } from './odoo/reader.ts';
import type { TransportOptions } from './odoo/transport.ts';

export interface OdooAccess {
  /** @throws PlanbridgeError PB_ODOO_DATABASE (404), PB_REQUEST_ARGUMENT (400) when it is not clear which */
  chooseDatabase(wanted: string | null): Promise<string>;
  /** @throws PlanbridgeError PB_AUTH_FAILED, PB_ODOO_… */
  checkCredentials(credentials: Credentials): Promise<void>;
  open(database: string, identity: OdooIdentity, signal?: AbortSignal): Promise<OdooReader>;
}

const DATABASE_REMEMBERED_MS = 300_000;

export function createOdooAccess(config: OdooConfig, transport: TransportOptions = {}): OdooAccess {
  let only: { name: Promise<string>; until: number } | null = null;

  async function withConnection<T>(
    use: (connection: Awaited<ReturnType<typeof connectOdoo>>) => Promise<T>,
  ): Promise<T> {
    const connection = await connectOdoo(config.url ?? '', transport);
    try {
      return await use(connection);
    } finally {
      await connection.transport.close();
    }
  }

  /** The database of a server that has one only. */
  async function askForOnly(): Promise<string> {
    if (config.url === null) throw missing();
    try {
      return await withConnection(({ transport }) => chooseDatabase(transport, undefined));
    } catch (error) {
      throw error instanceof PlanbridgeError && error.code === 'PB_ODOO_DATABASE' ? missing() : error;
    }
  }

  return {
    async chooseDatabase(wanted) {
      if (wanted !== null) {
        // A name of control characters or of kilobytes is no database; it would only travel into logs and addresses.
        const served = config.databases === null ? /^[\w.@ -]{1,63}$/.test(wanted) : config.databases.has(wanted);
        const readable = config.url !== null || config.sqlUrl(wanted) !== null;
        if (served && readable) return wanted;
        throw notServed();
      }
      if (config.defaultDatabase !== null) return config.defaultDatabase;
      if (!only || only.until < Date.now()) {
        const name = askForOnly();
        only = { name, until: Date.now() + DATABASE_REMEMBERED_MS };
        name.catch(() => {
          only = null;
        });
      }
      return only.name;
    },

    async checkCredentials({ database, login, password }) {
      if (config.url !== null) {
        await withConnection(({ transport }) => transport.authenticate(database, login, password)).catch(
          (error: unknown) => {
            // Said to somebody who has not signed in yet: without Odoo's own address.
            throw error instanceof PlanbridgeError && error.code === 'PB_ODOO_DATABASE' ? notServed(error) : error;
          },
        );
        return;
      }
      const sqlUrl = config.sqlUrl(database);
      if (sqlUrl === null) throw missing();
      await checkSqlLogin(sqlUrl, { login, password });
    },

    open(database, identity, signal) {
      const databaseUrl = config.sqlUrl(database) ?? undefined;
      // Checked before by checkCredentials, and not twice: it costs Odoo a slow hash.
      const reads: OdooIdentity = databaseUrl === undefined ? identity : { login: identity.login, verified: true };
      return openReader({ url: config.url ?? undefined, database, databaseUrl }, reads, { transport, signal });
    },
  };
}

function missing(): PlanbridgeError {
  return new PlanbridgeError(
    'PB_REQUEST_ARGUMENT',
    400,
    'Argument database is missing, and there are several or none known.',
    {
      remedy: 'Name the database (in frePPLe: odoo.db), or set ODOO_DATABASE.',
    },
  );
}

function notServed(cause?: unknown): PlanbridgeError {
  return new PlanbridgeError('PB_ODOO_DATABASE', 404, 'This database is not served here.', {
    remedy: 'Check the argument database (in frePPLe: odoo.db), or ODOO_DATABASES.',
    cause,
  });
}
