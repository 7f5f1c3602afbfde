// Finds out what a server speaks: JSON-2 from Odoo 19 on, JSON-RPC below. XML-RPC is never used.

import { PlanbridgeError } from '../../errors.ts';

import { createHttp } from './http-client.ts';
import { createJson2 } from './json2.ts';
import { createJsonRpc } from './jsonrpc.ts';
import type { OdooTransport, OdooVersion, TransportOptions } from './transport.ts';

export interface OdooConnection {
  transport: OdooTransport;
  version: OdooVersion;
}

/** Oldest Odoo whose external API we know. */
const OLDEST = 14;

/** Asks the server and chooses the transport. The caller closes it.
 * @throws PlanbridgeError PB_ODOO_UNREACHABLE, PB_ODOO_VERSION */
export async function connectOdoo(
  url: string,
  options: TransportOptions = {},
  signal?: AbortSignal,
): Promise<OdooConnection> {
  const http = createHttp(url, options);
  try {
    const jsonRpc = createJsonRpc(http, options);
    const json2 = createJson2(http, options);
    let version: OdooVersion;
    try {
      version = await jsonRpc.version(signal);
    } catch (error) {
      // Odoo without /jsonrpc: closed by a proxy, or 22 and later.
      if (!(error instanceof PlanbridgeError) || error.cause !== undefined) throw error;
      version = await json2.version(signal).catch(() => {
        throw error;
      });
    }
    if (version.major < OLDEST) {
      const text = `Odoo ${version.version} at ${http.url} is not supported; it takes ${OLDEST} or later.`;
      throw new PlanbridgeError('PB_ODOO_VERSION', 502, text);
    }
    return { transport: version.major >= 19 ? json2 : jsonRpc, version };
  } catch (error) {
    await http.close();
    throw error;
  }
}

/** The database that was configured, else the only one of the server.
 * @throws PlanbridgeError PB_ODOO_DATABASE when it is not clear which */
export async function chooseDatabase(
  transport: OdooTransport,
  wanted: string | undefined,
  signal?: AbortSignal,
): Promise<string> {
  if (wanted) return wanted;
  const names = await transport.databases(signal);
  if (names?.length === 1) return names[0]!;
  // JSON-2 servers with one database, or with a filter by host name, need no name.
  if (names === null && transport.dialect === 'json2') return '';
  const text =
    names === null
      ? `Odoo at ${transport.url} does not list its databases.`
      : `Odoo at ${transport.url} has ${names.length} databases.`;
  throw new PlanbridgeError('PB_ODOO_DATABASE', 404, text, { remedy: 'Configure the name of the database.' });
}
