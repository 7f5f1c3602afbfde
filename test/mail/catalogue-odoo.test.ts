// The catalogue that is read from Odoo: names in all languages, variants, kits, customers' codes, units; and what changes later.
import { expect, test } from 'vitest';
import type { FieldInfo, OdooReader } from '../../src/connector/odoo/reader.ts';
import { openOdooCatalogue } from '../../src/mail/catalogue-odoo.ts';
import { parseMail } from '../../src/mail/parse.ts';
import { readMail } from '../../src/mail/read.ts';
import { rowsReader, type Values } from '../support/odoo-rows.ts';
import { inShort, rawMail, testContext } from './support.ts';

/** Fields as in support/odoo-models.ts: `name>model`, `name*model`, `name#`, `name?`, else text. */
const MODELS: Readonly<Record<string, string>> = {
  'res.lang': 'code active?',
  'res.country': 'code',
  'res.company': 'name parent_id>res.company',
  'res.partner':
    'name email is_company? parent_id>res.partner lang country_id>res.country company_id>res.company active? write_date',
  'uom.uom': 'name category_id>uom.category factor# active?',
  'stock.warehouse': 'name lot_stock_id>stock.location sequence# active?',
  'stock.location': 'usage location_id>stock.location active?',
  'stock.quant': 'product_id>product.product location_id>stock.location quantity# reserved_quantity# write_date',
  'stock.move': 'product_id>product.product write_date',
  'product.template':
    'name active? sale_ok? type is_storable? uom_id>uom.uom list_price# company_id>res.company write_date',
  'product.product':
    'default_code barcode active? product_tmpl_id>product.template product_template_attribute_value_ids*product.template.attribute.value write_date',
  'product.attribute.value': 'name',
  'product.template.attribute.line': 'sequence# attribute_id>product.attribute value_ids*product.attribute.value',
  'product.template.attribute.value':
    'product_attribute_value_id>product.attribute.value attribute_line_id>product.template.attribute.line write_date',
  'product.supplierinfo':
    'partner_id>res.partner product_tmpl_id>product.template product_id>product.product delay# sequence# active? company_id>res.company write_date',
  'product.customerinfo':
    'partner_id>res.partner product_code product_tmpl_id>product.template product_id>product.product active?',
  'mrp.bom':
    'type product_tmpl_id>product.template product_id>product.product product_qty# product_uom_id>uom.uom bom_line_ids*mrp.bom.line sequence# active?',
  'mrp.bom.line': 'bom_id>mrp.bom product_id>product.product product_qty# product_uom_id>uom.uom',
};

