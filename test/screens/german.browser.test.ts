// A German planner's screens in a real browser: what the server composes stands there in German, and nothing of it in English.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingChromium, type Screens, startScreens } from './browser.ts';

const missing = missingChromium();

describe.skipIf(missing !== null)('in German', () => {
  let screens: Screens;
  const authorization = `Basic ${btoa('admin:admin')}`;
  const get = async <T>(path: string) =>
    (await (await fetch(screens.service.url + path, { headers: { authorization } })).json()) as T;

  beforeAll(async () => {
    screens = await startScreens();
    const odoo = async (service: string, method: string, args: unknown[]) => {
      const body = JSON.stringify({ jsonrpc: '2.0', method: 'call', params: { service, method, args } });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${screens.demo.url}/jsonrpc`, { method: 'POST', headers, body });
      return ((await answer.json()) as { result: unknown }).result;
    };
    const { database } = screens.demo;
    const admin = await odoo('common', 'authenticate', [database, 'admin', 'admin', {}]);
    const lang = { lang: 'de_DE' };
    await odoo('object', 'execute_kw', [database, admin, 'admin', 'res.users', 'write', [[admin], lang]]);
    await screens.run('odoo_read_1,plan,recommend');
    await fetch(`${screens.service.url}/api/users/sync`, { method: 'POST', headers: { authorization } });
  }, 120_000);
  afterAll(() => screens?.close());

  /** The text of a screen, once it shows this. */
  async function textOf(path: string, shown: RegExp): Promise<string> {
    const page = await screens.tab(path);
    await page.getByText(shown).first().waitFor();
    const text = await page.locator('main, .screen').first().innerText();
    await page.close();
    return text;
  }

  it('recommendations', async () => {
    const { advice } = await get<{ advice: { title: string; reasons: string[] }[] }>('/api/advice?limit=200');
    expect(advice.length).toBeGreaterThan(10);
    const text = await textOf('/recommendations/', /zu spät geliefert, am \d\d\.\d\d\.\d{4}/);
    const said = advice.flatMap(({ title, reasons }) => [title, ...reasons]);
    expect(said.filter((english) => text.includes(english))).toEqual([]);
    expect(text).toMatch(/Grund: .* \(mindestens \d+ /);
  });

  it('a demand that is late, in the list and alone', async () => {
    type Rows = { rows: { name: string; reasons: string }[] };
    const { rows } = await get<Rows>('/api/grids/demands?sort=-late&limit=1');
    const [{ name, reasons }] = rows as [Rows['rows'][number]];
    expect(reasons).toMatch(/time to make|capacity of|lead time of/);
    const text = await textOf(
      `/demand/${encodeURIComponent(name)}/`,
      /Fertigungszeit für|Kapazität von|Lieferzeit für/,
    );
    for (const english of reasons.split('; ')) expect(text).not.toContain(english);
    // the grid's column is beyond the edge of this window
    const page = await screens.tab('/demand/');
    await page.setViewportSize({ width: 2_000, height: 900 });
    await page
      .getByText(/Fertigungszeit für|Kapazität von|Lieferzeit für/)
      .first()
      .waitFor();
    await page.close();
  });

  it('problems, and what the import left out', async () => {
    const { rows } = await get<{ rows: { description: string }[] }>('/api/grids/problems');
    const problems = await textOf('/orders/problems/', /ist keine Beschaffung definiert/);
    expect(problems).toContain('ungültige Daten');
    expect(rows.filter(({ description }) => problems.includes(description))).toEqual([]);
    const page = await screens.tab('/execute/');
    await page.locator('summary').first().click();
    await page.getByText('hätte schon eintreffen sollen').waitFor();
    await page.close();
    expect(screens.troubles).toEqual([]);
  });
});
