// What the plan has of one of Odoo's records, and the screens that show it. Found by the ids that the planning model keeps; Odoo is
// asked only where a record stands for others: a template for its variants, a transfer for its moves, a contact for its company.
import type { Domain } from '../../connector/odoo/reader.ts';
import { link, type OdooRow } from '../../mapping/records.ts';
import { type EntityOfRecord, entitiesOfRecords, partiesOfPartners } from '../../planner/store/references.ts';
import type { Query } from '../../store/database.ts';
import type { GridScope } from '../grids/grid.ts';

/** A screen with what it is to show. */
export interface Place {
  screen: 'demand' | 'orders' | 'inventory' | 'board';
  address: string;
}

/** What was found: places to go to; where there are none, what the model has nevertheless. */
export interface Found {
  places: Place[];
  known: EntityOfRecord[];
}

export interface Search {
  query: Query;
  model: number;
  scope: GridScope;
  id: number;
  /** Rows of Odoo, as the service's own account sees them. */
  read(model: string, domain: Domain, fields: readonly string[]): Promise<OdooRow[]>;
}

type Find = (search: Search) => Promise<Found>;

/** Longer addresses are cut: what is shown then is the first so many. */
const MOST_NAMES = 150;

const address = (path: string, name: string, values: readonly string[]) =>
  `${path}?${new URLSearchParams(values.slice(0, MOST_NAMES).map((value): [string, string] => [name, value])).toString()}`;

const PLAN = `select id from planbridge.plan where odoo = $1 and company = $2 and state = 'current'`;

/** Those of the names that the plan has. */
async function planned(
  { query, scope }: Search,
  table: 'plan_demand' | 'plan_order' | 'plan_stock' | 'plan_load',
  column: string,
  names: readonly string[],
): Promise<string[]> {
  if (names.length === 0) return [];
  const rows = await query<{ name: string }>(
    `select distinct ${column} as name from planbridge.${table} where plan_id = (${PLAN}) and ${column} = any($3::text[]) order by 1`,
    [scope.odoo, scope.company, [...names]],
  );
  return rows.map(({ name }) => name);
}

const keysOf = (rows: readonly EntityOfRecord[], kind: EntityOfRecord['kind']) => [
  ...new Set(rows.filter((row) => row.kind === kind).map(({ key }) => key)),
];

async function demands(search: Search, known: EntityOfRecord[]): Promise<Found> {
  const names = await planned(search, 'plan_demand', 'name', keysOf(known, 'demand'));
  const [one] = names;
  if (one === undefined) return { places: [], known };
  const to = names.length === 1 ? `/demand/${encodeURIComponent(one)}/` : address('/demand/', 'name', names);
  return { places: [{ screen: 'demand', address: to }], known };
}

async function orders(search: Search, known: EntityOfRecord[]): Promise<Found> {
  const names = await planned(search, 'plan_order', 'reference', keysOf(known, 'operationplan'));
  const places: Place[] =
    names.length > 0 ? [{ screen: 'orders', address: address('/orders/', 'reference', names) }] : [];
  return { places, known };
}

/** On the board; the order of a step stands there with its steps. */
async function onBoard(search: Search, known: EntityOfRecord[]): Promise<Found> {
  const names = await planned(search, 'plan_order', 'reference', keysOf(known, 'operationplan'));
  const [one] = names;
  if (one === undefined) return { places: [], known };
  // A step without a bar, being done or without resources, is shown by its order.
  const [drawn] = await planned(search, 'plan_load', 'reference', names);
  const { query, scope } = search;
  const [row] = await query<{ owner: string | null }>(
    `select owner from planbridge.plan_order where plan_id = (${PLAN}) and reference = $3`,
    [scope.odoo, scope.company, one],
  );
  const to = `/planningboard/?${new URLSearchParams({ order: drawn ?? row?.owner ?? one })}`;
  return { places: [{ screen: 'board', address: to }], known };
}

async function items(search: Search, known: EntityOfRecord[]): Promise<Found> {
  const names = await planned(search, 'plan_stock', 'item', keysOf(known, 'item'));
  const [one] = names;
  if (one === undefined) return { places: [], known };
  const to =
    names.length === 1
      ? `/inventoryplanning/drp/${encodeURIComponent(one)}/`
      : address('/inventoryplanning/drp/', 'item', names);
  return { places: [{ screen: 'inventory', address: to }], known };
}

async function joined(parts: readonly Promise<Found>[]): Promise<Found> {
  const all = await Promise.all(parts);
  return { places: all.flatMap(({ places }) => places), known: all.flatMap(({ known }) => known) };
}

const from = (
  { query, model }: Search,
  part: Parameters<typeof entitiesOfRecords>[2],
  by: 'record' | 'document',
  ids: readonly (number | undefined)[],
) =>
  entitiesOfRecords(
    query,
    model,
    part,
    by,
    [...new Set(ids)].filter((id) => id !== undefined),
  );

const variants = async (search: Search, template: number | undefined) =>
  (await search.read('product.product', [['product_tmpl_id', '=', template ?? 0]], ['active'])).map(({ id }) => id);

