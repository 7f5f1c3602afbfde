// Who is who, and whose is what (connector.md 5.4).

import { describe, expect, test } from 'vitest';
import { onhand } from '../support/export.ts';
import { smallOdoo } from '../support/small-odoo.ts';
import { production, purchase, sale, workorder } from '../support/small-orders.ts';

describe('E1: names that change', () => {
  test('Odoo’s ids come along, so that orders find their way back', async () => {
    const odoo = smallOdoo();
    const table = odoo.product('TABLE');
    const saw = odoo.workcenter('Saw');
    const plan = await odoo.export();
    expect(plan.items).toMatchObject([{ subcategory: `${odoo.unit},${table.id}` }]);
    expect(plan.locations).toMatchObject([{ subcategory: String(odoo.main.id) }]);
    expect(plan.resources).toMatchObject([{ category: String(saw) }]);
    expect(plan.customers.map((row) => row.name)).toContain(`Azure ${odoo.customer}`);
  });
});

describe('E2: references that two products share', () => {
  function catalogue(major: number, values: object = {}) {
    const odoo = smallOdoo({ major });
    odoo.product('A');
    odoo.product('B', { template: { name: 'one' } });
    odoo.product('B', { template: { name: 'two' }, ...values });
    odoo.product('', { template: { name: 'nameless' } });
    return odoo;
  }
  const namesOf = async (odoo: ReturnType<typeof smallOdoo>, options = {}) =>
    (await odoo.export({ options })).items.map((item) => item.name);

  test('up to Odoo 17 every item gets its long name, as frePPLe’s addon has it', async () => {
    expect(await namesOf(catalogue(17))).toEqual(['[A] a', '[B] one', '[B] two', 'nameless']);
  });

  test('an archived product counts', async () => {
    expect(await namesOf(catalogue(17, { active: false }))).toEqual(['[A] a', '[B] one', 'nameless']);
  });

  test('so does one of another company, whichever company is asked for', async () => {
    const odoo = catalogue(17);
    const other = odoo.add('res.company', { name: 'Other' });
    odoo.change('product.template', 3, { company_id: other });
    const both = { companyIds: [odoo.company, other] };
    const plan = await smallOdooOf(odoo, both).export({ singleCompany: true });
    expect(plan.items.map((item) => item.name)).toEqual(['[A] a', '[B] one', 'nameless']);
  });

  test('from Odoo 18 only those that share one do: nothing merges, nothing else is renamed', async () => {
    expect(await namesOf(catalogue(18))).toEqual(['A', '[B] one', '[B] two', 'nameless']);
  });

  test('without duplicates references are names', async () => {
    const odoo = smallOdoo();
    odoo.product('A');
    odoo.product('B');
    const plan = await odoo.export();
    expect(plan.items).toMatchObject([
      { name: 'A', description: 'a' },
      { name: 'B', description: 'b' },
    ]);
  });

  test('the sheet may choose', async () => {
    expect(await namesOf(catalogue(17), { itemNames: 'short' })).toEqual(['A', '[B] one', '[B] two', 'nameless']);
    expect(await namesOf(catalogue(18), { itemNames: 'long' })).toEqual(['[A] a', '[B] one', '[B] two', 'nameless']);
  });

  /** The same records, seen by another user. */
  function smallOdooOf(odoo: ReturnType<typeof smallOdoo>, user: object) {
    const seen = smallOdoo({ user });
    Object.assign(seen.rows, odoo.rows);
    return seen;
  }
});

describe('E3: persons', () => {
  const customers = async (individuals: 'shared' | 'separate') => {
    const odoo = smallOdoo();
    for (const name of ['Ann', 'Bob'])
      sale(odoo, odoo.product(`FOR ${name}`), 1, { partner_id: odoo.partner(name, { is_company: false }) });
    return (await odoo.export({ options: { individuals } })).demands.map((demand) => demand.customer);
  };

  test('are one customer, as frePPLe’s addon has it', async () => {
    expect(await customers('shared')).toEqual(['Individuals', 'Individuals']);
  });

  test('are one each, where the sheet says so', async () => {
    expect(await customers('separate')).toEqual(['Ann 3', 'Bob 4']);
  });

  test('who work for a company are that company', async () => {
    const odoo = smallOdoo();
    const contact = odoo.partner('Ann', { is_company: false, parent_id: odoo.customer });
    sale(odoo, odoo.product('TABLE'), 1, { partner_id: contact });
    expect((await odoo.export()).demands).toMatchObject([{ customer: `Azure ${odoo.customer}` }]);
  });
});

