// Fields of a plain Odoo 17: work centers, bills of materials, manufacturing and work orders. The notation is explained at `parseField`.

import type { CompactSchema } from './build.ts';

export const MRP_FIELDS: CompactSchema = {
  'mrp.workcenter': `
    name char =resource_id.name "Work Center"
    code char
    active bool =resource_id.active
    resource_id m2o(resource.resource) !
    resource_calendar_id m2o(resource.calendar) =resource_id.calendar_id "Working Hours"
    company_id m2o(res.company) =resource_id.company_id
    default_capacity float "Capacity"
    time_efficiency float =resource_id.time_efficiency
    time_start float "Setup Time"
    time_stop float "Cleanup Time"
    costs_hour float "Cost per hour"
    sequence int !
    alternative_workcenter_ids m2m(mrp.workcenter) "Alternative Workcenters"
    tag_ids m2m(mrp.workcenter.tag)
    color int
    note html "Description"
    working_state sel(normal=Normal|blocked=Blocked|done=In Progress) < "Workcenter Status"
    capacity_ids o2m(mrp.workcenter.capacity/workcenter_id) "Product Capacities"
    tz char ~ =resource_id.tz "Timezone"
    oee_target float "OEE Target"
    routing_line_ids o2m(mrp.routing.workcenter/workcenter_id) "Routing Lines"`,
  'mrp.workcenter.tag': `
    name char ! "Tag Name"
    color int "Color Index"`,
  'mrp.workcenter.capacity': `
    workcenter_id m2o(mrp.workcenter) ! "Work Center"
    product_id m2o(product.product) !
    product_uom_id m2o(uom.uom) ~ < =product_id.uom_id "Product UoM"
    capacity float
    time_start float "Setup Time (minutes)"
    time_stop float "Cleanup Time (minutes)"`,
  'mrp.workcenter.productivity': `
    workcenter_id m2o(mrp.workcenter) ! "Work Center"
    workorder_id m2o(mrp.workorder) "Work Order"
    production_id m2o(mrp.production) ~ < =workorder_id.production_id "Manufacturing Order"
    company_id m2o(res.company) !
    user_id m2o(res.users)
    loss_id m2o(mrp.workcenter.productivity.loss) ! "Loss Reason"
    loss_type sel(availability=Availability|performance=Performance|quality=Quality|productive=Productive) =loss_id.loss_type "Effectiveness"
    description text
    date_start datetime ! "Start Date"
    date_end datetime "End Date"
    duration float <`,
  'mrp.workcenter.productivity.loss': `
    name char ! "Blocking Reason"
    loss_id m2o(mrp.workcenter.productivity.loss.type) "Category"
    loss_type sel(availability=Availability|performance=Performance|quality=Quality|productive=Productive) =loss_id.loss_type "Effectiveness Category"
    manual bool "Is a Blocking Reason"
    sequence int`,
  'mrp.bom': `
    code char "Reference"
    active bool
    type sel(normal=Manufacture this product|phantom=Kit) ! "BoM Type"
    product_tmpl_id m2o(product.template) ! "Product"
    product_id m2o(product.product) "Product Variant"
    product_qty float ! "Quantity"
    product_uom_id m2o(uom.uom) ! "Unit of Measure"
    sequence int
    company_id m2o(res.company)
    picking_type_id m2o(stock.picking.type) "Operation Type"
    produce_delay int "Manufacturing Lead Time"
    days_to_prepare_mo int "Days to prepare Manufacturing Order"
    consumption sel(flexible=Allowed|warning=Allowed with warning|strict=Blocked) ! "Flexible Consumption"
    ready_to_produce sel(all_available= When all components are available|asap=When components for 1st operation are available) ! "Manufacturing Readiness"
    allow_operation_dependencies bool "Operation Dependencies"
    bom_line_ids o2m(mrp.bom.line/bom_id) "BoM Lines"
    byproduct_ids o2m(mrp.bom.byproduct/bom_id) "By-products"
    operation_ids o2m(mrp.routing.workcenter/bom_id) "Operations"`,
  'mrp.bom.line': `
    bom_id m2o(mrp.bom) ! "Parent BoM"
    product_id m2o(product.product) ! "Component"
    product_tmpl_id m2o(product.template) < =product_id.product_tmpl_id "Product Template"
    product_qty float ! "Quantity"
    product_uom_id m2o(uom.uom) ! "Product Unit of Measure"
    operation_id m2o(mrp.routing.workcenter) "Consumed in Operation"
    bom_product_template_attribute_value_ids m2m(product.template.attribute.value) "Apply on Variants"
    sequence int
    company_id m2o(res.company) < =bom_id.company_id
    manual_consumption bool
    child_bom_id m2o(mrp.bom) ~ < "Sub BoM"`,
  'mrp.bom.byproduct': `
    bom_id m2o(mrp.bom) "BoM"
    product_id m2o(product.product) ! "By-product"
    product_qty float ! "Quantity"
    product_uom_id m2o(uom.uom) ! "Unit of Measure"
    operation_id m2o(mrp.routing.workcenter) "Produced in Operation"
    bom_product_template_attribute_value_ids m2m(product.template.attribute.value) "Apply on Variants"
    cost_share float "Cost Share (%)"
    company_id m2o(res.company) < =bom_id.company_id
    sequence int`,
  'mrp.routing.workcenter': `
    name char ! "Operation"
    active bool
    bom_id m2o(mrp.bom) ! "Bill of Material"
    workcenter_id m2o(mrp.workcenter) ! "Work Center"
    sequence int
    time_mode sel(auto=Compute based on tracked time|manual=Set duration manually) "Duration Computation"
    time_mode_batch int "Based on"
    time_computed_on char ~ < "Computed on last"
    time_cycle_manual float "Manual Duration"
    time_cycle float ~ < "Duration"
    company_id m2o(res.company) ~ < =bom_id.company_id
    blocked_by_operation_ids m2m(mrp.routing.workcenter) "Blocked By"
    needed_by_operation_ids m2m(mrp.routing.workcenter) "Blocks"
    bom_product_template_attribute_value_ids m2m(product.template.attribute.value) "Apply on Variants"
    allow_operation_dependencies bool ~ < =bom_id.allow_operation_dependencies "Operation Dependencies"
    workorder_ids o2m(mrp.workorder/operation_id) "Work Orders"`,
  'mrp.production': `
    name char < "Reference"
    state sel(draft=Draft|confirmed=Confirmed|progress=In Progress|to_close=To Close|done=Done|cancel=Cancelled) <
    product_id m2o(product.product) !
    product_tmpl_id m2o(product.template) ~ < =product_id.product_tmpl_id "Product Template"
    product_qty float ! "Quantity To Produce"
    product_uom_qty float < "Total Quantity"
    product_uom_id m2o(uom.uom) ! "Product Unit of Measure"
    qty_producing float "Quantity Producing"
    qty_produced float ~ < "Quantity Produced"
    bom_id m2o(mrp.bom) "Bill of Material"
    picking_type_id m2o(stock.picking.type) ! "Operation Type"
    warehouse_id m2o(stock.warehouse) ~ < =location_src_id.warehouse_id
    location_src_id m2o(stock.location) ! "Components Location"
    location_dest_id m2o(stock.location) ! "Finished Products Location"
    production_location_id m2o(stock.location) <
    company_id m2o(res.company) !
    date_start datetime ! "Start"
    date_finished datetime < "End"
    date_deadline datetime < "Deadline"
    priority sel(0=Normal|1=Urgent)
    procurement_group_id m2o(procurement.group)
    origin char "Source"
    user_id m2o(res.users) "Responsible"
    lot_producing_id m2o(stock.lot) "Lot/Serial Number"
    move_raw_ids o2m(stock.move/raw_material_production_id) "Components"
    move_finished_ids o2m(stock.move/production_id) "Finished Products"
    move_byproduct_ids o2m(stock.move) ~
    all_move_raw_ids o2m(stock.move/raw_material_production_id)
    all_move_ids o2m(stock.move/production_id)
    move_dest_ids o2m(stock.move/created_production_id) "Stock Movements of Produced Goods"
    workorder_ids o2m(mrp.workorder/production_id) "Work Orders"
    reservation_state sel(confirmed=Waiting|assigned=Ready|waiting=Waiting Another Operation) < "MO Readiness"
    components_availability char ~ < "Component Status"
    components_availability_state sel(available=Available|expected=Expected|late=Late|unavailable=Not Available) ~ <
    consumption sel(flexible=Allowed|warning=Allowed with warning|strict=Blocked) ! <
    is_planned bool < "Its Operations are Planned"
    is_locked bool
    is_outdated_bom bool "Outdated BoM"
    orderpoint_id m2o(stock.warehouse.orderpoint)
    propagate_cancel bool "Propagate cancel and split"
    backorder_sequence int
    allow_workorder_dependencies bool "Allow Work Order Dependencies"
    extra_cost float "Extra Unit Cost"
    product_description_variants char "Custom Description"
    duration_expected float ~ < "Expected Duration"
    duration float ~ < "Real Duration"`,
  'mrp.workorder': `
    name char ! "Work Order"
    barcode char <
    production_id m2o(mrp.production) ! < "Manufacturing Order"
    operation_id m2o(mrp.routing.workcenter)
    workcenter_id m2o(mrp.workcenter) ! "Work Center"
    product_id m2o(product.product) < =production_id.product_id
    product_uom_id m2o(uom.uom) ! < "Unit of Measure"
    company_id m2o(res.company) ~ < =production_id.company_id
    state sel(pending=Waiting for another WO|waiting=Waiting for components|ready=Ready|progress=In Progress|done=Finished|cancel=Cancelled) < "Status"
    working_state sel(normal=Normal|blocked=Blocked|done=In Progress) ~ < =workcenter_id.working_state "Workcenter Status"
    production_state sel(draft=Draft|confirmed=Confirmed|progress=In Progress|to_close=To Close|done=Done|cancel=Cancelled) ~ < =production_id.state
    production_availability sel(confirmed=Waiting|assigned=Ready|waiting=Waiting Another Operation) < =production_id.reservation_state "Stock Availability"
    production_date datetime < =production_id.date_start
    duration_expected float "Expected Duration"
    duration float "Real Duration"
    duration_unit float < "Duration Per Unit"
    duration_percent int < "Duration Deviation (%)"
    qty_production float ~ < =production_id.product_qty "Original Production Quantity"
    qty_produced float < "Quantity"
    qty_remaining float ~ < "Quantity To Be Produced"
    qty_producing float ~ "Currently Produced Quantity"
    date_start datetime "Start"
    date_finished datetime "End"
    leave_id m2o(resource.calendar.leaves)
    blocked_by_workorder_ids m2m(mrp.workorder) "Blocked By"
    needed_by_workorder_ids m2m(mrp.workorder) "Blocks"
    time_ids o2m(mrp.workcenter.productivity/workorder_id)
    move_raw_ids o2m(stock.move/workorder_id) "Raw Moves"
    move_finished_ids o2m(stock.move/workorder_id) "Finished Moves"
    move_line_ids o2m(stock.move.line/workorder_id) "Moves to Track"
    costs_hour float "Cost per hour"
    is_user_working bool ~ < "Is the Current User Working"
    progress float ~ < "Progress Done (%)"
    production_bom_id m2o(mrp.bom) ~ < =production_id.bom_id "Bill of Material"
    qty_reported_from_previous_wo float "Carried Quantity"`,
  'mrp.unbuild': `
    name char < "Reference"
    state sel(draft=Draft|done=Done) "Status"
    product_id m2o(product.product) !
    product_qty float ! "Quantity"
    product_uom_id m2o(uom.uom) ! "Unit of Measure"
    bom_id m2o(mrp.bom) "Bill of Material"
    mo_id m2o(mrp.production) "Manufacturing Order"
    company_id m2o(res.company) !
    location_id m2o(stock.location) ! "Source Location"
    location_dest_id m2o(stock.location) ! "Destination Location"
    lot_id m2o(stock.lot) "Lot/Serial Number"`,
};
