// The Quote screen in a real browser, framed as Odoo frames it: ask for two lines, see dates and chain, hold, confirm, give up.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingChromium, type Screens, startScreens } from './browser.ts';

const missing = missingChromium();
const SHOTS = process.env.SCREENSHOTS;

describe.skipIf(missing !== null)('quotes', () => {
  let screens: Screens;
  beforeAll(async () => {
    screens = await startScreens();
  }, 120_000);
  afterAll(() => screens?.close());

  it('says what to do before there is a plan', async () => {
    const page = await screens.tab('/quote/');
    await page.getByText('There is no plan yet.').waitFor();
    await page.getByText('Nothing was asked yet.').waitFor();
    await page.close();
  }, 120_000);

  it('asks for two lines, shows dates, chain and reasons, holds, confirms and gives up', async () => {
    await screens.run('odoo_read_1,plan');
    const { page, frame } = await screens.framed('/quote/');
    await frame.getByLabel('Product').fill('PC-11');
    await frame.locator('datalist option[value="PC-110"]').waitFor({ state: 'attached' });
    await frame.getByLabel('Product').fill('PC-110');
    await frame.getByLabel('Warehouse').selectOption('MAR');
    await frame.getByLabel('Quantity').fill('400');
    await frame.getByRole('button', { name: 'Another line' }).click();
    await frame.getByLabel('Product').nth(1).fill('PC-110');
    await frame.getByLabel('Quantity').nth(1).fill('100');
    await frame.getByLabel('Customer', { exact: true }).fill('Acme');
    await frame.getByRole('button', { name: 'When can it be delivered?' }).click();
    const answer = frame.getByRole('region', { name: 'Quote 1' });
    await answer.waitFor();
    expect(await answer.locator('article').count()).toBe(2);
    const chain = answer.getByRole('table', { name: 'What leads to it' }).first();
    await chain.getByText('PC-110', { exact: false }).first().waitFor();
    expect(await answer.getByRole('list', { name: 'What is in the way' }).first().innerText()).toMatch(/\w{4}/);
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/quote-light.png` });

    await answer.getByLabel('Days').fill('3');
    await answer.getByRole('button', { name: 'Hold' }).click();
    await answer.locator('.badge', { hasText: 'held' }).waitFor();
    const row = frame.locator('tr', { hasText: 'Acme' });
    await row.getByText(/until/).waitFor();
    await answer.getByRole('button', { name: 'Confirm' }).click();
    await answer.locator('.badge', { hasText: 'confirmed' }).waitFor();
    await answer.getByRole('button', { name: 'Give up' }).click();
    await answer.locator('.badge', { hasText: 'cancelled' }).waitFor();
    if (SHOTS) {
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.waitForTimeout(300);
      await page.screenshot({ path: `${SHOTS}/quote-dark.png` });
    }
    await page.close();
  }, 120_000);

  it('says what is wrong with a line', async () => {
    const page = await screens.tab('/quote/');
    await page.getByLabel('Product').fill('no such thing');
    await page.getByRole('button', { name: 'When can it be delivered?' }).click();
    await page.getByText('Line 1: there is no product "no such thing" in the plan.').waitFor();
    await page.close();
  }, 120_000);

  it('breaks no policy and no script on the way', () => {
    expect(screens.troubles.filter((text) => !/status of 400/.test(text))).toEqual([]);
  });
});
