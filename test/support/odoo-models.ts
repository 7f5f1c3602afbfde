// The part of Odoo's models that the export reads, by version: what a test may put into a row, and what a reader answers
// where the row is silent. `name>model` many2one, `name*model` many2many, `name<model.field` one2many, `name#` number,
// `name?` boolean, everything else text or date. A prefix says where the field is: `<=16:`, `>=17:`, or the app that adds it.

import type { FieldInfo } from '../../src/connector/odoo/reader.ts';

const VALUES = 'bom_product_template_attribute_value_ids*product.template.attribute.value';

const MODELS: Readonly<Record<string, string>> = {
  'res.company':
    'name parent_id>res.company currency_id>res.currency po_lead# manufacturing_lead# addon:manufacturing_warehouse>stock.warehouse addon:calendar>resource.calendar addon:respect_reservations? addon:disclose_stack_trace? own:planbridge_interface_user_id>res.users',
  'res.currency.rate': 'name rate# currency_id>res.currency company_id>res.company',
  'res.groups': 'name <=18:users*res.users >=19:user_ids*res.users',
  'res.users': 'name login active? share?',
  'res.partner': 'name parent_id>res.partner is_company? company_id>res.company active?',
  'uom.uom': 'name <=18:category_id>uom.category <=18:factor# >=19:relative_factor# >=19:relative_uom_id>uom.uom',
  'stock.warehouse': 'name code sequence# company_id>res.company lot_stock_id>stock.location active?',
  'stock.location':
    'name usage warehouse_id>stock.warehouse company_id>res.company scrap_location? <=17:return_location? active?',
  'stock.picking.type': 'name code warehouse_id>stock.warehouse company_id>res.company active?',
  'stock.route':
    'name company_id>res.company product_selectable? supplied_wh_id>stock.warehouse supplier_wh_id>stock.warehouse active?',
  'stock.rule':
    'name route_id>stock.route action procure_method location_src_id>stock.location location_dest_id>stock.location delay# active?',
  'stock.picking': 'name priority',
  'stock.move':
    'state product_id>product.product product_uom>uom.uom product_uom_qty# >=17:quantity# <=16:quantity_done# date location_id>stock.location location_dest_id>stock.location picking_id>stock.picking group_id>procurement.group procure_method move_orig_ids*stock.move move_dest_ids*stock.move sale_line_id>sale.order.line purchase_line_id>purchase.order.line raw_material_production_id>mrp.production production_id>mrp.production created_production_id>mrp.production workorder_id>mrp.workorder operation_id>mrp.routing.workcenter origin_returned_move_id>stock.move subcontracting:is_subcontract?',
  'stock.move.line': 'move_id>stock.move <=16:reserved_qty#',
  'stock.quant': 'product_id>product.product location_id>stock.location lot_id>stock.lot quantity# reserved_quantity#',
  'stock.lot': 'name product_id>product.product expiry:expiration_date',
  'stock.warehouse.orderpoint':
    'name product_id>product.product warehouse_id>stock.warehouse location_id>stock.location company_id>res.company product_min_qty# product_max_qty# qty_multiple# route_id>stock.route active?',
  'procurement.group': 'name sale_id>sale.order',
  'resource.calendar': 'name tz two_weeks_calendar? company_id>res.company active?',
  'resource.calendar.attendance':
    'calendar_id>resource.calendar resource_id>resource.resource dayofweek hour_from# hour_to# date_from date_to week_type day_period display_type',
  'resource.calendar.leaves':
    'calendar_id>resource.calendar resource_id>resource.resource company_id>res.company date_from date_to time_type',
  'resource.resource': 'name calendar_id>resource.calendar tz active?',
  'mrp.workcenter':
    'name resource_id>resource.resource resource_calendar_id>resource.calendar company_id>res.company default_capacity# time_efficiency# time_start# time_stop# costs_hour# addon:owner>mrp.workcenter addon:tool? own:planbridge_constrained? active?',
  'mrp.workcenter.capacity': 'workcenter_id>mrp.workcenter product_id>product.product capacity# time_start# time_stop#',
  'mrp.workcenter.productivity': 'workorder_id>mrp.workorder user_id>res.users date_start date_end',
  'mrp.skill': 'addon:name',
  'mrp.workcenter.skill': 'addon:workcenter>mrp.workcenter addon:skill>mrp.skill addon:priority#',
  'planbridge.skill': 'own:name',
  'planbridge.workcenter.skill':
    'own:workcenter>mrp.workcenter own:skill>planbridge.skill own:priority# own:date_start own:date_end',
  'planbridge.secondary.workcenter':
    'own:routing_workcenter_id>mrp.routing.workcenter own:workcenter_id>mrp.workcenter own:skill>planbridge.skill own:search_mode own:duration#',
  'mrp.secondary.workcenter':
    'addon:routing_workcenter_id>mrp.routing.workcenter addon:workcenter_id>mrp.workcenter addon:skill>mrp.skill addon:search_mode addon:duration#',
  'planbridge.workorder.secondary': 'own:workorder_id>mrp.workorder own:workcenter_id>mrp.workcenter own:duration#',
  'mrp.workorder.secondary.workcenter':
    'addon:workorder_id>mrp.workorder addon:workcenter_id>mrp.workcenter addon:duration#',
  'product.category': 'complete_name parent_id>product.category route_ids*stock.route',
  'product.template':
    'name type >=18:is_storable? uom_id>uom.uom <=18:uom_po_id>uom.uom categ_id>product.category purchase_ok? route_ids*stock.route company_id>res.company list_price# <=16:produce_delay# expiry:expiration_time# active?',
  'product.product':
    'product_tmpl_id>product.template default_code product_template_attribute_value_ids*product.template.attribute.value weight# volume# standard_price# active?',
  'product.template.attribute.value': 'name attribute_id>product.attribute',
  'product.supplierinfo':
    'partner_id>res.partner product_tmpl_id>product.template product_id>product.product >=19:product_uom_id>uom.uom company_id>res.company sequence# delay# min_qty# price# currency_id>res.currency date_start date_end addon:batching_window#',
  'mrp.bom':
    'code type product_tmpl_id>product.template product_id>product.product product_qty# product_uom_id>uom.uom sequence# company_id>res.company picking_type_id>stock.picking.type >=17:produce_delay# >=17:days_to_prepare_mo# allow_operation_dependencies? subcontracting:subcontractor_ids*res.partner own:planbridge_multiple# active?',
  'mrp.bom.line': `bom_id>mrp.bom product_id>product.product product_qty# product_uom_id>uom.uom operation_id>mrp.routing.workcenter ${VALUES}`,
  'mrp.bom.byproduct': `bom_id>mrp.bom product_id>product.product product_qty# product_uom_id>uom.uom operation_id>mrp.routing.workcenter ${VALUES}`,
  'mrp.routing.workcenter': `bom_id>mrp.bom name workcenter_id>mrp.workcenter sequence# time_mode time_cycle_manual# time_cycle# blocked_by_operation_ids*mrp.routing.workcenter ${VALUES} addon:skill>mrp.skill addon:search_mode addon:priority# own:planbridge_skill>planbridge.skill own:planbridge_quantity# own:planbridge_post_minutes# active?`,
  'mrp.production':
    'name state origin product_id>product.product product_qty# qty_producing# product_uom_id>uom.uom picking_type_id>stock.picking.type location_dest_id>stock.location company_id>res.company date_start <=16:date_planned_start allow_workorder_dependencies? workorder_ids<mrp.workorder.production_id',
  'mrp.workorder':
    'name production_id>mrp.production product_id>product.product operation_id>mrp.routing.workcenter workcenter_id>mrp.workcenter state duration_expected# duration# duration_unit# date_start date_finished <=16:date_planned_start >=18:sequence# blocked_by_workorder_ids*mrp.workorder',
  'sale.order':
    'name state partner_id>res.partner warehouse_id>stock.warehouse company_id>res.company date_order commitment_date picking_policy',
  'sale.order.line':
    'order_id>sale.order product_id>product.product <=18:product_uom>uom.uom >=19:product_uom_id>uom.uom product_uom_qty# qty_delivered# display_type write_date move_ids<stock.move.sale_line_id',
  'purchase.order':
    'name state partner_id>res.partner company_id>res.company origin date_order date_planned picking_type_id>stock.picking.type receipt_status',
  'purchase.order.line':
    'order_id>purchase.order product_id>product.product <=18:product_uom>uom.uom >=19:product_uom_id>uom.uom product_qty# qty_received# date_planned display_type move_dest_ids*stock.move',
};

