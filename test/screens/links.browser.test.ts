// Buttons on Odoo's records in a real browser: they lead to the screen that shows the record, and from there back.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingChromium, type Screens, startScreens } from './browser.ts';

const missing = missingChromium();

describe.skipIf(missing !== null)('a record of Odoo', () => {
  let screens: Screens;
  type Row = Record<string, unknown> & { odoo?: Record<string, { model: string; id: number }> };
  const grid = async (name: string) => {
    const authorization = `Basic ${btoa('admin:admin')}`;
    const answer = await fetch(`${screens.service.url}/api/grids/${name}?limit=500`, { headers: { authorization } });
    return ((await answer.json()) as { rows: Row[] }).rows;
  };
  beforeAll(async () => {
    screens = await startScreens();
    await screens.run('odoo_read_1,plan');
  }, 120_000);
  afterAll(() => screens?.close(), 30_000);

  it('opens its screen in Odoo’s frame, with links to every record on it', async () => {
    const order = (await grid('orders')).find(({ odoo }) => odoo?.reference?.model === 'purchase.order')!;
    const { model, id } = order.odoo!.reference!;
    const { page, frame } = await screens.framed(`/open/${model}/${id}/`);
    await frame.waitForURL(/\/orders\/\?reference=/);
    await frame
      .getByRole('gridcell', { name: String(order.reference) })
      .first()
      .waitFor();
    const link = frame.getByRole('link', { name: `Open ${order.reference} in Odoo` });
    expect(await link.getAttribute('href')).toContain(`#id=${id}&model=${model}`);
    // The whole list comes back by a click.
    await frame.getByRole('button', { name: 'Show everything' }).click();
    await expect.poll(() => frame.url()).toMatch(/\/orders\/$/);
    await page.close();
  });

  it('of manufacturing is chosen in the plan editor, its work center alone', async () => {
    const step = (await grid('orders')).find(({ odoo }) => odoo?.reference?.model === 'mrp.workorder')!;
    const { page, frame } = await screens.framed(`/open/mrp.workorder/${step.odoo!.reference!.id}/`);
    await frame.waitForURL(/\/planningboard\/\?order=/);
    // A step that has no bar is shown by its order.
    const [order = ''] = String(step.reference).split(' - ');
    await frame.getByRole('complementary').getByText(order).first().waitFor();
    await page.close();
    const resource = (await grid('resources'))[0]!;
    const board = await screens.framed(`/open/mrp.workcenter/${resource.odoo!.resource!.id}/`);
    await board.frame.waitForURL(/\/planningboard\/\?resource=/);
    await board.frame.getByText(`Only ${resource.resource}`).waitFor();
    await board.page.close();
  });

  it('that the plan has not says why', async () => {
    const { page, frame } = await screens.framed('/open/sale.order/987654/');
    await frame.getByText('Odoo has no such record any more.').waitFor();
    await frame.getByRole('main').getByRole('link', { name: 'Execute' }).waitFor();
    await page.close();
  });

  it('has its arrow where the details of a demand are shown', async () => {
    const demand = (await grid('demands')).find(({ odoo }) => odoo?.name?.model === 'sale.order')!;
    const page = await screens.tab(`/demand/${encodeURIComponent(String(demand.name))}/`);
    const link = page.getByRole('link', { name: `Open ${demand.name} in Odoo` });
    expect(await link.getAttribute('href')).toContain(`#id=${demand.odoo!.name!.id}&model=sale.order`);
    await page
      .getByRole('link', { name: `Open ${demand.item} in Odoo` })
      .first()
      .waitFor();
    await page.close();
  });

  it('leaves nothing broken', () => expect(screens.troubles).toEqual([]));
});
