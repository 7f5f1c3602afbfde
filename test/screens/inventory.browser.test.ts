// Inventory planning in a real browser: another safety stock counts in the next plan, and goes back to what Odoo says.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingChromium, type Screens, startScreens } from './browser.ts';

const missing = missingChromium();

describe.skipIf(missing !== null)('inventory planning', () => {
  let screens: Screens;
  beforeAll(async () => {
    screens = await startScreens();
    await screens.run('odoo_read_1,plan');
  }, 120_000);
  afterAll(() => screens?.close());

  it('takes another safety stock, plans for it, and gives it back to Odoo', async () => {
    const { page, frame } = await screens.framed('/inventoryplanning/drp/');
    await frame.getByLabel('Search').fill('BR-130');
    const row = frame.getByRole('grid').locator('.lines [role=row]', { hasText: 'BR-130' });
    await row.first().waitFor();
    await row.first().click({ position: { x: 500, y: 10 } });
    const field = frame.getByLabel('Safety stock');
    await field.waitFor();
    expect(await field.inputValue()).toBe('0');
    await frame.getByText('None').first().waitFor();
    await field.fill('600');
    await frame.getByRole('button', { name: 'Keep' }).first().click();
    await frame.getByText('It counts from the next plan on.').waitFor();
    await screens.run('plan');
    await page.close();

    const tab = await screens.tab('/inventoryplanning/drp/BR-130/');
    await tab.getByText('changed by admin').waitFor();
    expect(await tab.getByLabel('Safety stock').inputValue()).toBe('600');
    const proposed = tab.locator('section', { hasText: 'Proposed orders' }).locator('tbody tr').first();
    await proposed.waitFor();
    await tab.getByRole('img', { name: 'Stock of BR-130 over time' }).waitFor();
    await tab.getByRole('button', { name: 'As Odoo says' }).click();
    await expect.poll(() => tab.getByText('changed by admin').count(), { timeout: 20_000 }).toBe(0);
    await screens.run('plan');
    await tab.close();

    const again = await screens.tab('/inventoryplanning/drp/BR-130/');
    expect(await again.getByLabel('Safety stock').inputValue()).toBe('0');
    await again.close();

    // AL-239 is bought by 1,100: by 5,000, when a planner says so.
    const item = await screens.tab('/inventoryplanning/drp/AL-239/');
    const quantity = item.getByLabel('Reorder quantity');
    expect(await quantity.inputValue()).toBe('1100');
    await quantity.fill('5000');
    await item.getByRole('button', { name: 'Keep' }).nth(1).click();
    await item.getByText('changed by admin').waitFor();
    await screens.run('plan');
    await item.reload();
    await item.locator('section', { hasText: 'Proposed orders' }).getByText('5,000').waitFor();
    await item.getByRole('button', { name: 'As Odoo says' }).click();
    await expect.poll(() => quantity.inputValue(), { timeout: 20_000 }).toBe('1100');
    await item.close();
    expect(screens.troubles).toEqual([]);
  }, 120_000);
});
