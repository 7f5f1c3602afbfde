// The Mapping screen in a real browser: a sheet with errors is refused cell by cell, a good one counts at once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workbookBytes } from '../../src/connector/mapping-workbook.ts';
import type { SheetCells } from '../../src/mapping/sheet-cells.ts';
import { defaultSheets } from '../../src/mapping/sheet-defaults.ts';
import { missingChromium, type Screens, startScreens } from './browser.ts';

const missing = missingChromium();

/** The sheet as shipped, with one option changed. */
async function edited(option: string, value: string): Promise<Buffer> {
  const sheets = defaultSheets().map(
    ({ name, rows }): SheetCells => ({
      name,
      rows: rows.map((row) => (name === 'Options' && row[0] === option ? [row[0], value, ...row.slice(2)] : row)),
    }),
  );
  return await workbookBytes(sheets);
}

describe.skipIf(missing !== null)('the mapping sheet', () => {
  let screens: Screens;
  const upload = async (page: Awaited<ReturnType<Screens['tab']>>, name: string, buffer: Buffer) => {
    const mimeType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    await page.locator('input[type=file]').setInputFiles({ name, mimeType, buffer });
  };
  beforeAll(async () => {
    screens = await startScreens();
  }, 120_000);
  afterAll(() => screens?.close());

  it('is refused with the cell, what it holds, and what may stand there', async () => {
    const page = await screens.tab('/mapping/');
    await upload(page, 'bad.xlsx', await edited('Respect reservations', 'perhaps'));
    const alert = page.getByRole('alert');
    await alert.getByText(/bad.xlsx has 1 errors/).waitFor();
    expect(await alert.innerText()).toMatch(/Options!B\d+[\s\S]*perhaps/);
    await page.getByText('In force: the file mapping.xlsx').waitFor();
    await page.close();
  }, 120_000);

  it('that is no workbook is refused with what to do', async () => {
    const page = await screens.tab('/mapping/');
    await upload(page, 'notes.xlsx', Buffer.from('no workbook'));
    await page.getByText(/The workbook cannot be read: .* Save it as an Excel workbook/).waitFor();
    await page.getByText('In force: the file mapping.xlsx').waitFor();
    await page.close();
  }, 120_000);

  it('that is good counts for the next export, and can be taken back', async () => {
    const page = await screens.tab('/mapping/');
    await upload(page, 'good.xlsx', await edited('Time zone', 'America/New_York'));
    await page.getByText('In force: an uploaded sheet').waitFor();
    const current = async () => {
      const authorization = `Basic ${btoa('admin:admin')}`;
      const text = await (
        await fetch(`${screens.service.url}/frepple/xml?mode=1`, { headers: { authorization } })
      ).text();
      return /<current>([^<]+)/.exec(text)![1]!.slice(0, 13);
    };
    const hourIn = (timeZone: string) =>
      new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
        .format(new Date())
        .slice(0, 13)
        .replace(' ', 'T');
    expect(await current()).toBe(hourIn('America/New_York'));
    await page.getByRole('tab', { name: 'Drawing' }).click();
    await page.getByRole('img', { name: /Models of Odoo/ }).waitFor();
    await page.getByRole('button', { name: 'Back to the file' }).click();
    await page.getByText('In force: the file mapping.xlsx').waitFor();
    expect(await current()).toBe(hourIn('Europe/Zurich'));
    await page.close();
    expect(screens.troubles).toEqual([]);
  }, 120_000);
});
