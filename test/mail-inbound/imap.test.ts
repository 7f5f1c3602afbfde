// Mailboxes over IMAP, against a real server: each mail once, whatever happens to the connection, the server, the numbers of the
// mailbox, or to us between one step and the next.
import type { ImapFlow } from 'imapflow';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listSources } from '../../src/mail/inbound/health.ts';
import { rawMail as bytesOf, listMails, type MailRow } from '../../src/mail/store/mails.ts';
import { missingDovecot, startDovecot, type TestDovecot } from '../support/dovecot.ts';
import { clear, openInbound, openTestStore, rawMail, type TestInbound, type TestStore, until } from './support.ts';

const skip = missingDovecot() !== null;

describe.skipIf(skip)('a mailbox', () => {
  let test: TestStore;
  let dovecot: TestDovecot;
  const running: TestInbound[] = [];
  let user = '';
  let users = 0;

  beforeAll(async () => {
    [test, dovecot] = await Promise.all([openTestStore('embedded'), startDovecot()]);
  });
  afterAll(async () => {
    await test?.close();
    await dovecot?.stop();
  });
  beforeEach(async () => {
    await clear(test.store);
    user = `user${++users}`;
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await one.inbound.stop();
  });

  async function start(query = '', more: Record<string, string> = {}, url = dovecot.url) {
    const one = openInbound(test.store, { MAIL_IMAP_URL: url(user, query), MAIL_POLL_SECONDS: '1', ...more });
    running.push(one);
    await one.inbound.start();
    return one;
  }
  const stop = async () => {
    for (const one of running.splice(0)) await one.inbound.stop();
  };
  const put = (raw: Buffer, flags: string[] = [], mailbox = 'INBOX', date?: Date) =>
    dovecot.client(user, (client) => client.append(mailbox, raw, flags, date));
  const mails = (): Promise<MailRow[]> => listMails(test.store.query, { limit: 1_000 });
  const stored = (count: number) => until(`${count} mails`, async () => (await mails()).length === count);
  const inMailbox = async <T>(use: (client: ImapFlow) => Promise<T>, mailbox = 'INBOX') =>
    await dovecot.client(user, async (client) => {
      await client.mailboxOpen(mailbox);
      return await use(client);
    });
  const count = (mailbox = 'INBOX') =>
    inMailbox(async ({ mailbox: opened }) => (opened ? opened.exists : undefined), mailbox);
  const flags = () =>
    inMailbox(async (client) => {
      const all = await client.fetchAll('1:*', { uid: true, flags: true });
      return all.map(({ flags: some }) => [...(some ?? [])].filter((flag) => flag !== '\\Recent').sort());
    });
  const cursor = async () =>
    (
      await test.store.query<{ stored: number; marked: number; validity: string }>(
        'select stored::float8, marked::float8, uid_validity as validity from planbridge.mail_cursor',
      )
    )[0];
  const DAYS = 86_400_000;

  it('gives its unread mails of the last days at first, then whatever comes, and is told of it at once', async () => {
    await put(rawMail({ subject: 'unread' }));
    await put(rawMail({ subject: 'read by a person' }), ['\\Seen']);
    await put(rawMail({ subject: 'unread for long' }), [], 'INBOX', new Date(Date.now() - 9 * DAYS));
    const raw = rawMail({ subject: 'new' });
    // Only the server's own word brings it: there is no look within the test.
    await start('', { MAIL_POLL_SECONDS: '3600' });
    await stored(1);
    await put(raw, ['\\Seen'], 'INBOX', new Date(Date.now() - 9 * DAYS));
    await stored(2);
    const [newest, first] = await mails();
    expect((await bytesOf(test.store.query, newest!.id))!.bytes.equals(raw)).toBe(true);
    expect((await bytesOf(test.store.query, first!.id))!.bytes.toString()).toContain('Subject: unread\r');
    await until('flagged', async () => (await flags())[0]?.join() === '\\Seen');
    // What was left alone is left as it was.
    expect((await flags())[2]).toEqual([]);
  });

  it.each([
    ['all', 3],
    ['new', 0],
    ['1', 1],
  ])('first=%s takes %i of what lies there', async (first, count) => {
    await put(rawMail());
    await put(rawMail(), ['\\Seen']);
    await put(rawMail(), [], 'INBOX', new Date(Date.now() - 3 * DAYS));
    await start(`first=${first}`);
    await until('looked at', async () => (await cursor()) !== undefined);
    await put(rawMail({ subject: 'later' }));
    await stored(count + 1);
  });

  it('takes each mail once over many starts', async () => {
    for (let i = 0; i < 5; i++) await put(rawMail());
    await start('done=keep');
    await stored(5);
    await stop();
    const seen = await start('done=keep');
    await put(rawMail());
    await stored(6);
    expect(seen.lines.filter(({ message }) => message.startsWith('a mail was stored before'))).toEqual([]);
    expect(await flags()).toEqual([[], [], [], [], [], []]);
  });

  it.each([
    ['flag:$Planbridge', ['$Planbridge']],
    ['seen', ['\\Seen']],
  ])('done=%s flags what is stored', async (done, expected) => {
    await put(rawMail());
    await start(`done=${encodeURIComponent(done)}`);
    await until('flagged', async () => (await flags())[0]?.join() === expected.join());
  });

  it('moves what is stored to a mailbox that it makes', async () => {
    const raws = [rawMail(), rawMail()];
    for (const raw of raws) await put(raw);
    await start('done=move:Done/2026');
    await stored(2);
    await until('moved', async () => (await count()) === 0);
    expect(await count('Done.2026')).toBe(2);
    await put(rawMail());
    await stored(3);
  });

  it('flags after a new start what was stored and not flagged', async () => {
    await put(rawMail());
    await put(rawMail());
    await start('done=keep');
    await stored(2);
    await stop();
    await test.store.query('update planbridge.mail_cursor set marked = 0');
    await start('done=seen');
    await until('flagged', async () => (await flags()).every((some) => some.join() === '\\Seen'));
    expect(await mails()).toHaveLength(2);
  });

  it('begins again when the numbers of the mailbox have changed, and takes nothing twice', async () => {
    const raws = [rawMail(), rawMail(), rawMail()];
    await dovecot.client(user, (client) => client.mailboxCreate('Orders'));
    for (const raw of raws.slice(0, 2)) await put(raw, [], 'Orders');
    const one = await start('mailbox=Orders&done=keep');
    await stored(2);
    const before = await cursor();
    // As after a restored backup: the same mails under new numbers, and one that came meanwhile.
    await stop();
    await dovecot.client(user, async (client) => {
      await client.mailboxDelete('Orders');
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      await client.mailboxCreate('Orders');
    });
    for (const raw of raws.toReversed()) await put(raw, [], 'Orders');
    const two = await start('mailbox=Orders&done=keep');
    await stored(3);
    await until('read', async () => (await cursor())?.stored === 3);
    expect((await cursor())?.validity).not.toBe(before?.validity);
    const told = (lines: typeof one.lines) => lines.some(({ message }) => message.includes('other numbers'));
    expect([told(one.lines), told(two.lines)]).toEqual([false, true]);
  });

  it('notices that its mailbox was made anew while it is connected', async () => {
    await dovecot.client(user, (client) => client.mailboxCreate('Orders'));
    await start('mailbox=Orders');
    await put(rawMail(), [], 'Orders');
    await stored(1);
    await dovecot.client(user, async (client) => {
      await client.mailboxDelete('Orders');
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      await client.mailboxCreate('Orders');
    });
    await put(rawMail(), [], 'Orders');
    await stored(2);
  });

  it('goes on when the server was started anew', async () => {
    await put(rawMail());
    await start();
    await stored(1);
    await dovecot.restart();
    await put(rawMail());
    await stored(2);
    await until('well', async () => (await listSources(test.store.query, Date.now()))[0]?.error === null);
  });

  it('reads several mailboxes of one account as sources of their own', async () => {
    await dovecot.client(user, (client) => client.mailboxCreate('Orders'));
    await put(rawMail());
    await put(rawMail(), [], 'Orders');
    await start('mailbox=INBOX&mailbox=Orders&name=shop');
    await stored(2);
    expect((await mails()).map(({ source }) => source).sort()).toEqual(['shop/INBOX', 'shop/Orders']);
  });

  it('takes the same mail from two mailboxes once', async () => {
    await dovecot.client(user, (client) => client.mailboxCreate('Copies'));
    const raw = rawMail();
    await put(raw);
    await put(raw, [], 'Copies');
    await start('mailbox=INBOX&mailbox=Copies&name=shop');
    await until(
      'both seen',
      async () => (await test.store.query('select 1 from planbridge.mail_sighting')).length === 2,
    );
    expect(await mails()).toHaveLength(1);
  });

  it('keeps the beginning of a mail that is too large, and goes on', async () => {
    const large = rawMail({ body: 'x\n'.repeat(200_000) });
    await put(large);
    await put(rawMail());
    await start('', { MAIL_MAX_BYTES: '70000' });
    await stored(2);
    const mail = (await mails()).find(({ kept }) => kept === 'head');
    expect(mail?.size).toBe(large.length);
    expect((await bytesOf(test.store.query, mail!.id))!.bytes.equals(large.subarray(0, 70_000))).toBe(true);
  });

  it('reads over TLS with the certificate it was given, and not with one that it does not know', async () => {
    await put(rawMail());
    await start('', {}, dovecot.tlsUrl);
    await stored(1);
    await stop();
    const strange = dovecot.tlsUrl(user).replace(/\?.*/, '');
    const one = await start('', { MAIL_IMAP_URL: strange });
    await until('refused', () => one.lines.some(({ fields }) => /certificate|self.signed/i.test(String(fields.error))));
  });

  it('does not send a password in clear text where TLS is required', async () => {
    const url = dovecot.url(user).replace('tls=off', 'tls=required').replace('127.0.0.1', 'localhost');
    const one = await start('', { MAIL_IMAP_URL: url });
    // The server offers STARTTLS, with a certificate that nobody trusts.
    await until('refused', () => one.lines.some(({ fields }) => /certificate|self.signed/i.test(String(fields.error))));
    expect(await mails()).toEqual([]);
  });

  it('says that the password is wrong, without saying it, and waits long', async () => {
    const one = await start('', { MAIL_IMAP_URL: dovecot.url(user).replace(/:[^:@]*@/, ':wrong-password@') });
    await until('said', () => one.lines.some(({ fields }) => String(fields.error).includes('MAIL_IMAP_URL')));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(one.lines.filter(({ message }) => message.includes('fails'))).toHaveLength(1);
    expect(JSON.stringify(one.lines)).not.toContain('wrong-password');
    expect((await listSources(test.store.query, Date.now()))[0]?.place).not.toContain('wrong-password');
  });

  it('stores nothing and loses nothing while the database does not commit', async () => {
    await put(rawMail());
    const { transaction } = test.store;
    test.store.transaction = () => Promise.reject(new Error('disk full'));
    const one = await start();
    try {
      await until('fails', () => one.lines.some(({ fields }) => String(fields.error).includes('disk full')));
      expect(await flags()).toEqual([[]]);
    } finally {
      test.store.transaction = transaction;
    }
    await stored(1);
  });

  it('goes on behind what is committed, and not before, when it breaks off between two mails', async () => {
    for (let i = 0; i < 3; i++) await put(rawMail());
    const { transaction } = test.store;
    let transactions = 0;
    test.store.transaction = (run) =>
      ++transactions === 3 ? Promise.reject(new Error('disk full')) : transaction(run);
    try {
      const one = openInbound(test.store, { MAIL_IMAP_URL: dovecot.url(user) });
      expect((await one.inbound.once(AbortSignal.timeout(15_000))).size).toBe(1);
    } finally {
      test.store.transaction = transaction;
    }
    expect([(await mails()).length, (await cursor())?.stored]).toEqual([2, 2]);
    await start();
    await stored(3);
    await until('flagged', async () => (await flags()).every((some) => some.join() === '\\Seen'));
  });

  it('is drained at once when asked to', async () => {
    for (let i = 0; i < 3; i++) await put(rawMail());
    const one = openInbound(test.store, { MAIL_IMAP_URL: dovecot.url(user) });
    expect(await one.inbound.once(AbortSignal.timeout(15_000))).toEqual(new Map());
    expect(await mails()).toHaveLength(3);
    expect((await flags()).flat()).toEqual(['\\Seen', '\\Seen', '\\Seen']);
  });
});
