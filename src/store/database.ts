// Our own database: PostgreSQL where one is configured, else PGlite behind its socket server, so that there is one code path,
// through `pg`. PGlite is one session: its pool has one connection, transactions stay short, and locks are this process's.
import pg from 'pg';
import { PlanbridgeError } from '../errors.ts';
import { openEmbedded } from './embedded.ts';
import { type NamedLocks, processLocks, serverLocks } from './locks.ts';
import { migrate } from './migrate.ts';

export type SqlValue =
  | string
  | number
  | boolean
  | null
  | Date
  | Buffer
  | readonly (string | null)[]
  | readonly (number | null)[];
export type Query = <T extends object = Record<string, unknown>>(
  sql: string,
  values?: readonly SqlValue[],
) => Promise<T[]>;

export interface Store extends NamedLocks {
  readonly kind: 'postgres' | 'embedded';
  query: Query;
  /** Runs to the end or not at all. Keep it short, and ask nobody else within. */
  transaction<T>(run: (query: Query) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface StoreOptions {
  /** `postgres://…`; null = embedded, in `dataDirectory`. */
  databaseUrl: string | null;
  /** Or `IN_MEMORY`. */
  dataDirectory: string;
}

const CONNECTIONS = 8;

/**
 * Opens the database and brings its tables up to date.
 * @throws PlanbridgeError PB_STORE
 * @example await openStore({ databaseUrl: process.env.DATABASE_URL ?? null, dataDirectory: '.planbridge' })
 */
export async function openStore({ databaseUrl, dataDirectory }: StoreOptions): Promise<Store> {
  const embedded = databaseUrl === null ? await openEmbedded(dataDirectory) : null;
  const connection: pg.ClientConfig = embedded?.connection ?? {
    connectionString: databaseUrl ?? '',
    application_name: 'planbridge',
  };
  const pool = new pg.Pool({
    ...connection,
    max: embedded ? 1 : CONNECTIONS,
    idleTimeoutMillis: embedded ? 0 : 30_000,
  });
  // A lost idle connection is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  // So would one that is lost between two statements; the next statement fails then.
  pool.on('connect', (client) => client.on('error', () => {}));
  const close = async () => {
    await pool.end();
    await embedded?.close();
  };
  try {
    await migrate(pool);
  } catch (cause) {
    await close().catch(() => {});
    if (cause instanceof PlanbridgeError) throw cause;
    throw new PlanbridgeError(
      'PB_STORE',
      500,
      `The database of Planbridge cannot be used: ${(cause as Error).message}`,
      {
        remedy: embedded
          ? 'Check the data directory (PLANBRIDGE_DATA_DIR).'
          : 'Check DATABASE_URL, and that the role may create tables.',
        cause,
      },
    );
  }

  const asked = <T extends object>(client: Pick<pg.Pool, 'query'>): Query =>
    (async (sql: string, values: readonly SqlValue[] = []) => {
      // Of several statements in one text, the rows of all.
      const results: pg.QueryResult | pg.QueryResult[] = await client.query(sql, [...values]);
      return (Array.isArray(results) ? results.flatMap(({ rows }) => rows) : results.rows) as T[];
    }) as Query;

  return {
    kind: embedded ? 'embedded' : 'postgres',
    query: asked(pool),
    async transaction(run) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        const result = await run(asked(client as unknown as pg.Pool));
        await client.query('commit');
        client.release();
        return result;
      } catch (error) {
        // A connection whose transaction cannot be ended is not given back.
        const ended = await client.query('rollback').then(
          () => undefined,
          (failure: Error) => failure,
        );
        client.release(ended);
        throw error;
      }
    },
    ...(embedded ? processLocks() : serverLocks(connection)),
    close,
  };
}
