// What any Odoo has before there are products and customers: a company, its user, one warehouse, units, currency, languages.
// Records only; nothing is asked.
import type { Row } from '../../sandbox/values.ts';

export const COMPANY = 1;
export const STOCK = 4;
export const USER = 'admin';
/** Before everything that happens in a case. */
const LONG_AGO = '2000-01-01 00:00:00';

export type Records = Record<string, (Record<string, unknown> & { id: number })[]>;

export interface BaseWishes {
  name: string;
  country: string | null;
  currency: string;
  timeZone: string;
  /** ISO 3166 codes. */
  countries: readonly string[];
  /** As Odoo writes them (`de_DE`), the first one is the records' own. */
  languages: readonly string[];
  /** Names of units that products are counted in. */
  units: readonly string[];
  /** A partner's id that no customer has; the next one is taken too. */
  freePartner: number;
}

export interface Base {
  records: Records;
  country: ReadonlyMap<string, number>;
  unit: ReadonlyMap<string, number>;
}

export function add(records: Records, model: string, row: Record<string, unknown>): number {
  records[model] ??= [];
  const rows = records[model];
  const id = typeof row.id === 'number' ? row.id : (rows.at(-1)?.id ?? 0) + 1;
  rows.push({ create_date: LONG_AGO, write_date: LONG_AGO, create_uid: 2, write_uid: 2, ...row, id } as Row & {
    id: number;
  });
  return id;
}

export function baseRecords(wishes: BaseWishes): Base {
  const records: Records = {};
  const country = new Map(wishes.countries.map((code, index) => [code, index + 1]));
  for (const [code, id] of country) add(records, 'res.country', { id, code, name: code });
  for (const code of wishes.languages) add(records, 'res.lang', { code, name: code, active: true });
  add(records, 'res.currency', {
    id: 1,
    name: wishes.currency,
    symbol: wishes.currency,
    active: true,
    rounding: 0.01,
    decimal_places: 2,
    rate: 1,
  });
  addCompany(records, wishes, country);
  addWarehouse(records);
  const unit = addUnits(records, wishes.units);
  return { records, country, unit };
}

function addCompany(records: Records, wishes: BaseWishes, country: ReadonlyMap<string, number>): void {
  const { freePartner } = wishes;
  const common = {
    active: true,
    category_id: [],
    type: 'contact',
    country_id: country.get(wishes.country ?? '') ?? false,
  };
  add(records, 'res.partner', {
    ...{ id: freePartner, name: wishes.name, complete_name: wishes.name, is_company: true },
    ...{ commercial_partner_id: freePartner, ...common },
  });
  add(records, 'res.partner', {
    ...{
      id: freePartner + 1,
      name: 'Administrator',
      complete_name: `${wishes.name}, Administrator`,
      is_company: false,
    },
    ...{ parent_id: freePartner, commercial_partner_id: freePartner, ...common },
  });
  add(records, 'res.company', {
    ...{ id: COMPANY, name: wishes.name, active: true, partner_id: freePartner, currency_id: 1, sequence: 1 },
    ...{ country_id: common.country_id, resource_calendar_id: 1, user_ids: [2], security_lead: 0 },
  });
  add(records, 'res.users', {
    ...{ id: 2, login: USER, name: 'Administrator', active: true, share: false, partner_id: freePartner + 1 },
    ...{ company_id: COMPANY, company_ids: [COMPANY], tz: wishes.timeZone, lang: wishes.languages[0] ?? 'en_US' },
    groups_id: [1],
  });
  add(records, 'res.groups', {
    id: 1,
    name: 'Settings',
    full_name: 'Administration / Settings',
    users: [2],
    share: false,
  });
  add(records, 'resource.calendar', {
    id: 1,
    name: 'Standard',
    active: true,
    company_id: COMPANY,
    tz: wishes.timeZone,
  });
  for (const dayofweek of ['0', '1', '2', '3', '4']) {
    add(records, 'resource.calendar.attendance', {
      calendar_id: 1,
      name: dayofweek,
      dayofweek,
      hour_from: 8,
      hour_to: 17,
    });
  }
  for (const name of ['sale_management', 'stock', 'purchase', 'purchase_stock', 'sale_stock'])
    add(records, 'ir.module.module', { name, state: 'installed' });
}

