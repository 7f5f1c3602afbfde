// What an Odoo database holds, by Odoo's own catalogue (ir_model, ir_model_fields) checked against the columns that
// PostgreSQL really has and that this role may read. Every identifier that gets into a statement comes from here.

import { UNREADABLE_TYPES } from './field-types.ts';

/** What Odoo hides from everybody who asks, and what keeps secrets; never read by SQL either, except to check a login. */
const SECRET_MODELS: ReadonlySet<string> = new Set([
  ...['res.users.apikeys', 'ir.config_parameter', 'ir.mail_server', 'fetchmail.server', 'payment.provider'],
  ...['iap.account', 'auth_totp.device', 'certificate.key', 'certificate.certificate'],
]);
const SECRET_FIELDS: ReadonlySet<string> = new Set([
  ...['res.users.password', 'res.users.new_password', 'res.users.totp_secret', 'res.users.oauth_access_token'],
  ...['res.users.signup_token', 'res.partner.signup_token'],
]);

/** Runs one statement; rows as arrays of text, as PostgreSQL writes it. */
export type RunSql = (text: string, values?: readonly unknown[]) => Promise<(string | null)[][]>;

/** Where a field's value is found. */
export type FieldSource =
  | { kind: 'column'; column: string; pgType: string; translated: boolean }
  /** Column of type jsonb, keyed by company (18 and later); what is not there comes from ir_default. */
  | { kind: 'companyColumn'; column: string; fieldId: number }
  /** Rows of ir_property (up to 17). */
  | { kind: 'property'; fieldId: number }
  | { kind: 'related'; path: readonly string[] }
  | { kind: 'one2many'; inverse: string; indexed: boolean }
  | { kind: 'many2many'; table: string; column1: string; column2: string }
  | { kind: 'computed' };

export interface CatalogueField {
  name: string;
  type: string;
  relation: string | null;
  relationField: string | null;
  stored: boolean;
  translated: boolean;
  companyDependent: boolean;
  source: FieldSource | null;
}

export interface CatalogueModel {
  name: string;
  table: string;
  /** Field → PostgreSQL type. */
  columns: ReadonlyMap<string, string>;
  fields: ReadonlyMap<string, CatalogueField>;
}

export interface Catalogue {
  major: number;
  model(name: string): CatalogueModel | null;
  /** Columns of any readable table, models or not. */
  table(name: string): ReadonlyMap<string, string> | null;
}

/** Whether a field of a model is had by an expression of ours (computed.ts). */
export type IsComputed = (model: string, field: string, catalogue: Catalogue) => boolean;

interface FieldRow {
  id: number;
  model: string;
  name: string;
  type: string;
  relation: string | null;
  relationField: string | null;
  relationTable: string | null;
  column1: string | null;
  column2: string | null;
  stored: boolean;
  related: string | null;
  translated: boolean;
  companyDependent: boolean;
}

