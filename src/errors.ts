// Every error that a user, an operator or a remote system can cause: a stable code, a status, a message that says what to do.
// docs/errors.md lists them. A bare `throw new Error` is for mistakes of our own only.

/** Codes by area: PB_CONFIG_…, PB_AUTH_…, PB_REQUEST_…, PB_ODOO_…, PB_MAPPING_…, PB_PLAN_… */
export type ErrorCode =
  | 'PB_CONFIG_INVALID'
  | 'PB_AUTH_REQUIRED'
  | 'PB_AUTH_FAILED'
  | 'PB_AUTH_FORBIDDEN'
  | 'PB_REQUEST_ARGUMENT'
  | 'PB_REQUEST_TOO_MANY'
  | 'PB_REQUEST_BUSY'
  | 'PB_REQUEST_ABORTED'
  | 'PB_REQUEST_BODY'
  | 'PB_REQUEST_TOO_LARGE'
  | 'PB_ODOO_UNREACHABLE'
  | 'PB_ODOO_REFUSED'
  | 'PB_ODOO_ACCESS'
  | 'PB_ODOO_VERSION'
  | 'PB_ODOO_DATABASE'
  | 'PB_ODOO_COMPANY'
  | 'PB_ODOO_INTERFACE_USER'
  | 'PB_ODOO_FAULT'
  | 'PB_MAPPING_SHEET'
  | 'PB_PLAN_DOCUMENT'
  | 'PB_PLAN_REFUSED'
  | 'PB_PLAN_LIVE'
  | 'PB_RUN_BUSY'
  | 'PB_RUN_CUT'
  | 'PB_PLANNER_REFUSED'
  | 'PB_PLANNER_UNREACHABLE'
  | 'PB_MAIL_SOURCE'
  | 'PB_MAIL_TEMPLATE'
  | 'PB_MAIL_STATE'
  | 'PB_AUTOMATION_MODULE'
  | 'PB_AUTOMATION_ENGINE'
  | 'PB_AUTOMATION_REFUSED'
  | 'PB_AUTOMATION_UNREACHABLE'
  | 'PB_STORE'
  | 'PB_FILE'
  | 'PB_INTERNAL';

export class PlanbridgeError extends Error {
  readonly code: ErrorCode;
  /** HTTP status that this error answers with. */
  readonly status: number;
  /** What the reader of the message can do about it; a sentence, or empty when the message says it. */
  readonly remedy: string;
  /** When it is worth trying again, for answers 429 and 503. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    status: number,
    message: string,
    options: { remedy?: string; cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PlanbridgeError';
    this.code = code;
    this.status = status;
    this.remedy = options.remedy ?? '';
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** One line for logs and command line: message, remedy, code. */
export function describeError(error: unknown): string {
  if (error instanceof PlanbridgeError) {
    return [error.message, error.remedy, `(${error.code})`].filter(Boolean).join(' ');
  }
  return error instanceof Error ? error.message : String(error);
}
