// 5: photos of a folder become what a web shop takes: smaller, .jpg, without transparency.
import { isAbsolute, relative, resolve } from 'node:path';
import { z } from 'zod';
import { automation } from '../automation.ts';
import { findPhotos, type PhotoFile, type PhotoTask, taskOf, workOn } from '../photos.ts';

const settings = z.object({
  folder: z.string().min(1).describe('Folder with the photos; folders in it are searched too'),
  largestMegabytes: z.number().positive().max(1_000).default(1.8).describe('Photos above this size are made smaller'),
  side: z.int().min(16).max(20_000).default(1_280).describe('Longest side of a photo that is made smaller, in pixels'),
  quality: z.int().min(30).max(100).default(85).describe('Quality of the pictures that are written'),
  background: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'is no colour like #ffffff')
    .default('#ffffff')
    .describe('Colour behind what was transparent'),
  originals: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('Folder in which originals are kept; not within the other'),
  settleSeconds: z
    .int()
    .min(0)
    .max(86_400)
    .default(60)
    .describe('Photos that were changed so lately are left for the next run'),
});

const DONE: Readonly<Record<PhotoTask, string>> = {
  resize: 'made smaller',
  rename: 'renamed to .jpg',
  flatten: 'made a .jpg',
};

/** Pure: megabytes as people count them. */
export function describePhoto({ bytes }: PhotoFile, task: PhotoTask): string {
  return `${DONE[task]}, from ${(bytes / 1e6).toFixed(1)} MB`;
}

const isWithin = (path: string, folder: string) => {
  const way = relative(folder, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
};

export const photos = automation({
  name: 'photos',
  title: 'Photos',
  seed: '5',
  description:
    'Makes photos above 1.8 MB smaller, at most 1280×1280 pixels, and .jpeg and .png files to .jpg, as the web shop wants them.',
  schedule: 'hourly',
  missed: 'once',
  needs: [],
  settings,
  async run({ settings: wanted, now, signal, effect, progress, count, log, state }) {
    const root = resolve(wanted.folder);
    const originals = wanted.originals === null ? null : resolve(wanted.originals);
    const rules = { ...wanted, originals, largestBytes: wanted.largestMegabytes * 1e6 };
    const found = await findPhotos(root, now(), signal);
    const photos = found.filter(({ path }) => originals === null || !isWithin(path, originals) || originals === root);
    count('photos', photos.length);
    const until = now() - wanted.settleSeconds * 1_000;
    for (const [at, photo] of photos.entries()) {
      signal.throwIfAborted();
      progress(at / photos.length, photo.name);
      const task = taskOf(photo, rules.largestBytes);
      if (task === null || photo.changedAt > until) continue;
      // One that could not be done is not tried again each hour, unless it has changed.
      const mark = `${photo.bytes}/${photo.changedAt}`;
      if ((await state.get(`given up/${photo.name}`)) === mark) continue;
      const outcome = await effect(
        {
          ...{ key: `photo/${photo.name}/${mark}`, once: 'run', subject: photo.name },
          ...{ description: describePhoto(photo, task), before: { bytes: photo.bytes }, after: null },
        },
        () => workOn(photo, root, rules),
      );
      if (outcome.kind === 'failed') {
        await state.set(`given up/${photo.name}`, mark);
        log('info', `${photo.name} is left alone until it changes.`);
      }
    }
  },
});
