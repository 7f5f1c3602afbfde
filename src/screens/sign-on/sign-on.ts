// Signing in to the screens: by Odoo's web token, by an Odoo login with its password, or by the cookie of an open session.
// Whoever it is must be one of Odoo's planning users at that moment.
import type { OdooAccess } from '../../connector/access.ts';
import type { SignIn } from '../../connector/auth.ts';
import { PlanbridgeError } from '../../errors.ts';
import type { ApiUser } from '../../http/api.ts';
import { errorFields, type Log } from '../../log.ts';
import type { ServiceAccount } from '../../parts.ts';
import type { Store } from '../../store/database.ts';
import { findPlanningUser, type PlanningUser, readPlanningUsers, savePlanningUsers } from './planning-users.ts';
import type { NewSession, Session, Sessions } from './sessions.ts';
import { readWebtoken } from './webtoken.ts';

export interface SignedIn {
  bearer: string;
  /** null when the browser has one already. */
  cookie: string | null;
  session: Session;
  user: PlanningUser;
}

export interface SignOn {
  /** @throws PlanbridgeError PB_AUTH_FAILED, PB_AUTH_FORBIDDEN */
  byWebtoken(token: string): Promise<SignedIn>;
  /** @throws PlanbridgeError PB_AUTH_FAILED, PB_AUTH_FORBIDDEN, PB_REQUEST_TOO_MANY */
  byPassword(login: string, password: string, address: string): Promise<SignedIn>;
  /** null = no such session any more. */
  byCookie(cookie: string): Promise<SignedIn | null>;
  /** Who calls the API: with a session's secret, or with a web token as it is. null = neither. */
  ofBearer(bearer: string): Promise<ApiUser | null>;
  signOut(bearer: string): Promise<void>;
  /** Takes over users and roles from Odoo. */
  syncUsers(): Promise<void>;
}

export interface SignOnOptions {
  store: Store;
  sessions: Sessions;
  access: Pick<OdooAccess, 'open'>;
  signIn: SignIn;
  account(): Promise<ServiceAccount>;
  odooOf(database: string): string;
  /** Of web tokens: the present one first. */
  keys: readonly string[];
  /** Of the configuration; go before Odoo's groups. */
  administrators: ReadonlySet<string>;
  log: Log;
  now: () => number;
}

/** How old what we know of Odoo's users may be when somebody signs in. */
const FRESH_MS = 300_000;

export function createSignOn(options: SignOnOptions): SignOn {
  const { store, sessions, access, signIn, account, odooOf, keys, log, now } = options;
  let syncedAt = Number.NEGATIVE_INFINITY;
  let syncing: Promise<void> | null = null;

  async function sync(): Promise<void> {
    const { database, login, password } = await account();
    const reader = await access.open(database, { login, password });
    try {
      const users = await readPlanningUsers(reader);
      const ended = await savePlanningUsers(store, odooOf(database), users, new Date(now()));
      for (const each of ended) await sessions.closeAllOf(database, each);
      syncedAt = now();
    } finally {
      await reader.close();
    }
  }

  function syncUsers(): Promise<void> {
    syncing ??= sync().finally(() => {
      syncing = null;
    });
    return syncing;
  }

  /** Odoo may be away; who was a user the last time still is one then. */
  async function refresh(): Promise<void> {
    if (now() - syncedAt < FRESH_MS) return;
    await syncUsers().catch((error: unknown) => log.warn(errorFields(error), 'the users of Odoo cannot be read'));
  }

  async function requireUser(database: string, login: string): Promise<PlanningUser> {
    const found = await findPlanningUser(store, odooOf(database), login);
    if (!found?.active) {
      throw new PlanbridgeError('PB_AUTH_FORBIDDEN', 403, `${login} is not a planning user of Odoo.`, {
        remedy: 'An administrator of Odoo can add the user to the group of planning users (Settings > Users).',
      });
    }
    const { administrators } = options;
    return administrators.has(login) ? { ...found, givenRole: 'administrator' } : found;
  }

  async function begin(session: Session): Promise<SignedIn> {
    await refresh();
    const user = await requireUser(session.database, session.login);
    const opened: NewSession = await sessions.open(session);
    await sessions.clean();
    return { ...opened, session, user };
  }

  const roleOf = ({ givenRole, role }: PlanningUser) => givenRole ?? role;

  return {
    async byWebtoken(token) {
      if (keys.length === 0) {
        throw new PlanbridgeError('PB_AUTH_FAILED', 403, 'Links from Odoo are not taken here.', {
          remedy: "Set WEBTOKEN_KEY to the web token key of the company's settings in Odoo.",
        });
      }
      const { login, navbar, expires } = readWebtoken(token, keys, now() / 1_000);
      if (!(await sessions.takeOnce(token, expires))) {
        throw new PlanbridgeError('PB_AUTH_FAILED', 401, 'This link was used before.', {
          remedy: 'Open the menu in Odoo again.',
        });
      }
      return await begin({ login, navbar, database: (await account()).database });
    },

    async byPassword(login, password, address) {
      const { database } = await account();
      await signIn.signIn({ database, login, password }, address);
      return await begin({ login, database, navbar: true });
    },

    async byCookie(cookie) {
      const renewed = await sessions.renew(cookie);
      if (!renewed) return null;
      const { session, bearer } = renewed;
      await refresh();
      return { bearer, cookie: null, session, user: await requireUser(session.database, session.login) };
    },

    async ofBearer(bearer) {
      const session = await sessions.ofBearer(bearer);
      if (session) {
        const user = await requireUser(session.database, session.login);
        return { login: session.login, database: session.database, role: roleOf(user), password: null };
      }
      if (keys.length === 0 || bearer.split('.').length !== 3) return null;
      const { login } = readWebtoken(bearer, keys, now() / 1_000);
      const { database } = await account();
      await refresh();
      return { login, database, role: roleOf(await requireUser(database, login)), password: null };
    },

    signOut: (bearer) => sessions.close(bearer),
    syncUsers,
  };
}
