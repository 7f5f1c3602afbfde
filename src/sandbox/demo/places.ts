// Two warehouses, the plant in Martigny and a depot in Basel that the plant resupplies; locations, operation types, routes.

import { COMPANY } from './base.ts';
import type { Demo } from './builder.ts';

export const MARTIGNY = 1;
export const BASEL = 2;
export const MAR_STOCK = 8;
export const BAS_STOCK = 28;
export const TRANSIT = 13;
export const SUBCONTRACTOR_STOCK = 39;
export const ROUTE_BUY = 11;
export const ROUTE_MAKE = 8;
export const ROUTE_RESUPPLY_BASEL = 15;

export function addPlaces(demo: Demo): void {
  addLocations(demo);
  addWarehouses(demo);
  addPickingTypes(demo);
  addRoutes(demo);
}

function addLocations(demo: Demo): void {
  const location = (
    id: number,
    name: string,
    usage: string,
    parent: number | false,
    values: Record<string, unknown> = {},
  ): void => {
    demo.add('stock.location', { id, name, usage, location_id: parent, active: true, company_id: COMPANY, ...values });
  };
  const common = { company_id: false };
  location(1, 'Physical Locations', 'view', false, common);
  location(2, 'Partners', 'view', false, common);
  location(3, 'Virtual Locations', 'view', false, common);
  location(4, 'Vendors', 'supplier', 2, common);
  location(5, 'Customers', 'customer', 2, common);
  location(7, 'MAR', 'view', 1, { warehouse_id: MARTIGNY });
  location(MAR_STOCK, 'Stock', 'internal', 7, {
    warehouse_id: MARTIGNY,
    replenish_location: true,
    barcode: 'MAR-STOCK',
  });
  location(9, 'Shelf castings', 'internal', MAR_STOCK, { warehouse_id: MARTIGNY });
  location(10, 'Alloy bay', 'internal', MAR_STOCK, { warehouse_id: MARTIGNY });
  location(TRANSIT, 'Inter-warehouse transit', 'transit', 1);
  location(14, 'Inventory adjustment', 'inventory', 3);
  location(15, 'Production', 'production', 3);
  location(16, 'Scrap', 'inventory', 3, { scrap_location: true });
  location(27, 'BAS', 'view', 1, { warehouse_id: BASEL });
  location(BAS_STOCK, 'Stock', 'internal', 27, { warehouse_id: BASEL, replenish_location: true, barcode: 'BAS-STOCK' });
  location(SUBCONTRACTOR_STOCK, 'Subcontracting Location', 'internal', 1, { is_subcontracting_location: true });
}

function addWarehouses(demo: Demo): void {
  const warehouse = (id: number, name: string, code: string, values: Record<string, unknown>): void => {
    demo.add('stock.warehouse', {
      id,
      name,
      code,
      active: true,
      company_id: COMPANY,
      partner_id: 1,
      sequence: id * 10,
      reception_steps: 'one_step',
      delivery_steps: 'ship_only',
      manufacture_steps: 'mrp_one_step',
      manufacture_to_resupply: id === MARTIGNY,
      buy_to_resupply: true,
      ...values,
    });
  };
  warehouse(MARTIGNY, 'Martigny plant', 'MAR', {
    view_location_id: 7,
    lot_stock_id: MAR_STOCK,
    in_type_id: 1,
    out_type_id: 2,
    int_type_id: 5,
    manu_type_id: 13,
    route_ids: [2, 3],
    reception_route_id: 2,
    delivery_route_id: 3,
    buy_pull_id: 19,
    manufacture_pull_id: 11,
    resupply_wh_ids: [],
    subcontracting_to_resupply: true,
    subcontracting_type_id: 18,
  });
  warehouse(BASEL, 'Basel depot', 'BAS', {
    view_location_id: 27,
    lot_stock_id: BAS_STOCK,
    in_type_id: 6,
    out_type_id: 7,
    int_type_id: 10,
    manu_type_id: 16,
    route_ids: [5, 6],
    reception_route_id: 5,
    delivery_route_id: 6,
    buy_pull_id: 20,
    resupply_wh_ids: [MARTIGNY],
    resupply_route_ids: [ROUTE_RESUPPLY_BASEL],
  });
}

