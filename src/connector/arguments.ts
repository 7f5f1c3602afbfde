// The arguments of a pull (connector.md 1.2): leniently where frePPLe relies on it, named errors where a mistake would
// otherwise go unseen. Unknown arguments never fail.
import { PlanbridgeError } from '../errors.ts';
import type { DocumentFormat } from './document/write.ts';
import type { ExportRequest } from './export.ts';

export interface PullArguments {
  /** null = not given. */
  database: string | null;
  request: ExportRequest;
  /** null = not given. */
  format: DocumentFormat | null;
}

/** Value of an argument by its name, or null when it is absent. */
export type Argument = (name: string) => string | null | undefined;

function wrong(name: string, value: string, wanted: string): PlanbridgeError {
  const shown = value.length > 60 ? `${value.slice(0, 60)}…` : value;
  return new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, `Argument ${name} is "${shown}".`, {
    remedy: `Give ${wanted}.`,
  });
}

/** @throws PlanbridgeError PB_REQUEST_ARGUMENT, naming the argument */
export function readArguments(argument: Argument): PullArguments {
  const given = (name: string): string | null => argument(name)?.trim() || null;

  const mode = given('mode') ?? '1';
  if (!/^[+-]?\d{1,9}$/.test(mode)) throw wrong('mode', mode, '0 (connection test), 1 (everything) or 2 (reduced)');

  const single = (given('singlecompany') ?? 'false').toLowerCase();
  if (single !== 'true' && single !== 'false') throw wrong('singlecompany', single, 'true or false');

  const delta = given('delta') ?? '999';
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(delta) || !Number.isFinite(Number(delta))) {
    throw wrong('delta', delta, 'a number of days; 999 and more for all sales orders');
  }

  const format = given('format');
  if (format !== null && format !== 'xml' && format !== 'json') throw wrong('format', format, 'xml or json');

  return {
    database: given('database'),
    request: {
      mode: Number(mode),
      // Not trimmed: names in Odoo may begin with a blank.
      company: argument('company') || null,
      singleCompany: single === 'true',
      // Unknown ones are left aside and reported, as the reference does: see run.ts and export.ts.
      language: given('language'),
      timezone: given('timezone'),
      delta: Number(delta),
      apps: argument('apps') ?? '',
    },
    format,
  };
}
