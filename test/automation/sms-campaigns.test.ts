// Text messages to customers: who is meant on which day, each once, nobody who wants none, through a service that may fail anywhere.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { smsBirthday } from '../../src/automation/automations/sms-birthday.ts';
import { smsFirstCoupon } from '../../src/automation/automations/sms-first-coupon.ts';
import { smsFirstReview } from '../../src/automation/automations/sms-first-review.ts';
import { smsFirstThanks } from '../../src/automation/automations/sms-first-thanks.ts';
import { smsOptOuts } from '../../src/automation/automations/sms-opt-outs.ts';
import { smsReturningCoupon } from '../../src/automation/automations/sms-returning-coupon.ts';
import { smsReturningReview } from '../../src/automation/automations/sms-returning-review.ts';
import { smsReturningThanks } from '../../src/automation/automations/sms-returning-thanks.ts';
import { smsWholesale } from '../../src/automation/automations/sms-wholesale.ts';
import { AUTOMATIONS } from '../../src/automation/automations.ts';
import { SMS_SETTINGS, twilio } from '../../src/automation/engines/sms.ts';
import { birthMonth } from '../../src/automation/texting/audience.ts';
import { CAMPAIGNS, meaningOf } from '../../src/automation/texting/opt-outs.ts';
import { ACCOUNT, startTwilio, TOKEN, type TwilioServer } from './twilio-server.ts';
import { Killed, type World, world } from './world.ts';

let w: World;
let server: TwilioServer;
let us: number;
beforeEach(async () => {
  // The evening of Saturday 7 March 2026, in New York; the clocks go forward in the night.
  w = world({ now: '2026-03-07T23:30:00Z' });
  server = await startTwilio(() => w.clock);
  use();
  us = w.add('res.country', { name: 'United States', code: 'US' });
  w.add('loyalty.program', { name: 'Points', program_type: 'loyalty' });
  w.add('loyalty.card', {});
});
afterEach(() => server.close());

function use(changes: Record<string, unknown> = {}) {
  const settings = SMS_SETTINGS.parse({
    ...{ accountSid: ACCOUNT, authToken: TOKEN, from: '+15550000000', url: server.url },
    ...{ timeoutSeconds: 0.3, pauseSeconds: 0.01, settleSeconds: 0.01, retries: 1, ...changes },
  });
  w.engines.sms = twilio(settings, () => w.clock);
}
let last = 100;
function customer(name: string, values: Record<string, unknown> = {}): number {
  const phone = `(212) 867-5${++last}`;
  return w.add('res.partner', { name, mobile: phone, country_id: us, ...values });
}
function buys(partner: number, local: string, values: Record<string, unknown> = {}, model = 'sale.order') {
  const state = model === 'sale.order' ? 'sale' : 'paid';
  return w.add(model, { name: 'S', partner_id: partner, date_order: w.at(local), state, amount_total: 20, ...values });
}
const texts = () => server.taken.filter(({ direction }) => direction !== 'inbound').map(({ body }) => body);
const names = () => texts().map((body) => /(?:Hi|Hello|birthday,) ([^,!]+)[,!]/.exec(body)?.[1]);
const YESTERDAY = '2026-03-06T23:59:59';

