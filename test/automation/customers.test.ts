// Automations about customers: leads, names, loyalty, refunds. On the sandbox Odoo, with the real queue and ledger.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { contactNameOf, contactNames } from '../../src/automation/automations/contact-names.ts';
import { customerList } from '../../src/automation/automations/customer-list.ts';
import { followUpMail, stretchOf } from '../../src/automation/automations/follow-up-mail.ts';
import { dateOf, leadsToPartners } from '../../src/automation/automations/leads-to-partners.ts';
import { negativeLoyalty } from '../../src/automation/automations/negative-loyalty.ts';
import { refundedCustomers } from '../../src/automation/automations/refunded-customers.ts';
import { wholesaleLoyalty } from '../../src/automation/automations/wholesale-loyalty.ts';
import { titleCase } from '../../src/automation/customers.ts';
import { addDesignRequest } from '../../src/automation/forms/store.ts';
import { endHouses, type House, openHouse, shop } from './house.ts';

let house: House | null = null;
afterEach(async () => {
  await house?.close();
  house = null;
});
afterAll(endHouses);

const person = (id: number, name: string, more: Record<string, unknown> = {}) => ({
  ...{ id, name, active: true, is_company: false, customer_rank: 1, commercial_partner_id: id, category_id: [] },
  ...more,
});

describe('leads', () => {
  const HEAD = 'date,first_name,last_name,email,phone,street,city,state,zip,comments';

  async function leads(lines: readonly string[], rows = {}) {
    house = await openHouse({ data: shop(rows), automations: [leadsToPartners] });
    await writeFile(join(house.folder, 'marketing_leads.csv'), [HEAD, ...lines].join('\n'));
    return house;
  }

  it('become partners once, whoever sends them how often', async () => {
    const { run, rows, file } = await leads([
      '2026-03-10 09:12,ann,EXAMPLE,Ann@Example.com,(555) 010-2000,1 Elm St,Albany,ny,12207,"wants, a pond"',
      '2026-03-10 09:30,Ann,Example,ann@example.com,,,,,,',
      '3/10/2026,Bob,Stone,,555-010-3000,,,,,',
    ]);
    const first = await run('leads-to-partners');
    expect(first.log.filter((line) => /^(error|warn)/.test(line))).toEqual([]);
    const made = rows('res.partner').filter(({ id }) => id > 3);
    expect(made).toMatchObject([
      {
        name: 'Ann Example',
        email: 'ann@example.com',
        city: 'Albany',
        state_id: 1,
        comment: expect.stringContaining('wants, a pond'),
      },
      { name: 'Bob Stone', phone: '555-010-3000' },
    ]);
    const second = await run('leads-to-partners');
    expect(second.changes).toEqual([]);
    expect(rows('res.partner')).toHaveLength(4);
    const lines = (await file('new_customers.csv')).trim().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/^2026-.*,Ann Example,ann@example.com,\(555\) 010-2000,\d+$/);
  });

  it('are left out when Odoo knows the address in another case, or the number written otherwise', async () => {
    const known = {
      'res.partner': [
        person(20, 'Ann', { email: 'ANN@example.com' }),
        person(21, 'Bob', { phone: '+1 (555) 010-3000', active: false }),
      ],
    };
    const { run, rows } = await leads(
      ['2026-03-10,Ann,Example,ann@example.com,,,,,,', '2026-03-10,Bob,Stone,bob@new.example,555.010.3000,,,,,'],
      known,
    );
    const { counts } = await run('leads-to-partners');
    expect(counts).toMatchObject({ leads: 2, known: 2, changes: 0 });
    expect(rows('res.partner')).toHaveLength(4);
  });

  it('of other days are not looked at, and one without a readable date is an error that names its line', async () => {
    const { run, rows } = await leads([
      '2026-03-08,Old,Lead,old@example.com,,,,,,',
      'soon,Odd,Lead,odd@example.com,,,,,,',
    ]);
    const { log, counts, state } = await run('leads-to-partners');
    expect(state).toBe('done');
    expect(counts.errors).toBe(1);
    expect(log.join('\n')).toContain('error marketing_leads.csv, line 3: "soon" in date is no date');
    expect(rows('res.partner')).toHaveLength(2);
  });

  it('change nothing in a dry run, and say what they would', async () => {
    const { run, rows } = await leads(['2026-03-10,Ann,Example,ann@example.com,,,,,,']);
    const { changes, said } = await run('leads-to-partners', { dryRun: true });
    expect(said[0]).toBe('Ann Example ann@example.com: partner made from a lead');
    expect(changes.every(({ state }) => state === 'dry')).toBe(true);
    expect(rows('res.partner')).toHaveLength(2);
    expect((await run('leads-to-partners')).counts.changes).toBe(2);
    expect(rows('res.partner')).toHaveLength(3);
  });

  it.each([
    ['2026-03-10T08:00:00', false, '2026-03-10'],
    ['3/4/2026', false, '2026-03-04'],
    ['3/4/26', true, '2026-04-03'],
    ['10.03.2026 08:00', false, '2026-03-10'],
    ['13/13/2026', false, null],
    ['2026-02-30', false, null],
    ['', false, null],
  ])('read %s (day first: %s) as %s', (value, dayFirst, day) => expect(dateOf(value, dayFirst)).toBe(day));
});

