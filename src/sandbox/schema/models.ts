// What fields_get does not say about Odoo's models: title, default order, naming field, parent of a tree.

export interface ModelTraits {
  title: string;
  order: string;
  recName: string;
  parent: string | null;
}

type Traits = readonly [title: string, order?: string, recName?: string, parent?: string];

const TRAITS: Readonly<Record<string, Traits>> = {
  'res.company': ['Companies', 'sequence, name', 'name', 'parent_id'],
  'res.users': ['User', 'name, login'],
  'res.groups': ['Access Groups', 'name', 'full_name'],
  'res.partner': ['Contact', 'complete_name, id desc', 'name', 'parent_id'],
  'res.partner.category': ['Partner Tags', 'name', 'name', 'parent_id'],
  'res.country': ['Country', 'name'],
  'res.country.state': ['Country state', 'code'],
  'res.currency': ['Currency', 'active desc, name'],
  'res.currency.rate': ['Currency Rate', 'name desc, id'],
  'res.lang': ['Languages', 'active desc, name'],
  'ir.sequence': ['Sequence', 'name, id'],
  'ir.module.module': ['Module', 'name'],
  'ir.model': ['Models', 'model'],
  'uom.category': ['Product UoM Categories', 'id'],
  'uom.uom': ['Product Unit of Measure', 'factor desc, id'],
  'stock.warehouse': ['Warehouse', 'sequence, id'],
  'stock.location': ['Inventory Locations', 'complete_name, id', 'complete_name', 'location_id'],
  'stock.picking.type': ['Picking Type', 'sequence, id'],
  'stock.route': ['Inventory Routes', 'sequence, id'],
  'stock.rule': ['Stock Rule', 'sequence, id'],
  'stock.move': ['Stock Move', 'sequence, id'],
  'stock.move.line': ['Product Moves (Stock Move Line)', 'result_package_id desc, id', 'product_id'],
  'stock.picking': ['Transfer', 'priority desc, scheduled_date, id desc'],
  'stock.quant': ['Quants', 'id', 'location_id'],
  'stock.quant.package': ['Packages', 'name'],
  'stock.lot': ['Lot/Serial', 'name, id'],
  'stock.scrap': ['Scrap', 'id desc'],
  'stock.warehouse.orderpoint': ['Minimum Inventory Rule', 'location_id, company_id, id'],
  'procurement.group': ['Procurement Group', 'id desc'],
  'resource.calendar': ['Resource Working Time', 'id'],
  'resource.calendar.attendance': ['Work Detail', 'week_type, dayofweek, hour_from'],
  'resource.calendar.leaves': ['Resource Time Off Detail', 'date_from'],
  'resource.resource': ['Resources', 'name'],
  'mrp.workcenter': ['Work Center', 'sequence, id'],
  'mrp.workcenter.capacity': ['Work Center Capacity', 'id'],
  'mrp.workcenter.tag': ['Add tag for the workcenter', 'id'],
  'mrp.workcenter.productivity': ['Workcenter Productivity Log', 'id desc', 'loss_id'],
  'mrp.workcenter.productivity.loss': ['Workcenter Productivity Losses', 'sequence, id'],
  'mrp.bom': ['Bill of Material', 'sequence, id'],
  'mrp.bom.line': ['Bill of Material Line', 'sequence, id', 'product_id'],
  'mrp.bom.byproduct': ['Byproduct', 'sequence', 'product_id'],
  'mrp.routing.workcenter': ['Work Center Usage', 'bom_id, sequence, id'],
  'mrp.production': ['Manufacturing Order', 'priority desc, date_start, id'],
  'mrp.workorder': ['Work Order', 'leave_id, date_start, id'],
  'mrp.unbuild': ['Unbuild Order', 'id desc'],
  'change.production.qty': ['Change Production Qty', 'id'],
  'product.category': ['Product Category', 'complete_name', 'complete_name', 'parent_id'],
  'product.template': ['Product', 'priority desc, name'],
  'product.product': ['Product Variant', 'priority desc, default_code, name, id'],
  'product.attribute': ['Product Attribute', 'sequence, id'],
  'product.attribute.value': ['Attribute Value', 'attribute_id, sequence, id'],
  'product.template.attribute.line': ['Product Template Attribute Line', 'sequence, attribute_id, id', 'attribute_id'],
  'product.template.attribute.value': [
    'Product Template Attribute Value',
    'attribute_line_id, product_attribute_value_id, id',
  ],
  'product.template.attribute.exclusion': ['Product Template Attribute Exclusion', 'product_tmpl_id, id'],
  'product.supplierinfo': ['Supplier Pricelist', 'sequence, min_qty desc, price, id', 'partner_id'],
  'product.pricelist': ['Pricelist', 'sequence, id desc'],
  'product.packaging': ['Product Packaging', 'product_id, sequence, id'],
  'product.tag': ['Product Tag', 'id'],
  'sale.order': ['Sales Order', 'date_order desc, id desc'],
  'sale.order.line': ['Sales Order Line', 'order_id, sequence, id'],
  'purchase.order': ['Purchase Order', 'priority desc, id desc'],
  'purchase.order.line': ['Purchase Order Line', 'order_id, sequence, id'],
  'account.tax': ['Tax', 'sequence, id'],
  'account.payment.term': ['Payment Terms', 'sequence, id'],
  'crm.team': ['Sales Team', 'sequence, create_date desc, id desc'],
  'loyalty.program': ['Loyalty Program', 'id'],
  'loyalty.card': ['Loyalty Coupon', 'id', 'code'],
  'pos.order': ['Point of Sale Orders', 'date_order desc, name desc, id desc'],
  'pos.order.line': ['Point of Sale Order Lines', 'id', 'product_id'],
  'pos.payment': ['Point of Sale Payments', 'id desc'],
  'pos.payment.method': ['Point of Sale Payment Methods', 'id'],
  'mail.message': ['Message', 'id desc', 'record_name'],
  'mrp.skill': ['Skill', 'id'],
  'mrp.workcenter.skill': ['Work Center Skill', 'id', 'skill'],
  'mrp.secondary.workcenter': ['Secondary Work Center', 'id', 'workcenter_id'],
  'mrp.workorder.secondary.workcenter': ['Secondary Work Center of a Work Order', 'id', 'workcenter_id'],
};

export function traitsOf(model: string): ModelTraits {
  const traits = TRAITS[model];
  return {
    title: traits?.[0] ?? model,
    order: traits?.[1] ?? 'id',
    recName: traits?.[2] ?? 'name',
    parent: traits?.[3] ?? null,
  };
}
