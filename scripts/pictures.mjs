// Pictures of the screens for the documentation, light and dark: npm run pictures. Needs Chromium (CHROMIUM names another one).

import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTransport } from 'nodemailer';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'docs', 'screens');
const data = await mkdtemp(join(tmpdir(), 'planbridge-pictures-'));
const child = spawn(process.execPath, ['--max-semi-space-size=8', 'src/main.ts'], {
  cwd: root,
  env: { ...process.env, PORT: '0', PLANBRIDGE_DATA_DIR: data },
  stdio: ['ignore', 'pipe', 'inherit'],
});
let output = '';
const found = await new Promise((resolve, reject) => {
  child.once('exit', () => reject(new Error('the demo does not start')));
  child.stdout.on('data', (chunk) => {
    output += chunk;
    const match = /open +(\S+)[\s\S]*order by mail +(\S+) to (\S+)/.exec(output);
    if (match) resolve(match);
  });
});
const [, url, smtp, desk] = found;
const authorization = `Basic ${btoa('admin:admin')}`;

async function run(steps) {
  const ask = async (path, init) => (await fetch(new URL(path, url), { ...init, headers: { authorization } })).json();
  const { run: begun } = await ask('/api/runs', { method: 'POST', body: JSON.stringify({ steps }) });
  for (;;) {
    const { run: now } = await ask(`/api/runs/${begun.id}`);
    if (now.state === 'done') return;
    if (now.state === 'failed') throw new Error(`${steps}: ${now.error?.message}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

await run('odoo_read_1,odoo_read_2,forecast,plan,recommend');
const day = new Date(Date.now() + 21 * 86_400_000).toISOString().slice(0, 10);
await createTransport(smtp).sendMail({
  from: 'einkauf@hydrowerk.example',
  to: desk,
  subject: 'Order 4711',
  text: `Dear sirs,\n\nplease deliver\n\n- Product: PH-120\n- Quantity: 12\n- Delivery date: ${day}\n\n- Product: GB-140\n- Quantity: 900\n- Delivery date: ${day}\n\nKind regards\nHydrowerk`,
});

const SCREENS = {
  execute: '/execute/',
  board: '/planningboard/',
  demand: '/demand/',
  late: '/demand/S00072 144/',
  orders: '/orders/',
  inventory: '/inventoryplanning/drp/AL-239/',
  forecast: '/forecast/editor/',
  quote: '/quote/',
  recommendations: '/recommendations/',
  mail: '/mail/',
  automations: '/automations/',
  mapping: '/mapping/',
  admin: '/admin/',
};
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
for (const colorScheme of ['light', 'dark']) {
  const page = await browser.newPage({ viewport: { width: 1_280, height: 760 }, colorScheme, locale: 'en-GB' });
  await page.goto(url);
  await page.getByLabel('Login').fill('admin');
  await page.getByLabel('Password or API key').fill('admin');
  await page.getByRole('button', { name: 'Sign in' }).click();
  for (const [name, path] of Object.entries(SCREENS)) {
    await page.waitForSelector('.screen');
    const link = page.locator(`nav a[href="${path}"]`);
    if ((await link.count()) > 0) await link.click();
    else {
      await page.evaluate((address) => {
        history.pushState(null, '', address);
        dispatchEvent(new PopStateEvent('popstate'));
      }, path);
    }
    await page.waitForTimeout(2_500);
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
  }
  await page.close();
}
await browser.close();
child.kill('SIGTERM');
await new Promise((resolve) => child.once('exit', resolve));
await rm(data, { recursive: true, force: true });
