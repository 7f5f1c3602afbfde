// The connector behind the endpoint: sign-in, a turn at the gate, one read for equal requests.
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { errorFields } from '../log.ts';
import type { ReportEntry } from '../mapping/report.ts';
import type { Metrics } from '../metrics.ts';
import type { OdooAccess } from './access.ts';
import { type Credentials, createSignIn } from './auth.ts';
import type { DocumentFormat } from './document/write.ts';
import type { ExportRequest } from './export.ts';
import { createGate } from './gate.ts';
import { type RunMeta, type RunSurroundings, startRun } from './run.ts';
import { createSharing, type SharedRun } from './sharing.ts';

/** A pull as it came in. */
export interface Pull {
  /** null = not named. */
  database: string | null;
  login: string;
  password: string;
  /** Of the client, for counting failed sign-ins. */
  address: string;
  request: ExportRequest;
  format: DocumentFormat;
}

export interface Connector {
  /**
   * Resolves when the document can be written. The caller reads `chunks` to the end or calls its `return`.
   * @throws PlanbridgeError
   */
  pull(pull: Pull, log: Log, signal: AbortSignal): Promise<SharedRun<RunMeta>>;
  /** Exports that are under way. */
  readonly running: number;
}

export interface ConnectorOptions extends Omit<RunSurroundings, 'access'> {
  access: OdooAccess;
  metrics?: Pick<Metrics, 'exported'>;
  settings: Pick<Config, 'interfaceUsers' | 'exports' | 'auth'>;
  /** Bounds of shared reads; tests make them small. */
  sharing?: { headBytes: number; windowBytes: number; holdMs: number };
}

const SHARING = { headBytes: 1 << 20, windowBytes: 4 << 20, holdMs: 30_000 };

export function createConnector({
  access,
  settings,
  metrics,
  sharing = SHARING,
  ...surroundings
}: ConnectorOptions): Connector {
  const signIn = createSignIn({
    check: access.checkCredentials,
    interfaceUsers: settings.interfaceUsers,
    cacheSeconds: settings.auth.cacheSeconds,
    failures: settings.auth.failures,
    now: surroundings.now,
  });
  const gate = createGate(settings.exports);
  const shared = createSharing<RunMeta>(sharing);

  return {
    get running() {
      return shared.running;
    },
    async pull({ database: wanted, login, password, address, request, format }, log, signal) {
      const database = await access.chooseDatabase(wanted);
      const credentials: Credentials = { database, login, password };
      await signIn.signIn(credentials, address);
      const key = JSON.stringify([database, login, request, format]);
      const start = async (wantedStill: AbortSignal) => {
        // A connection test is answered even while the long exports run.
        const leave = request.mode === 0 ? () => {} : await gate.enter(wantedStill);
        const started = performance.now();
        try {
          const run = await startRun(
            { database, identity: { login, password }, request, format },
            { access, ...surroundings },
            wantedStill,
          );
          const close = async (error?: unknown) => {
            leave();
            const ms = performance.now() - started;
            logEnd(log, run.meta, ms, error);
            const skipped = run.meta
              .report()
              .reduce((sum, { kind, count }) => sum + (kind === 'skipped' ? count : 0), 0);
            metrics?.exported(error === undefined ? 'done' : 'failed', run.meta.reader.kind, ms / 1_000, skipped);
            await run.close();
          };
          return { ...run, close };
        } catch (error) {
          leave();
          if (isRefusal(error)) signIn.forget(credentials);
          throw error;
        }
      };
      return shared.run(key, start, signal);
    },
  };
}

function isRefusal(error: unknown): boolean {
  return errorFields(error).code === 'PB_AUTH_FAILED';
}

function logEnd(log: Log, { company, reader, report }: RunMeta, ms: number, error: unknown): void {
  const fields = { company, reads: reader.kind, calls: reader.calls, ms: Math.round(ms) };
  if (error !== undefined) {
    const failed = errorFields(error);
    const write = failed.code === 'PB_REQUEST_ABORTED' ? log.warn : log.error;
    write.call(log, { ...fields, ...failed }, 'the export was broken off');
    return;
  }
  log.info(fields, 'the export is complete');
  for (const entry of report()) log.info({ ...short(entry) }, `${entry.kind}: ${entry.entity}: ${entry.reason}`);
}

function short({ entity, reason, count, records }: ReportEntry) {
  return { entity, reason, count, records: records.slice(0, 10) };
}
