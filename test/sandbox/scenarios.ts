// What a client does with orders, written so that the outcome can be compared between two Odoos: no ids, no numbers of documents.

import type { Client } from './real-odoo.ts';

type Rows = Record<string, unknown>[];

/** Records without what differs from one database to the next. */
async function rows(
  client: Client,
  model: string,
  domain: readonly unknown[],
  fields: readonly string[],
  order = 'id',
): Promise<Rows> {
  const found = (await client.call(model, 'search_read', [domain], { fields, order })) as Rows;
  return found.map(({ id: _id, ...row }) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value)])),
  );
}

/** many2one by name, document numbers and ids out of texts, times of today as "now". */
function plain(value: unknown): unknown {
  if (Array.isArray(value) && value.length === 2 && typeof value[1] === 'string') return text(value[1]);
  if (Array.isArray(value)) return value.length;
  return typeof value === 'string' ? text(value) : typeof value === 'number' ? Number(value.toFixed(6)) : value;
}

function text(value: string): string {
  const today = new Date();
  if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value)) {
    const minutes = Math.abs(today.getTime() - Date.parse(`${value.replace(' ', 'T')}Z`)) / 60_000;
    if (minutes < 5) return 'now';
    return minutes < 60 * 24 * 60 && !value.endsWith(':00')
      ? `now ${Math.round((Date.parse(`${value.replace(' ', 'T')}Z`) - today.getTime()) / 86_400_000)} days`
      : value;
  }
  return value.replace(/\b([A-Z]+\d*\/[A-Z]+\/|[SP])\d{5}(\/\d+)?/g, '$1n').replace(/\(id=\d+\)/g, '');
}

const SALE = [
  'state',
  'partner_id',
  'partner_invoice_id',
  'partner_shipping_id',
  'client_order_ref',
  'commitment_date',
  'date_order',
  'validity_date',
  'company_id',
  'currency_id',
  'warehouse_id',
  'picking_policy',
  'user_id',
  'team_id',
  'amount_untaxed',
  'amount_tax',
  'amount_total',
  'delivery_status',
  'locked',
  'invoice_status',
  'expected_date',
  'order_line',
  'picking_ids',
];
const SALE_LINE = [
  'name',
  'product_id',
  'product_template_id',
  'product_uom',
  'product_uom_qty',
  'qty_delivered',
  'qty_delivered_method',
  'price_unit',
  'discount',
  'price_subtotal',
  'price_tax',
  'price_total',
  'customer_lead',
  'state',
  'sequence',
  'company_id',
  'order_partner_id',
  'display_name',
  'tax_id',
  'qty_to_deliver',
];
const PICKING = [
  'state',
  'origin',
  'partner_id',
  'location_id',
  'location_dest_id',
  'picking_type_id',
  'scheduled_date',
  'date_deadline',
  'move_type',
  'priority',
  'company_id',
  'group_id',
  'move_ids',
  'move_line_ids',
  'backorder_id',
  'is_locked',
];
const MOVE = [
  'state',
  'name',
  'product_id',
  'product_uom',
  'product_uom_qty',
  'product_qty',
  'quantity',
  'date',
  'date_deadline',
  'location_id',
  'location_dest_id',
  'picking_type_id',
  'origin',
  'reference',
  'procure_method',
  'warehouse_id',
  'group_id',
  'sequence',
  'unit_factor',
  'propagate_cancel',
  'partner_id',
  'display_name',
  'price_unit',
  'company_id',
  'move_line_ids',
  'description_picking',
];
const PURCHASE = [
  'state',
  'partner_id',
  'origin',
  'date_order',
  'date_approve',
  'date_planned',
  'date_calendar_start',
  'company_id',
  'currency_id',
  'picking_type_id',
  'payment_term_id',
  'user_id',
  'amount_untaxed',
  'amount_tax',
  'amount_total',
  'receipt_status',
  'priority',
  'order_line',
  'picking_ids',
];
const PURCHASE_LINE = [
  'name',
  'product_id',
  'product_uom',
  'product_qty',
  'product_uom_qty',
  'qty_received',
  'qty_received_method',
  'price_unit',
  'price_subtotal',
  'price_tax',
  'price_total',
  'date_planned',
  'state',
  'sequence',
  'partner_id',
  'propagate_cancel',
  'display_name',
  'taxes_id',
  'discount',
];
const PRODUCTION = [
  'state',
  'product_id',
  'product_qty',
  'product_uom_id',
  'product_uom_qty',
  'qty_producing',
  'bom_id',
  'picking_type_id',
  'location_src_id',
  'location_dest_id',
  'production_location_id',
  'date_start',
  'date_finished',
  'date_deadline',
  'origin',
  'priority',
  'user_id',
  'is_planned',
  'is_locked',
  'reservation_state',
  'consumption',
  'allow_workorder_dependencies',
  'propagate_cancel',
  'procurement_group_id',
  'company_id',
  'move_raw_ids',
  'move_finished_ids',
  'workorder_ids',
  'duration_expected',
];
const WORKORDER = [
  'name',
  'state',
  'workcenter_id',
  'operation_id',
  'product_id',
  'product_uom_id',
  'duration_expected',
  'duration',
  'date_start',
  'date_finished',
  'qty_production',
  'qty_produced',
  'qty_remaining',
  'production_availability',
  'production_date',
  'display_name',
  'blocked_by_workorder_ids',
  'move_raw_ids',
  'move_finished_ids',
  'leave_id',
];

