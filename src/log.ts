// The log: JSON lines on standard error (standard output belongs to documents). Secrets are taken out before anything is
// written, by key and by what they look like.
import { pino } from 'pino';
import { describeError, PlanbridgeError } from './errors.ts';
import { redact } from './redact.ts';

/** What modules need of a log; tests pass their own. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const SECRET_KEYS = ['password', 'authorization', 'webtoken', 'token', 'apiKey', 'databaseUrl'];

export interface LogOptions {
  level: string;
  write?: (line: string) => void;
}

export function createLog({ level, write = (line) => process.stderr.write(line) }: LogOptions): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '***' },
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => write(redact(line)) },
  );
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** An error for the log: code, message with remedy, and the stack of mistakes of our own. */
export function errorFields(error: unknown): Record<string, unknown> {
  if (error instanceof PlanbridgeError) {
    const cause = error.cause instanceof Error ? error.cause.message : undefined;
    return { code: error.code, error: describeError(error), cause };
  }
  return { code: 'PB_INTERNAL', error: describeError(error), stack: error instanceof Error ? error.stack : undefined };
}

/** The same log with fields on every line, for example the correlation id of a request. */
export function withFields(log: Log, fields: object): Log {
  const bind = (level: keyof Log) => (more: object, message: string) => log[level]({ ...fields, ...more }, message);
  return { debug: bind('debug'), info: bind('info'), warn: bind('warn'), error: bind('error') };
}
