// Who may use the screens: members of Odoo's planning group, or every internal user where Odoo has no such group. Kept as of
// the last look at Odoo; an administrator may give another role.
import { z } from 'zod';
import { type OdooReader, readAll } from '../../connector/odoo/reader.ts';
import { ROLES, type Role } from '../../http/api.ts';
import { flag, type OdooRow, text } from '../../mapping/records.ts';
import { memberIds, USER_GROUPS } from '../../mapping/users.ts';
import type { Store } from '../../store/database.ts';

export const PlanningUser = z.object({
  login: z.string(),
  name: z.string(),
  lang: z.string().describe('of Odoo, for example fr_FR'),
  role: z.enum(ROLES),
  givenRole: z.enum(ROLES).nullable().describe('given here; goes before the one of Odoo'),
  active: z.boolean(),
});
export type PlanningUser = z.infer<typeof PlanningUser>;

/** Odoo's group for its settings: its members are our administrators. */
const SETTINGS_GROUP = { name: 'Settings', category: 'Administration' };

/**
 * Users of Odoo with their roles. Groups are told by their source texts, for names are translated.
 * @param named logins that are users whatever their groups, as long as Odoo has them as internal users
 */
export async function readPlanningUsers(
  reader: OdooReader,
  named: ReadonlySet<string> = new Set(),
): Promise<Omit<PlanningUser, 'givenRole'>[]> {
  const source = reader.scoped({ lang: null, companies: undefined });
  const rows = await readAll(source, {
    model: 'res.users',
    fields: ['name', 'login', 'lang', 'share', 'active'],
    domain: [['share', '=', false]],
  });
  const groups = (await reader.fields('res.groups'))
    ? await readGroups(source)
    : { planners: null, administrators: [] };
  const members = groups.planners === null ? null : new Set(groups.planners);
  const administrators = new Set(groups.administrators);
  return rows
    .filter((row) => {
      const member = members === null || members.has(row.id) || administrators.has(row.id);
      return member || named.has(text(row, 'login'));
    })
    .map((row) => ({
      login: text(row, 'login'),
      name: text(row, 'name'),
      lang: text(row, 'lang'),
      role: (administrators.has(row.id) ? 'administrator' : 'planner') as Role,
      active: flag(row, 'active'),
    }));
}

async function readGroups(reader: OdooReader): Promise<{ planners: number[] | null; administrators: number[] }> {
  const groups = await readAll(reader, {
    model: 'res.groups',
    fields: ['name', 'category_id', 'privilege_id', 'users', 'user_ids'],
    domain: [['name', 'in', [...USER_GROUPS, SETTINGS_GROUP.name]]],
  });
  const planning = groups.filter((group) => USER_GROUPS.includes(text(group, 'name')));
  const settings = await settingsGroups(reader, groups);
  return { planners: planning.length > 0 ? memberIds(planning) : null, administrators: memberIds(settings) };
}

/** "Settings" is a name that apps give to groups of theirs as well. */
async function settingsGroups(reader: OdooReader, groups: readonly OdooRow[]): Promise<OdooRow[]> {
  const named = groups.filter((group) => text(group, 'name') === SETTINGS_GROUP.name);
  if (named.length < 2) return named;
  const categories = await readAll(reader, {
    model: 'ir.module.category',
    fields: ['name'],
    domain: [['name', '=', SETTINGS_GROUP.category]],
  });
  const ids = new Set(categories.map(({ id }) => id));
  return named.filter(({ category_id: category }) => typeof category === 'number' && ids.has(category));
}

const COLUMNS = `login, name, lang, role, given_role as "givenRole", active`;

/** Takes over what Odoo says; who is not among them any more is no user. @returns logins that ended */
export async function savePlanningUsers(
  store: Store,
  odoo: string,
  users: readonly Omit<PlanningUser, 'givenRole'>[],
  now: Date,
): Promise<string[]> {
  return await store.transaction(async (query) => {
    await query(
      `insert into planbridge.planning_user (odoo, login, name, lang, role, active, synced_at)
       select $1, u.login, u.name, u.lang, u.role, u.active, $3
       from jsonb_to_recordset($2::jsonb) as u (login text, name text, lang text, role text, active boolean)
       on conflict (odoo, login) do update set name = excluded.name, lang = excluded.lang, role = excluded.role,
         active = excluded.active, synced_at = excluded.synced_at`,
      [odoo, JSON.stringify(users), now],
    );
    const ended = await query<{ login: string }>(
      `update planbridge.planning_user set active = false where odoo = $1 and synced_at < $2 and active returning login`,
      [odoo, now],
    );
    return [...ended.map(({ login }) => login), ...users.filter(({ active }) => !active).map(({ login }) => login)];
  });
}

export async function listPlanningUsers(store: Store, odoo: string): Promise<PlanningUser[]> {
  return await store.query(`select ${COLUMNS} from planbridge.planning_user where odoo = $1 order by login`, [odoo]);
}

export async function findPlanningUser(store: Store, odoo: string, login: string): Promise<PlanningUser | null> {
  const sql = `select ${COLUMNS} from planbridge.planning_user where odoo = $1 and login = $2`;
  const [found] = await store.query<PlanningUser>(sql, [odoo, login]);
  return found ?? null;
}

/** @returns false when there is no such user */
export async function giveRole(store: Store, odoo: string, login: string, role: Role | null): Promise<boolean> {
  const rows = await store.query(
    'update planbridge.planning_user set given_role = $3 where odoo = $1 and login = $2 returning 1 as one',
    [odoo, login, role],
  );
  return rows.length === 1;
}
