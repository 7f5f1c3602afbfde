// Pages on which customers look up what is available, over the files of the inventory automation: searched, sorted and in pages, made
// here, so that no script has to run. They never ask Odoo.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { type Api, notFound } from '../http/api.ts';
import { escapeHtml } from '../http/html.ts';
import { sameSecret } from '../http/secret.ts';
import { FEED, type FeedList, type FeedSettings } from './automations/inventory-feed.ts';
import type { AutomationSettings } from './settings.ts';

export interface AvailabilityRow {
  description: string;
  price: number;
  quantity: number;
}

const SORTS = ['description', 'price', 'quantity'] as const;
export interface AvailabilityQuestion {
  /** All words have to be in the description. */
  q: string;
  sort: (typeof SORTS)[number];
  down: boolean;
  /** From 1. */
  page: number;
}

const PAGE = 100;

const plain = (value: string) => value.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** Pure. */
export function search(rows: readonly AvailabilityRow[], { q, sort, down }: AvailabilityQuestion): AvailabilityRow[] {
  const words = plain(q).split(/\s+/).filter(Boolean);
  const found = rows.filter(({ description }) => {
    const where = plain(description);
    return words.every((word) => where.includes(word));
  });
  const sign = down ? -1 : 1;
  return found.sort((a, b) =>
    sort === 'description' ? sign * a.description.localeCompare(b.description) : sign * (a[sort] - b[sort]),
  );
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem;color:#1c2321;background:#fff}
form{display:flex;gap:.5rem;margin:1rem 0}input{flex:1;font:inherit;padding:.4rem .6rem}button{font:inherit;padding:.4rem .9rem}
table{border-collapse:collapse;width:100%}th,td{padding:.35rem .5rem;border-bottom:1px solid #d8dedb;text-align:left}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}nav{margin:1rem 0;display:flex;gap:1rem}a{color:#2a5d47}
@media (prefers-color-scheme:dark){body{background:#161b19;color:#e6ece9}th,td{border-color:#38413d}a{color:#8fc9ae}}`;

/** Pure. @param at when the file was made */
export function availabilityPage(
  list: Pick<FeedList, 'title' | 'key'>,
  rows: readonly AvailabilityRow[],
  question: AvailabilityQuestion,
  at: string,
): string {
  const found = search(rows, question);
  const pages = Math.max(1, Math.ceil(found.length / PAGE));
  const page = Math.min(question.page, pages);
  const shown = found.slice((page - 1) * PAGE, page * PAGE);
  const address = (changes: Partial<AvailabilityQuestion>) => {
    const next = { ...question, page: 1, ...changes };
    const query = new URLSearchParams({ q: next.q, sort: next.sort, page: String(next.page) });
    if (next.down) query.set('down', 'yes');
    if (list.key !== null) query.set('key', list.key);
    return escapeHtml(`?${query}`);
  };
  const head = (sort: AvailabilityQuestion['sort'], title: string) => {
    const own = question.sort === sort;
    const order = own ? ` aria-sort="${question.down ? 'descending' : 'ascending'}"` : '';
    const kind = sort === 'description' ? '' : ' class="n"';
    return `<th scope="col"${order}${kind}><a href="${address({ sort, down: own && !question.down })}">${title}</a></th>`;
  };
  const hidden = (name: string, value: string) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`;
  const title = escapeHtml(list.title);
  const lines = shown.map(
    ({ description, price, quantity }) =>
      `<tr><td>${escapeHtml(description)}</td><td class="n">${price.toFixed(2)}</td><td class="n">${quantity}</td></tr>`,
  );
  const steps = [
    page > 1 ? `<a href="${address({ page: page - 1 })}">Back</a>` : '',
    `<span>Page ${page} of ${pages}</span>`,
    page < pages ? `<a href="${address({ page: page + 1 })}">Next</a>` : '',
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><style>${STYLE}</style></head>
<body><h1>${title}</h1>
<form role="search">${hidden('sort', question.sort)}${question.down ? hidden('down', 'yes') : ''}${list.key === null ? '' : hidden('key', list.key)}
<input type="search" name="q" value="${escapeHtml(question.q)}" aria-label="Search" placeholder="Search"><button>Search</button></form>
<p>${found.length} of ${rows.length} products, as of ${escapeHtml(at)}</p>
${
  shown.length > 0
    ? `<table><thead><tr>${head('description', 'Product')}${head('price', 'Price')}${head('quantity', 'Available')}</tr></thead><tbody>${lines.join('')}</tbody></table>`
    : '<p>Nothing has all these words. Try fewer.</p>'
}
${pages > 1 ? `<nav aria-label="Pages">${steps.join('')}</nav>` : ''}
</body></html>`;
}

/** Rows of a file, and when it was made; read anew when it has changed. */
export function openFeedFile(path: string) {
  let kept: { mtimeMs: number; rows: AvailabilityRow[] } | null = null;
  return async (): Promise<{ mtimeMs: number; rows: AvailabilityRow[] } | null> => {
    const there = await stat(path).catch(() => null);
    if (!there) return null;
    if (kept?.mtimeMs !== there.mtimeMs) {
      const lines: string[][] = parse(await readFile(path, 'utf8'), {
        bom: true,
        from_line: 2,
        relax_column_count: true,
      });
      const rows = lines.map(([description = '', price, quantity]) => {
        return { description, price: Number(price) || 0, quantity: Number(quantity) || 0 };
      });
      kept = { mtimeMs: there.mtimeMs, rows };
    }
    return kept;
  };
}

const Query = z.object({
  q: z.string().max(200).default(''),
  sort: z.enum(SORTS).catch('description').default('description'),
  down: z.string().optional(),
  page: z.coerce.number().int().min(1).max(100_000).catch(1).default(1),
  key: z.string().max(200).optional(),
});

/** A page for each list of the inventory automation that has one. */
export function addAvailabilityPages({
  api,
  settings,
  folder,
}: {
  api: Api;
  settings: Pick<AutomationSettings, 'automations' | 'zone'>;
  folder: string;
}): void {
  const configured = settings.automations.get(FEED)?.settings as z.output<typeof FeedSettings> | undefined;
  for (const list of configured?.lists ?? []) {
    if (list.page === null) continue;
    const read = openFeedFile(join(folder, 'inventory', list.file));
    const days = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'short', timeZone: settings.zone });
    api.route(
      {
        ...{ method: 'get', path: `/${list.page}`, tag: 'Availability', role: 'anyone', query: Query },
        ...{ summary: `${list.title}: what is for sale, as a page to search`, contentType: 'text/html' },
      },
      async ({ query, response }) => {
        // Not even that there is such a page is told without its key.
        if (list.key !== null && !sameSecret(query.key ?? '', list.key)) throw notFound('page');
        const feed = await read();
        if (!feed) throw notFound('list yet; it comes with the first run of the inventory automation');
        const question = { q: query.q, sort: query.sort, down: query.down === 'yes', page: query.page };
        response
          .type('html')
          .set(
            'Content-Security-Policy',
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
          )
          .set('X-Content-Type-Options', 'nosniff')
          .set('Referrer-Policy', 'no-referrer')
          .send(availabilityPage(list, feed.rows, question, days.format(feed.mtimeMs)));
        return undefined;
      },
    );
  }
}
