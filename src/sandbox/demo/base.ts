// The company itself: currencies, languages, units, users and groups, numbers of documents.

import type { Demo } from './builder.ts';

export const COMPANY = 1;
export const UNITS = 1;
export const DOZENS = 2;
export const KG = 12;
export const GRAM = 13;
export const BOX_OF_200 = 27;
export const CHF = 1;
export const EUR = 2;
export const ADMIN = 2;
export const PLANNER = 6;
export const SALES = 7;

export function addBase(demo: Demo): void {
  addCompany(demo);
  addUnits(demo);
  addUsers(demo);
  addSequences(demo);
}

function addCompany(demo: Demo): void {
  demo.add('res.country', { id: 43, name: 'Switzerland', code: 'CH', currency_id: CHF });
  demo.add('res.country', { id: 57, name: 'Germany', code: 'DE', currency_id: EUR });
  demo.add('res.country', { id: 75, name: 'France', code: 'FR', currency_id: EUR });
  demo.add('res.currency', {
    id: CHF,
    name: 'CHF',
    symbol: 'CHF',
    active: true,
    rounding: 0.01,
    decimal_places: 2,
    position: 'after',
    rate: 1,
  });
  demo.add('res.currency', {
    id: EUR,
    name: 'EUR',
    symbol: '€',
    active: true,
    rounding: 0.01,
    decimal_places: 2,
    position: 'after',
    rate: 0.943,
  });
  demo.add('res.currency.rate', { name: demo.day(-365), rate: 0.971, currency_id: EUR, company_id: COMPANY });
  demo.add('res.currency.rate', { name: demo.day(-20), rate: 0.943, currency_id: EUR, company_id: COMPANY });
  for (const [code, name, active] of [
    ['en_US', 'English (US)', true],
    ['fr_CH', 'French (CH)', true],
    ['fr_FR', 'French', true],
    ['de_CH', 'German (CH)', true],
  ] as const) {
    demo.add('res.lang', { name, code, active });
  }
  demo.add('res.company', {
    id: COMPANY,
    name: 'Vallon Druckguss SA',
    active: true,
    partner_id: 1,
    currency_id: CHF,
    sequence: 1,
    email: 'info@vallon-druckguss.example',
    phone: '+41 27 555 01 00',
    street: 'Route des Ateliers 12',
    zip: '1920',
    city: 'Martigny',
    country_id: 43,
    po_lead: 1,
    po_lock: 'edit',
    manufacturing_lead: 0,
    security_lead: 1,
    days_to_purchase: 0,
    resource_calendar_id: 1,
    internal_transit_location_id: 13,
    subcontracting_location_id: 39,
    user_ids: [1, 2, 6, 7, 8],
  });
  demo.add('account.tax', {
    id: 1,
    name: 'VAT 8.1%',
    amount: 8.1,
    amount_type: 'percent',
    type_tax_use: 'sale',
    active: true,
    company_id: COMPANY,
    sequence: 1,
  });
  demo.add('account.tax', {
    id: 2,
    name: 'Input VAT 8.1%',
    amount: 8.1,
    amount_type: 'percent',
    type_tax_use: 'purchase',
    active: true,
    company_id: COMPANY,
    sequence: 1,
  });
  demo.add('account.payment.term', { id: 1, name: '30 Days', active: true });
  demo.add('account.payment.term', { id: 2, name: '60 Days', active: true });
  demo.add('crm.team', { id: 1, name: 'Sales', active: true, company_id: COMPANY, user_id: SALES });
  for (const name of [
    'sale_management',
    'stock',
    'purchase',
    'mrp',
    'purchase_stock',
    'sale_stock',
    'mrp_subcontracting',
  ]) {
    demo.add('ir.module.module', { name, state: 'installed' });
  }
}

function addUnits(demo: Demo): void {
  for (const [id, name] of [
    [1, 'Unit'],
    [2, 'Weight'],
    [3, 'Working Time'],
    [4, 'Length / Distance'],
  ] as const) {
    demo.add('uom.category', { id, name });
  }
  const unit = (
    id: number,
    name: string,
    category: number,
    factor: number,
    uom_type: string,
    rounding = 0.01,
  ): void => {
    demo.add('uom.uom', {
      id,
      name,
      category_id: category,
      factor,
      factor_inv: 1 / factor,
      uom_type,
      rounding,
      active: true,
    });
  };
  unit(UNITS, 'Units', 1, 1, 'reference');
  unit(DOZENS, 'Dozens', 1, 1 / 12, 'bigger');
  unit(3, 'Days', 3, 1, 'reference');
  unit(4, 'Hours', 3, 8, 'smaller');
  unit(5, 'm', 4, 1, 'reference');
  unit(KG, 'kg', 2, 1, 'reference', 0.001);
  unit(GRAM, 'g', 2, 1000, 'smaller');
  unit(14, 't', 2, 0.001, 'bigger', 0.001);
  unit(BOX_OF_200, 'Box of 200', 1, 1 / 200, 'bigger', 1);
}

