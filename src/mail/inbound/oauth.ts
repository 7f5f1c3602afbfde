// A token for a mailbox whose provider takes no passwords (RFC 6749): as the program itself, or for a user who has agreed. It is
// kept nowhere.
import { PlanbridgeError } from '../../errors.ts';
import type { OAuthClient } from './imap-url.ts';

const LIMIT_MS = 30_000;
const ANSWER_LENGTH = 100_000;

/** @throws PlanbridgeError PB_MAIL_SOURCE */
export async function fetchToken(
  { url, client, scope, refreshToken }: OAuthClient,
  secret: string,
  signal: AbortSignal,
): Promise<string> {
  const form = new URLSearchParams({
    client_id: client,
    client_secret: secret,
    ...(refreshToken === null
      ? { grant_type: 'client_credentials' }
      : { grant_type: 'refresh_token', refresh_token: refreshToken }),
    ...(scope !== null && { scope }),
  });
  const { host } = new URL(url);
  const problem = (why: string, refused: boolean, cause?: unknown) =>
    Object.assign(
      new PlanbridgeError('PB_MAIL_SOURCE', 503, `No token for the mailbox from ${host}: ${why}.`, {
        cause,
        remedy: refused ? 'Check oauth=, client=, scope= and the secret in MAIL_IMAP_URL.' : 'It is tried again.',
      }),
      { authenticationFailed: refused },
    );
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(url, {
      method: 'POST',
      body: form,
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
    });
    text = (await answer.text()).slice(0, ANSWER_LENGTH);
  } catch (cause) {
    throw problem('it does not answer', false, cause);
  }
  const { access_token: token, error } = record(text);
  if (answer.ok && typeof token === 'string' && token !== '') return token;
  // Only the standard's short code: descriptions may repeat what was sent.
  const why = typeof error === 'string' && /^[\w.-]{1,60}$/.test(error) ? error : `it answers ${answer.status}`;
  throw problem(why, answer.status >= 400 && answer.status < 500 && answer.status !== 429);
}

function record(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
