// Who may use the planner: members of the addon's group, as frePPLe reads them (connector.md 2.4, planner-wire.md 1).
import { flag, links, type OdooRow, type Table, text } from './records.ts';

export const USER_GROUPS = ['frePPLe user', 'Planning user'];

/** Ids of the members of groups (res.groups). */
export function memberIds(groups: readonly OdooRow[]): number[] {
  const ids = new Set(groups.flatMap((row) => [...links(row, 'users'), ...links(row, 'user_ids')]));
  return [...ids].toSorted((a, b) => a - b);
}

/** JSON array of `[display name, login]`, or undefined when this Odoo has no such group. */
export function mapUsers(groups: readonly OdooRow[], users: Table): string | undefined {
  if (groups.length === 0) return undefined;
  const pairs = memberIds(groups).flatMap((id) => {
    const user = users.get(id);
    return user && user.active !== false && !flag(user, 'share') ? [[text(user, 'name'), text(user, 'login')]] : [];
  });
  return `[${pairs.map((pair) => `[${pair.map((part) => JSON.stringify(part)).join(', ')}]`).join(', ')}]`;
}
