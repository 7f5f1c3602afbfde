// Plans over the recorded demo data: as many orders as a test wants.

import { planOf } from './wire.ts';

const VENDORS = [9, 10, 11, 12, 13, 14, 15];
const PRODUCTS = [16, 17, 18, 19, 20, 21, 56, 57, 59];

function day(offset: number): string {
  return new Date(Date.UTC(2026, 11, 1 + (offset % 60))).toISOString().slice(0, 10);
}

/** New orders of all kinds: of ten, five purchases, three manufacturing orders (two with steps), two transfers. */
export function mixedOrders(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const reference = 1_000 + index;
    const start = `${day(index)} 08:00:00`;
    const end = `${day(index)} 16:00:00`;
    const quantity = 1 + (index % 7);
    const product = PRODUCTS[index % PRODUCTS.length];
    const dates = `start="${start}" end="${end}" quantity="${quantity}.00000000"`;
    const kind = index % 10;
    if (kind < 5) {
      const vendor = VENDORS[index % VENDORS.length];
      return `<operationplan reference="${reference}" ordertype="PO" item="p" location="WH" supplier="v ${vendor}" ${dates} location_id="1" item_id="1,${product}"/>`;
    }
    if (kind < 8) {
      const steps =
        kind === 7
          ? ''
          : `<workorder operation="s - varnishing chair - 7" start="${day(index)} 08:00:00" end="${day(index)} 09:00:00"><resource name="r" id="6"/></workorder><workorder operation="s - polishing chair - 8" start="${day(index)} 10:00:00" end="${day(index)} 11:00:00"><resource name="r" id="7"/></workorder>`;
      return `<operationplan reference="${reference}" ordertype="MO" item="varnished chair" location="WH" operation="varnished chair @ WH 11" ${dates} location_id="1" item_id="1,58">${steps}</operationplan>`;
    }
    return `<operationplan status="proposed" reference="${reference}" ordertype="DO" item="p" origin="WH" destination="CHIC1" ${dates} origin_id="1" destination_id="2" item_id="1,${product}"/>`;
  });
}

export function mixedPlan(count: number): string {
  return planOf(mixedOrders(count));
}
