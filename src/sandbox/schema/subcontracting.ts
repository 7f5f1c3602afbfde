// What the subcontracting app adds to a plain Odoo 17; the demo company has it installed.

import type { CompactSchema } from './build.ts';

export const SUBCONTRACTING_FIELDS: CompactSchema = {
  'res.company': 'subcontracting_location_id m2o(stock.location)',
  'res.partner': `
    property_stock_subcontractor m2o(stock.location) "Subcontractor Location"
    is_subcontractor bool ~ < "Subcontractor"`,
  'stock.location': 'is_subcontracting_location bool "Is a Subcontracting Location?"',
  'stock.warehouse': `
    subcontracting_to_resupply bool "Resupply Subcontractors"
    subcontracting_type_id m2o(stock.picking.type) "Subcontracting Operation Type"`,
  'stock.move': 'is_subcontract bool',
  'product.supplierinfo': 'is_subcontractor bool ~ < "Subcontracted"',
  'mrp.bom': 'subcontractor_ids m2m(res.partner) "Subcontractors"',
  'mrp.production': `
    subcontracting_has_been_recorded bool
    subcontractor_id m2o(res.partner)`,
};

/** The bill's own type of the app. */
export const SUBCONTRACTING_BOM_TYPE = ['subcontract', 'Subcontracting'] as const;
