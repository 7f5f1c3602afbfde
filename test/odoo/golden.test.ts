// The SQL reader on the reference databases gives what Odoo's own API gave for them, field by field.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rowNormaliser } from '../../src/connector/odoo/normalise.ts';
import { type FieldInfo, type OdooReader, readAll } from '../../src/connector/odoo/reader.ts';
import { openSql } from '../../src/connector/odoo/sql.ts';
import { GOLDEN_SETS, goldenFields, goldenFolder, goldenRecords, restoreGolden } from '../support/golden.ts';
import { missingPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';

const folder = goldenFolder();
const skip = folder === null || (await missingPostgres()) !== null;

/** connector.md 6.2: what the export reads. Each must be had by SQL (fields of modules that are not installed aside). */
const WANTED: Record<string, string> = {
  'res.company': 'name partner_id currency_id po_lead manufacturing_lead security_lead resource_calendar_id',
  'res.users': 'login name tz lang company_id company_ids',
  'uom.uom': 'name category_id factor uom_type rounding active',
  'stock.warehouse': 'name code company_id view_location_id lot_stock_id resupply_wh_ids',
  'stock.location': 'usage warehouse_id location_id company_id scrap_location return_location active',
  'stock.picking.type': 'code warehouse_id company_id default_location_src_id default_location_dest_id active',
  'resource.calendar': 'name tz two_weeks_calendar company_id active',
  'resource.calendar.attendance':
    'calendar_id resource_id dayofweek hour_from hour_to date_from date_to week_type day_period',
  'resource.calendar.leaves': 'calendar_id resource_id company_id date_from date_to',
  'mrp.workcenter':
    'name code resource_id resource_calendar_id company_id default_capacity time_efficiency time_start time_stop costs_hour alternative_workcenter_ids owner tool',
  'mrp.workcenter.capacity': 'workcenter_id product_id capacity time_start time_stop',
  'mrp.skill': 'name',
  'mrp.workcenter.skill': 'workcenter skill priority',
  'product.category': 'complete_name parent_id',
  'stock.route': 'name active company_id',
  'stock.rule': 'route_id action procure_method location_src_id location_dest_id warehouse_id delay',
  'product.template':
    'name type uom_id uom_po_id categ_id list_price sale_ok purchase_ok route_ids sale_delay company_id active expiration_time use_expiration_date',
  'product.product':
    'name default_code product_tmpl_id product_template_attribute_value_ids weight volume standard_price price_extra active',
  'product.template.attribute.value': 'attribute_id name price_extra',
  'product.supplierinfo':
    'partner_id product_tmpl_id product_id company_id sequence delay min_qty price currency_id date_start date_end batching_window',
  'mrp.bom':
    'code type product_tmpl_id product_id product_qty product_uom_id sequence company_id picking_type_id produce_delay days_to_prepare_mo consumption allow_operation_dependencies subcontractor_ids',
  'mrp.bom.line':
    'bom_id product_id product_qty product_uom_id operation_id bom_product_template_attribute_value_ids sequence',
  'mrp.bom.byproduct':
    'bom_id product_id product_qty product_uom_id operation_id bom_product_template_attribute_value_ids',
  'mrp.routing.workcenter':
    'bom_id name workcenter_id sequence time_mode time_mode_batch time_cycle_manual time_cycle blocked_by_operation_ids bom_product_template_attribute_value_ids skill search_mode priority secondary_workcenter',
  'mrp.secondary.workcenter': 'routing_workcenter_id workcenter_id skill search_mode priority duration',
  'sale.order.line': 'order_id product_id product_uom product_uom_qty qty_delivered customer_lead state write_date',
  'sale.order': 'name state partner_id warehouse_id company_id date_order commitment_date picking_policy locked',
  'stock.move':
    'state product_id product_uom product_uom_qty product_qty quantity picked date date_deadline location_id location_dest_id picking_id picking_type_id group_id procure_method move_orig_ids move_dest_ids sale_line_id purchase_line_id raw_material_production_id production_id created_production_id workorder_id operation_id bom_line_id origin_returned_move_id is_subcontract',
  'stock.picking': 'name partner_id scheduled_date priority',
  'purchase.order.line': 'order_id product_id product_uom product_qty product_uom_qty qty_received date_planned state',
  'purchase.order':
    'name state partner_id company_id date_order date_approve date_planned picking_type_id receipt_status currency_id',
  'mrp.production':
    'name state product_id product_qty qty_producing product_uom_id bom_id picking_type_id location_src_id location_dest_id company_id date_start date_finished date_deadline priority procurement_group_id origin',
  'mrp.workorder':
    'name production_id operation_id workcenter_id state duration_expected duration qty_produced date_start date_finished blocked_by_workorder_ids write_date',
  'mrp.workorder.secondary.workcenter': 'workorder_id workcenter_id duration',
  'mrp.workcenter.productivity': 'date_end workorder_id user_id date_start loss_type',
  'stock.quant': 'product_id location_id lot_id owner_id package_id quantity reserved_quantity available_quantity',
  'stock.lot': 'name product_id expiration_date',
  'stock.warehouse.orderpoint':
    'product_id warehouse_id location_id company_id product_min_qty product_max_qty qty_multiple trigger route_id snoozed_until',
  'procurement.group': 'name sale_id',
  'res.partner': 'name parent_id commercial_partner_id is_company active country_id',
};

/** Odoo's rounding multiplies by 0.01 and leaves 11.700000000000001; we give 11.7. */
const ROUNDED = new Set(['stock.quant.available_quantity']);

let postgres: TestPostgres;

beforeAll(async () => {
  if (!skip) postgres = await startPostgres();
});

afterAll(async () => {
  await postgres?.stop();
});

describe.skipIf(skip).each(GOLDEN_SETS)('reference data %s', (set) => {
  let reader: OdooReader;

  beforeAll(async () => {
    const template = await postgres.template(set, (url) => restoreGolden(folder!, set, url));
    const database = await postgres.create(template);
    reader = await openSql({ url: database.url, login: 'admin' });
  });

  afterAll(async () => {
    await reader?.close();
  });

  test('the user is as Odoo has him', async () => {
    const admin = (await goldenRecords(folder!, set, 'res.users'))!.find((user) => user.login === 'admin')!;
    expect(reader.user).toEqual({
      id: admin.id,
      login: 'admin',
      tz: admin.tz,
      lang: admin.lang,
      companyId: (admin.company_id as [number])[0],
      companyIds: (admin.company_ids as number[]).toSorted((a, b) => a - b),
    });
    expect(reader.server).toMatchObject({ version: '17.0', major: 17 });
  });

  test('what the export reads is there', async () => {
    const captured = await goldenFields(folder!, set);
    const missing: string[] = [];
    for (const [model, names] of Object.entries(WANTED)) {
      const fields = await reader.fields(model);
      for (const name of names.split(' ')) {
        if (captured[model]?.[name] !== undefined && !fields?.has(name)) missing.push(`${model}.${name}`);
      }
    }
    expect(missing).toEqual([]);
  });

  test('every field of every model is as Odoo gave it', async () => {
    const captured = await goldenFields(folder!, set);
    const differences: string[] = [];
    let compared = 0;
    for (const file of await readdir(join(folder!, set, 'records'))) {
      const model = file.replace(/\.json$/, '');
      const info = captured[model];
      const fields = await reader.fields(model);
      if (model.startsWith('_') || info === undefined || fields === null) continue;
      const records = (await goldenRecords(folder!, set, model))!;
      const first = records[0];
      if (first === undefined) continue;
      const names: string[] = [];
      for (const name of Object.keys(first)) {
        const relation = info[name]?.relation;
        // The dumps lack the accounting tables and the properties that point to them.
        const there = relation === undefined || (await reader.fields(relation)) !== null;
        if (info[name] !== undefined && fields.has(name) && there) names.push(name);
      }
      const types = new Map<string, FieldInfo>(names.map((name) => [name, { type: info[name]!.type, stored: true }]));
      const expected = rowNormaliser(names, types)(records);
      const rows = new Map(
        (await readAll(reader, { model, fields: names, pageSize: 100 })).map((row) => [row.id, row]),
      );
      if (rows.size !== records.length) differences.push(`${model}: ${rows.size} rows, Odoo gave ${records.length}`);
      for (const wanted of expected) {
        const row = rows.get(wanted.id);
        for (const name of row === undefined ? [] : names) {
          compared++;
          if (ROUNDED.has(`${model}.${name}`)) {
            expect(row![name]).toBeCloseTo(wanted[name] as number, 9);
            continue;
          }
          const [ours, odoos] = [JSON.stringify(row![name]), JSON.stringify(wanted[name])];
          if (ours !== odoos) differences.push(`${model} ${wanted.id} ${name}: ${ours}, Odoo gave ${odoos}`);
        }
      }
    }
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(30_000);
  });

  test('cost depends on the company', async () => {
    const costs = await goldenRecords(folder!, set, '_standard_price_by_company');
    for (const [company, byProduct] of Object.entries(costs as unknown as Record<string, Record<string, number>>)) {
      const scoped = reader.scoped({ companies: [Number(company), ...reader.user.companyIds] });
      const rows = await readAll(scoped, { model: 'product.product', fields: ['standard_price'] });
      const found = rows.filter((row) => row.standard_price !== 0).map((row) => [String(row.id), row.standard_price]);
      expect(Object.fromEntries(found)).toEqual(byProduct);
    }
  });
});

test.skipIf(skip)('names come in the language of the scope', async () => {
  const template = await postgres.template('rich17', (url) => restoreGolden(folder!, 'rich17', url));
  const reader = await openSql({ url: (await postgres.create(template)).url, login: 'admin' });
  const names = (await goldenRecords(folder!, 'rich17', '_names_fr_FR')) as unknown as Record<string, unknown>;
  const french = reader.scoped({ lang: 'fr_FR' });
  for (const [model, captured] of Object.entries(names)) {
    const known = await french.fields(model);
    if (known === null || !known.has('name')) continue;
    const rows = await readAll(french, { model, fields: ['name'] });
    const ours = new Map(rows.map((row) => [row.id, row.name]));
    for (const record of captured as { id: number; name?: unknown }[]) {
      if (record.name === undefined) continue;
      expect([model, record.id, ours.get(record.id)]).toEqual([model, record.id, record.name || null]);
    }
  }
  await reader.close();
});
