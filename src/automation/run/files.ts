// Files of automations, in a folder of theirs: records that people and other programs read. Rows are appended once for their key:
// where the file stood before is in the ledger, so what a try that was cut has written is found again.
import { mkdir, open, readFile, rename, rm, stat, truncate } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { PlanbridgeError } from '../../errors.ts';
import type { AutomationFiles, Json } from '../automation.ts';
import { csvText } from '../csv.ts';
import type { Effects } from './effects.ts';
import type { Ledger } from './ledger.ts';

export interface FilesOptions {
  folder: string;
  effects: Effects;
  ledger: Ledger;
}

export function createFiles({ folder, effects, ledger }: FilesOptions): AutomationFiles {
  const root = resolve(folder);

  function path(name: string): string {
    const full = resolve(root, name);
    const within = relative(root, full);
    if (within === '' || within.startsWith('..') || isAbsolute(within)) {
      throw new PlanbridgeError('PB_FILE', 400, `${name} is not in the folder of the automations (${root}).`, {
        remedy: 'Name files relative to it.',
      });
    }
    return full;
  }

  return {
    path,
    async readCsv(name) {
      const text = await readFile(isAbsolute(name) ? name : join(root, name), 'utf8').catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw unreadable(name, error);
      });
      if (text === null) return null;
      try {
        return parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true, relax_column_count: true });
      } catch (error) {
        throw unreadable(name, error);
      }
    },
    async writeCsv(name, header, rows) {
      const full = path(name);
      const change = {
        key: `file ${name}`,
        once: 'run' as const,
        subject: basename(name),
        description: `file of ${rows.length} rows written`,
        before: null,
        after: { file: name, rows: rows.length },
      };
      return await effects.effect(change, async () => {
        await replaceFile(full, csvText([header, ...rows]));
        return rows.length;
      });
    },
    async appendCsv(name, header, rows, key, once = 'run') {
      const full = path(name);
      const id = { key: `file ${name} ${key}`, once };
      const before = (await ledger.find([id])).get(id.key);
      const begun = before?.state === 'begun' ? (before.replay as { offset: number } | null) : null;
      const offset = begun?.offset ?? (await sizeOf(full));
      const text = csvText(offset === 0 ? [header, ...rows] : rows);
      const change = {
        ...id,
        subject: basename(name),
        description: `${rows.length} rows added`,
        before: null,
        after: { file: name, rows: rows.length },
        replay: { offset } as Json,
      };
      return await effects.effect(
        change,
        async () => {
          await append(full, text);
          return rows.length;
        },
        async () => ((await isThere(full, offset, text)) ? rows.length : null),
      );
    },
  };
}

/** As a whole or not at all. */
export async function replaceFile(path: string, content: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(draft, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw new PlanbridgeError('PB_FILE', 500, `${path} cannot be written (${reasonOf(error)}).`, {
      remedy: 'Check the folder (AUTOMATIONS_FOLDER) and its rights.',
      cause: error,
    });
  }
}

async function append(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'a');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new PlanbridgeError('PB_FILE', 500, `${path} cannot be written (${reasonOf(error)}).`, {
      remedy: 'Check the folder (AUTOMATIONS_FOLDER) and its rights.',
      cause: error,
    });
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}

/** Whether the text stands behind the offset; one that was cut in the middle is taken away. */
async function isThere(path: string, offset: number, text: string): Promise<boolean> {
  const content = await readFile(path).catch(() => Buffer.alloc(0));
  const tail = content.subarray(offset).toString('utf8');
  if (tail.includes(text)) return true;
  if (tail !== '' && text.startsWith(tail)) await truncate(path, offset);
  return false;
}

function unreadable(name: string, error: unknown): PlanbridgeError {
  return new PlanbridgeError('PB_FILE', 400, `${name} cannot be read: ${reasonOf(error)}.`, {
    remedy: 'It is read as CSV with names in its first line.',
    cause: error,
  });
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
}
