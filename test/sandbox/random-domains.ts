// Domains of every kind over the fields and values of a data set, the same for the same seed.
// Left out: what a client cannot know of a database (parts of a second, numbers that were never set), and what Odoo does not
// answer or answers without its own condition on the relation (x2many `in [False]`, moves of work orders).

import type { DataSet } from '../../src/sandbox/store/load.ts';

export interface RandomDomain {
  model: string;
  domain: unknown[];
  context: Record<string, unknown>;
}

const MODELS = [
  'res.partner',
  'sale.order',
  'sale.order.line',
  'purchase.order',
  'purchase.order.line',
  'stock.move',
  'stock.picking',
  'stock.location',
  'product.product',
  'product.template',
  'mrp.production',
  'mrp.workorder',
  'mrp.bom',
  'mrp.bom.line',
  'uom.uom',
  'stock.quant',
  'resource.calendar.attendance',
  'product.supplierinfo',
  'product.category',
  'stock.rule',
  'stock.route',
];
const TREES = new Set(['stock.location', 'product.category', 'res.partner']);

/** Models and orders without ties, default orders among them. */
export const ORDERED: readonly (readonly [string, string?])[] = [
  ['res.partner'],
  ['res.users'],
  ['sale.order'],
  ['sale.order.line'],
  ['purchase.order'],
  ['purchase.order.line'],
  ['product.product'],
  ['stock.location'],
  ['stock.warehouse'],
  ['mrp.production'],
  ['product.category'],
  ['stock.quant'],
  ['sale.order', 'partner_id, name desc'],
  ['stock.move', 'product_id desc, id desc'],
  ['mrp.production', 'date_start desc, id'],
  ['purchase.order', 'date_approve desc, id'],
  ['stock.picking', 'date_deadline, id'],
  ['product.product', 'default_code desc, id'],
];

interface FieldInfo {
  name: string;
  type: string;
  relation: string;
}

export function randomDomains(data: DataSet, count: number, seed: number): RandomDomain[] {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const described = data.fields as Record<string, Record<string, Record<string, unknown>>>;
  const records = data.records as Record<string, Record<string, unknown>[]>;
  const fieldsOf = (model: string): FieldInfo[] =>
    Object.entries(described[model]!)
      .filter(
        ([name, info]) =>
          info.store === true &&
          name !== 'create_date' &&
          name !== 'write_date' &&
          name !== 'groups_id' &&
          !(model === 'mrp.workorder' && name.startsWith('move_')) &&
          (!info.relation || records[String(info.relation)] !== undefined) &&
          !(info.type === 'one2many' && !info.relation_field),
      )
      .map(([name, info]) => ({ name, type: String(info.type), relation: String(info.relation ?? '') }));
  const valueIn = (model: string, field: FieldInfo): unknown => {
    const rows = records[model]!;
    const value = rows.length > 0 ? pick(rows)[field.name] : false;
    if (!Array.isArray(value)) return value;
    return field.type === 'many2one' ? value[0] : value.length > 0 ? pick(value) : false;
  };

  function leaf(model: string, depth: number): [string, string, unknown] {
    const field = pick(fieldsOf(model));
    const value = valueIn(model, field);
    if (field.relation) return relationLeaf(model, field, value, depth);
    switch (field.type) {
      case 'boolean':
        return [field.name, pick(['=', '!=']), pick([true, false])];
      case 'integer':
      case 'float':
      case 'monetary': {
        const set = typeof value === 'number' && value > 0 ? value : 7;
        const operator = pick(['=', '!=', '>', '>=', 'in', 'not in']);
        return [field.name, operator, operator.endsWith('in') ? [set, 1] : set];
      }
      case 'date':
      case 'datetime': {
        const day = typeof value === 'string' ? value.slice(0, 10) : '2026-11-21';
        const operator = pick(['=', '!=', '<', '<=', '>', '>=']);
        return [field.name, operator, random() < 0.1 ? false : day];
      }
      default:
        return textLeaf(field.name, value);
    }
  }

  function relationLeaf(model: string, field: FieldInfo, value: unknown, depth: number): [string, string, unknown] {
    if (depth < 2 && random() < 0.35) {
      const [path, operator, operand] = leaf(field.relation, depth + 1);
      return [`${field.name}.${path}`, operator, operand];
    }
    const trees = TREES.has(field.relation) ? ['child_of', 'parent_of'] : [];
    const operator = pick(['=', '!=', 'in', 'not in', 'ilike', 'not ilike', 'like', ...trees]);
    if (operator.endsWith('in')) {
      const other = field.type === 'many2one' && random() < 0.15 ? false : valueIn(model, field);
      const values = [value, other].filter((one) => one !== false || field.type === 'many2one');
      return values.length > 0 ? [field.name, operator, values] : [field.name, '!=', false];
    }
    if (operator.endsWith('like')) {
      const name = String(records[field.relation]!.length > 0 ? pick(records[field.relation]!).display_name || '' : '');
      return [field.name, operator, name.slice(1, 2 + Math.floor(random() * 5)) || 'a'];
    }
    if (operator.endsWith('_of')) return value === false ? [field.name, '=', false] : [field.name, operator, [value]];
    return [field.name, operator, random() < 0.2 ? false : value];
  }

  function textLeaf(name: string, value: unknown): [string, string, unknown] {
    const operator = pick([
      '=',
      '!=',
      'in',
      'not in',
      'ilike',
      'not ilike',
      'like',
      'not like',
      '=like',
      '=ilike',
      '<',
      '>=',
    ]);
    if (operator.endsWith('in')) return [name, operator, random() < 0.3 ? [value, false] : [value]];
    if (!operator.endsWith('like')) return [name, operator, random() < 0.15 ? false : value];
    let pattern = String(value || '').slice(Math.floor(random() * 3), 3 + Math.floor(random() * 5));
    if (random() < 0.2) pattern += '%';
    if (random() < 0.2) pattern = `_${pattern}`;
    return [name, operator, pattern];
  }

  return Array.from({ length: count }, () => {
    const model = pick(MODELS);
    const domain: unknown[] = [];
    for (let i = 1 + Math.floor(random() * 3); i > 0; i--) {
      const one = leaf(model, 0);
      const compares = /[<>]/.test(one[1]) && typeof one[2] === 'number';
      const empty = Array.isArray(one[2]) && one[2].length === 0;
      if (random() < 0.25 && !compares && !empty) domain.push('!', one);
      else if (random() < 0.3) domain.push('|', one, leaf(model, 0));
      else domain.push(one);
    }
    return { model, domain, context: random() < 0.5 ? { active_test: false } : {} };
  });
}
