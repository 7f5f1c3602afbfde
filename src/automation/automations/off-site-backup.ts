// 21: folders and files of this machine go to a place elsewhere, each as one archive a day. An archive is read again before it counts;
// old ones are removed only after a new one is there.
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { create, list } from 'tar';
import { z } from 'zod';
import { PlanbridgeError } from '../../errors.ts';
import { automation } from '../automation.ts';
import { dayName } from '../csv.ts';
import { WEBDAV_SETTINGS, webdav } from '../engines/webdav.ts';

const settings = z.object({
  targets: z
    .record(z.string().regex(/^[\w-]+$/, 'is no name of letters, digits, - and _'), z.string().min(1))
    .describe('What is saved: a name, and the path of a folder or file'),
  webdav: WEBDAV_SETTINGS.nullable().default(null).describe('WebDAV server elsewhere, as the engine webdav is set up'),
  folder: z.string().min(1).nullable().default(null).describe('A folder that is elsewhere, in place of the server'),
  keep: z.int().min(1).max(10_000).default(14).describe('Archives of each that are kept'),
  scratch: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('Folder in which archives are made; default that of the system'),
});

/** Where archives go. */
interface Place {
  put(name: string, path: string): Promise<number>;
  names(): Promise<string[]>;
  remove(name: string): Promise<void>;
}

/** Archives of a target beyond those that are kept, oldest first. Pure. @param names whatever is there */
export function outdated(names: readonly string[], target: string, keep: number): string[] {
  const own = names.flatMap((name) => {
    const found = /^(.+)_(\d\d)_(\d\d)_(\d\d)\.tar\.gz$/.exec(name);
    return found?.[1] === target ? [{ name, day: `${found[4]}-${found[2]}-${found[3]}` }] : [];
  });
  own.sort((a, b) => (a.day < b.day ? -1 : 1));
  return own.slice(0, Math.max(0, own.length - keep)).map(({ name }) => name);
}

function inFolder(folder: string): Place {
  return {
    async put(name, path) {
      await mkdir(folder, { recursive: true });
      const beside = join(folder, `.upload-${name}`);
      await copyFile(path, beside);
      const file = await open(beside, 'r+');
      await file.sync().finally(() => file.close());
      await rename(beside, join(folder, name));
      return (await stat(join(folder, name))).size;
    },
    names: () => readdir(folder),
    remove: (name) => rm(join(folder, name), { force: true }),
  };
}

function onServer(given: z.output<typeof WEBDAV_SETTINGS>, signal: AbortSignal): Place {
  const server = webdav(given);
  return {
    async put(name, path) {
      const { size } = await stat(path);
      await server.upload(name, { size, open: () => createReadStream(path) }, 'application/gzip', signal);
      return size;
    },
    names: async () => (await server.list('', signal)).map(({ path }) => path),
    remove: (name) => server.remove(name, signal),
  };
}

/** @returns entries in it @throws PlanbridgeError PB_FILE */
async function archive(path: string, file: string, warn: (message: string) => void): Promise<number> {
  const from = resolve(path);
  await stat(from).catch((error: NodeJS.ErrnoException) => {
    throw new PlanbridgeError('PB_FILE', 500, `${path} cannot be read (${error.code}).`, {
      remedy: 'Check targets of the backup, and the rights.',
      cause: error,
    });
  });
  const options = {
    gzip: true,
    cwd: dirname(from),
    file,
    onwarn: (_: string, message: string | Error) => warn(String(message)),
  };
  await create(options, [`./${basename(from)}`]);
  let entries = 0;
  // Read again to its end: a broken archive throws.
  await list({ file, strict: true, onReadEntry: () => void entries++ });
  return entries;
}

export const offSiteBackup = automation({
  name: 'off-site-backup',
  title: 'Off-site backup',
  seed: '21',
  description:
    'Saves folders and files of this machine elsewhere, as an archive a day for each, and keeps the last of them.',
  schedule: 'daily at 00:30',
  missed: 'once',
  needs: [],
  settings,
  async run({ settings: wanted, signal, effect, log, count, today, progress }) {
    const { targets, keep } = wanted;
    const place = wanted.webdav ? onServer(wanted.webdav, signal) : wanted.folder ? inFolder(wanted.folder) : null;
    if (place === null) {
      throw new PlanbridgeError('PB_AUTOMATION_ENGINE', 409, 'The backup has no place to go to.', {
        remedy: 'Set webdav or folder of off-site-backup in the settings file.',
      });
    }
    const scratch = await mkdtemp(join(wanted.scratch ?? tmpdir(), 'planbridge-backup-'));
    try {
      for (const [at, [target, path]] of Object.entries(targets).entries()) {
        signal.throwIfAborted();
        progress(at / Object.keys(targets).length, target);
        const name = `${dayName(target, today())}.tar.gz`;
        const outcome = await effect(
          {
            ...{ key: `backup/${name}`, once: 'run', subject: target, description: `saved as ${name}` },
            before: null,
            after: path,
          },
          async () => {
            const file = join(scratch, name);
            try {
              const entries = await archive(path, file, (message) => log('warn', `${target}: ${message}`));
              return { entries, bytes: await place.put(name, file) };
            } finally {
              await rm(file, { force: true });
            }
          },
        );
        if (outcome.kind !== 'done') continue;
        count('saved', 1);
        for (const old of outdated(await place.names(), target, keep)) {
          await effect(
            {
              key: `remove/${old}`,
              once: 'run',
              subject: target,
              description: `${old} removed`,
              before: old,
              after: null,
            },
            async () => {
              await place.remove(old);
              return true;
            },
          );
        }
      }
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  },
});
