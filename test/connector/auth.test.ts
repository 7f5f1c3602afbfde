// Sign-in: how the header is read, what is remembered, what is counted.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Credentials, createSignIn, type SignInOptions } from '../../src/connector/auth.ts';
import { readAuthorization } from '../../src/connector/basic.ts';
import { PlanbridgeError } from '../../src/errors.ts';

const header = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('the header', () => {
  it('gives back every login without colon and every password', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(
        word.filter((text) => !text.includes(':')),
        word,
        (login, password) => {
          expect(readAuthorization(header(`${login}:${password}`))).toEqual({ kind: 'basic', login, password });
        },
      ),
    );
  });

  it('never throws, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        readAuthorization(text);
        readAuthorization(`Basic ${text}`);
      }),
    );
  });

  it('may name the scheme in any case, and may be longer than 76 characters', () => {
    const key = 'k'.repeat(90);
    expect(readAuthorization(`bAsIc ${header(`a:${key}`).slice(6)}`)).toEqual({
      kind: 'basic',
      login: 'a',
      password: key,
    });
  });

  it('is refused when it is endless', () => {
    expect(readAuthorization(header(`a:${'k'.repeat(10_000)}`)).kind).toBe('malformed');
  });
});

function given(options: Partial<SignInOptions> = {}) {
  const clock = { now: 1_000_000 };
  const asked: Credentials[] = [];
  const signIn = createSignIn({
    async check(credentials) {
      asked.push(credentials);
      if (credentials.password !== 'good') throw new PlanbridgeError('PB_AUTH_FAILED', 401, 'no');
    },
    interfaceUsers: new Set(),
    cacheSeconds: 300,
    failures: 3,
    now: () => clock.now,
    ...options,
  });
  const attempt = (
    password: string,
    { login = 'admin', database = 'demo', address = '10.0.0.1' } = {},
  ): Promise<string> =>
    signIn.signIn({ database, login, password }, address).then(
      () => 'in',
      (error: PlanbridgeError) => error.code,
    );
  return { clock, asked, signIn, attempt };
}

describe('sign-in', () => {
  it('remembers a success for as long as configured', async () => {
    const { clock, asked, attempt } = given();
    await attempt('good');
    clock.now += 299_000;
    expect(await attempt('good')).toBe('in');
    expect(asked).toHaveLength(1);
    clock.now += 2_000;
    await attempt('good');
    expect(asked).toHaveLength(2);
  });

  it('remembers nothing when told so', async () => {
    const { asked, attempt } = given({ cacheSeconds: 0 });
    await attempt('good');
    await attempt('good');
    expect(asked).toHaveLength(2);
  });

  it('does not take one database, login or password for another', async () => {
    const { asked, attempt } = given();
    await attempt('good');
    await attempt('good', { database: 'other' });
    await attempt('good', { login: 'demo' });
    expect(await attempt('goo')).toBe('PB_AUTH_FAILED');
    expect(asked).toHaveLength(4);
  });

  it('forgets a success that turned out stale', async () => {
    const { asked, signIn, attempt } = given();
    await attempt('good');
    signIn.forget({ database: 'demo', login: 'admin', password: 'good' });
    await attempt('good');
    expect(asked).toHaveLength(2);
  });

  it('asks Odoo once for equal requests at the same time', async () => {
    const { asked, attempt } = given();
    await Promise.all([attempt('good'), attempt('good'), attempt('good')]);
    expect(asked).toHaveLength(1);
  });

  it('does not ask Odoo again at once for a password that it has just refused', async () => {
    const { clock, asked, attempt } = given({ failures: 10 });
    await attempt('bad');
    await attempt('bad');
    expect(asked).toHaveLength(1);
    clock.now += 11_000;
    await attempt('bad');
    expect(asked).toHaveLength(2);
  });

  it('makes guessers wait, by login and address', async () => {
    const { clock, asked, attempt } = given();
    for (const guess of ['a', 'b', 'c']) expect(await attempt(guess)).toBe('PB_AUTH_FAILED');
    expect(await attempt('good')).toBe('PB_REQUEST_TOO_MANY');
    expect(asked).toHaveLength(3);
    expect(await attempt('good', { address: '10.0.0.2' })).toBe('in');
    expect(await attempt('good', { login: 'demo' })).toBe('in');
    clock.now += 300_000;
    expect(await attempt('good')).toBe('in');
  });

  it('counts guesses that are still on their way', async () => {
    const { asked, attempt } = given();
    const outcomes = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((guess) => attempt(guess)));
    expect(asked).toHaveLength(3);
    expect(outcomes.filter((outcome) => outcome === 'PB_REQUEST_TOO_MANY')).toHaveLength(3);
  });

  it('lets those in who are known, however many guess', async () => {
    const { attempt } = given();
    await attempt('good');
    for (const guess of ['a', 'b', 'c', 'd']) await attempt(guess);
    expect(await attempt('good')).toBe('in');
  });

  it('neither counts nor remembers that Odoo could not be asked', async () => {
    let down = true;
    const { attempt } = given({
      async check() {
        if (down) throw new PlanbridgeError('PB_ODOO_UNREACHABLE', 502, 'down');
      },
    });
    for (let time = 0; time < 5; time += 1) expect(await attempt('good')).toBe('PB_ODOO_UNREACHABLE');
    down = false;
    expect(await attempt('good')).toBe('in');
  });

  it('tells who may not pull only after the password was right', async () => {
    const { attempt } = given({ interfaceUsers: new Set(['frepple']) });
    expect(await attempt('bad')).toBe('PB_AUTH_FAILED');
    expect(await attempt('good')).toBe('PB_AUTH_FORBIDDEN');
    expect(await attempt('good', { login: 'frepple' })).toBe('in');
  });
});