export async function loadCatalogue(run: RunSql, major: number, isComputed: IsComputed): Promise<Catalogue> {
  const tables = await loadTables(run);
  const indexed = await loadIndexedColumns(run);
  const withProperties = tables.has('ir_property') ? await loadPropertyFields(run) : new Set<number>();
  const byModel = Map.groupBy(await loadFields(run, tables), (row) => row.model);
  const models = new Map<string, CatalogueModel | null>();

  const catalogue: Catalogue = {
    major,
    table: (name) => tables.get(name) ?? null,
    model(name) {
      let model = models.get(name);
      if (model === undefined) {
        model = buildModel(name);
        models.set(name, model);
      }
      return model;
    },
  };

  function buildModel(name: string): CatalogueModel | null {
    const table = name.replaceAll('.', '_');
    const columns = tables.get(table);
    const rows = byModel.get(name);
    if (columns === undefined || rows === undefined || !columns.has('id') || SECRET_MODELS.has(name)) return null;
    const fields = new Map<string, CatalogueField>();
    for (const row of rows) {
      if (UNREADABLE_TYPES.has(row.type) || SECRET_FIELDS.has(`${row.model}.${row.name}`)) continue;
      const source = sourceOf(row, columns);
      fields.set(row.name, {
        name: row.name,
        type: row.type,
        relation: row.relation,
        relationField: row.relationField,
        stored: row.stored,
        translated: row.translated,
        companyDependent: source?.kind === 'companyColumn' || source?.kind === 'property',
        source,
      });
    }
    return { name, table, columns, fields };
  }

  function sourceOf(row: FieldRow, columns: ReadonlyMap<string, string>): FieldSource | null {
    if (isComputed(row.model, row.name, catalogue)) return { kind: 'computed' };
    if (row.type === 'one2many') {
      if (row.related !== null && !row.stored) return { kind: 'related', path: row.related.split('.') };
      const table = (row.relation ?? '').replaceAll('.', '_');
      const inverse = row.stored ? row.relationField : null;
      const type = inverse === null ? undefined : tables.get(table)?.get(inverse);
      if (inverse === null || type !== 'int4') return null;
      const inverseField = byModel.get(row.relation ?? '')?.find((field) => field.name === inverse);
      // An inverse that is a bare number needs a model beside it, which the catalogue does not name.
      if (inverseField?.type !== 'many2one') return null;
      return { kind: 'one2many', inverse, indexed: indexed.has(`${table}.${inverse}`) };
    }
    if (row.type === 'many2many') {
      const { relationTable, column1, column2 } = row;
      const columns = relationTable === null ? undefined : tables.get(relationTable);
      if (row.stored && relationTable && column1 && column2 && columns?.has(column1) && columns.has(column2)) {
        return { kind: 'many2many', table: relationTable, column1, column2 };
      }
      return row.related === null ? null : { kind: 'related', path: row.related.split('.') };
    }
    const pgType = columns.get(row.name);
    if (pgType !== undefined) {
      if (pgType !== 'jsonb') return { kind: 'column', column: row.name, pgType, translated: false };
      if (row.companyDependent) return { kind: 'companyColumn', column: row.name, fieldId: row.id };
      return { kind: 'column', column: row.name, pgType, translated: true };
    }
    if (row.related !== null) return { kind: 'related', path: row.related.split('.') };
    if (isProperty(row)) return { kind: 'property', fieldId: row.id };
    return null;
  }

  /** Up to 17 the catalogue does not say which fields depend on the company: those with values, and those that Odoo's
   * own modules define so. */
  function isProperty(row: FieldRow): boolean {
    if (major > 17 || row.stored || !tables.has('ir_property')) return false;
    const known = [
      'product.product.standard_price',
      'product.template.responsible_id',
      'res.partner.barcode',
      'res.partner.credit_limit',
    ];
    // The pricelist of a partner is found by a search of its own.
    if (row.name === 'property_product_pricelist') return false;
    if (withProperties.has(row.id)) return true;
    return row.name.startsWith('property_') || known.includes(`${row.model}.${row.name}`);
  }

  return catalogue;
}

async function loadTables(run: RunSql): Promise<Map<string, Map<string, string>>> {
  const rows = await run(`
    SELECT c.relname, a.attname, t.typname
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND has_table_privilege(c.oid, 'SELECT')`);
  const tables = new Map<string, Map<string, string>>();
  for (const [table, column, type] of rows) {
    let columns = tables.get(table!);
    if (columns === undefined) {
      columns = new Map();
      tables.set(table!, columns);
    }
    columns.set(column!, type!);
  }
  return tables;
}

/** Columns that an index begins with, as `table.column`. */
async function loadIndexedColumns(run: RunSql): Promise<Set<string>> {
  const rows = await run(`
    SELECT DISTINCT c.relname || '.' || a.attname
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
    WHERE i.indisvalid`);
  return new Set(rows.map((row) => row[0]!));
}

async function loadPropertyFields(run: RunSql): Promise<Set<number>> {
  const rows = await run('SELECT DISTINCT fields_id FROM ir_property');
  return new Set(rows.map((row) => Number(row[0])));
}

async function loadFields(run: RunSql, tables: ReadonlyMap<string, ReadonlyMap<string, string>>): Promise<FieldRow[]> {
  const dependent = tables.get('ir_model_fields')?.has('company_dependent') ? 'company_dependent' : 'false';
  const rows = await run(`
    SELECT id, model, name, ttype, relation, relation_field, relation_table, column1, column2,
           coalesce(store, false), nullif(related, ''), coalesce(translate, false), coalesce(${dependent}, false)
    FROM ir_model_fields`);
  return rows.map((row) => ({
    id: Number(row[0]),
    model: row[1]!,
    name: row[2]!,
    type: row[3]!,
    relation: row[4] || null,
    relationField: row[5] || null,
    relationTable: row[6] || null,
    column1: row[7] || null,
    column2: row[8] || null,
    stored: row[9] === 't',
    related: row[10] ?? null,
    translated: row[11] === 't',
    companyDependent: row[12] === 't',
  }));
}
