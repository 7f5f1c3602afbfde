// A small Odoo for a test: one company with a warehouse, units and a customer, and builders for what a test needs besides.
// Each builder gives the id of its record; `add` takes any record of any model.

import type { OdooReader } from '../../src/connector/odoo/reader.ts';
import { type ExportChanges, type ExportedPlan, exportPlan } from './export.ts';
import { odooModels } from './odoo-models.ts';
import { type RowsOptions, rowsReader, type Values } from './odoo-rows.ts';

export interface SmallOdooOptions {
  /** Major version, default 17. */
  major?: number;
  /** Apps, models or fields that this Odoo lacks. */
  without?: readonly string[];
  user?: RowsOptions['user'];
  pageSize?: number;
}

export interface Warehouse {
  id: number;
  /** Stock locations inside it. */
  stock: number;
  input: number;
  packing: number;
  output: number;
}

export interface Product {
  id: number;
  template: number;
  unit: number;
}

/** Builders of master data, and what is there from the start. */
export function smallOdoo(options: SmallOdooOptions = {}) {
  const { major = 17, without = [], user, pageSize } = options;
  const models = odooModels(major, without);
  const rows: Record<string, Values[]> = {};

  function add(model: string, values: Values = {}): number {
    rows[model] ??= [];
    const id = (values.id as number | undefined) ?? rows[model].length + 1;
    rows[model].push({ ...values, id });
    return id;
  }
  /** Changes a record that is there already. */
  function change(model: string, id: number, values: Values): void {
    Object.assign(rows[model]!.find((row) => row.id === id)!, values);
  }
  /** `values` without the fields that this version does not have. */
  const fitting = (model: string, values: Values) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => models.get(model)?.has(name)));

  const company = add('res.company', {
    ...{ name: 'Acme', currency_id: 1 },
    ...fitting('res.company', { respect_reservations: true }),
  });
  const unitOf = (name: string, category: number, size: number) =>
    add('uom.uom', {
      name,
      ...fitting('uom.uom', { category_id: category, factor: 1 / size, relative_factor: size }),
      ...(major >= 19 && size !== 1 ? { relative_uom_id: category === 1 ? 1 : 3 } : {}),
    });
  const units = { unit: unitOf('Units', 1, 1), dozen: unitOf('Dozens', 1, 12), kg: unitOf('kg', 2, 1) };
  const gram = unitOf('g', 2, 0.001);

  const location = (usage: string, values: Values = {}) => add('stock.location', { name: usage, usage, ...values });
  const places = {
    suppliers: location('supplier'),
    customers: location('customer'),
    production: location('production'),
    transit: location('transit'),
  };

  function warehouse(code: string, values: Values = {}): Warehouse {
    const id = add('stock.warehouse', { name: `${code} warehouse`, code, company_id: company, ...values });
    const inside = (name: string) => location('internal', { name, warehouse_id: id });
    const stock = inside('Stock');
    change('stock.warehouse', id, { lot_stock_id: stock });
    return { id, stock, input: inside('Input'), packing: inside('Packing'), output: inside('Output') };
  }

  /** A storable product with its template; `template` holds values of that. */
  function product(code: string, values: Values & { template?: Values; uom?: number } = {}): Product {
    const { template: more = {}, uom: unit = units.unit, ...own } = values;
    const template = add('product.template', {
      name: code.toLowerCase(),
      type: major >= 18 ? 'consu' : 'product',
      uom_id: unit,
      ...fitting('product.template', { uom_po_id: unit, is_storable: true }),
      purchase_ok: true,
      ...more,
    });
    return { id: add('product.product', { product_tmpl_id: template, default_code: code, ...own }), template, unit };
  }

  const partner = (name: string, values: Values = {}) => add('res.partner', { name, is_company: true, ...values });

  function workcenter(name: string, values: Values = {}): number {
    const resource = add('resource.resource', { name });
    return add('mrp.workcenter', {
      name,
      resource_id: resource,
      default_capacity: 1,
      time_efficiency: 100,
      ...fitting('mrp.workcenter', { planbridge_constrained: true }),
      ...values,
    });
  }

  const calendar = (name: string, values: Values = {}) => add('resource.calendar', { name, tz: 'UTC', ...values });
  /** Working hours: Monday is day 0, as in Odoo. */
  const hours = (calendarId: number, day: number, from: number, to: number, values: Values = {}) =>
    add('resource.calendar.attendance', {
      calendar_id: calendarId,
      dayofweek: String(day),
      hour_from: from,
      hour_to: to,
      day_period: 'morning',
      ...values,
    });
  const leave = (from: string, to: string, values: Values = {}) =>
    add('resource.calendar.leaves', { date_from: from, date_to: to, time_type: 'leave', ...values });

  const vendorPrice = (of: Product, vendor: number, values: Values = {}) =>
    add('product.supplierinfo', {
      product_tmpl_id: of.template,
      partner_id: vendor,
      sequence: 1,
      delay: 5,
      price: 1,
      currency_id: 1,
      ...values,
    });

  const bom = (of: Product, values: Values = {}) =>
    add('mrp.bom', {
      product_tmpl_id: of.template,
      product_qty: 1,
      product_uom_id: of.unit,
      type: 'normal',
      ...values,
    });
  const bomLine = (bomId: number, component: Product, quantity: number, values: Values = {}) =>
    add('mrp.bom.line', {
      bom_id: bomId,
      product_id: component.id,
      product_qty: quantity,
      product_uom_id: component.unit,
      ...values,
    });
  const step = (bomId: number, name: string, workcenterId: number, minutes: number, values: Values = {}) =>
    add('mrp.routing.workcenter', {
      bom_id: bomId,
      name,
      workcenter_id: workcenterId,
      time_mode: 'manual',
      time_cycle_manual: minutes,
      sequence: 10,
      ...values,
    });

  const quant = (of: Product, quantity: number, values: Values = {}) =>
    add('stock.quant', { product_id: of.id, quantity, location_id: main.stock, ...values });

  const main = warehouse('WH');
  const customer = partner('Azure');
  const vendor = partner('Wood Corner');

  const reader = (size = pageSize): OdooReader => rowsReader(rows, { models, major, user, pageSize: size });
  const exported = (changes?: ExportChanges): Promise<ExportedPlan> => exportPlan(reader(), changes);

  return {
    major,
    /** All records by model, as written so far. */
    rows,
    add,
    change,
    fitting,
    reader,
    export: exported,
    company,
    /** The first warehouse, code `WH`. */
    main,
    customer,
    vendor,
    ...places,
    ...units,
    gram,
    location,
    warehouse,
    product,
    partner,
    workcenter,
    calendar,
    hours,
    leave,
    vendorPrice,
    bom,
    bomLine,
    step,
    quant,
  };
}

export type SmallOdoo = ReturnType<typeof smallOdoo>;
