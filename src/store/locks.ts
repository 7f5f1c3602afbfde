// One holder per name: over all processes that share a PostgreSQL server (advisory locks, which end with their connection), or
// within this process where the database is embedded and nobody else has it.
import pg from 'pg';
import { PlanbridgeError } from '../errors.ts';

export interface NamedLocks {
  /**
   * Runs while nobody else runs under this name.
   * @throws PlanbridgeError PB_REQUEST_BUSY when the name is not free within `waitMs`
   */
  locked<T>(name: string, waitMs: number, run: () => Promise<T>): Promise<T>;
}

function busy(): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_BUSY', 503, 'Another import for this company is being written to Odoo.', {
    remedy: 'Try again when it is done.',
    retryAfterSeconds: 30,
  });
}

export function processLocks(): NamedLocks {
  const queues = new Map<string, Promise<void>>();
  return {
    async locked(name, waitMs, run) {
      const before = queues.get(name) ?? Promise.resolve();
      const mine = Promise.withResolvers<void>();
      const queue = before.then(() => mine.promise);
      queues.set(name, queue);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<boolean>((resolve) => {
        timer = setTimeout(resolve, waitMs, false);
      });
      try {
        if (!(await Promise.race([before.then(() => true), late]))) throw busy();
        return await run();
      } finally {
        clearTimeout(timer);
        mine.resolve();
        // Who gave up leaves the one in front of it running.
        void queue.then(() => {
          if (queues.get(name) === queue) queues.delete(name);
        });
      }
    },
  };
}

const LOCK_NOT_AVAILABLE = '55P03';

export function serverLocks(connection: pg.ClientConfig): NamedLocks {
  return {
    async locked(name, waitMs, run) {
      // A connection of its own: it is held for minutes, and its end is the lock's end.
      const client = new pg.Client({ ...connection, keepAlive: true });
      const lost = new Promise<never>((_, reject) => {
        client.on('error', (cause) =>
          reject(
            new PlanbridgeError('PB_STORE', 500, 'The connection to the database broke while an import was written.', {
              remedy: 'Post the plan again; what is done is not done twice.',
              cause,
            }),
          ),
        );
      });
      lost.catch(() => {});
      await client.connect();
      try {
        await client.query(`set lock_timeout = ${Math.max(1, Math.round(waitMs))}`);
        await client.query('select pg_advisory_lock(hashtextextended($1, 7))', [name]);
        return await Promise.race([run(), lost]);
      } catch (error) {
        throw (error as { code?: string }).code === LOCK_NOT_AVAILABLE ? busy() : error;
      } finally {
        await client.end().catch(() => {});
      }
    },
  };
}
