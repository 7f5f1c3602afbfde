// Photos as a web shop wants them: not too large, .jpg, without transparency. At every moment either the original or the finished
// picture is there; a name that is taken is never overwritten by another picture.
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, lstat, mkdir, open, readdir, readFile, rename, stat, unlink, utimes } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import sharp from 'sharp';
import { PlanbridgeError } from '../errors.ts';

export interface PhotoRules {
  /** A .jpg of more bytes is made smaller. */
  largestBytes: number;
  /** Sides of the box that it is made to fit. */
  side: number;
  /** Of JPEG, 1 to 100. */
  quality: number;
  /** Behind what was transparent: `#ffffff`. */
  background: string;
  /** Folder for originals that were changed; null = they are not kept. */
  originals: string | null;
}

export interface PhotoFile {
  path: string;
  /** From the folder that was searched. */
  name: string;
  bytes: number;
  /** Milliseconds since 1970. */
  changedAt: number;
}

export type PhotoTask = 'resize' | 'rename' | 'flatten';

/** What has to be done with a file; null = nothing. Pure. */
export function taskOf({ name, bytes }: Pick<PhotoFile, 'name' | 'bytes'>, largestBytes: number): PhotoTask | null {
  const ending = extname(name).toLowerCase();
  if (ending === '.png') return 'flatten';
  if (ending === '.jpeg') return 'rename';
  return ending === '.jpg' && bytes > largestBytes ? 'resize' : null;
}

const UNFINISHED = /^\.planbridge-[0-9a-f-]{36}\.tmp$/;
const STALE_MS = 3_600_000;

/** Pictures of a folder and those in it, in the order of their names. What an earlier process has left unfinished is removed. */
export async function findPhotos(folder: string, now: number, signal: AbortSignal): Promise<PhotoFile[]> {
  const found: PhotoFile[] = [];
  async function search(at: string): Promise<void> {
    signal.throwIfAborted();
    for (const entry of await readdir(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) await search(path);
      // Links may lead anywhere, and to the same picture twice.
      if (!entry.isFile()) continue;
      const { size, mtimeMs } = await lstat(path);
      if (UNFINISHED.test(entry.name) && now - mtimeMs > STALE_MS) await unlink(path);
      else if (/\.(jpe?g|png)$/i.test(entry.name)) {
        found.push({ path, name: relative(folder, path), bytes: size, changedAt: mtimeMs });
      }
    }
  }
  await search(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined) throw error;
    throw new PlanbridgeError('PB_FILE', 500, `The folder ${folder} cannot be read (${error.code}).`, {
      remedy: 'Check that it is there, and its rights.',
      cause: error,
    });
  });
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** JSON. */
export type PhotoResult = { name: string; bytes: number; width: number; height: number };

/** Does what `taskOf` says; may be repeated, also when it was cut. @throws PlanbridgeError PB_FILE when the name is taken */
export async function workOn(photo: PhotoFile, root: string, rules: PhotoRules): Promise<PhotoResult> {
  const task = taskOf(photo, rules.largestBytes);
  if (task !== null && rules.originals !== null && task !== 'rename') await keepOriginal(photo, rules.originals);
  if (task === 'flatten') return await flatten(photo, root, rules);
  const path = task === 'rename' ? await renamed(photo) : photo.path;
  const { size } = await stat(path);
  if (size > rules.largestBytes) {
    if (task === 'rename' && rules.originals !== null) {
      await keepOriginal({ ...photo, path, name: relative(root, path) }, rules.originals);
    }
    await resize(path, rules);
  }
  return await resultOf(path, root);
}

async function resultOf(path: string, root: string): Promise<PhotoResult> {
  const { width, height } = await sharp(path).metadata();
  return { name: relative(root, path), bytes: (await stat(path)).size, width, height };
}

/** Pictures of which a part is missing are refused rather than made grey. */
function reading(path: string) {
  return sharp(path, { failOn: 'warning' });
}

/** Within the box with Lanczos, aspect kept; the tag of its orientation stays, and with it which side is up. */
async function shrunk(path: string, rules: PhotoRules, flat: boolean): Promise<Buffer> {
  const { side, largestBytes, background } = rules;
  for (let quality = rules.quality; ; quality -= 10) {
    let picture = reading(path);
    if (flat) picture = picture.flatten({ background });
    const { size } = await stat(path);
    // A .png that becomes a small .jpg keeps its pixels.
    if (!flat || size > largestBytes) {
      picture = picture.resize({
        width: side,
        height: side,
        fit: 'inside',
        withoutEnlargement: true,
        kernel: 'lanczos3',
        // Halving while it is decoded would be quicker, and another filter.
        fastShrinkOnLoad: false,
      });
    }
    const made = await picture.keepMetadata().jpeg({ quality }).toBuffer();
    if (made.length <= largestBytes || quality <= 30) return made;
  }
}

