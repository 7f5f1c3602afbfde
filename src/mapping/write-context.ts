// What the commands are made from: the records of Odoo that the posted orders speak of, and the surroundings of the import.
// Says which records are needed, so that they can be read in two rounds whatever the number of orders. Pure.
import { OWN_SECONDARY, SECONDARY } from './addon-records.ts';
import type { PostedOrder } from './posted.ts';
import type { OdooRow, Table } from './records.ts';
import { link, number, text } from './records.ts';
import type { FilterDomain } from './rules.ts';
import type { Zone } from './time.ts';
import { type Units, unitsOf } from './units.ts';

export interface WriteContext {
  /** Major version of Odoo. */
  major: number;
  /** Company of the import. */
  company: number;
  /** Companies that the user may work in. */
  companies: readonly number[];
  /** User who answers for what is created. */
  responsible: number;
  /** Zone of the document's wall clock. */
  zone: Zone;
  /** Add purchases of one product from one vendor up (mode 2). */
  mergePurchases: boolean;
  /** Write promised delivery dates to sales orders. */
  promises: boolean;
  table(model: string): Table;
  /** Its rows by what a many2one of theirs names. */
  by(model: string, field: string): ReadonlyMap<number, readonly OdooRow[]>;
  /** Whether Odoo has the model, as far as it was asked for. */
  has(model: string): boolean;
  /** Whether Odoo has pools of work centers, a field of either addon, which know secondary work centers too. */
  pools: boolean;
  units: Units;
}

export interface Lookup {
  model: string;
  domain: FilterDomain;
  fields: readonly string[];
}

export type Records = ReadonlyMap<string, readonly OdooRow[]>;

interface FieldNames {
  start: string;
  finish: string;
  purchaseUnit: string;
}

/** Fields that have other names in other versions of Odoo. */
export function fieldNames(major: number): FieldNames {
  return {
    start: major >= 17 ? 'date_start' : 'date_planned_start',
    finish: major >= 17 ? 'date_finished' : 'date_planned_finished',
    purchaseUnit: major >= 19 ? 'product_uom_id' : 'product_uom',
  };
}

/** Id of the purchase order line behind `P00015 - WH/IN/00007 - 202 - 26`, and of the receipt's move when it is named. */
export function purchaseLineOf(
  reference: string,
): { order: string; line: number; move: number | undefined } | undefined {
  const parts = reference.split(' - ');
  const line = Number(parts.at(-1));
  if (parts.length < 2 || !/^\d{1,9}$/.test(parts.at(-1) ?? '')) return undefined;
  const move = parts.length >= 3 && /^\d{1,9}$/.test(parts.at(-2) ?? '') ? Number(parts.at(-2)) : undefined;
  return { order: parts[0] ?? '', line, move };
}

/** Id of the move behind `WH/INT/00001 - 214`. */
export function transferMoveOf(reference: string): number | undefined {
  const match = /^.+ - (\d{1,9})(?: - under way)?$/.exec(reference);
  return match ? Number(match[1]) : undefined;
}

