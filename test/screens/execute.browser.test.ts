// The Execute and Demand screens in a real browser, framed by a page of another origin as Odoo frames them.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingChromium, type Screens, startScreens } from './browser.ts';

const missing = missingChromium();

describe.skipIf(missing !== null)('in a frame of Odoo', () => {
  let screens: Screens;
  beforeAll(async () => {
    screens = await startScreens();
  }, 120_000);
  afterAll(() => screens?.close());

  it('imports and plans, shows the progress to its end, and then the demands with their chains', async () => {
    const { page, frame } = await screens.framed('/');
    await frame.getByRole('button', { name: 'Import and plan' }).click();
    await frame.locator('.card .badge.ok', { hasText: 'done' }).first().waitFor();
    await frame.getByText(/item/).first().waitFor();
    await frame.getByRole('link', { name: 'Demand' }).click();
    const rows = frame.getByRole('grid').locator('.lines [role=row]');
    await rows.first().waitFor();
    expect(await rows.count()).toBeGreaterThan(10);
    await rows.first().click();
    await frame.getByRole('group', { name: 'Orders of the chain against time' }).waitFor();
    expect(await frame.locator('svg rect').count()).toBeGreaterThan(0);
    const labels = await frame
      .locator('svg g[role=button]')
      .evaluateAll((lines) => lines.map((line) => line.ariaLabel));
    const stocks = labels.filter((label) => label?.startsWith('Stock'));
    expect(stocks.length).toBeGreaterThan(0);
    expect(stocks.filter((label) => !/^Stock [\d.,]+ × \S/.test(label ?? ''))).toEqual([]);
    expect(frame.url()).not.toContain('webtoken');
    expect(screens.log()).not.toMatch(/eyJ/);
    await page.close();
  }, 120_000);

  it('filters, sorts, walks by keyboard, keeps a layout, and gives the grid as a file', async () => {
    const page = await screens.tab('/demand/');
    const rows = page.getByRole('grid').locator('.lines [role=row]');
    await rows.first().waitFor();
    const before = await rows.count();
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByLabel('Column', { exact: true }).selectOption('quantity');
    await page.getByLabel('Condition').selectOption('>=');
    await page.getByLabel('Value').fill('100');
    await page.getByRole('button', { name: 'Add' }).click();
    await expect.poll(() => rows.count()).toBeLessThan(before);
    await Promise.all([
      page.waitForResponse(/grids\/.*sort=quantity/),
      page.getByRole('columnheader', { name: 'Quantity', exact: true }).getByRole('button').click(),
    ]);
    await page.getByRole('columnheader', { name: /Quantity ↑/ }).waitFor();
    await rows.first().waitFor();
    const quantities = async () => {
      const texts = await rows.locator('[role=gridcell][data-pad]').allInnerTexts();
      return texts.map((text) => Number(text.replace(/[^\d.]/g, ''))).filter((value) => value >= 100);
    };
    const sorted = await quantities();
    expect(sorted).toEqual([...sorted].sort((a, b) => a - b));

    await page.getByRole('grid').focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => rows.nth(1).getAttribute('aria-selected')).toBe('true');

    await page.getByRole('button', { name: 'Layouts' }).click();
    await page.getByLabel('Name of the layout').fill('Large ones');
    await page.getByRole('button', { name: 'Keep' }).click();
    await page.getByRole('button', { name: 'Large ones', exact: true }).waitFor();
    await page.keyboard.press('Escape');

    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ]);
    const csv = readFileSync(await file.path(), 'utf8');
    expect(csv.trim().split('\r\n').length - 1).toBe(await rows.count());
    expect(csv).toContain('Demand,Result,Late by,Item');

    await page.getByLabel('Search').fill('no such thing');
    await page.getByText('Nothing fits.').waitFor();
    await page.close();
  }, 120_000);

  it('shows a row whole below the grid, by keyboard too', async () => {
    const page = await screens.tab('/orders/problems/');
    const rows = page.getByRole('grid').locator('.lines [role=row]');
    await rows.first().waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const whole = page.getByRole('complementary', { name: 'The chosen row' });
    const description = (await rows.nth(1).locator('[role=gridcell]').nth(3).innerText()).trim();
    await whole.getByText(description, { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await whole.waitFor({ state: 'detached' });
    await rows.nth(2).click();
    await whole.waitFor();
    await page.close();
  }, 120_000);

  it('asks to sign in without a link, and goes on where one wanted to', async () => {
    const page = await screens.context.browser()!.newPage();
    await page.goto(`${screens.service.url}/demand/`);
    await page.getByLabel('Login').fill('admin');
    await page.getByLabel('Password or API key').fill('admin');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Demand' }).waitFor();
    await page.close();
  }, 120_000);

  it('says that the session has ended, and does not lose the page', async () => {
    const page = await screens.tab('/execute/');
    const bearer = page.waitForRequest((request) => request.url().includes('/api/runs'));
    await page.reload();
    const authorization = (await (await bearer).allHeaders()).authorization ?? '';
    await fetch(`${screens.service.url}/signout`, { method: 'POST', headers: { authorization } });
    await page.getByText('Your session has ended.').waitFor();
    await page.close();
  }, 120_000);

  it('is not shown in a frame of anybody else', async () => {
    const { page } = await screens.framed('/');
    const stranger = `data:text/html,<iframe src="${screens.service.url}/"></iframe>`;
    await page.goto(stranger);
    const inner = () => page.frames().find((frame) => frame !== page.mainFrame());
    await expect.poll(() => inner()?.url()).toMatch(/^chrome-error:/);
    await page.close();
  }, 120_000);

  it('breaks no policy and no script on the way', () => {
    expect(screens.troubles.filter((text) => !/frame-ancestors/.test(text))).toEqual([]);
  });
});
