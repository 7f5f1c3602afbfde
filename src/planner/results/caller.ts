// For whom the API of the plan works: the plan that somebody may see, and in whose name Odoo is written to.
import type { ImportCaller } from '../../connector/import-service.ts';
import { PlanbridgeError } from '../../errors.ts';
import type { ApiUser } from '../../http/api.ts';
import { LOCAL_LOGIN, TOKEN_LOGIN } from '../../http/users.ts';
import type { PlannerSurroundings } from '../open.ts';
import { accountScope, odooKey } from '../store/scope.ts';
import { currentPlan, type PlanRow } from './plans.ts';

/** @throws PlanbridgeError PB_REQUEST_ARGUMENT (404) */
export async function planFor(surroundings: PlannerSurroundings, { database }: ApiUser): Promise<PlanRow> {
  const { odoo, company } = await accountScope(surroundings);
  const plan =
    odoo === odooKey(surroundings.odoo.url, database)
      ? await currentPlan(surroundings.store.query, { odoo, company: company ?? '' })
      : null;
  if (plan) return plan;
  throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 404, 'There is no plan yet.', {
    remedy: 'Begin a run of odoo_read_1,plan.',
  });
}

export interface Writing {
  caller: ImportCaller;
  request: { mode: 2; company: string | null; actualUser: string | null };
}

/** Single orders, written by whoever is signed in to Odoo, else by the service's own account in the name of the user. */
export async function writingFor({ account }: PlannerSurroundings, user: ApiUser): Promise<Writing> {
  const { company, ...own } = await account();
  // Programs are no users of Odoo.
  const named = user.password === null && ![TOKEN_LOGIN, LOCAL_LOGIN].includes(user.login);
  return {
    caller: user.password === null ? own : { ...own, login: user.login, password: user.password },
    request: { mode: 2, company, actualUser: named ? user.login : null },
  };
}
