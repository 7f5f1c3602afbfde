import { generateKeyPairSync } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { describe, expect, it } from 'vitest';
import { checkWebtoken } from '../../src/connector/webtoken.ts';

const KEY = 'a key of at least thirty-two bytes, really';
const NOW = 1_795_227_000;
const settings = { key: KEY, required: true };
const claims = { exp: NOW + 600, user: 'admin' };
const check = (token: string | null, with_ = settings) => checkWebtoken(token, 'admin', with_, NOW);
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a web token', () => {
  it('as frePPLe makes it is taken', () => {
    expect(() => check(jwt.sign(claims, KEY, { algorithm: 'HS256', noTimestamp: true }))).not.toThrow();
  });

  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const good = jwt.sign(claims, KEY, { noTimestamp: true });
  const [head, body, signature] = good.split('.');

  it.each<[string, string | null, string?]>([
    ['missing', null],
    ['empty', ''],
    ['no token', 'ignored.by.odoo17'],
    ['alg none', jwt.sign(claims, '', { algorithm: 'none' })],
    ['alg none with a signature', `${encode({ alg: 'none', typ: 'JWT' })}.${body}.${signature}`],
    ['alg None', `${encode({ alg: 'None', typ: 'JWT' })}.${body}.`],
    ['HS384', jwt.sign(claims, KEY, { algorithm: 'HS384' })],
    ['HS512', jwt.sign(claims, KEY, { algorithm: 'HS512' })],
    ['RS256', jwt.sign(claims, privateKey, { algorithm: 'RS256' })],
    ['wrong key', jwt.sign(claims, 'another key of at least thirty-two bytes')],
    ['expired', jwt.sign({ ...claims, exp: NOW - 1 }, KEY)],
    ['without an end', jwt.sign({ user: 'admin' }, KEY)],
    ['an end that is text', `${encode({ alg: 'HS256' })}.${encode({ user: 'admin', exp: 'never' })}.x`],
    ['not valid yet', jwt.sign({ ...claims, nbf: NOW + 60 }, KEY)],
    ['another user', jwt.sign({ ...claims, user: 'demo' }, KEY)],
    ['another user by case', jwt.sign({ ...claims, user: 'Admin' }, KEY)],
    ['no user', jwt.sign({ exp: NOW + 600 }, KEY)],
    ['a list of users', jwt.sign({ ...claims, user: ['admin'] }, KEY)],
    ['claims that are text', jwt.sign('admin', KEY)],
    ['cut off', good.slice(0, -2)],
    ['claims exchanged', `${head}.${encode({ ...claims, user: 'demo' })}.${signature}`],
    ['endless', `${head}.${'x'.repeat(5_000)}.${signature}`],
  ])('is refused: %s', (_, token) => {
    expect(() => check(token)).toThrow(
      expect.objectContaining({ code: 'PB_AUTH_FAILED', status: 401, message: 'Incorrect or missing webtoken' }),
    );
  });

  it('signed with a public key as if it were a secret is refused (RS256 confusion)', () => {
    // The library will not sign so; an attacker does it by hand.
    const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    const forged = `${text}.${jwt.sign(claims, KEY).split('.')[2]}`;
    expect(() => check(forged, { key: pem, required: true })).toThrow('Incorrect or missing webtoken');
    expect(() => check(jwt.sign(claims, privateKey, { algorithm: 'RS256' }), { key: pem, required: true })).toThrow();
  });

  it('may be missing where it is not required, but not wrong', () => {
    expect(() => check(null, { ...settings, required: false })).not.toThrow();
    expect(() => check('a.b.c', { ...settings, required: false })).toThrow();
  });

  it('is not looked at without a key', () => {
    expect(() => checkWebtoken('ignored.by.odoo17', 'admin', null, NOW)).not.toThrow();
  });
});
