// Every screen, light and dark, before axe: nothing serious stands in the way of who cannot see or point.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCREEN_PATHS } from '../../src/screens/paths.ts';
import { missingChromium, type Screens, startScreens } from './browser.ts';

const missing = missingChromium();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string }[];
}

describe.skipIf(missing !== null)('axe finds no serious fault', () => {
  let screens: Screens;
  beforeAll(async () => {
    screens = await startScreens();
    await screens.run('odoo_read_1,plan,recommend');
  }, 120_000);
  afterAll(() => screens?.close());

  it.each(['light', 'dark'] as const)(
    'in %s',
    async (colorScheme) => {
      // Its script is none of ours, so our policy must not hold here.
      const context = await screens.context.browser()!.newContext({ bypassCSP: true, colorScheme, locale: 'en-GB' });
      const faults: string[] = [];
      for (const path of SCREEN_PATHS) {
        const page = await context.newPage();
        await page.goto(`${screens.service.url}${path}?webtoken=${screens.webtoken()}`);
        await page.waitForSelector('.screen');
        await page.waitForLoadState('networkidle');
        await page.evaluate(axe);
        const found = (await page.evaluate('axe.run()')) as { violations: Violation[]; passes: Violation[] };
        expect(found.passes.length).toBeGreaterThan(10);
        for (const { id, impact, nodes } of found.violations) {
          if (impact === 'serious' || impact === 'critical')
            faults.push(`${path} ${id}: ${nodes[0]?.html.slice(0, 120)}`);
        }
        await page.close();
      }
      await context.close();
      expect(faults).toEqual([]);
    },
    120_000,
  );
});
