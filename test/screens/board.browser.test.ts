// The plan editor in a real browser: an operation is dragged, what follows and what comes of it is shown, undone, dragged again and
// saved; the next plan keeps it.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeBars } from '../../src/screens/web/kit/gantt-model.ts';
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
    // The slower the machine, the later a click shows.
    for (const patienceMs of [40, 200, 600]) {
      for (let y = at.y + 34; y < box.y + box.height - 4; y += 11) {
        await page.mouse.click(at.x, y);
        await page.waitForTimeout(patienceMs);
        const shown = (await page.locator('aside').allInnerTexts()).join(' ').replace(/ ?↗ ?/g, ' ');
        if (shown.includes(one.reference) && shown.includes(`· ${one.row}`)) return { ...at, y };
      }
    }
    throw new Error(`${one.reference} is not where it should be`);
  }

  /** @param row that it goes to */
  async function dragBy(page: Page, seconds: number, one = bar, row = one.row): Promise<void> {
    const { x, y, secondsOfPixel } = await find(page, one);
    const rows = board.rows.map((each) => ({ ...each, label: '', hint: '' }));
    const place = placeBars(
      rows,
      board.bars.map((each) => ({ ...each, label: '', tone: 'normal', fixed: false })),
    );
    const top = (key: string) => place.rows.find((each) => each.key === key)!.top;
    const down = row === one.row ? 0 : top(row) - top(one.row) + 4;
    const right = seconds / secondsOfPixel;
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + right / 2, y + down / 2, { steps: 4 });
    await page.mouse.move(x + right, y + down, { steps: 4 });
    await page.mouse.up();
  }

  interface Changed {
    reference: string;
    owner: string | null;
    type: string;
    start: number;
    end: number;
    resources: string[];
    was: { start: number; end: number; resources: string[] };
    chosen: boolean;
  }
  const changes = async () => {
    const { session } = (await ask('/api/whatif/open')) as { session: { moves: number; changed: Changed[] } | null };
    return session?.changed ?? [];
  };

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

  it('drags an operation to another resource: the steps before and after it follow, and the next plan keeps it', async () => {
    board = (await ask('/api/board?by=resource')) as typeof board;
    const { operations } = (await ask('/api/whatif/choices')) as { operations: Record<string, string[][]> };
    const steps = (one: Bar) => board.bars.filter(({ owner }) => owner === one.owner);
    const first = board.bars.find(
      (one) =>
        one.status === 'proposed' &&
        one.demands.length > 0 &&
        one.start > board.now + 14 * DAY &&
        steps(one).length > 2 &&
        operations[one.operation]?.some((group) => group.includes(one.row) && group.length > 1),
    )!;
    const other = operations[first.operation]![0]!.find((row) => row !== first.row)!;
    const last = steps(first).sort((a, b) => b.end - a.end)[0]!;
    expect([first.row, other].sort()).toEqual(['Die casting cell A (400 t)', 'Die casting cell B (630 t)']);

    const page = await screens.tab('/planningboard/');
    await page.locator('canvas').waitFor();
    const what = page.getByRole('region', { name: 'What-if' });
    // A resource that cannot do it does not take it.
    await dragBy(page, 3 * DAY, first, 'Packing');
    await page.waitForTimeout(500);
    expect(await changes()).toEqual([]);
    await page.reload();
    await page.locator('canvas').waitFor();
    await dragBy(page, 3 * DAY, first, other);
    await what.getByText(/1 moves change \d+ orders/).waitFor();
    const later = await changes();
    const moved = later.find(({ reference }) => reference === first.reference)!;
    expect(moved).toMatchObject({ chosen: true, resources: [other], was: { resources: [first.row] } });
    const after = later.filter(({ owner, reference }) => owner === first.owner && reference !== first.reference);
    expect(after.length).toBe(steps(first).length - 1);
    for (const step of after) {
      expect(step.start).toBeGreaterThan(step.was.start);
      expect(step.start).toBeGreaterThanOrEqual(moved.start);
    }
    await what.getByText(/late/).first().waitFor();
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/board-resource.png` });
    await what.getByRole('button', { name: 'Undo' }).click();
    await what.waitFor({ state: 'detached' });
    expect(await changes()).toEqual([]);

    // The last step to an earlier day takes the first one along.
    await page.reload();
    await page.locator('canvas').waitFor();
    await dragBy(page, -4 * DAY, last);
    await what.getByText(/1 moves change \d+ orders/).waitFor();
    const earlier = (await changes()).find(({ reference }) => reference === first.reference)!;
    expect(earlier.end).toBeLessThan(earlier.was.end - 2 * DAY);
    await what.getByRole('button', { name: 'Discard' }).click();
    await what.waitFor({ state: 'detached' });

    await page.reload();
    await page.locator('canvas').waitFor();
    await dragBy(page, 2 * DAY, first, other);
    await what.getByText(/1 moves change \d+ orders/).waitFor();
    const kept = (await changes()).find(({ reference }) => reference === first.reference)!;
    await what.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/orders are approved with these dates/).waitFor();
    await page.close();
    await screens.run('plan');
    const { bars } = (await ask('/api/board?by=resource')) as typeof board;
    const found = bars.find(({ reference }) => reference === first.reference);
    expect(found).toMatchObject({ row: other, status: 'approved', start: kept.start, end: kept.end });
  }, 120_000);

  it('breaks no policy and no script on the way', () => {
    expect(screens.troubles).toEqual([]);
  });
});
