// Fields of a plain Odoo 17: purchase orders. The notation is explained at `parseField`.

import type { CompactSchema } from './build.ts';

export const PURCHASE_FIELDS: CompactSchema = {
  'purchase.order': `
    name char ! "Order Reference"
    state sel(draft=RFQ|sent=RFQ Sent|to approve=To Approve|purchase=Purchase Order|done=Locked|cancel=Cancelled) < "Status"
    partner_id m2o(res.partner) ! "Vendor"
    partner_ref char "Vendor Reference"
    origin char "Source Document"
    date_order datetime ! "Order Deadline"
    date_approve datetime < "Confirmation Date"
    date_planned datetime "Expected Arrival"
    date_calendar_start datetime <
    effective_date datetime < "Arrival"
    company_id m2o(res.company) !
    currency_id m2o(res.currency) !
    payment_term_id m2o(account.payment.term) "Payment Terms"
    user_id m2o(res.users) "Buyer"
    picking_type_id m2o(stock.picking.type) ! "Deliver To"
    picking_ids m2m(stock.picking) < "Receptions"
    receipt_status sel(pending=Not Received|partial=Partially Received|full=Fully Received) <
    order_line o2m(purchase.order.line/order_id) "Order Lines"
    amount_untaxed monetary < "Untaxed Amount"
    amount_tax monetary < "Taxes"
    amount_total monetary < "Total"
    priority sel(0=Normal|1=Urgent)
    dest_address_id m2o(res.partner) "Dropship Address"
    group_id m2o(procurement.group) "Procurement Group"
    notes html "Terms and Conditions"
    currency_rate float <
    incoming_picking_count int ~ < "Incoming Shipment count"`,
  'purchase.order.line': `
    order_id m2o(purchase.order) ! "Order Reference"
    partner_id m2o(res.partner) < =order_id.partner_id
    company_id m2o(res.company) < =order_id.company_id
    currency_id m2o(res.currency) < =order_id.currency_id
    state sel(draft=RFQ|sent=RFQ Sent|to approve=To Approve|purchase=Purchase Order|done=Locked|cancel=Cancelled) < =order_id.state "Status"
    sequence int
    name text ! "Description"
    display_type sel(line_section=Section|line_note=Note)
    product_id m2o(product.product)
    product_uom m2o(uom.uom) "Unit of Measure"
    product_uom_category_id m2o(uom.category) ~ < =product_id.uom_id.category_id "Category"
    product_qty float ! "Quantity"
    product_uom_qty float < "Total Quantity"
    qty_received float "Received Qty"
    qty_received_manual float "Manual Received Qty"
    qty_received_method sel(manual=Manual|stock_moves=Stock Moves) < "Received Qty Method"
    qty_invoiced float <
    qty_to_invoice float <
    price_unit float ! "Unit Price"
    discount float "Discount (%)"
    taxes_id m2m(account.tax)
    price_subtotal monetary < "Subtotal"
    price_tax float < "Tax"
    price_total monetary < "Total"
    date_planned datetime "Expected Arrival"
    date_order datetime ~ < =order_id.date_order "Order Date"
    date_approve datetime ~ < =order_id.date_approve "Confirmation Date"
    move_ids o2m(stock.move/purchase_line_id) < "Reservation"
    move_dest_ids m2m(stock.move) "Downstream moves alt"
    orderpoint_id m2o(stock.warehouse.orderpoint)
    group_id m2o(procurement.group)
    propagate_cancel bool "Propagate cancellation"
    product_packaging_id m2o(product.packaging) "Packaging"
    product_packaging_qty float "Packaging Quantity"
    sale_order_id m2o(sale.order) < =sale_line_id.order_id
    sale_line_id m2o(sale.order.line) "Origin Sale Item"
    product_description_variants char "Custom Description"`,
};
