// A folder of raw mails, such as FakeSMTP's: watched where the system tells of changes, and looked through now and then. A file
// counts once, by what is in it. Files are written in place: one is taken when it no longer changes and its end is there. What
// lies in the folder is never changed, unless told to remove what is stored.
import { type BigIntStats, type FSWatcher, watch } from 'node:fs';
import { type FileHandle, lstat, open, opendir, unlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlanbridgeError } from '../../errors.ts';
import type { Query, Store } from '../../store/database.ts';
import { HEAD_KEPT_BYTES, type StoredAs } from '../store/intake.ts';
import { rawMail } from '../store/mails.ts';
import { looksComplete } from './complete.ts';
import { createWaker, type Waker } from './pause.ts';
import type { Source, SourceContext } from './source.ts';

export interface FolderOptions {
  name: string;
  directory: string;
  /** What becomes of a file whose mail is stored. */
  done: 'keep' | 'delete';
  quietHours: number;
  maxBytes: number;
  /** Between two looks, where nothing tells of changes. */
  pollMs: number;
  /** A file that does not change for so long, and has its end, is taken. */
  settleMs: number;
  /** One that seems to lack its end is taken after so long without a change. */
  patienceMs: number;
  store: Store;
  now: () => number;
}

/** Seen and not yet taken. */
interface Pending {
  mark: string;
  since: number;
}

interface Look {
  /** Files that wait for their end. */
  pending: number;
}

const MAIL_FILE = /^[^.].*\.eml$/i;
/** At once asked of the database. */
const ASKED = 500;

export function folderSource(options: FolderOptions): Source {
  const { name, directory, quietHours, pollMs, settleMs } = options;
  const state: FolderState = { pending: new Map(), taken: new Map() };
  return {
    name,
    kind: 'folder',
    place: directory,
    quietHours,
    exclusive: true,
    async run(context) {
      const { report, signal } = context;
      const waker = createWaker();
      const watched = watchFolder(directory, waker);
      try {
        while (!signal.aborted) {
          const { pending } = await look(options, state, context);
          report.beat();
          if (pending === 0) await waker.pause(pollMs, signal);
          else await sleep(Math.min(pollMs, settlePause(settleMs)), undefined, { signal }).catch(() => {});
        }
      } finally {
        watched.close();
      }
    },
    async once(context) {
      // Twice at least: whether a file changes is seen at the second look.
      while ((await look(options, state, context)).pending > 0) {
        await sleep(settlePause(settleMs), undefined, { signal: context.signal });
      }
    },
  };
}

function settlePause(settleMs: number): number {
  return Math.max(20, settleMs / 2);
}

interface FolderState {
  pending: Map<string, Pending>;
  /** Marks of what is stored, so that it is neither read nor asked for again. */
  taken: Map<string, string>;
}

async function look(options: FolderOptions, state: FolderState, context: SourceContext): Promise<Look> {
  const { directory, name, store } = options;
  const files = await filesOf(directory, context.signal);
  const present = new Set(files.map(({ path }) => path));
  for (const map of [state.pending, state.taken])
    for (const path of map.keys()) if (!present.has(path)) map.delete(path);
  let candidates = files.filter(({ path, mark }) => state.taken.get(path) !== mark);
  if (options.done === 'keep') candidates = await unknown(store.query, name, candidates, state);
  let trouble: PlanbridgeError | undefined;
  for (const file of candidates) {
    context.signal.throwIfAborted();
    try {
      await take(file, options, state, context);
    } catch (error) {
      // One file that cannot be read does not hold up the others; a database that is gone does.
      if (!isOfFile(error)) throw error;
      trouble ??= error;
    }
    context.report.beat();
  }
  if (trouble === undefined) context.report.well();
  else context.report.failed(trouble);
  return { pending: state.pending.size };
}

function isOfFile(error: unknown): error is PlanbridgeError {
  return error instanceof PlanbridgeError && error.code === 'PB_FILE';
}

interface MailFile {
  path: string;
  mark: string;
  size: number;
  modified: bigint;
}

