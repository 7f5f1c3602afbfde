// Recommendations in a real browser: accepting one makes Odoo's draft and shows its number; rejecting and snoozing last.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingChromium, type Screens, startScreens } from './browser.ts';

const missing = missingChromium();

describe.skipIf(missing !== null)('recommendations', () => {
  let screens: Screens;
  beforeAll(async () => {
    screens = await startScreens();
    await screens.run('odoo_read_1,plan,recommend');
  }, 120_000);
  afterAll(() => screens?.close());

  it('are accepted into Odoo, with its number and a link', async () => {
    const { page, frame } = await screens.framed('/recommendations/');
    const cards = frame.getByRole('article');
    const one = cards.filter({ has: frame.getByRole('button', { name: 'Accept', exact: true }) });
    await frame.getByLabel('Kind').selectOption('produce');
    await one.first().waitFor();
    const title = await one.first().getAttribute('aria-label');
    await one.first().getByRole('button', { name: 'Accept', exact: true }).click();
    const toast = frame.locator('.toast');
    await toast.getByText(/MO\/\d+/).waitFor();
    expect(await toast.locator('a').getAttribute('href')).toContain(screens.demo.url);
    await expect.poll(() => cards.filter({ hasText: title! }).count()).toBe(0);
    await frame.getByLabel('State').selectOption('accepted');
    await cards
      .filter({ hasText: title! })
      .getByText(/MO\/\d+/)
      .waitFor();
    await page.close();
  }, 120_000);

  it('are rejected with a reason, and opened again', async () => {
    const page = await screens.tab('/recommendations/');
    const cards = page.getByRole('article');
    await cards.first().waitFor();
    const one = cards.filter({ has: page.locator('input:not([disabled])') }).first();
    const title = (await one.getAttribute('aria-label'))!;
    await one.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Reject' }).click();
    await page.getByLabel('Reason').fill('The customer will cancel');
    await page.getByRole('button', { name: 'Keep' }).click();
    await expect.poll(() => cards.filter({ hasText: title }).count()).toBe(0);
    await page.getByLabel('State').selectOption('rejected');
    const rejected = cards.filter({ hasText: title });
    await rejected.getByText('The customer will cancel').waitFor();
    await rejected.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Open again' }).click();
    await page.getByLabel('State').selectOption('open');
    await cards.filter({ hasText: title }).waitFor();
    await page.close();
    expect(screens.troubles).toEqual([]);
  }, 120_000);
});
