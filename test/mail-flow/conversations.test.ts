// What becomes of mails beside the story: repeated, corrected, unreadable, unproven, looping, bounced, by the clock, by a person.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import request from 'supertest';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Row } from '../../src/sandbox/values.ts';
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
const test = it.skipIf(missing !== null);
const DAY = 86_400_000;
const BUYER = 'ann@buyers.example';

let server: TestPostgres;
let closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  if (missing === null) server = await startPostgres();
});
afterAll(async () => {
  await server?.stop();
});
afterEach(async () => {
  for (const close of closing.toReversed()) await close();
  closing = [];
});

interface Scene {
  house: House;
  odoo: DemoOdoo;
  receiver: Receiver;
  /** Moves the clock on. */
  pass(ms: number): void;
  orders(): Row[];
  linesOf(order: Row | undefined): (readonly [unknown, unknown])[];
  states(): Promise<string[]>;
  /** Brings a mail, and lets everything happen. */
  mail(parts: Parameters<typeof written>[0]): Promise<number>;
  last(): Received;
}

async function scene(environment: Record<string, string> = {}, through = async (url: string) => url): Promise<Scene> {
  let now = START;
  const odoo = await startOdoo(() => now);
  const receiver = await startReceiver();
  const directory = await temporaryDirectory();
  closing.push(odoo.close, receiver.close, directory.remove);
  const house = await openHouse({
    odooUrl: await through(odoo.url),
    databaseUrl: (await server.createStore()).url,
    directory: directory.path,
    smtpPort: receiver.port,
    now: () => now,
    environment,
    conversations: { reviewMs: 60_000 },
  });
  closing.push(house.close);
  const rows = (model: string): Row[] => [...odoo.sandbox.db.table(model).rows()];
  return {
    house,
    odoo,
    receiver,
    pass: (ms) => {
      now += ms;
    },
    orders: () => rows('sale.order').filter((row) => String(row.origin).startsWith('planbridge ')),
    linesOf: (order) =>
      rows('sale.order.line')
        .filter((line) => line.order_id === order?.id)
        .map((line) => [line.product_id, line.product_uom_qty] as const),
    async states() {
      const sql = 'select state from planbridge.mail_conversation order by id';
      return (await house.store.query<{ state: string }>(sql)).map(({ state }) => state);
    },
    async mail(parts) {
      const id = await house.bring(written({ from: BUYER, ...parts }));
      await house.settle();
      return id;
    },
    last: () => receiver.mails.at(-1)!,
  };
}

const SHORT = '- Product: PH-120\n- Quantity: 3\n';
const GOOD = 'Our order number is A-1.\n\n- Product: CC-160\n- Quantity: 5\n';

test('the same order again joins the first, and the answer says so', async () => {
  const { mail, orders, receiver, states, last, pass } = await scene();
  await mail({ text: GOOD });
  // By now the customer is a partner in Odoo.
  pass(120_000);
  await mail({ text: GOOD });
  expect(orders()).toHaveLength(1);
  expect(receiver.mails).toHaveLength(2);
  expect(last().mail.subject).toMatch(/^Received twice/);
  expect(last().mail.text).toContain(String(orders()[0]!.name));
  expect(await states()).toEqual(['ordered']);
});

test('a wrong order makes nothing, and its correction goes on in the same conversation', async () => {
  const { mail, orders, states, last } = await scene();
  await mail({ text: '- Product: CC-160\n- Quantity: 5 or so\n\n- Product: CC-161\n- Quantity: 2\n' });
  expect(orders()).toEqual([]);
  expect(last().mail.text).toMatch(/line 1: unit “5 or so” is not known/);
  expect(await states()).toEqual(['waiting-for-correction']);
  await mail({ to: last(), text: '- Product: CC-160\n- Quantity: 5\n\n- Product: CC-161\n- Quantity: 2\n' });
  expect(orders()).toHaveLength(1);
  expect(await states()).toEqual(['ordered']);
});

test('a reply in which no choice can be read is asked about twice, then a person looks; the choice still counts', async () => {
  const { mail, receiver, states, last, orders } = await scene();
  await mail({ text: SHORT });
  const notice = last();
  await mail({ to: notice, text: 'Hm, the blue one?' });
  expect(last().mail.subject).toMatch(/^Which of the three/);
  await mail({ to: last(), text: 'I do not know.' });
  expect(receiver.mails).toHaveLength(3);
  await mail({ to: notice, text: 'What do you advise?' });
  expect(receiver.mails).toHaveLength(3);
  expect(await states()).toEqual(['person']);
  await mail({ to: notice, text: '2' });
  expect(await states()).toEqual(['waiting-for-stock']);
  expect(orders()).toHaveLength(1);
  // The day is ours; nobody asked for one.
  expect(last().mail.text).toMatch(/Expected by: \d/);
  expect(last().mail.text).not.toContain('Requested date');
});

