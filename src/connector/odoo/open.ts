// One door to Odoo for reading: by its database where the operator configured it, else by its external API.

import { chooseDatabase, connectOdoo, type OdooConnection } from './connect.ts';
import type { OdooReader } from './reader.ts';
import { openRpc, type RpcReaderOptions } from './rpc.ts';
import type { TransportOptions } from './transport.ts';

export interface OdooTarget {
  /** Address of Odoo's web server. */
  url?: string;
  /** Database's name; not needed where the server has one only. */
  database?: string;
}

export interface OdooCredentials {
  login: string;
  /** Password or API key. */
  password: string;
}

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
