// POST /jsonrpc as Odoo answers it: services common, object and db; errors come with status 200 and Odoo's error object.

import { z } from 'zod';
import { keyError, OdooFault, unknownDatabase, unknownModel } from '../faults.ts';
import { createEnv } from '../orm/env.ts';
import type { Answer, Context } from '../values.ts';
import { callMethod } from './model-methods.ts';
import type { Served } from './served.ts';

const request = z.object({
  id: z.union([z.number(), z.string(), z.null()]).optional(),
  params: z.object({
    service: z.string(),
    method: z.string(),
    args: z.array(z.unknown()).default([]),
  }),
});

export interface RpcAnswer {
  jsonrpc: '2.0';
  id: number | string | null;
  result?: unknown;
  error?: unknown;
}

export function answerJsonRpc(served: Served, body: unknown): RpcAnswer {
  const parsed = request.safeParse(body);
  const id = parsed.success ? (parsed.data.id ?? null) : null;
  try {
    if (!parsed.success)
      throw new OdooFault('builtins.TypeError', 'The request is no JSON-RPC call of a service.', 400);
    const { service, method, args } = parsed.data.params;
    return { jsonrpc: '2.0', id, result: dispatch(served, service, method, args) };
  } catch (error) {
    return { jsonrpc: '2.0', id, error: errorObject(error) };
  }
}

export function errorObject(error: unknown): unknown {
  const data = faultData(error);
  return { code: 200, message: 'Odoo Server Error', data };
}

/** Name, message, arguments as Odoo reports them; a mistake of the sandbox itself is reported as one. */
export function faultData(error: unknown): {
  name: string;
  message: string;
  arguments: readonly unknown[];
  debug: string;
  context: object;
} {
  if (error instanceof OdooFault) {
    return {
      name: error.exception,
      debug: `Traceback (most recent call last):\n${error.exception.replace('builtins.', '')}: ${error.message}\n`,
      message: error.message,
      arguments: error.args,
      context: {},
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  const debug = error instanceof Error ? (error.stack ?? message) : message;
  return { name: 'builtins.Exception', debug, message, arguments: [message], context: {} };
}

function dispatch(served: Served, service: string, method: string, args: readonly unknown[]): unknown {
  switch (service) {
    case 'common':
      return common(served, method, args);
    case 'object':
      return object(served, method, args);
    case 'db':
      return database(served, method, args);
    default:
      throw new OdooFault('builtins.KeyError', service, 404, [service]);
  }
}

function common(served: Served, method: string, args: readonly unknown[]): unknown {
  switch (method) {
    case 'version':
      return served.version;
    case 'authenticate':
    case 'login': {
      const [name, login, password] = args;
      checkDatabase(served, name);
      return served.accounts.authenticate(String(login ?? ''), String(password ?? '')) ?? false;
    }
    default:
      throw new OdooFault('builtins.Exception', `Method not found: ${method}`, 404);
  }
}

function object(served: Served, method: string, args: readonly unknown[]): unknown {
  if (method !== 'execute_kw' && method !== 'execute') throw keyError(method);
  const [name, uid, password, model, called] = args;
  checkDatabase(served, name);
  served.accounts.check(Number(uid), String(password ?? ''));
  if (typeof model !== 'string' || !served.db.models.has(model)) throw unknownModel(String(model));
  const positional = method === 'execute' ? args.slice(5) : ((args[5] ?? []) as unknown[]);
  const { context, ...named } = (method === 'execute' ? {} : (args[6] ?? {})) as Record<string, unknown>;
  return runCall(served, Number(uid), model, String(called), positional, named, context as Context | undefined);
}

/** One call of one user, whichever way it came in. */
export function runCall(
  served: Served,
  uid: number,
  model: string,
  method: string,
  args: readonly unknown[],
  named: Record<string, unknown>,
  context: Context | undefined,
): Answer {
  const env = createEnv({
    db: served.db,
    behaviours: served.behaviours,
    now: served.now,
    uid,
    context: context ?? {},
  });
  return callMethod(env, model, { method, args, named });
}

function database(served: Served, method: string, args: readonly unknown[]): unknown {
  switch (method) {
    case 'list':
      return [served.database];
    case 'db_exist':
      return args[0] === served.database;
    case 'server_version':
      return served.version.server_version;
    default:
      throw new OdooFault('builtins.KeyError', method, 404, [method]);
  }
}

function checkDatabase(served: Served, name: unknown): void {
  if (name !== served.database) throw unknownDatabase(String(name));
}