async function sale(client: Client, id: number): Promise<unknown> {
  return {
    order: await rows(client, 'sale.order', [['id', '=', id]], SALE),
    lines: await rows(client, 'sale.order.line', [['order_id', '=', id]], SALE_LINE),
    pickings: await rows(client, 'stock.picking', [['group_id.sale_id', '=', id]], PICKING),
    moves: await rows(client, 'stock.move', [['sale_line_id.order_id', '=', id]], MOVE),
  };
}

async function purchase(client: Client, id: number): Promise<unknown> {
  return {
    order: await rows(client, 'purchase.order', [['id', '=', id]], PURCHASE),
    lines: await rows(client, 'purchase.order.line', [['order_id', '=', id]], PURCHASE_LINE),
    moves: await rows(client, 'stock.move', [['purchase_line_id.order_id', '=', id]], MOVE),
    pickings: await rows(client, 'stock.picking', [['move_ids.purchase_line_id.order_id', '=', id]], PICKING),
  };
}

async function production(client: Client, id: number): Promise<unknown> {
  const moves = ['|', ['raw_material_production_id', '=', id], ['production_id', '=', id]];
  // A draft's component moves are called "New" after a change; their name says nothing.
  const fields = MOVE.filter((field) => field !== 'name' && field !== 'description_picking' && field !== 'price_unit');
  return {
    order: await rows(client, 'mrp.production', [['id', '=', id]], PRODUCTION),
    workorders: await rows(client, 'mrp.workorder', [['production_id', '=', id]], WORKORDER),
    components: await rows(
      client,
      'stock.move',
      [['raw_material_production_id', '=', id]],
      [...fields, 'workorder_id', 'operation_id', 'bom_line_id'],
    ),
    outputs: await rows(
      client,
      'stock.move',
      [['production_id', '=', id]],
      [...fields, 'workorder_id', 'byproduct_id', 'cost_share'],
    ),
    slots: await rows(
      client,
      'resource.calendar.leaves',
      [
        [
          'name',
          'like',
          `${String(((await client.call('mrp.production', 'read', [[id], ['name']])) as Rows)[0]?.name)} - `,
        ],
      ],
      ['date_from', 'date_to', 'resource_id', 'calendar_id', 'time_type'],
    ),
    moves: await client.call('stock.move', 'search_count', [moves]),
  };
}

export interface Place {
  /** Storable products for sale, of one company or none. */
  products: readonly number[];
  vendor: number;
  bought: readonly number[];
  /** A product with a bill with steps. */
  made: number;
}

/** Suitable records of the data set that both sides hold. */
export async function findPlace(client: Client): Promise<Place> {
  const prices = (await client.call(
    'product.supplierinfo',
    'search_read',
    [
      [
        ['product_tmpl_id.type', '=', 'product'],
        ['partner_id.active', '=', true],
      ],
    ],
    { fields: ['partner_id', 'product_tmpl_id'], order: 'id' },
  )) as Rows;
  const vendor = (prices[0]!.partner_id as [number, string])[0];
  const templates = [
    ...new Set(
      prices
        .filter((row) => (row.partner_id as [number])[0] === vendor)
        .map((row) => (row.product_tmpl_id as [number])[0]),
    ),
  ];
  const boms = (await client.call(
    'mrp.bom',
    'search_read',
    [
      [
        ['type', '=', 'normal'],
        ['operation_ids.blocked_by_operation_ids', '!=', false],
      ],
    ],
    { fields: ['product_tmpl_id'], order: 'id desc', limit: 1 },
  )) as Rows;
  const anyBom = (await client.call(
    'mrp.bom',
    'search_read',
    [
      [
        ['type', '=', 'normal'],
        ['operation_ids', '!=', false],
      ],
    ],
    { fields: ['product_tmpl_id'], order: 'id', limit: 1 },
  )) as Rows;
  const template = ((boms[0] ?? anyBom[0])!.product_tmpl_id as [number])[0];
  const one = async (domain: readonly unknown[], limit: number): Promise<number[]> =>
    (await client.call('product.product', 'search', [domain], { order: 'id', limit })) as number[];
  return {
    products: await one(
      [
        ['type', '=', 'product'],
        ['sale_ok', '=', true],
        ['qty_available', '>', 5],
      ],
      3,
    ),
    vendor,
    bought: await one([['product_tmpl_id', 'in', templates]], 2),
    made: (await one([['product_tmpl_id', '=', template]], 1))[0]!,
  };
}