test('what was ordered before a cancellation is not ordered again by the same mail; what was not is', async () => {
  const { mail, orders, states, last, pass } = await scene();
  const text = `Our order number is M-1.\n\n- Product: CC-160\n- Quantity: 5\n\n${SHORT}`;
  await mail({ text });
  await mail({ to: last(), text: '3' });
  pass(120_000);
  await mail({ text });
  expect(orders()).toHaveLength(1);
  expect(await states()).toEqual(['cancelled']);
  await mail({ from: 'bob@others.example', text: SHORT });
  await mail({ from: 'bob@others.example', to: last(), text: '3' });
  await mail({ from: 'bob@others.example', text: SHORT });
  expect(await states()).toEqual(['cancelled', 'cancelled', 'waiting-for-choice']);
});

test('a token in the hands of somebody else changes nothing', async () => {
  const { mail, receiver, states, last } = await scene();
  await mail({ text: SHORT });
  await mail({ from: 'eve@elsewhere.example', to: last(), text: '3' });
  expect(await states()).toEqual(['waiting-for-choice', 'person']);
  expect(receiver.mails).toHaveLength(1);
});

test('Reply-To only says where answers go: replies count from there and from the customer himself', async () => {
  for (const from of [BUYER, 'orders@desk.example']) {
    const { mail, states, last } = await scene();
    await mail({ text: SHORT, headers: ['Reply-To: orders@desk.example'] });
    expect(last().to).toBe('orders@desk.example');
    await mail({ from, to: last(), text: '3' });
    expect(await states()).toEqual(['cancelled']);
  }
});

test('of several open questions the customer is asked which, and answers with its code', async () => {
  const { mail, states, last, receiver } = await scene();
  await mail({ text: SHORT });
  await mail({ text: '- Product: PH-120\n- Quantity: 7\n' });
  await mail({ subject: 'Reply: Insufficient Stocks', text: '3' });
  expect(last().mail.subject).toMatch(/^Which order do you mean/);
  const [code] = /PB-[A-Z2-7]{12}(?=: order of [^\n]*7 Units)/.exec(last().mail.text)!;
  await mail({ subject: `my order ${code}`, text: '3' });
  expect(await states()).toEqual(['waiting-for-choice', 'cancelled', 'closed']);
  expect(receiver.mails).toHaveLength(4);
});

test('two machines that answer each other are stopped, and a person can let the mail through', async () => {
  const { mail, receiver, states, house, orders } = await scene({ MAIL_ANSWERS_PER_HOUR: '2' });
  for (const number of [1, 2]) await mail({ text: `Our order number is L-${number}.\n\n${GOOD.split('\n\n')[1]}` });
  const third = await mail({ text: 'Our order number is L-3.\n\n- Product: CC-160\n- Quantity: 5\n' });
  expect(receiver.mails).toHaveLength(2);
  expect(orders()).toHaveLength(2);
  expect(await states()).toEqual(['ordered', 'ordered', 'person']);
  expect((await request(house.app).post(`/api/mail/messages/${third}/release`)).body).toEqual({ done: true });
  await house.settle();
  expect(orders()).toHaveLength(3);
  expect(await states()).toEqual(['ordered', 'ordered', 'ordered']);
});

test('who does not answer is reminded once, then told that it is closed', async () => {
  const { mail, pass, house, receiver, states, last } = await scene();
  await mail({ text: SHORT });
  pass(2 * DAY);
  await house.settle();
  expect(receiver.mails).toHaveLength(1);
  pass(1.1 * DAY);
  await house.settle();
  await house.settle();
  expect(receiver.mails).toHaveLength(2);
  expect(last().mail.subject).toMatch(/^Reminder/);
  expect(last()).toMatchObject({ from: '' });
  expect(last().mail.headers.get('auto-submitted')).toEqual(['auto-generated']);
  pass(4.1 * DAY);
  await house.settle();
  await house.settle();
  expect(receiver.mails).toHaveLength(3);
  expect(last().mail.subject).toMatch(/^Closed without an answer/);
  expect(await states()).toEqual(['expired']);
});

test('a service that was off for weeks reminds before it closes', async () => {
  const { mail, pass, house, states, last } = await scene();
  await mail({ text: SHORT });
  pass(60 * DAY);
  await house.settle();
  expect(last().mail.subject).toMatch(/^Reminder/);
  expect(await states()).toEqual(['waiting-for-choice']);
});

