// The plan editor in a real browser: an operation is dragged, what follows and what comes of it is shown, undone, dragged again and
// saved; the next plan keeps it.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingChromium, type Screens, startScreens } from './browser.ts';

const missing = missingChromium();
const SHOTS = process.env.SCREENSHOTS;
const DAY = 86_400;

interface Bar {
  id: string;
  reference: string;
  row: string;
  start: number;
  end: number;
  status: string;
  owner: string | null;
  operation: string;
  demands: string[];
}

describe.skipIf(missing !== null)('the plan editor', () => {
  let screens: Screens;
  let board: { now: number; rows: { key: string }[]; bars: Bar[] };
  let bar: Bar;
  const authorization = () => ({ authorization: `Basic ${btoa('admin:admin')}` });
  const ask = async (path: string) =>
    (await fetch(screens.service.url + path, { headers: authorization() })).json() as Promise<unknown>;

  beforeAll(async () => {
    screens = await startScreens();
    await screens.run('odoo_read_1,plan');
    board = (await ask('/api/board?by=resource')) as typeof board;
    // one that is wide enough to be seen and serves somebody
    const fit = (one: Bar) =>
      one.status === 'proposed' && one.owner !== null && one.demands.length > 0 && one.start < board.now + 9 * DAY;
    const wide = board.bars.filter(fit).sort((a, b) => b.end - b.start - (a.end - a.start));
    bar = wide[0] ?? board.bars.filter((one) => one.status === 'proposed' && one.owner !== null)[0]!;
  }, 120_000);
  afterAll(() => screens?.close());

  /** Where a bar is on the canvas when the chart was just opened: now is a day from the left, a pixel is 14 days / 1000. */
  async function grab(page: Page, one: Bar): Promise<{ x: number; y: number; secondsOfPixel: number }> {
    const box = (await page.locator('canvas').boundingBox())!;
    // choosing it by the search brings it into view
    await page.getByLabel('Search').fill(one.reference);
    await page.keyboard.press('Enter');
    await page.locator('aside strong', { hasText: one.reference }).waitFor();
    await page.getByLabel('Search').fill('');
    await page.locator('canvas').focus();
    const secondsOfPixel = (14 * DAY) / 1_000;
    const left = (at: number) => (at - (board.now - DAY)) / secondsOfPixel;
    // as the chart scrolls: to a quarter where it was not seen
    const seen = left(one.start) >= 20 && left(one.start) <= box.width - 80;
    const x = (seen ? left(one.start) : box.width / 4) + Math.min(6, (one.end - one.start) / secondsOfPixel / 2);
    return { x: box.x + x, y: box.y, secondsOfPixel };
  }

  /** Looks for the pixel at which the bar is: rows have as many lanes as they need. */
  async function find(page: Page, one: Bar): Promise<{ x: number; y: number; secondsOfPixel: number }> {
    const at = await grab(page, one);
    const box = (await page.locator('canvas').boundingBox())!;
    for (let y = at.y + 34; y < box.y + box.height - 4; y += 11) {
      await page.mouse.click(at.x, y);
      await page.waitForTimeout(40);
      const shown = (await page.locator('aside').allInnerTexts()).join(' ');
      if (shown.includes(one.reference) && shown.includes(`· ${one.row} ·`)) return { ...at, y };
    }
    throw new Error(`${one.reference} is not where it should be`);
  }

  async function dragBy(page: Page, seconds: number): Promise<void> {
    const { x, y, secondsOfPixel } = await find(page, bar);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + seconds / secondsOfPixel / 2, y, { steps: 4 });
    await page.mouse.move(x + seconds / secondsOfPixel, y, { steps: 4 });
    await page.mouse.up();
  }

  it('drags an operation, shows what follows, undoes, and saves so that the next plan keeps it', async () => {
    const page = await screens.tab('/planningboard/');
    await page.locator('canvas').waitFor();
    await dragBy(page, 5 * DAY);
    const bar5 = page.getByRole('region', { name: 'What-if' });
    await bar5.getByText(/1 moves change \d+ orders/).waitFor();
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/board-light.png` });
    // the dates of the operation that is chosen are the new ones
    await page.keyboard.press('Control+z');
    await bar5.waitFor({ state: 'detached' });

    await dragBy(page, 5 * DAY);
    await bar5.getByText(/1 moves change \d+ orders/).waitFor();
    // what is not saved is still there after the page was closed
    await page.reload();
    await bar5.getByText(/1 moves change \d+ orders/).waitFor();
    if (SHOTS) {
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.waitForTimeout(300);
      await page.screenshot({ path: `${SHOTS}/board-dark.png` });
      await page.emulateMedia({ colorScheme: 'light' });
    }
    const { session } = (await ask('/api/whatif/open')) as {
      session: { changed: { reference: string; start: number; end: number; chosen: boolean }[] };
    };
    const moved = session.changed.find(({ reference }) => reference === bar.reference)!;
    expect(moved.start - bar.start).toBeGreaterThan(3 * DAY);
    await bar5.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/orders are approved with these dates/).waitFor();
    await page.close();

    await screens.run('plan');
    const after = (await ask('/api/board?by=resource')) as typeof board;
    const kept = after.bars.find(({ reference }) => reference === bar.reference);
    expect(kept).toMatchObject({ start: moved.start, end: moved.end, status: 'approved' });
  }, 120_000);

  it('moves by the keyboard, and discards', async () => {
    const page = await screens.tab('/planningboard/');
    await page.locator('canvas').waitFor();
    await page.getByLabel('Search').fill(bar.reference);
    await page.keyboard.press('Enter');
    await page.locator('canvas').focus();
    await page.keyboard.press('Alt+ArrowRight');
    const what = page.getByRole('region', { name: 'What-if' });
    await what.getByText(/1 moves change/).waitFor();
    await what.getByRole('button', { name: 'Discard' }).click();
    await what.waitFor({ state: 'detached' });
    expect(((await ask('/api/whatif/open')) as { session: unknown }).session).toBeNull();
    await page.close();
  }, 120_000);

  it('breaks no policy and no script on the way', () => {
    expect(screens.troubles).toEqual([]);
  });
});
