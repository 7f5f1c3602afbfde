// 9. A list of customers with what stands on their loyalty cards, as the e-mail marketing takes it.
import { z } from 'zod';
import type { Domain } from '../../connector/odoo/reader.ts';
import { type OdooRow, text } from '../../mapping/records.ts';
import { automation, type CsvRow } from '../automation.ts';
import { firstAndLast, plainEmail } from '../customers.ts';
import { loyaltyPoints } from '../loyalty.ts';

const Settings = z.object({
  file: z.string().default('email_list.csv'),
  program: z
    .string()
    .nullable()
    .default(null)
    .describe('Name of the loyalty programme; default all of the kind loyalty'),
  persons: z.boolean().default(true).describe('Only persons; else companies too'),
});

const HEADER = ['First Name', 'Last Name', 'Email', 'Phone', 'Reward Points'];

export const customerList = automation({
  name: 'customer-list',
  title: 'Customer list with loyalty balances',
  seed: '9',
  description: 'Writes a CSV file of the customers who have a mail address, with their loyalty balances.',
  schedule: 'even hours',
  missed: 'once',
  needs: ['odoo', 'files'],
  settings: Settings,
  async run({ settings, odoo, files, count }) {
    const points = await loyaltyPoints(odoo, settings.program);
    const rank = await odoo.has('res.partner', ['customer_rank']);
    const mobile = (await odoo.has('res.partner', ['mobile'])) ? ['mobile'] : [];
    const domain: Domain = [
      ['active', '=', true],
      ['email', '!=', false],
      ...(settings.persons ? ([['is_company', '=', false]] as const) : []),
    ];
    const fields = ['name', 'email', 'phone', ...mobile, ...(rank ? ['customer_rank'] : [])];
    const rows: OdooRow[] = [];
    for await (const page of odoo.pages({ model: 'res.partner', fields, domain })) {
      // With a card one is a customer whatever else Odoo says.
      rows.push(...page.filter((row) => !rank || Number(row.customer_rank) > 0 || points.has(row.id)));
    }
    const list = customerRows(rows, points);
    count('customers', list.length);
    await files.writeCsv(settings.file, HEADER, list);
  },
});

/** One row for each address: of several partners with the same, the one with the most points. */
export function customerRows(partners: readonly OdooRow[], points: ReadonlyMap<number, number>): CsvRow[] {
  const best = new Map<string, OdooRow>();
  const balance = (row: OdooRow) => points.get(row.id) ?? 0;
  for (const row of partners) {
    const email = plainEmail(text(row, 'email'));
    if (email === '') continue;
    const before = best.get(email);
    if (before === undefined || balance(row) > balance(before)) best.set(email, row);
  }
  return [...best]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([email, row]) => {
      const { first, last } = firstAndLast(text(row, 'name'));
      return [first, last, email, text(row, 'phone') || text(row, 'mobile'), Math.round(balance(row) * 100) / 100];
    });
}
