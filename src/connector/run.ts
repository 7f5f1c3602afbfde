// One export from sign-in to the last piece of text: opens the reader, checks that the user is one of the house, reads, maps
// and writes. The endpoint and the command line both run it.
import { PlanbridgeError } from '../errors.ts';
import type { ReportEntry } from '../mapping/report.ts';
import type { MappingRules } from '../mapping/rules.ts';
import type { OdooAccess } from './access.ts';
import { type DocumentFormat, writeDocument } from './document/write.ts';
import { type ExportRequest, openExport } from './export.ts';
import type { OdooIdentity } from './odoo/open.ts';
import { type OdooReader, readAll } from './odoo/reader.ts';
import type { Run } from './sharing.ts';

export interface RunSurroundings {
  access: Pick<OdooAccess, 'open'>;
  rules: () => MappingRules;
  /** Milliseconds since 1970, UTC. */
  now: () => number;
  /** Of the export; tests pass their own. */
  openExport?: typeof openExport;
  writeDocument?: typeof writeDocument;
}

export interface RunRequest {
  database: string;
  identity: OdooIdentity;
  request: ExportRequest;
  format: DocumentFormat;
}

export interface RunMeta {
  company: string;
  reader: Pick<OdooReader, 'kind' | 'calls' | 'server'>;
  /** What was left out or noticed; complete at the end of the text. */
  report(): ReportEntry[];
}

/** @throws PlanbridgeError for everything that can be said before the first piece of text */
export async function startRun(
  { database, identity, request, format }: RunRequest,
  { access, rules, now, openExport: open = openExport, writeDocument: write = writeDocument }: RunSurroundings,
  signal: AbortSignal,
): Promise<Run<RunMeta>> {
  const reader = await access.open(database, identity, signal);
  try {
    await refuseOutsiders(reader);
    const unknown = await unknownLanguage(reader, request);
    const asked = unknown ? { ...request, language: null } : request;
    const plan = await open(asked, { reader, rules: rules(), now: now(), signal });
    if (unknown) plan.report.notice('plan', unknown, "unknown language: the user's is used");
    return {
      meta: { company: plan.company, reader, report: () => plan.report.entries() },
      text: write(plan, format),
      close: () => reader.close(),
    };
  } catch (error) {
    await reader.close().catch(() => {});
    throw error;
  }
}

/**
 * Portal users and the like hold an Odoo login too; the plan is none of their business.
 * @throws PlanbridgeError PB_AUTH_FORBIDDEN
 */
export async function refuseOutsiders(reader: OdooReader): Promise<void> {
  const forbidden = new PlanbridgeError(
    'PB_AUTH_FORBIDDEN',
    403,
    'Only internal users of Odoo may pull planning data.',
    {
      remedy: 'Sign in as an internal user.',
    },
  );
  try {
    const [user] = await readAll(reader, {
      model: 'res.users',
      fields: ['share'],
      domain: [['id', '=', reader.user.id]],
    });
    if (user && user.share !== true) return;
  } catch (error) {
    if (!(error instanceof PlanbridgeError) || error.code !== 'PB_ODOO_ACCESS') throw error;
  }
  throw forbidden;
}

/** Odoo refuses every read in a language that is not installed; frePPLe's old clients always send one. */
async function unknownLanguage(reader: OdooReader, { language, mode }: ExportRequest): Promise<string | null> {
  if (language === null || mode === 0 || language === reader.user.lang) return null;
  const domain = [['code', '=', language] as const, ['active', '=', true] as const];
  const found = await readAll(reader, { model: 'res.lang', fields: ['code'], domain });
  return found.length > 0 ? null : language;
}
