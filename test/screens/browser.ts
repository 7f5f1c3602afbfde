// A real Chromium before a page of another origin that frames the screens, as Odoo does, over the demo. Without Chromium the
// tests are skipped and say so; with PLANBRIDGE_REQUIRE_CHROMIUM=1 that is a failure.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import jwt from 'jsonwebtoken';
import { type Browser, type BrowserContext, chromium, type Frame, type Page } from 'playwright-core';
import { readConfig } from '../../src/config.ts';
import { startDemo } from '../../src/demo.ts';
import { createLog } from '../../src/log.ts';
import { type RunningService, startService } from '../../src/serve.ts';
import { builtScreens, newDataDirectory } from '../support/shared.ts';

const CHROMIUM = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const KEY = 'a key of web tokens for tests of screens';
const WAIT_MS = 45_000;

export function missingChromium(): string | null {
  if (CHROMIUM.some((path) => path && existsSync(path))) return null;
  const reason = 'no Chromium: install it, or set CHROMIUM to its path';
  if (process.env.PLANBRIDGE_REQUIRE_CHROMIUM === '1') throw new Error(reason);
  console.warn(`skipped: ${reason}`);
  return reason;
}

export interface Screens {
  service: RunningService;
  demo: { url: string; database: string };
  context: BrowserContext;
  /** The service's log so far. */
  log(): string;
  /** A web token as Odoo's menus make it. */
  webtoken(claims?: object): string;
  /** Opens a page of another origin that frames this address of ours, signed in as `user`. */
  framed(path: string, user?: string): Promise<{ page: Page; frame: Frame }>;
  /** Opens the address in a tab. */
  tab(path: string, user?: string): Promise<Page>;
  /** Runs a chain to its end. */
  run(steps: string): Promise<void>;
  /** Everything that went wrong in the pages, such as scripts that broke or a policy that was violated. */
  troubles: string[];
  close(): Promise<void>;
}

export async function startScreens(environment: Record<string, string> = {}): Promise<Screens> {
  await builtScreens();
  const directory = await newDataDirectory('browser');
  const demo = await startDemo();
  const frames = createServer((request, response) => {
    const address = new URL(request.url!, 'http://x').searchParams.get('address') ?? '';
    response
      .setHeader('content-type', 'text/html')
      .end(
        `<!doctype html><title>Odoo</title><body style="margin:0"><iframe src="${address}" style="border:0;width:100vw;height:100vh"></iframe>`,
      );
  });
  await new Promise<void>((resolve) => frames.listen(0, '127.0.0.1', resolve));
  // Another host name makes another origin and another site.
  const outside = `http://localhost:${(frames.address() as AddressInfo).port}`;
  const lines: string[] = [];
  const config = readConfig({
    ODOO_URL: demo.url,
    ODOO_USER: demo.login,
    ODOO_PASSWORD: demo.password,
    ODOO_COMPANY: demo.company,
    PORT: '0',
    PLANBRIDGE_DATA_DIR: directory,
    WEBTOKEN_KEY: KEY,
    WEBTOKEN_REQUIRED: 'no',
    FRAME_ORIGINS: outside,
    ...environment,
  });
  const log = createLog({ level: 'info', write: (line) => void lines.push(line) });
  const service = await startService(config, config.odoo!, log);
  const browser: Browser = await chromium.launch({
    executablePath: CHROMIUM.find((path) => path && existsSync(path))!,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const context = await browser.newContext({ viewport: { width: 1_400, height: 850 }, locale: 'en-GB' });
  context.setDefaultTimeout(WAIT_MS);
  const troubles: string[] = [];
  context.on('weberror', (error) => void troubles.push(error.error().message));
  context.on('console', (message) => {
    if (message.type() === 'error' && !/status of (401|403|404|409|422)/.test(message.text()))
      troubles.push(message.text());
  });

  let serial = 0;
  const webtoken = (claims: object = {}) => {
    serial += 1;
    const exp = Math.floor(Date.now() / 1_000) + 600;
    return jwt.sign({ exp, user: 'admin', navbar: true, serial, ...claims }, KEY, { noTimestamp: true });
  };
  const addressOf = (path: string, user: string) => {
    const url = new URL(path, service.url!);
    url.searchParams.set('webtoken', webtoken({ user }));
    return url.toString();
  };

  return {
    service,
    demo,
    context,
    log: () => lines.join(''),
    webtoken,
    troubles,
    async framed(path, user = 'admin') {
      const page = await context.newPage();
      await page.goto(`${outside}/?address=${encodeURIComponent(addressOf(path, user))}`);
      const frame = page.frames().find((each) => each !== page.mainFrame())!;
      await frame.waitForSelector('.screen, form');
      return { page, frame };
    },
    async tab(path, user = 'admin') {
      const page = await context.newPage();
      await page.goto(addressOf(path, user));
      await page.waitForSelector('.screen, form');
      return page;
    },
    async run(steps) {
      const authorization = `Basic ${btoa(`${demo.login}:${demo.password}`)}`;
      const ask = async (path: string, init: RequestInit = {}) =>
        (await (await fetch(service.url + path, { ...init, headers: { authorization } })).json()) as Record<
          string,
          unknown
        >;
      const { run } = await ask('/api/runs', { method: 'POST', body: JSON.stringify({ steps }) });
      const until = Date.now() + 60_000;
      for (;;) {
        const { run: now } = await ask(`/api/runs/${(run as { id: number }).id}`);
        const { state, error } = now as { state: string; error: { message: string } | null };
        if (state === 'done') return;
        if (state === 'failed' || Date.now() > until) throw new Error(`${steps}: ${state} ${error?.message ?? ''}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async close() {
      await browser.close();
      await service.close(2_000);
      await demo.close();
      await new Promise((resolve) => frames.close(resolve));
      await rm(directory, { recursive: true, force: true });
    },
  };
}