describe('names of contacts', () => {
  it.each([
    ["mary-jane o'neil", "Mary-Jane O'Neil"],
    ['JOHN  SMITH', 'John Smith'],
    ['Ronald McDonald', 'Ronald McDonald'],
    ['élodie d’arc', 'Élodie D’Arc'],
    ['tom and jerry', 'Tom and Jerry'],
  ])('%s is written %s', (given, wanted) => expect(titleCase(given)).toBe(wanted));

  it('come of first and last name where the contact name is empty, but not of the placeholder', () => {
    const of = (row: Record<string, string | null>) =>
      contactNameOf({ id: 1, ...row }, ['first', 'last'], 'contact', 'Change Name');
    expect(of({ first: 'ANN', last: 'example', contact: null })).toBe('Ann Example');
    expect(of({ first: 'Change', last: 'Name', contact: null })).toBeNull();
    expect(of({ first: 'Ann', last: 'Example', contact: 'Mrs Example' })).toBeNull();
    expect(of({ first: 'Ann', last: null, contact: null })).toBeNull();
  });

  it('are put in order in an Odoo without such fields, those that people wrote with care left alone', async () => {
    house = await openHouse({
      data: shop({
        'res.partner': [
          person(20, 'ann example'),
          person(21, 'Change Name'),
          person(22, 'CHANGE NAME'),
          person(23, 'Ludwig van Beethoven'),
          person(24, 'ACME INC', { is_company: true }),
          person(25, 'BOB STONE'),
        ],
      }),
      automations: [contactNames],
    });
    const { said } = await house.run('contact-names');
    expect(said).toEqual(['ann example: contact name set', 'BOB STONE: contact name set']);
    expect(house.rows('res.partner').map(({ name }) => name)).toEqual([
      ...[
        'Garden Shop',
        'Admin',
        'Ann Example',
        'Change Name',
        'CHANGE NAME',
        'Ludwig van Beethoven',
        'ACME INC',
        'Bob Stone',
      ],
    ]);
  });
});

describe('loyalty', () => {
  const rows = {
    'res.partner.category': [{ id: 1, name: 'Wholesale', active: true }],
    'res.partner': [
      person(20, 'Ann Example', { email: 'ann@example.com', phone: '555' }),
      person(21, 'Bob Stone', { email: 'BOB@example.com' }),
      person(22, 'Nursery Inc', { is_company: true, category_id: [1], email: 'n@example.com' }),
      person(23, 'Their Buyer', { parent_id: 22, commercial_partner_id: 22, email: 'buyer@example.com' }),
      person(24, 'No Mail'),
    ],
    'loyalty.program': [
      { id: 1, name: 'Points', program_type: 'loyalty', active: true },
      { id: 2, name: 'Gifts', program_type: 'gift_card', active: true },
    ],
    'loyalty.card': [
      { id: 1, program_id: 1, partner_id: 20, points: 12.5, code: 'a' },
      { id: 2, program_id: 1, partner_id: 21, points: -3, code: 'b' },
      { id: 3, program_id: 1, partner_id: 22, points: 40, code: 'c' },
      { id: 4, program_id: 1, partner_id: 23, points: 7, code: 'd' },
      { id: 5, program_id: 2, partner_id: 22, points: 100, code: 'gift' },
      { id: 6, program_id: 2, partner_id: 21, points: -5, code: 'gift2' },
    ],
  };

  it('has no balance below zero afterwards, and gift cards are another matter', async () => {
    house = await openHouse({ data: shop(rows), automations: [negativeLoyalty] });
    const { changes } = await house.run('negative-loyalty');
    expect(changes).toMatchObject([{ subject: 'Bob Stone', before: { points: -3 }, after: { points: 0 } }]);
    expect(house.row('loyalty.card', 2).points).toBe(0);
    expect(house.row('loyalty.card', 6).points).toBe(-5);
  });

  it('takes cards of wholesale customers and their contacts back', async () => {
    house = await openHouse({ data: shop(rows), automations: [wholesaleLoyalty] });
    const { said } = await house.run('wholesale-loyalty');
    expect(said).toEqual(['Nursery Inc: loyalty card taken back', 'Their Buyer: loyalty card taken back']);
    const held = house.rows('loyalty.card').filter(({ partner_id }) => partner_id);
    expect(held.map(({ id }) => id)).toEqual([1, 2, 5, 6]);
    expect(house.row('loyalty.card', 3)).toMatchObject({ points: 0, expiration_date: '2026-03-09' });
    expect((await house.run('wholesale-loyalty')).changes).toEqual([]);
  });

  it('balances stand in the list of customers, one line for each address', async () => {
    house = await openHouse({ data: shop(rows), automations: [customerList] });
    await house.run('customer-list');
    expect((await house.file('email_list.csv')).split('\r\n')).toEqual([
      'First Name,Last Name,Email,Phone,Reward Points',
      'Ann,Example,ann@example.com,555,12.5',
      'Bob,Stone,bob@example.com,,-3',
      'Their,Buyer,buyer@example.com,,7',
      '',
    ]);
  });

  it('is said to be missing in an Odoo without it', async () => {
    house = await openHouse({ data: shop({}, []), automations: [negativeLoyalty] });
    const { state, error } = await house.run('negative-loyalty');
    expect(state).toBe('failed');
    expect(error).toMatchObject({ code: 'PB_AUTOMATION_MODULE', remedy: expect.stringContaining('Coupons & Loyalty') });
  });
});

