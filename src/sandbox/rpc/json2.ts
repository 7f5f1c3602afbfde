// POST /json/2/<model>/<method> as Odoo 19 answers it: bearer key, named arguments, errors with a status.

import { accessDenied, OdooFault, unknownModel } from '../faults.ts';
import type { Context } from '../values.ts';
import { faultData, runCall } from './jsonrpc.ts';
import type { Served } from './served.ts';

export interface Json2Answer {
  status: number;
  body: unknown;
}

export function answerJson2(
  served: Served,
  request: {
    model: string;
    method: string;
    authorization: string | undefined;
    database: string | undefined;
    body: unknown;
  },
): Json2Answer {
  try {
    const key = /^bearer\s+(.+)$/i.exec(request.authorization ?? '')?.[1]?.trim();
    if (!key) throw accessDenied();
    if (request.database !== undefined && request.database !== served.database) {
      throw new OdooFault('werkzeug.exceptions.NotFound', `404 Not Found: no database ${request.database}`, 404);
    }
    const uid = served.accounts.byKey(key);
    if (!served.db.models.has(request.model)) throw unknownModel(request.model);
    const body = request.body ?? {};
    if (typeof body !== 'object' || Array.isArray(body)) {
      throw new OdooFault('werkzeug.exceptions.BadRequest', 'The body must be a JSON object of named arguments.', 400);
    }
    const { context, ids, ...named } = body as Record<string, unknown>;
    const args = ids === undefined ? [] : [ids];
    const called = inOrder(request.method, named, args);
    const answer = runCall(served, uid, request.model, request.method, args, called, context as Context);
    // New records are answered as a list of ids, also when it is one.
    return { status: 200, body: request.method === 'create' && typeof answer === 'number' ? [answer] : answer };
  } catch (error) {
    return { status: error instanceof OdooFault ? error.status : 500, body: faultData(error) };
  }
}

/** Odoo 19's names of arguments that earlier versions call otherwise. */
function inOrder(method: string, named: Record<string, unknown>, args: readonly unknown[]): Record<string, unknown> {
  if (method === 'read' && args.length === 0) return { ...named, ids: [] };
  if (method === 'name_search' && named.domain !== undefined) return { ...named, args: named.domain };
  return named;
}