async function transfer(search: Search): Promise<Found> {
  const own = await from(search, 'distributionorder', 'document', [search.id]);
  const fields = ['sale_line_id', 'purchase_line_id', 'raw_material_production_id', 'production_id'];
  const moves = await search.read('stock.move', [['picking_id', '=', search.id]], fields);
  const of = (field: string) => moves.map((row) => link(row, field));
  const made = [...of('raw_material_production_id'), ...of('production_id')];
  return await joined([
    orders(search, [...own, ...(await from(search, 'purchaseorder', 'record', of('purchase_line_id')))]),
    demands(search, await from(search, 'demand', 'record', of('sale_line_id'))),
    onBoard(search, await from(search, 'manufacturingorder', 'record', made)),
  ]);
}

async function workcenter(search: Search): Promise<Found> {
  const known = await from(search, 'resource', 'record', [search.id]);
  const names = keysOf(known, 'resource');
  // Orders of a pool stand with its members.
  const members = await search.query<{ key: string }>(
    `select distinct e.key from planbridge.entity e join planbridge.model_source s on s.model = e.model and s.source = e.source
     where e.model = $1 and e.kind = 'resource' and e.party = any($2::text[])
       and e.since <= s.version and (e.until is null or e.until > s.version)`,
    [search.model, names],
  );
  const busy = await planned(search, 'plan_load', 'resource', [...names, ...members.map(({ key }) => key)]);
  const places: Place[] =
    busy.length > 0 ? [{ screen: 'board', address: address('/planningboard/', 'resource', busy) }] : [];
  return { places, known };
}

async function operations(search: Search, bills: readonly number[]): Promise<Found> {
  const known = await from(search, 'operation', 'record', bills);
  const used = await planned(search, 'plan_order', 'operation', keysOf(known, 'operation'));
  if (used.length > 0)
    return { places: [{ screen: 'orders', address: address('/orders/', 'operation', used) }], known };
  const made = known.flatMap(({ item }) => (item === null ? [] : [{ ...known[0]!, kind: 'item' as const, key: item }]));
  return { places: (await items(search, made)).places, known };
}

async function partner(search: Search): Promise<Found> {
  const { query, model, id } = search;
  const [row] = await search.read('res.partner', [['id', '=', id]], ['commercial_partner_id', 'parent_id']);
  const ids = [id, link(row, 'commercial_partner_id'), link(row, 'parent_id')].filter((each) => each !== undefined);
  const customers = await partiesOfPartners(query, model, 'customer', ids);
  const suppliers = await partiesOfPartners(query, model, 'supplier', ids);
  const buying = await planned(search, 'plan_demand', 'customer', customers);
  const selling = await planned(search, 'plan_order', 'supplier', suppliers);
  const places: Place[] = [];
  if (buying.length > 0) places.push({ screen: 'demand', address: address('/demand/', 'customer', buying) });
  if (selling.length > 0) places.push({ screen: 'orders', address: address('/orders/', 'supplier', selling) });
  const entity = { type: null, item: null, location: null, party: null, status: null };
  const known = [
    ...customers.map((key) => ({ ...entity, kind: 'customer' as const, key })),
    ...suppliers.map((key) => ({ ...entity, kind: 'supplier' as const, key })),
  ];
  return { places, known };
}

/** By model of Odoo. */
export const FINDS: Readonly<Record<string, Find>> = {
  'sale.order': async (search) => demands(search, await from(search, 'demand', 'document', [search.id])),
  'sale.order.line': async (search) => demands(search, await from(search, 'demand', 'record', [search.id])),
  'product.product': async (search) => items(search, await from(search, 'item', 'record', [search.id])),
  'product.template': async (search) =>
    items(search, await from(search, 'item', 'record', await variants(search, search.id))),
  'stock.warehouse.orderpoint': async (search) => {
    const [rule] = await search.read('stock.warehouse.orderpoint', [['id', '=', search.id]], ['product_id']);
    return await items(search, await from(search, 'item', 'record', [link(rule, 'product_id')]));
  },
  'mrp.production': async (search) => {
    const rows = await from(search, 'manufacturingorder', 'record', [search.id]);
    return await onBoard(search, rows);
  },
  'mrp.workorder': async (search) => onBoard(search, await from(search, 'manufacturingorder', 'document', [search.id])),
  'mrp.workcenter': workcenter,
  'mrp.bom': async (search) => operations(search, [search.id]),
  'mrp.routing.workcenter': async (search) => {
    const [step] = await search.read('mrp.routing.workcenter', [['id', '=', search.id]], ['bom_id']);
    return await operations(search, [link(step, 'bom_id') ?? 0]);
  },
  'purchase.order': async (search) => orders(search, await from(search, 'purchaseorder', 'document', [search.id])),
  'purchase.order.line': async (search) => orders(search, await from(search, 'purchaseorder', 'record', [search.id])),
  'stock.picking': transfer,
  'res.partner': partner,
};
