// The factory shop: people who buy fittings over the counter, their loyalty cards, and what the till has rung up in the last weeks and
// in the same weeks a year ago. With the little mistakes that shops have: careless names, a debt on a card, a dealer with a card.

import { COMPANY } from './base.ts';
import type { Demo } from './builder.ts';
import { PRODUCTS } from './products.ts';

const SWITZERLAND = 43;
const WHOLESALE = 1;

/** id, name, city, e-mail, telephone, points on the card; null = none. */
type Person = readonly [number, string, string, string, string, number | null];

const PEOPLE: readonly Person[] = [
  [201, 'Miriam Keller', 'Liestal', 'miriam.keller@mail.example', '+41 61 555 01 01', 340],
  [202, 'urs von arx', 'Olten', 'urs.vonarx@mail.example', '+41 62 555 01 02', 85.5],
  [203, 'CHANTAL ROCHAT', 'Yverdon', 'chantal.rochat@mail.example', '+41 24 555 01 03', -12],
  [204, 'Change Name', 'Sissach', '', '', null],
  [205, 'Beat Hügli', 'Aarau', 'beat.huegli@mail.example', '+41 62 555 01 05', 0],
  [206, 'anna-lena weiss', 'Basel', 'al.weiss@mail.example', '+41 61 555 01 06', 1210],
  [207, 'Luca Bernasconi', 'Lugano', 'luca.bernasconi@mail.example', '+41 91 555 01 07', 64],
];
/** Buys at wholesale and has been given a card. */
const DEALER: Person = [208, 'Schreinerei Thommen GmbH', 'Gelterkinden', 'info@schreinerei-thommen.example', '', 455];

/** Sold over the counter. */
const GOODS = [18, 21, 22, 23, 9];
const METHODS = ['Cash', 'Card', 'TWINT'];
const YEAR_DAYS = 364;

export function addShop(demo: Demo): void {
  demo.add('res.partner.category', { id: WHOLESALE, name: 'Wholesale', active: true });
  const partner = ([id, name, city, email, phone]: Person, values: Record<string, unknown>) => {
    demo.add('res.partner', {
      ...{ id, name, complete_name: name, commercial_partner_id: id, type: 'contact', active: true, lang: 'en_US' },
      ...{ city, country_id: SWITZERLAND, email: email || false, phone: phone || false, customer_rank: 1 },
      ...{ category_id: [], property_stock_customer: 5, property_stock_supplier: 4 },
      ...values,
    });
  };
  for (const person of PEOPLE) partner(person, { is_company: false });
  partner(DEALER, { is_company: true, category_id: [WHOLESALE] });
  demo.add('loyalty.program', { name: 'Shop points', active: true, program_type: 'loyalty', company_id: COMPANY });
  for (const [id, , , , , points] of [...PEOPLE, DEALER]) {
    if (points !== null) demo.add('loyalty.card', { program_id: 1, partner_id: id, points, code: `0440-${id}` });
  }
  for (const name of METHODS) demo.add('pos.payment.method', { name, active: true, company_id: COMPANY });
  for (let day = 1; day <= 28; day++) ringUp(demo, -day, day);
  for (let day = -10; day <= 28; day++) ringUp(demo, -day - YEAR_DAYS, day + 20);
}

/** A day at the till: some receipts, each with a line or two. */
function ringUp(demo: Demo, days: number, seed: number): void {
  const receipts = 2 + ((seed * 7) % 4);
  for (let receipt = 0; receipt < receipts; receipt++) {
    const spot = seed * 5 + receipt * 3;
    const at = demo.at(
      days,
      `${String(9 + ((receipt * 2) % 8)).padStart(2, '0')}:${String((spot * 11) % 60).padStart(2, '0')}`,
    );
    const lines = [spot, ...(spot % 3 === 0 ? [spot + 2] : [])].map((number) => {
      const product = GOODS[number % GOODS.length]!;
      const quantity = 1 + (number % 4);
      const price = PRODUCTS.find(([id]) => id === product)![5];
      return { product, quantity, price, amount: Math.round(quantity * price * 100) / 100 };
    });
    const total = Math.round(lines.reduce((sum, { amount }) => sum + amount, 0) * 100) / 100;
    const customer = spot % 3 === 2 ? false : PEOPLE[spot % PEOPLE.length]![0];
    const order = demo.add('pos.order', {
      ...{
        name: `Factory shop/${String(-days * 10 + receipt).padStart(5, '0')}`,
        date_order: at,
        partner_id: customer,
      },
      ...{ company_id: COMPANY, state: 'done', amount_tax: 0, amount_total: total },
    });
    for (const { product, quantity, price, amount } of lines) {
      demo.add('pos.order.line', {
        ...{ order_id: order, product_id: product, qty: quantity, price_unit: price, discount: 0 },
        ...{ price_subtotal: amount, price_subtotal_incl: amount },
      });
    }
    const method = 1 + (spot % METHODS.length);
    demo.add('pos.payment', {
      ...{ pos_order_id: order, amount: total, payment_method_id: method, payment_date: at, is_change: false },
      card_type: method === 2 ? (spot % 2 === 0 ? 'Visa' : 'Mastercard') : false,
    });
  }
}
