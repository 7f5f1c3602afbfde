// From whom what is missing is bought: the vendor that Odoo would choose, and at least what he sells.
import { expect, it } from 'vitest';
import type { OdooWriter } from '../../src/connector/odoo/writer.ts';
import { chooseOffers } from '../../src/mail/orders/offers.ts';
import { unitsOf } from '../../src/mapping/units.ts';

const UNITS = unitsOf([
  { id: 1, name: 'Units', category_id: 1, factor: 1 },
  { id: 2, name: 'Dozens', category_id: 1, factor: 1 / 12 },
]);

const vendor = (id: number, values: object) => ({
  id,
  partner_id: id,
  product_tmpl_id: 7,
  product_id: null,
  company_id: null,
  sequence: id,
  min_qty: 0,
  price: 1,
  date_start: null,
  date_end: null,
  product_uom: 1,
  ...values,
});

async function bought(quantity: number, offers: object[]) {
  const read = async ({ model }: { model: string }) =>
    model === 'product.product' ? [{ id: 70, product_tmpl_id: 7, uom_id: 1, uom_po_id: 1 }] : offers;
  const writer = { major: 17, read } as unknown as OdooWriter;
  const chosen = await chooseOffers([{ product: 70, quantity }], {
    writer,
    units: UNITS,
    company: 1,
    today: '2026-11-23',
  });
  return chosen.get(70);
}

it('takes the first vendor who sells so little', async () => {
  expect(await bought(5, [vendor(1, { min_qty: 100 }), vendor(2, { min_qty: 5 })])).toEqual({ vendor: 2, quantity: 5 });
});

it('buys the least of the first vendor where nobody sells so little, in the vendor’s unit', async () => {
  const offers = [vendor(1, { min_qty: 2, product_uom: 2 }), vendor(2, { min_qty: 50 })];
  expect(await bought(5, offers)).toEqual({ vendor: 1, quantity: 24 });
  expect(await bought(30, offers)).toEqual({ vendor: 1, quantity: 30 });
});

it('leaves out prices of other variants, companies and times', async () => {
  const offers = [
    vendor(1, { product_id: 71 }),
    vendor(2, { company_id: 2 }),
    vendor(3, { date_end: '2026-11-22' }),
    vendor(4, { date_start: '2026-11-24' }),
    vendor(5, {}),
  ];
  expect(await bought(5, offers)).toEqual({ vendor: 5, quantity: 5 });
  expect(await bought(5, [])).toBeUndefined();
});
