// Promised dates in a real browser: orders are chosen, what changes in Odoo is looked at, written, and Odoo has it; another order goes
// from its own screen. Where it is switched off, the screens say so and nothing is written.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingChromium, type Screens, startScreens } from './browser.ts';

const missing = missingChromium();

interface Promised {
  order: string;
  id: number;
  before: string | null;
  after: string | null;
  outcome: string;
  demands: string[];
}

async function promises(screens: Screens, demands: string[], dryRun: boolean) {
  const answer = await fetch(`${screens.service.url}/api/plan/promises`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('admin:admin')}` },
    body: JSON.stringify({ demands, dryRun }),
  });
  return { status: answer.status, json: (await answer.json()) as { orders: Promised[]; remedy?: string } };
}

async function odoo(screens: Screens, method: string, ...rest: unknown[]): Promise<unknown> {
  const { url, database } = screens.demo;
  const args = [database, 2, 'admin', 'sale.order', method, rest];
  const answer = await fetch(`${url}/jsonrpc`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      method: 'call',
      params: { service: 'object', method: 'execute_kw', args },
    }),
  });
  return ((await answer.json()) as { result: unknown }).result;
}

/** Delivery date of an order, as Odoo has it. */
async function inOdoo(screens: Screens, id: number): Promise<string> {
  const [row] = (await odoo(screens, 'read', [id], ['commitment_date'])) as { commitment_date: string }[];
  return row!.commitment_date;
}

async function demandNames(screens: Screens): Promise<{ name: string; status: string; state: string }[]> {
  const headers = { authorization: `Basic ${btoa('admin:admin')}` };
  const answer = await fetch(`${screens.service.url}/api/grids/demands?limit=1000&sort=due`, { headers });
  return ((await answer.json()) as { rows: { name: string; status: string; state: string }[] }).rows;
}

describe.skipIf(missing !== null)('promised dates', () => {
  let screens: Screens;
  beforeAll(async () => {
    screens = await startScreens({ WRITE_PROMISED_DATES: 'yes' });
    await screens.run('odoo_read_1,plan');
  }, 120_000);
  afterAll(() => screens?.close());

  it('are looked at, and written for the orders that were chosen', async () => {
    const open = (await demandNames(screens)).filter(({ status }) => status === 'open').map(({ name }) => name);
    // What is on time is promised as Odoo has it, with the margin that goods leave before.
    const { orders } = (await promises(screens, open, true)).json;
    const [first, second] = orders.filter(({ outcome }) => outcome === 'unchanged') as [Promised, Promised];
    const promised = await inOdoo(screens, first.id);
    for (const { id } of [first, second])
      await odoo(screens, 'write', [id], { commitment_date: '2026-01-05 08:00:00' });
    const before = await inOdoo(screens, first.id);

    const page = await screens.tab('/demand/');
    await page.getByLabel('Search').fill(first.demands[0]!);
    await page.getByLabel(`Choose ${first.demands[0]}`).check();
    await page.getByRole('button', { name: 'Promise 1 in Odoo …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('will change').waitFor();
    expect(await inOdoo(screens, first.id)).toBe(before);
    await dialog.getByRole('button', { name: 'Write 1 to Odoo' }).click();
    await dialog.getByText('1 orders written').waitFor();
    const written = await inOdoo(screens, first.id);
    expect([before, written]).toEqual(['2026-01-05 08:00:00', promised]);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page
      .getByRole('gridcell', { name: new RegExp(`^${first.order}`) })
      .first()
      .waitFor();

    await page.goto(
      `${screens.service.url}/demand/${encodeURIComponent(second.demands[0]!)}/?webtoken=${screens.webtoken()}`,
    );
    await page.getByRole('button', { name: 'Promise in Odoo …' }).click();
    await dialog.getByRole('button', { name: 'Write 1 to Odoo' }).click();
    await dialog.getByText('1 orders written').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Promised in Odoo').waitFor();
    await page.close();

    // Twice changes nothing, and the next import finds the dates that were promised.
    expect((await promises(screens, first.demands, false)).json.orders).toMatchObject([{ outcome: 'unchanged' }]);
    expect(await inOdoo(screens, first.id)).toBe(written);
    expect(screens.troubles).toEqual([]);
  }, 120_000);
});

describe.skipIf(missing !== null)('what is switched off', () => {
  let screens: Screens;
  beforeAll(async () => {
    screens = await startScreens({ WRITE_PROMISED_DATES: 'no', PLANNER_EDITS: 'no' });
    await screens.run('odoo_read_1,plan');
  }, 120_000);
  afterAll(() => screens?.close());

  it('is shown, with who can allow it, and is not offered', async () => {
    const name = (await demandNames(screens)).find(({ status }) => status === 'open')!.name;
    const page = await screens.tab(`/demand/${encodeURIComponent(name)}/`);
    await page.getByRole('button', { name: 'Promise in Odoo …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('WRITE_PROMISED_DATES=yes').waitFor();
    expect(await dialog.getByRole('button', { name: /^Write/ }).isDisabled()).toBe(true);
    const refused = await promises(screens, [name], false);
    expect([refused.status, refused.json.remedy]).toEqual([409, expect.stringContaining('WRITE_PROMISED_DATES')]);
    await page.close();

    const stock = await screens.tab('/inventoryplanning/drp/AL-239/');
    await stock.getByText('PLANNER_EDITS=yes').waitFor();
    expect(await stock.getByLabel('Safety stock', { exact: true }).isDisabled()).toBe(true);
    expect(await stock.getByRole('button', { name: 'Keep' }).count()).toBe(0);
    await stock.close();

    const board = await screens.tab('/planningboard/');
    await board.locator('canvas').focus();
    await board.keyboard.press('ArrowRight');
    for (let tries = 0; tries < 20 && (await board.getByRole('region', { name: 'What-if' }).count()) === 0; tries++) {
      await board.keyboard.press('ArrowRight');
      await board.keyboard.press('Alt+ArrowRight');
      await board.waitForTimeout(300);
    }
    const what = board.getByRole('region', { name: 'What-if' });
    await what.getByText('PLANNER_EDITS=yes').waitFor();
    expect(await what.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await what.getByRole('button', { name: 'Discard' }).click();
    await what.waitFor({ state: 'detached' });
    await board.close();
    expect(screens.troubles).toEqual([]);
  }, 120_000);
});
