// The automations of the demo: those that its Odoo has something to do for, with schedules off, so that one can try each by hand.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { ZONE } from '../sandbox/demo/builder.ts';
import { csvText } from './csv.ts';

const SETTINGS = {
  zone: ZONE,
  automations: {
    'leads-to-partners': { on: false },
    'contact-names': { on: false },
    'inactive-products': {
      on: false,
      domain: [
        ['sale_ok', '=', true],
        ['categ_id.name', '=', 'Furniture fittings'],
      ],
    },
    brands: {
      on: false,
      vendors: { 'Normteile Brugg AG': 'Normteile Brugg' },
      patterns: [
        { pattern: 'hinge|handle', brand: 'Vallon Beschläge' },
        { pattern: 'heat sink|IP65', brand: 'Vallon Elektronik' },
      ],
    },
    'stock-buffers': {
      on: false,
      brands: { 'Vallon Beschläge': 10 },
      categories: {
        Castings: [
          { above: 20, buffer: 1 },
          { above: 0, buffer: 3 },
        ],
      },
    },
    'customer-list': { on: false },
    'administrative-report': { on: false, to: ['management@mycompany.com'] },
    'revenue-report': { on: false, to: ['accounting@mycompany.com'] },
    'follow-up-mail': { on: false, to: ['sales@mycompany.com'] },
    'refunded-customers': { on: false },
    'wholesale-loyalty': { on: false },
    'negative-loyalty': { on: false },
  },
};

const LEADS = [
  [
    'Rahel',
    'Ammann',
    'rahel.ammann@mail.example',
    '+41 61 555 02 01',
    'Liestal',
    'Looks for door handles for an old house',
  ],
  ['JONAS', 'steiner', 'jonas.steiner@mail.example', '', 'Basel', ''],
  // The shop knows her already.
  ['Miriam', 'Keller', 'Miriam.Keller@mail.example', '', 'Liestal', 'Hinges for a garden gate'],
];

/** Unless a settings file is named. Begins anew with each start, as the demo's Odoo does. */
export async function automationsOfDemo(
  { automations }: Pick<Config, 'automations'>,
  dataDirectory: string,
  now: Date,
): Promise<Config['automations']> {
  if (automations.file !== null) return automations;
  const folder = join(dataDirectory, 'automations');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const head = ['date', 'first_name', 'last_name', 'email', 'phone', 'city', 'comments'];
  const day = now.toISOString().slice(0, 10);
  await writeFile(join(folder, 'marketing_leads.csv'), csvText([head, ...LEADS.map((lead) => [day, ...lead])]));
  return { ...automations, text: JSON.stringify(SETTINGS), folder };
}