/** Acme with warehouse WH, and Birch with warehouse BW, calendar and lead time of its own. */
function twoCompanies() {
  const odoo = smallOdoo({ user: { companyIds: [1, 2] } });
  const birch = odoo.add('res.company', {
    name: 'Birch',
    currency_id: 1,
    respect_reservations: true,
    manufacturing_lead: 4,
  });
  const warehouse = odoo.warehouse('BW', { company_id: birch });
  const calendar = odoo.calendar('Birch hours');
  odoo.change('res.company', birch, { manufacturing_warehouse: warehouse.id, calendar });
  odoo.change('res.company', odoo.company, { manufacturing_warehouse: odoo.main.id });
  return { odoo, birch, warehouse };
}

describe('E4: two companies', () => {
  test('make in their own warehouses, with their own lead times', async () => {
    const { odoo, birch } = twoCompanies();
    odoo.bom(odoo.product('OURS'));
    odoo.bom(odoo.product('THEIRS'), { company_id: birch });
    const operations = (await odoo.export()).operations.map(({ item, location, posttime }) => [
      item,
      location,
      posttime,
    ]);
    expect(operations).toEqual([
      ['OURS', 'WH', 0],
      ['THEIRS', 'BW', 4 * 86_400],
    ]);
  });

  test('a bill of material is made where its operation type is', async () => {
    const { odoo, warehouse } = twoCompanies();
    const type = odoo.add('stock.picking.type', { code: 'mrp_operation', warehouse_id: warehouse.id });
    odoo.bom(odoo.product('TABLE'), { picking_type_id: type });
    expect((await odoo.export()).operations).toMatchObject([{ name: 'TABLE @ WH 1', location: 'BW' }]);
    const own = await odoo.export({ options: { operationNames: 'own warehouse' } });
    expect(own.operations).toMatchObject([{ location: 'BW' }]);
  });

  test('have their work centers and calendars at home', async () => {
    const { odoo, birch } = twoCompanies();
    odoo.workcenter('Saw');
    odoo.workcenter('Press', { company_id: birch });
    const plan = await odoo.export();
    expect(plan.resources.map(({ name, location }) => [name, location])).toEqual([
      ['Saw', 'WH'],
      ['Press', 'BW'],
    ]);
    expect(plan.locations.map(({ name, available }) => [name, available])).toEqual([
      ['WH', undefined],
      ['BW', 'Birch hours 1'],
    ]);
  });

  test('receive where the order’s operation type says', async () => {
    const { odoo, warehouse } = twoCompanies();
    const type = odoo.add('stock.picking.type', { code: 'incoming', warehouse_id: warehouse.id });
    purchase(odoo, odoo.product('LEG'), 5, { state: 'draft', picking_type_id: type });
    expect((await odoo.export()).orders).toMatchObject([{ location: 'BW' }]);
  });
});

describe('E5: an order with two work orders of one name', () => {
  test.each([17, 16])('has a reference for each (Odoo %d)', async (major) => {
    const odoo = smallOdoo({ major });
    const order = production(odoo, odoo.product('TABLE'), 1);
    for (const _round of [1, 2]) workorder(odoo, order, 'Paint', 10);
    const references = (await odoo.export()).orders.map((row) => row.reference!);
    expect(new Set(references).size).toBe(3);
    expect(references).toContain(major === 17 ? 'MO1 - Paint' : '1 - MO1 - table - Paint');
  });
});

describe('E6: one company alone', () => {
  test('has its own stock, orders and warehouses only', async () => {
    const { odoo, birch, warehouse } = twoCompanies();
    const leg = odoo.product('LEG');
    odoo.quant(leg, 5);
    odoo.quant(leg, 7, { location_id: warehouse.stock });
    sale(odoo, leg, 1, { warehouse_id: warehouse.id, company_id: birch });
    const alone = await odoo.export({ company: 'Acme', singleCompany: true });
    expect(alone.locations.map((row) => row.name)).toEqual(['WH']);
    expect(onhand(alone, 'LEG')).toEqual({ WH: 5 });
    expect(alone.demands).toEqual([]);
    const all = await odoo.export({ company: 'Acme' });
    expect(onhand(all, 'LEG')).toEqual({ WH: 5, BW: 7 });
  });
});
