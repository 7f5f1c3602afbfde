// Customers in Switzerland, France and Germany; vendors with price breaks, minimums and lead times.

import { CHF, COMPANY, EUR } from './base.ts';
import type { Demo } from './builder.ts';

const SWITZERLAND = 43;
const GERMANY = 57;
const FRANCE = 75;

/** id, name, country, city, e-mail. */
type Company = readonly [number, string, number, string, string];

const CUSTOMERS: readonly Company[] = [
  [20, 'Hydrowerk Aarau AG', SWITZERLAND, 'Aarau', 'einkauf@hydrowerk-aarau.example'],
  [21, 'Pompes du Léman SA', SWITZERLAND, 'Lausanne', 'achats@pompes-leman.example'],
  [22, 'Signalbau Olten GmbH', SWITZERLAND, 'Olten', 'bestellung@signalbau-olten.example'],
  [23, 'Outillage Bréguet SAS', FRANCE, 'Annecy', 'commandes@outillage-breguet.example'],
  [24, 'Électro Savoie SARL', FRANCE, 'Chambéry', 'achats@electro-savoie.example'],
  [25, 'Münsterland Antriebe GmbH', GERMANY, 'Münster', 'einkauf@muensterland-antriebe.example'],
  [26, 'Schwarzwald Leuchten KG', GERMANY, 'Freiburg', 'order@schwarzwald-leuchten.example'],
  [27, 'Beschläge Rheinfelden AG', SWITZERLAND, 'Rheinfelden', 'einkauf@beschlaege-rheinfelden.example'],
  [28, 'Vannes et Raccords SA', SWITZERLAND, 'Sion', 'commandes@vannes-raccords.example'],
];

export const CUSTOMER_IDS = CUSTOMERS.map(([id]) => id);

const VENDORS: readonly Company[] = [
  [40, 'Aluwerk Sissach AG', SWITZERLAND, 'Sissach', 'verkauf@aluwerk-sissach.example'],
  [41, 'Leichtmetall Ulm GmbH', GERMANY, 'Ulm', 'vertrieb@leichtmetall-ulm.example'],
  [42, 'Normteile Brugg AG', SWITZERLAND, 'Brugg', 'order@normteile-brugg.example'],
  [43, 'Galvano Basel AG', SWITZERLAND, 'Basel', 'auftrag@galvano-basel.example'],
  [44, 'Cartonnage Romand SA', SWITZERLAND, 'Yverdon', 'vente@cartonnage-romand.example'],
  [45, 'Pulverlack Süd GmbH', GERMANY, 'Konstanz', 'vertrieb@pulverlack-sued.example'],
];

export const PLATER = 43;

export function addPartners(demo: Demo): void {
  const company = ([id, name, country_id, city, email]: Company, values: Record<string, unknown>): void => {
    const lang = country_id === FRANCE ? 'fr_FR' : 'en_US';
    demo.add('res.partner', {
      id,
      name,
      complete_name: name,
      commercial_partner_id: id,
      country_id,
      city,
      email,
      is_company: true,
      type: 'contact',
      active: true,
      lang,
      category_id: [],
      property_payment_term_id: 1,
      property_stock_customer: 5,
      property_stock_supplier: 4,
      ...values,
    });
  };
  for (const customer of CUSTOMERS) company(customer, { customer_rank: 1, user_id: 7 });
  for (const vendor of VENDORS)
    company(vendor, {
      supplier_rank: 1,
      property_supplier_payment_term_id: 1,
      ...(vendor[0] === PLATER ? { property_stock_subcontractor: 39 } : {}),
    });
  const contact = (
    id: number,
    parent: number,
    name: string,
    type: string,
    email: string | false,
    street: string | false,
  ): void => {
    const owner = CUSTOMERS.find(([customer]) => customer === parent);
    demo.add('res.partner', {
      id,
      name,
      complete_name: `${owner?.[1]}, ${name}`,
      parent_id: parent,
      commercial_partner_id: parent,
      type,
      email,
      street,
      country_id: owner?.[2],
      is_company: false,
      active: true,
      category_id: [],
      lang: 'en_US',
      property_stock_customer: 5,
    });
  };
  contact(60, 20, 'Regula Frey', 'contact', 'regula.frey@hydrowerk-aarau.example', false);
  contact(61, 20, 'Wareneingang Halle 3', 'delivery', false, 'Industriestrasse 44');
  contact(62, 23, 'Luc Marchand', 'contact', 'luc.marchand@outillage-breguet.example', false);
  contact(63, 26, 'Wareneingang', 'delivery', false, 'Am Güterbahnhof 5');
  demo.add('res.partner', {
    id: 64,
    name: 'Nadia Portal',
    complete_name: 'Pompes du Léman SA, Nadia Portal',
    parent_id: 21,
    commercial_partner_id: 21,
    type: 'contact',
    email: 'portal@pompes-leman.example',
    is_company: false,
    active: true,
    category_id: [],
    lang: 'en_US',
    tz: 'Europe/Zurich',
    country_id: SWITZERLAND,
  });
  demo.add('res.users', {
    id: 8,
    login: 'portal',
    name: 'Nadia Portal',
    active: true,
    share: true,
    partner_id: 64,
    company_id: COMPANY,
    company_ids: [COMPANY],
    groups_id: [10],
    tz: 'Europe/Zurich',
    lang: 'en_US',
  });
}

/** product, vendor, from quantity, price, days, currency. */
const PRICES: readonly (readonly [number, number, number, number, number, number])[] = [
  [5, 41, 1, 21, 14, EUR],
  [30, 40, 500, 3.2, 10, CHF],
  [30, 40, 2000, 3.05, 10, CHF],
  [30, 41, 1000, 2.7, 21, EUR],
  [31, 40, 500, 3.7, 10, CHF],
  [31, 41, 1000, 3.25, 21, EUR],
  [32, 41, 500, 3.1, 21, EUR],
  [34, 42, 1000, 0.11, 7, CHF],
  [34, 42, 10000, 0.095, 14, CHF],
  [35, 42, 1000, 0.19, 7, CHF],
  [36, 42, 200, 0.62, 12, CHF],
  [37, 42, 100, 0.9, 9, CHF],
  [38, 42, 1, 6.4, 5, CHF],
  [39, 42, 500, 0.08, 7, CHF],
  [40, 45, 25, 7.7, 8, EUR],
  [41, 45, 25, 7.4, 8, EUR],
  [42, 44, 200, 0.45, 5, CHF],
  [43, 44, 100, 0.95, 5, CHF],
  [22, PLATER, 200, 1.7, 8, CHF],
  [22, PLATER, 1000, 1.45, 10, CHF],
  [23, PLATER, 50, 3.4, 10, CHF],
];

export function addVendorPrices(demo: Demo): void {
  for (const [i, [product, vendor, min_qty, price, delay, currency_id]] of PRICES.entries()) {
    demo.add('product.supplierinfo', {
      product_tmpl_id: product,
      partner_id: vendor,
      min_qty,
      price,
      delay,
      currency_id,
      company_id: COMPANY,
      sequence: i + 1,
      discount: 0,
      ...(product === 30 && vendor === 41 ? { date_start: demo.day(-90), date_end: demo.day(270) } : {}),
    });
  }
}
