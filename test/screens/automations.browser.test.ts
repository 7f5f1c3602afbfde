// The Automations screen in a real browser, on the demo's shop: what there is, a dry run that changes nothing, a run that does.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingChromium, type Screens, startScreens } from './browser.ts';

const missing = missingChromium();

describe.skipIf(missing !== null)('the screen of automations', () => {
  let screens: Screens;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'planbridge-automations-'));
    const file = join(folder, 'automations.yaml');
    const settings = [
      'zone: Europe/Zurich',
      'automations:',
      '  contact-names: { on: false }',
      '  negative-loyalty:',
      '    on: true',
    ];
    await writeFile(file, settings.join('\n'));
    screens = await startScreens({ AUTOMATIONS_FILE: file, AUTOMATIONS_FOLDER: join(folder, 'records') });
  }, 120_000);
  afterAll(async () => {
    await screens?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('says what a dry run would change, then changes it, then has nothing to do', async () => {
    const page = await screens.tab('/automations/contact-names/');
    await page.getByRole('heading', { name: 'Names of contacts' }).waitFor();
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByRole('heading', { name: 'What it would change' }).waitFor();
    const record = page.getByRole('row', { name: /urs von arx/ });
    await record.waitFor();
    expect(await record.innerText()).toContain('Urs Von Arx');
    await page.getByText('3 would change').waitFor();

    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByRole('heading', { name: 'What it changed' }).waitFor();
    await page.getByRole('row', { name: /CHANTAL ROCHAT/ }).waitFor();
    await page.getByText('3 changes').waitFor();
    if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/automations.png` });

    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByText('Nothing.').waitFor();
    await page.close();
  }, 120_000);

  it('switches a schedule off and on, and opens another automation by keyboard', async () => {
    const page = await screens.tab('/automations/');
    await page.getByRole('link', { name: 'Negative loyalty balances to zero' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Switch the schedule off' }).click();
    await page.getByRole('button', { name: 'Switch the schedule on' }).click();
    await page.getByRole('button', { name: 'Switch the schedule off' }).waitFor();
    await page.getByText('Not in the settings file').click();
    await page.getByText('stock-buffers').waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Log of today' }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(/^automations_.*\.txt$/);
    if (process.env.SCREENSHOTS) {
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.screenshot({ path: `${process.env.SCREENSHOTS}/automations-dark.png` });
    }
    await page.close();
  }, 120_000);

  it('breaks no policy and no script on the way', () => {
    expect(screens.troubles).toEqual([]);
  });
});
