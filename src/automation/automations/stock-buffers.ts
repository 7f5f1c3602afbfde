// 8. Stock buffers: how many of a product are held back from the web shop, so that nothing is oversold. Five as a rule; by brand; by
// category and price. Kept here, or in a field of Odoo where one is named.
import { z } from 'zod';
import { link, links, number, type OdooRow, text } from '../../mapping/records.ts';
import { type AutomationContext, type AutomationOdoo, automation, type OdooUpdate } from '../automation.ts';

const buffer = z.number().min(0).max(100_000);

const Settings = z.object({
  default: buffer.default(5).describe('Of products that no rule names'),
  brands: z.record(z.string(), buffer).default({}).describe('By brand; goes before the categories'),
  categories: z
    .record(
      z.string(),
      z
        .array(z.strictObject({ above: z.number().min(0).default(0), buffer }))
        .min(1)
        .describe('Of the bands whose `above` the price exceeds, the highest counts'),
    )
    .default({})
    .describe('By name of the category, with bands of the price'),
  brandField: z.string().nullable().default(null).describe('Where brands stand; as in the automation brands'),
  field: z
    .string()
    .nullable()
    .default(null)
    .describe(
      'Number field of product.template that takes the buffer; without one Planbridge keeps it for the web shop',
    ),
});
type Rules = Pick<z.output<typeof Settings>, 'default' | 'brands' | 'categories'>;

/** Name under which other automations find buffers: `stateOf(STOCK_BUFFERS)`, keys `template <id>`. */
export const STOCK_BUFFERS = 'stock-buffers';

export const stockBuffers = automation({
  name: STOCK_BUFFERS,
  title: 'Stock buffers',
  seed: '8',
  description: 'Sets how many of each product are held back from the web shop, by brand, category and price.',
  schedule: 'even hours',
  missed: 'once',
  needs: ['odoo'],
  settings: Settings,
  async run(context) {
    const { settings, odoo, count } = context;
    if (settings.field !== null)
      await odoo.require('product.template', [settings.field], `that has the field ${settings.field}`);
    const categories = await categoryNames(odoo);
    const brands = await brandNames(odoo, settings.brandField);
    const known = new Map(settings.field === null ? await context.state.entries('template ') : []);
    const fields = ['name', 'categ_id', 'list_price', brands.field, settings.field ?? 'name'];
    for await (const page of odoo.pages({
      model: 'product.template',
      fields,
      domain: [
        ['sale_ok', '=', true],
        ['active', '=', true],
      ],
    })) {
      count('products', page.length);
      const updates: OdooUpdate[] = [];
      for (const row of page) {
        const wanted = bufferOf(
          {
            brands: brands.of(row),
            categories: categories.get(link(row, 'categ_id') ?? 0) ?? [],
            price: number(row, 'list_price'),
          },
          settings,
        );
        if (settings.field === null) await keep(context, row, known.get(`template ${row.id}`), wanted);
        else if (number(row, settings.field) !== wanted) {
          updates.push({
            model: 'product.template',
            id: row.id,
            subject: text(row, 'name'),
            description: `buffer ${wanted}`,
            before: { [settings.field]: number(row, settings.field) },
            values: { [settings.field]: wanted },
          });
        }
      }
      await odoo.update(updates);
    }
  },
});

async function keep(
  { effect, state }: Pick<AutomationContext, 'effect' | 'state'>,
  row: OdooRow,
  before: unknown,
  wanted: number,
): Promise<void> {
  if (before === wanted) return;
  const key = `template ${row.id}`;
  await effect(
    {
      key,
      once: 'run',
      subject: text(row, 'name'),
      description: `buffer ${wanted}`,
      before: typeof before === 'number' ? before : null,
      after: wanted,
    },
    async () => {
      await state.set(key, wanted);
      return true;
    },
  );
}

export interface BufferedProduct {
  brands: readonly string[];
  /** Its own, then those above it. */
  categories: readonly string[];
  price: number;
}

/** Brand before category; the nearest category before those above it. */
export function bufferOf({ brands, categories, price }: BufferedProduct, rules: Rules): number {
  const byName = (names: Readonly<Record<string, unknown>>, wanted: string) =>
    Object.keys(names).find((name) => name.toLowerCase() === wanted.toLowerCase());
  for (const brand of brands) {
    const name = byName(rules.brands, brand);
    if (name !== undefined) return rules.brands[name]!;
  }
  for (const category of categories) {
    const name = byName(rules.categories, category);
    if (name === undefined) continue;
    const band = rules.categories[name]!.filter(({ above }) => price > above || above === 0).toSorted(
      (a, b) => b.above - a.above,
    )[0];
    if (band) return band.buffer;
  }
  return rules.default;
}

/** Names of each category and of those above it, the nearest first. */
async function categoryNames(odoo: AutomationOdoo): Promise<Map<number, string[]>> {
  const rows = await odoo.rows({ model: 'product.category', fields: ['name', 'parent_id'] });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return new Map(
    rows.map(({ id }) => {
      const names: string[] = [];
      for (let at = byId.get(id), depth = 0; at && depth < 50; at = byId.get(link(at, 'parent_id') ?? 0), depth++) {
        names.push(text(at, 'name'));
      }
      return [id, names];
    }),
  );
}

async function brandNames(
  odoo: AutomationOdoo,
  wanted: string | null,
): Promise<{ field: string; of(row: OdooRow): string[] }> {
  const own =
    wanted ?? ((await odoo.has('product.template', ['product_brand_id'])) ? 'product_brand_id' : 'product_tag_ids');
  const type = await odoo.fieldType('product.template', own);
  if (type === null) return { field: 'name', of: () => [] };
  if (type.relation === undefined) return { field: own, of: (row) => [text(row, own)].filter(Boolean) };
  const names = new Map(
    (await odoo.rows({ model: type.relation, fields: ['name'] })).map((row) => [row.id, text(row, 'name')]),
  );
  const ids = (row: OdooRow) => (type.type === 'many2one' ? [link(row, own) ?? 0] : links(row, own));
  return { field: own, of: (row) => ids(row).flatMap((id) => names.get(id) ?? []) };
}
