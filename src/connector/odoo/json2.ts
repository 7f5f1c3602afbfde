// JSON-2 (`POST /json/2/<model>/<method>`, Odoo 19 and later): an API key as bearer, arguments by name, HTTP statuses.
// Source: Odoo's documentation, "External JSON-2 API", and the controller addons/rpc/controllers/json2.py.

import { z } from 'zod';
import { PlanbridgeError } from '../../errors.ts';
import { type FaultContext, faultToError, missingDatabase } from './faults.ts';
import type { OdooHttp } from './http-client.ts';
import type { OdooSession, OdooTransport, TransportOptions } from './transport.ts';
import { parseVersion } from './version.ts';

/** Names of the positional arguments of the methods that we call; of others, arguments are to be given by name.
 * `ids` first = a method of records. */
const POSITIONAL: Readonly<Record<string, readonly string[]>> = {
  search: ['domain', 'offset', 'limit', 'order'],
  search_count: ['domain', 'limit'],
  search_read: ['domain', 'fields', 'offset', 'limit', 'order'],
  read: ['ids', 'fields', 'load'],
  fields_get: ['allfields', 'attributes'],
  context_get: [],
  create: ['vals_list'],
  write: ['ids', 'vals'],
  unlink: ['ids'],
  name_search: ['name', 'domain', 'operator', 'limit'],
  default_get: ['fields'],
  has_access: ['ids', 'operation'],
};

const Fault = z.object({ name: z.string(), message: z.string().nullish(), debug: z.string().nullish() });

/** Positional arguments by name. A method that is not in the table takes ids as its only positional argument. */
export function nameArguments(method: string, args: readonly unknown[]): Record<string, unknown> {
  const names = POSITIONAL[method] ?? ['ids'];
  if (args.length > names.length) {
    throw new Error(`${method} has ${args.length} positional arguments; give those after ids by name`);
  }
  const named: Record<string, unknown> = {};
  for (const [index, value] of args.entries()) {
    const name = names[index] ?? '';
    named[name] = name === 'ids' && typeof value === 'number' ? [value] : value;
  }
  return named;
}

export function createJson2(http: OdooHttp, options: TransportOptions = {}): OdooTransport {
  const plain: FaultContext = { url: http.url, secrets: [], tracebacks: options.tracebacks ?? false };

  const transport: OdooTransport = {
    dialect: 'json2',
    url: http.url,
    get requests() {
      return http.requests;
    },
    async version(signal) {
      const answer = await http.send({ method: 'GET', path: '/web/version', idempotent: true, signal });
      return parseVersion(answer.json, http.url);
    },
    async databases(signal) {
      const body = { jsonrpc: '2.0', method: 'call', id: 1, params: {} };
      const answer = await http.send({ method: 'POST', path: '/web/database/list', body, idempotent: true, signal });
      const parsed = z.object({ result: z.array(z.string()) }).safeParse(answer.json);
      return parsed.success ? parsed.data.result : null;
    },
    async authenticate(database, login, password, signal) {
      const unknown = sessionOf(database, 0, password);
      const options = { idempotent: true, signal };
      const { uid } = z
        .object({ uid: z.number().int() })
        .parse(await unknown.call('res.users', 'context_get', [], {}, options));
      const session = sessionOf(database, uid, password);
      const rows = await session.call('res.users', 'read', [[uid], ['login']], {}, options);
      const found = z.array(z.object({ login: z.string() })).parse(rows)[0]?.login;
      // The key alone decides who is signed in; a login that is not its owner's is a mistake worth telling.
      if (login !== '' && found !== login) {
        throw new PlanbridgeError('PB_AUTH_FAILED', 401, `The API key given for ${login} belongs to another user.`);
      }
      return session;
    },
    close: () => http.close(),
  };

  function sessionOf(database: string, uid: number, key: string): OdooSession {
    const headers: Record<string, string> = { authorization: `bearer ${key}` };
    if (database !== '') headers['x-odoo-database'] = database;
    return {
      transport,
      database,
      uid,
      async call(model, method, args, kwargs = {}, callOptions = {}) {
        const context = { ...plain, database, model, method, secrets: [key] };
        const body = { ...nameArguments(method, args), ...kwargs };
        const path = `/json/2/${encodeURIComponent(model)}/${encodeURIComponent(method)}`;
        const answer = await http.send({ method: 'POST', path, headers, body, ...callOptions });
        if (answer.status >= 200 && answer.status < 300) return answer.json;
        const fault = Fault.safeParse(answer.json);
        if (fault.success) {
          const { name, message, debug } = fault.data;
          throw faultToError({ name, message: message ?? '', traceback: debug ?? '' }, context);
        }
        // Without a database Odoo does not know the route at all and answers with its 404 page.
        if (answer.status === 404) throw missingDatabase(context);
        const name = answer.status === 401 ? 'odoo.exceptions.AccessDenied' : '';
        throw faultToError({ name, message: `status ${answer.status}`, traceback: '' }, context);
      },
    };
  }

  return transport;
}
