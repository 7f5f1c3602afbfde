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
  /** What was not understood and is left aside; goes into the log and the document's report. */
  warnings: readonly string[];
}

/** Value of an argument by its name, or null when it is absent. */
export type Argument = (name: string) => string | null | undefined;

function wrong(name: string, value: string, wanted: string): PlanbridgeError {
  const shown = value.length > 60 ? `${value.slice(0, 60)}…` : value;
  return new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, `Argument ${name} is "${shown}".`, {
    remedy: `Give ${wanted}.`,
  });
}

function zoneKnown(zone: string): boolean {
  // `+02:00` is known to this runtime, but is no zone of Odoo and knows no summer time.
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** @throws PlanbridgeError PB_REQUEST_ARGUMENT, naming the argument */
export function readArguments(argument: Argument): PullArguments {
  const warnings: string[] = [];
  const given = (name: string): string | null => argument(name)?.trim() || null;

  const mode = given('mode') ?? '1';
  if (!/^[+-]?\d{1,9}$/.test(mode)) throw wrong('mode', mode, '0 (connection test), 1 (everything) or 2 (reduced)');

  const single = (given('singlecompany') ?? 'false').toLowerCase();
  if (single !== 'true' && single !== 'false') throw wrong('singlecompany', single, 'true or false');

  const delta = given('delta') ?? '999';
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(delta) || !Number.isFinite(Number(delta))) {
    throw wrong('delta', delta, 'a number of days; 999 and more for all sales orders');
  }

  let timezone = given('timezone');
  if (timezone !== null && !zoneKnown(timezone)) {
    warnings.push(`Time zone "${timezone}" is not known; the user's zone is used.`);
    timezone = null;
  }

  let language = given('language');
  if (language !== null && !/^[a-z]{2,3}([_-][A-Za-z0-9]{2,8})?(@[a-z]+)?$/.test(language)) {
    warnings.push(`Language "${language}" is no language code like fr_FR; the user's language is used.`);
    language = null;
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
      language,
      timezone,
      delta: Number(delta),
      apps: argument('apps') ?? '',
    },
    format,
    warnings,
  };
}