export type ModelFields = ReadonlyMap<string, ReadonlyMap<string, FieldInfo>>;

const FIELD = /^(?:(?<where>[^:]+):)?(?<name>\w+)(?:(?<kind>[>*<#?])(?<target>[\w.]+)?)?$/;

function infoOf(kind: string | undefined, target: string | undefined): FieldInfo {
  const base = { stored: true };
  switch (kind) {
    case '>':
      return { ...base, type: 'many2one', relation: target };
    case '*':
      return { ...base, type: 'many2many', relation: target };
    case '<': {
      const dot = target!.lastIndexOf('.');
      return { ...base, type: 'one2many', relation: target!.slice(0, dot), relationField: target!.slice(dot + 1) };
    }
    case '#':
      return { ...base, type: 'float' };
    case '?':
      return { ...base, type: 'boolean' };
    default:
      return { ...base, type: 'char' };
  }
}

/**
 * The models of an Odoo of that version.
 * @param without apps (`addon`, `subcontracting`, `expiry`), models, or fields (`purchase.order.receipt_status`) it lacks
 */
export function odooModels(major: number, without: readonly string[] = []): ModelFields {
  const here = (where: string | undefined): boolean => {
    if (where === undefined) return true;
    if (where.startsWith('<=')) return major <= Number(where.slice(2));
    if (where.startsWith('>=')) return major >= Number(where.slice(2));
    return !without.includes(where);
  };
  const models = new Map<string, ReadonlyMap<string, FieldInfo>>();
  for (const [model, fields] of Object.entries(MODELS)) {
    if (without.includes(model)) continue;
    const known = new Map<string, FieldInfo>();
    for (const text of fields.split(' ')) {
      const { where, name, kind, target } = FIELD.exec(text)!.groups!;
      if (here(where) && !without.includes(`${model}.${name}`)) known.set(name!, infoOf(kind, target));
    }
    if (known.size > 0) models.set(model, known);
  }
  return models;
}
