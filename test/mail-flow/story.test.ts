// The story of the seed, from end to end: one mail with three products, the answer to it, the three replies, the supplier.
import request from 'supertest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Row } from '../../src/sandbox/values.ts';
import { isScreen } from '../../src/screens/paths.ts';
import { missingPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';
import {
  type DemoOdoo,
  type House,
  openHouse,
  type Received,
  type Receiver,
  SALES,
  START,
  startOdoo,
  startReceiver,
  temporaryDirectory,
  written,
} from './house.ts';

const missing = await missingPostgres();
const KINDS = [
  { kind: 'embedded', skip: false },
  { kind: 'postgres', skip: missing !== null },
] as const;

const CUSTOMER = 'customer1029@example.com';
const BLOCKS = `
Hello, this is my order below,
- address:chemin de soleil, 1223, Geneva
- Order Date: November 21, 2026
- Delivery Date: December 14, 2026
- Product ID: 21
- Quantity: 2

- Order Date: November 21, 2026
- Delivery Date: December 14, 2026
- Product ID: 5
- Quantity: 3

- Order Date: November 21, 2026
- Delivery Date: December 14, 2026
- Product ID: 1
- Quantity: 1

Thank you,
Best Regards,
`;

describe.each(KINDS)('an order mail on a $kind store', ({ kind, skip }) => {
  let server: TestPostgres | undefined;
  let odoo: DemoOdoo;
  let receiver: Receiver;
  let house: House;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let now = START;

  beforeAll(async () => {
    if (kind === 'postgres' && !skip) server = await startPostgres();
  });
  afterAll(async () => {
    await server?.stop();
  });
  beforeEach(async (context) => {
    if (skip) return context.skip();
    now = START;
    odoo = await startOdoo(() => now);
    receiver = await startReceiver();
    directory = await temporaryDirectory();
    house = await openHouse({
      odooUrl: odoo.url,
      databaseUrl: server ? (await server.createStore()).url : null,
      directory: directory.path,
      smtpPort: receiver.port,
      now: () => now,
    });
  });
  afterEach(async () => {
    if (skip) return;
    await house.close();
    await receiver.close();
    await odoo.close();
    await directory.remove();
  });

  const rows = (model: string): Row[] => [...odoo.sandbox.db.table(model).rows()];
  const ofMail = (model: string): Row[] => rows(model).filter((row) => String(row.origin).startsWith('planbridge '));
  const linesOf = (order: Row): Row[] => rows(model('sale.order.line')).filter((line) => line.order_id === order.id);
  const model = (name: string) => name;
  const state = async (): Promise<string[]> =>
    (await house.store.query<{ state: string }>('select state from planbridge.mail_conversation order by id')).map(
      (row) => row.state,
    );

  async function orderSeedMail(): Promise<Received> {
    await house.bring(written({ from: CUSTOMER, subject: 'New Order Confirmation', text: BLOCKS }));
    await house.settle();
    expect(receiver.mails).toHaveLength(1);
    return receiver.mails[0]!;
  }

  // Where there is a server, one test shows that the embedded store serves as well.
  const further = it.skipIf(kind === 'embedded' && missing === null);

  further('makes the good line a sales order and tells of the others in one answer', async () => {
    const answer = await orderSeedMail();
    const [order, ...more] = ofMail('sale.order');
    expect(more).toEqual([]);
    expect(order).toMatchObject({ state: 'sale', commitment_date: '2026-12-14 11:00:00' });
    expect(linesOf(order!)).toMatchObject([{ product_id: 21, product_uom_qty: 2 }]);
    const partner = rows('res.partner').find((row) => row.id === order!.partner_id);
    expect(partner).toMatchObject({ email: CUSTOMER, street: 'chemin de soleil' });
    const { text } = answer.mail;
    expect(answer).toMatchObject({ to: CUSTOMER, from: SALES });
    expect(text).toContain(String(order!.name));
    expect(text).toContain('Hinge, textured');
    expect(text).toMatch(/Pump housing\s+3 Units\s+0 Units\s+14 December 2026/);
    expect(text).toMatch(/1: we do not produce or sell this product/);
    // Nothing of the short line is in stock: no part of nothing is offered.
    expect(text).toContain('1 - Order other products');
    expect(answer.mail.headers.get('auto-submitted')).toEqual(['auto-replied']);
    expect(answer.mail.references.length).toBeGreaterThan(0);
    expect(answer.mail.subject).toMatch(/\[PB-[A-Z2-7]{12}\]$/);
    expect(answer.mail.html).toContain('https://orders.mycompany.example/choice/');
    expect(await state()).toEqual(['waiting-for-choice']);
  });

  further('reply 1 with other products orders them instead', async () => {
    const answer = await orderSeedMail();
    await house.bring(written({ from: CUSTOMER, to: answer, text: '1\n- Product ID: 21\n- Quantity: 4\n' }));
    await house.settle();
    const orders = ofMail('sale.order');
    expect(orders.map((order) => linesOf(order).map((line) => [line.product_id, line.product_uom_qty]))).toEqual([
      [[21, 2]],
      [[21, 4]],
    ]);
    expect(receiver.mails[1]?.mail.text).toContain(String(orders[1]?.name));
    expect(await state()).toEqual(['ordered']);
  });

  it('reply 2 orders in full, asks the supplier and makes a draft purchase order', async () => {
    const answer = await orderSeedMail();
    await house.bring(written({ from: CUSTOMER, to: answer, text: '2\n\nWe wait.' }));
    await house.settle();
    const orders = ofMail('sale.order');
    expect(orders.map((order) => linesOf(order).map((line) => [line.product_id, line.product_uom_qty]))).toEqual([
      [[21, 2]],
      [[5, 3]],
    ]);
    const [purchase, ...others] = ofMail('purchase.order');
    expect(others).toEqual([]);
    expect(purchase).toMatchObject({ state: 'draft', partner_id: 41 });
    expect(rows('purchase.order.line').filter((line) => line.order_id === purchase!.id)).toMatchObject([
      { product_id: 5, product_qty: 3 },
    ]);
    const supplier = receiver.mails.find(({ to }) => to === 'vertrieb@leichtmetall-ulm.example');
    expect(supplier?.mail.text).toMatch(/Pump housing\s+3 Units/);
    expect(supplier?.mail.text).toContain(String(purchase!.name));
    expect(supplier?.mail.headers.get('auto-submitted')).toEqual(['auto-generated']);
    const told = receiver.mails.find(({ mail }) => /We replenish for you/.test(mail.subject));
    expect(told?.to).toBe(CUSTOMER);
    expect(told?.mail.text).toContain(String(orders[1]?.name));
    expect(receiver.mails).toHaveLength(3);
    expect(await state()).toEqual(['waiting-for-stock']);
  });

  further('reply 3 cancels, and a second one is for a person', async () => {
    const answer = await orderSeedMail();
    await house.bring(written({ from: CUSTOMER, to: answer, text: 'Option 3, please.' }));
    await house.settle();
    expect(ofMail('sale.order')).toHaveLength(1);
    expect(receiver.mails[1]?.mail.text).toMatch(/cancelled the order of:\s+- 3 Units \[PH-120\] Pump housing/);
    expect(await state()).toEqual(['cancelled']);
    await house.bring(written({ from: CUSTOMER, to: answer, text: '2' }));
    await house.settle();
    expect(ofMail('sale.order')).toHaveLength(1);
    expect(receiver.mails).toHaveLength(2);
    const waiting = await request(house.app).get('/api/mail/conversations?waiting=yes');
    expect(waiting.body.total).toBe(1);
  });

  further('a link shows a page, chooses once when its button is pressed, and says when it was used', async () => {
    const answer = await orderSeedMail();
    const links = [...new Set(answer.mail.text.match(/https:\/\/\S+\/choice\/[\w-]+/g))];
    expect(links).toHaveLength(3);
    const path = (link: string) => new URL(link).pathname;
    // A screen's address would ask the customer to sign in.
    expect(links.some((link) => isScreen(path(link)))).toBe(false);
    for (const link of links) {
      for (const method of ['get', 'head', 'get'] as const) {
        const page = await request(house.app)[method](path(link));
        expect(page.status).toBe(200);
        expect(page.headers['content-security-policy']).toContain("default-src 'none'");
        if (method === 'get') expect(page.text).toContain('Pump housing');
      }
    }
    await house.settle();
    expect(await state()).toEqual(['waiting-for-choice']);
    expect(receiver.mails).toHaveLength(1);

    const forged = `${path(links[0]!).slice(0, -1)}${path(links[0]!).endsWith('A') ? 'B' : 'A'}`;
    expect((await request(house.app).post(forged)).status).toBe(404);
    // Nothing of it is in stock: the question is asked again, and the old links are over.
    expect((await request(house.app).post(path(links[0]!))).status).toBe(200);
    await house.settle();
    expect(await state()).toEqual(['waiting-for-choice']);
    expect((await request(house.app).post(path(links[0]!))).text).toContain('answered already');
    expect((await request(house.app).post(path(links[2]!))).text).toContain('no longer valid');
    const fresh = [...new Set(receiver.mails[1]!.mail.text.match(/https:\/\/\S+\/choice\/[\w-]+/g))];
    expect((await request(house.app).post(path(fresh[2]!))).status).toBe(200);
    await house.settle();
    expect(await state()).toEqual(['cancelled']);
    for (const link of fresh) {
      const again = await request(house.app).post(path(link));
      expect(again.status).toBe(410);
      expect(again.text).toContain('answered already');
    }
    await house.settle();
    expect(receiver.mails).toHaveLength(3);
  });
});