export const SCENARIOS: Readonly<Record<string, (client: Client, place: Place) => Promise<unknown>>> = {
  'a sales order of a new customer, confirmed, a line added, delivered in part': async (client, place) => {
    const partner = (await client.call('res.partner', 'create', [
      { name: 'Contract Customer', email: 'Buyer <BUYER@Example.com>', street: 'Ring 1', city: 'Ulm' },
    ])) as number;
    const id = (await client.call('sale.order', 'create', [
      {
        partner_id: partner,
        client_order_ref: 'C-1',
        commitment_date: '2027-03-10 09:00:00',
        order_line: place.products.slice(0, 2).map((product_id, i) => [0, 0, { product_id, product_uom_qty: i + 1 }]),
      },
    ])) as number;
    const quotation = await sale(client, id);
    await client.call('sale.order', 'action_confirm', [[id]]);
    const confirmed = await sale(client, id);
    await client.call('sale.order', 'write', [
      [id],
      {
        order_line: [
          [0, 0, { product_id: place.products[2] ?? place.products[0], product_uom_qty: 1, price_unit: 3.5 }],
        ],
      },
    ]);
    const lines = (await client.call('sale.order.line', 'search', [[['order_id', '=', id]]], {
      order: 'id',
    })) as number[];
    await client.call('sale.order.line', 'write', [[lines.at(-1)], { discount: 10 }]);
    const extended = await sale(client, id);
    const customer = await rows(
      client,
      'res.partner',
      [['id', '=', partner]],
      [
        'complete_name',
        'display_name',
        'commercial_partner_id',
        'type',
        'is_company',
        'company_type',
        'email_normalized',
        'active',
        'lang',
        'tz',
        'company_id',
      ],
    );
    return { quotation, confirmed, extended, customer };
  },
  'a cancelled sales order': async (client, place) => {
    const id = (await client.call('sale.order', 'create', [
      { partner_id: place.vendor, order_line: [[0, 0, { product_id: place.products[0] }]] },
    ])) as number;
    await client.call('sale.order', 'action_confirm', [[id]]);
    await client.call('sale.order', 'write', [[id], { commitment_date: '2027-02-01 08:00:00' }]);
    const moved = await sale(client, id);
    await client.call('sale.order', 'action_cancel', [[id]], { context: { disable_cancel_warning: true } });
    return { moved, cancelled: await sale(client, id) };
  },
  'a purchase order, priced by the vendor, changed, confirmed, received': async (client, place) => {
    const id = (await client.call('purchase.order', 'create', [
      {
        partner_id: place.vendor,
        origin: 'contract',
        date_order: '2027-01-04 08:00:00',
        order_line: place.bought.map((product_id, i) => [
          0,
          0,
          { product_id, product_qty: 12 * (i + 1), ...(i === 0 ? { date_planned: '2027-01-20 08:00:00' } : {}) },
        ]),
      },
    ])) as number;
    const draft = await purchase(client, id);
    const lines = (await client.call('purchase.order.line', 'search', [[['order_id', '=', id]]], {
      order: 'id',
    })) as number[];
    await client.call('purchase.order.line', 'write', [[lines[0]], { product_qty: 30 }]);
    const changed = await purchase(client, id);
    await client.call('purchase.order', 'button_confirm', [[id]]);
    const confirmed = await purchase(client, id);
    await client.call('purchase.order.line', 'write', [[lines[0]], { date_planned: '2027-01-25 08:00:00' }]);
    return { draft, changed, confirmed, moved: await purchase(client, id) };
  },
  'a manufacturing order: draft, moved, another quantity, confirmed, slots, unplanned': async (client, place) => {
    const id = (await client.call('mrp.production', 'create', [
      { product_id: place.made, product_qty: 3, date_start: '2027-01-11 07:00:00', origin: 'contract' },
    ])) as number;
    const draft = await production(client, id);
    await client.call('mrp.production', 'write', [[id], { product_qty: 5 }]);
    const larger = await production(client, id);
    await client.call('mrp.production', 'action_confirm', [[id]]);
    const confirmed = await production(client, id);
    const wizard = (await client.call('change.production.qty', 'create', [{ mo_id: id, product_qty: 4 }])) as number;
    await client.call('change.production.qty', 'change_prod_qty', [[wizard]]);
    const changed = await production(client, id);
    const steps = (await client.call('mrp.workorder', 'search', [[['production_id', '=', id]]], {
      order: 'id',
    })) as number[];
    await client.call('mrp.workorder', 'write', [
      [steps[0]],
      { date_start: '2027-01-12 08:00:00', date_finished: '2027-01-12 11:00:00' },
    ]);
    await client.call(
      'mrp.workorder',
      'write',
      [[steps[0]], { date_start: '2027-01-13 08:00:00', date_finished: '2027-01-13 12:00:00' }],
      { context: { bypass_duration_calculation: true } },
    );
    const slotted = await production(client, id);
    await client.call('mrp.production', 'write', [[id], { date_start: '2027-01-18 07:00:00' }]);
    return { draft, larger, confirmed, changed, slotted, unplanned: await production(client, id) };
  },
  'a manufacturing order that is cancelled, and one that is deleted': async (client, place) => {
    const make = async (): Promise<number> =>
      (await client.call('mrp.production', 'create', [
        { product_id: place.made, product_qty: 2, date_start: '2027-01-11 07:00:00' },
      ])) as number;
    const id = await make();
    await client.call('mrp.production', 'action_confirm', [[id]]);
    await client.call('mrp.production', 'action_cancel', [[id]]);
    const gone = await make();
    await client.call('mrp.production', 'unlink', [[gone]]);
    const left = await client.call('stock.move', 'search_count', [
      ['|', ['raw_material_production_id', '=', gone], ['production_id', '=', gone]],
    ]);
    return { cancelled: await production(client, id), left };
  },
  'an internal transfer': async (client, place) => {
    const [type] = (await client.call(
      'stock.picking.type',
      'search_read',
      [
        [
          ['code', '=', 'internal'],
          ['warehouse_id', '!=', false],
        ],
      ],
      {
        fields: ['default_location_src_id', 'default_location_dest_id'],
        order: 'id',
        limit: 1,
        context: { active_test: false },
      },
    )) as Rows;
    const from = (type!.default_location_src_id as [number])[0];
    const to = (type!.default_location_dest_id as [number])[0];
    const id = (await client.call('stock.picking', 'create', [
      {
        picking_type_id: type!.id,
        location_id: from,
        location_dest_id: to,
        scheduled_date: '2027-01-05 08:00:00',
        origin: 'contract',
        move_ids: [
          [
            0,
            0,
            {
              name: 'x',
              product_id: place.products[0],
              product_uom_qty: 2,
              location_id: from,
              location_dest_id: to,
              date: '2027-01-06 08:00:00',
            },
          ],
        ],
      },
    ])) as number;
    const read = async (): Promise<unknown> => ({
      picking: await rows(client, 'stock.picking', [['id', '=', id]], PICKING),
      moves: await rows(client, 'stock.move', [['picking_id', '=', id]], MOVE),
    });
    const draft = await read();
    await client.call('stock.picking', 'action_confirm', [[id]]);
    const confirmed = await read();
    await client.call('stock.picking', 'do_unreserve', [[id]]);
    const unreserved = await read();
    await client.call('stock.picking', 'action_assign', [[id]]);
    const assigned = await read();
    await client.call('stock.picking', 'action_cancel', [[id]]);
    return { draft, confirmed, unreserved, assigned, cancelled: await read() };
  },
  'a message on an order': async (client) => {
    const [id] = (await client.call('sale.order', 'search', [[]], { order: 'id', limit: 1 })) as number[];
    await client.call('sale.order', 'message_post', [[id]], { body: 'Hello <b>you</b> & all' });
    const found = await rows(
      client,
      'mail.message',
      [
        ['model', '=', 'sale.order'],
        ['res_id', '=', id],
        ['body', 'like', 'Hello'],
      ],
      ['body', 'message_type', 'author_id', 'email_from', 'model', 'record_name', 'date'],
      'id desc',
    );
    return found[0];
  },
};