describe('first-time customers', () => {
  it('are thanked the day after their first purchase, by the calendar of the shop', async () => {
    buys(customer('ann MILLER'), '2026-03-06T00:00:00');
    buys(customer('Bob'), YESTERDAY, {}, 'pos.order');
    buys(customer('Today'), '2026-03-07T00:00:00');
    buys(customer('Before'), '2026-03-05T23:59:59');
    const known = customer('Known');
    buys(known, YESTERDAY);
    buys(known, '2020-01-01T10:00:00', {}, 'pos.order');
    await w.run(smsFirstThanks, { shop: 'The Nursery' });
    expect(names()).toEqual(['Ann', 'Bob']);
    expect(texts()[0]).toContain('your first purchase at The Nursery!');
    expect(server.taken[0]).toMatchObject({ to: '+12128675101', media: [] });
    expect(w.figures).toMatchObject({ targeted: 2, sent: 2 });
  });

  it('get a coupon on the third day, until two weeks after the purchase, with its picture', async () => {
    buys(customer('Ann'), '2026-03-04T10:00:00');
    await w.run(smsFirstCoupon, { picture: 'https://files.example.com/5off.jpg' });
    expect(texts()[0]).toContain('before Mar 18, 2026');
    expect(server.taken[0]!.media).toEqual(['https://files.example.com/5off.jpg']);
    buys(customer('Ben'), '2026-03-04T10:00:00');
    await w.run(smsFirstCoupon, { couponFrom: 'message' });
    expect(texts()[1]).toContain('before Mar 21, 2026');
  });

  it('are asked for a review on the seventh day after the first purchase, also when they have come again', async () => {
    const ann = customer('Ann');
    buys(ann, '2026-02-28T10:00:00');
    buys(ann, '2026-03-03T10:00:00');
    await w.run(smsFirstReview);
    expect(names()).toEqual(['Ann']);
  });

  it('are none whose orders do not count', async () => {
    buys(customer('Draft'), YESTERDAY, { state: 'draft' });
    buys(customer('Cancelled'), YESTERDAY, { state: 'cancel' }, 'pos.order');
    buys(customer('Free'), YESTERDAY, { amount_total: 0 });
    buys(customer('Back'), YESTERDAY, { amount_total: -20 }, 'pos.order');
    const elsewhere = buys(customer('Elsewhere'), YESTERDAY);
    const memory = w.remember('refunded-customers');
    memory.set(`order sale ${elsewhere}`, { partner: 1, order: 'S1' });
    buys(customer('Archived', { active: false }), YESTERDAY);
    await w.run(smsFirstThanks);
    expect(texts()).toEqual([]);
  });

  it('are not those who buy at wholesale', async () => {
    const tag = w.add('res.partner.category', { name: 'Wholesale' });
    buys(customer('Landscaper', { category_id: [tag] }), YESTERDAY);
    await w.run(smsFirstThanks);
    expect(texts()).toEqual([]);
  });
});

describe('returning customers', () => {
  it('are those who had bought before the day', async () => {
    const [ann, twice] = [customer('Ann'), customer('Twice')];
    buys(ann, '2024-03-06T10:00:00', {}, 'pos.order');
    buys(ann, YESTERDAY);
    buys(twice, '2026-03-06T08:00:00');
    buys(twice, '2026-03-06T18:00:00');
    const again = customer('Again');
    for (const local of ['2024-01-01T10:00:00', YESTERDAY, '2026-03-07T08:00:00']) buys(again, local);
    await w.run(smsReturningThanks);
    // Who has bought today is thanked tomorrow.
    expect(names()).toEqual(['Ann']);
  });

  it('get their coupon the day after, or on the day that is set', async () => {
    const ann = customer('Ann');
    buys(ann, '2024-03-06T10:00:00');
    buys(ann, YESTERDAY);
    await w.run(smsReturningCoupon, { daysAfter: 3 });
    expect(texts()).toEqual([]);
    await w.run(smsReturningCoupon);
    expect(texts()[0]).toContain('before Mar 20, 2026');
  });

  it('get one message for each purchase, and are asked for a review once', async () => {
    const ann = customer('Ann');
    buys(ann, '2024-03-06T10:00:00');
    buys(ann, '2026-02-28T10:00:00');
    await w.run(smsReturningReview);
    w.clock += 10 * 86_400_000;
    buys(ann, '2026-03-10T10:00:00');
    await w.run(smsReturningReview);
    expect(texts()).toHaveLength(1);
    w.clock = Date.parse('2026-03-11T15:30:00Z');
    await w.run(smsReturningThanks);
    w.clock = Date.parse('2026-03-18T15:30:00Z');
    buys(ann, '2026-03-17T10:00:00');
    await w.run(smsReturningThanks);
    expect(texts()).toHaveLength(3);
  });
});

describe('birthdays', () => {
  it('are those of this month; the coupon counts until the 10th of the next', async () => {
    w.clock = Date.parse('2026-12-01T14:00:00Z');
    customer('Ann', { birthdate_date: '1990-12-31' });
    customer('Bob', { birthdate_date: '1990-11-30' });
    customer('None');
    await w.run(smsBirthday);
    expect(names()).toEqual(['Ann']);
    expect(texts()[0]).toContain('before Jan 10, 2027');
    await w.run(smsBirthday);
    expect(texts()).toHaveLength(1);
    w.clock = Date.parse('2027-12-01T14:00:00Z');
    await w.run(smsBirthday);
    expect(texts()).toHaveLength(2);
  });

  it('are read however they are written', () => {
    expect(['1990-05-17', '--05-17', '05/17', '5/17/1990', 5].map(birthMonth)).toEqual([5, 5, 5, 5, 5]);
    expect(['', 'May', '1990', '13/01', null, 0].map(birthMonth)).toEqual([null, null, null, null, null, null]);
  });

  it('need a field for them', async () => {
    await expect(w.run(smsBirthday, { field: 'birthday' })).rejects.toThrow('res.partner');
  });
});

