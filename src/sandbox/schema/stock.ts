// Fields of a plain Odoo 17: warehouses, moves, transfers, stock. The notation is explained at `parseField`.

import type { CompactSchema } from './build.ts';

export const STOCK_FIELDS: CompactSchema = {
  'stock.warehouse': `
    name char ! "Warehouse"
    code char ! "Short Name"
    active bool
    company_id m2o(res.company) ! <
    partner_id m2o(res.partner) "Address"
    sequence int
    view_location_id m2o(stock.location) !
    lot_stock_id m2o(stock.location) ! "Location Stock"
    wh_input_stock_loc_id m2o(stock.location) "Input Location"
    wh_qc_stock_loc_id m2o(stock.location) "Quality Control Location"
    wh_output_stock_loc_id m2o(stock.location) "Output Location"
    wh_pack_stock_loc_id m2o(stock.location) "Packing Location"
    route_ids m2m(stock.route) "Routes"
    reception_steps sel(one_step=Receive goods directly 1 step|two_steps=Receive goods in input and then stock 2 steps|three_steps=Receive goods in input, then quality and then stock 3 steps) ! "Incoming Shipments"
    delivery_steps sel(ship_only=Deliver goods directly 1 step|pick_ship=Send goods in output and then deliver 2 steps|pick_pack_ship=Pack goods, send goods in output and then deliver 3 steps) ! "Outgoing Shipments"
    reception_route_id m2o(stock.route) "Receipt Route"
    delivery_route_id m2o(stock.route)
    mto_pull_id m2o(stock.rule) "MTO rule"
    manufacture_pull_id m2o(stock.rule) "Manufacture Rule"
    manufacture_mto_pull_id m2o(stock.rule) "Manufacture MTO Rule"
    manufacture_to_resupply bool "Manufacture to Resupply"
    manufacture_steps sel(mrp_one_step=Manufacture 1 step|pbm=Pick components and then manufacture 2 steps|pbm_sam=Pick components, manufacture and then store products 3 steps) ! "Manufacture"
    buy_pull_id m2o(stock.rule) "Buy rule"
    buy_to_resupply bool "Buy to Resupply"
    pick_type_id m2o(stock.picking.type)
    pack_type_id m2o(stock.picking.type)
    out_type_id m2o(stock.picking.type)
    in_type_id m2o(stock.picking.type)
    int_type_id m2o(stock.picking.type) "Internal Type"
    manu_type_id m2o(stock.picking.type) "Manufacturing Operation Type"
    resupply_wh_ids m2m(stock.warehouse) "Resupply From"
    resupply_route_ids o2m(stock.route/supplied_wh_id) "Resupply Routes"
    sam_loc_id m2o(stock.location) "Stock after Manufacturing Location"
    pbm_loc_id m2o(stock.location) "Picking before Manufacturing Location"`,
  'stock.location': `
    name char ! "Location Name"
    complete_name char < "Full Location Name"
    active bool
    usage sel(supplier=Vendor Location|view=View|internal=Internal Location|customer=Customer Location|inventory=Inventory Loss|production=Production|transit=Transit Location) ! "Location Type"
    location_id m2o(stock.location) "Parent Location"
    child_ids o2m(stock.location/location_id) "Contains"
    company_id m2o(res.company)
    scrap_location bool "Is a Scrap Location?"
    return_location bool "Is a Return Location?"
    replenish_location bool
    warehouse_id m2o(stock.warehouse) <
    barcode char`,
  'stock.picking.type': `
    name char ! "Operation Type"
    code sel(incoming=Receipt|outgoing=Delivery|internal=Internal Transfer|mrp_operation=Manufacturing) ! "Type of Operation"
    sequence_code char ! "Sequence Prefix"
    sequence_id m2o(ir.sequence) "Reference Sequence"
    sequence int
    active bool
    warehouse_id m2o(stock.warehouse)
    company_id m2o(res.company) !
    default_location_src_id m2o(stock.location) "Default Source Location"
    default_location_dest_id m2o(stock.location) "Default Destination Location"
    return_picking_type_id m2o(stock.picking.type) "Operation Type for Returns"
    reservation_method sel(at_confirm=At Confirmation|manual=Manually|by_date=Before scheduled date) !
    create_backorder sel(ask=Ask|always=Always|never=Never) !
    use_create_lots bool "Create New Lots/Serial Numbers"
    use_existing_lots bool "Use Existing Lots/Serial Numbers"
    barcode char
    color int`,
  'stock.route': `
    name char ! "Route"
    active bool
    company_id m2o(res.company)
    sequence int
    product_selectable bool "Applicable on Product"
    product_categ_selectable bool "Applicable on Product Category"
    warehouse_selectable bool "Applicable on Warehouse"
    sale_selectable bool "Selectable on Sales Order Line"
    warehouse_ids m2m(stock.warehouse) "Warehouses"
    product_ids m2m(product.template) "Products"
    categ_ids m2m(product.category) "Product Categories"
    rule_ids o2m(stock.rule/route_id) "Rules"
    supplied_wh_id m2o(stock.warehouse) "Supplied Warehouse"
    supplier_wh_id m2o(stock.warehouse) "Supplying Warehouse"`,
  'stock.rule': `
    name char !
    active bool
    action sel(pull=Pull From|push=Push To|pull_push=Pull & Push|manufacture=Manufacture|buy=Buy) !
    procure_method sel(make_to_stock=Take From Stock|make_to_order=Trigger Another Rule|mts_else_mto=Take From Stock, if unavailable, Trigger Another Rule) ! "Supply Method"
    location_src_id m2o(stock.location) "Source Location"
    location_dest_id m2o(stock.location) ! "Destination Location"
    route_id m2o(stock.route) !
    picking_type_id m2o(stock.picking.type) ! "Operation Type"
    warehouse_id m2o(stock.warehouse)
    company_id m2o(res.company)
    delay int "Lead Time"
    auto sel(manual=Manual Operation|transparent=Automatic No Step Added) ! "Automatic Move"
    group_propagation_option sel(none=Leave Empty|propagate=Propagate|fixed=Fixed) "Propagation of Procurement Group"
    partner_address_id m2o(res.partner)
    propagate_cancel bool "Cancel Next Move"
    propagate_carrier bool "Propagation of carrier"
    propagate_warehouse_id m2o(stock.warehouse) "Warehouse to Propagate"
    sequence int
    route_sequence int < =route_id.sequence
    group_id m2o(procurement.group) "Fixed Procurement Group"`,
  'stock.move': `
    name char ! "Description"
    state sel(draft=New|waiting=Waiting Another Move|confirmed=Waiting Availability|partially_available=Partially Available|assigned=Available|done=Done|cancel=Cancelled) < "Status"
    product_id m2o(product.product) !
    product_tmpl_id m2o(product.template) ~ < =product_id.product_tmpl_id "Product Template"
    product_uom m2o(uom.uom) ! "UoM"
    product_uom_qty float ! "Demand"
    product_qty float "Real Quantity"
    quantity float
    picked bool
    date datetime ! "Date Scheduled"
    date_deadline datetime < "Deadline"
    location_id m2o(stock.location) ! "Source Location"
    location_dest_id m2o(stock.location) ! "Destination Location"
    location_usage sel(supplier=Vendor Location|view=View|internal=Internal Location|customer=Customer Location|inventory=Inventory Loss|production=Production|transit=Transit Location) ~ < =location_id.usage "Source Location Type"
    location_dest_usage sel(supplier=Vendor Location|view=View|internal=Internal Location|customer=Customer Location|inventory=Inventory Loss|production=Production|transit=Transit Location) ~ < =location_dest_id.usage "Destination Location Type"
    picking_id m2o(stock.picking) "Transfer"
    picking_type_id m2o(stock.picking.type) "Operation Type"
    picking_code sel(incoming=Receipt|outgoing=Delivery|internal=Internal Transfer|mrp_operation=Manufacturing) ~ < =picking_id.picking_type_id.code "Type of Operation"
    partner_id m2o(res.partner) "Destination Address "
    company_id m2o(res.company) !
    group_id m2o(procurement.group) "Procurement Group"
    rule_id m2o(stock.rule) "Stock Rule"
    route_ids m2m(stock.route) "Destination route"
    procure_method sel(make_to_stock=Default: Take From Stock|make_to_order=Advanced: Apply Procurement Rules) ! "Supply Method"
    move_orig_ids m2m(stock.move) "Original Move"
    move_dest_ids m2m(stock.move) "Destination Moves"
    move_line_ids o2m(stock.move.line/move_id)
    origin char "Source Document"
    reference char <
    priority sel(0=Normal|1=Urgent) <
    sequence int
    sale_line_id m2o(sale.order.line)
    purchase_line_id m2o(purchase.order.line) < "Purchase Order Line"
    created_purchase_line_ids m2m(purchase.order.line) "Created Purchase Order Lines"
    raw_material_production_id m2o(mrp.production) "Production Order for components"
    production_id m2o(mrp.production) "Production Order for finished products"
    created_production_id m2o(mrp.production) "Created Production Order"
    workorder_id m2o(mrp.workorder) "Work Order To Consume"
    operation_id m2o(mrp.routing.workcenter) "Operation To Consume"
    bom_line_id m2o(mrp.bom.line) "BoM Line"
    byproduct_id m2o(mrp.bom.byproduct) "By-products"
    unit_factor float <
    cost_share float "Cost Share (%)"
    manual_consumption bool <
    scrapped bool < =location_dest_id.scrap_location
    is_inventory bool "Inventory"
    propagate_cancel bool "Propagate cancel and split"
    warehouse_id m2o(stock.warehouse)
    origin_returned_move_id m2o(stock.move) "Origin return move"
    returned_move_ids o2m(stock.move/origin_returned_move_id) "All returned moves"
    orderpoint_id m2o(stock.warehouse.orderpoint) "Original Reordering Rule"
    price_unit float "Unit Price"
    description_picking text "Description of Picking"
    additional bool "Whether the move was added after the picking's confirmation"
    forecast_availability float ~ <
    forecast_expected_date datetime ~ < "Forecasted Expected date"
    is_done bool < "Done"
    to_refund bool "Update quantities on SO/PO"
    reservation_date date < "Date to Reserve"`,
  'stock.move.line': `
    move_id m2o(stock.move) "Stock Operation"
    picking_id m2o(stock.picking) "Transfer"
    product_id m2o(product.product)
    product_uom_id m2o(uom.uom) ! "Unit of Measure"
    quantity float
    quantity_product_uom float < "Quantity in Product UoM"
    picked bool
    lot_id m2o(stock.lot) "Lot/Serial Number"
    lot_name char "Lot/Serial Number Name"
    package_id m2o(stock.quant.package) "Source Package"
    result_package_id m2o(stock.quant.package) "Destination Package"
    owner_id m2o(res.partner) "From Owner"
    location_id m2o(stock.location) ! "From"
    location_dest_id m2o(stock.location) ! "To"
    date datetime !
    state sel(draft=New|waiting=Waiting Another Move|confirmed=Waiting Availability|partially_available=Partially Available|assigned=Available|done=Done|cancel=Cancelled) < =move_id.state "Status"
    reference char =move_id.reference
    company_id m2o(res.company) ! <
    workorder_id m2o(mrp.workorder) "Work Order"
    production_id m2o(mrp.production) "Production Order"
    origin char ~ < =move_id.origin "Source"`,
  'stock.picking': `
    name char < "Reference"
    state sel(draft=Draft|waiting=Waiting Another Operation|confirmed=Waiting|assigned=Ready|done=Done|cancel=Cancelled) < "Status"
    partner_id m2o(res.partner) "Contact"
    origin char "Source Document"
    picking_type_id m2o(stock.picking.type) ! "Operation Type"
    picking_type_code sel(incoming=Receipt|outgoing=Delivery|internal=Internal Transfer|mrp_operation=Manufacturing) ~ < =picking_type_id.code "Type of Operation"
    location_id m2o(stock.location) ! "Source Location"
    location_dest_id m2o(stock.location) ! "Destination Location"
    move_ids o2m(stock.move/picking_id) "Stock Moves"
    move_ids_without_package o2m(stock.move/picking_id) "Stock move"
    move_line_ids o2m(stock.move.line/picking_id) "Operations"
    scheduled_date datetime
    date_deadline datetime < "Deadline"
    date datetime "Creation Date"
    date_done datetime < "Date of Transfer"
    priority sel(0=Normal|1=Urgent)
    company_id m2o(res.company) < =picking_type_id.company_id
    group_id m2o(procurement.group) < =move_ids.group_id "Procurement Group"
    sale_id m2o(sale.order) < =group_id.sale_id "Sales Order"
    purchase_id m2o(purchase.order) ~ < =move_ids.purchase_line_id.order_id "Purchase Orders"
    backorder_id m2o(stock.picking) < "Back Order of"
    backorder_ids o2m(stock.picking/backorder_id) "Back Orders"
    user_id m2o(res.users) "Responsible"
    owner_id m2o(res.partner) "Assign Owner"
    move_type sel(direct=As soon as possible|one=When all products are ready) ! "Shipping Policy"
    products_availability char ~ < "Product Availability"
    products_availability_state sel(available=Available|expected=Expected|late=Late) ~ <
    is_locked bool
    printed bool
    note html "Notes"
    return_id m2o(stock.picking) < "Return of"
    return_ids o2m(stock.picking/return_id) "Returns"
    has_deadline_issue bool < "Is late"`,
  'stock.quant': `
    product_id m2o(product.product) !
    product_tmpl_id m2o(product.template) ~ < =product_id.product_tmpl_id "Product Template"
    product_uom_id m2o(uom.uom) ~ < =product_id.uom_id "Unit of Measure"
    location_id m2o(stock.location) !
    warehouse_id m2o(stock.warehouse) ~ < =location_id.warehouse_id
    lot_id m2o(stock.lot) "Lot/Serial Number"
    package_id m2o(stock.quant.package)
    owner_id m2o(res.partner)
    quantity float <
    reserved_quantity float ! <
    available_quantity float ~ <
    in_date datetime ! < "Incoming Date"
    company_id m2o(res.company) < =location_id.company_id
    inventory_quantity float "Counted Quantity"
    inventory_date date "Scheduled Date"
    inventory_diff_quantity float < "Difference"`,
  'stock.quant.package': `
    name char ! "Package Reference"
    location_id m2o(stock.location) <
    company_id m2o(res.company) <
    quant_ids o2m(stock.quant/package_id) < "Bulk Content"`,
  'stock.lot': `
    name char ! "Lot/Serial Number"
    ref char "Internal Reference"
    product_id m2o(product.product) !
    product_uom_id m2o(uom.uom) < =product_id.uom_id "Unit of Measure"
    company_id m2o(res.company) !
    location_id m2o(stock.location)
    product_qty float ~ < "On Hand Quantity"
    quant_ids o2m(stock.quant/lot_id) < "Quants"`,
  'stock.warehouse.orderpoint': `
    name char ! <
    active bool
    product_id m2o(product.product) !
    product_tmpl_id m2o(product.template) ~ < =product_id.product_tmpl_id "Product Template"
    product_uom m2o(uom.uom) ~ < =product_id.uom_id "Unit of Measure"
    warehouse_id m2o(stock.warehouse) !
    location_id m2o(stock.location) !
    company_id m2o(res.company) !
    product_min_qty float ! "Min Quantity"
    product_max_qty float ! "Max Quantity"
    qty_multiple float ! "Multiple Quantity"
    trigger sel(auto=Auto|manual=Manual) !
    route_id m2o(stock.route)
    supplier_id m2o(product.supplierinfo) "Product Supplier"
    bom_id m2o(mrp.bom) "Bill of Materials"
    group_id m2o(procurement.group) "Procurement Group"
    snoozed_until date "Snoozed"
    qty_on_hand float ~ < "On Hand"
    qty_forecast float ~ < "Forecast"
    qty_to_order float "To Order"
    visibility_days float ~
    lead_days_date date ~ <
    days_to_order float ~ <`,
  'procurement.group': `
    name char ! "Reference"
    move_type sel(direct=Partial|one=All at once) ! "Delivery Type"
    partner_id m2o(res.partner)
    sale_id m2o(sale.order) "Sale Order"
    stock_move_ids o2m(stock.move/group_id) "Related Stock Moves"
    mrp_production_ids o2m(mrp.production/procurement_group_id)`,
};
