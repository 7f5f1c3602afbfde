// Odoo's password and API-key hashes, checked without Odoo: passlib's `$pbkdf2-sha512$rounds$salt$hash`, salt and hash in
// base64 with `.` for `+` and without padding. Comparison takes the same time whatever is wrong.

import { pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { RunSql } from './catalogue.ts';

const derive = promisify(pbkdf2);

/** First characters of an API key that Odoo keeps in clear to find it. */
const KEY_INDEX = 8;
/** Rounds that are computed for an unknown login, so that it takes as long as a known one (Odoo 17 and 18: 600,000). */
const ROUNDS = 600_000;
/** What a hostile or broken row may cost at most. */
const MOST_ROUNDS = 5_000_000;

/** True when `secret` is what the hash was made of. Anything that is not such a hash is never equal. */
export async function verifyHash(secret: string, hash: string): Promise<boolean> {
  const match = /^\$pbkdf2-sha512\$(\d+)\$([A-Za-z0-9./]*)\$([A-Za-z0-9./]+)$/.exec(hash);
  if (match === null) return false;
  const rounds = Number(match[1]);
  const salt = fromAb64(match[2]!);
  const wanted = fromAb64(match[3]!);
  if (rounds < 1 || rounds > MOST_ROUNDS || wanted.length !== 64) return false;
  const found = await derive(secret, salt, rounds, wanted.length, 'sha512');
  return timingSafeEqual(found, wanted);
}

function fromAb64(text: string): Buffer {
  return Buffer.from(text.replaceAll('.', '+'), 'base64');
}

/** Whether this is the password, or an API key for external calls, of an active user of Odoo's database. Second factors are
 * not asked for, as Odoo's external API does not ask for them with an API key; a user with a second factor is let in by
 * API key only. */
export async function verifyPassword(run: RunSql, login: string, password: string): Promise<boolean> {
  const columns = await run(
    `SELECT table_name || '.' || column_name FROM information_schema.columns
     WHERE table_schema = current_schema() AND (table_name, column_name) IN
     (('res_users_apikeys', 'key'), ('res_users_apikeys', 'expiration_date'), ('res_users', 'totp_secret'))`,
  );
  const has = new Set(columns.map((row) => row[0]));
  const factor = has.has('res_users.totp_secret') ? "coalesce(totp_secret, '') <> ''" : 'false';
  const users = await run(`SELECT id, password, ${factor} FROM res_users WHERE login = $1 AND active`, [login]);
  const [id, hash, secondFactor] = users[0] ?? [];
  if (password === '') return false;
  if (id == null) {
    await derive(password, 'planbridge', ROUNDS, 64, 'sha512');
    return false;
  }
  if (hash && (await verifyHash(password, hash)) && secondFactor !== 't') return true;
  if (!has.has('res_users_apikeys.key')) return false;
  const valid = has.has('res_users_apikeys.expiration_date')
    ? "AND (expiration_date IS NULL OR expiration_date >= now() AT TIME ZONE 'UTC')"
    : '';
  const keys = await run(
    `SELECT key FROM res_users_apikeys
     WHERE user_id = $1::int4 AND index = $2 AND (scope IS NULL OR scope = 'rpc') ${valid}`,
    [id, password.slice(0, KEY_INDEX)],
  );
  for (const [key] of keys) if (key && (await verifyHash(password, key))) return true;
  return false;
}
