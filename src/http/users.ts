// Who asks: an Odoo login with its password or API key, a session of the screens, or a program with its token. Odoo decides about
// logins; portal users are none of the house.
import type { Request } from 'express';
import { LRUCache } from 'lru-cache';
import type { OdooAccess } from '../connector/access.ts';
import { SIGN_IN_TEXT, type SignIn } from '../connector/auth.ts';
import { readAuthorization } from '../connector/basic.ts';
import type { ImportCaller } from '../connector/import-service.ts';
import { PlanbridgeError } from '../errors.ts';
import type { ApiUser, Authenticate, Role } from './api.ts';
import { bearerOf, sameSecret } from './secret.ts';

export interface UsersOptions {
  access: Pick<OdooAccess, 'chooseDatabase'>;
  signIn: SignIn;
  /** @throws PlanbridgeError PB_AUTH_FORBIDDEN for portal users and the like */
  requireInternal(caller: ImportCaller): Promise<void>;
  /**
   * What somebody may whom Odoo has let in; the same as on the screens.
   * @throws PlanbridgeError PB_AUTH_FORBIDDEN when it is no user of the planner
   */
  roleOf(caller: ImportCaller): Promise<Role>;
  /** For programs, such as a planner that triggers runs; null = none. */
  apiToken: string | null;
  /** For commands of the service's own account on its machine; null = none. */
  localToken?: string | null;
  /** Who holds a session of the screens; null = nobody. */
  ofBearer(token: string): Promise<ApiUser | null>;
  /** Database that the token works on. */
  database: () => Promise<string>;
  /** Milliseconds since 1970. */
  now: () => number;
}

const INTERNAL_REMEMBERED_MS = 300_000;
/** Name under which what a program did is shown. */
export const TOKEN_LOGIN = 'api';
export const LOCAL_LOGIN = 'command line';

export function createUsers(options: UsersOptions): Authenticate {
  const { access, signIn, now } = options;
  const internal = new LRUCache<string, number>({ max: 10_000 });

  return async (request: Request): Promise<ApiUser> => {
    const token = bearerOf(request.get('authorization'));
    if (token !== undefined) {
      if (options.apiToken !== null && sameSecret(token, options.apiToken))
        return { login: TOKEN_LOGIN, role: 'planner', database: await options.database(), password: null };
      const user = await options.ofBearer(token);
      if (user) return user;
      if (options.localToken && sameSecret(token, options.localToken))
        return { login: LOCAL_LOGIN, role: 'administrator', database: await options.database(), password: null };
      throw new PlanbridgeError('PB_AUTH_FAILED', 401, 'This token is not known.', {
        remedy: 'Sign in again.',
      });
    }
    const given = readAuthorization(request.get('authorization'));
    if (given.kind !== 'basic') throw new PlanbridgeError('PB_AUTH_REQUIRED', 401, SIGN_IN_TEXT);
    const wanted = new URLSearchParams(request.originalUrl.split(/\?(.*)/s)[1] ?? '').get('database');
    const { login, password } = given;
    const caller = { login, password, database: await access.chooseDatabase(wanted) };
    await signIn.signIn(caller, request.ip ?? '');
    const key = JSON.stringify([caller.database, login]);
    if ((internal.get(key) ?? 0) < now()) {
      await options.requireInternal(caller);
      internal.set(key, now() + INTERNAL_REMEMBERED_MS);
    }
    return { ...caller, role: await options.roleOf(caller) };
  };
}
