// All behaviours, by model.

import type { Behaviour } from './behaviour.ts';
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
import { moveName, quant, saleLineName, workorderNames } from './order-names.ts';
import { productProduct } from './product.product.ts';
import { productTemplate } from './product.template.ts';
import { partner } from './res.partner.ts';

export const BEHAVIOURS: ReadonlyMap<string, Behaviour> = new Map<string, Behaviour>([
  ['res.partner.category', partnerCategory],
  ['res.groups', groups],
  ['product.category', productCategory],
  ['product.product', productProduct],
  ['product.template', productTemplate],
  ['product.attribute.value', attributeValue],
  ['product.template.attribute.value', templateAttributeValue],
  ['product.pricelist', pricelist],
  ['stock.location', stockLocation],
  ['stock.picking.type', pickingType],
  ['mrp.bom', bom],
  ['res.partner', partner],
  ['stock.quant', quant],
  ['sale.order.line', { displayName: saleLineName }],
  ['stock.move', { displayName: moveName }],
  ['mrp.workorder', workorderNames],
]);
