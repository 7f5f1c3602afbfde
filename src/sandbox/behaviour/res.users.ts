// Users: what a client asks about itself.

import type { Env } from '../orm/env.ts';
import type { Behaviour } from './behaviour.ts';
import { idsOf, target, textOf } from './tools.ts';

export const users: Behaviour = {
  searchNames: ['name', 'login'],
  methods: {
    context_get: (env) => {
      const user = target(env, 'res.users', env.uid);
      const partner = target(env, 'res.partner', user?.partner_id);
      const text = (field: 'lang' | 'tz'): string | false => textOf(partner?.[field]) || textOf(user?.[field]) || false;
      return { lang: text('lang'), tz: text('tz'), uid: env.uid };
    },
    has_group: (env, ids, args, named) => hasGroup(env, ids[0] ?? env.uid, String(args[0] ?? named.group_ext_id ?? '')),
  },
};

/** Groups are known by name here: the last part of an external id, or what the group is called. */
function hasGroup(env: Env, uid: number, name: string): boolean {
  const user = target(env, 'res.users', uid);
  if (name === 'base.group_user') return user?.share !== true;
  if (name === 'base.group_portal') return user?.share === true;
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z]/g, '');
  const wanted = plain((name.split('.')[1] ?? name).replace(/^group_/, ''));
  return idsOf(user?.groups_id).some((id) => plain(textOf(target(env, 'res.groups', id)?.full_name)).includes(wanted));
}
