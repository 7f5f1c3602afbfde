// 12: the best sellers since the beginning of last year are marked in Odoo, so that they stay in the shop when they are out of stock.
import { z } from 'zod';
import { link, links, text } from '../../mapping/records.ts';
import { type AutomationContext, automation, type OdooUpdate } from '../automation.ts';
import { addYears } from '../calendar.ts';
import { startOfDay } from '../days.ts';
import { best, type SoldByProduct, soldIn } from '../ranking.ts';

const settings = z.object({
  top: z.int().min(1).max(100_000).default(200).describe('How many of the best sellers are marked'),
  by: z.enum(['revenue', 'quantity']).default('revenue').describe('What makes a best seller'),
  tag: z.string().min(1).default('Always online').describe('Tag of products in Odoo that marks them; it is made'),
  field: z
    .string()
    .regex(/^x_[a-z0-9_]+$/, 'is no field of your own like x_always_online')
    .nullable()
    .default(null)
    .describe('A yes/no field of product templates in place of the tag'),
  removeFromOthers: z.boolean().default(false).describe('Take the mark from those that are best sellers no more'),
});

/** product.template ids of the best sellers, variants summed. Pure. @param templates by product.product */
export function bestTemplates(
  sold: SoldByProduct,
  templates: ReadonlyMap<number, number>,
  { top, by }: { top: number; by: 'revenue' | 'quantity' },
): Set<number> {
  const sums = new Map<number, number>();
  for (const [product, figures] of sold) {
    const template = templates.get(product);
    if (template !== undefined) sums.set(template, (sums.get(template) ?? 0) + figures[by]);
  }
  const ranked = best([...sums], ([, sum]) => Math.round(sum * 1e6) / 1e6);
  return new Set(ranked.slice(0, top).map(([template]) => template));
}

/** @returns its id; null in a dry run where there is none yet */
async function tagOf({ odoo }: AutomationContext, name: string): Promise<number | null> {
  await odoo.require('product.template', ['product_tag_ids'], 'Sales');
  const domain = [['name', '=', name]] as const;
  const [there] = await odoo.rows({ model: 'product.tag', fields: ['name'], domain });
  if (there) return there.id;
  const made = await odoo.create({
    ...{ model: 'product.tag', values: { name }, lookUp: domain, key: `tag/${name}`, once: 'run' },
    ...{ subject: `Product tag ${name}`, description: 'created' },
  });
  return made.kind === 'done' || made.kind === 'known' ? made.result : null;
}

export const alwaysOnline = automation({
  name: 'always-online',
  title: 'Always online',
  seed: '12',
  description:
    'Marks the best sellers since the beginning of last year with a tag in Odoo, so that cleaning up the shop spares them while they are out of stock.',
  schedule: 'daily at 03:00',
  missed: 'once',
  needs: ['odoo'],
  settings,
  async run(context) {
    const { odoo, zone, today, signal, settings: wanted, count } = context;
    const from = startOfDay(zone, `${addYears(today(), -1).slice(0, 4)}-01-01`);
    const sold = await soldIn(odoo, { from, until: null }, signal);
    const products = await odoo.rows({ model: 'product.product', fields: ['product_tmpl_id'] });
    const templates = new Map(products.map((row) => [row.id, link(row, 'product_tmpl_id') ?? 0]));
    const marked = bestTemplates(sold, templates, wanted);
    count('best sellers', marked.size);

    const { field } = wanted;
    const tag = field === null ? await tagOf(context, wanted.tag) : null;
    if (field !== null) await odoo.require('product.template', [field], 'Studio, or a module with this field');
    const updates: OdooUpdate[] = [];
    const request = { model: 'product.template', fields: ['name', field ?? 'product_tag_ids'] };
    for await (const page of odoo.pages(request)) {
      for (const row of page) {
        const wants = marked.has(row.id);
        const own = field === null ? links(row, 'product_tag_ids') : [];
        const has = field === null ? tag !== null && own.includes(tag) : row[field] === true;
        if (wants === has || (!wants && !wanted.removeFromOthers)) continue;
        const others = own.filter((id) => id !== tag);
        const next = wants && tag !== null ? [...others, tag] : others;
        updates.push({
          ...{ model: 'product.template', id: row.id, subject: text(row, 'name') },
          description: wants ? 'marked as always online' : 'no longer marked as always online',
          before: field === null ? { product_tag_ids: own } : { [field]: has },
          values: field === null ? { product_tag_ids: [[6, 0, next]] } : { [field]: wants },
        });
      }
    }
    await odoo.update(updates);
  },
});
