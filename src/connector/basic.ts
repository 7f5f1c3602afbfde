// Reads the Authorization header of Basic sign-in, as RFC 7617 and frePPLe's clients write it (planner-wire.md 1).

export type Authorization =
  | { kind: 'basic'; login: string; password: string }
  | { kind: 'none' }
  | { kind: 'bearer' }
  | { kind: 'malformed' };

const LONGEST = 4_096;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The first colon ends the login: passwords may hold more of them. A part that is empty makes it malformed. */
export function readAuthorization(header: string | undefined): Authorization {
  if (header === undefined || header.trim() === '') return { kind: 'none' };
  const match = /^(\S+)(?: +(\S+))? *$/.exec(header);
  const scheme = match?.[1]?.toLowerCase();
  if (scheme === 'bearer') return { kind: 'bearer' };
  const encoded = match?.[2];
  if (scheme !== 'basic' || encoded === undefined || encoded.length > LONGEST) return { kind: 'malformed' };
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return { kind: 'malformed' };
  let text: string;
  try {
    text = utf8.decode(Buffer.from(encoded, 'base64'));
  } catch {
    return { kind: 'malformed' };
  }
  const colon = text.indexOf(':');
  if (colon < 1 || colon === text.length - 1 || text.includes('\0')) return { kind: 'malformed' };
  return { kind: 'basic', login: text.slice(0, colon), password: text.slice(colon + 1) };
}