test('a bounce is matched to our mail, and a person looks', async () => {
  const { mail, last, house, states } = await scene();
  await mail({ text: SHORT });
  const bounced = last().mail.messageId!;
  const report = [
    'From: MAILER-DAEMON@mx.example',
    `To: ${SALES}`,
    'Subject: Undelivered Mail Returned to Sender',
    'Message-ID: <dsn-1@mx.example>',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'User unknown',
    '--b',
    'Content-Type: message/rfc822-headers',
    '',
    `Message-ID: ${bounced}`,
    '--b--',
    '',
  ].join('\r\n');
  await house.bring(report);
  await house.settle();
  expect(await states()).toEqual(['person']);
  const [outbound] = await house.store.query('select state from planbridge.mail_outbound');
  expect(outbound).toEqual({ state: 'bounced' });
});

test('a contact orders for his company; another address becomes a delivery address, once', async () => {
  const { mail, orders, odoo } = await scene();
  const from = 'Regula Frey <REGULA.FREY@hydrowerk-aarau.example>';
  const text = (reference: string) =>
    `Our order number is ${reference}.\nDelivery address: Werkstrasse 9, 5000 Aarau\n\n- Product: CC-160\n- Quantity: 5\n`;
  await mail({ from, text: text('R-1') });
  await mail({ from, text: text('R-2') });
  const [first, second] = orders();
  expect(first).toMatchObject({ partner_id: 20, client_order_ref: 'R-1' });
  const address = [...odoo.sandbox.db.table('res.partner').rows()].filter(({ street }) => street === 'Werkstrasse 9');
  // The company has a town but no street: something is there, so nothing is overwritten.
  expect(address).toMatchObject([{ parent_id: 20, type: 'delivery', zip: '5000', city: 'Aarau' }]);
  expect([first!.partner_shipping_id, second!.partner_shipping_id]).toEqual([address[0]!.id, address[0]!.id]);
});

test('stock that a mail order holds is not free for the next, reserved or not', async () => {
  for (const confirm of ['yes', 'no']) {
    const { mail, states, orders, last } = await scene({ MAIL_CONFIRM_ORDERS: confirm });
    // 11 are on the shelf.
    await mail({ text: '- Product: GB-141\n- Quantity: 8\n' });
    await mail({ from: 'bob@others.example', text: '- Product: GB-141\n- Quantity: 8\n' });
    expect(await states()).toEqual(['ordered', 'waiting-for-choice']);
    expect(orders().map(({ state }) => state)).toEqual([confirm === 'yes' ? 'sale' : 'draft']);
    expect(last().mail.text).toMatch(/Gearbox half, right\s+8 Units\s+3 Units/);
    // What is available is taken.
    await mail({ from: 'bob@others.example', to: last(), text: '1' });
    expect(orders()).toHaveLength(2);
    expect(last().mail.text).toMatch(/5 Units \[GB-141\]/);
  }
});

test('goods that have come end the waiting', async () => {
  const { mail, states, odoo, orders, pass, house, last } = await scene();
  await mail({ text: SHORT });
  await mail({ to: last(), text: '2' });
  expect(await states()).toEqual(['waiting-for-stock']);
  const [move] = [...odoo.sandbox.db.table('stock.move').rows()].filter(({ sale_line_id }) => {
    const line = odoo.sandbox.db.table('sale.order.line').get(Number(sale_line_id));
    return line?.order_id === orders()[0]!.id;
  });
  odoo.sandbox.call('admin', 'stock.move', 'write', [[move!.id], { state: 'assigned' }]);
  pass(120_000);
  await house.settle();
  expect(await states()).toEqual(['ordered']);
});

test('a mail server that is busy is asked again, one that refuses is told to a person', async () => {
  const { house, receiver, pass, states } = await scene();
  receiver.refuse.set(BUYER, '451 later');
  await house.bring(written({ from: BUYER, text: GOOD }));
  await house.settle();
  expect(receiver.mails).toEqual([]);
  receiver.refuse.clear();
  pass(40_000);
  await house.settle();
  expect(receiver.mails).toHaveLength(1);
  const [sent] = await house.store.query('select state, attempts, raw from planbridge.mail_outbound');
  expect(sent).toEqual({ state: 'sent', attempts: 2, raw: null });
  receiver.refuse.set('bob@others.example', '550 no such user');
  await house.bring(written({ from: 'bob@others.example', text: GOOD }));
  await house.settle();
  expect(await states()).toEqual(['ordered', 'ordered']);
  const list = await request(house.app).get('/api/mail/conversations');
  expect(list.body.conversations[0].waitsFor).toMatch(/cannot be sent: .*no such user/);
  expect((await request(house.app).get('/api/mail/report')).body).toMatchObject({
    persons: { count: 1 },
    undelivered: 1,
  });
});

