// Reads a table of a web site behind a sign-in, as a browser without scripts would: cookies, the form with its hidden fields, pages.
// It sends the password to the site of the form only.
import { setTimeout as sleep } from 'node:timers/promises';
import { type CheerioAPI, load, loadBuffer } from 'cheerio';
import { CookieJar } from 'tough-cookie';
import { fetch } from 'undici';
import { z } from 'zod';
import { refused, saidBy, unreachable } from './engines/http.ts';

const Address = z.url({ protocol: /^https?$/, error: 'is no web address' });

export const Site = z.strictObject({
  name: z
    .string()
    .regex(/^[\w-]+$/, 'is no name of letters, digits, - and _')
    .describe('Name of its file'),
  login: z
    .strictObject({
      page: Address.describe('Page with the form'),
      user: z.string().min(1),
      password: z.string().min(1).describe('Name a variable of the environment here'),
      userField: z.string().min(1).describe('Name of the field for the user'),
      passwordField: z.string().min(1).describe('Name of the field for the password'),
    })
    .nullable()
    .default(null),
  page: Address.describe('Page with the table'),
  table: z.string().min(1).default('table').describe('CSS selector of the table; the first with rows is taken'),
  next: z.string().min(1).nullable().default(null).describe('CSS selector of the link to the next page'),
  mostPages: z.int().min(1).max(1_000).default(50),
});
export type Site = z.output<typeof Site>;

export interface ScrapeOptions {
  timeoutMs: number;
  /** Between two requests. */
  pauseMs: number;
  userAgent: string;
  signal: AbortSignal;
}

export interface Table {
  header: string[];
  rows: string[][];
}

const clean = (text: string) => text.replace(/\s+/g, ' ').trim();

/** Cells of the first such table that has rows, null when there is none. Pure. @example tableIn(load(html), 'table.prices') */
export function tableIn($: CheerioAPI, selector: string): Table | null {
  for (const table of $(selector).toArray()) {
    // Rows of its own, not of tables in it.
    const lines = $(table)
      .find('tr')
      .toArray()
      .filter((row) => $(row).closest('table').is(table))
      .map((row) => $(row).children('th,td').toArray());
    const cells = (line: (typeof lines)[number]) =>
      line.flatMap((cell) => {
        const width = Math.min(100, Math.max(1, Number($(cell).attr('colspan')) || 1));
        return [clean($(cell).text()), ...Array<string>(width - 1).fill('')];
      });
    const at = lines.findIndex((line) => line.length > 0 && line.every((cell) => cell.tagName === 'th'));
    const rows = lines.filter((line, index) => index > at && line.some((cell) => cell.tagName === 'td')).map(cells);
    if (rows.length === 0) continue;
    const width = Math.max(...rows.map((row) => row.length));
    const titles = at >= 0 ? cells(lines[at]!) : [];
    const header = Array.from({ length: Math.max(width, titles.length) }, (_, n) => titles[n] || `column ${n + 1}`);
    return { header, rows: rows.map((row) => header.map((_, n) => row[n] ?? '')) };
  }
  return null;
}

interface Page {
  url: string;
  $: CheerioAPI;
}

const MOST_REDIRECTS = 10;
const MOST_BYTES = 20 << 20;

