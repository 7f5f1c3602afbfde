// The web token that frePPLe's clients send with a plan: HS256 and nothing else, with an end, of the user who signed in
// (planner-wire.md 2). jsonwebtoken compares in constant time and refuses other algorithms.
import jwt from 'jsonwebtoken';
import { PlanbridgeError } from '../errors.ts';

export interface WebtokenSettings {
  /** At least 32 bytes. */
  key: string;
  /** Whether a plan without a token is refused. */
  required: boolean;
}

const LONGEST = 4_096;

function refusal(): PlanbridgeError {
  return new PlanbridgeError('PB_AUTH_FAILED', 401, 'Incorrect or missing webtoken', {
    remedy:
      'Give frePPLe (SECRET_WEBTOKEN_KEY) and Planbridge (WEBTOKEN_KEY) the same key, and look at the clocks of both.',
  });
}

/**
 * @param token as sent; null or empty = none
 * @throws PlanbridgeError PB_AUTH_FAILED, the same whatever is wrong with it
 */
export function checkWebtoken(
  token: string | null,
  login: string,
  settings: WebtokenSettings | null,
  nowSeconds: number,
): void {
  if (settings === null) return;
  if (token === null || token === '') {
    if (settings.required) throw refusal();
    return;
  }
  if (token.length > LONGEST) throw refusal();
  let claims: string | jwt.JwtPayload;
  try {
    claims = jwt.verify(token, settings.key, { algorithms: ['HS256'], clockTimestamp: Math.floor(nowSeconds) });
  } catch {
    throw refusal();
  }
  if (typeof claims === 'string' || typeof claims.exp !== 'number' || claims.user !== login) throw refusal();
}
