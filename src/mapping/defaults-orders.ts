// The mapping sheet's rows as shipped: sales orders and existing orders (connector.md 2.13, 2.15, 2.16). Data only.
import type { DefaultAttribute } from './defaults.ts';
import type { EntityName } from './rules.ts';

const FULL = '1';
const BOTH = '1,2';

function rows(entity: EntityName, modes: DefaultAttribute['modes'], list: readonly [string, string, string][]) {
  return list.map(
    ([attribute, field, note]): DefaultAttribute => ({ entity, attribute, field, transform: 'rule', modes, note }),
  );
}

export const DEMAND_DEFAULTS: readonly DefaultAttribute[] = rows('demand', BOTH, [
  ['name', 'order_id.name, id', 'Order and id of the line; with the id of the delivery when a line has several.'],
  ['batch', 'order_id.name', 'The order.'],
  [
    'quantity',
    'product_uom_qty, move_ids',
    "In the product's unit. Open orders: what is still to deliver, less what is reserved when reservations are respected.",
  ],
  [
    'due',
    'order_id.commitment_date, move_ids.date',
    "Open orders: date of the delivery; others: the promised date, else the order's date.",
  ],
  ['priority', 'move_ids.picking_id.priority', 'The lowest number is planned first: 0 for urgent deliveries, else 1.'],
  ['minshipment', 'order_id.picking_policy', 'The whole quantity when the order is delivered at once, else 0.'],
  ['status', 'order_id.state', 'By the sheet Statuses. A confirmed line without open delivery is closed.'],
  ['item', 'product_id', 'The product; lines of products that are not exported are skipped.'],
  ['customer', 'order_id.partner_id', 'The customer.'],
  ['location', 'order_id.warehouse_id', 'Warehouse that delivers.'],
  [
    'owner',
    'order_id.name',
    'All lines of an order belong together; "as soon as possible" lines are planned one by one.',
  ],
]);

export const SUPPLY_DEFAULTS: readonly DefaultAttribute[] = [
  ...rows('purchaseorder', FULL, [
    ['reference', 'order_id.name, move_ids, id', '"<order> - <receipt> - <id of receipt> - <id of line>".'],
    ['batch', 'order_id.group_id', 'Sales or manufacturing order that a product made to order is bought for.'],
    ['start', 'order_id.date_order', 'Date of the order.'],
    ['end', 'date_planned, move_ids.date', "Date of the receipt, else the line's planned date."],
    ['quantity', 'product_qty, qty_received', "What is still to come, in the product's unit."],
    ['status', 'order_id.state', 'By the sheet Statuses.'],
    ['item', 'product_id', 'The product.'],
    ['location', 'move_ids.location_dest_id', 'Warehouse that receives.'],
    ['supplier', 'order_id.partner_id', 'The vendor.'],
  ]),
  ...rows('manufacturingorder', FULL, [
    ['reference', 'name', "Name of the order; for subcontracting the purchase order's reference."],
    ['batch', 'procurement_group_id', 'Sales order, or manufacturing order, that it is made for.'],
    ['start', 'date_start', 'Start as scheduled in Odoo (planned start up to Odoo 16).'],
    ['quantity', 'product_qty, product_uom_id', "What is still to make, in the product's unit."],
    [
      'status',
      'state',
      'By the sheet Statuses. "approved" orders may be moved by the plan, "confirmed" ones are fixed.',
    ],
    ['item', 'product_id', 'The product.'],
    ['location', 'location_dest_id', 'Warehouse that the product goes to.'],
  ]),
  ...rows('workorder', FULL, [
    ['reference', 'display_name', 'Name of the work order, as Odoo shows it.'],
    ['start', 'date_start', 'Start, not before now.'],
    ['end', 'date_finished', 'End, once the work order is scheduled or done.'],
    ['quantity', 'production_id.product_qty', 'Quantity of the manufacturing order.'],
    ['status', 'state', 'By the sheet Statuses.'],
  ]),
  ...rows('distributionorder', FULL, [
    ['reference', 'picking_id.name, id', 'Transfer on its way between warehouses.'],
    ['start', 'picking_id.scheduled_date', 'Departure.'],
    ['end', 'date', 'Arrival.'],
    ['quantity', 'product_uom_qty', "In the product's unit."],
    ['status', 'state', 'Transfers are confirmed: the plan counts on them.'],
    ['item', 'product_id', 'The product.'],
    ['origin', 'location_id', 'Warehouse that sends.'],
    ['location', 'location_dest_id', 'Warehouse that receives.'],
  ]),
];
