// The demo company: Vallon Druckguss SA, which makes die-cast parts. Made up by us, the same in every run, dated around the clock.

import { POOL_FIELDS } from '../schema/pools.ts';
import { SHOP_FIELDS } from '../schema/shop.ts';
import { SUBCONTRACTING_FIELDS } from '../schema/subcontracting.ts';
import type { DataSet } from '../store/load.ts';
import { addBase } from './base.ts';
import { addBills } from './bills.ts';
import { createDemo } from './builder.ts';
import { addCapacity } from './capacity.ts';
import { addPartners, addVendorPrices } from './partners.ts';
import { addPlaces } from './places.ts';
import { addProducts, costs } from './products.ts';
import { addShop } from './shop.ts';
import { addReorderRules } from './stock.ts';
import { tell } from './story.ts';

export function demoCompany(now: Date): DataSet {
  const demo = createDemo(now);
  addBase(demo);
  addPlaces(demo);
  addCapacity(demo);
  addPartners(demo);
  addProducts(demo);
  addVendorPrices(demo);
  addBills(demo);
  addReorderRules(demo);
  addShop(demo);
  const master: DataSet = {
    records: demo.records,
    apps: [SUBCONTRACTING_FIELDS, POOL_FIELDS, SHOP_FIELDS],
    costs: costs(),
    serverVersion: '17.0',
  };
  return tell(master, now);
}