async function resize(path: string, rules: PhotoRules): Promise<void> {
  const before = await stat(path);
  const made = await shrunk(path, rules, false);
  if (made.length >= before.size) {
    throw new PlanbridgeError('PB_FILE', 500, `${basename(path)} does not become smaller.`, {
      remedy: 'Make it smaller by hand, or allow larger files.',
    });
  }
  const beside = await writeBeside(path, made, before.mode);
  const now = await stat(path);
  if (now.mtimeMs !== before.mtimeMs || now.size !== before.size) {
    await unlink(beside);
    throw changed(path);
  }
  await rename(beside, path);
  await settle(dirname(path));
}

async function flatten(photo: PhotoFile, root: string, rules: PhotoRules): Promise<PhotoResult> {
  const { path } = photo;
  const target = withEnding(path, '.jpg');
  const before = await stat(path);
  const made = await shrunk(path, rules, true);
  const beside = await writeBeside(path, made, before.mode);
  try {
    const now = await stat(path);
    if (now.mtimeMs !== before.mtimeMs || now.size !== before.size) throw changed(path);
    await link(beside, target).catch(async (error: NodeJS.ErrnoException) => {
      // Made by a process that died before it removed the .png.
      if (error.code === 'EEXIST' && made.equals(await readFile(target))) return;
      throw error.code === 'EEXIST' ? taken(path, target) : error;
    });
  } finally {
    await unlink(beside);
  }
  await settle(dirname(path));
  await unlink(path);
  return await resultOf(target, root);
}

/** .jpeg → .jpg @returns the new path */
async function renamed({ path }: PhotoFile): Promise<string> {
  const target = withEnding(path, '.jpg');
  await link(path, target).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    const [own, other] = [await stat(path), await stat(target)];
    const same =
      own.ino === other.ino || (own.size === other.size && (await readFile(path)).equals(await readFile(target)));
    if (!same) throw taken(path, target);
  });
  await settle(dirname(path));
  await unlink(path);
  return target;
}

/** Once for each state of a file: one that was changed since is kept beside the other. */
async function keepOriginal(photo: PhotoFile, folder: string): Promise<void> {
  const { path, name } = photo;
  const { size, atime, mtime } = await stat(path);
  const ending = extname(name);
  for (let count = 1; ; count++) {
    const target = join(folder, count === 1 ? name : `${name.slice(0, -ending.length)} (${count})${ending}`);
    await mkdir(dirname(target), { recursive: true });
    const there = await stat(target).catch(() => null);
    if (there) {
      if (there.size === size && there.mtimeMs === mtime.getTime()) return;
      continue;
    }
    const beside = join(dirname(target), `.planbridge-${randomUUID()}.tmp`);
    await copyFile(path, beside, constants.COPYFILE_EXCL);
    await utimes(beside, atime, mtime);
    const file = await open(beside, 'r+');
    await file.sync().finally(() => file.close());
    await rename(beside, target);
    await settle(dirname(target));
    return;
  }
}

async function writeBeside(path: string, content: Buffer, mode: number): Promise<string> {
  const beside = join(dirname(path), `.planbridge-${randomUUID()}.tmp`);
  const file = await open(beside, 'wx', mode & 0o777);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  return beside;
}

/** The names of a folder are on the disk before an original goes. */
async function settle(folder: string): Promise<void> {
  const directory = await open(folder, 'r');
  await directory.sync().finally(() => directory.close());
}

const withEnding = (path: string, ending: string) => path.slice(0, -extname(path).length) + ending;

function taken(path: string, target: string): PlanbridgeError {
  return new PlanbridgeError('PB_FILE', 500, `${basename(target)} is there already, and is another picture.`, {
    remedy: `Rename or remove one of ${basename(path)} and ${basename(target)}.`,
  });
}

function changed(path: string): PlanbridgeError {
  return new PlanbridgeError('PB_FILE', 500, `${basename(path)} was changed meanwhile.`, {
    remedy: 'The next run looks at it again.',
  });
}