function fieldsOf(text: string): Map<string, FieldInfo> {
  return new Map(
    text.split(' ').map((field) => {
      const [, name = '', mark, relation] = /^(\w+)([>*#?])?(.*)$/.exec(field)!;
      const type = { '>': 'many2one', '*': 'many2many', '#': 'float', '?': 'boolean' }[mark ?? ''] ?? 'char';
      return [name, { type, stored: true, ...(relation && { relation }) }];
    }),
  );
}

const OLD = '2026-01-01 08:00:00';
const LATER = '2026-11-23 08:00:00';

function rows(): Record<string, Values[]> {
  const product = (id: number, code: string, values: Values = {}, own: Values = {}) => ({
    template: {
      id,
      name: code,
      sale_ok: true,
      is_storable: true,
      type: 'consu',
      uom_id: 1,
      list_price: 5,
      write_date: OLD,
      ...values,
    },
    own: { id, default_code: code, product_tmpl_id: id, write_date: OLD, ...own },
  });
  const products = [
    product(1, 'AA-1', { name: { en_US: 'Bracket', fr_FR: 'Équerre', de_DE: 'Winkel' } }, { barcode: '4000000000017' }),
    product(
      2,
      'BB-1',
      { name: { en_US: 'Plate', fr_FR: 'Plaque', de_DE: 'Platte' } },
      { product_template_attribute_value_ids: [1, 3, 4] },
    ),
    product(4, 'OLD', { active: false }, { active: false }),
    product(5, 'KIT', {}),
    product(6, 'SRV', { is_storable: false, type: 'service' }),
    product(7, 'SAND', { uom_id: 3 }),
  ];
  return {
    'res.lang': ['en_US', 'fr_FR', 'de_DE'].map((code, at) => ({ id: at + 1, code, active: true })),
    'res.country': [{ id: 1, code: 'DE' }],
    'res.company': [{ id: 1, name: 'Us' }],
    'res.partner': [
      { id: 20, name: 'Werk GmbH', is_company: true, country_id: 1, lang: 'de_DE', write_date: OLD },
      { id: 21, name: 'Ute', email: 'Ute <u.sander@werk.example>', parent_id: 20, write_date: OLD },
      { id: 22, name: 'Gone', email: 'gone@werk.example', active: false, write_date: OLD },
      { id: 23, name: 'Vendor', email: 'v@v.example', write_date: OLD },
    ],
    'uom.uom': [
      { id: 1, name: 'Units', category_id: 1, factor: 1 },
      { id: 2, name: { en_US: 'Box of 6', de_DE: 'Sechserpack' }, category_id: 1, factor: 1 / 6 },
      { id: 3, name: 'kg', category_id: 2, factor: 1 },
      { id: 4, name: { en_US: 'Big bag', fr_FR: 'Grand sac' }, category_id: 2, factor: 1 / 500 },
    ],
    // Orders leave from the first; what lies in the other, or at its receipt, is not free for them.
    'stock.warehouse': [
      { id: 1, name: 'W', lot_stock_id: 5, sequence: 1 },
      { id: 2, name: 'Depot', lot_stock_id: 4, sequence: 2 },
    ],
    'stock.location': [
      { id: 1, usage: 'view' },
      { id: 2, usage: 'internal', location_id: 5 },
      { id: 3, usage: 'internal', location_id: 1 },
      { id: 4, usage: 'internal' },
      { id: 5, usage: 'internal', location_id: 1 },
    ],
    'stock.quant': [
      { id: 1, product_id: 1, location_id: 2, quantity: 10, reserved_quantity: 3, write_date: OLD },
      { id: 2, product_id: 1, location_id: 3, quantity: 50, write_date: OLD },
      { id: 3, product_id: 1, location_id: 4, quantity: 50, write_date: OLD },
      { id: 4, product_id: 2, location_id: 2, quantity: 9, write_date: OLD },
    ],
    'stock.move': [],
    'product.template': products.map(({ template }) => template),
    'product.product': [
      ...products.map(({ own }) => own),
      {
        id: 3,
        default_code: 'BB-2',
        product_tmpl_id: 2,
        product_template_attribute_value_ids: [2, 3, 4],
        write_date: OLD,
      },
    ],
    'product.attribute.value': [
      { id: 11, name: { en_US: 'red', fr_FR: 'rouge' } },
      { id: 12, name: { en_US: 'blue', fr_FR: 'bleu' } },
      { id: 13, name: 'M8' },
      { id: 14, name: 'M10' },
      { id: 15, name: 'steel' },
    ],
    // Color stands behind the thread in names; the material is always the same.
    'product.template.attribute.line': [
      { id: 1, sequence: 20, attribute_id: 1, value_ids: [11, 12] },
      { id: 2, sequence: 10, attribute_id: 2, value_ids: [13, 14] },
      { id: 3, sequence: 5, attribute_id: 3, value_ids: [15] },
    ],
    'product.template.attribute.value': [
      { id: 1, attribute_line_id: 1, product_attribute_value_id: 11, write_date: OLD },
      { id: 2, attribute_line_id: 1, product_attribute_value_id: 12, write_date: OLD },
      { id: 3, attribute_line_id: 2, product_attribute_value_id: 13, write_date: OLD },
      { id: 4, attribute_line_id: 3, product_attribute_value_id: 15, write_date: OLD },
    ],
    'product.supplierinfo': [
      { id: 1, partner_id: 23, product_tmpl_id: 1, delay: 9, sequence: 2, write_date: OLD },
      { id: 2, partner_id: 20, product_tmpl_id: 1, delay: 4, sequence: 1, write_date: OLD },
    ],
    'product.customerinfo': [{ id: 1, partner_id: 21, product_code: 'W 77', product_tmpl_id: 1 }],
    'mrp.bom': [
      { id: 1, type: 'phantom', product_tmpl_id: 5, product_qty: 1, product_uom_id: 1, bom_line_ids: [1, 2] },
    ],
    'mrp.bom.line': [
      { id: 1, bom_id: 1, product_id: 1, product_qty: 2, product_uom_id: 1 },
      { id: 2, bom_id: 1, product_id: 6, product_qty: 1, product_uom_id: 1 },
    ],
  };
}

function readerOf(source: Record<string, Values[]>, without: readonly string[] = []): OdooReader {
  const models = new Map(Object.entries(MODELS).map(([name, text]) => [name, fieldsOf(text)]));
  for (const name of without) models.delete(name);
  return rowsReader(source, { models, pageSize: 2 });
}

test('products, variants, kits, vendors, partners and codes', async () => {
  const { catalogue } = await openOdooCatalogue(readerOf(rows()));
  expect(catalogue.product(1)).toEqual({
    id: 1,
    default_code: 'AA-1',
    name: { en_US: 'Bracket', fr_FR: 'Équerre', de_DE: 'Winkel' },
    barcode: '4000000000017',
    uom: 'Units',
    uomId: 1,
    active: true,
    saleOk: true,
    type: 'consu',
    free: 7,
    price: 5,
    vendor: 20,
    leadDays: 4,
  });
  expect(catalogue.byName('plaque (m8, bleu)')).toEqual([catalogue.product(3)]);
  expect(catalogue.byPartOfName('Plaque').map(({ id }) => id)).toEqual([2, 3]);
  expect(catalogue.product(4)).toMatchObject({ active: false });
  expect(catalogue.product(5)?.free).toBe(3);
  expect(catalogue.product(6)?.free).toBeNull();
  expect(catalogue.product(7)?.free).toBe(0);
  expect(catalogue.customer('u.sander@werk.example')).toMatchObject({ company: { id: 20 }, country: 'DE' });
  expect(catalogue.customer('gone@werk.example')).toBeUndefined();
  expect(catalogue.byCustomerCode('w 77', 20).map(({ id }) => id)).toEqual([1]);
});

test('an Odoo without vendors, kits, customers’ codes and variants', async () => {
  const lacking = ['product.supplierinfo', 'mrp.bom', 'product.customerinfo', 'product.template.attribute.value'];
  const { catalogue } = await openOdooCatalogue(readerOf(rows(), lacking));
  expect(catalogue.product(1)).toMatchObject({ vendor: null, leadDays: 0, free: 7 });
  expect(catalogue.byCustomerCode('W 77', 20)).toEqual([]);
});

test.each([
  ['2 Box of 6', 'AA-1', 'order | 1 2 Box of 6'],
  ['2 Sechserpack', 'AA-1', 'order | 1 2 Box of 6'],
  ['1/2 Box of 6', 'AA-1', 'order | 1 ? Units | 1 quantity not-a-number'],
  ['3 Stück', 'AA-1', 'order | 1 3 Units'],
  ['1 Grand sac', 'SAND', 'order | 7 1 Big bag'],
  ['1,5 grand sac', 'AA-1', 'order | 1 1.5 Big bag | 1 uom mismatch'],
  ['300 Big bag', 'SAND', 'order | 7 300 Big bag | 1 quantity absurd'],
  ['500 g', 'SAND', 'order | 7 500 g'],
])('units of this Odoo: %s', async (quantity, item, read) => {
  const { catalogue } = await openOdooCatalogue(readerOf(rows()));
  const mail = await parseMail(
    rawMail({ from: 'u.sander@werk.example', text: `Artikel: ${item}\nMenge: ${quantity}` }),
  );
  expect(inShort((await readMail(mail, { ...testContext(), catalogue })).reading)).toBe(read);
});

test('what was written later, and what is gone', async () => {
  const source = rows();
  const odoo = await openOdooCatalogue(readerOf(source));
  const { catalogue } = odoo;
  const change = (model: string, id: number, values: Values) =>
    Object.assign(source[model]!.find((row) => row.id === id)!, { write_date: LATER, ...values });
  change('product.template', 1, { name: { en_US: 'Angle', fr_FR: 'Équerre' } });
  change('res.partner', 21, { email: 'ute@werk.example' });
  change('res.partner', 23, { active: false });
  source['product.customerinfo'] = [];
  // The shelf is empty: Odoo deletes the quant, only the move tells.
  source['stock.quant'] = source['stock.quant']!.filter(({ id }) => id !== 1);
  source['stock.move'] = [{ id: 1, product_id: 1, write_date: LATER }];
  const follower = catalogue.follow();
  follower.take();
  expect(await odoo.refresh(readerOf(source))).toMatchObject({ products: 1 });
  expect(catalogue.byName('angle').map(({ id }) => id)).toEqual([1]);
  expect(catalogue.byName('bracket')).toEqual([]);
  expect(catalogue.customer('u.sander@werk.example')).toBeUndefined();
  expect(catalogue.customer('ute@werk.example')?.company.id).toBe(20);
  expect(catalogue.customer('v@v.example')).toBeUndefined();
  expect(catalogue.byCustomerCode('W 77', 20)).toEqual([]);
  expect([catalogue.product(1)?.free, catalogue.product(5)?.free]).toEqual([0, 0]);
  expect(follower.take()).toMatchObject({ products: [{ id: 1 }], droppedPartners: [23], customerCodes: [] });
  expect(follower.take()).toBeNull();
  source['product.product'] = source['product.product']!.filter(({ id }) => id !== 7);
  await odoo.refresh(readerOf(source), { full: true });
  expect(odoo.catalogue).toBe(catalogue);
  expect(catalogue.product(7)).toBeUndefined();
});

test('free stock of a few products as it is now, parts of kits too', async () => {
  const source = rows();
  const odoo = await openOdooCatalogue(readerOf(source));
  Object.assign(source['stock.quant']![0]!, { quantity: 100 });
  const reader = readerOf(source);
  await odoo.refreshFree(reader, [5]);
  expect([1, 2, 5].map((id) => odoo.catalogue.product(id)?.free)).toEqual([97, 9, 48]);
});
