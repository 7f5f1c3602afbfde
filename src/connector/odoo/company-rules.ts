// Which records the companies of a scope let through: Odoo's global record rules. They are read from the database
// (ir_rule), so a customer's own rules hold too; where the table is missing, the rules of Odoo's own modules are used.
// Rules of groups are not applied: SQL access is the operator's, not the user's.

import { PlanbridgeError } from '../../errors.ts';
import type { Catalogue, CatalogueModel, RunSql } from './catalogue.ts';
import { domainSql } from './domain-sql.ts';
import type { SqlContext } from './expressions.ts';
import { joinPath } from './expressions.ts';
import { DELEGATES } from './list-fields.ts';
import { type Names, NotLiteral, parsePythonDomain } from './python-domain.ts';
import type { Domain } from './reader.ts';
import { newScope, newStatement, type Scope } from './statement.ts';

/** Rules by model, as Odoo keeps them. */
export type RuleTexts = ReadonlyMap<string, readonly string[]>;

const OWN = "[('company_id', 'in', company_ids)]";
const SHARED = "[('company_id', 'in', company_ids + [False])]";
const ANCESTORS = "['|', ('company_id', '=', False), ('company_id', 'parent_of', company_ids)]";

const OWN_MODELS = [
  ...['mrp.production', 'mrp.unbuild', 'mrp.workcenter.productivity', 'mrp.workorder'],
  ...['purchase.order', 'purchase.order.line', 'sale.order', 'sale.order.line'],
  ...['stock.move', 'stock.picking', 'stock.picking.type', 'stock.putaway.rule', 'stock.scrap'],
  ...['stock.valuation.layer', 'stock.warehouse', 'stock.warehouse.orderpoint'],
];
const SHARED_MODELS = [
  ...['mrp.bom', 'mrp.bom.byproduct', 'mrp.bom.line', 'mrp.routing.workcenter', 'mrp.workcenter'],
  ...['resource.calendar.leaves', 'resource.resource', 'res.partner.bank', 'sale.order.template'],
  ...['stock.location', 'stock.move.line', 'stock.quant', 'stock.quant.package', 'stock.route', 'stock.rule'],
  'stock.storage.category',
];
const ANCESTOR_MODELS = [
  ...['product.combo', 'product.document', 'product.packaging', 'product.pricelist', 'product.pricelist.item'],
  ...['product.supplierinfo', 'product.template'],
];

/** The rules of Odoo's own modules, as their data files define them in 16, 17 and 18 (connector.md 6.4). */
export function builtInRules(major: number): RuleTexts {
  const rules = new Map<string, readonly string[]>();
  for (const model of OWN_MODELS) rules.set(model, [OWN]);
  for (const model of SHARED_MODELS) rules.set(model, [SHARED]);
  for (const model of ANCESTOR_MODELS) rules.set(model, [major >= 17 ? ANCESTORS : SHARED]);
  rules.set('stock.lot', [major >= 18 ? SHARED : OWN]);
  rules.set('res.partner', [
    major >= 17
      ? "['|', '|', ('partner_share', '=', False), ('company_id', 'parent_of', company_ids), ('company_id', '=', False)]"
      : "['|', ('partner_share', '=', False), ('company_id', 'in', company_ids + [False])]",
  ]);
  rules.set('res.users', ["['|', ('share', '=', False), ('company_ids', 'in', company_ids)]"]);
  return rules;
}

export async function loadRules(run: RunSql, catalogue: Catalogue): Promise<RuleTexts> {
  const columns = catalogue.table('ir_rule');
  if (!columns?.has('global') || !columns.has('domain_force')) return builtInRules(catalogue.major);
  const rows = await run(`
    SELECT m.model, r.domain_force FROM ir_rule r JOIN ir_model m ON m.id = r.model_id
    WHERE r.active AND r.perm_read AND r.global AND coalesce(r.domain_force, '') <> '' ORDER BY r.id`);
  const rules = new Map<string, string[]>();
  for (const [model, text] of rows) rules.set(model!, [...(rules.get(model!) ?? []), text!]);
  return rules;
}

export interface CompanyRules {
  /** Condition for a model's records, or null where nothing is hidden. */
  visible(context: SqlContext, model: CatalogueModel, scope: Scope): string | null;
  /** A rule of this model that SQL cannot follow, or null. Such a model is not shown at all. */
  unreadable(context: SqlContext, model: string): string | null;
}

interface Parsed {
  domains: readonly Domain[];
  /** Text of the rule that cannot be followed. */
  refused: string | null;
}

export function companyRules(texts: RuleTexts, companies: readonly number[], userId: number): CompanyRules {
  const names: Names = {
    company_ids: [...companies],
    company_id: companies[0] ?? false,
    'user.id': userId,
    'user.company_id.id': companies[0] ?? false,
    'user.company_ids.ids': [...companies],
  };
  const parsed = new Map<string, Parsed>();

  /** Rules see every company: a rule must not be narrowed by the rules of the models that it looks at. */
  const bare = (context: SqlContext): SqlContext => ({ ...context, visible: () => null });

  function rulesOf(context: SqlContext, name: string): Parsed {
    let rules = parsed.get(name);
    if (rules === undefined) {
      rules = parse(context, name);
      parsed.set(name, rules);
    }
    return rules;
  }

  function parse(context: SqlContext, name: string): Parsed {
    const model = context.catalogue.model(name);
    const domains: Domain[] = [];
    for (const text of texts.get(name) ?? []) {
      try {
        const domain = parsePythonDomain(text, names);
        if (model !== null) domainSql(bare(context), model, domain, newScope(newStatement()));
        domains.push(domain);
      } catch (error) {
        if (error instanceof NotLiteral || error instanceof PlanbridgeError) return { domains: [], refused: text };
        throw error;
      }
    }
    return { domains, refused: null };
  }

  return {
    unreadable: (context, model) => rulesOf(context, model).refused,
    visible(context, model, scope) {
      const own = rulesOf(context, model.name);
      if (own.refused !== null) return 'FALSE';
      const conditions = own.domains.map((domain) => domainSql(bare(context), model, domain, scope));
      const delegate = DELEGATES[model.name];
      if (delegate !== undefined) {
        const end = joinPath(context, model, [delegate[0]], scope);
        const inherited = rulesOf(context, delegate[1]);
        if (end === null || inherited.refused !== null) return 'FALSE';
        for (const domain of inherited.domains) {
          conditions.push(domainSql(bare(context), end.model, domain, { ...scope, alias: end.alias }));
        }
      }
      return conditions.length === 0 ? null : conditions.join(' AND ');
    },
  };
}
