// Who may use the planner: members of the addon's group, as frePPLe reads them (connector.md 2.4, planner-wire.md 1).
import type { MappingContext } from './context.ts';
import { flag, links, text } from './records.ts';

export const USER_GROUPS = ['frePPLe user', 'Planning user'];

/** JSON array of `[display name, login]`, or undefined when this Odoo has no such group. */
export function mapUsers(context: MappingContext): string | undefined {
  const groups = context.rows('res.groups').filter((row) => USER_GROUPS.includes(text(row, 'name')));
  if (groups.length === 0) return undefined;
  const table = context.table('res.users');
  const members = new Set(groups.flatMap((row) => [...links(row, 'users'), ...links(row, 'user_ids')]));
  const pairs = [...members]
    .toSorted((a, b) => a - b)
    .flatMap((id) => {
      const user = table.get(id);
      return user && user.active !== false && !flag(user, 'share') ? [[text(user, 'name'), text(user, 'login')]] : [];
    });
  return `[${pairs.map((pair) => `[${pair.map((part) => JSON.stringify(part)).join(', ')}]`).join(', ')}]`;
}