function addUsers(demo: Demo): void {
  const groups: readonly [number, string, readonly number[]][] = [
    [1, 'User types / Internal User', [2, 6, 7]],
    [2, 'Administration / Settings', [2]],
    [10, 'User types / Portal', [8]],
    [20, 'Sales / User: All Documents', [2, 6, 7]],
    [21, 'Purchase / User', [2, 6]],
    [22, 'Inventory / User', [2, 6, 7]],
    [23, 'Manufacturing / User', [2, 6]],
    [67, 'Manufacturing / frePPLe user', [2, 6]],
  ];
  for (const [id, full_name, users] of groups) {
    demo.add('res.groups', { id, full_name, name: full_name.split(' / ')[1], users: [...users], share: id === 10 });
  }
  const user = (id: number, login: string, partner: number, values: Record<string, unknown> = {}): void => {
    const name = demo.records['res.partner']?.find((row) => row.id === partner)?.name;
    demo.add('res.users', {
      id,
      login,
      name,
      active: true,
      share: false,
      partner_id: partner,
      company_id: COMPANY,
      company_ids: [COMPANY],
      groups_id: groups.filter(([, , users]) => users.includes(id)).map(([group]) => group),
      tz: 'Europe/Zurich',
      lang: 'en_US',
      ...values,
    });
  };
  const person = (id: number, name: string, email: string): void => {
    demo.add('res.partner', {
      id,
      name,
      email,
      complete_name: `Vallon Druckguss SA, ${name}`,
      parent_id: 1,
      commercial_partner_id: 1,
      type: 'contact',
      is_company: false,
      active: true,
      tz: 'Europe/Zurich',
      lang: 'en_US',
      country_id: 43,
      category_id: [],
    });
  };
  demo.add('res.partner', {
    id: 1,
    name: 'Vallon Druckguss SA',
    complete_name: 'Vallon Druckguss SA',
    commercial_partner_id: 1,
    is_company: true,
    type: 'contact',
    active: true,
    email: 'info@vallon-druckguss.example',
    street: 'Route des Ateliers 12',
    zip: '1920',
    city: 'Martigny',
    country_id: 43,
    tz: 'Europe/Zurich',
    lang: 'en_US',
    category_id: [],
  });
  person(2, 'System', 'system@vallon-druckguss.example');
  person(3, 'Anne Administrator', 'admin@vallon-druckguss.example');
  person(4, 'Paul Planner', 'planner@vallon-druckguss.example');
  person(5, 'Sarah Sales', 'sales@vallon-druckguss.example');
  user(1, '__system__', 2, { active: false });
  user(ADMIN, 'admin', 3);
  user(PLANNER, 'planner', 4);
  user(SALES, 'sales', 5);
}

function addSequences(demo: Demo): void {
  const sequence = (id: number, name: string, prefix: string, values: Record<string, unknown> = {}): void => {
    demo.add('ir.sequence', {
      id,
      name,
      prefix,
      active: true,
      company_id: COMPANY,
      implementation: 'standard',
      padding: 5,
      number_next: 1,
      number_next_actual: 1,
      number_increment: 1,
      ...values,
    });
  };
  sequence(1, 'Martigny receipts', 'MAR/IN/');
  sequence(2, 'Martigny deliveries', 'MAR/OUT/');
  sequence(3, 'Martigny internal', 'MAR/INT/');
  sequence(4, 'Martigny production', 'MAR/MO/');
  sequence(5, 'Basel receipts', 'BAS/IN/');
  sequence(6, 'Basel deliveries', 'BAS/OUT/');
  sequence(7, 'Basel internal', 'BAS/INT/');
  sequence(8, 'Basel production', 'BAS/MO/');
  sequence(9, 'Martigny subcontracting', 'MAR/SBC/');
  sequence(20, 'Sales Order', 'S', { code: 'sale.order', company_id: false });
  sequence(21, 'Purchase Order', 'P', { code: 'purchase.order', company_id: false });
}
