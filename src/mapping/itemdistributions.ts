// Resupply routes between warehouses -> item distributions (connector.md C17): which items travel from where to where, and how long.
import type { Duration, ItemDistribution } from '../planner/model.ts';
import type { MappingContext } from './context.ts';
import { categoryRoutes, type PlannedItem } from './items.ts';
import { groupBy, link, links, number, type OdooRow } from './records.ts';
import { DAY } from './time.ts';

export interface ResupplyLane {
  route: OdooRow;
  origin: string;
  destination: string;
  leadtime: Duration;
}

/** Lanes by the id of their route. */
export function indexLanes(context: MappingContext): Map<number, ResupplyLane> {
  const rules = groupBy(
    context.rows('stock.rule').filter((rule) => rule.active !== false),
    'route_id',
  );
  const lanes = new Map<number, ResupplyLane>();
  for (const route of context.rows('stock.route')) {
    const origin = context.locations.ofWarehouse(link(route, 'supplier_wh_id'));
    const destination = context.locations.ofWarehouse(link(route, 'supplied_wh_id'));
    if (route.active === false || origin === undefined || destination === undefined) continue;
    const days = (rules.get(route.id) ?? []).reduce((sum, rule) => sum + number(rule, 'delay'), 0);
    lanes.set(route.id, { route, origin, destination, leadtime: days * DAY });
  }
  return lanes;
}

/** Routes that the reordering rules of a product name, by product. */
export function indexRuleRoutes(context: MappingContext): Map<number, number[]> {
  const routes = new Map<number, number[]>();
  for (const row of context.rows('stock.warehouse.orderpoint')) {
    const product = link(row, 'product_id');
    const route = link(row, 'route_id');
    if (product === undefined || route === undefined || row.active === false) continue;
    routes.set(product, [...(routes.get(product) ?? []), route]);
  }
  return routes;
}

/** Lanes that an item may take: by the product's, its category's or a reordering rule's routes. */
export function* mapItemDistributions(
  context: MappingContext,
  lanes: ReadonlyMap<number, ResupplyLane>,
  ruleRoutes: ReadonlyMap<number, readonly number[]>,
  item: PlannedItem,
): Generator<ItemDistribution> {
  if (lanes.size === 0) return;
  const category = context.table('product.category').get(link(item.template, 'categ_id') ?? 0);
  const routes = new Set([
    ...links(item.template, 'route_ids'),
    ...categoryRoutes(context, category),
    ...(ruleRoutes.get(item.product.id) ?? []),
  ]);
  for (const [id, lane] of lanes) {
    if (!routes.has(id)) continue;
    yield context.finish('itemdistribution', lane.route, {
      item: item.name,
      origin: lane.origin,
      destination: lane.destination,
      leadtime: lane.leadtime,
      priority: 1,
    });
  }
}
