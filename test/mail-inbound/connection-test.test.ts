// The button that tests the connections of mail: what works, what does not and why, without changing a mailbox or telling secrets.
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { examineMail, type MailFinding } from '../../src/mail/connection-test.ts';
import { missingDovecot, startDovecot } from '../support/dovecot.ts';
import { freePort, openTestStore, rawMail, type TestStore } from './support.ts';

const SECRET = 'a secret word of the mail server';

describe('the test of mail connections', () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore('embedded');
  });
  afterAll(() => test?.close());

  async function found(variables: Record<string, string>, timeoutMs = 4_000): Promise<MailFinding[]> {
    const findings: MailFinding[] = [];
    const config = readConfig({ ODOO_URL: 'http://127.0.0.1:1', ...variables });
    const options = { config, query: test.store.query, now: Date.now(), timeoutMs };
    await examineMail(options, (finding) => void findings.push(finding));
    expect(JSON.stringify(findings)).not.toContain(SECRET);
    expect(JSON.stringify(findings)).not.toContain(encodeURIComponent(SECRET));
    for (const { state, remedy } of findings) expect(remedy === '', state).toBe(state === 'ok');
    return findings;
  }
  const said = (findings: readonly MailFinding[], subject: string) => {
    const one = findings.find((each) => each.subject.startsWith(subject));
    return one && `${one.state}: ${one.found}`;
  };

  it('says what is not set up, and how it would be', async () => {
    const findings = await found({});
    expect(said(findings, 'Incoming mail')).toBe('warning: nothing is set up');
    expect(said(findings, 'SMTP out')).toContain('answers wait');
    expect(said(findings, 'Sender')).toContain('warning');
    const set = await found({ MAIL_TOKEN: 'x'.repeat(40), MAIL_SMTP_URL: 'catch:', MAIL_FROM: 'sales@mycompany.com' });
    expect(set.map(({ state }) => state)).toEqual(['ok', 'ok']);
  });

  it('looks into folders', async () => {
    const folder = join(test.directory, 'orders');
    await mkdir(folder);
    await writeFile(join(folder, 'one.eml'), rawMail());
    await writeFile(join(folder, 'notes.txt'), 'none');
    const file = join(folder, 'notes.txt');
    const findings = await found({ MAIL_FOLDER: `${folder},${file},${folder}/away` });
    expect(said(findings, `Folder ${folder}`)).toBe('ok: readable, 1 mails');
    expect(said(findings, `Folder ${file}`)).toContain('fault: this is a file');
    expect(said(findings, `Folder ${folder}/away`)).toContain('fault: ENOENT');
  });

  it('signs in at the server that sends', async () => {
    const received: string[] = [];
    const server = new SMTPServer({
      authOptional: true,
      hideSTARTTLS: true,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        done(password === SECRET ? null : new Error('wrong password'), { user: username }),
      onRcptTo: ({ address }, _session, done) => {
        received.push(address);
        done();
      },
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.server.address() as { port: number };
    try {
      const url = (password: string) => `smtp://desk:${encodeURIComponent(password)}@127.0.0.1:${port}`;
      expect(said(await found({ MAIL_SMTP_URL: url(SECRET) }), 'SMTP out')).toBe(`ok: 127.0.0.1:${port} takes mails`);
      const wrong = await found({ MAIL_SMTP_URL: url('another') });
      expect(said(wrong, 'SMTP out')).toContain('fault');
      expect(wrong.find(({ state }) => state === 'fault')!.remedy).toContain('user and password');
      expect(received).toEqual([]);
    } finally {
      await new Promise<void>((resolve) => server.close(resolve));
    }
    expect(said(await found({ MAIL_SMTP_URL: `smtp://127.0.0.1:${await freePort()}` }), 'SMTP out')).toContain('fault');
  });

  it('does not wait for ever where nobody answers', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    try {
      const account = `user:${encodeURIComponent(SECRET)}@127.0.0.1:${port}`;
      const findings = await found({ MAIL_IMAP_URL: `imap://${account}`, MAIL_SMTP_URL: `smtp://${account}` }, 500);
      expect(said(findings, 'IMAP')).toBe('fault: no answer within 1 s');
      expect(said(findings, 'SMTP out')).toContain('fault');
    } finally {
      silent.close();
    }
  });

  it.skipIf(missingDovecot() !== null)('counts the mails of a mailbox and leaves them as they are', async () => {
    const dovecot = await startDovecot();
    try {
      await dovecot.client('ann', (client) => client.append('INBOX', rawMail()));
      const findings = await found({ MAIL_IMAP_URL: dovecot.url('ann') });
      expect(said(findings, 'IMAP ann on 127.0.0.1')).toBe('ok: INBOX: 1 mails, 1 unread');
      expect(JSON.stringify(findings)).not.toContain(dovecot.password);
      expect(await test.store.query('select 1 from planbridge.mail')).toEqual([]);
      const away = await found({ MAIL_IMAP_URL: dovecot.url('ann', 'mailbox=Nowhere') });
      expect(said(away, 'IMAP')).toContain('fault: Mailbox Nowhere');
      // Last: the server lets who gave a wrong password wait.
      const wrong = await found({ MAIL_IMAP_URL: `imap://ann:nonsense@127.0.0.1:${dovecot.port}/?tls=off` });
      expect(said(wrong, 'IMAP')).toContain('fault');
      expect(wrong[0]!.remedy).toBe('Check user and password in MAIL_IMAP_URL.');
    } finally {
      await dovecot.stop();
    }
  });
});
