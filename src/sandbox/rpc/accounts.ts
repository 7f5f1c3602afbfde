// Who may call: logins with passwords, and API keys. Password = login unless the options say otherwise.

import { accessDenied } from '../faults.ts';
import type { Database } from '../store/database.ts';

export interface AccountOptions {
  /** Passwords by login; every other user has the login as password. */
  passwords?: Readonly<Record<string, string>>;
  /** Logins by API key. A user's password serves as key too. */
  apiKeys?: Readonly<Record<string, string>>;
}

export interface Accounts {
  /** Id of the user, or null. */
  authenticate(login: string, password: string): number | null;
  /** Refuses a wrong password of a user id. */
  check(uid: number, password: string): void;
  /** User of a bearer key. */
  byKey(key: string): number;
}

export function createAccounts(db: Database, options: AccountOptions): Accounts {
  const passwords = options.passwords ?? {};
  const apiKeys = options.apiKeys ?? {};
  const users = (): { id: number; login: string }[] =>
    [...db.table('res.users').rows()].flatMap((row) =>
      row.active !== false && typeof row.login === 'string' ? [{ id: row.id, login: row.login }] : [],
    );
  const opens = (login: string, secret: string): boolean =>
    secret !== '' && ((passwords[login] ?? login) === secret || apiKeys[secret] === login);
  return {
    authenticate: (login, password) => {
      const user = users().find((one) => one.login === login);
      return user && opens(login, password) ? user.id : null;
    },
    check: (uid, password) => {
      const user = users().find((one) => one.id === uid);
      if (!user || !opens(user.login, password)) throw accessDenied();
    },
    byKey: (key) => {
      const user = users().find((one) => opens(one.login, key));
      if (!user) throw accessDenied();
      return user.id;
    },
  };
}
