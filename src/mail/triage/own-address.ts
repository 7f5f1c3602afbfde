// Mails of our own: the configured addresses, never a whole domain.
import type { Mail } from '../mail.ts';

export function isOwnAddress(email: string | undefined, addresses: ReadonlySet<string>): boolean {
  return email !== undefined && addresses.has(email.trim().toLowerCase());
}

export function isOwn(mail: Mail, addresses: ReadonlySet<string>): boolean {
  return isOwnAddress(mail.from?.email, addresses);
}