function addWarehouse(records: Records): void {
  const location = (id: number, name: string, usage: string, parent: number | false, own = true) =>
    add(records, 'stock.location', {
      ...{ id, name, usage, location_id: parent, active: true, company_id: own ? COMPANY : false },
      ...(own ? { warehouse_id: 1 } : {}),
    });
  location(1, 'Vendors', 'supplier', false, false);
  location(2, 'Customers', 'customer', false, false);
  location(3, 'WH', 'view', false);
  location(STOCK, 'Stock', 'internal', 3);
  const sequence = (id: number, name: string, prefix: string, values = {}) =>
    add(records, 'ir.sequence', {
      ...{ id, name, prefix, active: true, company_id: COMPANY, implementation: 'standard', padding: 5 },
      ...{ number_next: 1, number_next_actual: 1, number_increment: 1, ...values },
    });
  sequence(1, 'Receipts', 'WH/IN/');
  sequence(2, 'Deliveries', 'WH/OUT/');
  sequence(3, 'Sales Order', 'S', { code: 'sale.order', company_id: false });
  sequence(4, 'Purchase Order', 'P', { code: 'purchase.order', company_id: false });
  const type = (id: number, name: string, code: string, letters: string, from: number, to: number) =>
    add(records, 'stock.picking.type', {
      ...{
        id,
        name,
        code,
        sequence_code: letters,
        sequence_id: id,
        warehouse_id: 1,
        company_id: COMPANY,
        active: true,
      },
      ...{ sequence: id, default_location_src_id: from, default_location_dest_id: to },
      ...{ reservation_method: 'at_confirm', create_backorder: 'ask' },
    });
  type(1, 'Receipts', 'incoming', 'IN', 1, STOCK);
  type(2, 'Delivery Orders', 'outgoing', 'OUT', STOCK, 2);
  add(records, 'stock.warehouse', {
    ...{ id: 1, name: 'Warehouse', code: 'WH', active: true, company_id: COMPANY, sequence: 1 },
    ...{ view_location_id: 3, lot_stock_id: STOCK, in_type_id: 1, out_type_id: 2, route_ids: [1] },
    ...{ reception_steps: 'one_step', delivery_steps: 'ship_only', buy_to_resupply: true, reception_route_id: 1 },
  });
  add(records, 'stock.route', {
    id: 1,
    name: 'Deliver in 1 step',
    sequence: 10,
    active: true,
    company_id: COMPANY,
    warehouse_ids: [1],
  });
  add(records, 'stock.rule', {
    ...{ id: 1, name: 'WH: Stock → Customers', route_id: 1, action: 'pull', warehouse_id: 1, picking_type_id: 2 },
    ...{
      location_src_id: STOCK,
      location_dest_id: 2,
      active: true,
      company_id: COMPANY,
      procure_method: 'make_to_stock',
    },
    ...{ auto: 'manual', delay: 0, sequence: 20 },
  });
}

/** As a new Odoo 17 has them: category, name, how many make one reference unit, precision. */
const UNITS: readonly (readonly [string, string, number])[] = [
  ['Unit', 'Units', 1],
  ['Unit', 'Dozens', 1 / 12],
  ['Weight', 'kg', 1],
  ['Weight', 'g', 1000],
  ['Weight', 't', 1 / 1000],
  ['Weight', 'lb', 2.20462],
  ['Weight', 'oz', 35.274],
  ['Working Time', 'Days', 1],
  ['Working Time', 'Hours', 8],
  ['Length / Distance', 'm', 1],
  ['Length / Distance', 'mm', 1000],
  ['Length / Distance', 'cm', 100],
  ['Length / Distance', 'km', 1 / 1000],
  ['Length / Distance', 'in', 39.3701],
  ['Length / Distance', 'ft', 3.28084],
  ['Volume', 'L', 1],
  ['Volume', 'm³', 1 / 1000],
];

/** A unit that Odoo does not bring is one of its own kind. */
function addUnits(records: Records, wanted: readonly string[]): Map<string, number> {
  const unit = new Map<string, number>();
  const categories = new Map<string, number>();
  const known = new Set(UNITS.map(([, name]) => name));
  const own = wanted.filter((name) => !known.has(name)).map((name) => [name, name, 1] as const);
  for (const [category, name, factor] of [...UNITS, ...own]) {
    if (!categories.has(category)) categories.set(category, add(records, 'uom.category', { name: category }));
    const id = add(records, 'uom.uom', {
      ...{ name, category_id: categories.get(category), factor, factor_inv: 1 / factor, active: true },
      ...{ rounding: category === 'Weight' ? 0.001 : 0.01 },
      uom_type: factor === 1 ? 'reference' : factor > 1 ? 'smaller' : 'bigger',
    });
    unit.set(name, id);
  }
  return unit;
}
