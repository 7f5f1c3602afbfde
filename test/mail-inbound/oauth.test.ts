// Mailboxes of providers that take tokens in the place of passwords, against a real IMAP server that asks about each token.
import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseImapUrl } from '../../src/mail/inbound/imap-url.ts';
import { fetchToken } from '../../src/mail/inbound/oauth.ts';
import { listMails } from '../../src/mail/store/mails.ts';
import { missingDovecot, startDovecot, type TestDovecot } from '../support/dovecot.ts';
import { clear, openInbound, openTestStore, rawMail, type TestInbound, type TestStore, until } from './support.ts';

const CLIENT_SECRET = 's3cret/+ of the client';
const USER = 'shop';

interface Provider {
  url: string;
  /** Forms that asked for a token. */
  asked: URLSearchParams[];
  answer: (form: URLSearchParams) => { status: number; body: string };
  server: Server;
}

/** Gives tokens, and tells a mail server whose they are. */
async function startProvider(): Promise<Provider> {
  let given = 0;
  const provider = { asked: [] as URLSearchParams[] } as Provider;
  const usual = (form: URLSearchParams) =>
    form.get('client_secret') === CLIENT_SECRET
      ? {
          status: 200,
          body: JSON.stringify({ access_token: `token-${++given}`, token_type: 'Bearer', expires_in: 3_600 }),
        }
      : {
          status: 401,
          body: JSON.stringify({ error: 'invalid_client', error_description: `not ${form.get('client_secret')}` }),
        };
  provider.answer = usual;
  provider.server = createServer((request, response) => {
    let text = '';
    request.on('data', (data) => {
      text += data;
    });
    request.on('end', () => {
      const form = new URLSearchParams(text);
      if (request.url === '/introspect') {
        const active = form.get('token') === `token-${given}`;
        response.setHeader('Content-Type', 'application/json');
        return response.end(JSON.stringify({ active, username: USER }));
      }
      provider.asked.push(form);
      const { status, body } = provider.answer(form);
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
    });
  });
  await new Promise<void>((resolve) => provider.server.listen(0, '127.0.0.1', resolve));
  provider.url = `http://127.0.0.1:${(provider.server.address() as { port: number }).port}`;
  return provider;
}

let provider: Provider;
let usual: Provider['answer'];
beforeAll(async () => {
  provider = await startProvider();
  usual = provider.answer;
});
afterAll(() => provider.server.close());
beforeEach(() => {
  provider.answer = usual;
  provider.asked.length = 0;
});

describe.skipIf(missingDovecot() !== null)('a mailbox that takes tokens', () => {
  let test: TestStore;
  let dovecot: TestDovecot;
  let running: TestInbound | undefined;
  beforeAll(async () => {
    [test, dovecot] = await Promise.all([openTestStore('embedded'), startDovecot(`${provider.url}/introspect`)]);
  });
  afterAll(async () => {
    await test?.close();
    await dovecot?.stop();
  });
  beforeEach(() => clear(test.store));
  afterEach(async () => {
    await running?.inbound.stop();
  });

  const start = async (more: Record<string, string> = {}) => {
    const parameters = new URLSearchParams({
      tls: 'off',
      oauth: `${provider.url}/token`,
      client: 'planbridge',
      ...more,
    });
    const address = `imap://${USER}:${encodeURIComponent(CLIENT_SECRET)}@127.0.0.1:${dovecot.port}/?${parameters}`;
    running = openInbound(test.store, { MAIL_IMAP_URL: address, MAIL_POLL_SECONDS: '1' });
    await running.inbound.start();
    return running;
  };
  const stored = (count: number) =>
    until(`${count} mails`, async () => (await listMails(test.store.query, { limit: 10 })).length === count);

  it('is read with a token of the program, and a new one for each connection', async () => {
    await dovecot.client(USER, (client) => client.append('INBOX', rawMail()));
    await start({ scope: 'https://outlook.example.com/.default' });
    await stored(1);
    expect(Object.fromEntries(provider.asked[0]!)).toEqual({
      client_id: 'planbridge',
      client_secret: CLIENT_SECRET,
      grant_type: 'client_credentials',
      scope: 'https://outlook.example.com/.default',
    });
    await dovecot.restart();
    await dovecot.client(USER, (client) => client.append('INBOX', rawMail()));
    await stored(2);
    expect(provider.asked.length).toBeGreaterThan(1);
  });

  it('says that no token is given, without the secret, and does not ask again at once', async () => {
    provider.answer = () => usual(new URLSearchParams({ client_secret: 'other' }));
    const { lines } = await start();
    await until('said', () => lines.some(({ fields }) => String(fields.error).includes('invalid_client')));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(provider.asked).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain('s3cret');
  });
});

describe('a token', () => {
  const signal = new AbortController().signal;
  const ask = (refreshToken: string | null = null) =>
    fetchToken(
      { url: `${provider.url}/token`, client: 'planbridge', scope: null, refreshToken },
      CLIENT_SECRET,
      signal,
    );

  it('is asked for in the name of a user who has agreed', async () => {
    await ask('agreed');
    expect(Object.fromEntries(provider.asked[0]!)).toMatchObject({
      grant_type: 'refresh_token',
      refresh_token: 'agreed',
    });
  });

  it.each([
    [400, '{"error":"invalid_grant"}', 'invalid_grant', true],
    [200, '{"access_token":""}', 'answers 200', false],
    [200, '<html>', 'answers 200', false],
    [503, 'later', 'answers 503', false],
    [429, '{}', 'answers 429', false],
    [302, '', 'does not answer', false],
  ])('%i %s is no token', async (status, body, text, refused) => {
    provider.answer = () => ({ status, body });
    const error: { message: string; authenticationFailed: boolean } = await ask().catch((failure) => failure);
    expect(error.message).toContain(text);
    expect(error.authenticationFailed).toBe(refused);
  });

  it.each([
    ['oauth=https://login.example.com/token', 'client='],
    ['client=x', 'without oauth='],
    ['oauth=http://login.example.com/token&client=x', 'no https address'],
  ])('%s is refused', (query, text) => {
    expect(parseImapUrl(`imaps://a:b@x.com/?${query}`)).toContain(text);
  });
});
