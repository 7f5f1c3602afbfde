// Prices of pricelists as Odoo works them out, for one piece at a moment: the first rule that fits, by variant, product, category,
// all; fixed, a discount, or a formula over list price, cost or another pricelist. Pure but for the reading.
import { PlanbridgeError } from '../errors.ts';
import { link, number, type OdooRow, tableOf, text } from '../mapping/records.ts';
import type { AutomationOdoo } from './automation.ts';

export interface PricedProduct {
  id: number;
  template: number;
  /** product.category, its own first, then those above it. */
  categories: readonly number[];
  listPrice: number;
  cost: number;
}

export interface Pricelists {
  /** Rules by pricelist, in the order in which Odoo looks at them. */
  rules: ReadonlyMap<number, readonly OdooRow[]>;
}

/** Odoo: `applied_on, min_quantity desc, categ_id desc, id desc`. */
function inOrder(rules: readonly OdooRow[]): OdooRow[] {
  return rules.toSorted(
    (a, b) =>
      text(a, 'applied_on').localeCompare(text(b, 'applied_on')) ||
      number(b, 'min_quantity') - number(a, 'min_quantity') ||
      (link(b, 'categ_id') ?? 0) - (link(a, 'categ_id') ?? 0) ||
      b.id - a.id,
  );
}

export function pricelistsOf(rules: readonly OdooRow[]): Pricelists {
  const groups = Map.groupBy(rules, (row) => link(row, 'pricelist_id') ?? 0);
  return { rules: new Map([...groups].map(([id, own]) => [id, inOrder(own)])) };
}

/** Whether a rule is for one piece of the product now. @param stamp `2026-11-21 08:30:00`, in UTC */
function fits(rule: OdooRow, product: PricedProduct, stamp: string): boolean {
  if (number(rule, 'min_quantity') > 1) return false;
  const [start, end] = [text(rule, 'date_start'), text(rule, 'date_end')];
  if ((start !== '' && start > stamp) || (end !== '' && end < stamp)) return false;
  switch (text(rule, 'applied_on')) {
    case '0_product_variant':
      return link(rule, 'product_id') === product.id;
    case '1_product':
      return link(rule, 'product_tmpl_id') === product.template;
    case '2_product_category':
      return product.categories.includes(link(rule, 'categ_id') ?? 0);
    default:
      return true;
  }
}

const DEEPEST = 10;

/** Without a rule that fits it is the list price. @throws PlanbridgeError when pricelists stand on one another in a circle */
export function priceOf(
  lists: Pricelists,
  pricelist: number,
  product: PricedProduct,
  stamp: string,
  depth = 0,
): number {
  if (depth > DEEPEST) {
    throw new PlanbridgeError('PB_AUTOMATION_REFUSED', 409, 'Pricelists of Odoo stand on one another in a circle.', {
      remedy: 'Correct what they are based on.',
    });
  }
  const rule = lists.rules.get(pricelist)?.find((each) => fits(each, product, stamp));
  if (!rule) return product.listPrice;
  if (text(rule, 'compute_price') === 'fixed') return number(rule, 'fixed_price');
  const other = link(rule, 'base_pricelist_id');
  const base = text(rule, 'base');
  const from =
    base === 'standard_price'
      ? product.cost
      : base === 'pricelist' && other !== undefined
        ? priceOf(lists, other, product, stamp, depth + 1)
        : product.listPrice;
  if (text(rule, 'compute_price') === 'percentage') return from * (1 - number(rule, 'percent_price') / 100);
  let price = from * (1 - number(rule, 'price_discount') / 100);
  const step = number(rule, 'price_round');
  if (step > 0) price = Math.round((price + Number.EPSILON) / step) * step;
  price += number(rule, 'price_surcharge');
  const [least, most] = [number(rule, 'price_min_margin'), number(rule, 'price_max_margin')];
  if (least !== 0) price = Math.max(price, from + least);
  if (most !== 0) price = Math.min(price, from + most);
  return price;
}

const RULE_FIELDS = [
  ...['pricelist_id', 'applied_on', 'compute_price', 'fixed_price', 'percent_price', 'price_discount', 'price_round'],
  ...['price_surcharge', 'price_min_margin', 'price_max_margin', 'base', 'base_pricelist_id', 'min_quantity'],
  ...['date_start', 'date_end', 'product_tmpl_id', 'product_id', 'categ_id'],
];

export async function readPricelists(
  odoo: AutomationOdoo,
): Promise<{ lists: Pricelists; byName: Map<string, number> }> {
  await odoo.require('product.pricelist.item', ['compute_price', 'applied_on'], 'Sales, with pricelists');
  const rules = await odoo.rows({ model: 'product.pricelist.item', fields: RULE_FIELDS });
  const domain = [['active', '=', true]] as const;
  const rows = await odoo.rows({ model: 'product.pricelist', fields: ['name', 'currency_id'], domain });
  const [company] = await odoo.rows({
    ...{ model: 'res.company', fields: ['currency_id'], domain: [['id', '=', odoo.company.id]] },
  });
  const own = link(company, 'currency_id');
  // Prices in other currencies are not converted: they are left out rather than wrong.
  const same = rows.filter((row) => own === undefined || (link(row, 'currency_id') ?? own) === own);
  return { lists: pricelistsOf(rules), byName: new Map(same.map((row) => [text(row, 'name'), row.id])) };
}

/** product.category: id → itself and those above it. Pure. */
export function ancestry(rows: readonly OdooRow[]): (category: number | undefined) => number[] {
  const table = tableOf(rows);
  return (category) => {
    const line: number[] = [];
    for (let at = category; at !== undefined && !line.includes(at); at = link(table.get(at), 'parent_id'))
      line.push(at);
    return line;
  };
}
