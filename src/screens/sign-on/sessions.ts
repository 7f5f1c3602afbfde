// Sessions of the screens. The page holds one secret in memory and sends it with each call; the cookie holds another, which
// only opens pages. Both are stored as hashes.
import { createHash, randomBytes } from 'node:crypto';
import type { Store } from '../../store/database.ts';

export interface Session {
  login: string;
  database: string;
  navbar: boolean;
}

export interface NewSession {
  bearer: string;
  cookie: string;
}

export interface Sessions {
  open(session: Session): Promise<NewSession>;
  /** Of who sends the bearer secret; null = unknown or at its end. */
  ofBearer(bearer: string): Promise<Session | null>;
  /** A page of a browser that holds the cookie: the same session with a new bearer secret. */
  renew(cookie: string): Promise<{ session: Session; bearer: string } | null>;
  close(bearer: string): Promise<void>;
  /** All sessions of a login, for example when it is no user any more. */
  closeAllOf(database: string, login: string): Promise<void>;
  /** @returns false when this token was used before */
  takeOnce(webtoken: string, expiresSeconds: number): Promise<boolean>;
  clean(): Promise<void>;
}

export interface SessionsOptions {
  store: Store;
  /** Address and database of Odoo. */
  odooOf(database: string): string;
  hours: number;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Enough beyond a token's end that a clock that runs late does not take it twice. */
const USED_KEPT_MS = 3_600_000;

export function createSessions({ store, odooOf, hours, now }: SessionsOptions): Sessions {
  const secret = () => randomBytes(32).toString('base64url');

  return {
    async open({ login, database, navbar }) {
      const [bearer, cookie] = [secret(), secret()];
      await store.query(
        `insert into planbridge.session (bearer_hash, cookie_hash, odoo, database, login, navbar, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          hash(bearer),
          hash(cookie),
          odooOf(database),
          database,
          login,
          navbar,
          new Date(now()),
          new Date(now() + hours * 3_600_000),
        ],
      );
      return { bearer, cookie };
    },
    async ofBearer(bearer) {
      const sql = `select login, database, navbar from planbridge.session where bearer_hash = $1 and expires_at > $2`;
      const [found] = await store.query<Session>(sql, [hash(bearer), new Date(now())]);
      return found ?? null;
    },
    async renew(cookie) {
      const bearer = secret();
      // A session of its own for each page: a second tab does not end the first.
      const [session] = await store.query<Session>(
        `insert into planbridge.session (bearer_hash, cookie_hash, odoo, database, login, navbar, created_at, expires_at)
         select $2, $3, odoo, database, login, navbar, $4, expires_at
         from planbridge.session where cookie_hash = $1 and expires_at > $4
         returning login, database, navbar`,
        [hash(cookie), hash(bearer), hash(secret()), new Date(now())],
      );
      return session ? { session, bearer } : null;
    },
    async close(bearer) {
      await store.query(
        `delete from planbridge.session s using planbridge.session mine
         where mine.bearer_hash = $1 and s.odoo = mine.odoo and s.login = mine.login and s.expires_at = mine.expires_at`,
        [hash(bearer)],
      );
    },
    async closeAllOf(database, login) {
      await store.query('delete from planbridge.session where odoo = $1 and login = $2', [odooOf(database), login]);
    },
    async takeOnce(webtoken, expiresSeconds) {
      const rows = await store.query(
        `insert into planbridge.used_webtoken (hash, expires_at) values ($1, $2) on conflict do nothing returning 1 as one`,
        [hash(webtoken), new Date(expiresSeconds * 1_000 + USED_KEPT_MS)],
      );
      return rows.length === 1;
    },
    async clean() {
      for (const table of ['session', 'used_webtoken'])
        await store.query(`delete from planbridge.${table} where expires_at <= $1`, [new Date(now())]);
    },
  };
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
