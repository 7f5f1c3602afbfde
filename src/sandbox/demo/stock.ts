// What lies where today, and the reordering rules.

import { COMPANY, UNITS } from './base.ts';
import type { Demo } from './builder.ts';
import { BAS_STOCK, BASEL, MAR_STOCK, MARTIGNY, SUBCONTRACTOR_STOCK } from './places.ts';
import { CLAMP_LEVERS } from './products.ts';

const SHELF = 9;
const ALLOY_BAY = 10;

/** product, location, quantity. Product 5 is short on purpose, product 21 ample. */
export const STOCK: readonly (readonly [number, number, number])[] = [
  [2, SHELF, 220],
  [3, SHELF, 95],
  [4, SHELF, 310],
  [5, SHELF, 6],
  [6, SHELF, 180],
  [7, SHELF, 24],
  [8, SHELF, 31],
  [9, SHELF, 540],
  [10, SHELF, 260],
  [11, SHELF, 2400],
  [12, SHELF, 1150],
  [13, SHELF, 64],
  [14, SHELF, 88],
  [15, SHELF, 47],
  [16, SHELF, 140],
  [17, SHELF, 52],
  [18, SHELF, 75],
  [19, SHELF, 12],
  [21, SHELF, 900],
  [22, SHELF, 160],
  [23, SHELF, 40],
  [24, SHELF, 700],
  [25, SHELF, 190],
  [26, SHELF, 35],
  [CLAMP_LEVERS[0], SHELF, 260],
  [CLAMP_LEVERS[1], SHELF, 120],
  [CLAMP_LEVERS[2], SHELF, 60],
  [30, ALLOY_BAY, 1850],
  [31, ALLOY_BAY, 620],
  [32, ALLOY_BAY, 940],
  [33, ALLOY_BAY, 410],
  [34, MAR_STOCK, 9200],
  [35, MAR_STOCK, 3100],
  [36, MAR_STOCK, 480],
  [37, MAR_STOCK, 240],
  [38, MAR_STOCK, 5200],
  [39, MAR_STOCK, 1900],
  [40, MAR_STOCK, 62],
  [41, MAR_STOCK, 38],
  [42, MAR_STOCK, 640],
  [43, MAR_STOCK, 210],
  [2, BAS_STOCK, 60],
  [21, BAS_STOCK, 150],
  [11, BAS_STOCK, 400],
  [24, SUBCONTRACTOR_STOCK, 200],
];

/** product, least, most, multiple, warehouse. */
const REORDER: readonly (readonly [number, number, number, number, number])[] = [
  [2, 100, 300, 24, MARTIGNY],
  [9, 200, 600, 60, MARTIGNY],
  [11, 1000, 4000, 250, MARTIGNY],
  [21, 400, 1200, 100, MARTIGNY],
  [CLAMP_LEVERS[0], 100, 400, 0, MARTIGNY],
  [30, 800, 3000, 500, MARTIGNY],
  [31, 400, 1500, 500, MARTIGNY],
  [32, 500, 2000, 500, MARTIGNY],
  [34, 4000, 12000, 1000, MARTIGNY],
  [38, 2000, 8000, 200, MARTIGNY],
  [42, 300, 900, 100, MARTIGNY],
  [21, 100, 300, 100, BASEL],
];

export function addReorderRules(demo: Demo): void {
  for (const [i, [product, min, max, multiple, warehouse]] of REORDER.entries()) {
    demo.add('stock.warehouse.orderpoint', {
      name: `OP/${String(i + 1).padStart(5, '0')}`,
      product_id: product,
      product_uom: UNITS,
      warehouse_id: warehouse,
      location_id: warehouse === MARTIGNY ? MAR_STOCK : BAS_STOCK,
      company_id: COMPANY,
      product_min_qty: min,
      product_max_qty: max,
      qty_multiple: multiple,
      trigger: 'auto',
      active: true,
      route_id: warehouse === BASEL ? 15 : false,
      snoozed_until: false,
    });
  }
}
