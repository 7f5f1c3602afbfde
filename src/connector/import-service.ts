// Plans as they come in, from wherever: stored, written to Odoo, and the outcome stored with them.
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { describeError, PlanbridgeError } from '../errors.ts';
import type { PostedRecord } from '../mapping/posted.ts';
import type { Metrics } from '../metrics.ts';
import type { Store } from '../store/database.ts';
import {
  addImport,
  failImport,
  findImport,
  finishImport,
  type ImportSource,
  importDocument,
} from '../store/imports.ts';
import { ORDER_LIMITS, readOrders } from './document/orders.ts';
import { type ImportSurroundings, runImport } from './import.ts';
import { withoutAlarm } from './import-answer.ts';
import { type DryRun, dryRun } from './import-dry-run.ts';
import { type ImportRequest, type ImportSettings, prepareImport } from './import-prepare.ts';
import { createReferences } from './import-references.ts';
import type { ImportResult } from './import-result.ts';
import type { OdooWriter } from './odoo/writer.ts';

const unzip = promisify(gunzip);

export interface ImportCaller {
  database: string;
  login: string;
  password: string;
}

export interface PlanToImport {
  request: ImportRequest;
  posted: readonly PostedRecord[];
  /** The document as it came, gzip. */
  document: Buffer;
  source: ImportSource;
  client: string;
  repeats: number | null;
  /** Overrides of the configuration, for orders that somebody accepts one by one. */
  settings?: Partial<ImportSettings>;
  /** Ends it between two calls to Odoo. */
  signal?: AbortSignal;
  /** Records made so far. */
  progress?(made: number): void;
}

export interface ImportService {
  readonly store: Store;
  /** Name under which imports of a database are kept. */
  odooOf(database: string): string;
  openWriter(caller: ImportCaller): Promise<OdooWriter>;
  /** Portal users hold an Odoo login too; plans are none of their business.
   * @throws PlanbridgeError PB_AUTH_FORBIDDEN, PB_ODOO_ACCESS */
  requireInternal(caller: ImportCaller): Promise<void>;
  /** @throws PlanbridgeError */
  run(caller: ImportCaller, plan: PlanToImport): Promise<{ id: number; result: ImportResult }>;
  /** What it would do. @throws PlanbridgeError */
  preview(caller: ImportCaller, plan: Pick<PlanToImport, 'request' | 'posted' | 'settings'>): Promise<DryRun>;
  /** The same document again. @throws PlanbridgeError PB_REQUEST_ARGUMENT when there is none of this number */
  repeat(caller: ImportCaller, id: number): Promise<{ id: number; result: ImportResult }>;
}

export interface ImportServiceOptions extends Omit<ImportSurroundings, 'settings'> {
  metrics?: Pick<Metrics, 'imported'> | undefined;
  /** Address of Odoo; null = writing is not possible. */
  odooUrl: string | null;
  openWriter: (url: string, caller: ImportCaller) => Promise<OdooWriter>;
  /** At the time of each import. */
  settings: () => ImportSettings;
}

export function createImportService({
  odooUrl,
  openWriter,
  settings,
  metrics,
  ...surroundings
}: ImportServiceOptions): ImportService {
  const { store } = surroundings;

  function url(): string {
    if (odooUrl !== null) return odooUrl;
    throw new PlanbridgeError('PB_CONFIG_INVALID', 500, 'Plans can only be written through the external API of Odoo.', {
      remedy: 'Set ODOO_URL beside ODOO_DATABASE_URL.',
    });
  }

  const service: ImportService = {
    store,
    odooOf: (database) => `${odooUrl ?? 'sql:'} ${database}`,
    openWriter: (caller) => openWriter(url(), caller),
    async requireInternal(caller) {
      const writer = await service.openWriter(caller);
      await writer.close();
    },
    async run(caller, plan) {
      const { request, posted, document, source, client, repeats } = plan;
      // Whoever may not write leaves nothing behind here.
      const writer = await service.openWriter(caller);
      try {
        const id = await addImport(store, {
          odoo: service.odooOf(caller.database),
          company: request.company ?? '',
          login: caller.login,
          actualUser: request.actualUser,
          mode: request.mode,
          source,
          client,
          repeats,
          records: posted.length,
          document,
        });
        try {
          const { signal, progress } = plan;
          const whole = { ...surroundings, signal, progress, settings: { ...settings(), ...plan.settings } };
          const started = performance.now();
          const result = await runImport(request, posted, id, writer, whole);
          metrics?.imported(countBy(result), (performance.now() - started) / 1_000);
          await finishImport(store, id, result);
          return { id, result };
        } catch (error) {
          await failImport(store, id, withoutAlarm(describeError(error))).catch(() => {});
          throw error;
        }
      } finally {
        await writer.close();
      }
    },
    async preview(caller, { request, posted, settings: own }) {
      const writer = await service.openWriter(caller);
      try {
        const prepared = await prepareImport(request, posted, { ...settings(), ...own }, writer);
        return await dryRun(prepared, createReferences({ ...surroundings, odoo: writer.odoo }));
      } finally {
        await writer.close();
      }
    },
    async repeat(caller, id) {
      await service.requireInternal(caller);
      const odoo = service.odooOf(caller.database);
      const [before, document] = [await findImport(store, odoo, id), await importDocument(store, odoo, id)];
      if (before === null || document === null) {
        throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 404, `There is no import ${id}.`, {
          remedy: 'GET /api/imports lists them.',
        });
      }
      const posted: PostedRecord[] = [];
      const bytes = await unzip(document);
      await readOrders(once(bytes), (record) => posted.push(record), ORDER_LIMITS);
      const request = { mode: before.mode, company: before.company || null, actualUser: before.actualUser };
      return await service.run(caller, { request, posted, document, source: 'repeat', client: '', repeats: id });
    },
  };
  return service;
}

function countBy({ records }: ImportResult): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of records) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}
