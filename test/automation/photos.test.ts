// Photos on a real disk: smaller, .jpg and flat, the right way up, and never lost.
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { photos } from '../../src/automation/automations/photos.ts';
import { findPhotos } from '../../src/automation/photos.ts';
import { Killed, type World, world } from './world.ts';

let folder: string;
let w: World;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'planbridge-photos-'));
  w = world({ now: '2026-03-07T12:00:00Z' });
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
const names = async (sub = '') =>
  (await readdir(at(sub), { recursive: true })).filter((name) => !/^a$/.test(name)).sort();
const settings = (changes: Record<string, unknown> = {}) => ({ folder, settleSeconds: 0, ...changes });

/** Noise does not compress: large files of few pixels. */
function noise(width: number, height: number, channels: 3 | 4 = 3) {
  return sharp({
    create: { width, height, channels, background: '#888888', noise: { type: 'gaussian', mean: 128, sigma: 90 } },
  });
}
async function put(name: string, content: Buffer): Promise<Buffer> {
  await mkdir(at('a'), { recursive: true });
  await writeFile(at(name), content);
  const then = new Date(w.clock - 3_600_000);
  await utimes(at(name), then, then);
  return content;
}
let large: Buffer;
const largeJpeg = async () =>
  (large ??= await noise(1_700, 1_200)
    .jpeg({ quality: 95 })
    .withExif({ IFD0: { Copyright: 'Us' } })
    .toBuffer());

describe('a photo above 1.8 MB', () => {
  it('is made to fit 1280 × 1280 with its aspect, its orientation and what else it says', async () => {
    await put(
      'big.jpg',
      await sharp(await largeJpeg())
        .withMetadata({ orientation: 6 })
        .withExifMerge({ IFD0: { Copyright: 'Us' } })
        .jpeg({ quality: 95 })
        .toBuffer(),
    );
    expect((await stat(at('big.jpg'))).size).toBeGreaterThan(1.8e6);
    await w.run(photos, settings());
    const picture = await sharp(at('big.jpg')).metadata();
    expect([picture.width, picture.height, picture.orientation, picture.format]).toEqual([1_280, 904, 6, 'jpeg']);
    expect((await stat(at('big.jpg'))).size).toBeLessThan(1.8e6);
    expect(picture.exif?.includes('Us')).toBe(true);
    expect(w.descriptions()[0]).toMatch(/^big\.jpg: made smaller, from \d\.\d MB$/);
  });

  it('is made smaller with Lanczos from all of its pixels', async () => {
    const content = await put('big.jpg', await noise(2_700, 1_400).jpeg({ quality: 90 }).toBuffer());
    await w.run(photos, settings({ quality: 80 }));
    const box = { width: 1_280, height: 1_280, fit: 'inside', kernel: 'lanczos3', fastShrinkOnLoad: false } as const;
    const wanted = await sharp(await sharp(content).resize(box).jpeg({ quality: 80 }).toBuffer())
      .raw()
      .toBuffer();
    expect(wanted.equals(await sharp(at('big.jpg')).raw().toBuffer())).toBe(true);
  });

  it('is compressed more where its pixels are few already', async () => {
    const content = await put('few.jpg', await noise(1_270, 1_270).jpeg({ quality: 100 }).toBuffer());
    expect(content.length).toBeGreaterThan(1.8e6);
    await w.run(photos, settings());
    expect(await sharp(at('few.jpg')).metadata()).toMatchObject({ width: 1_270, height: 1_270 });
    expect((await stat(at('few.jpg'))).size).toBeLessThan(1.8e6);
  });

  it('is found in folders, whatever the case of its ending, and keeps its name', async () => {
    await put('a/BIG.JPG', await largeJpeg());
    await w.run(photos, settings());
    expect((await stat(at('a/BIG.JPG'))).size).toBeLessThan(1.8e6);
  });
});

describe('a photo that is small enough', () => {
  it('stays as it is, byte for byte', async () => {
    const content = await put('small.jpg', await noise(1_500, 300).jpeg({ quality: 50 }).toBuffer());
    await w.run(photos, settings());
    expect(content.equals(await readFile(at('small.jpg')))).toBe(true);
    expect(w.changes).toEqual([]);
  });
});

describe('other kinds', () => {
  it('.jpeg becomes .jpg, byte for byte, or smaller if it has to', async () => {
    const content = await put('one.jpeg', await noise(300, 300).jpeg().toBuffer());
    await put('two.JPEG', await largeJpeg());
    await w.run(photos, settings());
    expect(await names()).toEqual(['one.jpg', 'two.jpg']);
    expect(content.equals(await readFile(at('one.jpg')))).toBe(true);
    expect((await sharp(at('two.jpg')).metadata()).width).toBe(1_280);
  });

  it('.png becomes a flat .jpg, on the colour that is set', async () => {
    await put(
      'clear.png',
      await sharp({ create: { width: 40, height: 20, channels: 4, background: '#ff000000' } })
        .png()
        .toBuffer(),
    );
    await w.run(photos, settings({ background: '#00ff00' }));
    expect(await names()).toEqual(['clear.jpg']);
    const { data, info } = await sharp(at('clear.jpg')).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([40, 20, 3]);
    expect(data[1]).toBeGreaterThan(250);
    expect(data[0]).toBeLessThan(5);
  });

  it('a large .png is made smaller too', async () => {
    await put('big.png', await noise(1_500, 900, 4).png().toBuffer());
    await w.run(photos, settings());
    expect(await sharp(at('big.jpg')).metadata()).toMatchObject({ width: 1_280, height: 768, hasAlpha: false });
  });
});