describe('refunds', () => {
  const order = (id: number, partner: number, day: string, total: number) => ({
    ...{ id, name: `Shop/${id}`, partner_id: partner, date_order: `${day} 15:00:00`, state: 'done', company_id: 1 },
    amount_total: total,
  });
  const line = (id: number, order_id: number, qty: number, refunds?: number) => ({
    ...{ id, order_id, product_id: 1, qty, price_unit: 10, price_subtotal: qty * 10, price_subtotal_incl: qty * 10 },
    refunded_orderline_id: refunds ?? false,
  });

  it('of customers from elsewhere do not count as purchases; those of neighbours and halves do', async () => {
    house = await openHouse({
      data: shop({
        'res.partner': [
          person(20, 'Far Away', { state_id: 2, country_id: 1 }),
          person(21, 'Neighbour', { state_id: 1, country_id: 1 }),
          person(22, 'Half Back', { state_id: 2, country_id: 1 }),
          person(23, 'First Time', { state_id: 2, country_id: 1 }),
        ],
        'product.product': [{ id: 1, product_tmpl_id: 1, active: true }],
        'product.template': [{ id: 1, name: 'Pot', active: true }],
        'pos.order': [
          order(1, 20, '2025-06-01', 30),
          order(2, 20, '2026-03-05', 20),
          order(3, 20, '2026-03-06', -20),
          order(4, 21, '2026-03-05', 20),
          order(5, 21, '2026-03-06', -20),
          order(6, 22, '2026-03-05', 20),
          order(7, 22, '2026-03-06', -10),
          order(8, 23, '2026-03-05', 10),
          order(9, 23, '2026-03-06', -10),
        ],
        'pos.order.line': [
          line(1, 1, 3),
          line(2, 2, 2),
          line(3, 3, -2, 2),
          line(4, 4, 2),
          line(5, 5, -2, 4),
          line(6, 6, 2),
          line(7, 7, -1, 6),
          line(8, 8, 1),
          line(9, 9, -1, 8),
        ],
      }),
      automations: [refundedCustomers],
    });
    const { changes } = await house.run('refunded-customers');
    expect(changes.map(({ subject, before, after }) => ({ subject, before, after }))).toEqual([
      { subject: 'Far Away (Shop/2)', before: '2026-03-05', after: '2025-06-01' },
      { subject: 'First Time (Shop/8)', before: '2026-03-05', after: null },
    ]);
    expect((await house.run('refunded-customers')).changes).toEqual([]);
  });
});

describe('the follow-up mail', () => {
  const DETAILS = { goals: 'A <pond>', timeline: 'spring', address: '1 Elm St' };
  const ask = (name: string, at: string) =>
    addDesignRequest(
      house!.store,
      { name, email: `${name.toLowerCase()}@example.com`, phone: '555', details: DETAILS },
      Date.parse(at),
    );

  it('tells each request once, mail after mail', async () => {
    house = await openHouse({
      data: shop({}),
      automations: [followUpMail],
      settings: { 'follow-up-mail': { to: ['sales@garden.example'] } },
      now: '2026-03-10T12:00:00Z',
    });
    await ask('Older', '2026-03-08T12:00:00Z');
    await ask('Ann', '2026-03-09T12:00:00Z');
    await ask('Bob', '2026-03-10T11:00:00Z');
    await house.run('follow-up-mail', { dryRun: true });
    expect(await house.mails()).toEqual([]);
    await house.run('follow-up-mail');
    await ask('Cleo', '2026-03-10T13:00:00Z');
    house.clock.now += 86_400_000;
    await house.run('follow-up-mail');
    const mails = await house.mails();
    expect(mails.map(({ recipient }) => recipient)).toEqual(['sales@garden.example', 'sales@garden.example']);
    expect(mails[0]!.text).toContain('Ann');
    expect(mails[0]!.text).toContain('Bob');
    expect(mails[0]!.text).not.toContain('Older');
    expect(mails[1]!.text).toContain('Cleo');
    expect(mails[1]!.text).not.toContain('Bob');
    expect(String(mails[0]!.raw)).toContain('&lt;pond&gt;');
    house.clock.now += 86_400_000;
    await house.run('follow-up-mail');
    expect(await house.mails()).toHaveLength(2);
  });

  it('after a crash tells what the try before was about to tell', () => {
    expect(stretchOf({ from: 1, until: 5 }, 1, 0, 9)).toEqual({ from: 1, until: 5 });
    expect(stretchOf(undefined, 5, 0, 9)).toEqual({ from: 5, until: 9 });
    expect(stretchOf(undefined, undefined, 2, 9)).toEqual({ from: 2, until: 9 });
  });
});