test('German and French customers are answered in their languages, and what they write never becomes HTML', async () => {
  const { mail, last } = await scene();
  const from = '"<img src=x> | [a](http://evil.example)" <ute@kunde.example>';
  await mail({
    from,
    subject: 'Bestellung',
    text: 'Guten Tag, wir bestellen für unsere Werkstatt:\n\n- Produkt: PH-120\n- Menge: 3\n\nVielen Dank und freundliche Grüße',
  });
  expect(last().mail.text).toContain('1 - Stattdessen andere Produkte bestellen');
  expect(last().mail.html).toContain('<html lang="de">');
  expect(last().mail.html).toContain('&lt;img src=x&gt; | [a](http://evil.example)');
  await mail({
    from: 'luc@client.example',
    text: 'Bonjour, veuillez trouver notre commande :\n\n- Produit : CC-160\n- Quantité : 3\n\nMerci et cordialement',
  });
  expect(last().mail.text).toMatch(/merci de votre commande\. Elle est enregistrée sous le numéro S\d+/);
});

test('a person corrects, makes by hand, answers in the thread, closes', async () => {
  const { mail, house, orders, linesOf, receiver, last, states } = await scene();
  const api = request(house.app);
  await mail({ text: '- Product: CC-160\n- Quantity: some\n' });
  await mail({ from: 'bob@others.example', text: 'Could you call me back please?' });
  await mail({ from: 'carl@third.example', text: SHORT });
  const listed = await api.get('/api/mail/conversations');
  expect(listed.body.conversations.map(({ id }: { id: number }) => id)).toEqual([2, 3, 1]);
  expect((await api.get('/api/mail/conversations?search=carl')).body.total).toBe(1);
  const one = await api.get('/api/mail/conversations/1');
  expect(one.body).toMatchObject({
    state: 'waiting-for-correction',
    lines: [{ line: 1, product: null, written: 'CC-160' }].map(() =>
      expect.objectContaining({ line: 1, written: 'CC-160' }),
    ),
    mails: [{ role: 'order', original: { text: expect.stringContaining('Quantity: some') } }],
    transitions: [{ event: 'wrong', cause: { kind: 'mail' } }],
  });
  const bad = await api.post('/api/mail/conversations/1/lines').send({ lines: [{ product: 999_999, quantity: 1 }] });
  expect([bad.status, bad.body.code ?? bad.text]).toEqual([400, expect.stringContaining('PB_REQUEST_BODY')]);
  const good = await api
    .post('/api/mail/conversations/1/lines')
    .send({ lines: [{ product: 11, quantity: 4 }], customerReference: 'H-1' });
  expect(good.body).toEqual({ done: true });
  await house.settle();
  expect(linesOf(orders()[0])).toEqual([[11, 4]]);
  expect(last()).toMatchObject({ to: BUYER });
  // Short or not, a person decides.
  expect((await api.post('/api/mail/conversations/2/make').send({ lines: [{ product: 5, quantity: 3 }] })).status).toBe(
    200,
  );
  await house.settle();
  expect(linesOf(orders()[1])).toEqual([[5, 3]]);
  expect(
    (
      await api
        .post('/api/mail/conversations/3/answer')
        .send({ subject: 'Your order', text: 'Dear Carl,\n\nwe call you.' })
    ).status,
  ).toBe(200);
  await house.settle();
  expect(last()).toMatchObject({ to: 'carl@third.example' });
  expect(last().mail.headers.get('auto-submitted')).toBeUndefined();
  expect(last().mail.text).toContain('we call you');
  // He answers that mail with his choice.
  await mail({ from: 'carl@third.example', to: last(), text: '3' });
  expect((await states())[2]).toBe('cancelled');
  expect((await api.post('/api/mail/conversations/3/close')).status).toBe(409);
  expect((await api.post('/api/mail/conversations/77/close')).status).toBe(404);
  expect(receiver.mails.length).toBe(6);
});

test('a refused sender is let through by a person', async () => {
  const { mail, house, orders, receiver } = await scene({ MAIL_SENDERS: 'known' });
  const id = await mail({ text: GOOD });
  expect([orders().length, receiver.mails.length]).toEqual([0, 0]);
  expect((await request(house.app).post(`/api/mail/messages/${id}/release`)).status).toBe(200);
  await house.settle();
  expect([orders().length, receiver.mails.length]).toEqual([1, 1]);
});

