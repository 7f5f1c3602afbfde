// What the export reads in one go: master data by model (connector.md 6.2). Orders, moves and stock are read page by page, see
// connector/export/. Fields that an Odoo does not have are simply not there.

export interface MasterRead {
  model: string;
  /** Its name in older versions. */
  formerly?: string;
  fields: readonly string[];
}

const BOM_VALUES = 'bom_product_template_attribute_value_ids';

export const MASTER_READS: readonly MasterRead[] = [
  {
    model: 'res.company',
    fields: [
      'name',
      'parent_id',
      'currency_id',
      'po_lead',
      'manufacturing_lead',
      'manufacturing_warehouse',
      'calendar',
      'respect_reservations',
    ],
  },
  { model: 'res.currency.rate', fields: ['name', 'rate', 'currency_id', 'company_id'] },
  { model: 'uom.uom', fields: ['name', 'category_id', 'factor', 'relative_factor', 'relative_uom_id'] },
  {
    model: 'stock.warehouse',
    fields: ['name', 'code', 'sequence', 'company_id', 'lot_stock_id', 'view_location_id', 'active'],
  },
  {
    model: 'stock.location',
    fields: ['usage', 'warehouse_id', 'location_id', 'company_id', 'scrap_location', 'return_location', 'active'],
  },
  { model: 'stock.picking.type', fields: ['code', 'warehouse_id', 'company_id', 'active'] },
  {
    model: 'stock.route',
    formerly: 'stock.location.route',
    fields: ['name', 'active', 'company_id', 'product_selectable', 'supplied_wh_id', 'supplier_wh_id'],
  },
  {
    model: 'stock.rule',
    fields: ['route_id', 'action', 'procure_method', 'location_src_id', 'location_dest_id', 'delay', 'active'],
  },
  { model: 'resource.calendar', fields: ['name', 'tz', 'two_weeks_calendar', 'company_id', 'active'] },
  {
    model: 'resource.calendar.attendance',
    fields: [
      'calendar_id',
      'resource_id',
      'dayofweek',
      'hour_from',
      'hour_to',
      'date_from',
      'date_to',
      'week_type',
      'day_period',
      'display_type',
    ],
  },
  {
    model: 'resource.calendar.leaves',
    fields: ['calendar_id', 'resource_id', 'company_id', 'date_from', 'date_to', 'time_type'],
  },
  { model: 'resource.resource', fields: ['name', 'calendar_id', 'tz', 'active'] },
  {
    model: 'mrp.workcenter',
    fields: [
      'name',
      'resource_id',
      'resource_calendar_id',
      'company_id',
      'default_capacity',
      'capacity',
      'time_efficiency',
      'time_start',
      'time_stop',
      'owner',
      'tool',
      'planbridge_constrained',
      'active',
    ],
  },
  { model: 'mrp.workcenter.capacity', fields: ['workcenter_id', 'product_id', 'capacity', 'time_start', 'time_stop'] },
  { model: 'mrp.skill', fields: ['name'] },
  { model: 'mrp.workcenter.skill', fields: ['workcenter', 'skill', 'priority'] },
  { model: 'planbridge.skill', fields: ['name'] },
  {
    model: 'planbridge.workcenter.skill',
    fields: ['workcenter', 'skill', 'priority', 'date_start', 'date_end'],
  },
  { model: 'product.category', fields: ['complete_name', 'parent_id', 'route_ids'] },
  {
    model: 'product.template',
    fields: [
      'name',
      'type',
      'uom_id',
      'uom_po_id',
      'categ_id',
      'purchase_ok',
      'route_ids',
      'company_id',
      'produce_delay',
      'expiration_time',
      'active',
    ],
  },
  {
    model: 'product.product',
    fields: ['product_tmpl_id', 'default_code', 'product_template_attribute_value_ids', 'active'],
  },
  { model: 'product.template.attribute.value', fields: ['attribute_id'] },
  {
    model: 'product.supplierinfo',
    fields: [
      'partner_id',
      'name',
      'product_tmpl_id',
      'product_id',
      'product_uom_id',
      'company_id',
      'sequence',
      'delay',
      'min_qty',
      'price',
      'currency_id',
      'date_start',
      'date_end',
      'batching_window',
    ],
  },
  {
    model: 'mrp.bom',
    fields: [
      'code',
      'type',
      'product_tmpl_id',
      'product_id',
      'product_qty',
      'product_uom_id',
      'sequence',
      'company_id',
      'picking_type_id',
      'produce_delay',
      'days_to_prepare_mo',
      'allow_operation_dependencies',
      'subcontractor_ids',
      'planbridge_multiple',
      'active',
    ],
  },
  {
    model: 'mrp.bom.line',
    fields: ['bom_id', 'product_id', 'product_qty', 'product_uom_id', 'operation_id', BOM_VALUES],
  },
  {
    model: 'mrp.bom.byproduct',
    fields: ['bom_id', 'product_id', 'product_qty', 'product_uom_id', 'operation_id', BOM_VALUES],
  },
  {
    model: 'mrp.routing.workcenter',
    fields: [
      'bom_id',
      'name',
      'workcenter_id',
      'sequence',
      'time_mode',
      'time_cycle_manual',
      'blocked_by_operation_ids',
      BOM_VALUES,
      'skill',
      'planbridge_skill',
      'planbridge_quantity',
      'planbridge_post_minutes',
      'search_mode',
      'priority',
      'active',
    ],
  },
  {
    model: 'mrp.secondary.workcenter',
    fields: ['routing_workcenter_id', 'workcenter_id', 'skill', 'search_mode', 'duration'],
  },
  {
    model: 'planbridge.secondary.workcenter',
    fields: ['routing_workcenter_id', 'workcenter_id', 'skill', 'search_mode', 'duration'],
  },
  { model: 'res.partner', fields: ['name', 'parent_id', 'is_company', 'company_id', 'active'] },
  {
    model: 'stock.warehouse.orderpoint',
    fields: [
      'name',
      'product_id',
      'warehouse_id',
      'company_id',
      'product_min_qty',
      'product_max_qty',
      'qty_multiple',
      'route_id',
      'active',
    ],
  },
];
