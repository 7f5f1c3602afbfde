// Partners -> customers and suppliers, and the key of every partner (connector.md 2.7).
import type { Customer, Supplier } from '../planner/model.ts';
import type { MappingContext } from './context.ts';
import { flag, link, type OdooRow, text } from './records.ts';

export interface PartnerIndex {
  /** Key of the customer or supplier that a partner belongs to. Archived partners have one too, marked as such. */
  key(partner: number | undefined): string | undefined;
  /** Keys to declare, each once, with the partner they come from. */
  declared: ReadonlyMap<string, OdooRow>;
}

export function indexPartners(context: MappingContext): PartnerIndex {
  const table = context.table('res.partner');
  const separate = context.rules.options.individuals === 'separate';
  const keys = new Map<number, string | undefined>();

  function own(row: OdooRow): string {
    return `${text(row, 'name')}${row.active === false ? ' (archived)' : ''} ${row.id}`;
  }

  function key(id: number | undefined, depth = 0): string | undefined {
    if (id === undefined) return undefined;
    if (keys.has(id)) return keys.get(id);
    const row = table.get(id);
    let result: string | undefined;
    if (row) {
      const parent = link(row, 'parent_id');
      if (flag(row, 'is_company') || row.active === false) result = own(row);
      else if (parent === undefined) result = separate ? own(row) : 'Individuals';
      else if (depth < 20) result = key(parent, depth + 1) ?? own(row);
    }
    keys.set(id, result);
    return result;
  }

  const declared = new Map<string, OdooRow>();
  for (const row of context.rows('res.partner')) {
    const parent = link(row, 'parent_id');
    const orphan = parent !== undefined && table.get(parent)?.active === false;
    if (row.active === false || orphan || !context.shared(link(row, 'company_id'))) continue;
    const name = key(row.id);
    if (name !== undefined && !declared.has(name)) declared.set(name, row);
  }
  return { key: (id) => key(id), declared };
}

export function* mapCustomers(context: MappingContext): Generator<Customer> {
  for (const [name, row] of declaredFor(context, 'customer')) yield context.finish('customer', row, { name });
}

export function* mapSuppliers(context: MappingContext): Generator<Supplier> {
  for (const [name, row] of declaredFor(context, 'supplier')) yield context.finish('supplier', row, { name });
}

/** The declared partners that the sheet's filter lets through. */
function* declaredFor(context: MappingContext, entity: 'customer' | 'supplier'): Generator<[string, OdooRow]> {
  const matching = context.records.get(`filter:${entity}`);
  const ids = matching && new Set(matching.map((row) => row.id));
  for (const entry of context.partners.declared) if (!ids || ids.has(entry[1].id)) yield entry;
}
