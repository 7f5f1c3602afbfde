// How commands on this machine reach a service that has the embedded database: its address and a token of this start, in a file
// beside the database that only the service's account may read. Nothing of it is ever sent elsewhere.
import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { PlanbridgeError } from '../errors.ts';

export interface LocalAccess {
  readonly token: string;
  publish(url: string): Promise<void>;
  withdraw(): Promise<void>;
}

const FILE = 'service.json';

const Service = z.object({ url: z.string(), token: z.string(), process: z.number() });

export function createLocalAccess(dataDirectory: string): LocalAccess {
  const path = join(dataDirectory, FILE);
  const token = randomBytes(32).toString('base64url');
  return {
    token,
    async publish(url) {
      const draft = `${path}.${process.pid}`;
      try {
        await rm(draft, { force: true });
        const file = await open(draft, 'wx', 0o600);
        await file.writeFile(JSON.stringify({ url, token, process: process.pid }));
        await file.close();
        await rename(draft, path);
      } catch (cause) {
        throw new PlanbridgeError('PB_FILE', 500, `${path} cannot be written.`, {
          remedy: 'Set PLANBRIDGE_DATA_DIR to a directory that may be written to.',
          cause,
        });
      }
    },
    async withdraw() {
      const mine = await findLocalService(dataDirectory);
      if (mine?.token === token) await rm(path, { force: true });
    },
  };
}

/** The service that has this directory, or had it when it was killed; null = there is none. */
export async function findLocalService(dataDirectory: string): Promise<{ url: string; token: string } | null> {
  const text = await readFile(join(dataDirectory, FILE), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const { url, token, process: pid } = Service.parse(JSON.parse(text));
    return isAlive(pid) ? { url, token } : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
