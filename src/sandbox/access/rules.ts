// Who sees which record: company rules (connector.md 6.4), and models that only internal users read.

import { modelForbidden, recordForbidden } from '../faults.ts';
import type { Env } from '../orm/env.ts';
import type { Model, Row } from '../values.ts';

/** Visible when the company is empty or one of those above an allowed company. */
const COMPANY_OR_PARENT = new Set(['product.template', 'product.product', 'product.supplierinfo', 'res.partner']);

/** Where the company stands when the record has no company field of its own. */
const COMPANY_OF: Readonly<Record<string, readonly [field: string, model: string]>> = {
  'product.product': ['product_tmpl_id', 'product.template'],
  'mrp.workorder': ['production_id', 'mrp.production'],
  'mrp.bom.line': ['bom_id', 'mrp.bom'],
  'mrp.routing.workcenter': ['bom_id', 'mrp.bom'],
};

/** Models whose company hides nothing: Odoo has no record rule for them. */
const OPEN_TO_ALL = new Set(['resource.calendar']);

/** What a portal user may read. */
const PORTAL_MODELS = new Set([
  'res.users',
  'res.partner',
  'res.company',
  'res.lang',
  'res.country',
  'res.country.state',
  'res.currency',
  'res.currency.rate',
  'mail.message',
]);

export type Rule = (row: Row) => boolean;

/** The test that a record has to pass to be seen; null when nothing is hidden from this user. */
export function readRule(env: Env, model: Model): Rule | null {
  if (env.superuser || env.seesAll || OPEN_TO_ALL.has(model.name)) return null;
  if (model.name === 'res.company') return companyRule(env);
  if (model.name === 'res.users') return (row) => sharesCompany(env, row);
  const allowed = new Set<unknown>(COMPANY_OR_PARENT.has(model.name) ? withParents(env) : env.companies);
  const own = model.fields.get('company_id');
  const through = COMPANY_OF[model.name];
  if (through && !(own?.stored && !own.related)) {
    const table = env.db.table(through[1]);
    return (row) => {
      const owner = table.get(row[through[0]] as number);
      const company = owner?.company_id ?? row.company_id;
      return typeof company !== 'number' || allowed.has(company);
    };
  }
  if (!own) return null;
  return (row) => typeof row.company_id !== 'number' || allowed.has(row.company_id);
}

function companyRule(env: Env): Rule {
  const own = env.db.table('res.users').get(env.uid)?.company_ids;
  const ids = new Set(Array.isArray(own) ? own : []);
  return (row) => ids.has(row.id);
}

function sharesCompany(env: Env, row: Row): boolean {
  if (row.id === env.uid || !Array.isArray(row.company_ids)) return true;
  return row.company_ids.some((id: number) => env.companies.includes(id));
}

function withParents(env: Env): number[] {
  const table = env.db.table('res.company');
  const ids = new Set(env.companies);
  for (const id of ids) {
    const parent = table.get(id)?.parent_id;
    if (typeof parent === 'number') ids.add(parent);
  }
  return [...ids];
}

/** Refuses a portal user what only employees may see or change. */
export function checkModel(env: Env, model: Model, operation: 'read' | 'write' | 'create' | 'unlink'): void {
  if (env.superuser) return;
  const user = env.db.hasTable('res.users') ? env.db.table('res.users').get(env.uid) : undefined;
  if (user?.share !== true) return;
  if (operation === 'read' && PORTAL_MODELS.has(model.name)) return;
  throw modelForbidden(operation, model.name, model.description, env.uid, String(user.name ?? user.login ?? ''));
}

/** Refuses records that the rules hide. */
export function checkRecords(
  env: Env,
  model: Model,
  rows: readonly Row[],
  operation: 'read' | 'write' | 'create' | 'unlink',
): void {
  const rule = readRule(env, model);
  if (!rule) return;
  const hidden = rows.filter((row) => !rule(row));
  if (hidden.length > 0) {
    throw recordForbidden(
      operation,
      model.name,
      model.description,
      hidden.map((row) => row.id),
    );
  }
}
