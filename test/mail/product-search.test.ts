// What a person types for a product, and what is offered for it.
import { describe, expect, it } from 'vitest';
import { type CatalogueProduct, catalogueOf } from '../../src/mail/catalogue.ts';
import { findProducts, unitsFor } from '../../src/mail/product-search.ts';

let serial = 100;
const product = (code: string | null, name: string, more: Partial<CatalogueProduct> = {}): CatalogueProduct => ({
  id: ++serial,
  default_code: code,
  name: { en_US: name },
  barcode: null,
  uom: 'Units',
  active: true,
  saleOk: true,
  type: 'product',
  free: 0,
  price: 1,
  vendor: null,
  leadDays: 0,
  ...more,
});
const catalogue = catalogueOf({
  products: [
    product('HG-241', 'Hinge, nickel-plated', { barcode: '7612345000017' }),
    product('HG-24', 'Hinge', { name: { en_US: 'Hinge', fr_FR: 'Charnière' } }),
    product('HG-240', 'Hinge, textured'),
    product('PH-120', 'Pump housing', { uom: 'kg' }),
    product('PH-121', 'Housing of a pump', { active: false }),
    product('PH-122', 'Raw housing', { saleOk: false }),
    product(null, 'Spare part for HG-24'),
  ],
  partners: [],
  customerCodes: [],
});
const codes = (typed: string, limit = 10) => findProducts(catalogue, typed, limit).map((each) => each.default_code);

describe('products for what is typed', () => {
  it.each([
    ['hg-24', ['HG-24', 'HG-240', 'HG-241', null]],
    ['charniere', ['HG-24']],
    ['hinge nick', ['HG-241']],
    ['plated hinge', ['HG-241']],
    ['7612345000017', ['HG-241']],
    ['housing', ['PH-120']],
    ['ousin', ['PH-120']],
    ['103', ['HG-240']],
    ['nothing like it', []],
  ])('%s', (typed, expected) => expect(codes(typed)).toEqual(expected));

  it('are all that are for sale when nothing is typed, as many as wanted', () => {
    expect(codes('')).toHaveLength(5);
    expect(codes('', 2)).toHaveLength(2);
  });

  it('come with the units that measure the same, their own first', () => {
    const [housing] = findProducts(catalogue, 'PH-120', 1);
    const rows = [
      { id: 1, name: 'g' },
      { id: 2, name: 'kg' },
      { id: 3, name: 'Units' },
      { id: 4, name: 't', active: false },
    ];
    const known = { products: catalogue.products, units: catalogue.units, unitRows: { rows, names: new Map() } };
    expect(unitsFor(housing!, known)).toEqual(['kg', 'g']);
    expect(unitsFor(housing!, catalogue)).toEqual(['kg']);
  });
});
