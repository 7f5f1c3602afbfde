// PGlite in a directory, or in memory, reached through a socket that only this user can open. One process has a directory at a time.
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import type pg from 'pg';
import { PlanbridgeError } from '../errors.ts';

export interface Embedded {
  connection: pg.ClientConfig;
  close(): Promise<void>;
}

/** PostgreSQL's name for the socket of this port. */
const SOCKET = '.s.PGSQL.5432';

/** In place of a directory: gone when it is closed. */
export const IN_MEMORY = 'memory://';

/**
 * @param directory or `IN_MEMORY`
 * @throws PlanbridgeError PB_STORE when another process has the directory, or it cannot be written
 */
export async function openEmbedded(directory: string): Promise<Embedded> {
  const release = directory === IN_MEMORY ? async () => {} : await takeDirectory(directory);
  let db: PGlite | undefined;
  let sockets: string | undefined;
  try {
    db = await PGlite.create(directory === IN_MEMORY ? directory : join(directory, 'database'));
    sockets = await mkdtemp(join(tmpdir(), 'planbridge-'));
    // Pipes are not files on Windows; there the loopback address serves.
    const place = process.platform === 'win32' ? { host: '127.0.0.1', port: 0 } : { path: join(sockets, SOCKET) };
    const server = new PGLiteSocketServer({ db, ...place, maxConnections: 4 });
    await server.start();
    const [host = '', port = ''] = process.platform === 'win32' ? server.getServerConn().split(':') : [sockets, '5432'];
    const opened = { db, server, sockets };
    return {
      connection: { host, port: Number(port), user: 'postgres', database: 'postgres', ssl: false },
      async close() {
        await opened.server.stop();
        await opened.db.close();
        await rm(opened.sockets, { recursive: true, force: true });
        await release();
      },
    };
  } catch (cause) {
    await db?.close().catch(() => {});
    if (sockets) await rm(sockets, { recursive: true, force: true });
    await release();
    throw new PlanbridgeError('PB_STORE', 500, `The embedded database in ${directory} does not start.`, {
      remedy: 'Check that the directory may be written to; or set DATABASE_URL to use a PostgreSQL server.',
      cause,
    });
  }
}

/** Removes the database. @throws PlanbridgeError PB_STORE when a process has it */
export async function clearEmbedded(directory: string): Promise<void> {
  const release = await takeDirectory(directory);
  await rm(join(directory, 'database'), { recursive: true, force: true });
  await release();
}

/** Lock files that this process has made. */
const taken = new Set<string>();

async function takeDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, 'process.lock');
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    for (let tries = 0; tries < 2; tries++) {
      try {
        const file = await open(path, 'wx', 0o600);
        await file.writeFile(String(process.pid));
        await file.close();
        taken.add(path);
        return async () => {
          taken.delete(path);
          await rm(path, { force: true });
        };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const holder = Number(await readFile(path, 'utf8').catch(() => ''));
        // In a container the next process has the same number as the one that was killed.
        if (holder === process.pid ? taken.has(path) : isAlive(holder)) throw inUse(directory, holder);
        // Left behind by a process that was killed.
        await rm(path, { force: true });
      }
    }
  } catch (cause) {
    if (cause instanceof PlanbridgeError) throw cause;
    throw new PlanbridgeError('PB_STORE', 500, `The data directory ${directory} cannot be written.`, {
      remedy: 'Set PLANBRIDGE_DATA_DIR to a directory that may be written to.',
      cause,
    });
  }
  throw inUse(directory, 0);
}

function inUse(directory: string, holder: number): PlanbridgeError {
  return new PlanbridgeError('PB_STORE', 500, `The data directory ${directory} is in use by process ${holder}.`, {
    remedy: 'End that process, or set DATABASE_URL so that several can share one PostgreSQL server.',
  });
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