export function firstLookups(orders: readonly PostedOrder[], major: number): Lookup[] {
  const { start, finish } = fieldNames(major);
  const lookups: Lookup[] = [];
  const wanted = (model: string, ids: Iterable<number | undefined>, fields: readonly string[]) => {
    const list = [...new Set(ids)].filter((id) => id !== undefined && id > 0);
    if (list.length > 0) lookups.push({ model, domain: [['id', 'in', list]], fields });
  };
  const of = <T extends PostedOrder['type']>(type: T) =>
    orders.filter((order): order is Extract<PostedOrder, { type: T }> => order.type === type);
  const purchases = of('PO');
  const transfers = of('DO');
  const makes = of('MO');
  const steps = of('WO');
  const promises = of('SO');

  const goods = [...purchases, ...transfers, ...makes];
  const purchaseUnits = major >= 19 ? [] : ['uom_po_id'];
  wanted(
    'product.product',
    goods.map(({ product }) => product),
    ['display_name', 'active', 'uom_id', 'product_tmpl_id', 'type', ...purchaseUnits],
  );
  if (goods.length > 0) {
    const unit = major >= 19 ? ['relative_factor', 'relative_uom_id'] : ['factor', 'category_id'];
    lookups.push({ model: 'uom.uom', domain: [], fields: ['name', ...unit] });
    const fields = ['name', 'code', 'company_id', 'active', 'sequence', 'lot_stock_id', 'in_type_id', 'int_type_id'];
    lookups.push({
      model: 'stock.warehouse',
      domain: [],
      fields: makes.length > 0 ? [...fields, 'manu_type_id'] : fields,
    });
  }
  const vendor = ['supplier_payment_term_id', 'purchase_currency_id', 'account_position_id'];
  const properties = vendor.map((name) => `property_${name}`);
  wanted(
    'res.partner',
    purchases.map(({ vendor }) => vendor),
    ['name', 'active', 'company_id', 'parent_id', ...properties],
  );
  const unitField = fieldNames(major).purchaseUnit;
  const line = [
    'order_id',
    'product_id',
    'product_qty',
    'qty_received',
    unitField,
    'date_planned',
    'state',
    'display_type',
  ];
  wanted(
    'purchase.order.line',
    purchases.map(({ reference }) => purchaseLineOf(reference)?.line),
    line,
  );

  const names = [...new Set([...makes.map(({ reference }) => reference), ...steps.map(({ owner }) => owner)])].filter(
    Boolean,
  );
  const existing = names.filter((name) => !/^\d+$/.test(name));
  if (existing.length > 0) {
    const fields = [
      'name',
      'state',
      'company_id',
      'product_id',
      'product_qty',
      'product_uom_id',
      'workorder_ids',
      start,
      finish,
    ];
    lookups.push({ model: 'mrp.production', domain: [['name', 'in', existing]], fields });
  }
  wanted(
    'mrp.bom',
    makes.filter(({ change }) => !change).map(({ operation }) => billOf(operation)),
    ['product_tmpl_id', 'product_id', 'type', 'active', 'company_id'],
  );
  const planned = [...makes.flatMap((order) => order.steps), ...steps];
  wanted(
    'mrp.routing.workcenter',
    makes.filter(({ change }) => !change).flatMap((order) => order.steps.map(({ id }) => id)),
    ['name', 'bom_id'],
  );
  if (planned.some(({ resources }) => resources.length > 0)) {
    lookups.push({ model: 'mrp.workcenter', domain: [], fields: ['name', 'active', 'company_id', 'owner'] });
  }
  if (promises.length > 0) lookups.push({ model: 'res.company', domain: [], fields: ['name', 'security_lead'] });
  wanted(
    'sale.order.line',
    promises.flatMap(({ line, orElse }) => [line, orElse?.line]),
    ['order_id'],
  );
  if (transfers.length > 0) {
    const fields = ['supplier_wh_id', 'supplied_wh_id', 'active'];
    lookups.push({ model: 'stock.route', domain: [['supplier_wh_id', '!=', false]], fields });
    const rule = ['action', 'procure_method', 'route_id', 'warehouse_id', 'propagate_warehouse_id', 'propagate_cancel'];
    lookups.push({
      model: 'stock.rule',
      domain: [['route_id.supplier_wh_id', '!=', false]],
      fields: [...rule, 'picking_type_id', 'location_src_id', 'location_dest_id', 'active'],
    });
  }
  wanted(
    'stock.move',
    transfers.filter(({ change }) => change).map(({ reference }) => transferMoveOf(reference)),
    ['state', 'product_id', 'product_uom', 'product_uom_qty', 'date', 'picking_id', 'reference'],
  );
  return lookups;
}

export function workorderFields(major: number): string[] {
  const { start, finish } = fieldNames(major);
  const links = ['production_id', 'operation_id', 'workcenter_id', 'leave_id'];
  return ['display_name', ...links, 'state', 'duration_expected', start, finish];
}

