// 4: what is for sale, at what price and how much of it there is, as CSV on the WebDAV server: one file with retail and one with
// wholesale prices. The same files are the availability pages of this service.
import { z } from 'zod';
import { PlanbridgeError } from '../../errors.ts';
import { link, links, number, type OdooRow, tableOf, text } from '../../mapping/records.ts';
import { formatStamp } from '../../mapping/time.ts';
import { type AutomationOdoo, automation, type CsvRow } from '../automation.ts';
import { csvText } from '../csv.ts';
import { ancestry, type PricedProduct, priceOf, readPricelists } from '../prices.ts';
import { availableStock, rounded, storable } from '../stock.ts';

export const FEED = 'inventory-feed';

const FileName = z.string().regex(/^[\w-]+\.csv$/, 'is no name of a file like availability.csv');
const FeedList = z.strictObject({
  title: z.string().min(1).describe('Heading of the page'),
  pricelist: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('Name of the pricelist in Odoo; default the list price'),
  file: FileName.describe('Name of the file'),
  page: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'is no path like availability')
    .nullable()
    .default(null)
    .describe('Path of its page on this service'),
  key: z.string().min(8).nullable().default(null).describe('The page opens with ?key= and this only'),
});
export type FeedList = z.output<typeof FeedList>;

export const FeedSettings = z.object({
  lists: z
    .array(FeedList)
    .min(1)
    .default([
      { title: 'Availability', pricelist: null, file: 'availability.csv', page: 'availability', key: null },
      // Wholesale prices are shown when there is a key, or on purpose.
      { title: 'Wholesale availability', pricelist: 'Wholesale', file: 'commercial.csv', page: null, key: null },
    ])
    .describe('The files, each with its prices'),
  folder: z.string().default('').describe('Folder on the WebDAV server'),
  atLeast: z
    .number()
    .default(0)
    .describe('Available quantity from which a product is listed; 1 for what is there only'),
  description: z
    .enum(['name', 'sales description'])
    .default('name')
    .describe('What describes a product: its whole name, or its description for customers where it has one'),
});

export const FEED_HEADER = ['Description', 'Price', 'Quantity'] as const;

export interface FeedItem {
  product: PricedProduct;
  description: string;
  quantity: number;
}

/** Rows of a file, by description. Pure. */
export function feedRows(
  items: readonly FeedItem[],
  atLeast: number,
  price: (product: PricedProduct) => number,
): CsvRow[] {
  return items
    .filter(({ quantity }) => quantity >= atLeast)
    .toSorted((a, b) => (a.description < b.description ? -1 : a.description > b.description ? 1 : 0))
    .map(({ product, description, quantity }) => [description, price(product).toFixed(2), quantity]);
}

/** The template's name with the values that tell its variants apart. Pure. */
export function wholeName(template: OdooRow | undefined, values: readonly string[]): string {
  const name = text(template, 'name').trim();
  return values.length > 0 ? `${name} (${values.join(', ')})` : name;
}

async function readItems(odoo: AutomationOdoo, by: z.output<typeof FeedSettings>['description']): Promise<FeedItem[]> {
  const fields = ['name', 'list_price', 'categ_id', 'description_sale'];
  const domain = [['active', '=', true], ['sale_ok', '=', true], ...storable(odoo.major)] as never;
  const templates = tableOf(await odoo.rows({ model: 'product.template', fields, domain }));
  const wanted = ['product_attribute_value_id', 'price_extra'];
  const values = tableOf(await odoo.rows({ model: 'product.template.attribute.value', fields: wanted }));
  // Their own name is a copy that Odoo does not store.
  const names = tableOf(await odoo.rows({ model: 'product.attribute.value', fields: ['name'] }));
  const above = ancestry(await odoo.rows({ model: 'product.category', fields: ['parent_id'] }));
  const available = await availableStock(odoo);
  const products = await odoo.rows({
    model: 'product.product',
    fields: ['product_tmpl_id', 'product_template_variant_value_ids', 'standard_price'],
    domain: [['active', '=', true]],
  });
  return products.flatMap((row) => {
    const template = templates.get(link(row, 'product_tmpl_id') ?? 0);
    if (!template) return [];
    const own = links(row, 'product_template_variant_value_ids').flatMap((id) => values.get(id) ?? []);
    const name = wholeName(
      template,
      own.map((value) => text(names.get(link(value, 'product_attribute_value_id') ?? 0), 'name')),
    );
    const words = by === 'sales description' ? text(template, 'description_sale').replace(/\s+/g, ' ').trim() : '';
    return [
      {
        product: {
          ...{ id: row.id, template: template.id, categories: above(link(template, 'categ_id')) },
          listPrice: number(template, 'list_price') + own.reduce((sum, value) => sum + number(value, 'price_extra'), 0),
          cost: number(row, 'standard_price'),
        },
        description: words || name,
        quantity: rounded(available.get(row.id) ?? 0),
      },
    ];
  });
}

export const inventoryFeed = automation({
  name: FEED,
  title: 'Inventory for the web site',
  seed: '4',
  description:
    'Puts what is for sale, with price and available quantity, as CSV on the WebDAV server, with retail and with wholesale prices, and on the availability pages.',
  schedule: 'hourly',
  missed: 'once',
  needs: ['odoo', 'webdav', 'files'],
  settings: FeedSettings,
  async run({ odoo, webdav, files, settings, now, effect, count, log, signal }) {
    const items = await readItems(odoo, settings.description);
    count('products', items.length);
    const priced =
      settings.lists.some(({ pricelist }) => pricelist !== null) && (await odoo.has('product.pricelist.item'))
        ? await readPricelists(odoo)
        : null;
    const stamp = formatStamp(now() / 1_000).replace('T', ' ');
    for (const { pricelist, file } of settings.lists) {
      signal.throwIfAborted();
      const id = pricelist === null ? undefined : priced?.byName.get(pricelist);
      if (pricelist !== null && id === undefined) {
        // Retail prices in the wholesale file would be worse than none.
        log('error', `${file}: Odoo has no pricelist ${pricelist} in the company's currency; the file stays as it is.`);
        continue;
      }
      const rows = feedRows(items, settings.atLeast, (product) =>
        priced === null || id === undefined ? product.listPrice : priceOf(priced.lists, id, product, stamp),
      );
      if (rows.length === 0) {
        throw new PlanbridgeError('PB_AUTOMATION_REFUSED', 409, `Nothing is for sale; ${file} stays as it is.`, {
          remedy: 'Look whether the service’s account may see the products in Odoo.',
        });
      }
      count(`rows of ${file}`, rows.length);
      await files.writeCsv(`inventory/${file}`, FEED_HEADER, rows);
      const path = settings.folder === '' ? file : `${settings.folder}/${file}`;
      await effect(
        {
          ...{ key: `upload/${path}`, once: 'run', subject: path, description: `${rows.length} products uploaded` },
          ...{ before: null, after: { rows: rows.length } },
        },
        () => webdav.upload(path, csvText([FEED_HEADER, ...rows]), 'text/csv; charset=utf-8', signal),
      );
    }
  },
});
