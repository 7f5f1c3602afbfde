// Vendor prices -> item suppliers, and who subcontracts (connector.md 2.11, C12, C13).
import type { ItemSupplier } from '../planner/model.ts';
import type { MappingContext } from './context.ts';
import type { PlannedItem } from './items.ts';
import { flag, groupBy, link, links, number, type OdooRow, text } from './records.ts';
import { DAY, parseStamp } from './time.ts';
import { clean } from './units.ts';

/** Vendor of a price row; up to Odoo 15 the field is called `name`. */
export function vendorOf(offer: OdooRow): number | undefined {
  return link(offer, 'partner_id') ?? link(offer, 'name');
}

export interface VendorOffers {
  /** Rows of product.supplierinfo that apply to a variant, in Odoo's order. */
  of(item: PlannedItem): readonly OdooRow[];
  isSubcontractor(offer: OdooRow, product: number): boolean;
}

export function indexOffers(context: MappingContext): VendorOffers {
  const offers = groupBy(
    context
      .rows('product.supplierinfo')
      .filter((row) => row.active !== false && context.shared(link(row, 'company_id')))
      .toSorted((a, b) => number(a, 'sequence') - number(b, 'sequence') || a.id - b.id),
    'product_tmpl_id',
  );
  const subcontracts = groupBy(
    context.rows('mrp.bom').filter((bom) => bom.active !== false && text(bom, 'type') === 'subcontract'),
    'product_tmpl_id',
  );
  return {
    of(item) {
      return (offers.get(item.template.id) ?? []).filter((row) => {
        const variant = link(row, 'product_id');
        return variant === undefined || variant === item.product.id;
      });
    },
    isSubcontractor(offer, product) {
      return (subcontracts.get(link(offer, 'product_tmpl_id') ?? 0) ?? []).some((bom) => {
        const variant = link(bom, 'product_id');
        return (
          (variant === undefined || variant === product) &&
          links(bom, 'subcontractor_ids').includes(vendorOf(offer) ?? 0)
        );
      });
    },
  };
}

/** Minimum in the product's unit and price per such unit in the company's currency (C12). */
export function offerTerms(
  context: MappingContext,
  offer: OdooRow,
  item: PlannedItem,
): { minimum: number; price: number } | undefined {
  const bought =
    link(offer, 'product_uom_id') ?? link(offer, 'product_uom') ?? link(item.template, 'uom_po_id') ?? item.uom;
  const per = context.units.convert(1, bought, item.uom);
  if (per === undefined) {
    context.report.skip(
      'itemsupplier',
      `${item.name}, price row ${offer.id}`,
      'its purchase unit cannot be converted to the product’s',
    );
    return undefined;
  }
  const { currency } = context.settingsOf(context.company);
  const price = context.money.convert(
    Math.max(0, number(offer, 'price')),
    link(offer, 'currency_id'),
    currency,
    context.company,
  );
  return { minimum: clean(number(offer, 'min_qty') * per), price: clean(price / per) };
}

/** Item suppliers of an item: one for each vendor and start date, price breaks merged into the smallest offer. */
export function* mapItemSuppliers(
  context: MappingContext,
  offers: VendorOffers,
  multiples: ReadonlyMap<string, number>,
  item: PlannedItem,
): Generator<ItemSupplier> {
  if (!flag(item.template, 'purchase_ok')) return;
  const multiple = orderMultiple(context, multiples, item);
  const merged = new Map<string, { target: ItemSupplier; row: OdooRow; price: number; openEnd: boolean }>();
  for (const row of offers.of(item)) {
    if (offers.isSubcontractor(row, item.product.id)) continue;
    const partner = context.table('res.partner').get(vendorOf(row) ?? 0);
    const supplier = partner && context.partners.key(partner.id);
    if (!partner || supplier === undefined || partner.active === false) {
      context.report.skip('itemsupplier', `${item.name}, price row ${row.id}`, 'its vendor is archived');
      continue;
    }
    const terms = offerTerms(context, row, item);
    if (!terms) continue;
    const start = parseStamp(row.date_start);
    const end = parseStamp(row.date_end);
    // Dates are days: the last one counts (D2).
    const until = end === undefined ? undefined : end + DAY;
    const leadtime = Math.max(0, number(row, 'delay')) * DAY;
    const batchwindow = row.batching_window === undefined ? undefined : number(row, 'batching_window') * DAY;
    const key = `${supplier}\n${start ?? ''}`;
    const known = merged.get(key);
    if (!known) {
      const target: ItemSupplier = {
        item: item.name,
        supplier,
        leadtime,
        priority: number(row, 'sequence') || 1,
        ...(batchwindow === undefined ? {} : { batchwindow }),
        sizeMinimum: terms.minimum,
        ...(multiple === undefined ? {} : { sizeMultiple: multiple }),
        cost: terms.price,
        ...(start === undefined ? {} : { effectiveStart: start }),
        ...(until === undefined ? {} : { effectiveEnd: until }),
      };
      merged.set(key, { target, row, price: terms.price, openEnd: until === undefined });
      continue;
    }
    const { target } = known;
    if (terms.minimum < (target.sizeMinimum ?? 0)) {
      target.sizeMinimum = terms.minimum;
      target.cost = terms.price;
    }
    if (leadtime > 0) target.leadtime = target.leadtime ? Math.min(target.leadtime, leadtime) : leadtime;
    target.priority = Math.min(target.priority ?? 1, number(row, 'sequence') || 1);
    if (batchwindow !== undefined) target.batchwindow = Math.max(target.batchwindow ?? 0, batchwindow);
    if (until === undefined || known.openEnd) {
      known.openEnd = true;
      delete target.effectiveEnd;
    } else target.effectiveEnd = Math.max(target.effectiveEnd ?? until, until);
  }
  for (const { target, row } of merged.values()) yield context.finish('itemsupplier', row, target);
}

/** The multiple of an item's reordering rules, when all its warehouses have the same (C15). */
function orderMultiple(
  context: MappingContext,
  multiples: ReadonlyMap<string, number>,
  item: PlannedItem,
): number | undefined {
  const prefix = `${item.product.id}\n`;
  const found = new Set<number>();
  for (const warehouse of context.rows('stock.warehouse')) {
    const multiple = multiples.get(prefix + context.locations.ofWarehouse(warehouse.id));
    if (multiple !== undefined) found.add(multiple);
  }
  if (found.size > 1)
    context.report.notice('reorderrule', item.name, 'order multiples differ by warehouse: purchases have none');
  return found.size === 1 ? [...found][0] : undefined;
}
