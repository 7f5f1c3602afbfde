// What Odoo's Python code says and its catalogue does not: which models delegate to another one, which lists (one2many,
// many2many) carry a domain and which show archived records. Read from the field definitions of 16, 17 and 18.

import type { Domain } from './reader.ts';

/** Models that are made of another model's record by delegation (`_inherits`), and take its record rules along. */
export const DELEGATES: Readonly<Record<string, readonly [field: string, model: string]>> = {
  'product.product': ['product_tmpl_id', 'product.template'],
  'res.users': ['partner_id', 'res.partner'],
};

const NOT_SCRAPPED: Domain = [['scrapped', '=', false]];

/** Domain of the lines, by `model.field`. */
export const LIST_DOMAINS: Readonly<Record<string, Domain>> = {
  'mrp.production.move_finished_ids': NOT_SCRAPPED,
  'mrp.production.move_raw_ids': NOT_SCRAPPED,
  'mrp.workorder.move_finished_ids': [
    ['raw_material_production_id', '=', false],
    ['production_id', '!=', false],
  ],
  'mrp.workorder.move_raw_ids': [
    ['raw_material_production_id', '!=', false],
    ['production_id', '=', false],
  ],
  'product.category.route_ids': [['product_categ_selectable', '=', true]],
  'product.packaging.route_ids': [['packaging_selectable', '=', true]],
  'product.pricelist.item_ids': [
    '|',
    ['product_tmpl_id', '=', false],
    ['product_tmpl_id.active', '=', true],
    '|',
    ['product_id', '=', false],
    ['product_id.active', '=', true],
  ],
  'product.template.route_ids': [['product_selectable', '=', true]],
  'product.template.supplier_taxes_id': [['type_tax_use', '=', 'purchase']],
  'product.template.taxes_id': [['type_tax_use', '=', 'sale']],
  'res.company.bank_journal_ids': [['type', '=', 'bank']],
  'res.partner.opportunity_ids': [['type', '=', 'opportunity']],
  'resource.calendar.global_leave_ids': [['resource_id', '=', false]],
  'stock.picking.move_ids_without_package': [
    '|',
    ['package_level_id', '=', false],
    ['picking_type_entire_packs', '=', false],
  ],
  'stock.quant.package.quant_ids': ['|', ['quantity', '!=', 0], ['reserved_quantity', '!=', 0]],
};

/** Lists that are narrowed by more than this module can say; they are not had by SQL. */
export const UNKNOWN_LISTS: ReadonlySet<string> = new Set([
  'product.product.product_template_variant_value_ids',
  'stock.move.move_line_nosuggest_ids',
  'stock.picking.move_line_ids_without_package',
  'stock.picking.move_line_nosuggest_ids',
]);

/** Lists that show archived records too; all others leave them out, as `search_read` does. */
export const WITH_ARCHIVED: ReadonlySet<string> = new Set([
  'account.move.line.tax_ids',
  'crm.team.crm_team_member_all_ids',
  'purchase.order.line.taxes_id',
  'res.company.all_child_ids',
  'sale.order.line.tax_id',
]);
