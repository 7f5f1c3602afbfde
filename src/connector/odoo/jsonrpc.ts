// JSON-RPC (`/jsonrpc`, Odoo 14 to 21): services `common`, `db` and `object`. The password goes with each call;
// Odoo keeps no session for it.

import { z } from 'zod';
import { PlanbridgeError } from '../../errors.ts';
import { type FaultContext, faultToError, unreachable } from './faults.ts';
import type { OdooHttp } from './http-client.ts';
import type { CallOptions, OdooSession, OdooTransport, TransportOptions } from './transport.ts';
import { parseVersion } from './version.ts';

const Answer = z.object({
  result: z.unknown().optional(),
  error: z
    .object({
      message: z.string().default(''),
      data: z
        .object({ name: z.string().default(''), message: z.string().nullish(), debug: z.string().nullish() })
        .partial()
        .nullish(),
    })
    .optional(),
});

export async function callService(
  http: OdooHttp,
  service: 'common' | 'db' | 'object',
  method: string,
  args: readonly unknown[],
  context: FaultContext,
  options: CallOptions,
): Promise<unknown> {
  const body = { jsonrpc: '2.0', method: 'call', id: 1, params: { service, method, args } };
  const answer = await http.send({ method: 'POST', path: '/jsonrpc', body, ...options });
  const parsed = answer.json === undefined ? undefined : Answer.safeParse(answer.json);
  if (!parsed?.success) {
    const remedy = 'Check the address, and that a proxy in front of Odoo passes /jsonrpc on.';
    throw unreachable(http.url, `does not speak JSON-RPC (status ${answer.status})`, remedy);
  }
  const { error, result } = parsed.data;
  if (error === undefined) return result;
  const { data } = error;
  const fault = { name: data?.name ?? '', message: data?.message || error.message, traceback: data?.debug ?? '' };
  throw faultToError(fault, context);
}

export function createJsonRpc(http: OdooHttp, options: TransportOptions = {}): OdooTransport {
  const tracebacks = options.tracebacks ?? false;
  const plain: FaultContext = { url: http.url, secrets: [], tracebacks };

  const transport: OdooTransport = {
    dialect: 'jsonrpc',
    url: http.url,
    get requests() {
      return http.requests;
    },
    async version(signal) {
      return parseVersion(
        await callService(http, 'common', 'version', [], plain, { signal, idempotent: true }),
        http.url,
      );
    },
    async databases(signal) {
      try {
        const names = await callService(http, 'db', 'list', [], plain, { signal, idempotent: true });
        return z.array(z.string()).parse(names);
      } catch (error) {
        // Listing is switched off on most public servers (`list_db = False`).
        if (error instanceof PlanbridgeError && error.code !== 'PB_ODOO_UNREACHABLE') return null;
        throw error;
      }
    },
    async authenticate(database, login, password, signal) {
      const context = { ...plain, database, secrets: [password] };
      const args = [database, login, password, {}];
      const uid = await callService(http, 'common', 'authenticate', args, context, { signal, idempotent: true });
      if (typeof uid !== 'number' || uid <= 0) {
        throw faultToError({ name: 'odoo.exceptions.AccessDenied', message: '', traceback: '' }, context);
      }
      return sessionOf(database, uid, password);
    },
    close: () => http.close(),
  };

  function sessionOf(database: string, uid: number, password: string): OdooSession {
    return {
      transport,
      database,
      uid,
      call(model, method, args, kwargs = {}, callOptions = {}) {
        const context = { ...plain, database, model, method, secrets: [password] };
        const parameters = [database, uid, password, model, method, args, kwargs];
        return callService(http, 'object', 'execute_kw', parameters, context, callOptions);
      },
    };
  }

  return transport;
}
