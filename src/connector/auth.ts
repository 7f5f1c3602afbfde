// Sign-in of the user who pulls data. Odoo decides; what it decided is remembered for minutes under a keyed hash, never the
// password. Failures are counted by login and address. The reference's bearer token is not taken: it carries the clear
// password and is signed with a key that every portal user can read (connector.md 5.6 G1, G4).
import { createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { PlanbridgeError } from '../errors.ts';

export interface Credentials {
  database: string;
  login: string;
  /** Odoo password or API key. */
  password: string;
}

/** @throws PlanbridgeError PB_AUTH_FAILED when Odoo refuses; others when Odoo cannot be asked */
export type CheckCredentials = (credentials: Credentials) => Promise<void>;

export interface SignInOptions {
  check: CheckCredentials;
  /** Logins that may pull; empty = everyone whom Odoo knows. */
  interfaceUsers: ReadonlySet<string>;
  /** How long a success is remembered; 0 = not at all. */
  cacheSeconds: number;
  /** Failures of one login from one address within the window, before it is told to wait. */
  failures: number;
  /** Milliseconds since 1970. */
  now: () => number;
}

export interface SignIn {
  /** @throws PlanbridgeError PB_AUTH_FAILED, PB_AUTH_FORBIDDEN, PB_REQUEST_TOO_MANY, and what `check` throws */
  signIn(credentials: Credentials, address: string): Promise<void>;
  /** Forgets a success, for example when Odoo refuses the same credentials later. */
  forget(credentials: Credentials): void;
}

/** A wrong password that is sent again and again is asked of Odoo only so often. */
const REFUSED_SECONDS = 10;
const WINDOW_SECONDS = 300;
const REMEMBERED = 10_000;

interface Attempts {
  since: number;
  failed: number;
  running: number;
}

/** What frePPLe's client and the reference's users know as the answer to a failed sign-in (connector.md 1.5). */
export const SIGN_IN_TEXT = 'Login with Odoo user name and password';

function refusal(): PlanbridgeError {
  return new PlanbridgeError('PB_AUTH_FAILED', 401, SIGN_IN_TEXT);
}

export function createSignIn(options: SignInOptions): SignIn {
  const { check, interfaceUsers, cacheSeconds, failures, now } = options;
  // Keyed with a secret of this process: nobody outside can compute an entry, so looking one up tells nothing by its time.
  const key = randomBytes(32);
  const outcomes = new LRUCache<string, { good: boolean; until: number }>({ max: REMEMBERED });
  const attempts = new LRUCache<string, Attempts>({ max: REMEMBERED });
  const running = new Map<string, Promise<void>>();

  function digest({ database, login, password }: Credentials): string {
    return createHmac('sha256', key)
      .update(JSON.stringify([database, login, password]))
      .digest('base64');
  }

  function attemptsOf(login: string, address: string): Attempts {
    const name = JSON.stringify([login, address]);
    let found = attempts.get(name);
    if (!found || now() - found.since >= WINDOW_SECONDS * 1_000) {
      found = { since: now(), failed: 0, running: found?.running ?? 0 };
      attempts.set(name, found);
    }
    return found;
  }

  function refuseMany(counted: Attempts): void {
    if (counted.failed + counted.running < failures) return;
    const wait = Math.max(1, Math.ceil((counted.since + WINDOW_SECONDS * 1_000 - now()) / 1_000));
    throw new PlanbridgeError('PB_REQUEST_TOO_MANY', 429, 'Too many failed sign-ins.', {
      remedy: `Check the password and try again in ${Math.ceil(wait / 60)} minutes.`,
      retryAfterSeconds: counted.failed < failures ? 1 : wait,
    });
  }

  async function ask(id: string, credentials: Credentials): Promise<void> {
    try {
      await check(credentials);
      outcomes.set(id, { good: true, until: now() + cacheSeconds * 1_000 });
    } catch (error) {
      if (error instanceof PlanbridgeError && error.code === 'PB_AUTH_FAILED') {
        outcomes.set(id, { good: false, until: now() + Math.min(REFUSED_SECONDS, cacheSeconds) * 1_000 });
        throw refusal();
      }
      throw error;
    } finally {
      running.delete(id);
    }
  }

  async function authenticate(id: string, credentials: Credentials, address: string): Promise<void> {
    const known = outcomes.get(id);
    if (known?.good && known.until > now()) return;
    const counted = attemptsOf(credentials.login, address);
    refuseMany(counted);
    if (known && !known.good && known.until > now()) {
      counted.failed += 1;
      throw refusal();
    }
    const asked = running.get(id);
    if (asked) return asked;
    const asking = ask(id, credentials);
    running.set(id, asking);
    counted.running += 1;
    try {
      await asking;
    } catch (error) {
      if (error instanceof PlanbridgeError && (error.status === 401 || error.status === 404)) counted.failed += 1;
      throw error;
    } finally {
      counted.running -= 1;
    }
  }

  return {
    async signIn(credentials, address) {
      await authenticate(digest(credentials), credentials, address);
      if (interfaceUsers.size > 0 && !interfaceUsers.has(credentials.login)) {
        throw new PlanbridgeError('PB_AUTH_FORBIDDEN', 403, 'This user may not pull planning data.', {
          remedy: 'Sign in as the interface user, or add the login to INTERFACE_USERS.',
        });
      }
    },
    forget: (credentials) => void outcomes.delete(digest(credentials)),
  };
}
