// What a company has set in Odoo about the connection itself (our addon; the stack trace frePPLe's too): as whom planning data
// may be read and plans written, and whether the details of failures are sent. Reads nothing itself.
import { PlanbridgeError } from '../errors.ts';
import { link, type OdooRow } from '../mapping/records.ts';

export const INTERFACE_USER = 'planbridge_interface_user_id';

/** @throws PlanbridgeError PB_ODOO_INTERFACE_USER when the company wants another user for this */
export function checkInterfaceUser(company: OdooRow, user: { id: number; login: string }): void {
  const chosen = link(company, INTERFACE_USER);
  if (chosen === undefined || chosen === user.id) return;
  const name = typeof company.name === 'string' ? company.name : `company ${company.id}`;
  throw new PlanbridgeError(
    'PB_ODOO_INTERFACE_USER',
    403,
    `${user.login} is not the interface user of ${name}: planning data is only for user ${chosen} of Odoo.`,
    { remedy: 'Sign in as that user, or change it in Odoo: Settings > Planbridge > Interface user.' },
  );
}

const disclosed = new WeakSet<object>();

/** Marks a failure as one whose details its company wants to see. */
export function disclose(error: unknown): void {
  if (typeof error === 'object' && error !== null) disclosed.add(error);
}

export function isDisclosed(error: unknown): boolean {
  return typeof error === 'object' && error !== null && disclosed.has(error);
}
