// The models of a plain Odoo 17 with sales, stock, purchase and manufacturing, as far as the bridge uses them.

import type { CompactSchema } from './build.ts';

export const PLAIN_ODOO: readonly CompactSchema[] = [];
