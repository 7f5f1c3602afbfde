// Fields of a plain Odoo 17: sales orders. The notation is explained at `parseField`.

import type { CompactSchema } from './build.ts';

export const SALE_FIELDS: CompactSchema = {
  'sale.order': `
    name char ! "Order Reference"
    state sel(draft=Quotation|sent=Quotation Sent|sale=Sales Order|cancel=Cancelled) < "Status"
    partner_id m2o(res.partner) ! "Customer"
    partner_invoice_id m2o(res.partner) ! "Invoice Address"
    partner_shipping_id m2o(res.partner) ! "Delivery Address"
    client_order_ref char "Customer Reference"
    origin char "Source Document"
    date_order datetime ! "Order Date"
    commitment_date datetime "Delivery Date"
    expected_date datetime ~ <
    validity_date date "Expiration"
    effective_date datetime <
    company_id m2o(res.company) !
    currency_id m2o(res.currency) <
    pricelist_id m2o(product.pricelist)
    payment_term_id m2o(account.payment.term) "Payment Terms"
    user_id m2o(res.users) "Salesperson"
    team_id m2o(crm.team) "Sales Team"
    warehouse_id m2o(stock.warehouse) !
    picking_policy sel(direct=As soon as possible|one=When all products are ready) ! "Shipping Policy"
    picking_ids o2m(stock.picking/sale_id) "Transfers"
    delivery_status sel(pending=Not Delivered|started=Started|partial=Partially Delivered|full=Fully Delivered) <
    delivery_count int ~ < "Delivery Orders"
    procurement_group_id m2o(procurement.group)
    order_line o2m(sale.order.line/order_id) "Order Lines"
    amount_untaxed monetary < "Untaxed Amount"
    amount_tax monetary < "Taxes"
    amount_total monetary < "Total"
    locked bool
    tag_ids m2m(crm.tag) "Tags"
    invoice_status sel(upselling=Upselling Opportunity|invoiced=Fully Invoiced|to invoice=To Invoice|no=Nothing to Invoice) <
    note html "Terms and conditions"
    currency_rate float <`,
  'sale.order.line': `
    order_id m2o(sale.order) ! "Order Reference"
    order_partner_id m2o(res.partner) < =order_id.partner_id "Customer"
    company_id m2o(res.company) < =order_id.company_id
    currency_id m2o(res.currency) < =order_id.currency_id
    salesman_id m2o(res.users) < =order_id.user_id "Salesperson"
    state sel(draft=Quotation|sent=Quotation Sent|sale=Sales Order|cancel=Cancelled) < =order_id.state "Order Status"
    sequence int
    name text ! "Description"
    display_type sel(line_section=Section|line_note=Note)
    product_id m2o(product.product)
    product_template_id m2o(product.template) ~
    product_uom m2o(uom.uom) "Unit of Measure"
    product_uom_category_id m2o(uom.category) ~ < =product_id.uom_id.category_id "Category"
    product_uom_qty float ! "Quantity"
    qty_delivered float "Delivery Quantity"
    qty_delivered_method sel(manual=Manual|analytic=Analytic From Expenses|stock_move=Stock Moves) < "Method to update delivered qty"
    qty_to_deliver float ~ <
    qty_invoiced float <
    qty_to_invoice float <
    price_unit float ! "Unit Price"
    discount float "Discount (%)"
    tax_id m2m(account.tax) "Taxes"
    price_subtotal monetary < "Subtotal"
    price_tax float < "Total Tax"
    price_total monetary < "Total"
    price_reduce_taxexcl monetary < "Price Reduce Tax excl"
    customer_lead float ! "Lead Time"
    route_id m2o(stock.route)
    warehouse_id m2o(stock.warehouse) ~ < =order_id.warehouse_id
    move_ids o2m(stock.move/sale_line_id) "Stock Moves"
    product_packaging_id m2o(product.packaging) "Packaging"
    product_packaging_qty float "Packaging Quantity"
    is_downpayment bool "Is a down payment"
    is_expense bool "Is expense"
    invoice_status sel(upselling=Upselling Opportunity|invoiced=Fully Invoiced|to invoice=To Invoice|no=Nothing to Invoice) <
    scheduled_date datetime ~ <
    free_qty_today float ~ <
    virtual_available_at_date float ~ <
    qty_available_today float ~ <
    purchase_line_ids o2m(purchase.order.line/sale_line_id) < "Generated Purchase Lines"
    product_no_variant_attribute_value_ids m2m(product.template.attribute.value) "Extra Values"
    product_type sel(consu=Consumable|service=Service|product=Storable Product) ~ < =product_id.detailed_type`,
};