function addPickingTypes(demo: Demo): void {
  const type = (
    id: number,
    name: string,
    code: string,
    letters: string,
    warehouse: number,
    sequence: number,
    from: number | false,
    to: number | false,
  ): void => {
    demo.add('stock.picking.type', {
      id,
      name,
      code,
      sequence_code: letters,
      sequence_id: sequence,
      warehouse_id: warehouse,
      company_id: COMPANY,
      active: true,
      sequence: id,
      default_location_src_id: from,
      default_location_dest_id: to,
      reservation_method: 'at_confirm',
      create_backorder: 'ask',
    });
  };
  type(1, 'Receipts', 'incoming', 'IN', MARTIGNY, 1, false, MAR_STOCK);
  type(2, 'Delivery Orders', 'outgoing', 'OUT', MARTIGNY, 2, MAR_STOCK, false);
  type(5, 'Internal Transfers', 'internal', 'INT', MARTIGNY, 3, MAR_STOCK, MAR_STOCK);
  type(6, 'Receipts', 'incoming', 'IN', BASEL, 5, false, BAS_STOCK);
  type(7, 'Delivery Orders', 'outgoing', 'OUT', BASEL, 6, BAS_STOCK, false);
  type(10, 'Internal Transfers', 'internal', 'INT', BASEL, 7, BAS_STOCK, BAS_STOCK);
  type(13, 'Manufacturing', 'mrp_operation', 'MO', MARTIGNY, 4, MAR_STOCK, MAR_STOCK);
  type(16, 'Manufacturing', 'mrp_operation', 'MO', BASEL, 8, BAS_STOCK, BAS_STOCK);
  type(18, 'Subcontracting', 'mrp_operation', 'SBC', MARTIGNY, 9, SUBCONTRACTOR_STOCK, MAR_STOCK);
}

function addRoutes(demo: Demo): void {
  const route = (id: number, name: string, sequence: number, values: Record<string, unknown> = {}): void => {
    demo.add('stock.route', {
      id,
      name,
      sequence,
      active: true,
      company_id: false,
      product_selectable: true,
      ...values,
    });
  };
  route(1, 'Replenish on Order (MTO)', 5, { sale_selectable: true });
  route(2, 'Martigny plant: Receive in 1 step (stock)', 9, {
    company_id: COMPANY,
    product_selectable: false,
    warehouse_ids: [MARTIGNY],
  });
  route(3, 'Martigny plant: Deliver in 1 step (ship)', 10, {
    company_id: COMPANY,
    product_selectable: false,
    warehouse_ids: [MARTIGNY],
  });
  route(5, 'Basel depot: Receive in 1 step (stock)', 9, {
    company_id: COMPANY,
    product_selectable: false,
    warehouse_ids: [BASEL],
  });
  route(6, 'Basel depot: Deliver in 1 step (ship)', 10, {
    company_id: COMPANY,
    product_selectable: false,
    warehouse_ids: [BASEL],
  });
  route(ROUTE_MAKE, 'Manufacture', 10);
  route(ROUTE_BUY, 'Buy', 5);
  route(ROUTE_RESUPPLY_BASEL, 'Basel depot: Supply Product from Martigny plant', 15, {
    company_id: COMPANY,
    supplied_wh_id: BASEL,
    supplier_wh_id: MARTIGNY,
    warehouse_ids: [BASEL],
  });
  const rule = (
    id: number,
    name: string,
    route_id: number,
    action: string,
    warehouse: number,
    type: number,
    from: number | false,
    to: number,
    values: Record<string, unknown> = {},
  ): void => {
    demo.add('stock.rule', {
      id,
      name,
      route_id,
      action,
      warehouse_id: warehouse,
      picking_type_id: type,
      location_src_id: from,
      location_dest_id: to,
      active: true,
      company_id: COMPANY,
      procure_method: 'make_to_stock',
      auto: 'manual',
      delay: 0,
      sequence: 20,
      group_propagation_option: 'propagate',
      ...values,
    });
  };
  rule(2, 'MAR: Stock → Customers', 3, 'pull', MARTIGNY, 2, MAR_STOCK, 5);
  rule(5, 'MAR: Stock → Customers (MTO)', 1, 'pull', MARTIGNY, 2, MAR_STOCK, 5, { procure_method: 'mts_else_mto' });
  rule(7, 'BAS: Stock → Customers', 6, 'pull', BASEL, 7, BAS_STOCK, 5);
  rule(11, 'MAR: Stock (Production)', ROUTE_MAKE, 'manufacture', MARTIGNY, 13, false, MAR_STOCK, {
    procure_method: 'make_to_order',
  });
  rule(19, 'MAR: Stock (Buy)', ROUTE_BUY, 'buy', MARTIGNY, 1, false, MAR_STOCK, { group_propagation_option: 'none' });
  rule(20, 'BAS: Stock (Buy)', ROUTE_BUY, 'buy', BASEL, 6, false, BAS_STOCK, { group_propagation_option: 'none' });
  rule(25, 'MAR: Stock → Inter-warehouse transit', ROUTE_RESUPPLY_BASEL, 'pull', MARTIGNY, 5, MAR_STOCK, TRANSIT);
  rule(26, 'BAS: Inter-warehouse transit → Stock', ROUTE_RESUPPLY_BASEL, 'pull', BASEL, 6, TRANSIT, BAS_STOCK, {
    procure_method: 'make_to_order',
    delay: 2,
  });
}
