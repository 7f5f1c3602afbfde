// Odoo's password and API-key hashes.

import { pbkdf2Sync, randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReader } from '../../src/connector/odoo/open.ts';
import { verifyHash } from '../../src/connector/odoo/password.ts';
import { goldenFolder, restoreGolden } from '../support/golden.ts';
import { missingPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';

const folder = goldenFolder();
const skip = folder === null || (await missingPostgres()) !== null;

/** As passlib writes it. */
function hashOf(secret: string, rounds: number, salt = randomBytes(16)): string {
  const ab64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('+', '.').replace(/=+$/, '');
  return `$pbkdf2-sha512$${rounds}$${ab64(salt)}$${ab64(pbkdf2Sync(secret, salt, rounds, 64, 'sha512'))}`;
}

describe('hashes', () => {
  test('one that Odoo 17 wrote', async () => {
    const hash =
      '$pbkdf2-sha512$600000$nnNu7d3bG8PY.3/P2TunFA$uGlB6eUQUaX4zF2GZTzsjvzf1nrFqo2kq/h07hp6rwMqbs8G/MudGDV0hBBrtLcDHWbp.a04RZuhhB6Oz1E76g';
    expect(await verifyHash('admin', hash)).toBe(true);
    expect(await verifyHash('Admin', hash)).toBe(false);
  });

  test.each(['admin', 'Pässwörd 🔑', ' ', 'x'.repeat(300)])('%j is known again, and nothing else', async (secret) => {
    const hash = hashOf(secret, 1000);
    expect(await verifyHash(secret, hash)).toBe(true);
    expect(await verifyHash(`${secret} `, hash)).toBe(false);
    expect(await verifyHash('', hash)).toBe(false);
  });

  test('salts with every character of the alphabet', async () => {
    const hash = hashOf('secret', 10, Buffer.from('fbefbeffffff0010', 'hex'));
    expect(hash).toContain('.');
    expect(await verifyHash('secret', hash)).toBe(true);
  });

  test.each([
    '',
    'admin',
    '$plaintext$admin',
    '$pbkdf2-sha256$29000$AAAA$AAAA',
    '$pbkdf2-sha512$0$AAAA$AAAA',
    '$pbkdf2-sha512$10$AAAA$AAAA',
    `$pbkdf2-sha512$999999999$AAAA$${'A'.repeat(86)}`,
  ])('%j is no hash of Odoo and lets nobody in', async (hash) => {
    expect(await verifyHash('admin', hash)).toBe(false);
  });
});

describe.skipIf(skip)('logins against the database', () => {
  let postgres: TestPostgres;
  let url: string;

  beforeAll(async () => {
    postgres = await startPostgres();
    const template = await postgres.template('demo17', (to) => restoreGolden(folder!, 'demo17', to));
    url = (await postgres.create(template)).url;
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('UPDATE res_users SET password = $1 WHERE login = $2', [hashOf('the password', 1000), 'admin']);
    await client.query('ALTER TABLE res_users ADD COLUMN IF NOT EXISTS totp_secret varchar');
    await client.query(
      'CREATE TABLE res_users_apikeys (id serial, user_id int, scope varchar, index varchar(8), key varchar, expiration_date timestamp)',
    );
    const keys: [string, string | null, string | null][] = [
      ['0123456789abcdef0123456789abcdef01234567', 'rpc', null],
      ['89abcdef0123456789abcdef0123456789abcdef', null, '2999-01-01'],
      ['aaaaaaaa0123456789abcdef0123456789abcdef', 'odoo.plugin.outlook', null],
      ['bbbbbbbb0123456789abcdef0123456789abcdef', 'rpc', '2020-01-01'],
    ];
    for (const [key, scope, expiry] of keys) {
      await client.query(
        'INSERT INTO res_users_apikeys (user_id, scope, index, key, expiration_date) VALUES (2, $1, $2, $3, $4)',
        [scope, key.slice(0, 8), hashOf(key, 10), expiry],
      );
    }
    await client.end();
  });

  afterAll(async () => {
    await postgres?.stop();
  });

  async function opens(login: string, password: string): Promise<boolean> {
    try {
      const reader = await openReader({ databaseUrl: url }, { login, password });
      expect(reader.user.login).toBe(login);
      await reader.close();
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 'PB_AUTH_FAILED', status: 401 });
      expect(String((error as Error).message)).not.toContain(password || 'nothing');
      return false;
    }
  }

  test.each([
    ['the password', true],
    ['another password', false],
    ['', false],
    ['0123456789abcdef0123456789abcdef01234567', true],
    ['89abcdef0123456789abcdef0123456789abcdef', true],
    ['0123456789abcdef0123456789abcdef01234568', false],
  ])('%j → %s', async (password, expected) => {
    expect(await opens('admin', password)).toBe(expected);
  });

  test('a key for something else, and one that has expired, are refused', async () => {
    expect(await opens('admin', 'aaaaaaaa0123456789abcdef0123456789abcdef')).toBe(false);
    expect(await opens('admin', 'bbbbbbbb0123456789abcdef0123456789abcdef')).toBe(false);
  });

  test("nobody's login, an archived user's, and somebody else's key are refused", async () => {
    expect(await opens('nobody', 'the password')).toBe(false);
    expect(await opens('__system__', 'the password')).toBe(false);
    expect(await opens('demo', '0123456789abcdef0123456789abcdef01234567')).toBe(false);
  });

  test('with a second factor only the key lets in', async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query("UPDATE res_users SET totp_secret = 'x' WHERE login = 'admin'");
    expect(await opens('admin', 'the password')).toBe(false);
    expect(await opens('admin', '0123456789abcdef0123456789abcdef01234567')).toBe(true);
    await client.query("UPDATE res_users SET totp_secret = NULL WHERE login = 'admin'");
    await client.end();
  });
});

