// The pool of a work center, a field that planning addons give a plain Odoo; the demo company has it.

import type { CompactSchema } from './build.ts';

export const POOL_FIELDS: CompactSchema = { 'mrp.workcenter': 'owner m2o(mrp.workcenter) "Owner"' };
