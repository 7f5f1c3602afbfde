// Fields of a plain Odoo 17: products, variants, vendor prices. The notation is explained at `parseField`.

import type { CompactSchema } from './build.ts';

export const PRODUCT_FIELDS: CompactSchema = {
  'product.category': `
    name char !
    complete_name char <
    parent_id m2o(product.category) "Parent Category"
    child_id o2m(product.category/parent_id) "Child Categories"
    route_ids m2m(stock.route) "Routes"
    removal_strategy_id m2o(product.removal) "Force Removal Strategy"
    property_cost_method sel(standard=Standard Price|fifo=First In First Out FIFO|average=Average Cost AVCO) ! ~ ^ "Costing Method"
    property_valuation sel(manual_periodic=Manual|real_time=Automated) ! ~ ^ "Inventory Valuation"`,
  'product.template': `
    name char !
    active bool
    default_code char "Internal Reference"
    barcode char ~
    type sel(consu=Consumable|service=Service|product=Storable Product)
    detailed_type sel(consu=Consumable|service=Service|product=Storable Product) ! "Product Type"
    categ_id m2o(product.category) ! "Product Category"
    list_price float "Sales Price"
    standard_price float ~ "Cost"
    uom_id m2o(uom.uom) ! "Unit of Measure"
    uom_po_id m2o(uom.uom) ! "Purchase UoM"
    sale_ok bool "Can be Sold"
    purchase_ok bool "Can be Purchased"
    sale_delay int "Customer Lead Time"
    company_id m2o(res.company)
    currency_id m2o(res.currency) ~ <
    tracking sel(serial=By Unique Serial Number|lot=By Lots|none=No Tracking) !
    route_ids m2m(stock.route) "Routes"
    product_variant_ids o2m(product.product/product_tmpl_id) ! "Products"
    product_variant_id m2o(product.product) ~ < "Product"
    product_variant_count int ~ < "# Product Variants"
    attribute_line_ids o2m(product.template.attribute.line/product_tmpl_id) "Product Attributes"
    seller_ids o2m(product.supplierinfo/product_tmpl_id) "Vendors"
    bom_ids o2m(mrp.bom/product_tmpl_id) "Bill of Materials"
    weight float
    volume float
    description html
    description_sale text "Sales Description"
    description_purchase text "Purchase Description"
    qty_available float ~ < "Quantity On Hand"
    virtual_available float ~ < "Forecasted Quantity"
    incoming_qty float ~ < "Incoming"
    outgoing_qty float ~ < "Outgoing"
    sequence int
    priority sel(0=Normal|1=Favorite) "Favorite"
    invoice_policy sel(order=Ordered quantities|delivery=Delivered quantities) "Invoicing Policy"
    purchase_method sel(purchase=On ordered quantities|receive=On received quantities) "Control Policy"
    taxes_id m2m(account.tax) "Customer Taxes"
    supplier_taxes_id m2m(account.tax) "Vendor Taxes"
    service_type sel(manual=Manually set quantities on order) "Track Service"
    product_tag_ids m2m(product.tag) "Product Template Tags"
    is_product_variant bool ~ < "Is a product variant"
    color int "Color Index"`,
  'product.product': `
    name char ! ~ =product_tmpl_id.name
    active bool
    default_code char "Internal Reference"
    code char ~ < "Reference"
    barcode char
    product_tmpl_id m2o(product.template) ! "Product Template"
    type sel(consu=Consumable|service=Service|product=Storable Product) ~ =product_tmpl_id.type
    detailed_type sel(consu=Consumable|service=Service|product=Storable Product) ! ~ =product_tmpl_id.detailed_type "Product Type"
    categ_id m2o(product.category) ! ~ =product_tmpl_id.categ_id "Product Category"
    list_price float ~ =product_tmpl_id.list_price "Sales Price"
    lst_price float ~ "Sales Price"
    price_extra float ~ < "Variant Price Extra"
    standard_price float ~ ^ "Cost"
    uom_id m2o(uom.uom) ! ~ =product_tmpl_id.uom_id "Unit of Measure"
    uom_name char ~ < =product_tmpl_id.uom_name "Unit of Measure Name"
    uom_po_id m2o(uom.uom) ! ~ =product_tmpl_id.uom_po_id "Purchase UoM"
    sale_ok bool ~ =product_tmpl_id.sale_ok "Can be Sold"
    purchase_ok bool ~ =product_tmpl_id.purchase_ok "Can be Purchased"
    sale_delay int ~ =product_tmpl_id.sale_delay "Customer Lead Time"
    company_id m2o(res.company) ~ =product_tmpl_id.company_id
    currency_id m2o(res.currency) ~ < =product_tmpl_id.currency_id
    tracking sel(serial=By Unique Serial Number|lot=By Lots|none=No Tracking) ! ~ =product_tmpl_id.tracking
    route_ids m2m(stock.route) ~ =product_tmpl_id.route_ids "Routes"
    product_template_attribute_value_ids m2m(product.template.attribute.value) "Attribute Values"
    product_template_variant_value_ids m2m(product.template.attribute.value) "Variant Values"
    combination_indices char <
    seller_ids o2m(product.supplierinfo) ~ =product_tmpl_id.seller_ids "Vendors"
    variant_seller_ids o2m(product.supplierinfo/product_id) ~ =product_tmpl_id.variant_seller_ids
    bom_ids o2m(mrp.bom) ~ =product_tmpl_id.bom_ids "Bill of Materials"
    variant_bom_ids o2m(mrp.bom/product_id) "BOM Product Variants"
    bom_line_ids o2m(mrp.bom.line/product_id) "BoM Components"
    orderpoint_ids o2m(stock.warehouse.orderpoint/product_id) "Minimum Stock Rules"
    weight float
    volume float
    description html ~ =product_tmpl_id.description
    description_sale text ~ =product_tmpl_id.description_sale "Sales Description"
    description_purchase text ~ =product_tmpl_id.description_purchase "Purchase Description"
    qty_available float ~ < "Quantity On Hand"
    free_qty float ~ < "Free To Use Quantity "
    virtual_available float ~ < "Forecasted Quantity"
    incoming_qty float ~ < "Incoming"
    outgoing_qty float ~ < "Outgoing"
    priority sel(0=Normal|1=Favorite) ~ =product_tmpl_id.priority "Favorite"
    invoice_policy sel(order=Ordered quantities|delivery=Delivered quantities) ~ =product_tmpl_id.invoice_policy "Invoicing Policy"
    purchase_method sel(purchase=On ordered quantities|receive=On received quantities) ~ =product_tmpl_id.purchase_method "Control Policy"
    taxes_id m2m(account.tax) ~ =product_tmpl_id.taxes_id "Customer Taxes"
    supplier_taxes_id m2m(account.tax) ~ =product_tmpl_id.supplier_taxes_id "Vendor Taxes"
    product_tag_ids m2m(product.tag) ~ =product_tmpl_id.product_tag_ids "Product Template Tags"
    warehouse_id m2o(stock.warehouse) ~ =product_tmpl_id.warehouse_id
    product_variant_count int ~ < =product_tmpl_id.product_variant_count "# Product Variants"`,
  'product.attribute': `
    name char ! "Attribute"
    create_variant sel(always=Instantly|dynamic=Dynamically|no_variant=Never option) ! "Variants Creation Mode"
    display_type sel(radio=Radio|pills=Pills|select=Select|color=Color|multi=Multi-checkbox option) !
    sequence int
    value_ids o2m(product.attribute.value/attribute_id) "Values"`,
  'product.attribute.value': `
    name char ! "Value"
    attribute_id m2o(product.attribute) !
    sequence int
    default_extra_price float
    color int "Color Index"`,
  'product.template.attribute.line': `
    active bool
    product_tmpl_id m2o(product.template) ! "Product Template"
    attribute_id m2o(product.attribute) !
    value_ids m2m(product.attribute.value) "Values"
    product_template_value_ids o2m(product.template.attribute.value/attribute_line_id) "Product Attribute Values"
    sequence int
    value_count int <`,
  'product.template.attribute.value': `
    name char ~ < =product_attribute_value_id.name "Value"
    ptav_active bool "Active"
    attribute_id m2o(product.attribute) < =attribute_line_id.attribute_id
    attribute_line_id m2o(product.template.attribute.line) !
    product_attribute_value_id m2o(product.attribute.value) ! "Attribute Value"
    product_tmpl_id m2o(product.template) < =attribute_line_id.product_tmpl_id "Product Template"
    price_extra float "Value Price Extra"
    exclude_for o2m(product.template.attribute.exclusion/product_template_attribute_value_id) "Exclude for"`,
  'product.tag': `
    name char !
    color char
    product_ids m2m(product.product) ~ < "All Product Variants using this Tag"
    product_template_ids m2m(product.template) "Product Templates"`,
  'product.supplierinfo': `
    partner_id m2o(res.partner) ! "Vendor"
    product_tmpl_id m2o(product.template) "Product Template"
    product_id m2o(product.product) "Product Variant"
    product_name char "Vendor Product Name"
    product_code char "Vendor Product Code"
    product_uom m2o(uom.uom) ~ < =product_tmpl_id.uom_po_id "Unit of Measure"
    company_id m2o(res.company)
    currency_id m2o(res.currency) !
    sequence int
    delay int ! "Delivery Lead Time"
    min_qty float ! "Quantity"
    price float !
    discount float "Discount (%)"
    date_start date "Start Date"
    date_end date "End Date"`,
  'product.pricelist': `
    name char ! "Pricelist Name"
    active bool
    company_id m2o(res.company)
    currency_id m2o(res.currency) !
    sequence int
    item_ids o2m(product.pricelist.item/pricelist_id) "Pricelist Rules"`,
  'product.packaging': `
    name char ! "Product Packaging"
    product_id m2o(product.product) !
    qty float "Contained Quantity"
    product_uom_id m2o(uom.uom) ~ < =product_id.uom_id "Unit of Measure"
    company_id m2o(res.company)
    barcode char
    sequence int
    sales bool
    purchase bool`,
};