/** @throws PlanbridgeError PB_AUTOMATION_REFUSED, PB_AUTOMATION_UNREACHABLE */
export async function scrape(site: Site, options: ScrapeOptions): Promise<Table> {
  const { signal, timeoutMs, pauseMs, userAgent } = options;
  const jar = new CookieJar();
  const secrets = site.login ? [site.login.password] : [];

  async function request(address: string, form: URLSearchParams | null): Promise<Page> {
    let [url, body] = [address, form];
    for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
      const timeout = AbortSignal.timeout(timeoutMs);
      try {
        const cookie = await jar.getCookieString(url);
        const answer = await fetch(url, {
          method: body ? 'POST' : 'GET',
          redirect: 'manual',
          headers: { 'user-agent': userAgent, accept: 'text/html,*/*;q=0.5', ...(cookie ? { cookie } : {}) },
          ...(body ? { body } : {}),
          signal: AbortSignal.any([signal, timeout]),
        });
        for (const given of answer.headers.getSetCookie()) await jar.setCookie(given, url, { ignoreError: true });
        const to = answer.headers.get('location');
        if (answer.status >= 300 && answer.status < 400 && to !== null) {
          await answer.body?.cancel();
          const next = new URL(to, url);
          if (body && (answer.status === 307 || answer.status === 308) && next.origin !== new URL(url).origin) {
            throw refused(site.name, 'it sends the sign-in on to another site', 'Give the page of that site.');
          }
          // As browsers do: what follows a posted form is fetched.
          if (answer.status !== 307 && answer.status !== 308) body = null;
          url = next.href;
          continue;
        }
        const content = Buffer.from(await answer.arrayBuffer());
        if (content.length > MOST_BYTES) throw refused(site.name, 'its page is too large', 'Give another page.');
        if (answer.status >= 500 || answer.status === 429) throw unreachable(site.name, `it answers ${answer.status}`);
        if (answer.status !== 200)
          throw refused(site.name, `it answers ${answer.status}`, 'Check the address of the page.');
        const label = /charset=["']?([\w-]+)/i.exec(answer.headers.get('content-type') ?? '')?.[1];
        const encoding = label ? { transportLayerEncodingLabel: label } : {};
        return { url, $: loadBuffer(content, { encoding }) };
      } catch (error) {
        signal.throwIfAborted();
        if ((error as { name?: string }).name === 'PlanbridgeError') throw error;
        const { cause, message } = error as Error;
        const reason = (cause as NodeJS.ErrnoException | undefined)?.code ?? saidBy(message, secrets);
        throw unreachable(site.name, timeout.aborted ? `no answer within ${timeoutMs / 1_000} s` : reason, {
          cause: error,
        });
      }
    }
    throw refused(site.name, `it sends from page to page, ${MOST_REDIRECTS} times`, 'Check the address of the page.');
  }

  if (site.login) await signIn(site.login);
  const found: Table = { header: [], rows: [] };
  const seen = new Set<string>();
  let address: string | null = site.page;
  while (address !== null && seen.size < site.mostPages && !seen.has(address)) {
    seen.add(address);
    const page: Page = await request(address, null);
    const table = tableIn(page.$, site.table);
    if (!table) {
      if (seen.size > 1) break;
      const hint = passwordField(page.$)
        ? 'It asks to sign in there: check login.'
        : 'Check page and table; the site may look different now.';
      throw refused(site.name, `there is no table ${site.table} with rows`, hint);
    }
    if (found.header.length === 0) found.header.push(...table.header);
    found.rows.push(...table.rows.map((row) => found.header.map((_, n) => row[n] ?? '')));
    const to: string | undefined = site.next === null ? undefined : page.$(site.next).first().attr('href');
    address = to ? new URL(to, page.url).href : null;
    if (address !== null) await sleep(pauseMs, undefined, { signal });
  }
  return found;

  async function signIn(login: NonNullable<Site['login']>): Promise<void> {
    const { url, $ } = await request(login.page, null);
    const named = (name: string) => $('input').filter((_, input) => $(input).attr('name') === name);
    const form = named(login.passwordField).closest('form');
    if (form.length === 0 || named(login.userField).length === 0) {
      throw refused(
        site.name,
        `its sign-in has no fields ${login.userField} and ${login.passwordField}`,
        'Look at the names of the fields in the page.',
      );
    }
    const target = new URL(form.attr('action') || url, url);
    if (target.origin !== new URL(url).origin) {
      throw refused(
        site.name,
        `its form sends the password to ${target.host}`,
        'Give the page of that site as login.page.',
      );
    }
    const fields = new URLSearchParams();
    for (const { name, value } of form.serializeArray()) fields.append(name, value);
    fields.set(login.userField, login.user);
    fields.set(login.passwordField, login.password);
    const after = await request(target.href, fields);
    const still = after.$('input').filter((_, input) => after.$(input).attr('name') === login.passwordField);
    if (still.length > 0)
      throw refused(site.name, 'it does not take the sign-in', 'Check user and password of this site.');
    await sleep(pauseMs, undefined, { signal });
  }
}

const passwordField = ($: CheerioAPI) => $('input[type=password]').length > 0;

/** For tests and other callers that have a page already. */
export const pageOf = (html: string): CheerioAPI => load(html);
