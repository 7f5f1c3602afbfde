// Who I am, and who else may use the screens.
import { z } from 'zod';
import { type Api, notFound, ROLES } from '../http/api.ts';
import type { Surroundings } from '../parts.ts';
import { findPlanningUser, giveRole, listPlanningUsers, PlanningUser } from './sign-on/planning-users.ts';

const tag = 'Users';

export function addUserRoutes(
  api: Api,
  { store, imports, signOn }: Pick<Surroundings, 'store' | 'imports' | 'signOn'>,
): void {
  api.route(
    {
      method: 'get',
      path: '/api/me',
      tag,
      summary: 'Who is signed in',
      role: 'viewer',
      answer: z.object({ login: z.string(), name: z.string(), role: z.enum(ROLES), database: z.string() }),
    },
    async ({ user: { login, role, database } }) => {
      const known = await findPlanningUser(store, imports.odooOf(database), login);
      return { login, name: known?.name || login, role, database };
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/users',
      tag,
      summary: 'Planning users of Odoo with their roles',
      role: 'administrator',
      answer: z.object({ users: z.array(PlanningUser) }),
    },
    async ({ user }) => ({ users: await listPlanningUsers(store, imports.odooOf(user.database)) }),
  );

  api.route(
    {
      method: 'post',
      path: '/api/users/sync',
      tag,
      summary: 'Takes over users and roles from Odoo now',
      role: 'administrator',
      answer: z.object({ users: z.array(PlanningUser) }),
    },
    async ({ user }) => {
      await signOn.syncUsers();
      return { users: await listPlanningUsers(store, imports.odooOf(user.database)) };
    },
  );

  api.route(
    {
      method: 'put',
      path: '/api/users/:login/role',
      tag,
      summary: 'Gives a user another role than Odoo says; null = as Odoo says',
      role: 'administrator',
      body: z.object({ role: z.enum(ROLES).nullable() }),
      answer: PlanningUser,
    },
    async ({ user, params, body, log }) => {
      const odoo = imports.odooOf(user.database);
      const login = params.login!;
      if (!(await giveRole(store, odoo, login, body.role))) throw notFound('user');
      log.info({ login, role: body.role, by: user.login }, 'a role was given');
      return await findPlanningUser(store, odoo, login);
    },
  );
}
