// Plain pages for people: which models there are, and the records that calls have made. Read-only; everything is escaped.

import express, { type Router } from 'express';
import { escapeHtml } from '../../http/html.ts';
import { createEnv, type Env } from '../orm/env.ts';
import { search } from '../orm/search.ts';
import { displayName, getter } from '../orm/value.ts';
import { type Field, isToMany, type Model, type Row } from '../values.ts';
import type { Served } from './served.ts';

const PAGE = 80;

export function createPages(served: Served): Router {
  const router = express.Router();
  const env = (): Env =>
    createEnv({
      db: served.db,
      behaviours: served.behaviours,
      now: served.now,
      uid: 1,
      context: { active_test: false },
      superuser: true,
    });
  router.get(['/', '/web', '/web/login', '/odoo', '/odoo/{*rest}'], (request, response) => {
    const found = /^\/odoo\/(?:m-)?([\w.]+)(?:\/(\d+))?\/?$/.exec(request.path);
    const model = found ? served.db.models.get(found[1]!) : undefined;
    response.type('html');
    if (found && !model) {
      response.status(404).send(layout(served, 'Not found', '<p>There is no such model in this data set.</p>'));
    } else if (!model) response.send(layout(served, 'Models', models(served)));
    else if (found?.[2]) {
      const row = served.db.table(model.name).get(Number(found[2]));
      const body = row ? record(env(), model, row) : '<p>There is no such record.</p>';
      response.status(row ? 200 : 404).send(layout(served, `${model.description} ${found[2]}`, body));
    } else {
      const offset = Number(request.query.offset ?? 0) || 0;
      response.send(layout(served, model.description, list(env(), model, offset)));
    }
  });
  return router;
}

function models(served: Served): string {
  const rows = [...served.db.models.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((model) => ({ model, size: served.db.table(model.name).size }))
    .filter(({ size }) => size > 0)
    .map(
      ({ model, size }) =>
        `<tr><td><a href="/odoo/${model.name}">${escapeHtml(model.description)}</a></td>` +
        `<td><code>${escapeHtml(model.name)}</code></td><td class="number">${size}</td></tr>`,
    );
  return `<table><thead><tr><th>Model</th><th>Name</th><th>Records</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function list(env: Env, model: Model, offset: number): string {
  const ids = search(env, model, [], { order: 'id desc', offset, limit: PAGE });
  const total = env.db.table(model.name).size;
  const columns = ['state', 'partner_id', 'product_id', 'origin', 'create_date']
    .map((name) => model.fields.get(name))
    .filter((field) => field !== undefined);
  const head = columns.map((field) => `<th>${escapeHtml(field.string)}</th>`).join('');
  const rows = ids.map((id) => {
    const row = env.db.table(model.name).get(id)!;
    const cells = columns.map((field) => `<td>${value(env, model, field, row)}</td>`).join('');
    return `<tr><td class="number">${id}</td><td>${link(model.name, id, displayName(env, model.name, id))}</td>${cells}</tr>`;
  });
  const pages =
    (offset > 0 ? `<a href="?offset=${Math.max(0, offset - PAGE)}">newer</a> ` : '') +
    (offset + PAGE < total ? `<a href="?offset=${offset + PAGE}">older</a>` : '');
  return (
    `<p>${total} records, newest first. ${pages}</p>` +
    `<table><thead><tr><th>Id</th><th>Name</th>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`
  );
}

function record(env: Env, model: Model, row: Row): string {
  const rows = [...model.fields.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(
      (field) =>
        `<tr><th>${escapeHtml(field.string)}</th><td><code>${field.name}</code></td><td>${value(env, model, field, row)}</td></tr>`,
    );
  return `<p><strong>${escapeHtml(displayName(env, model.name, row.id))}</strong></p><table><tbody>${rows.join('')}</tbody></table>`;
}

function value(env: Env, model: Model, field: Field, row: Row): string {
  const held = getter(env, model, field)(row);
  if (field.type === 'many2one') {
    return typeof held === 'number' ? link(field.relation!, held, displayName(env, field.relation!, held)) : '';
  }
  if (isToMany(field)) {
    const ids = (held as readonly number[]).slice(0, 40);
    return ids.map((id) => link(field.relation!, id, displayName(env, field.relation!, id))).join(', ');
  }
  if (field.type === 'boolean') return held ? 'yes' : 'no';
  if (held === false) return '';
  const label = field.selection?.find(([key]) => key === held)?.[1];
  return escapeHtml(label === undefined ? String(held) : `${label} (${String(held)})`);
}

function link(model: string, id: number, text: string): string {
  return `<a href="/odoo/${encodeURIComponent(model)}/${id}">${escapeHtml(text)}</a>`;
}

function layout(served: Served, title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)} - Sandbox Odoo</title>
<meta name="viewport" content="width=device-width"><style>
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#1c2733}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #dde3e9}
.number{text-align:right}a{color:#0b5fa5}header{background:#fff4d6;padding:.6rem 1rem;border-radius:.4rem}code{color:#54626f}
</style></head><body><header>This is a <strong>sandbox</strong> that speaks Odoo's external API (version ${escapeHtml(
    served.version.server_version,
  )}, database <code>${escapeHtml(served.database)}</code>). Its records live in memory only. <a href="/">All models</a></header>
<h1>${escapeHtml(title)}</h1>${body}</body></html>`;
}
