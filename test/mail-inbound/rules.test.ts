// Small rules of incoming mail: whole files, recipients, addresses of mailboxes, waiting, memory for what is under way.
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { collect, createBudget } from '../../src/mail/inbound/collect.ts';
import { looksComplete } from '../../src/mail/inbound/complete.ts';
import { parseImapUrl } from '../../src/mail/inbound/imap-url.ts';
import { createWaker } from '../../src/mail/inbound/pause.ts';
import { isRecipient } from '../../src/mail/inbound/recipients.ts';

describe('the end of a file', () => {
  const multipart = 'Content-Type: multipart/mixed; boundary="a"\n\n--a\n\nx\n';
  it.each([
    ['Subject: x\n\nhello\n', true],
    ['Subject: x\r\n\r\n', true],
    [' rest of a Received line\nSubject: x\n\nhello\n', true],
    ['Subject: x\n\nhello', false],
    ['Subject: x\n', false],
    ['', false],
    [multipart, false],
    [`${multipart}--a--`, true],
    [`${multipart}--a--\nepilogue`, true],
    ['Content-Length: 5\nSubject: x\n\nhello', true],
    ['Content-Length: 6\nSubject: x\n\nhello', false],
  ])('%j: %s', (text, whole) => {
    expect(looksComplete(Buffer.from(text))).toBe(whole);
  });
});

describe('recipients', () => {
  const own = new Set(['sales@mycompany.com']);
  it.each([
    ['sales@mycompany.com', true],
    ['SALES+a+b@MYCOMPANY.COM', true],
    ['postmaster', true],
    ['postmaster@mycompany.com', true],
    ['postmaster@elsewhere.com', false],
    ['other@mycompany.com', false],
    ['sales@mycompany.com@evil.com', false],
    ['+sales@mycompany.com', false],
  ])('%s: %s', (address, taken) => {
    expect(isRecipient(address, own)).toBe(taken);
    expect(isRecipient(address, new Set())).toBe(true);
  });
});

describe('the address of a mailbox', () => {
  it('says host, user, password and what becomes of mails', () => {
    expect(
      parseImapUrl(
        'imaps://sales%40x.com:p%40ss%2Fw%3A@imap.x.com/Orders%2FEU?mailbox=INBOX&done=move:Done&first=all&quiet=6&name=eu',
      ),
    ).toEqual({
      name: 'eu',
      host: 'imap.x.com',
      port: 993,
      secure: true,
      withoutTls: false,
      user: 'sales@x.com',
      password: 'p@ss/w:',
      mailboxes: ['Orders/EU', 'INBOX'],
      done: { kind: 'move', to: 'Done' },
      first: { kind: 'all' },
      quietHours: 6,
      ca: null,
      oauth: null,
    });
  });

  it('wants TLS by STARTTLS towards other machines, unless told otherwise', () => {
    const open = (url: string) => (parseImapUrl(url) as { withoutTls: boolean }).withoutTls;
    expect(open('imap://a:b@mail.x.com/')).toBe(false);
    expect(open('imap://a:b@mail.x.com/?tls=off')).toBe(true);
    expect(open('imap://a:b@localhost/')).toBe(true);
    expect(open('imap://a:b@localhost/?tls=required')).toBe(false);
  });

  it.each([
    ['pop3://a:b@x/', 'no IMAP address'],
    ['imaps://x.com/', 'no user'],
    ['imaps://a:b@x.com/?done=burn', 'done='],
    ['imaps://a:b@x.com/?done=move:', 'done='],
    ['imaps://a:b@x.com/?first=-1', 'first='],
    ['imaps://a:b@x.com/?quiet=soon', 'quiet='],
    ['imaps://a:b@x.com/?tls=never', 'tls='],
    ['imaps://a:b@x.com/?mailboxes=x', 'mailboxes='],
    ['imaps://a:%zz@x.com/', 'no user'],
  ])('%s is refused without its password', (url, part) => {
    const problem = parseImapUrl(url);
    expect(problem).toContain(part);
    expect(problem).not.toContain(':b@');
  });
});

describe('waiting', () => {
  const forever = new AbortController().signal;
  const timed = async (run: () => Promise<void>) => {
    const began = performance.now();
    await run();
    return performance.now() - began;
  };

  it('ends by time, by the signal, when woken, and when woken before', async () => {
    const waker = createWaker();
    expect(await timed(() => waker.pause(30, forever))).toBeGreaterThan(25);
    expect(await timed(() => waker.pause(5_000, AbortSignal.timeout(20)))).toBeLessThan(1_000);
    const paused = timed(() => waker.pause(5_000, forever));
    waker.wake();
    expect(await paused).toBeLessThan(1_000);
    waker.wake();
    expect(await timed(() => waker.pause(5_000, forever))).toBeLessThan(1_000);
    expect(await timed(() => waker.pause(30, forever))).toBeGreaterThan(25);
  });
});

