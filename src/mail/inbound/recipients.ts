// Whose mail the receiver takes: the configured addresses, with what mail servers add to them. It relays nothing to anybody.

/** `sales+token@Example.COM` -> `sales@example.com`. */
export function plainAddress(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 0) return address.trim().toLowerCase();
  const local = address.slice(0, at).trim().toLowerCase();
  return `${local.replace(/(?<=.)\+.*$/, '')}@${address
    .slice(at + 1)
    .trim()
    .toLowerCase()}`;
}

/**
 * @param own the service's addresses; without any, everything is taken
 * @example isRecipient('Sales+7@example.com', new Set(['sales@example.com'])) // true
 */
export function isRecipient(address: string, own: ReadonlySet<string>): boolean {
  if (own.size === 0) return true;
  const plain = plainAddress(address);
  if (own.has(plain) || own.has(address.trim().toLowerCase())) return true;
  // Every mail system has a postmaster (RFC 5321, 4.5.1).
  const at = plain.lastIndexOf('@');
  if ((at < 0 ? plain : plain.slice(0, at)) !== 'postmaster') return false;
  return at < 0 || [...own].some((address) => address.endsWith(plain.slice(at)));
}
