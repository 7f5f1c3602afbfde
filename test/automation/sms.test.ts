// Text messages: sent once whatever Twilio answers, never to who wants none, and what is wrong is said.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isOptOut, SMS_SETTINGS, twilio } from '../../src/automation/engines/sms.ts';
import { PlanbridgeError } from '../../src/errors.ts';
import { ACCOUNT, startTwilio, TOKEN, type Trouble, type TwilioServer } from './twilio-server.ts';

let server: TwilioServer;
beforeEach(async () => {
  server = await startTwilio();
});
afterEach(() => server.close());

function engine(changes: Record<string, unknown> = {}) {
  const settings = SMS_SETTINGS.parse({
    ...{ accountSid: ACCOUNT, authToken: TOKEN, from: '+15550000000', url: server.url },
    ...{ timeoutSeconds: 0.3, pauseSeconds: 0.01, longestPauseSeconds: 2, settleSeconds: 0.01, ...changes },
  });
  return twilio(settings, Date.now);
}
const MESSAGE = { to: '+15558675310', body: 'Thanks, Ann – see you soon!', mediaUrl: null };
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => Promise.reject(new Error('it was taken')),
    (error: unknown) => error as PlanbridgeError,
  );

describe('a text message', () => {
  it('goes out with its picture', async () => {
    const sent = await engine().send({ ...MESSAGE, mediaUrl: 'https://files.example.com/5off.jpg' });
    expect(server.taken).toMatchObject([
      {
        ...{ to: MESSAGE.to, from: '+15550000000', body: MESSAGE.body },
        media: ['https://files.example.com/5off.jpg'],
      },
    ]);
    expect(sent).toEqual({ id: server.taken[0]!.sid, status: 'queued', error: null });
    server.taken[0]!.status = 'delivered';
    expect(await engine().status(sent.id)).toMatchObject({ status: 'delivered' });
  });

  const open: [string, Trouble][] = [
    ['an error of the server', { kind: 'status-after', status: 500 }],
    ['a gateway that gave up', { kind: 'status-after', status: 504 }],
    ['silence', { kind: 'silent-after' }],
    ['a cut connection', { kind: 'cut-after' }],
    ['nonsense', { kind: 'nonsense-after' }],
  ];
  it.each(open)('is not sent again when it was taken and the answer is %s', async (_, trouble) => {
    server.troubles.push(trouble);
    expect(await engine().send(MESSAGE)).toMatchObject({ id: server.taken[0]!.sid });
    expect(server.taken).toHaveLength(1);
  });

  const missed: [string, Trouble][] = [
    ['an error of the server', { kind: 'status-before', status: 503 }],
    ['silence', { kind: 'silent-before' }],
    ['a cut connection', { kind: 'cut-before' }],
  ];
  it.each(missed)('is sent again when it was not taken and the answer is %s', async (_, trouble) => {
    server.troubles.push(trouble);
    await engine().send(MESSAGE);
    expect(server.taken).toHaveLength(1);
    // It has looked before.
    expect(server.requests.map((request) => request.split(' ')[0])).toEqual(['POST', 'GET', 'POST']);
  });

  it('is not sent again when nobody can say whether it was taken', async () => {
    server.troubles.push({ kind: 'status-after', status: 500 });
    server.listTroubles.push(...Array.from({ length: 4 }, () => ({ kind: 'status-before', status: 500 }) as const));
    expect(await failure(engine().send(MESSAGE))).toMatchObject({ code: 'PB_AUTOMATION_UNREACHABLE' });
    expect(server.taken).toHaveLength(1);
  });

  it('waits as long as the service wants before it asks again', async () => {
    server.troubles.push({
      kind: 'fault',
      status: 429,
      code: 20429,
      message: 'Too many',
      headers: { 'retry-after': '1' },
    });
    const begun = performance.now();
    await engine().send(MESSAGE);
    expect(performance.now() - begun).toBeGreaterThan(950);
    expect(server.taken).toHaveLength(1);
    // It was not taken for certain: nothing to look up.
    expect(server.requests.filter((request) => request.startsWith('GET'))).toEqual([]);
  });

  it('is put off when the service wants to wait too long', async () => {
    server.troubles.push({
      kind: 'fault',
      status: 429,
      code: 20429,
      message: 'Too many',
      headers: { 'retry-after': '90' },
    });
    expect(await failure(engine().send(MESSAGE))).toMatchObject({
      ...{ code: 'PB_AUTOMATION_UNREACHABLE', retryAfterSeconds: 90 },
    });
    expect(server.requests).toHaveLength(1);
  });

  it('is not pressed on who wants none', async () => {
    server.optedOut.add(MESSAGE.to);
    const error = await failure(engine().send(MESSAGE));
    expect(error.code).toBe('PB_AUTOMATION_REFUSED');
    expect(isOptOut(error)).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  it('is refused with the reason, and no secret in it', async () => {
    const bad = await failure(engine().send({ ...MESSAGE, to: '+1' }));
    expect(bad.message).toContain("The 'To' number +1 is not a valid phone number. (21211)");
    expect(isOptOut(bad)).toBe(false);
    const denied = await failure(engine({ authToken: 'wrong-token' }).send(MESSAGE));
    expect(`${denied.message} ${denied.remedy}`).toMatch(/Authenticate \(20003\).*authToken/);
    expect(JSON.stringify([denied.message, denied.remedy, denied.cause])).not.toContain('wrong-token');
    expect((await failure(engine().send({ ...MESSAGE, body: 'x'.repeat(1_601) }))).message).toContain(
      '1601 characters',
    );
    expect(server.taken).toEqual([]);
  });

  it('says when there is no service', async () => {
    const away = engine({ url: 'http://127.0.0.1:9' });
    expect(await failure(away.send(MESSAGE))).toMatchObject({ code: 'PB_AUTOMATION_UNREACHABLE' });
  });

  it('ends when it is told to', async () => {
    server.troubles.push({ kind: 'silent-before' });
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('stopped')), 50);
    await expect(engine({ timeoutSeconds: 60 }).send(MESSAGE, stop.signal)).rejects.toThrow('stopped');
  });
});

