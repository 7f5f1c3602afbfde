// Eighteen months behind us: sixty delivered orders with a season and a trend, receipts, finished manufacturing orders.

import { CUSTOMER_IDS } from './partners.ts';
import type { Storyteller } from './story.ts';

/** What customers of each branch order, and how many at a time. */
const ASSORTMENT: readonly (readonly [customer: number, products: readonly (readonly [number, number])[]])[] = [
  [
    20,
    [
      [2, 120],
      [3, 60],
      [4, 80],
      [5, 12],
    ],
  ],
  [
    21,
    [
      [4, 60],
      [5, 8],
      [2, 50],
    ],
  ],
  [
    22,
    [
      [13, 24],
      [14, 24],
      [16, 40],
      [11, 500],
    ],
  ],
  [
    23,
    [
      [17, 30],
      [46, 80],
      [15, 20],
    ],
  ],
  [
    24,
    [
      [9, 200],
      [10, 90],
      [11, 800],
      [12, 300],
    ],
  ],
  [
    25,
    [
      [7, 10],
      [8, 10],
      [15, 25],
      [6, 60],
    ],
  ],
  [
    26,
    [
      [18, 40],
      [21, 160],
      [22, 60],
    ],
  ],
  [
    27,
    [
      [21, 240],
      [22, 100],
      [23, 30],
    ],
  ],
  [
    28,
    [
      [2, 80],
      [3, 40],
      [6, 50],
    ],
  ],
];

const ORDERS = 60;
const FIRST_DAY = -540;

export function addHistory(story: Storyteller): void {
  for (let i = 0; i < ORDERS; i++) {
    const day = FIRST_DAY + Math.floor((i * 515) / ORDERS);
    const [customer, products] = ASSORTMENT[i % CUSTOMER_IDS.length]!;
    const lines = products.filter((_, k) => k === i % products.length || story.random() < 0.45);
    story.setDay(day);
    const order = story.create('sales', 'sale.order', {
      partner_id: customer,
      client_order_ref: `B-${1000 + i}`,
      commitment_date: story.at(day + 14),
      order_line: lines.map(([product_id, usual]) => [
        0,
        0,
        { product_id, product_uom_qty: quantity(usual, day, story.random()) },
      ]),
    });
    story.call('sales', 'sale.order', 'action_confirm', [order]);
    story.setDay(day + 13 + Math.floor(story.random() * 4));
    for (const picking of story.find('stock.picking', [['sale_id', '=', order]])) {
      // All of it left, whatever the records of that time say was in stock.
      story.call('admin', 'stock.picking', 'do_unreserve', [picking]);
      story.call('admin', 'stock.picking', 'button_validate', [picking]);
    }
  }
  addReceipts(story);
  addFinishedProduction(story);
}

/** Up in spring and autumn, and growing by a fifth a year. */
function quantity(usual: number, day: number, chance: number): number {
  const season = 1 + 0.25 * Math.sin((day / 365) * 4 * Math.PI);
  const trend = 1 + ((day - FIRST_DAY) / 365) * 0.2;
  return Math.max(1, Math.round(usual * season * trend * (0.8 + chance * 0.4)));
}

function addReceipts(story: Storyteller): void {
  for (const [day, vendor, product, pieces] of [
    [-150, 40, 30, 2000],
    [-95, 41, 32, 1000],
    [-60, 42, 34, 10000],
    [-45, 40, 31, 1000],
  ] as const) {
    story.setDay(day);
    const order = story.create('admin', 'purchase.order', {
      partner_id: vendor,
      order_line: [[0, 0, { product_id: product, product_qty: pieces }]],
    });
    story.call('admin', 'purchase.order', 'button_confirm', [order]);
    story.setDay(day + 12);
    for (const picking of story.find('stock.picking', [['move_ids.purchase_line_id.order_id', '=', order]])) {
      story.call('admin', 'stock.picking', 'button_validate', [picking]);
    }
  }
}

function addFinishedProduction(story: Storyteller): void {
  for (const [day, product, pieces] of [
    [-38, 2, 240],
    [-33, 21, 600],
    [-27, 13, 60],
    [-24, 9, 300],
  ] as const) {
    story.setDay(day, '05:30');
    const order = story.create('planner', 'mrp.production', {
      product_id: product,
      product_qty: pieces,
      date_start: story.at(day, '05:30'),
    });
    story.call('planner', 'mrp.production', 'action_confirm', [order]);
    story.setDay(day + 2, '15:00');
    story.call('planner', 'mrp.production', 'button_mark_done', [order]);
  }
}