describe.skipIf(skip)('databases that cannot be read', () => {
  let postgres: TestPostgres;

  beforeAll(async () => {
    postgres = await startPostgres();
  });

  afterAll(async () => {
    await postgres?.stop();
  });

  const verified = { login: 'admin', verified: true } as const;

  test.each(['', 'odoo', 'http://localhost/odoo', 'postgres://odoo:t0p-secret@host:port/x'])('%j', async (url) => {
    const error = await openReader({ databaseUrl: url }, verified).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'PB_CONFIG_INVALID' });
    expect(String((error as Error).stack)).not.toContain('t0p-secret');
  });

  test('one that does not exist', async () => {
    const { url, drop } = await postgres.create();
    await drop();
    await expect(openReader({ databaseUrl: url }, verified)).rejects.toMatchObject({ code: 'PB_ODOO_DATABASE' });
  });

  test('one that is not of Odoo', async () => {
    const { url } = await postgres.create();
    await expect(openReader({ databaseUrl: url }, verified)).rejects.toMatchObject({ code: 'PB_ODOO_DATABASE' });
  });

  test('one of a version that is not known', async () => {
    const { url } = await postgres.create();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query("CREATE TABLE ir_module_module AS SELECT 'base' AS name, '15.0.1.3' AS latest_version");
    await client.end();
    await expect(openReader({ databaseUrl: url }, verified)).rejects.toMatchObject({
      code: 'PB_ODOO_VERSION',
      message: expect.stringContaining('15.0'),
      remedy: expect.stringContaining('external API'),
    });
  });

  test('a server that is not there; the message keeps the password', async () => {
    const url = 'postgres://odoo:t0p-secret@127.0.0.1:1/odoo';
    const error = await openReader({ databaseUrl: url }, verified).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'PB_ODOO_UNREACHABLE' });
    expect(JSON.stringify(error) + (error as Error).message).not.toContain('t0p-secret');
  });

  test('a role that may not read', async () => {
    const template = await postgres.template('demo17', (to) => restoreGolden(folder!, 'demo17', to));
    const { url } = await postgres.create(template);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    // Roles are the server's, and outlive the database.
    const role = `pb_nobody_${process.pid}_${Date.now()}`;
    await client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
    await client.query(
      `GRANT SELECT ON ir_module_module, ir_model_fields, ir_model, res_users, res_partner, res_company_users_rel TO ${role}`,
    );
    await client.end();
    const other = new URL(url);
    other.username = role;
    other.password = 'x';
    const reader = await openReader({ databaseUrl: other.toString() }, verified);
    expect(await reader.fields('sale.order')).toBeNull();
    expect((await reader.fields('ir.model'))?.has('model')).toBe(true);
    // Its rule looks at companies, which this role may not see: rather nothing than too much.
    expect(await reader.fields('res.partner')).toBeNull();
    await reader.close();
  });
});
