// Bills of material -> operations: made without steps, made in steps, or subcontracted (connector.md 2.12; C3-C7, C13).
import type { Flow, Operation } from '../planner/model.ts';
import type { MappingContext } from './context.ts';
import type { PlannedItem } from './items.ts';
import { offerTerms, type VendorOffers, vendorOf } from './itemsuppliers.ts';
import type { Component } from './kits.ts';
import { withSuffix } from './names.ts';
import { groupBy, link, links, number, type OdooRow, text } from './records.ts';
import { orderMultiples, reorderQuantities } from './reorderrules.ts';
import { mapSteps } from './routings.ts';
import { DAY } from './time.ts';
import { clean } from './units.ts';
import { appliesToVariant } from './variants.ts';

export interface BomParts {
  steps: ReadonlyMap<number, readonly OdooRow[]>;
  byproducts: ReadonlyMap<number, readonly OdooRow[]>;
  secondary: ReadonlyMap<number, readonly OdooRow[]>;
  offers: VendorOffers;
  /** Order multiples of reordering rules, by product and location name (C15). */
  multiples: ReadonlyMap<string, number>;
  /** Reorder quantities of reordering rules, likewise. */
  quantities: ReadonlyMap<string, number>;
}

export function bomParts(context: MappingContext, offers: VendorOffers): BomParts {
  const steps = context
    .rows('mrp.routing.workcenter')
    .filter((row) => row.active !== false)
    .toSorted((a, b) => number(a, 'sequence') - number(b, 'sequence') || a.id - b.id);
  return {
    steps: groupBy(steps, 'bom_id'),
    byproducts: groupBy(context.rows('mrp.bom.byproduct'), 'bom_id'),
    secondary: groupBy(context.rows('mrp.secondary.workcenter'), 'routing_workcenter_id'),
    offers,
    multiples: orderMultiples(context),
    quantities: reorderQuantities(context),
  };
}

export function* mapOperations(context: MappingContext, parts: BomParts): Generator<Operation> {
  for (const bom of context.rows('mrp.bom')) {
    if (bom.active === false || !context.visible(link(bom, 'company_id'))) continue;
    // Kits are taken apart where they are sold or used; nobody makes them (C3).
    if (text(bom, 'type') === 'phantom') continue;
    const only = link(bom, 'product_id');
    const variants = context.items.variants(link(bom, 'product_tmpl_id'));
    const items = only === undefined ? variants : variants.filter((item) => item.product.id === only);
    if (items.length === 0) {
      context.report.skip(
        'operation',
        `bill of material ${bom.id}`,
        context.items.reasonWithout(only ?? firstVariant(context, bom)),
      );
      continue;
    }
    for (const item of items) {
      if (text(bom, 'type') === 'subcontract') yield* subcontracted(context, parts, bom, item);
      else yield made(context, parts, bom, item);
    }
  }
}

function firstVariant(context: MappingContext, bom: OdooRow): number | undefined {
  const template = link(bom, 'product_tmpl_id');
  return context.rows('product.product').find((row) => link(row, 'product_tmpl_id') === template)?.id;
}

function* subcontracted(
  context: MappingContext,
  parts: BomParts,
  bom: OdooRow,
  item: PlannedItem,
): Generator<Operation> {
  const subcontractors = links(bom, 'subcontractor_ids');
  const cheapest = new Map<string, { row: OdooRow; minimum: number }>();
  for (const row of parts.offers.of(item)) {
    if (!subcontractors.includes(vendorOf(row) ?? 0)) continue;
    const supplier = context.partners.key(vendorOf(row));
    const terms = offerTerms(context, row, item);
    if (supplier === undefined || !terms) continue;
    const known = cheapest.get(supplier);
    if (!known || terms.minimum < known.minimum) cheapest.set(supplier, { row, minimum: terms.minimum });
  }
  if (cheapest.size === 0) {
    context.report.skip(
      'operation',
      `${item.name}, bill of material ${bom.id}`,
      'subcontracting without a price of the subcontractor',
    );
  }
  const company = link(bom, 'company_id');
  for (const [supplier, { row, minimum }] of cheapest) {
    yield context.finish('operation', bom, {
      name: withSuffix(item.code || item.name, ` @ ${supplier} ${bom.id}`),
      type: 'operation_fixed_time' as const,
      item: item.name,
      location: placeOf(context, bom),
      category: 'subcontractor',
      subcategory: supplier,
      duration: Math.max(0, number(row, 'delay')) * DAY,
      posttime: Math.trunc(context.settingsOf(company).purchaseLeadDays) * DAY,
      priority: 50 + (number(row, 'sequence') || 1),
      sizeMinimum: minimum,
      sizeMultiple: multipleOf(context, parts, bom, item),
      flows: flowsOf(context, context.kits.components(bom, item.product)),
    });
  }
}

