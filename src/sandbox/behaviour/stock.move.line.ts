// Move lines: what of a move lies where, with lot and package; most of it is copied from the move.

import { nowText } from '../orm/env.ts';
import type { Behaviour } from './behaviour.ts';
import { numberOf, target } from './tools.ts';

export const stockMoveLine: Behaviour = {
  defaults: (env, given) => {
    const move = target(env, 'stock.move', given.move_id);
    return {
      date: nowText(env),
      quantity: 0,
      quantity_product_uom: numberOf(given.quantity),
      picked: move?.picked ?? false,
      product_uom_id: move?.product_uom ?? false,
      picking_id: move?.picking_id ?? false,
      company_id: move?.company_id ?? env.companies[0] ?? false,
      location_id: move?.location_id ?? false,
      location_dest_id: move?.location_dest_id ?? false,
      reference: move?.reference ?? false,
      workorder_id: move?.workorder_id ?? false,
      production_id: move?.production_id ?? move?.raw_material_production_id ?? false,
    };
  },
};