/** Mail files below a folder, the oldest first. Links are not followed. */
async function filesOf(directory: string, signal: AbortSignal): Promise<MailFile[]> {
  const files: MailFile[] = [];
  try {
    for await (const entry of await opendir(directory, { recursive: true })) {
      signal.throwIfAborted();
      if (!entry.isFile() || !MAIL_FILE.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      if (
        relative(directory, path)
          .split(/[\\/]/)
          .some((part) => part.startsWith('.'))
      )
        continue;
      const stat = await lstat(path, { bigint: true }).catch(() => undefined);
      if (!stat?.isFile()) continue;
      files.push({ path, mark: markOf(stat), size: Number(stat.size), modified: stat.mtimeNs });
    }
  } catch (cause) {
    if (signal.aborted) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new PlanbridgeError('PB_FILE', 500, `The mail folder ${directory} cannot be looked through (${code}).`, {
      cause,
      remedy: 'Check MAIL_FOLDER, and that the service may read it.',
    });
  }
  return files.sort((a, b) => (a.modified < b.modified ? -1 : a.modified > b.modified ? 1 : a.path < b.path ? -1 : 1));
}

/** Files that the database does not know as they are now. */
async function unknown(
  query: Query,
  source: string,
  files: readonly MailFile[],
  state: FolderState,
): Promise<MailFile[]> {
  const rest: MailFile[] = [];
  for (let at = 0; at < files.length; at += ASKED) {
    const some = files.slice(at, at + ASKED).filter(({ path }) => !state.pending.has(path));
    const known = new Map<string, string>();
    if (some.length > 0) {
      const rows = await query<{ place: string; mark: string }>(
        'select place, mark from planbridge.mail_sighting where source = $1 and place = any($2::text[])',
        [source, some.map(({ path }) => path)],
      );
      for (const { place, mark } of rows) known.set(`${place}\n${mark}`, mark);
    }
    for (const file of files.slice(at, at + ASKED)) {
      if (known.has(`${file.path}\n${file.mark}`)) state.taken.set(file.path, file.mark);
      else rest.push(file);
    }
  }
  return rest;
}

async function take(file: MailFile, options: FolderOptions, state: FolderState, context: SourceContext): Promise<void> {
  const { path, mark } = file;
  const { settleMs, patienceMs, maxBytes, now, name } = options;
  const seen = state.pending.get(path);
  if (seen?.mark !== mark) {
    state.pending.set(path, { mark, since: now() });
    if (settleMs > 0) return;
  }
  const quietMs = now() - (seen?.since ?? now());
  if (quietMs < settleMs) return;
  const read = await readStable(file, maxBytes);
  if (read === null) {
    state.pending.delete(path);
    return;
  }
  if (!looksComplete(read) && file.size <= maxBytes && quietMs < patienceMs) return;
  if (read.length === 0) {
    // Nothing was ever written: no mail. Whatever is written later has another mark.
    state.taken.set(path, mark);
    state.pending.delete(path);
    return;
  }
  await context.deliver(
    { place: path, raw: read, size: file.size, mark, envelope: { from: null, to: [] } },
    (query, stored) => replaceShorter(query, name, path, read, stored),
  );
  state.taken.set(path, mark);
  state.pending.delete(path);
  if (options.done === 'delete') await remove(file);
}

/** The file's bytes, or null when it changed or went meanwhile; of one that is too large the beginning. */
async function readStable({ path, size, modified }: MailFile, maxBytes: number): Promise<Buffer | null> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const wanted = size > maxBytes ? Math.min(HEAD_KEPT_BYTES, maxBytes) : size;
    const bytes = Buffer.alloc(wanted);
    let at = 0;
    while (at < wanted) {
      const { bytesRead } = await handle.read(bytes, at, wanted - at, at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    const after = await handle.stat({ bigint: true });
    return at === wanted && Number(after.size) === size && after.mtimeNs === modified ? bytes : null;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw fileTrouble(path, 'read', cause);
  } finally {
    await handle?.close();
  }
}

/** Removes a file whose mail is stored, unless it has changed since. */
async function remove({ path, mark }: MailFile): Promise<void> {
  try {
    const now = await lstat(path, { bigint: true });
    if (markOf(now) === mark) await unlink(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw fileTrouble(path, 'removed', cause);
  }
}

function markOf({ size, mtimeNs, ino }: BigIntStats): string {
  return `${size} ${mtimeNs} ${ino}`;
}

function fileTrouble(path: string, what: string, cause: unknown): PlanbridgeError {
  return new PlanbridgeError('PB_FILE', 500, `The mail ${path} cannot be ${what}.`, {
    cause,
    remedy: 'Check the rights of the file and its folder.',
  });
}

/**
 * A file that was taken too early and has grown: what was read before is its beginning. The whole mail takes its place, and is
 * no repetition of it; a beginning that nobody has read yet is never read.
 */
async function replaceShorter(
  query: Query,
  source: string,
  path: string,
  raw: Buffer,
  stored: StoredAs,
): Promise<void> {
  if (!stored.added) return;
  const [before] = await query<{ id: number; size: number }>(
    `select mail.id::integer, size::float8 from planbridge.mail_sighting join planbridge.mail on mail.id = mail
     where mail_sighting.source = $1 and place = $2 and mail.id <> $3 and kept = 'whole' order by mail.id desc limit 1`,
    [source, path, stored.id],
  );
  if (!before || before.size >= raw.length) return;
  const shorter = await rawMail(query, before.id);
  if (!shorter || !raw.subarray(0, shorter.bytes.length).equals(shorter.bytes)) return;
  await query('update planbridge.mail set replaces = $2 where id = $1', [stored.id, before.id]);
  await query(
    `update planbridge.mail set state = 'done', kind = 'ignored', reason = 'incomplete', done_at = now(), holder = null,
       outcome = 'the file has grown; the whole mail is read instead'
     where id = $1 and state <> 'done'`,
    [before.id],
  );
}

/** Wakes when something changes; never fails: looking now and then finds the rest, and what changes in folders below. */
function watchFolder(directory: string, waker: Waker): { close(): void } {
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(directory, { persistent: false }, () => waker.wake());
    watcher.on('error', () => watcher?.close());
  } catch {
    // Not on every file system.
  }
  return { close: () => watcher?.close() };
}
