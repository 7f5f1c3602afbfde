// All behaviours, by model.

import type { Behaviour } from './behaviour.ts';
import { changeProductionQuantity } from './change.production.qty.ts';
import { message, withMessages } from './messages.ts';
import { stockMove } from './moves.ts';
import { mrpProduction } from './mrp.production.ts';
import { mrpWorkorder } from './mrp.workorder.ts';
import {
  attributeValue,
  bom,
  groups,
  partnerCategory,
  pickingType,
  pricelist,
  productCategory,
  stockLocation,
  templateAttributeValue,
} from './names.ts';
import { quant } from './order-names.ts';
import { stockPicking } from './pickings.ts';
import { productProduct } from './product.product.ts';
import { productTemplate } from './product.template.ts';
import { purchaseOrderLine } from './purchase.order.line.ts';
import { purchaseOrder } from './purchase.order.ts';
import { partner } from './res.partner.ts';
import { users } from './res.users.ts';
import { saleOrderLine } from './sale.order.line.ts';
import { saleOrder } from './sale.order.ts';
import { stockMoveLine } from './stock.move.line.ts';
import { supplierInfo } from './vendors.ts';

export const BEHAVIOURS: ReadonlyMap<string, Behaviour> = new Map<string, Behaviour>([
  ['res.partner.category', partnerCategory],
  ['res.groups', groups],
  ['product.category', productCategory],
  ['product.product', productProduct],
  ['product.template', productTemplate],
  ['product.attribute.value', attributeValue],
  ['product.template.attribute.value', templateAttributeValue],
  ['product.pricelist', pricelist],
  ['product.supplierinfo', supplierInfo],
  ['stock.location', stockLocation],
  ['stock.picking.type', pickingType],
  ['mrp.bom', bom],
  ['res.partner', withMessages('res.partner', partner)],
  ['res.users', users],
  ['stock.quant', quant],
  ['sale.order', saleOrder],
  ['sale.order.line', saleOrderLine],
  ['purchase.order', purchaseOrder],
  ['purchase.order.line', purchaseOrderLine],
  ['stock.picking', withMessages('stock.picking', stockPicking)],
  ['stock.move', stockMove],
  ['stock.move.line', stockMoveLine],
  ['mrp.production', mrpProduction],
  ['mrp.workorder', mrpWorkorder],
  ['change.production.qty', changeProductionQuantity],
  ['mail.message', message],
]);
