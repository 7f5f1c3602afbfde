// The rights in Odoo without which orders by mail cannot be made, and how to say which are missing. Asks only; it changes nothing.
import type { OdooWriter } from '../../connector/odoo/writer.ts';

const NEEDED = [
  ['res.partner', 'create', 'create contacts (res.partner)', 'Contact Creation'],
  ['sale.order', 'create', 'create sales orders (sale.order)', 'Sales: User'],
  ['sale.order', 'write', 'confirm sales orders (sale.order)', 'Sales: User'],
  ['purchase.order', 'create', 'create purchase orders (purchase.order)', 'Purchase: User'],
  ['stock.quant', 'read', 'read stock (stock.quant)', 'Inventory: User'],
  ['stock.move', 'read', 'read reservations (stock.move)', 'Inventory: User'],
] as const;

/** A sentence that names what is missing and what to do; null = all is there. */
export async function missingRights(writer: OdooWriter): Promise<string | null> {
  const lacking: (typeof NEEDED)[number][] = [];
  for (const need of NEEDED) if (!(await writer.may(need[0], need[1]))) lacking.push(need);
  if (lacking.length === 0) return null;
  const what = lacking.map(([, , text]) => text).join(', ');
  const groups = [...new Set(lacking.map(([, , , group]) => group))].join(', ');
  return `${writer.user.login} may not do in Odoo what orders by mail need: ${what}. Give the user these groups in Odoo, or take another ODOO_USER: ${groups}.`;
}
