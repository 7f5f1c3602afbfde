// Signing in to the screens: by Odoo's web token, by an Odoo login with its password, or by the cookie of an open session.
// Whoever it is must be one of Odoo's planning users at that moment.
import type { OdooAccess } from '../../connector/access.ts';
import type { Credentials, SignIn } from '../../connector/auth.ts';
import { PlanbridgeError } from '../../errors.ts';
import type { ApiUser, Role } from '../../http/api.ts';
import { errorFields, type Log } from '../../log.ts';
import type { ServiceAccount } from '../../parts.ts';
import type { Store } from '../../store/database.ts';
import { findPlanningUser, type PlanningUser, readPlanningUsers, savePlanningUsers } from './planning-users.ts';
import { type NamedLogins, roleThatCounts } from './roles.ts';
import type { NewSession, Session, Sessions } from './sessions.ts';
import { readWebtoken } from './webtoken.ts';

export interface SignedIn {
  bearer: string;
  /** null when the browser has one already. */
  cookie: string | null;
  session: Session;
  user: PlanningUser;
  role: Role;
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
  /**
   * The role of somebody whom Odoo has let in with a password.
   * @throws PlanbridgeError PB_AUTH_FORBIDDEN when it is no user of the planner
   */
  roleOf(credentials: Credentials): Promise<Role>;
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
  /** Of the configuration. */
  named: NamedLogins;
  log: Log;
  now: () => number;
}

/** How old what we know of Odoo's users may be when somebody signs in. */
const FRESH_MS = 300_000;

export function createSignOn(options: SignOnOptions): SignOn {
  const { store, sessions, access, signIn, account, odooOf, keys, named, log, now } = options;
  const namedLogins = new Set([...named.administrators, ...named.planners]);
  /** By database. */
  const syncedAt = new Map<string, number>();
  const syncing = new Map<string, Promise<void>>();

  async function sync({ database, login, password }: Credentials, asService: boolean): Promise<void> {
    const reader = await access.open(database, { login, password });
    try {
      // Whoever cannot see groups would take everybody for a planner.
      if (!asService && !(await reader.fields('res.groups'))) return;
      const users = await readPlanningUsers(reader, namedLogins);
      const ended = await savePlanningUsers(store, odooOf(database), users, new Date(now()));
      for (const each of ended) await sessions.closeAllOf(database, each);
      syncedAt.set(database, now());
    } finally {
      await reader.close();
    }
  }

  function syncOnce(credentials: Credentials, asService = true): Promise<void> {
    const { database } = credentials;
    const going = syncing.get(database) ?? sync(credentials, asService).finally(() => syncing.delete(database));
    syncing.set(database, going);
    return going;
  }

  const syncUsers = async () => await syncOnce(await account());

  /** Odoo may be away; who was a user the last time still is one then. */
  async function refresh(database: string, own?: Credentials): Promise<void> {
    if (now() - (syncedAt.get(database) ?? Number.NEGATIVE_INFINITY) < FRESH_MS) return;
    try {
      const service = own ? await account().catch(() => null) : await account();
      const reads = service?.database === database || !own ? service : own;
      if (reads) await syncOnce(reads, reads === service);
    } catch (error) {
      log.warn(errorFields(error), 'the users of Odoo cannot be read');
    }
  }

  async function requireUser(database: string, login: string): Promise<{ user: PlanningUser; role: Role }> {
    const user = await findPlanningUser(store, odooOf(database), login);
    const role = roleThatCounts(user, named);
    if (user && role) return { user, role };
    throw new PlanbridgeError('PB_AUTH_FORBIDDEN', 403, `${login} is not a planning user of Odoo.`, {
      remedy: 'An administrator of Odoo can add the user to the group of planning users (Settings > Users).',
    });
  }

  async function begin(session: Session): Promise<SignedIn> {
    await refresh(session.database);
    const known = await requireUser(session.database, session.login);
    const opened: NewSession = await sessions.open(session);
    await sessions.clean();
    return { ...opened, session, ...known };
  }

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
      await refresh(session.database);
      return { bearer, cookie: null, session, ...(await requireUser(session.database, session.login)) };
    },

    async ofBearer(bearer) {
      const session = await sessions.ofBearer(bearer);
      if (session) {
        const { role } = await requireUser(session.database, session.login);
        return { login: session.login, database: session.database, role, password: null };
      }
      if (keys.length === 0 || bearer.split('.').length !== 3) return null;
      const { login } = readWebtoken(bearer, keys, now() / 1_000);
      const { database } = await account();
      await refresh(database);
      return { login, database, role: (await requireUser(database, login)).role, password: null };
    },

    async roleOf(credentials) {
      await refresh(credentials.database, credentials);
      return (await requireUser(credentials.database, credentials.login)).role;
    },

    signOut: (bearer) => sessions.close(bearer),
    syncUsers,
  };
}
