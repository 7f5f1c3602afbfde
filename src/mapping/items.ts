// Products -> items: which ones, what they are called, what they are (connector.md 2.11, C14, C22, E2).
import type { Duration, Item } from '../planner/model.ts';
import type { MappingContext } from './context.ts';
import { cut } from './names.ts';
import { flag, link, links, number, type OdooRow, text } from './records.ts';
import type { Reason } from './report.ts';
import { DAY } from './time.ts';

export interface PlannedItem {
  name: string;
  /** Internal reference, or empty. */
  code: string;
  product: OdooRow;
  template: OdooRow;
  /** Unit (uom.uom) in which the item is counted. */
  uom: number | undefined;
  /** Made or bought for each order. */
  toOrder: boolean;
}

export interface ItemIndex {
  /** The item of a product; undefined when the product is not exported. */
  of(product: number | undefined): PlannedItem | undefined;
  /** Items of all variants of a template. */
  variants(template: number | undefined): readonly PlannedItem[];
  all: readonly PlannedItem[];
  /** Whether names are short ones, with the product's name as description. */
  short: boolean;
  /** Why a product is not an item, in words. */
  reasonWithout(product: number | undefined): Reason;
}

/** Storable products; Odoo 18 has no type of its own for them any more (connector.md 2.11). */
function isGoods(template: OdooRow, major: number): boolean {
  const type = text(template, 'type') || text(template, 'detailed_type');
  return major >= 18 ? type !== 'service' && type !== 'combo' : type !== 'service' && type !== 'consu';
}

export function indexItems(context: MappingContext): ItemIndex {
  const templates = context.table('product.template');
  const toOrder = routesToOrder(context);
  const { short, nameOf } = itemNames(context);
  const items = new Map<number, PlannedItem>();
  const variants = new Map<number, PlannedItem[]>();
  const filtered = context.rules.filters.has('item') ? new Set(context.rows('filter:item').map((row) => row.id)) : null;

  for (const product of context.rows('product.product')) {
    const template = templates.get(link(product, 'product_tmpl_id') ?? 0);
    if (!template || product.active === false || template.active === false) continue;
    if (!isGoods(template, context.major) || !context.shared(link(template, 'company_id'))) continue;
    if (filtered && !filtered.has(product.id)) continue;
    const category = context.table('product.category').get(link(template, 'categ_id') ?? 0);
    const routes = [...links(template, 'route_ids'), ...categoryRoutes(context, category)];
    const item: PlannedItem = {
      name: nameOf(product, template),
      code: text(product, 'default_code').trim(),
      product,
      template,
      uom: link(template, 'uom_id'),
      toOrder: routes.some((route) => toOrder.has(route)),
    };
    items.set(product.id, item);
    const siblings = variants.get(template.id);
    if (siblings) siblings.push(item);
    else variants.set(template.id, [item]);
  }

  const NONE: readonly PlannedItem[] = [];
  return {
    of: (product) => (product === undefined ? undefined : items.get(product)),
    variants: (template) => (template === undefined ? NONE : (variants.get(template) ?? NONE)),
    all: [...items.values()],
    short,
    reasonWithout(id) {
      const product = context.table('product.product').get(id ?? 0);
      const template = templates.get(link(product, 'product_tmpl_id') ?? 0);
      if (!product || !template) return 'its product cannot be read';
      if (product.active === false || template.active === false) return 'its product is archived';
      if (!isGoods(template, context.major)) return 'its product is not kept in stock';
      if (!context.shared(link(template, 'company_id'))) return 'its product belongs to another company';
      return 'its product is left out by the filter of the mapping sheet';
    },
  };
}

/**
 * frePPLe's rule: short names (the reference) when reference-or-name is unique among all goods, archived ones and those of
 * all companies included; otherwise long ones (`[reference] name`). From Odoo 18 the addon always takes short names; there only
 * products that share a reference get the long one (E2).
 */
function itemNames(context: MappingContext): {
  short: boolean;
  nameOf(product: OdooRow, template: OdooRow): string;
} {
  const templates = context.table('product.template');
  const counts = new Map<string, number>();
  for (const product of context.rows('product.product')) {
    const template = templates.get(link(product, 'product_tmpl_id') ?? 0);
    if (!template || !isGoods(template, context.major)) continue;
    const key = text(product, 'default_code') || text(template, 'name');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const wanted = context.rules.options.itemNames;
  const unique = [...counts.values()].every((count) => count === 1);
  const short = wanted === 'short' || (wanted === 'as frePPLe' && (unique || context.major >= 18));

  const nameOf = (product: OdooRow, template: OdooRow) => {
    const code = text(product, 'default_code').trim();
    const name = text(template, 'name');
    if (code) {
      const alone = (counts.get(text(product, 'default_code')) ?? 0) < 2;
      return cut(short && alone ? code : `[${code}] ${name}`);
    }
    return cut(links(product, 'product_template_attribute_value_ids').length > 0 ? `[${product.id}] ${name}` : name);
  };
  return { short, nameOf };
}

/** Routes that make or buy for each order: one of their rules takes from a warehouse's stock and orders it anew (C22). */
function routesToOrder(context: MappingContext): Set<number> {
  const routes = context.table('stock.route');
  const shelves = new Set(context.rows('stock.warehouse').map((row) => link(row, 'lot_stock_id')));
  const found = new Set<number>();
  for (const rule of context.rows('stock.rule')) {
    const route = routes.get(link(rule, 'route_id') ?? 0);
    if (!route || rule.active === false || route.active === false || !flag(route, 'product_selectable')) continue;
    if (link(route, 'supplied_wh_id') !== undefined || !shelves.has(link(rule, 'location_src_id'))) continue;
    if (['make_to_order', 'mts_else_mto'].includes(text(rule, 'procure_method'))) found.add(route.id);
  }
  return found;
}

/** Routes of a category and of those above it. */
export function categoryRoutes(context: MappingContext, category: OdooRow | undefined): number[] {
  const routes: number[] = [];
  let row = category;
  for (let depth = 0; row && depth < 30; depth++) {
    routes.push(...links(row, 'route_ids'));
    row = context.table('product.category').get(link(row, 'parent_id') ?? 0);
  }
  return routes;
}

export function mapItem(context: MappingContext, item: PlannedItem): Item {
  const { product, template } = item;
  const category = text(context.table('product.category').get(link(template, 'categ_id') ?? 0), 'complete_name');
  const shelflife = context.shelfLife ? expiry(template) : undefined;
  return context.finish('item', product, {
    name: item.name,
    ...(context.items.short ? { description: cut(text(template, 'name'), 500) } : {}),
    uom: context.units.name(item.uom),
    subcategory: `${item.uom ?? ''},${product.id}`,
    ...(item.toOrder ? { type: 'item_mto' as const } : {}),
    ...(shelflife ? { shelflife } : {}),
    ...(category ? { owner: category } : {}),
  });
}

function expiry(template: OdooRow): Duration | undefined {
  const days = number(template, 'expiration_time');
  return days > 0 ? Math.round(days * DAY) : undefined;
}