/** Where a bill of material is made: its operation type's warehouse, else its company's (E4). */
function placeOf(context: MappingContext, bom: OdooRow): string {
  const type = context.table('stock.picking.type').get(link(bom, 'picking_type_id') ?? 0);
  return context.locations.ofWarehouse(link(type, 'warehouse_id')) ?? context.locations.making(link(bom, 'company_id'));
}

/** The bill of material's own multiple (our addon), else that of a reordering rule. */
function multipleOf(context: MappingContext, parts: BomParts, bom: OdooRow, item: PlannedItem): number {
  const own = number(bom, 'planbridge_multiple');
  if (own > 0) return context.units.convert(own, link(bom, 'product_uom_id'), item.uom) ?? own;
  return parts.multiples.get(`${item.product.id}\n${placeOf(context, bom)}`) ?? 1;
}

function made(context: MappingContext, parts: BomParts, bom: OdooRow, item: PlannedItem): Operation {
  const company = link(bom, 'company_id');
  const place = placeOf(context, bom);
  const label = context.major <= 16 ? item.name : item.code || item.name;
  const name = withSuffix(label, ` @ ${context.locations.makingInNames(company)} ${bom.id}`);
  const values = context.table('product.template.attribute.value');
  const steps = (parts.steps.get(bom.id) ?? []).filter((step) => appliesToVariant(step, item.product, values));
  const batch = context.units.convert(number(bom, 'product_qty') || 1, link(bom, 'product_uom_id'), item.uom) ?? 1;
  const reorder = steps.length > 0 ? parts.quantities.get(`${item.product.id}\n${place}`) : undefined;
  const least = Math.max(batch, reorder ?? 0);
  const components = context.kits.components(bom, item.product);
  const byproducts = byproductFlows(context, parts, bom, item, batch);

  const head = {
    name,
    item: item.name,
    location: place,
    posttime: Math.trunc(context.settingsOf(company).manufacturingLeadDays) * DAY,
    priority: 100 + (number(bom, 'sequence') || 1),
    sizeMultiple: multipleOf(context, parts, bom, item),
    ...(least === 1 ? {} : { sizeMinimum: least }),
  };
  const suboperations = mapSteps(context, { parts, bom, item, name, place, steps, components, byproducts });
  if (suboperations.length === 0) {
    return context.finish('operation', bom, {
      ...head,
      type: 'operation_fixed_time' as const,
      duration: leadDays(context, bom, item) * DAY,
      flows: [...flowsOf(context, components), ...byproducts.map((entry) => entry.flow)],
    });
  }
  return context.finish('operation', bom, { ...head, type: 'operation_routing' as const, suboperations });
}

/** Days that an order without steps takes, whatever its size (C6). */
function leadDays(context: MappingContext, bom: OdooRow, item: PlannedItem): number {
  if (context.major <= 16) return number(item.template, 'produce_delay');
  return number(bom, 'produce_delay') + number(bom, 'days_to_prepare_mo');
}

/** Consuming flows, several lines of one component summed. */
export function flowsOf(context: MappingContext, components: readonly Component[]): Flow[] {
  const sums = new Map<string, { quantity: number; line: OdooRow }>();
  for (const { product, quantity, line } of components) {
    const item = context.items.of(product);
    if (!item) {
      context.report.skip(
        'flow',
        `line ${line.id} of bill of material ${link(line, 'bom_id')}`,
        context.items.reasonWithout(product),
      );
      continue;
    }
    const known = sums.get(item.name);
    if (known) known.quantity += quantity;
    else sums.set(item.name, { quantity, line });
  }
  const flows: Flow[] = [];
  for (const [item, { quantity, line }] of sums) {
    if (quantity > 0)
      flows.push(context.finish('flow', line, { type: 'flow_start', item, quantity: -clean(quantity) }));
  }
  return flows;
}

export interface ByproductFlow {
  step: number | undefined;
  flow: Flow;
}

/** What else comes out of an order, per unit of the product (C5). */
function byproductFlows(
  context: MappingContext,
  parts: BomParts,
  bom: OdooRow,
  item: PlannedItem,
  batch: number,
): ByproductFlow[] {
  const values = context.table('product.template.attribute.value');
  const flows: ByproductFlow[] = [];
  for (const row of parts.byproducts.get(bom.id) ?? []) {
    const byproduct = context.items.of(link(row, 'product_id'));
    if (!byproduct || !appliesToVariant(row, item.product, values)) continue;
    const quantity = context.units.convert(number(row, 'product_qty'), link(row, 'product_uom_id'), byproduct.uom);
    if (!quantity || quantity <= 0) continue;
    flows.push({
      step: link(row, 'operation_id'),
      flow: { type: 'flow_end', item: byproduct.name, quantity: clean(quantity / batch) },
    });
  }
  return flows;
}
