// What is free of a product: what lies in the stock of the warehouse that orders are delivered from, less what is reserved there.
// Kits are as many as their parts make.
import { type Domain, type OdooReader, readAll } from '../../connector/odoo/reader.ts';
import { link, number, text } from '../../mapping/records.ts';
import { clean } from '../../mapping/units.ts';
import { freeOfKit } from './kits.ts';
import { MOST_NAMED, newest, type State } from './state.ts';

/** Free quantity by product, in its own unit. Products without stock are absent. */
export type FreeStock = Map<number, number>;

export interface StockPlace {
  /** The warehouse that orders are delivered from; null = there is none. */
  warehouse: number | null;
  /** Locations whose stock counts: the warehouse's stock location, and all below it. */
  locations: ReadonlySet<number>;
}

/** @param company only its warehouses; all that the user sees when absent */
export async function stockPlace(reader: OdooReader, company?: number, signal?: AbortSignal): Promise<StockPlace> {
  const [warehouses, own] = await Promise.all([
    readAll(reader, {
      model: 'stock.warehouse',
      fields: ['lot_stock_id', 'active', 'sequence', 'company_id'],
      signal,
    }),
    warehouseOfUser(reader, signal),
  ]);
  const [first] = warehouses
    .filter(({ active }) => active !== false)
    .filter((row) => company === undefined || (link(row, 'company_id') ?? company) === company)
    .toSorted(
      (a, b) =>
        Number(b.id === own) - Number(a.id === own) || number(a, 'sequence') - number(b, 'sequence') || a.id - b.id,
    );
  const root = link(first, 'lot_stock_id');
  if (!first || root === undefined) return { warehouse: null, locations: new Set() };
  const rows = await readAll(reader, { model: 'stock.location', fields: ['usage', 'location_id'], signal });
  const above = new Map(rows.map((row) => [row.id, link(row, 'location_id')]));
  const isBelow = (id: number) => {
    let at: number | undefined = id;
    for (let depth = 0; at !== undefined && depth < 50; depth++, at = above.get(at)) if (at === root) return true;
    return false;
  };
  const counted = rows.filter((row) => text(row, 'usage') === 'internal' && isBelow(row.id));
  return { warehouse: first.id, locations: new Set(counted.map(({ id }) => id)) };
}

/** Odoo's own setting of the user, where sales and stock are both installed. */
async function warehouseOfUser(reader: OdooReader, signal?: AbortSignal): Promise<number | undefined> {
  if (!(await reader.fields('res.users'))?.has('property_warehouse_id')) return undefined;
  const domain: Domain = [['id', '=', reader.user.id]];
  const [row] = await readAll(reader, { model: 'res.users', fields: ['property_warehouse_id'], domain, signal });
  return link(row, 'property_warehouse_id');
}

/** @param products only these; all when absent */
export async function readFreeStock(
  reader: OdooReader,
  state: State,
  products?: Iterable<number>,
  signal?: AbortSignal,
): Promise<FreeStock> {
  const free: FreeStock = new Map();
  if ((await reader.fields('stock.quant')) === null) return free;
  const domain: Domain = [
    ['location_id.usage', '=', 'internal'],
    ...(products ? ([['product_id', 'in', [...products]]] as const) : []),
  ];
  const { locations } = state.place;
  const fields = ['product_id', 'location_id', 'quantity', 'reserved_quantity', 'write_date'];
  for await (const page of reader.pages({ model: 'stock.quant', fields, domain, signal })) {
    for (const row of page) {
      newest(state, row);
      const product = link(row, 'product_id');
      if (product === undefined || !locations.has(link(row, 'location_id') ?? 0)) continue;
      const left = number(row, 'quantity') - number(row, 'reserved_quantity');
      free.set(product, clean((free.get(product) ?? 0) + left));
    }
  }
  return free;
}

/** Stock of these products as it is now, put into the catalogue too; parts of kits with them, and kits of parts. */
export async function readFreeAgain(
  reader: OdooReader,
  state: State,
  products: Iterable<number>,
  signal?: AbortSignal,
): Promise<void> {
  const wanted = new Set<number>();
  const add = (product: number, depth = 0) => {
    wanted.add(product);
    if (depth < 20) for (const part of state.kits.get(product)?.keys() ?? []) add(part, depth + 1);
  };
  for (const product of products) add(product);
  if (wanted.size === 0) return;
  const named = wanted.size > MOST_NAMED ? undefined : wanted;
  const free = await readFreeStock(reader, state, named, signal);
  for (const id of wanted) {
    const left = free.get(id);
    if (left === undefined) state.free.delete(id);
    else state.free.set(id, left);
  }
  for (const id of wanted) setFree(state, id);
  for (const [id, parts] of state.kits) if ([...parts.keys()].some((part) => wanted.has(part))) setFree(state, id);
}

/** Products whose stock may have changed. An empty quant is deleted, so the moves tell too. */
export async function movedProducts(
  reader: OdooReader,
  state: State,
  written: Domain,
  signal?: AbortSignal,
): Promise<Set<number>> {
  const moved = new Set<number>();
  for (const model of ['stock.quant', 'stock.move']) {
    if ((await reader.fields(model)) === null) continue;
    for await (const page of reader.pages({ model, fields: ['product_id', 'write_date'], domain: written, signal }))
      for (const row of page) {
        newest(state, row);
        moved.add(link(row, 'product_id') ?? 0);
      }
  }
  moved.delete(0);
  return moved;
}

/** null = no stock is kept of it. */
export function freeOf(state: State, product: number, stored: boolean): number | null {
  if (state.kits.has(product)) return freeOfKit(product, state.kits, (part) => freeOfPart(state, part));
  return stored ? Math.max(0, state.free.get(product) ?? 0) : null;
}

function freeOfPart(state: State, part: number): number | null {
  return state.catalogue.product(part)?.free === null ? null : Math.max(0, state.free.get(part) ?? 0);
}

export function setFree(state: State, id: number): void {
  const product = state.catalogue.product(id);
  if (!product) return;
  if (state.kits.has(id)) product.free = freeOfKit(id, state.kits, (part) => freeOfPart(state, part));
  else if (product.free !== null) product.free = Math.max(0, state.free.get(id) ?? 0);
}