describe('wholesale customers', () => {
  it('get one of several texts, the same after a crash', async () => {
    const tag = w.add('res.partner.category', { name: 'Wholesale' });
    for (let n = 0; n < 12; n++) buys(customer(`P${n}`, { category_id: [tag] }), YESTERDAY);
    buys(customer('Retail'), YESTERDAY);
    await w.run(smsWholesale);
    expect(texts()).toHaveLength(12);
    const kinds = new Set(texts().map((body) => body.replace(/P\d+/, '')));
    expect(kinds.size).toBeGreaterThan(1);
  });
});

describe('a message', () => {
  it('tells the points, where the text has them and there are any', async () => {
    const [rich, poor] = [customer('Rich'), customer('Poor')];
    w.add('loyalty.card', { partner_id: rich, points: 120.7, program_id: 1 });
    w.add('loyalty.card', { partner_id: poor, points: -5, program_id: 1 });
    for (const partner of [rich, poor]) buys(partner, YESTERDAY);
    await w.run(smsFirstThanks);
    expect(texts()[0]).toContain('You already have 120 reward points.');
    expect(texts()[1]).not.toContain('points');
  });

  it('goes out without points where Odoo has no loyalty programme', async () => {
    w = world({
      now: '2026-03-07T23:30:00Z',
      without: ['loyalty.card', 'loyalty.program', 'pos.order', 'phone.blacklist'],
    });
    use();
    buys(customer('Ann', { country_id: null }), YESTERDAY);
    await w.run(smsFirstThanks);
    expect(names()).toEqual(['Ann']);
  });

  it('goes to a number once, whoever has it, and never twice', async () => {
    buys(customer('Ann', { mobile: '212-867-5309' }), YESTERDAY);
    buys(customer('Ann again', { mobile: '+1 (212) 867 5309' }), YESTERDAY);
    await w.run(smsFirstThanks);
    await w.run(smsFirstThanks);
    expect(server.taken.map(({ to }) => to)).toEqual(['+12128675309']);
  });

  it('takes the mobile number before the other, in the country of the contact', async () => {
    const belgium = w.add('res.country', { name: 'Belgium', code: 'BE' });
    buys(customer('Ann', { mobile: '0470 12 34 56', phone: '02 555 12 12', country_id: belgium }), YESTERDAY);
    buys(customer('Bob', { mobile: null, phone: '212-867-5309' }), YESTERDAY);
    buys(customer('Nobody', { mobile: 'none', phone: null }), YESTERDAY);
    await w.run(smsFirstThanks);
    expect(server.taken.map(({ to }) => to)).toEqual(['+32470123456', '+12128675309']);
    expect(w.figures['without a number']).toBe(1);
  });

  it.each(['before', 'after'] as const)('is sent once when the process dies %s sending', async (when) => {
    const ann = customer('Ann');
    buys(ann, YESTERDAY);
    w.add('loyalty.card', { partner_id: ann, points: 10, program_id: 1 });
    w.kill = { key: /^sms\//, when };
    await expect(w.run(smsFirstThanks)).rejects.toThrow(Killed);
    w.kill = null;
    // Meanwhile the points have changed: the text that went out is looked for, not the one that would.
    w.rows['loyalty.card']!.at(-1)!.points = 99;
    await w.run(smsFirstThanks, {}, { sameRun: true });
    expect(texts()).toHaveLength(1);
    expect(texts()[0]).toContain('10 reward points');
    expect([...w.state('sms-first-thanks').keys()]).toEqual([]);
  });

  it('that the service has swallowed is not sent again', async () => {
    buys(customer('Ann'), YESTERDAY);
    server.troubles.push({ kind: 'status-after', status: 500 });
    server.listTroubles.push({ kind: 'status-before', status: 500 }, { kind: 'status-before', status: 500 });
    // The first list is of the answers.
    server.listTroubles.unshift({ kind: 'status-before', status: 503 });
    await expect(w.run(smsFirstThanks)).rejects.toMatchObject({ code: 'PB_AUTOMATION_UNREACHABLE' });
    await w.run(smsFirstThanks, {}, { sameRun: true });
    expect(texts()).toHaveLength(1);
  });

  it('that is refused for one does not keep the others', async () => {
    for (const name of ['Ann', 'Bob']) buys(customer(name), YESTERDAY);
    server.troubles.push({ kind: 'fault', status: 400, code: 21614, message: 'is not a mobile number' });
    await w.run(smsFirstThanks);
    expect(names()).toEqual(['Bob']);
    expect(w.errors()).toEqual([expect.stringContaining('21614')]);
  });

  it('is not sent at night', async () => {
    buys(customer('Ann'), YESTERDAY);
    w.clock = Date.parse('2026-03-08T02:01:00Z');
    await w.run(smsFirstThanks);
    expect(texts()).toEqual([]);
    expect(w.logs[0]).toContain('It is 21:01');
  });

  it('is only shown in a dry run', async () => {
    buys(customer('Ann'), YESTERDAY);
    await w.run(smsFirstThanks, {}, { dryRun: true });
    expect(texts()).toEqual([]);
    expect(w.changes[0]!.after).toMatchObject({ text: expect.stringContaining('Hi Ann, thank you') });
  });

  it('goes to one number only in test mode, once, and to its receiver afterwards', async () => {
    for (const name of ['Ann', 'Bob']) buys(customer(name), YESTERDAY);
    use({ testNumber: '+15557654321' });
    await w.run(smsFirstThanks);
    expect(server.taken.map(({ to }) => to)).toEqual(['+15557654321']);
    use();
    await w.run(smsFirstThanks);
    expect(server.taken.slice(1).map(({ to }) => to)).not.toContain('+15557654321');
    expect(server.taken).toHaveLength(3);
  });

  it('has no names that there are not', () => {
    const wrong = smsFirstThanks.settings.safeParse({ texts: ['Hi {{vorname}}'] });
    expect(wrong.error?.issues[0]?.message).toContain('{{vorname}}');
  });
});

describe('who wants no messages', () => {
  const NUMBER = '+12128675309';
  beforeEach(() => {
    buys(customer('Ann', { mobile: '212-867-5309' }), YESTERDAY);
  });

  it('is left alone from the moment of the answer', async () => {
    server.receive(NUMBER, 'Stop', new Date(w.clock - 60_000));
    await w.run(smsFirstThanks);
    expect(texts()).toEqual([]);
    expect(w.figures['want none']).toBe(1);
  });

  it('is kept, and told to Odoo', async () => {
    server.receive(NUMBER, 'STOP', new Date(w.clock - 60_000));
    await w.run(smsOptOuts);
    expect(w.rows['phone.blacklist']).toMatchObject([{ number: NUMBER }]);
    server.taken.length = 0;
    await w.run(smsFirstThanks);
    expect(texts()).toEqual([]);
    await w.run(smsOptOuts);
    expect(w.rows['phone.blacklist']).toHaveLength(1);
  });

  it('may change his mind', async () => {
    server.receive(NUMBER, 'STOP', new Date(w.clock - 120_000));
    await w.run(smsOptOuts, { blacklist: false });
    server.receive(NUMBER, 'START', new Date(w.clock - 60_000));
    await w.run(smsFirstThanks);
    expect(texts()).toHaveLength(1);
  });

  it('is on the list of Odoo too', async () => {
    w.add('phone.blacklist', { number: NUMBER, active: true });
    await w.run(smsFirstThanks);
    expect(texts()).toEqual([]);
  });

  it('is known when the service says so, to all campaigns, and is no error', async () => {
    server.optedOut.add(NUMBER);
    await w.run(smsFirstThanks);
    expect(w.errors()).toEqual([]);
    server.optedOut.clear();
    const ann = w.rows['res.partner']!.at(-1)!.id as number;
    buys(ann, '2020-01-01T10:00:00');
    await w.run(smsReturningThanks);
    expect(texts()).toEqual([]);
  });

  it.each(['stop', ' STOP. ', 'Stop all', 'unsubscribe', 'END', 'opt-out', 'Arrêt'])('says so with "%s"', (body) => {
    expect(meaningOf(body)).toBe('stop');
  });
  it.each(['please do not stop', 'Thanks!', '', 'the end'])('does not say so with "%s"', (body) => {
    expect(meaningOf(body)).toBeNull();
  });
});

it('knows all campaigns', () => {
  const names = AUTOMATIONS.map(({ name }) => name).filter((name) => name.startsWith('sms-'));
  expect(names.toSorted()).toEqual([...CAMPAIGNS, 'sms-opt-outs'].toSorted());
});