describe('nothing is lost', () => {
  it('when the name is taken by another picture: both stay, and it is said once', async () => {
    const jpg = await put('rose.jpg', await noise(50, 50).jpeg().toBuffer());
    await put('rose.png', await noise(60, 60, 4).png().toBuffer());
    await put('rose.jpeg', await noise(70, 70).jpeg().toBuffer());
    await w.run(photos, settings());
    expect(await names()).toEqual(['rose.jpeg', 'rose.jpg', 'rose.png']);
    expect(jpg.equals(await readFile(at('rose.jpg')))).toBe(true);
    expect(w.errors()).toHaveLength(2);
    expect(w.errors()[0]).toContain('rose.jpg is there already, and is another picture');
    await w.run(photos, settings());
    expect(w.errors()).toEqual([]);
  });

  it('when a picture is broken: it stays as it is', async () => {
    const broken = await put('broken.jpg', (await largeJpeg()).subarray(0, 1_900_000));
    const nonsense = await put('text.png', Buffer.from('this is no picture'));
    await put('good.jpeg', await noise(30, 30).jpeg().toBuffer());
    await w.run(photos, settings());
    expect(await names()).toEqual(['broken.jpg', 'good.jpg', 'text.png']);
    expect(broken.equals(await readFile(at('broken.jpg')))).toBe(true);
    expect(nonsense.equals(await readFile(at('text.png')))).toBe(true);
    expect(w.errors()).toHaveLength(2);
  });

  it.each(['before', 'after'] as const)('when the process dies %s a change', async (when) => {
    await put('a.png', await noise(60, 60, 4).png().toBuffer());
    await put('b.jpeg', await noise(60, 60).jpeg().toBuffer());
    await put('c.jpg', await largeJpeg());
    for (const name of ['a', 'b', 'c']) {
      w.kill = { key: new RegExp(`photo/${name}\\.`), when };
      await expect(w.run(photos, settings())).rejects.toThrow(Killed);
    }
    w.kill = null;
    await w.run(photos, settings());
    expect(await names()).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
    expect(w.errors()).toEqual([]);
  });

  it('when it died between the new picture and the removal of the old', async () => {
    const png = await put('a.png', await noise(60, 60, 4).png().toBuffer());
    const jpeg = await put('b.jpeg', await noise(60, 60).jpeg().toBuffer());
    await w.run(photos, settings());
    const made = await readFile(at('a.jpg'));
    await put('a.png', png);
    await put('b.jpeg', jpeg);
    await w.run(photos, settings());
    expect(await names()).toEqual(['a.jpg', 'b.jpg']);
    expect(made.equals(await readFile(at('a.jpg')))).toBe(true);
  });

  it('when originals are kept: each as it was, also a second one of the same name', async () => {
    const first = await put('big.jpg', await largeJpeg());
    const originals = at('originals');
    await w.run(photos, settings({ originals }));
    expect(first.equals(await readFile(at('originals/big.jpg')))).toBe(true);
    w.clock += 60_000;
    const second = await put('big.jpg', await noise(1_600, 1_300).jpeg({ quality: 96 }).toBuffer());
    await w.run(photos, settings({ originals }));
    expect(await names('originals')).toEqual(['big (2).jpg', 'big.jpg']);
    expect(second.equals(await readFile(at('originals/big (2).jpg')))).toBe(true);
  });

  it('when a photo is still being written: it waits for the next run', async () => {
    await put('new.jpeg', await noise(60, 60).jpeg().toBuffer());
    await w.run(photos, settings({ settleSeconds: 7_200 }));
    expect(await names()).toEqual(['new.jpeg']);
  });
});

it('removes what it left unfinished long ago, and nothing else', async () => {
  const unfinished = '.planbridge-123e4567-e89b-12d3-a456-426614174000.tmp';
  await put(unfinished, Buffer.from('half'));
  await put('.planbridge-notes.tmp', Buffer.from('mine'));
  const signal = new AbortController().signal;
  await findPhotos(folder, w.clock - 3_000_000, signal);
  expect(await names()).toContain(unfinished);
  await findPhotos(folder, w.clock + 1, signal);
  expect(await names()).toEqual(['.planbridge-notes.tmp']);
});

it('changes nothing in a dry run, and names a folder that is not there', async () => {
  await put('a.png', await noise(60, 60, 4).png().toBuffer());
  await w.run(photos, settings(), { dryRun: true });
  expect(await names()).toEqual(['a.png']);
  expect(w.descriptions()).toEqual(['a.png: made a .jpg, from 0.0 MB']);
  await expect(w.run(photos, { folder: at('nowhere') })).rejects.toMatchObject({ code: 'PB_FILE' });
});
