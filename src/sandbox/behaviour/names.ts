// Models whose only speciality is how a record is called.

import type { Env } from '../orm/env.ts';
import { displayName, fieldValue } from '../orm/value.ts';
import type { Row } from '../values.ts';
import type { Behaviour } from './behaviour.ts';
import { target, textOf } from './tools.ts';

function named(env: Env, model: string, row: Row): string {
  return textOf(fieldValue(env, model, row, 'name'));
}

/** Names of a record and those above it, joined. */
function treeName(env: Env, model: string, row: Row, parent: string, separator: string): string {
  const above = target(env, model, row[parent]);
  const own = named(env, model, row);
  return above ? `${treeName(env, model, above, parent, separator)}${separator}${own}` : own;
}

export const partnerCategory: Behaviour = {
  displayName: (env, row) => treeName(env, 'res.partner.category', row, 'parent_id', ' / '),
};

export const productCategory: Behaviour = {
  searchNames: ['complete_name'],
  displayName: (env, row) => treeName(env, 'product.category', row, 'parent_id', ' / '),
  computed: { complete_name: (env, row) => treeName(env, 'product.category', row, 'parent_id', ' / ') },
};

/** Locations are called by their place in the tree, view locations of a warehouse being its code. */
export const stockLocation: Behaviour = {
  searchNames: ['complete_name', 'barcode'],
  displayName: (env, row) => locationName(env, row),
  computed: { complete_name: (env, row) => locationName(env, row) },
};

export function locationName(env: Env, row: Row): string {
  const above = target(env, 'stock.location', row.location_id);
  return above && row.usage !== 'view' ? `${locationName(env, above)}/${textOf(row.name)}` : textOf(row.name);
}

export const pickingType: Behaviour = {
  searchNames: ['name', 'warehouse_id.name'],
  displayName: (env, row) => {
    const name = named(env, 'stock.picking.type', row);
    return typeof row.warehouse_id === 'number'
      ? `${displayName(env, 'stock.warehouse', row.warehouse_id)}: ${name}`
      : name;
  },
};

export const bom: Behaviour = {
  searchNames: ['code', 'product_tmpl_id'],
  displayName: (env, row) => {
    const code = textOf(row.code);
    const product =
      typeof row.product_tmpl_id === 'number' ? displayName(env, 'product.template', row.product_tmpl_id) : '';
    return code ? `${code}: ${product}` : product;
  },
};

export const attributeValue: Behaviour = {
  displayName: (env, row) => {
    const value = named(env, 'product.attribute.value', row);
    if (env.context.show_attribute === false || typeof row.attribute_id !== 'number') return value;
    return `${displayName(env, 'product.attribute', row.attribute_id)}: ${value}`;
  },
};

export const templateAttributeValue: Behaviour = {
  displayName: (env, row) => {
    const attribute =
      row.attribute_id ?? target(env, 'product.template.attribute.line', row.attribute_line_id)?.attribute_id;
    const value = named(env, 'product.template.attribute.value', row);
    return typeof attribute === 'number' ? `${displayName(env, 'product.attribute', attribute)}: ${value}` : value;
  },
};

export const pricelist: Behaviour = {
  displayName: (env, row) => {
    const currency =
      typeof row.currency_id === 'number' ? ` (${displayName(env, 'res.currency', row.currency_id)})` : '';
    return `${named(env, 'product.pricelist', row)}${currency}`;
  },
};

export const groups: Behaviour = { searchNames: ['full_name'] };
