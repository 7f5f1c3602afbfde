// What every way in asks of a request, whatever it is about.
import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { PlanbridgeError } from '../errors.ts';

/** One that the caller chose, if it is harmless to repeat, else a new one. */
export function correlationIdOf(request: Request): string {
  const given = request.get('x-correlation-id') ?? '';
  return /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}

/**
 * Browsers send Basic sign-ins and cookies along with what other sites make them ask.
 * @throws PlanbridgeError PB_AUTH_FORBIDDEN
 */
export function refuseOtherSites(request: Request, message: string): void {
  const site = request.get('sec-fetch-site');
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  throw new PlanbridgeError('PB_AUTH_FORBIDDEN', 403, message);
}
