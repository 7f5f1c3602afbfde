// Odoo's errors and the network's, in our words. Secrets never get into a message: what was sent is not repeated,
// and an answer that quotes the password is cleaned.

import { PlanbridgeError } from '../../errors.ts';

/** Odoo's error object: `error.data` of JSON-RPC, the body of a JSON-2 error. */
export interface OdooFault {
  name: string;
  message: string;
  traceback: string;
}

export interface FaultContext {
  url: string;
  database?: string;
  model?: string;
  method?: string;
  /** Words that must not appear in a message. */
  secrets: readonly string[];
  tracebacks: boolean;
}

export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret.length > 2) clean = clean.replaceAll(secret, '***');
  return clean;
}

const ACCESS_DENIED = ['odoo.exceptions.AccessDenied', 'werkzeug.exceptions.Unauthorized'];
const MISSING_DATABASE = /database "[^"]*" does not exist|KeyError: 'res\.users'/;
const MISSING_MODEL = /^Object \S+ doesn't exist$|the model '?\S+?'? does not exist|^'?[\w.]+'? is not a model$/;

/** True for the answer to a call of a model that is not installed. */
export function isMissingModel(error: unknown): boolean {
  return error instanceof PlanbridgeError && error.code === 'PB_ODOO_FAULT' && error.cause instanceof MissingModel;
}

class MissingModel extends Error {}

export function faultToError(fault: OdooFault, context: FaultContext): PlanbridgeError {
  const message = redact(fault.message.trim(), context.secrets);
  const where = context.model === undefined ? '' : ` (${context.model}.${context.method})`;
  const trace = context.tracebacks && fault.traceback ? `\n${redact(fault.traceback, context.secrets)}` : '';
  if (ACCESS_DENIED.includes(fault.name)) {
    return new PlanbridgeError('PB_AUTH_FAILED', 401, `Odoo refuses the login at ${context.url}.${trace}`, {
      remedy: 'Check user and password or API key; Odoo 19 and later accept API keys only.',
    });
  }
  if (fault.name === 'odoo.exceptions.AccessError') {
    const first = message.split('\n')[0];
    return new PlanbridgeError('PB_ODOO_ACCESS', 403, `Odoo denies access to ${context.model}: ${first}${trace}`, {
      remedy: 'Give the user of the connection the right to it in Odoo.',
    });
  }
  if (/OperationalError/.test(fault.name) || MISSING_DATABASE.test(fault.traceback)) {
    if (MISSING_DATABASE.test(message) || MISSING_DATABASE.test(fault.traceback)) {
      return missingDatabase(context);
    }
    return new PlanbridgeError(
      'PB_ODOO_UNREACHABLE',
      502,
      `Odoo at ${context.url} cannot use its database: ${message}`,
      {
        remedy: "Check Odoo's PostgreSQL server and Odoo's log.",
      },
    );
  }
  const cause = MISSING_MODEL.test(message) ? new MissingModel(message) : undefined;
  return new PlanbridgeError('PB_ODOO_FAULT', 502, `Odoo reports an error${where}: ${message || fault.name}${trace}`, {
    cause,
  });
}

export function missingDatabase(context: Pick<FaultContext, 'url' | 'database'>): PlanbridgeError {
  return new PlanbridgeError('PB_ODOO_DATABASE', 404, `Odoo at ${context.url} has no database "${context.database}".`, {
    remedy: "Check the database's name.",
  });
}

/** `detail` says what was seen, `remedy` what to check. */
export function unreachable(
  url: string,
  detail: string,
  remedy = 'Check the address, that Odoo runs, and firewalls and proxies in between.',
  cause?: unknown,
): PlanbridgeError {
  return new PlanbridgeError('PB_ODOO_UNREACHABLE', 502, `Odoo at ${url} ${detail}.`, { remedy, cause });
}

export function aborted(cause?: unknown): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_ABORTED', 499, 'The request was broken off.', { cause });
}