test('what Odoo does not take waits for a person, and the others go on', async () => {
  const { house, odoo, orders, states, pass } = await scene();
  const wrong = await house.bring(written({ from: BUYER, text: GOOD }));
  await house.bring(written({ from: 'bob@others.example', text: '- Product: CC-161\n- Quantity: 2\n' }));
  await house.pipeline.drain(new AbortController().signal);
  expect(wrong).toBeGreaterThan(0);
  // Archived between the decision and the order.
  pass(120_000);
  odoo.sandbox.call('admin', 'product.product', 'write', [[11], { active: false }]);
  await house.settle();
  expect(orders()).toHaveLength(1);
  expect((await states()).toSorted()).toEqual(['ordered', 'person']);
  const [first] = (await request(house.app).get('/api/mail/conversations')).body.conversations;
  expect(first.waitsFor).toMatch(/archived/);
});

/** Odoo that refuses calls in which `word` stands, as long as it is told to. */
function refusing(fault: { name: string; message: string }, word: string) {
  const gate = { refuses: true };
  const between = async (url: string) => {
    const proxy = createServer(async (incoming, outgoing) => {
      const body = await textOf(incoming);
      if (gate.refuses && body.includes(word)) {
        const data = { ...fault, debug: '', arguments: [fault.message] };
        const answer = { jsonrpc: '2.0', id: 1, error: { code: 200, message: 'Odoo Server Error', data } };
        outgoing.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
        return;
      }
      const type = incoming.headers['content-type'] ?? 'application/json';
      const answer = await fetch(url + incoming.url, { method: 'POST', headers: { 'content-type': type }, body });
      outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    closing.push(async () => void proxy.close());
    return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  };
  return { gate, between };
}

test('an order for which rights are missing waits for a person with the reason, and goes on when they are given', async () => {
  const message = "You are not allowed to create 'Sales Order' (sale.order) records.\n\nNo group allows this.";
  const { gate, between } = refusing({ name: 'odoo.exceptions.AccessError', message }, '"client_order_ref"');
  const { mail, house, orders, states, receiver, last } = await scene({}, between);
  await mail({ text: `- Reference: R-1\n${GOOD}` });
  expect(await states()).toEqual(['person']);
  expect(orders()).toEqual([]);
  expect(receiver.mails).toEqual([]);
  const list = await request(house.app).get('/api/mail/conversations?waiting=yes');
  const [conversation] = list.body.conversations;
  expect(conversation.waitsFor).toMatch(
    /^The sales order was not made in Odoo\. .*not allowed to create 'Sales Order'/,
  );
  gate.refuses = false;
  const retry = await request(house.app).post(`/api/mail/conversations/${conversation.id}/retry`);
  expect(retry.body).toEqual({ tried: 'mail' });
  await house.settle();
  expect(await states()).toEqual(['ordered']);
  expect(orders()).toHaveLength(1);
  expect(last().mail.subject).toMatch(/^Order confirmation/);
});

test('an order that Odoo has made and not confirmed is not made again when a person goes on', async () => {
  const fault = { name: 'odoo.exceptions.UserError', message: 'Credit limit.' };
  const { gate, between } = refusing(fault, '"action_confirm"');
  const { mail, house, orders, linesOf, states } = await scene({}, between);
  await mail({ text: GOOD });
  expect(await states()).toEqual(['person']);
  expect(orders().map(({ state }) => state)).toEqual(['draft']);
  const [conversation] = (await request(house.app).get('/api/mail/conversations')).body.conversations;
  const make = async (lines: object[]) => {
    const path = `/api/mail/conversations/${conversation.id}/make`;
    expect((await request(house.app).post(path).send({ lines })).status).toBe(200);
    await house.settle();
  };
  const same = [{ product: linesOf(orders()[0])[0]![0], quantity: 5 }];
  await make(same);
  expect(orders().map(({ state }) => state)).toEqual(['draft']);
  expect(await states()).toEqual(['person']);
  // Other lines: the draft makes room for them.
  await make([{ product: 21, quantity: 4 }]);
  expect(orders().map(({ state }) => state)).toEqual(['cancel', 'draft']);
  gate.refuses = false;
  await make([{ product: 21, quantity: 4 }]);
  expect(orders().map(({ state }) => state)).toEqual(['cancel', 'sale']);
  expect(await states()).toEqual(['ordered']);
});
