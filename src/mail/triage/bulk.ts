// Newsletters and lists.
import { header, type Mail } from '../mail.ts';

export function isBulk(mail: Mail): boolean {
  if (header(mail, 'list-id') !== undefined) return true;
  return (mail.headers.get('precedence') ?? []).some((value) => /^\s*(?:bulk|list|junk)\b/i.test(value));
}
