// 6. Products of which less than one can be sold are archived. A variant alone; the product as a whole when none of its variants is
// left. Each change of status stands in the day's file, for those who look after the shop.
import { z } from 'zod';
import type { Domain } from '../../connector/odoo/reader.ts';
import { link, links, type OdooRow, text } from '../../mapping/records.ts';
import { automation, type Json, type OdooUpdate } from '../automation.ts';
import { dayName } from '../csv.ts';
import { availableStock, rounded, storable } from '../stock.ts';

const Settings = z.object({
  below: z.number().default(1).describe('Products of which less than this can be sold are archived'),
  domain: z
    .array(z.union([z.string(), z.array(z.unknown())]))
    .default([['sale_ok', '=', true]])
    .describe('Which products it is about, as a domain of Odoo'),
  keepTags: z
    .array(z.string().min(1))
    .default(['Always online'])
    .describe('Tags of products that stay whatever their stock'),
});

const RECORD = ['time', 'product', 'reference', 'available', 'status before', 'status after'];

export const inactiveProducts = automation({
  name: 'inactive-products',
  title: 'Products without stock',
  seed: '6',
  description: 'Archives products of which less than one can be sold, and writes a file of the changes of the day.',
  schedule: 'even hours',
  missed: 'once',
  needs: ['odoo', 'files'],
  settings: Settings,
  async run(context) {
    const { settings, odoo, files, today, count } = context;
    const available = await availableStock(odoo);
    const kept = await keptTemplates(odoo, settings.keepTags);
    const domain = [['active', '=', true], ...storable(odoo.major), ...settings.domain] as Domain;
    const variants = await odoo.rows({
      model: 'product.product',
      fields: ['product_tmpl_id', 'name', 'default_code'],
      domain,
    });
    // Variants that the domain leaves out keep their product on.
    const every = await odoo.rows({
      model: 'product.product',
      fields: ['product_tmpl_id'],
      domain: [['active', '=', true]],
    });
    count('products', variants.length);
    const out = variants.filter((row) => {
      return (available.get(row.id) ?? 0) < settings.below && !kept.has(link(row, 'product_tmpl_id') ?? 0);
    });
    await odoo.update(archiving(out, every, available));
    const changes = (await context.changes()).filter(({ key }) => key.startsWith('product.'));
    if (changes.length === 0) return;
    const rows = changes.map(({ at, subject, before }) => {
      const { reference = '', available: left = 0 } = before as Record<string, Json>;
      return [at.toISOString(), subject, String(reference), Number(left), 'active', 'inactive'];
    });
    await files.appendCsv(`inactive_products/${dayName('inactive_products', today())}.csv`, RECORD, rows, 'changes');
  },
});

/** The product where all of its variants are out, else the variant. */
export function archiving(
  out: readonly OdooRow[],
  every: readonly OdooRow[],
  available: ReadonlyMap<number, number>,
): OdooUpdate[] {
  const left = new Map<number, number>();
  for (const row of every) {
    const template = link(row, 'product_tmpl_id') ?? 0;
    left.set(template, (left.get(template) ?? 0) + 1);
  }
  const byTemplate = Map.groupBy(out, (row) => link(row, 'product_tmpl_id') ?? 0);
  const updates: OdooUpdate[] = [];
  for (const [template, rows] of byTemplate) {
    const whole = rows.length >= (left.get(template) ?? 0);
    const before = (of: readonly OdooRow[]) => ({
      active: true,
      reference: of
        .map((row) => text(row, 'default_code'))
        .filter(Boolean)
        .join(', '),
      available: rounded(of.reduce((sum, { id }) => sum + (available.get(id) ?? 0), 0)),
    });
    const one = (model: string, id: number, of: readonly OdooRow[]): OdooUpdate => ({
      model,
      id,
      subject: text(of[0], 'name') || `product ${id}`,
      description: 'made inactive',
      before: before(of),
      values: { active: false },
    });
    if (whole) updates.push(one('product.template', template, rows));
    else for (const row of rows) updates.push(one('product.product', row.id, [row]));
  }
  return updates;
}

async function keptTemplates(
  odoo: Parameters<typeof availableStock>[0],
  names: readonly string[],
): Promise<Set<number>> {
  if (names.length === 0 || !(await odoo.has('product.template', ['product_tag_ids']))) return new Set();
  const tags = await odoo.rows({ model: 'product.tag', fields: ['name'], domain: [['name', 'in', names]] });
  if (tags.length === 0) return new Set();
  const ids = tags.map(({ id }) => id);
  const rows = await odoo.rows({
    model: 'product.template',
    fields: ['product_tag_ids'],
    domain: [['product_tag_ids', 'in', ids]],
  });
  return new Set(
    rows.filter((row) => links(row, 'product_tag_ids').some((tag) => ids.includes(tag))).map(({ id }) => id),
  );
}
