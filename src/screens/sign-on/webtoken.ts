// The web token with which Odoo's menus open our screens: HS256 and nothing else, of a user, with an end at most an hour ahead
// (screens.md, planner-wire.md 7). Keys are tried one after the other, so that a key can be changed without a gap.
import jwt from 'jsonwebtoken';
import { PlanbridgeError } from '../../errors.ts';

export interface WebtokenClaims {
  login: string;
  /** Whether our own menu is shown. */
  navbar: boolean;
  /** Seconds since 1970. */
  expires: number;
}

const LONGEST = 4_096;
const SKEW_SECONDS = 30;
const LONGEST_LIFE_SECONDS = 3_600;

/** Why a token is not taken: only an expired one is told apart, for it says nothing about keys. */
function refusal(expired: boolean): PlanbridgeError {
  const message = expired ? 'This link has expired.' : 'This link is not valid.';
  return new PlanbridgeError('PB_AUTH_FAILED', expired ? 401 : 403, message, {
    remedy: expired
      ? 'Open the menu in Odoo again.'
      : 'Open the menu in Odoo again. If it stays so: Odoo and Planbridge (WEBTOKEN_KEY) must hold the same key, and their clocks must agree.',
  });
}

/** @throws PlanbridgeError PB_AUTH_FAILED: 401 when it has expired, 403 for everything else */
export function readWebtoken(token: string, keys: readonly string[], nowSeconds: number): WebtokenClaims {
  if (token.length > LONGEST) throw refusal(false);
  let expired = false;
  for (const key of keys) {
    try {
      const claims = jwt.verify(token, key, {
        algorithms: ['HS256'],
        clockTimestamp: Math.floor(nowSeconds),
        clockTolerance: SKEW_SECONDS,
      });
      return checked(claims, nowSeconds);
    } catch (error) {
      expired ||= error instanceof jwt.TokenExpiredError;
    }
  }
  throw refusal(expired);
}

function checked(claims: string | jwt.JwtPayload, nowSeconds: number): WebtokenClaims {
  if (typeof claims === 'string') throw refusal(false);
  const { exp, user, navbar } = claims;
  if (typeof exp !== 'number' || !Number.isFinite(exp) || exp > nowSeconds + LONGEST_LIFE_SECONDS + SKEW_SECONDS)
    throw refusal(false);
  if (typeof user !== 'string' || user === '' || user.length > 200) throw refusal(false);
  return { login: user, navbar: navbar !== false, expires: exp };
}

/** Of whom a token speaks, whether it is right or not; only good for comparing with somebody who is known already. */
export function claimedLogin(token: string): string | null {
  const claims = jwt.decode(token);
  return claims !== null && typeof claims === 'object' && typeof claims.user === 'string' ? claims.user : null;
}
