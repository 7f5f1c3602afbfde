// Contacts: full name `Company, Person`, the company that a contact belongs to, the normalised address.

import type { Env } from '../orm/env.ts';
import { patch } from '../orm/write.ts';
import type { Row } from '../values.ts';
import type { Behaviour, Values } from './behaviour.ts';
import { rowsBy, target, textOf } from './tools.ts';

const ADDRESS_TYPES: Readonly<Record<string, string>> = {
  invoice: 'Invoice Address',
  delivery: 'Delivery Address',
  other: 'Other Address',
};

export const partner: Behaviour = {
  searchNames: ['complete_name', 'email', 'ref', 'vat'],
  displayName: (_env, row) => textOf(row.complete_name) || textOf(row.name),
  defaults: (env, given) => ({
    type: 'contact',
    is_company: given.company_type === 'company',
    lang: env.context.lang || 'en_US',
    tz: env.context.tz || false,
    category_id: [],
  }),
  computed: {
    company_type: (_env, row) => (row.is_company ? 'company' : 'person'),
    email_normalized: (_env, row) => normalised(row.email),
  },
  afterCreate: (env, row) => settle(env, row),
  afterWrite: (env, row, before) => {
    if (before.name !== row.name || before.parent_id !== row.parent_id || before.is_company !== row.is_company) {
      settle(env, row);
      for (const child of rowsBy(env, 'res.partner', 'parent_id', row.id)) settle(env, child);
    }
  },
};

/** Odoo's form of an address for comparison: the one address in it, lower case. */
function normalised(email: Row[string]): string | false {
  const found = /([^\s<>,;"]+@[^\s<>,;"]+)/.exec(textOf(email));
  return found ? found[1]!.toLowerCase() : false;
}

function settle(env: Env, row: Row): void {
  const owner = target(env, 'res.partner', row.parent_id);
  const values: Values = {
    commercial_partner_id: row.is_company || !owner ? row.id : (owner.commercial_partner_id ?? owner.id),
    complete_name: completeName(row, owner),
  };
  patch(env, 'res.partner', row.id, values);
}

function completeName(row: Row, owner: Row | undefined): string {
  const name = textOf(row.name) || ADDRESS_TYPES[textOf(row.type)] || '';
  return owner && !row.is_company ? `${textOf(owner.name)}, ${name}` : name;
}
