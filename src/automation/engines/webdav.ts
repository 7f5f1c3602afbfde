// Files on a WebDAV server: a file is replaced as a whole, by an upload beside it that is checked and then moved. Whatever is not
// a plain success is an error. It removes nothing but its own unfinished uploads and what it is told to.
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { AuthType, createClient, type FileStat, type WebDAVClient } from 'webdav';
import { z } from 'zod';
import type { EngineDefinition } from './engines.ts';
import { refused, saidBy, unreachable } from './http.ts';

export interface DavFile {
  /** From the folder of the settings: `backups/shop-2026-11-21.tar.gz`. */
  path: string;
  size: number;
  /** Milliseconds since 1970. */
  changedAt: number;
}

/** What is uploaded: bytes, or a stream of known length that can be begun anew. */
export type DavContent = Buffer | string | { size: number; open(): Readable };

export interface AutomationWebdav {
  /** Under which others fetch a file, for pictures in messages. @throws PlanbridgeError PB_AUTOMATION_ENGINE without publicUrl */
  address(path: string): string;
  /** Replaces the file; its folders are made. @throws PlanbridgeError PB_AUTOMATION_REFUSED, PB_AUTOMATION_UNREACHABLE */
  upload(path: string, content: DavContent, contentType: string, signal?: AbortSignal): Promise<{ size: number }>;
  /** null = there is no such file. */
  find(path: string, signal?: AbortSignal): Promise<DavFile | null>;
  /** Files of a folder; none when there is no such folder. */
  list(folder: string, signal?: AbortSignal): Promise<DavFile[]>;
  /** A file that is gone is removed. */
  remove(path: string, signal?: AbortSignal): Promise<void>;
}

const httpAddress = z
  .url({ protocol: /^https?$/, error: 'is no address like https://store.example.com/dav' })
  .refine((text) => !URL.parse(text)?.username, 'must not hold credentials; give user and password');

export const WEBDAV_SETTINGS = z.object({
  url: httpAddress.describe('Address of the server, with the folder in which files are kept'),
  user: z.string().default('').describe('User name'),
  password: z.string().default('').describe('Password; name a variable of the environment here'),
  authentication: z
    .enum(['auto', 'basic', 'digest'])
    .default('auto')
    .describe('How to sign in; auto takes what the server asks for'),
  publicUrl: httpAddress.nullable().default(null).describe('Address under which everybody can fetch these files'),
  timeoutSeconds: z.number().positive().max(7_200).default(300).describe('Longest time for one request'),
});
export type WebdavSettings = z.output<typeof WEBDAV_SETTINGS>;

const TYPES = { auto: AuthType.Auto, basic: AuthType.Password, digest: AuthType.Digest };

/** Cannot be moved here: files are written in place. */
const NO_MOVE = new Set([403, 405, 501]);

