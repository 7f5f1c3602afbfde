// The few fields that Odoo computes and that are worth having by SQL, each as an expression. Their rules are Odoo's
// (named beside each); a field that is not here and not stored is not had by SQL.

import type { Catalogue, CatalogueModel } from './catalogue.ts';
import { columnOf, type Scope } from './statement.ts';

interface Computed {
  pgType: string;
  /** Columns that must exist, as `table.column`. */
  needs: readonly string[];
  /** Last version that computes it so. */
  until?: number;
  sql(scope: Scope, catalogue: Catalogue): string;
}

/** Models whose display name is a stored column, whatever the context. */
const DISPLAY_NAMES: Readonly<Record<string, string>> = {
  'mrp.workcenter': 'name',
  'procurement.group': 'name',
  'product.category': 'complete_name',
  'resource.calendar': 'name',
  'resource.resource': 'name',
  'stock.location': 'complete_name',
  'stock.warehouse': 'name',
};

const timeCycle: Computed = {
  pgType: 'float8',
  needs: ['mrp_routing_workcenter.time_cycle_manual', 'mrp_workorder.qty_produced', 'mrp_workcenter_capacity.capacity'],
  // Units and capacities are other tables in 19.
  until: 18,
  // mrp.routing.workcenter._compute_time_cycle: mean of the last finished work orders; 18 counts in the product's unit.
  sql(scope, catalogue) {
    const r = scope.alias;
    const produced =
      catalogue.major >= 18
        ? 'ceil(round((w.qty_produced / mu.factor * pu.factor / nullif(pu.rounding, 0))::numeric, 6)) * pu.rounding'
        : 'w.qty_produced';
    const units =
      catalogue.major >= 18
        ? `JOIN uom_uom mu ON mu.id = mo.product_uom_id JOIN product_product pp ON pp.id = mo.product_id \
JOIN product_template pt ON pt.id = pp.product_tmpl_id JOIN uom_uom pu ON pu.id = pt.uom_id`
        : '';
    return `(CASE WHEN ${r}.time_mode IS DISTINCT FROM 'auto' THEN ${r}.time_cycle_manual ELSE COALESCE((\
SELECT sum(h.duration) / nullif(sum(ceil(round(coalesce(nullif(h.produced / h.capacity, 0), 1)::numeric, 6))), 0)::float8 \
FROM (SELECT w.duration, (${produced})::float8 AS produced, coalesce(c.capacity, nullif(wc.default_capacity, 0), 1)::float8 AS capacity \
FROM mrp_workorder w JOIN mrp_workcenter wc ON wc.id = w.workcenter_id JOIN mrp_production mo ON mo.id = w.production_id ${units} \
LEFT JOIN mrp_workcenter_capacity c ON c.workcenter_id = wc.id AND c.product_id = mo.product_id \
WHERE w.operation_id = ${r}.id AND w.state = 'done' AND w.qty_produced > 0 \
ORDER BY w.date_finished DESC, w.id DESC LIMIT ${r}.time_mode_batch) h), ${r}.time_cycle_manual) END)`;
  },
};

const COMPUTED: Readonly<Record<string, Computed>> = {
  'mrp.routing.workcenter.time_cycle': timeCycle,
  // product.product._compute_product_price_extra
  'product.product.price_extra': {
    pgType: 'float8',
    needs: [
      'product_variant_combination.product_template_attribute_value_id',
      'product_template_attribute_value.price_extra',
    ],
    sql: ({ alias }) =>
      `(SELECT sum(v.price_extra)::float8 FROM product_variant_combination c \
JOIN product_template_attribute_value v ON v.id = c.product_template_attribute_value_id WHERE c.product_product_id = ${alias}.id)`,
  },
  // stock.quant._compute_available_quantity
  'stock.quant.available_quantity': {
    pgType: 'float8',
    needs: ['stock_quant.quantity', 'stock_quant.reserved_quantity'],
    sql: ({ alias }) => `(coalesce(${alias}.quantity, 0) - coalesce(${alias}.reserved_quantity, 0))::float8`,
  },
};

function find(model: string, field: string, catalogue: Catalogue): Computed | null {
  const name = DISPLAY_NAMES[model];
  if (field === 'display_name' && name !== undefined) {
    const table = model.replaceAll('.', '_');
    const type = catalogue.table(table)?.get(name);
    if (type !== 'varchar' && type !== 'text') return null;
    return { pgType: 'text', needs: [], sql: ({ alias }) => columnOf(alias, name) };
  }
  const computed = COMPUTED[`${model}.${field}`];
  if (computed === undefined || catalogue.major > (computed.until ?? catalogue.major)) return null;
  const there = computed.needs.every((need) => {
    const [table = '', column = ''] = need.split('.');
    return catalogue.table(table)?.has(column);
  });
  return there ? computed : null;
}

export function isComputed(model: string, field: string, catalogue: Catalogue): boolean {
  return find(model, field, catalogue) !== null;
}

export function computedExpression(
  catalogue: Catalogue,
  model: CatalogueModel,
  field: string,
  scope: Scope,
): { sql: string; pgType: string } | null {
  const computed = find(model.name, field, catalogue);
  return computed === null ? null : { sql: computed.sql(scope, catalogue), pgType: computed.pgType };
}