/** What the first round leads to. */
export function secondLookups(records: Records, major: number): Lookup[] {
  const lookups: Lookup[] = [];
  const rows = (model: string) => records.get(model) ?? [];
  const wanted = (model: string, field: string, ids: Iterable<number | undefined>, fields: readonly string[]) => {
    const list = [...new Set(ids)].filter((id) => id !== undefined);
    if (list.length > 0) lookups.push({ model, domain: [[field, 'in', list]], fields });
  };
  if (rows('res.partner').length > 0) {
    const templates = rows('product.product').map((row) => link(row, 'product_tmpl_id'));
    wanted('product.supplierinfo', 'product_tmpl_id', templates, ['partner_id', 'product_tmpl_id', 'min_qty']);
  }
  const lines = rows('purchase.order.line');
  wanted(
    'purchase.order',
    'id',
    lines.map((row) => link(row, 'order_id')),
    ['name', 'state', 'company_id', 'partner_id'],
  );
  const quantity = major >= 17 ? 'quantity' : 'quantity_done';
  const move = ['state', 'product_id', 'product_uom', 'product_uom_qty', quantity, 'date', 'location_id'];
  wanted(
    'stock.move',
    'purchase_line_id',
    lines.map(({ id }) => id),
    [...move, 'purchase_line_id'],
  );
  const productions = rows('mrp.production').map(({ id }) => id);
  const step = workorderFields(major);
  wanted('mrp.workorder', 'production_id', productions, step);
  if (hasPools(records)) {
    for (const model of [SECONDARY, OWN_SECONDARY])
      wanted(model, 'workorder_id.production_id', productions, ['workorder_id', 'workcenter_id']);
  }
  if (productions.length > 0) {
    const domain = [['production_id', 'in', productions] as const, ['state', '=', 'done'] as const];
    lookups.push({ model: 'stock.move', domain, fields: [...move, 'production_id'] });
  }
  wanted(
    'sale.order',
    'id',
    rows('sale.order.line').map((row) => link(row, 'order_id')),
    ['name', 'state', 'commitment_date', 'company_id'],
  );
  return lookups;
}

function hasPools(records: Records): boolean {
  return (records.get('mrp.workcenter') ?? []).some((row) => row.owner !== undefined);
}

/** Id of the bill of material at the end of an operation's name (`Table @ WH 5`). */
export function billOf(operation: string): number | undefined {
  const match = /(?:^|\s)(\d{1,9})\s*$/.exec(operation);
  return match ? Number(match[1]) : undefined;
}

export function writeContext(
  surroundings: Omit<WriteContext, 'table' | 'by' | 'has' | 'pools' | 'units'>,
  records: Records,
): WriteContext {
  const tables = new Map<string, Table>();
  const groups = new Map<string, ReadonlyMap<number, readonly OdooRow[]>>();
  return {
    ...surroundings,
    units: unitsOf(records.get('uom.uom') ?? []),
    pools: hasPools(records),
    has: (model) => records.has(model),
    by(model, field) {
      const name = `${model} ${field}`;
      let group = groups.get(name);
      if (!group) {
        group = Map.groupBy(records.get(model) ?? [], (row) => link(row, field) ?? 0);
        groups.set(name, group);
      }
      return group;
    },
    table(model) {
      let table = tables.get(model);
      if (!table) {
        table = new Map((records.get(model) ?? []).map((row) => [row.id, row]));
        tables.set(model, table);
      }
      return table;
    },
  };
}

/** Warehouses that goods may go through, the import's company first, in Odoo's order. */
export function warehousesOf(context: WriteContext): OdooRow[] {
  const own = (row: OdooRow) => (link(row, 'company_id') === context.company ? 0 : 1);
  return [...context.table('stock.warehouse').values()]
    .filter((row) => row.active !== false && context.companies.includes(link(row, 'company_id') ?? 0))
    .toSorted((a, b) => own(a) - own(b) || number(a, 'sequence') - number(b, 'sequence') || a.id - b.id);
}

export function nameOf(row: OdooRow | undefined): string {
  return text(row, 'display_name') || text(row, 'name');
}

/** Whether two quantities are the same to a person and to Odoo's rounding. */
export function sameQuantity(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b));
}
