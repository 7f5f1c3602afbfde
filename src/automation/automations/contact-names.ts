// 2. The name of persons: from first and last name, in title case. Where cashiers have left the placeholder "Change Name", nothing is
// done. Without fields of their own for first and last name, names that are all capitals or all small are written as people write them.
import { z } from 'zod';
import type { Domain } from '../../connector/odoo/reader.ts';
import { type OdooRow, text } from '../../mapping/records.ts';
import { automation, type OdooUpdate } from '../automation.ts';
import { titleCase } from '../customers.ts';

const Settings = z.object({
  firstName: z
    .string()
    .nullable()
    .default('firstname')
    .describe('Field of the first name, where Odoo has it (partner_firstname)'),
  lastName: z.string().nullable().default('lastname').describe('Field of the last name'),
  contactName: z.string().default('name').describe('Field that is filled'),
  placeholder: z.string().default('Change Name').describe('Name that stands for none; left alone'),
});

export const contactNames = automation({
  name: 'contact-names',
  title: 'Names of contacts',
  seed: '2',
  description: 'Fills the contact name of persons from their first and last name, in title case.',
  schedule: 'twice per hour',
  missed: 'once',
  needs: ['odoo'],
  settings: Settings,
  async run({ settings, odoo, count }) {
    const { contactName, placeholder } = settings;
    await odoo.require('res.partner', [contactName], 'Contacts');
    const parts = [settings.firstName, settings.lastName].filter((field) => field !== null);
    const split = parts.length === 2 && (await odoo.has('res.partner', parts));
    const fields = [...new Set(['name', contactName, ...(split ? parts : [])])];
    const domain: Domain = [
      ['is_company', '=', false],
      ['active', '=', true],
      ...(split && contactName !== 'name' ? ([[contactName, '=', false]] as const) : []),
    ];
    for await (const page of odoo.pages({ model: 'res.partner', fields, domain })) {
      count('persons', page.length);
      const updates = page.flatMap((row): OdooUpdate[] => {
        const wanted = contactNameOf(row, split ? (parts as [string, string]) : null, contactName, placeholder);
        if (wanted === null) return [];
        const before = text(row, contactName);
        return [
          {
            model: 'res.partner',
            id: row.id,
            subject: text(row, 'name') || wanted,
            description: 'contact name set',
            before: { [contactName]: before },
            values: { [contactName]: wanted },
          },
        ];
      });
      await odoo.update(updates);
    }
  },
});

/** @returns null when it is to be left as it is */
export function contactNameOf(
  row: OdooRow,
  parts: readonly [first: string, last: string] | null,
  target: string,
  placeholder: string,
): string | null {
  const before = text(row, target).trim();
  if (parts !== null) {
    const [first, last] = parts.map((field) => text(row, field).trim());
    const whole = `${first} ${last}`.trim();
    if (before !== '' || !first || !last || isPlaceholder(whole, placeholder)) return null;
    return titleCase(whole);
  }
  const whole = text(row, 'name').trim();
  if (whole === '' || isPlaceholder(whole, placeholder) || (target !== 'name' && before !== '')) return null;
  // A name that somebody has written with care is not ours to change.
  const careless = whole.includes(' ') && (whole === whole.toUpperCase() || whole === whole.toLowerCase());
  if (target === 'name' && !(careless && /\p{L}/u.test(whole))) return null;
  const wanted = titleCase(whole);
  return wanted === before ? null : wanted;
}

function isPlaceholder(name: string, placeholder: string): boolean {
  return name.toLowerCase().replace(/\s+/g, ' ') === placeholder.toLowerCase();
}
