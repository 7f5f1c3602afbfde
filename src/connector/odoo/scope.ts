// Companies of a scope: what was asked for, or all of the user's, the current one first.

import { PlanbridgeError } from '../../errors.ts';
import type { OdooUser, ReadScope } from './reader.ts';

/** @throws PlanbridgeError PB_ODOO_ACCESS for a company that is not the user's; Odoo refuses it too */
export function scopeCompanies(user: OdooUser, scope: ReadScope): readonly number[] {
  const companies = scope.companies ?? [user.companyId, ...user.companyIds.filter((id) => id !== user.companyId)];
  const foreign = companies.filter((id) => !user.companyIds.includes(id));
  if (foreign.length > 0) {
    throw new PlanbridgeError(
      'PB_ODOO_ACCESS',
      403,
      `${user.login} may not see company ${foreign.join(', ')} of Odoo.`,
      {
        remedy: "Add the company to the user's allowed companies in Odoo.",
      },
    );
  }
  return companies;
}
