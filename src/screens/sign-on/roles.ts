// Who may do what, decided in one place for the screens and for the API: Odoo's groups as they were last read, a role that was
// given here, and the logins that the configuration names. Pure.
import type { Role } from '../../http/api.ts';
import type { PlanningUser } from './planning-users.ts';

/** Logins of the configuration: ADMINISTRATORS, and PLANNERS (empty = all members of Odoo's planning group). */
export interface NamedLogins {
  administrators: ReadonlySet<string>;
  planners: ReadonlySet<string>;
}

/**
 * The role that counts; null = no user of the planner.
 * Named administrators first, then what was given here, then Odoo: administrators of its settings, members of its planning group.
 * Where planners are named, the other members look only.
 */
export function roleThatCounts(known: PlanningUser | null, { administrators, planners }: NamedLogins): Role | null {
  if (!known?.active) return null;
  if (administrators.has(known.login)) return 'administrator';
  if (known.givenRole !== null) return known.givenRole;
  if (known.role !== 'planner') return known.role;
  return planners.size === 0 || planners.has(known.login) ? 'planner' : 'viewer';
}
