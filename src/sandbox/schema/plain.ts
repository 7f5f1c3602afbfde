// The models of a plain Odoo 17 with sales, stock, purchase and manufacturing, as far as the bridge uses them.
// A data set that brings its own fields.json is described by that alone, so that other versions stay what they are.

import { BASE_FIELDS } from './base.ts';
import type { CompactSchema } from './build.ts';
import { MRP_FIELDS } from './mrp.ts';
import { PRODUCT_FIELDS } from './product.ts';
import { PURCHASE_FIELDS } from './purchase.ts';
import { SALE_FIELDS } from './sale.ts';
import { STOCK_FIELDS } from './stock.ts';

export const PLAIN_ODOO: readonly CompactSchema[] = [
  BASE_FIELDS,
  STOCK_FIELDS,
  PRODUCT_FIELDS,
  SALE_FIELDS,
  PURCHASE_FIELDS,
  MRP_FIELDS,
];
