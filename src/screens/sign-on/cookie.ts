// The cookie of a session: it opens pages only, never the API, so a request of another site can do nothing with it.
import type { Request, Response } from 'express';

/** The prefix makes browsers insist on Secure, Path=/ and no Domain. */
const NAME = '__Host-planbridge';

export function readCookie(request: Request): string | null {
  for (const pair of (request.get('cookie') ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === NAME) return pair.slice(at + 1).trim() || null;
  }
  return null;
}

export function setCookie(response: Response, value: string, hours: number): void {
  response.append(
    'Set-Cookie',
    `${NAME}=${value}; Path=/; Max-Age=${hours * 3_600}; HttpOnly; Secure; SameSite=None; Partitioned`,
  );
}

export function clearCookie(response: Response): void {
  response.append('Set-Cookie', `${NAME}=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=None; Partitioned`);
}
