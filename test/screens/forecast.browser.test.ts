// The forecast editor in a real browser: from an empty place to a forecast, a total set with the keyboard at the top and spread down by
// the next forecast, a remark, and both taken back.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingChromium, type Screens, startScreens } from './browser.ts';

const missing = missingChromium();

describe.skipIf(missing !== null)('the forecast editor', () => {
  let screens: Screens;
  beforeAll(async () => {
    screens = await startScreens();
  }, 120_000);
  afterAll(() => screens?.close());

  const api = async <T>(path: string): Promise<T> => {
    const authorization = `Basic ${btoa('admin:admin')}`;
    return (await (await fetch(screens.service.url + path, { headers: { authorization } })).json()) as T;
  };
  interface Answer {
    self: { total: number[]; overridden: boolean[]; history: number[] };
    rows: { item: string; total: number[]; history: number[] }[];
  }
  const sum = (rows: Answer['rows'], what: 'total' | 'history', at: number) =>
    rows.reduce((all, row) => all + row[what][at]!, 0);

  it('begins with nothing, and reads and forecasts at a button', async () => {
    const { page, frame } = await screens.framed('/forecast/editor/');
    await frame.getByText('No history of sales was read yet.').waitFor();
    await frame.getByRole('button', { name: 'Read the history and forecast' }).click();
    await frame.getByRole('grid', { name: 'Forecast' }).waitFor({ timeout: 60_000 });
    const { self, rows } = await api<Answer>('/api/forecast/series?self=yes&history=24');
    expect(self.total).toHaveLength(12);
    expect(self.total[1]).toBeGreaterThan(0);
    expect(self.history.some((value) => value > 0)).toBe(true);
    for (const at of [0, 5]) expect(sum(rows, 'total', at)).toBeCloseTo(self.total[at]!, 1);
    for (const at of [10, 23]) expect(sum(rows, 'history', at)).toBeCloseTo(self.history[at]!, 1);
    await page.close();
  }, 120_000);

  it('takes totals by keyboard, marks them until they are spread, and gives them back', async () => {
    const page = await screens.tab('/forecast/editor/');
    const grid = page.getByRole('grid', { name: 'Forecast' });
    await grid.waitFor();
    const before = await api<Answer>('/api/forecast/series?self=yes');
    await grid.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.type('9000');
    await page.keyboard.press('Tab');
    await page.keyboard.type('8000');
    await page.keyboard.press('Enter');
    await expect.poll(() => grid.locator('td.pending').allInnerTexts()).toEqual(['9,000', '8,000']);
    await page.getByText('2 changes count from the next forecast on').waitFor();

    await page.keyboard.press('ArrowUp');
    const card = page.getByRole('region', { name: 'The chosen cell' });
    await card.getByText('8,000').waitFor();
    await card.getByLabel('Remark').fill('trade fair');
    await card.getByRole('button', { name: 'Keep' }).click();
    await card.getByText('trade fair').waitFor();
    expect(await card.innerText()).toContain('admin');

    await page.getByRole('button', { name: 'Forecast', exact: true }).click();
    await expect.poll(() => grid.locator('td.pending').count(), { timeout: 30_000 }).toBe(0);
    const after = await api<Answer>('/api/forecast/series?self=yes');
    expect(after.self.total.slice(1, 3)).toEqual([9000, 8000]);
    expect(sum(after.rows, 'total', 1)).toBeCloseTo(9000, 0);
    // In proportion to what there was.
    const share = ({ self, rows }: Answer) => rows.map((row) => Math.round((row.total[1]! / self.total[1]!) * 1_000));
    expect(share(after)).toEqual(share(before));

    await grid.focus();
    await page.keyboard.press('Delete');
    await expect.poll(() => card.getByText('trade fair').count()).toBe(0);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Delete');
    await expect
      .poll(async () => (await api<{ overrides: unknown[] }>('/api/forecast/overrides')).overrides.length)
      .toBe(0);
    await page.getByRole('button', { name: 'Forecast', exact: true }).click();
    await expect
      .poll(async () => (await api<Answer>('/api/forecast/series?self=yes')).self.total, { timeout: 30_000 })
      .toEqual(before.self.total);
    await page.close();
    expect(screens.troubles).toEqual([]);
  }, 120_000);

  it('unfolds down to the customer, searches, and forecasts in weeks', async () => {
    const page = await screens.tab('/forecast/editor/');
    const grid = page.getByRole('grid', { name: 'Forecast' });
    await grid.waitFor();
    await page.getByRole('searchbox', { name: 'Search' }).fill('PC-110');
    await grid.getByRole('button', { name: 'Unfold PC-110' }).click();
    await grid.focus();
    await expect.poll(() => grid.locator('tbody tr').count()).toBe(3);
    for (const _ of [1, 2]) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('+');
    await expect.poll(() => grid.locator('tbody tr').count()).toBeGreaterThan(3);
    await page.getByRole('img', { name: /^History and forecast of/ }).waitFor();
    await page.getByRole('button', { name: 'Parameters' }).click();
    await page.getByLabel('Columns').selectOption('week');
    await page.getByLabel('How many to forecast').fill('8');
    await page.getByRole('button', { name: 'Forecast', exact: true }).click();
    await grid
      .getByText(/^\d{4}-W\d\d$/)
      .first()
      .waitFor({ timeout: 30_000 });
    const { forecast } = await api<{ forecast: unknown }>('/api/forecast/series');
    expect(forecast).toMatchObject({ bucket: 'week', horizon: 8 });
    await page.close();
    expect(screens.troubles).toEqual([]);
  }, 120_000);
});
