// Fields that the apps Point of Sale and Coupons & Loyalty bring to an Odoo 17, as far as automations of a shop read and write them.

import type { CompactSchema } from './build.ts';

export const SHOP_FIELDS: CompactSchema = {
  'loyalty.program': `
    name char ! "Program Name"
    active bool
    program_type sel(coupons=Coupons|gift_card=Gift Card|loyalty=Loyalty Cards|promotion=Promotions|ewallet=eWallet|promo_code=Discount Code|buy_x_get_y=Buy X Get Y|next_order_coupons=Next Order Coupons) !
    company_id m2o(res.company)`,
  'loyalty.card': `
    program_id m2o(loyalty.program)
    program_type sel(coupons=Coupons|gift_card=Gift Card|loyalty=Loyalty Cards|promotion=Promotions|ewallet=eWallet|promo_code=Discount Code|buy_x_get_y=Buy X Get Y|next_order_coupons=Next Order Coupons) ~ < =program_id.program_type
    company_id m2o(res.company) < =program_id.company_id
    partner_id m2o(res.partner)
    points float
    code char !
    expiration_date date`,
  'pos.payment.method': `
    name char ! "Method"
    active bool
    company_id m2o(res.company)`,
  'pos.order': `
    name char ! "Order Ref"
    date_order datetime "Date"
    partner_id m2o(res.partner) "Customer"
    company_id m2o(res.company) !
    state sel(draft=New|cancel=Cancelled|paid=Paid|done=Posted|invoiced=Invoiced) "Status"
    lines o2m(pos.order.line/order_id) "Order Lines"
    payment_ids o2m(pos.payment/pos_order_id) "Payments"
    amount_tax float "Taxes"
    amount_total float "Total"
    pos_reference char "Receipt Number"`,
  'pos.order.line': `
    order_id m2o(pos.order) ! "Order Ref"
    company_id m2o(res.company) < =order_id.company_id
    product_id m2o(product.product) ! "Product"
    qty float "Quantity"
    price_unit float "Unit Price"
    discount float "Discount (%)"
    price_subtotal float "Subtotal w/o Tax"
    price_subtotal_incl float "Subtotal"
    refund_orderline_ids o2m(pos.order.line/refunded_orderline_id) "Refund Order Lines"
    refunded_orderline_id m2o(pos.order.line) "Refunded Order Line"`,
  'pos.payment': `
    pos_order_id m2o(pos.order) ! "Order"
    amount monetary ! "Amount"
    payment_method_id m2o(pos.payment.method) ! "Payment Method"
    payment_date datetime ! "Date"
    company_id m2o(res.company) < =pos_order_id.company_id
    card_type char "Type of card used"
    is_change bool "Is this payment change?"`,
};
