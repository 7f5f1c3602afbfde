// Mail orders as commands for Odoo: pure.
import { describe, expect, it } from 'vitest';
import {
  addressCommand,
  newPartner,
  orderingPartner,
  partnerOf,
  postalAddress,
} from '../../src/mapping/partner-commands.ts';
import type { OdooRow } from '../../src/mapping/records.ts';
import { type SaleContext, type SaleWish, saleOrderValues } from '../../src/mapping/sale-commands.ts';
import { zone } from '../../src/mapping/time.ts';
import { unitsOf } from '../../src/mapping/units.ts';

const UNITS: OdooRow[] = [
  { id: 1, name: 'Units', category_id: 1, factor: 1 },
  { id: 2, name: 'Dozens', category_id: 1, factor: 1 / 12 },
  { id: 3, name: 'kg', category_id: 2, factor: 1 },
];
const PRODUCTS: OdooRow[] = [
  { id: 10, display_name: '[A] Thing', active: true, sale_ok: true, type: 'product', uom_id: 1 },
  { id: 11, display_name: 'Old', active: false, sale_ok: true, type: 'product', uom_id: 1 },
  { id: 12, display_name: 'Tool', active: true, sale_ok: null, type: 'product', uom_id: 1 },
];

function context(major = 17, timezone = 'Europe/Zurich'): SaleContext {
  const tables = new Map([
    ['uom.uom', new Map(UNITS.map((row) => [row.id, row]))],
    ['product.product', new Map(PRODUCTS.map((row) => [row.id, row]))],
  ]);
  return {
    major,
    company: 1,
    zone: zone(timezone),
    units: unitsOf(UNITS),
    table: (model) => tables.get(model) ?? new Map(),
  };
}

const WISH: SaleWish = {
  token: 'abcdefghij1234',
  partner: 7,
  shipping: null,
  reference: 'K-1',
  lines: [{ product: 10, quantity: 2, unit: 'Dozens', day: '2026-12-14' }],
  confirmed: true,
  today: '2026-11-21',
};

function valuesOf(wish: Partial<SaleWish>, given = context()): Record<string, unknown> {
  const outcome = saleOrderValues(given, { ...WISH, ...wish });
  if (!outcome.ok) throw new Error(outcome.reason);
  return { ...outcome.values };
}

describe('a sales order', () => {
  it('has our key, the customer’s reference, units of Odoo, and the day at noon of the company’s zone', () => {
    expect(valuesOf({})).toEqual({
      partner_id: 7,
      company_id: 1,
      client_order_ref: 'K-1',
      origin: 'planbridge abcdefghij1234 - mail',
      commitment_date: '2026-12-14 11:00:00',
      order_line: [[0, 0, { product_id: 10, product_uom_qty: 2, product_uom: 2 }]],
    });
    expect(valuesOf({}, context(19, 'America/New_York'))).toMatchObject({
      commitment_date: '2026-12-14 17:00:00',
      order_line: [[0, 0, { product_uom_id: 2 }]],
    });
  });
  it('gives lines that want different days a lead time each; a quotation keeps the earliest for all', () => {
    const lines = [
      { product: 10, quantity: 1, unit: null, day: '2026-12-14' },
      { product: 10, quantity: 1, unit: null, day: '2026-12-20' },
      { product: 10, quantity: 1, unit: null, day: null },
    ];
    const values = valuesOf({ lines });
    expect(values.commitment_date).toBeUndefined();
    expect(values.order_line).toMatchObject([
      [0, 0, { customer_lead: 23 }],
      [0, 0, { customer_lead: 29 }],
      [0, 0, {}],
    ]);
    expect(valuesOf({ lines, confirmed: false }).commitment_date).toBe('2026-12-14 11:00:00');
  });
  it.each([
    ['archived', { product: 11, quantity: 1, unit: null, day: null }, /archived/],
    ['not for sale', { product: 12, quantity: 1, unit: null, day: null }, /not for sale/],
    ['gone', { product: 99, quantity: 1, unit: null, day: null }, /not in Odoo/],
    ['of another unit', { product: 10, quantity: 1, unit: 'kg', day: null }, /cannot be ordered in "kg"/],
    ['without a quantity', { product: 10, quantity: 0, unit: null, day: null }, /quantity 0/],
  ])('is not made of a product that is %s', (_, line, reason) => {
    expect(saleOrderValues(context(), { ...WISH, lines: [line] })).toEqual({
      ok: false,
      reason: expect.stringMatching(reason),
    });
  });
});

describe('a customer', () => {
  const company: OdooRow = {
    id: 1,
    name: 'Acme',
    email_normalized: 'info@acme.example',
    active: true,
    is_company: true,
  };
  const contact: OdooRow = {
    id: 5,
    name: 'Ann',
    email_normalized: 'ann@acme.example',
    active: true,
    is_company: null,
    parent_id: 1,
    commercial_partner_id: 1,
  };
  it('is found by address whatever its case, in use before archived, the person before the company', () => {
    const archived = { ...contact, id: 2, active: false };
    const shared = { ...company, id: 3, email_normalized: 'ann@acme.example' };
    expect(partnerOf(' Ann@ACME.example', [archived, shared, contact])?.id).toBe(5);
    expect(partnerOf('bob@acme.example', [company, contact])).toBeUndefined();
    expect(orderingPartner(contact)).toBe(1);
    expect(orderingPartner(company)).toBe(1);
  });
  it('is made with what the mail says', () => {
    expect(newPartner('Ann@New.example', ' Ann\r\nBcc: x ', 'Rue 1, 1205 Genève')).toEqual({
      name: 'Ann Bcc: x',
      email: 'ann@new.example',
      is_company: false,
      customer_rank: 1,
      street: 'Rue 1',
      zip: '1205',
      city: 'Genève',
    });
  });
  it('keeps his address; another one is a delivery address, once', () => {
    const partner: OdooRow = { ...company, street: 'Hauptstraße 3', zip: '5000', city: 'Aarau' };
    expect(addressCommand(company, [], 'Rue 1').kind).toBe('fill');
    expect(addressCommand(partner, [], 'hauptstraße 3,\n5000 Aarau').kind).toBe('own');
    expect(addressCommand(partner, [], 'Hauptstraße 3').kind).toBe('own');
    const command = addressCommand(partner, [], 'Werk 2, 5001 Aarau');
    expect(command).toEqual({
      kind: 'create',
      values: { parent_id: 1, type: 'delivery', name: 'Acme', street: 'Werk 2', zip: '5001', city: 'Aarau' },
    });
    const child: OdooRow = {
      id: 9,
      parent_id: 1,
      type: 'delivery',
      active: true,
      street: 'Werk 2',
      zip: '5001',
      city: 'Aarau',
    };
    expect(addressCommand(partner, [child], 'Werk 2, 5001 Aarau')).toEqual({ kind: 'known', shipping: 9 });
    expect(addressCommand(partner, [{ ...child, active: false }], 'Werk 2, 5001 Aarau').kind).toBe('create');
  });
  it.each([
    ['chemin de soleil, 1223, Geneva', { street: 'chemin de soleil', zip: '1223', city: 'Geneva' }],
    [
      'Rue des Fondeurs 12\nBâtiment C\n1205 Genève',
      { street: 'Rue des Fondeurs 12', street2: 'Bâtiment C', zip: '1205', city: 'Genève' },
    ],
    ['Keizersgracht 1, 1015 CN Amsterdam', { street: 'Keizersgracht 1', zip: '1015 CN', city: 'Amsterdam' }],
  ])('%j is an address', (given, wanted) => {
    expect(postalAddress(given)).toEqual(wanted);
  });
});
