// 7. Brands of products: that of their vendor, where the vendor is one brand; else that which a pattern finds in their description.
// Written to the field that this Odoo has for brands, or as a tag.
import { z } from 'zod';
import type { Domain } from '../../connector/odoo/reader.ts';
import { link, links, type OdooRow, text } from '../../mapping/records.ts';
import { type AutomationOdoo, automation, type Json, type OdooUpdate } from '../automation.ts';

const pattern = z.string().refine(isPattern, 'is no regular expression');

const Settings = z.object({
  vendors: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe('Brand by name of the vendor: what is bought from him is of this brand'),
  patterns: z
    .array(z.strictObject({ pattern, brand: z.string().min(1) }))
    .default([])
    .describe('Regular expressions that are looked for in name and description, the first that is found counts'),
  field: z
    .string()
    .nullable()
    .default(null)
    .describe('Field of product.template; default product_brand_id where Odoo has it, else tags'),
  tagPrefix: z.string().default('').describe('In front of the brand, where it is written as a tag'),
});

export const brands = automation({
  name: 'brands',
  title: 'Brands of products',
  seed: '7',
  description: 'Sets the brand of products from their vendor, or from patterns in their description.',
  schedule: 'even hours',
  missed: 'once',
  needs: ['odoo'],
  settings: Settings,
  async run({ settings, odoo, count, log }) {
    const target = await targetOf(odoo, settings.field);
    const rules = rulesOf(settings);
    if (rules.vendors.size === 0 && rules.patterns.length === 0) {
      log('warn', 'the settings name no vendors and no patterns');
      return;
    }
    const vendors = await vendorNames(odoo);
    const ids = new Map<string, number>();
    const fields = ['name', 'description', 'description_sale', 'seller_ids', target.field];
    for await (const page of odoo.pages({ model: 'product.template', fields, domain: [['active', '=', true]] })) {
      count('products', page.length);
      const updates: OdooUpdate[] = [];
      for (const row of page) {
        const brand = brandOf(
          row,
          links(row, 'seller_ids').map((id) => vendors.get(id) ?? ''),
          rules,
        );
        if (brand === null) continue;
        const update = await updateFor(odoo, row, brand, target, settings.tagPrefix, ids);
        if (update) updates.push(update);
      }
      await odoo.update(updates);
    }
  },
});

interface Rules {
  /** By name in lower case. */
  vendors: ReadonlyMap<string, string>;
  patterns: readonly { expression: RegExp; brand: string }[];
}

export function rulesOf({ vendors, patterns }: Pick<z.output<typeof Settings>, 'vendors' | 'patterns'>): Rules {
  return {
    vendors: new Map(Object.entries(vendors).map(([vendor, brand]) => [vendor.trim().toLowerCase(), brand])),
    patterns: patterns.map(({ pattern: source, brand }) => ({ expression: new RegExp(source, 'iu'), brand })),
  };
}

/** The vendors go before the patterns, in the order in which Odoo has them. */
export function brandOf(row: OdooRow, vendors: readonly string[], rules: Rules): string | null {
  for (const vendor of vendors) {
    const brand = rules.vendors.get(vendor.trim().toLowerCase());
    if (brand !== undefined) return brand;
  }
  const plain = (html: string) => html.replace(/<[^>]*>/g, ' ');
  const words = [text(row, 'name'), text(row, 'description_sale'), plain(text(row, 'description'))].join('\n');
  return rules.patterns.find(({ expression }) => expression.test(words))?.brand ?? null;
}

interface Target {
  field: string;
  type: 'many2one' | 'many2many' | 'char';
  relation: string;
}

async function targetOf(odoo: AutomationOdoo, wanted: string | null): Promise<Target> {
  const own =
    wanted ?? ((await odoo.has('product.template', ['product_brand_id'])) ? 'product_brand_id' : 'product_tag_ids');
  await odoo.require('product.template', [own], wanted === null ? 'Sales' : `that has the field ${own}`);
  const { type, relation = '' } = (await odoo.fieldType('product.template', own))!;
  return { field: own, type: type === 'many2one' || type === 'many2many' ? type : 'char', relation };
}

async function vendorNames(odoo: AutomationOdoo): Promise<Map<number, string>> {
  if (!(await odoo.has('product.supplierinfo', ['partner_id']))) return new Map();
  const sellers = await odoo.rows({ model: 'product.supplierinfo', fields: ['partner_id'] });
  const ids = [...new Set(sellers.map((row) => link(row, 'partner_id') ?? 0))];
  const domain: Domain = [['id', 'in', ids]];
  const partners = new Map(
    (await odoo.rows({ model: 'res.partner', fields: ['name'], domain })).map((row) => [row.id, text(row, 'name')]),
  );
  return new Map(sellers.map((row) => [row.id, partners.get(link(row, 'partner_id') ?? 0) ?? '']));
}

async function updateFor(
  odoo: AutomationOdoo,
  row: OdooRow,
  brand: string,
  { field, type, relation }: Target,
  prefix: string,
  ids: Map<string, number>,
): Promise<OdooUpdate | null> {
  const one = (before: Json, value: Json): OdooUpdate => ({
    model: 'product.template',
    id: row.id,
    subject: text(row, 'name'),
    description: `brand ${brand}`,
    before: { [field]: before },
    values: { [field]: value },
    after: brand,
  });
  if (type === 'char') return text(row, field) === brand ? null : one(text(row, field), brand);
  const id = await recordOf(odoo, relation, type === 'many2many' ? `${prefix}${brand}` : brand, ids);
  if (id === null) return null;
  if (type === 'many2one') return link(row, field) === id ? null : one(link(row, field) ?? null, id);
  const before = links(row, field);
  return before.includes(id) ? null : one(before, [[4, id, 0]]);
}

/** Made where it is not there. null: it could not be made; 0: a dry run would make it. */
async function recordOf(
  odoo: AutomationOdoo,
  model: string,
  name: string,
  ids: Map<string, number>,
): Promise<number | null> {
  const known = ids.get(name);
  if (known !== undefined) return known;
  const [row] = await odoo.rows({ model, fields: ['name'], domain: [['name', '=', name]] });
  let id: number | null = row?.id ?? null;
  if (id === null) {
    const made = await odoo.create({
      key: `brand ${model} ${name}`,
      once: 'run',
      model,
      subject: name,
      description: 'brand made',
      values: { name },
      lookUp: [['name', '=', name]],
    });
    id = made.kind === 'done' || made.kind === 'known' ? made.result : made.kind === 'dry' ? 0 : null;
  }
  if (id !== null) ids.set(name, id);
  return id;
}

function isPattern(source: string): boolean {
  try {
    new RegExp(source, 'iu');
    return true;
  } catch {
    return false;
  }
}