describe('looking for a message that was sent', () => {
  it('finds it on any page, however the service writes its characters', async () => {
    server.pageSize = 2;
    server.rewrite = (body) => `Sent from a trial account - ${body.replaceAll('–', '-')}`;
    await engine().send(MESSAGE);
    for (let n = 0; n < 5; n++) await engine().send({ ...MESSAGE, body: `Another ${n}` });
    server.taken[0]!.created = new Date(Date.now() - 60_000);
    expect(await engine().find(MESSAGE, Date.now() - 3_600_000)).toMatchObject({ id: server.taken[0]!.sid });
  });

  it('takes none of before, none to others, and none that came in', async () => {
    await engine().send(MESSAGE);
    server.taken[0]!.created = new Date(Date.now() - 86_400_000);
    server.receive(MESSAGE.to, MESSAGE.body, new Date());
    // Somebody has written the same words to this number.
    server.taken.at(-1)!.to = MESSAGE.to;
    await engine().send({ ...MESSAGE, to: '+15558675311' });
    expect(await engine().find(MESSAGE, Date.now())).toBeNull();
    expect(await engine().find(MESSAGE, Date.now() - 90_000_000)).not.toBeNull();
  });
});

describe('answers of people', () => {
  it('come oldest first, and only since then', async () => {
    const at = (time: string) => new Date(`2026-03-02T${time}Z`);
    server.receive('+15558675310', 'STOP', at('10:00:00'));
    server.receive('+15558675311', 'Thanks!', at('09:00:00'));
    server.receive('+15558675312', 'old', at('08:00:00'));
    await engine().send(MESSAGE);
    expect(await engine().answers(at('08:30:00').getTime())).toEqual([
      { from: '+15558675311', body: 'Thanks!', at: at('09:00:00').getTime() },
      { from: '+15558675310', body: 'STOP', at: at('10:00:00').getTime() },
    ]);
  });
});

describe('numbers as people write them', () => {
  it.each([
    ['(212) 867-5309', null, '+12128675309'],
    ['212.867.5309', null, '+12128675309'],
    ['+32 470 12 34 56', null, '+32470123456'],
    ['0470/12.34.56', 'BE', '+32470123456'],
    ['12345', null, null],
    ['', null, null],
    ['call the shop', null, null],
  ])('%s (%s) is %s', (written, country, number) => {
    expect(engine().number(written, country)).toBe(number);
  });
});

it('names what is wrong in the settings', () => {
  const result = SMS_SETTINGS.safeParse({ accountSid: 'x', authToken: 'y', from: '555' });
  expect(JSON.stringify(result.error?.issues)).toMatch(/accountSid.*no account SID.*from.*no number/);
});

it('is an error of ours that can be shown', async () => {
  server.troubles.push({ kind: 'fault', status: 400, code: 30007, message: `filtered ${TOKEN}` });
  const error = await failure(engine().send(MESSAGE));
  expect(error).toBeInstanceOf(PlanbridgeError);
  expect(error.message).not.toContain(TOKEN);
});
