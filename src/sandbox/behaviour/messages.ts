// The chatter: message_post, and the messages that can be read back.

import type { Env } from '../orm/env.ts';
import { nowText } from '../orm/env.ts';
import { displayName } from '../orm/value.ts';
import type { Row } from '../values.ts';
import type { Behaviour, Method } from './behaviour.ts';
import { make } from './make.ts';
import { target, textOf } from './tools.ts';

/** Adds message_post to the methods of a model. */
export function withMessages(model: string, behaviour: Behaviour): Behaviour {
  return { ...behaviour, methods: { message_post: post(model), ...behaviour.methods } };
}

function post(model: string): Method {
  return (env, ids, args, named) => {
    const user = target(env, 'res.users', env.uid);
    const partner = target(env, 'res.partner', user?.partner_id);
    const name = textOf(partner?.name) || textOf(user?.name);
    const email = textOf(partner?.email);
    const type = typeof named.message_type === 'string' ? named.message_type : 'notification';
    const recipients = Array.isArray(named.partner_ids) ? named.partner_ids.filter((id) => typeof id === 'number') : [];
    let last = 0;
    for (const id of ids) {
      last = make(env, 'mail.message', {
        model,
        res_id: id,
        body: html(String(named.body ?? args[0] ?? ''), named.body_is_html === true),
        subject: typeof named.subject === 'string' ? named.subject : false,
        message_type: type,
        date: nowText(env),
        author_id: partner?.id ?? false,
        email_from: email ? `"${name}" <${email}>` : false,
        partner_ids: [[6, 0, recipients]],
        parent_id: typeof named.parent_id === 'number' ? named.parent_id : false,
      }).id;
    }
    return last;
  };
}

/** Text from outside is text: it is escaped, as Odoo does. */
function html(body: string, isHtml: boolean): string {
  if (body === '') return '';
  return isHtml ? body : `<p>${body.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</p>`;
}

export const message: Behaviour = {
  displayName: (env, row) => recordName(env, row),
  computed: { record_name: (env, row) => recordName(env, row) || false },
  defaults: (env) => ({ date: nowText(env), message_type: 'comment' }),
};

function recordName(env: Env, row: Row): string {
  const model = textOf(row.model);
  return env.db.hasTable(model) && typeof row.res_id === 'number' ? displayName(env, model, row.res_id) : '';
}
