// Products: a template without attributes has one variant, made with it; its code, cost and quantities are that variant's.

import { asSuperuser, type Env, modelOf } from '../orm/env.ts';
import { fieldValue } from '../orm/value.ts';
import { createRecord, patch } from '../orm/write.ts';
import type { Row, Value } from '../values.ts';
import { type Quantities, quantitiesOf, variantsOf } from './availability.ts';
import type { Behaviour } from './behaviour.ts';
import { withCode } from './product.product.ts';
import { target } from './tools.ts';

function summed(kind: keyof Quantities): (env: Env, row: Row) => Value {
  return (env, row) => variantsOf(env, row.id).reduce((sum, id) => sum + quantitiesOf(env, id)[kind], 0);
}

export const productTemplate: Behaviour = {
  searchNames: ['name', 'product_variant_ids.default_code', 'product_variant_ids.barcode'],
  displayName: (env, row) =>
    withCode(
      env,
      onlyVariant(env, row)?.default_code ?? false,
      String(fieldValue(env, 'product.template', row, 'name') || ''),
    ),
  defaults: (env) => ({
    type: 'consu',
    detailed_type: 'consu',
    sale_ok: true,
    purchase_ok: true,
    list_price: 1,
    tracking: 'none',
    sequence: 1,
    priority: '0',
    purchase_method: 'receive',
    sale_line_warn: 'no-message',
    purchase_line_warn: 'no-message',
    categ_id: env.db.table('product.category').ids[0] ?? false,
    uom_id: env.db.table('uom.uom').ids[0] ?? false,
    uom_po_id: env.db.table('uom.uom').ids[0] ?? false,
  }),
  computed: {
    default_code: (env, row) => onlyVariant(env, row)?.default_code ?? row.default_code ?? false,
    standard_price: (env, row) => {
      const variant = onlyVariant(env, row);
      return variant ? fieldValue(env, 'product.product', variant, 'standard_price') : 0;
    },
    qty_available: summed('onHand'),
    incoming_qty: summed('incoming'),
    outgoing_qty: summed('outgoing'),
    virtual_available: summed('forecast'),
    product_variant_count: (env, row) => variantsOf(env, row.id).length,
    product_variant_id: (env, row) => variantsOf(env, row.id)[0] ?? false,
  },
  afterCreate: (env, row) => {
    if (variantsOf(env, row.id).length > 0) return;
    const id = createRecord(asSuperuser(env), modelOf(env, 'product.product'), { product_tmpl_id: row.id });
    patch(env, 'product.product', id, { default_code: row.default_code ?? false, barcode: row.barcode ?? false });
  },
  afterWrite: (env, row, before, given) => {
    for (const id of env.db.table('product.product').index('product_tmpl_id').get(row.id) ?? []) {
      if (given.has('active') && row.active !== before.active)
        patch(env, 'product.product', id, { active: row.active });
      else if (given.has('default_code')) patch(env, 'product.product', id, { default_code: row.default_code });
      else if (given.has('name')) patch(env, 'product.product', id, {});
    }
  },
};

function onlyVariant(env: Env, row: Row): Row | undefined {
  const ids = env.db.table('product.product').index('product_tmpl_id').get(row.id) ?? [];
  const active = variantsOf(env, row.id);
  const one = active.length === 1 ? active[0] : active.length === 0 && ids.length === 1 ? ids[0] : undefined;
  return one === undefined ? undefined : target(env, 'product.product', one);
}
