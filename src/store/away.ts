// Whether a failure is the database's being away: restarted, unreachable, out of connections. What was to be done may be done later.
import { PlanbridgeError } from '../errors.ts';

/** Of PostgreSQL: connection lost, shut down, starting up, too many connections; and of the network. */
const CODES = /^(08...|57P0[1-4]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;
const WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;
/** What `pg` throws in; errors of Odoo's connections bring codes of their own. */
const DEEP = 4;

export function isStoreAway(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < DEEP; at = at.cause, depth++) {
    if (at instanceof PlanbridgeError) continue;
    if (CODES.test(String((at as { code?: unknown }).code)) || WORDS.test(at.message)) return true;
  }
  return false;
}

export function storeAway(cause: unknown): PlanbridgeError {
  return new PlanbridgeError('PB_STORE', 503, 'The connection to the database of Planbridge was lost.', {
    remedy: 'Check its server.',
    cause,
    retryAfterSeconds: 10,
  });
}
