// The forecast editor in a real browser: from an empty place to a forecast, a total set with the keyboard at the top and spread down at
// once, a remark, and both taken back.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingChromium, type Screens, startScreens } from './browser.ts';

const missing = missingChromium();

describe.skipIf(missing !== null)('the forecast editor', () => {
  let screens: Screens;
  beforeAll(async () => {
    screens = await startScreens();
  }, 120_000);
  afterAll(() => screens?.close());
  const poll = <T>(look: () => T) => expect.poll(look, { timeout: 20_000 });

  const api = async <T>(path: string): Promise<T> => {
    const authorization = `Basic ${btoa('admin:admin')}`;
    return (await (await fetch(screens.service.url + path, { headers: { authorization } })).json()) as T;
  };
  interface Made {
    forecast: { id: number };
  }
  interface Answer extends Made {
    self: { total: number[]; net: number[]; overridden: boolean[]; history: number[] };
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

  it('takes totals by keyboard, spreads them over all levels at once, and gives them back', async () => {
    const page = await screens.tab('/forecast/editor/');
    const grid = page.getByRole('grid', { name: 'Forecast' });
    await grid.waitFor();
    const before = await api<Answer>('/api/forecast/series?self=yes');
    const cell = (row: number, column: number) =>
      grid.locator('tbody tr').nth(row).locator('td.number:not(.past)').nth(column);
    await grid.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.type('9000');
    await page.keyboard.press('Tab');
    await page.keyboard.type('8000');
    await page.keyboard.press('Enter');
    await poll(() => cell(0, 1).innerText()).toBe('9,000');
    await poll(() => cell(0, 2).innerText()).toBe('8,000');
    // Without another forecast, in proportion to what there was.
    const spread = () => api<Answer>('/api/forecast/series?self=yes');
    await poll(async () => (await spread()).self.total.slice(1, 3)).toEqual([9000, 8000]);
    const after = await spread();
    expect(sum(after.rows, 'total', 1)).toBeCloseTo(9000, 0);
    const share = ({ self, rows }: Answer) => rows.map((row) => Math.round((row.total[1]! / self.total[1]!) * 1_000));
    expect(share(after)).toEqual(share(before));
    expect(after.self.total[3]).toBe(before.self.total[3]);

    await page.keyboard.press('ArrowUp');
    const card = page.getByRole('region', { name: 'The chosen cell' });
    await card.getByText('8,000').first().waitFor();
    await card.getByLabel('Remark').fill('trade fair');
    await card.getByRole('button', { name: 'Keep' }).click();
    await card.getByText('trade fair').waitFor();
    expect(await card.innerText()).toContain('admin');

    // A total further down goes up to all above it.
    await grid.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.type('1234');
    await page.keyboard.press('Enter');
    await poll(async () => (await spread()).rows[0]!.total[0]).toBe(1234);
    const shown = before.self.total[0]! - before.rows[0]!.total[0]! + 1234;
    expect((await spread()).self.total[0]).toBeCloseTo(shown, 0);
    await poll(async () => Number((await cell(0, 0).innerText()).replace(',', ''))).toBe(Math.round(shown));

    // The forecast that is made anew says the same.
    const once = (await spread()).self;
    await page.getByRole('button', { name: 'Forecast', exact: true }).click();
    await poll(async () => (await api<Made>('/api/forecast/series')).forecast.id).toBeGreaterThan(after.forecast.id);
    const anew = (await spread()).self;
    for (const [at, total] of once.total.entries()) expect(anew.total[at]).toBeCloseTo(total, 1);
    // Each part is rounded to a tenth.
    for (const [at, net] of once.net.entries()) expect(anew.net[at]).toBeCloseTo(net, 0);

    for (const { id } of (await api<{ overrides: { id: number }[] }>('/api/forecast/overrides')).overrides.slice(2)) {
      await fetch(`${screens.service.url}/api/forecast/overrides/${id}`, {
        method: 'DELETE',
        headers: { authorization: `Basic ${btoa('admin:admin')}` },
      });
    }
    await page.reload();
    await grid.waitFor();
    await grid.focus();
    await page.keyboard.press('ArrowRight');
    const left = async () => (await api<{ overrides: unknown[] }>('/api/forecast/overrides')).overrides.length;
    for (const deleted of [1, 2]) {
      await page.keyboard.press('Delete');
      await poll(left).toBe(2 - deleted);
      await page.keyboard.press('ArrowRight');
    }
    await poll(async () => (await spread()).self.total).toEqual(before.self.total);
    expect((await spread()).self.net).toEqual(before.self.net);
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
    await poll(() => grid.locator('tbody tr').count()).toBe(3);
    for (const _ of [1, 2]) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('+');
    await poll(() => grid.locator('tbody tr').count()).toBeGreaterThan(3);
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