export function webdav(settings: WebdavSettings): AutomationWebdav {
  const { url, user, password, timeoutSeconds } = settings;
  const signedIn = user !== '';
  const client: WebDAVClient = createClient(url, {
    authType: signedIn ? TYPES[settings.authentication] : AuthType.None,
    ...(signedIn ? { username: user, password } : {}),
  });

  const within = (signal?: AbortSignal) => {
    const timeout = AbortSignal.timeout(timeoutSeconds * 1_000);
    return { signal: signal ? AbortSignal.any([signal, timeout]) : timeout };
  };

  /** @param what for the message: `upload stock.csv` */
  async function asked<T>(what: string, signal: AbortSignal | undefined, perform: () => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    try {
      return await perform();
    } catch (error) {
      signal?.throwIfAborted();
      throw faultOf(what, error);
    }
  }

  function faultOf(what: string, error: unknown) {
    const status = statusOf(error);
    const said = saidBy(error instanceof Error ? error.message : String(error), [password]);
    if (status === undefined || status === 429 || status >= 500) {
      const timedOut = (error as Error).name === 'TimeoutError' || (error as Error).name === 'AbortError';
      const reason = timedOut ? `no answer within ${timeoutSeconds} s` : said;
      // 507: the store is full. That does not pass by itself.
      if (status !== 507) return unreachable('The WebDAV server', `${what}: ${reason}`, { cause: error });
    }
    const remedy =
      status === 401 || status === 403
        ? 'Check url, user and password of the engine webdav in the settings file, and what this user may write.'
        : status === 507
          ? 'Make room there.'
          : 'Check url of the engine webdav in the settings file.';
    return refused('The WebDAV server', `${what}: ${said}`, remedy, error);
  }

  async function find(path: string, signal?: AbortSignal): Promise<DavFile | null> {
    return asked(`look for ${path}`, signal, async () => {
      try {
        const stat = (await client.stat(place(path), within(signal))) as FileStat;
        return stat.type === 'file' ? fileOf(stat, path) : null;
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    });
  }

  const folders = new Set<string>();
  async function makeFolders(path: string, signal?: AbortSignal): Promise<void> {
    const parts = place(path).split('/').slice(1, -1);
    for (let depth = 1; depth <= parts.length; depth++) {
      const folder = `/${parts.slice(0, depth).join('/')}`;
      if (folders.has(folder)) continue;
      await asked(`make the folder ${folder}`, signal, async () => {
        if (!(await client.exists(folder, within(signal)))) {
          // Somebody else may make it at this moment: then there is one (405).
          await client.createDirectory(folder, within(signal)).catch((error: unknown) => {
            if (statusOf(error) !== 405) throw error;
          });
        }
      });
      folders.add(folder);
    }
  }

  /** @param named as messages call it */
  async function put(
    path: string,
    named: string,
    content: DavContent,
    contentType: string,
    signal?: AbortSignal,
  ): Promise<void> {
    const streamed = typeof content === 'object' && 'open' in content;
    const size = sizeOf(content);
    await asked(`upload ${named}`, signal, async () => {
      const headers = { 'Content-Type': contentType, ...(streamed ? { 'Content-Length': String(size) } : {}) };
      const body = streamed ? content.open() : typeof content === 'string' ? Buffer.from(content) : content;
      const taken = await client.putFileContents(place(path), body, { headers, ...within(signal) });
      if (taken !== true) throw new Error('it was not taken');
    });
    const there = await find(path, signal);
    if (there?.size === size) return;
    const found = there === null ? 'nothing' : `${there.size} bytes`;
    throw refused(
      'The WebDAV server',
      `after the upload of ${named} (${size} bytes) there is ${found}`,
      'Look whether the address is that of a WebDAV folder, and whether the store is full.',
    );
  }

  const remove = (path: string, signal?: AbortSignal) =>
    asked(`remove ${path}`, signal, async () => {
      await client.deleteFile(place(path), within(signal)).catch((error: unknown) => {
        if (statusOf(error) !== 404) throw error;
      });
    });

  return {
    find,
    remove,
    address(path) {
      if (settings.publicUrl === null) {
        throw refused(
          'The engine webdav',
          'it has no publicUrl, so nobody could fetch this file',
          'Set publicUrl of the engine webdav in the settings file.',
        );
      }
      return settings.publicUrl.replace(/\/+$/, '') + place(path).split('/').map(encodeURIComponent).join('/');
    },
    async upload(path, content, contentType, signal) {
      // Comes first: signing in is settled before a stream is begun.
      await find(path, signal);
      await makeFolders(path, signal);
      const size = sizeOf(content);
      const at = place(path).lastIndexOf('/') + 1;
      const beside = `${place(path).slice(0, at)}.upload-${randomUUID()}`;
      try {
        await put(beside, path, content, contentType, signal);
        const moved = await asked(`replace ${path}`, signal, async () => {
          try {
            await client.moveFile(beside, place(path), { overwrite: true, ...within(signal) });
            return true;
          } catch (error) {
            if (NO_MOVE.has(statusOf(error) ?? 0)) return false;
            throw error;
          }
        });
        if (!moved) {
          await put(path, path, content, contentType, signal);
          await remove(beside, signal);
        }
        return { size };
      } catch (error) {
        // What is left is of no use; that it cannot be removed changes nothing of the failure.
        await client.deleteFile(beside, { signal: AbortSignal.timeout(5_000) }).catch(() => {});
        throw error;
      }
    },
    async list(folder, signal) {
      return asked(`list ${folder}`, signal, async () => {
        try {
          const found = (await client.getDirectoryContents(place(folder), within(signal))) as FileStat[];
          const prefix = folder.replace(/^\/+|\/+$/g, '');
          return found
            .filter(({ type, basename }) => type === 'file' && !basename.startsWith('.upload-'))
            .map((stat) => fileOf(stat, prefix === '' ? stat.basename : `${prefix}/${stat.basename}`));
        } catch (error) {
          if (statusOf(error) === 404) return [];
          throw error;
        }
      });
    },
  };
}

/** `/` in front, no steps up. */
function place(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) {
    throw refused('The engine webdav', `${path} leads out of its folder`, 'Give a path without `..`.');
  }
  return `/${parts.join('/')}`;
}

function sizeOf(content: DavContent): number {
  if (typeof content === 'string') return Buffer.byteLength(content);
  return 'open' in content ? content.size : content.length;
}

function fileOf(stat: FileStat, path: string): DavFile {
  const changedAt = Date.parse(stat.lastmod);
  return { path, size: stat.size, changedAt: Number.isNaN(changedAt) ? 0 : changedAt };
}

function statusOf(error: unknown): number | undefined {
  const { status } = (error ?? {}) as { status?: unknown };
  return typeof status === 'number' ? status : undefined;
}

export const webdavEngine: EngineDefinition<typeof WEBDAV_SETTINGS, AutomationWebdav> = {
  settings: WEBDAV_SETTINGS,
  open: async (settings) => ({ engine: webdav(settings), close: async () => {} }),
};
