// One door to Odoo for reading: by its database where the operator configured it, else by its external API.

import { PlanbridgeError } from '../../errors.ts';
import { chooseDatabase, connectOdoo, type OdooConnection } from './connect.ts';
import { verifyPassword } from './password.ts';
import { openSnapshot } from './pg-connection.ts';
import type { OdooReader } from './reader.ts';
import { openRpc, type RpcReaderOptions } from './rpc.ts';
import { openSql } from './sql.ts';
import type { TransportOptions } from './transport.ts';

export interface OdooTarget {
  /** Address of Odoo's web server. */
  url?: string;
  /** Database's name; not needed where the server has one only. */
  database?: string;
  /** `postgres://…` of Odoo's own PostgreSQL database; where it is given, reading goes there. */
  databaseUrl?: string;
}

export interface OdooCredentials {
  login: string;
  /** Password or API key. */
  password: string;
}

/** Who the reader reads as. `verified`: the login was checked before, by a session of ours for example. */
export type OdooIdentity = OdooCredentials | { login: string; verified: true };

export interface OpenOptions extends RpcReaderOptions {
  transport?: TransportOptions;
  /** A connection that is kept by the caller and serves several readers; it is not closed with the reader. */
  connection?: OdooConnection;
  signal?: AbortSignal;
}

/** @throws PlanbridgeError PB_AUTH_FAILED, PB_ODOO_DATABASE, PB_ODOO_UNREACHABLE, PB_ODOO_VERSION */
export async function openRpcReader(
  target: OdooTarget,
  credentials: OdooCredentials,
  options: OpenOptions = {},
): Promise<OdooReader> {
  const { signal } = options;
  const connection = options.connection ?? (await connectOdoo(target.url ?? '', options.transport, signal));
  const own = options.connection === undefined;
  try {
    const { transport, version } = connection;
    const database = await chooseDatabase(transport, target.database, signal);
    const session = await transport.authenticate(database, credentials.login, credentials.password, signal);
    const { pageSize, ahead, listSize } = options;
    const onClose = own ? () => transport.close() : undefined;
    return await openRpc(session, version, { pageSize, ahead, listSize, signal, onClose });
  } catch (error) {
    if (own) await connection.transport.close();
    throw error;
  }
}

/** A reader by whichever way the target allows; SQL where a database is configured.
 * @throws PlanbridgeError PB_AUTH_FAILED, PB_ODOO_DATABASE, PB_ODOO_UNREACHABLE, PB_ODOO_VERSION, PB_CONFIG_INVALID */
export async function openReader(
  target: OdooTarget,
  identity: OdooIdentity,
  options: OpenOptions = {},
): Promise<OdooReader> {
  if (target.databaseUrl !== undefined) {
    if ('password' in identity) await checkSqlLogin(target.databaseUrl, identity);
    return await openSql({ url: target.databaseUrl, login: identity.login, pageSize: options.pageSize });
  }
  if (!('password' in identity)) {
    throw new PlanbridgeError('PB_CONFIG_INVALID', 500, 'Reading over the external API takes a password or API key.');
  }
  return await openRpcReader(target, identity, options);
}

/** Checks password or API key against Odoo's database.
 * @throws PlanbridgeError PB_AUTH_FAILED */
export async function checkSqlLogin(databaseUrl: string, { login, password }: OdooCredentials): Promise<void> {
  const snapshot = await openSnapshot(databaseUrl);
  try {
    if (await verifyPassword(snapshot.run, login, password)) return;
  } finally {
    await snapshot.close();
  }
  throw new PlanbridgeError('PB_AUTH_FAILED', 401, 'Odoo refuses the login.', {
    remedy: 'Check user and password or API key.',
  });
}
