// Whose mails are read at all, and how many automatic answers one address gets.
export type Policy =
  | { kind: 'everyone' }
  | { kind: 'known-partners' }
  | { kind: 'domains'; domains: readonly string[] };

export function isRefused(email: string, policy: Policy, isKnown: boolean): boolean {
  if (policy.kind === 'everyone') return false;
  if (policy.kind === 'known-partners') return !isKnown;
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return !policy.domains.some((allowed) => domain === allowed.toLowerCase());
}
