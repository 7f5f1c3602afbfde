// Whose plan a user sees: that of the database signed in to, and of the company that the service plans unless another is named.
import type { ApiUser } from '../http/api.ts';
import type { Surroundings } from '../parts.ts';
import type { GridScope } from './grids/grid.ts';

export type ScopeOf = (user: ApiUser, company: string) => Promise<GridScope>;

export function createScope({ imports, account }: Pick<Surroundings, 'imports' | 'account'>): ScopeOf {
  return async (user, company) => ({
    odoo: imports.odooOf(user.database),
    company: company || ((await account()).company ?? ''),
  });
}