describe('what is under way', () => {
  const stream = async function* (...sizes: number[]) {
    for (const size of sizes) yield Buffer.alloc(size, 120);
  };

  it('is counted while it is used, and no longer', async () => {
    const budget = createBudget(100);
    const use = Promise.withResolvers<string>();
    const first = collect(stream(40, 30), { maxBytes: 80, budget }, () => use.promise);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await collect(stream(20, 20), { maxBytes: 80, budget }, async () => 'x')).toEqual({ kind: 'busy' });
    use.resolve('done');
    expect(await first).toEqual({ kind: 'whole', value: 'done' });
    expect(await collect(stream(40, 40), { maxBytes: 80, budget }, async (bytes) => bytes.length)).toEqual({
      kind: 'whole',
      value: 80,
    });
  });

  it('is given back when it is too large and when it breaks off', async () => {
    const budget = createBudget(100);
    expect(await collect(stream(60, 60), { maxBytes: 80, budget }, async () => 1)).toEqual({ kind: 'too-large' });
    const broken = (async function* () {
      yield Buffer.alloc(50);
      throw new Error('gone');
    })();
    await expect(collect(broken, { maxBytes: 80, budget }, async () => 1)).rejects.toThrow('gone');
    expect(budget.take(100)).toBe(true);
  });
});

describe('the variables', () => {
  it('say where mails come from and whose are read', () => {
    const { mail } = readConfig({
      MAIL_ADDRESSES: 'Sales+x@MyCompany.com, orders@mycompany.com',
      MAIL_STAFF_DOMAINS: 'MyCompany.com',
      MAIL_SENDERS: 'Customer.com,other.org',
      MAIL_IMAP_URL: 'imaps://a:b@x.com/ imaps://c:d@y.com/?name=second',
      MAIL_FOLDER: '/in, /more,/in',
      MAIL_SMTP_PORT: '2525',
      MAIL_SMTP_LOGIN: 'relay:pass:with:colons',
    });
    expect([...mail.addresses]).toEqual(['sales@mycompany.com', 'orders@mycompany.com']);
    expect([...mail.staffDomains]).toEqual(['mycompany.com']);
    expect(mail.policy).toEqual({ kind: 'domains', domains: ['customer.com', 'other.org'] });
    expect(mail.imap.map(({ name }) => name)).toEqual(['a on x.com', 'second']);
    expect(mail.folders).toEqual(['/in', '/more']);
    expect(mail.smtp).toMatchObject({ port: 2525, auth: { user: 'relay', password: 'pass:with:colons' }, tls: null });
  });

  it('listen nowhere unless told to', () => {
    expect(readConfig({}).mail).toMatchObject({
      imap: [],
      smtp: null,
      folders: [],
      token: null,
      policy: { kind: 'everyone' },
    });
    expect(readConfig({ MAIL_SENDERS: 'known' }).mail.policy).toEqual({ kind: 'known-partners' });
  });

  it.each([
    [{ MAIL_IMAP_URL: 'imaps://a:geheim@x.com/?done=burn' }, 'MAIL_IMAP_URL has done='],
    [{ MAIL_IMAP_URL: 'imaps://a:geheim@x.com/ imaps://a:geheim@x.com/' }, 'names a mailbox twice'],
    [{ MAIL_ADDRESSES: 'mycompany.com' }, 'MAIL_ADDRESSES is no list of addresses'],
    [{ MAIL_STAFF_DOMAINS: '@mycompany.com' }, 'MAIL_STAFF_DOMAINS is no list of domains'],
    [{ MAIL_SENDERS: 'friends' }, 'MAIL_SENDERS is neither'],
    [{ MAIL_TOKEN: 'geheim' }, 'MAIL_TOKEN is shorter than 32 bytes'],
    [{ MAIL_SMTP_PORT: '25', MAIL_SMTP_TLS: 'required' }, 'MAIL_SMTP_TLS is required'],
    [{ MAIL_SMTP_PORT: '25', MAIL_SMTP_CERT: 'geheim' }, 'belong together'],
    [{ MAIL_SMTP_PORT: '25', MAIL_SMTP_HOST: '0.0.0.0', MAIL_SMTP_LOGIN: 'a:geheim-geheim' }, 'clear text'],
    [{ MAIL_FOLDER_DONE: 'burn' }, 'MAIL_FOLDER_DONE is none of keep, delete'],
    [{ MAIL_MAX_BYTES: '10' }, 'MAIL_MAX_BYTES is not a whole number'],
  ])('%# are refused, and no secret is repeated', (environment, text) => {
    const read = () => readConfig(environment as Record<string, string>);
    expect(read).toThrow(text);
    expect(read).not.toThrow(/geheim/);
  });
});
