// Every screen, light and dark, before axe: nothing serious stands in the way of who cannot see or point.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCREEN_PATHS } from '../../src/screens/paths.ts';
import { missingChromium, type Screens, startScreens } from './browser.ts';

const missing = missingChromium();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Of one record each; the last three are in the plan, closed, and gone. */
const PAGES = ['/demand/S00072%20144/', '/open/sale.order/72/', '/open/sale.order/1/', '/open/sale.order/99999/'];

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string }[];
}

describe.skipIf(missing !== null)('axe finds no serious fault', () => {
  let screens: Screens;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'planbridge-axe-'));
    const file = join(folder, 'automations.yaml');
    await writeFile(file, 'zone: Europe/Zurich\nautomations: { contact-names: true, negative-loyalty: { on: false } }');
    screens = await startScreens({ AUTOMATIONS_FILE: file });
    await screens.run('odoo_read_1,plan,recommend');
  }, 120_000);
  afterAll(async () => {
    await screens?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('in light and in dark', async () => {
    // Its script is none of ours, so our policy must not hold here.
    const context = await screens.context
      .browser()!
      .newContext({ bypassCSP: true, colorScheme: 'light', locale: 'en-GB' });
    const faults: string[] = [];
    for (const path of [...SCREEN_PATHS, ...PAGES]) {
      const page = await context.newPage();
      await page.goto(`${screens.service.url}${path}?webtoken=${screens.webtoken()}`);
      await page.waitForSelector('.screen');
      await page.waitForLoadState('networkidle');
      await page.evaluate(axe);
      const look = async (scheme: 'light' | 'dark', rules: string) => {
        await page.emulateMedia({ colorScheme: scheme });
        const found = (await page.evaluate(`axe.run(${rules})`)) as { violations: Violation[]; passes: Violation[] };
        for (const { id, impact, nodes } of found.violations) {
          if (impact === 'serious' || impact === 'critical')
            faults.push(`${path} in ${scheme} ${id}: ${nodes[0]?.html.slice(0, 120)}`);
        }
        return found.passes.map(({ id }) => id);
      };
      expect((await look('light', '')).length).toBeGreaterThan(10);
      // The page is the same; only its colours are others.
      expect(await look('dark', `{ runOnly: ['color-contrast'] }`)).toEqual(['color-contrast']);
      await page.close();
    }
    await context.close();
    expect(faults).toEqual([]);
  }, 240_000);
});
