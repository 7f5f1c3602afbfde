// OdooReader straight on Odoo's PostgreSQL: one consistent snapshot, read only, driven by Odoo's own catalogue, so that any
// model and field of the mapping sheet works. Visibility by company follows Odoo's global record rules; the user's access
// rights and the rules of his groups are NOT applied: SQL access is configured by the operator, who answers for it.
// Values that Odoo has computed but not yet written to its database cannot be seen here.

import { PlanbridgeError } from '../../errors.ts';
import { type Catalogue, type CatalogueModel, loadCatalogue } from './catalogue.ts';
import { type CompanyRules, companyRules, loadRules, type RuleTexts } from './company-rules.ts';
import { isComputed } from './computed.ts';
import { domainSql } from './domain-sql.ts';
import { fieldExpression, type SqlContext } from './expressions.ts';
import { aborted } from './faults.ts';
import { databaseError, openSnapshot, type Snapshot } from './pg-connection.ts';
import type { FieldInfo, OdooReader, OdooRow, OdooServer, OdooUser, ReadRequest, ReadScope } from './reader.ts';
import { scopeCompanies } from './scope.ts';
import { fromClause, newScope, newStatement } from './statement.ts';
import { type FromText, fromText } from './values.ts';
import { majorOf } from './version.ts';

/** Versions whose tables were checked. 19 keeps the same catalogue and is read alike, untested. */
const OLDEST = 16;
const NEWEST = 19;

export interface SqlOptions {
  /** `postgres://user:password@host:port/database` of Odoo's own database; a role that may only SELECT is enough. */
  url: string;
  /** Login of the Odoo user whose companies, zone and language count. He is not authenticated here: see verifyPassword. */
  login: string;
  /** Rows of a page when the request says nothing. Default 3000. */
  pageSize?: number;
}

interface Opened {
  snapshot: Snapshot;
  catalogue: Catalogue;
  rules: RuleTexts;
  server: OdooServer;
  user: OdooUser;
  pageSize: number;
}

/** @throws PlanbridgeError PB_ODOO_UNREACHABLE, PB_ODOO_DATABASE, PB_ODOO_VERSION, PB_AUTH_FAILED (no such user) */
export async function openSql(options: SqlOptions): Promise<OdooReader> {
  const snapshot = await openSnapshot(options.url);
  try {
    const server = await readServer(snapshot);
    const catalogue = await loadCatalogue(snapshot.run, server.major, isComputed);
    const rules = await loadRules(snapshot.run, catalogue);
    const user = await readUser(snapshot, options.login);
    return makeReader({ snapshot, catalogue, rules, server, user, pageSize: options.pageSize ?? 3000 }, {});
  } catch (error) {
    await snapshot.close();
    throw error;
  }
}

async function readServer(snapshot: Snapshot): Promise<OdooServer> {
  const rows = await snapshot
    .run("SELECT current_database(), latest_version FROM ir_module_module WHERE name = 'base'")
    .catch((error: unknown) => {
      throw noOdoo(error);
    });
  const [database, version] = rows[0] ?? [];
  if (!database || !version) throw noOdoo(undefined);
  const major = majorOf(version);
  if (major < OLDEST || major > NEWEST) {
    const text = `Odoo ${version} cannot be read by SQL; versions ${OLDEST} to ${NEWEST} can.`;
    throw new PlanbridgeError('PB_ODOO_VERSION', 502, text, {
      remedy: 'Use the external API: configure the address of Odoo instead of its database.',
    });
  }
  // `17.0.1.3` is base's own version; its beginning is Odoo's.
  return { version: version.split('.').slice(0, 2).join('.'), major, database };
}

function noOdoo(cause: unknown): Error {
  const known = cause === undefined ? undefined : databaseError(cause);
  if (known instanceof PlanbridgeError && known.code !== 'PB_ODOO_FAULT') return known;
  return new PlanbridgeError('PB_ODOO_DATABASE', 404, 'This database is not one of Odoo.', {
    remedy: 'Check the name of the database in the database URL.',
    cause,
  });
}

async function readUser(snapshot: Snapshot, login: string): Promise<OdooUser> {
  const rows = await snapshot.run(
    `SELECT u.id, u.login, p.tz, p.lang, u.company_id,
            ARRAY(SELECT r.cid FROM res_company_users_rel r WHERE r.user_id = u.id ORDER BY 1)
     FROM res_users u LEFT JOIN res_partner p ON p.id = u.partner_id WHERE u.login = $1 AND u.active`,
    [login],
  );
  const row = rows[0];
  if (row === undefined) {
    throw new PlanbridgeError('PB_AUTH_FAILED', 401, `Odoo has no active user with this login.`, {
      remedy: 'Check the login of the connection.',
    });
  }
  const ids = fromText('many2many', 'ids')(row[5] ?? null) as number[];
  return {
    id: Number(row[0]),
    login: row[1]!,
    tz: row[2] || null,
    lang: row[3] || null,
    companyId: Number(row[4]),
    companyIds: ids,
  };
}

function makeReader(opened: Opened, scope: ReadScope): OdooReader {
  const { snapshot, catalogue, user } = opened;
  const companies = scopeCompanies(user, scope);
  const rules = companyRules(opened.rules, companies, user.id);
  const context: SqlContext = {
    catalogue,
    lang: scope.lang ?? 'en_US',
    companies,
    visible: (model, tableScope) => rules.visible(context, model, tableScope),
    condition: (model, domain, tableScope) => domainSql(context, model, domain, tableScope),
  };
  const cache = new Map<string, ReadonlyMap<string, FieldInfo>>();

  function fieldsOf(model: CatalogueModel): ReadonlyMap<string, FieldInfo> {
    let fields = cache.get(model.name);
    if (fields === undefined) {
      fields = readableFields(context, rules, model);
      cache.set(model.name, fields);
    }
    return fields;
  }

  async function* pages(request: ReadRequest): AsyncGenerator<OdooRow[]> {
    const model = catalogue.model(request.model);
    if (model === null) {
      throw new PlanbridgeError('PB_ODOO_ACCESS', 403, `Model ${request.model} is not installed or may not be read.`, {
        remedy: 'Install its module in Odoo, or give the user of the database URL the right to SELECT from its table.',
      });
    }
    const rule = rules.unreadable(context, model.name);
    if (rule !== null) {
      throw new PlanbridgeError(
        'PB_ODOO_ACCESS',
        403,
        `A record rule of ${model.name} cannot be followed by SQL: ${rule}`,
        {
          remedy: 'Use the external API, or make the rule simpler.',
        },
      );
    }
    const known = fieldsOf(model);
    const names = [...new Set(request.fields)].filter((name) => name !== 'id' && known.has(name));
    const query = select(context, model, names, request.domain ?? []);
    const size = request.pageSize ?? opened.pageSize;
    throwIfAborted(request.signal);
    const cursor = await snapshot.cursor(query.text, query.values);
    const fetch = (): Promise<(string | null)[][]> => {
      const rows = cursor.fetch(size);
      // Whoever stops early does not wait for the page asked for ahead.
      rows.catch(() => {});
      return rows;
    };
    try {
      let next: Promise<(string | null)[][]> | undefined = fetch();
      while (next !== undefined) {
        const rows: (string | null)[][] = await next;
        throwIfAborted(request.signal);
        next = rows.length === size ? fetch() : undefined;
        if (rows.length > 0) yield toRows(rows, names, query.converters);
      }
    } finally {
      await cursor.close();
    }
  }

  return {
    kind: 'sql',
    server: opened.server,
    user,
    scoped: (other) => makeReader(opened, { ...scope, ...other }),
    async fields(name) {
      const model = catalogue.model(name);
      return model === null || rules.unreadable(context, name) !== null ? null : fieldsOf(model);
    },
    pages,
    get calls() {
      return snapshot.statements;
    },
    close: () => snapshot.close(),
  };
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted(signal.reason);
}

/** Fields of which an expression can be made, tried out on a statement that is never run. */
function readableFields(
  context: SqlContext,
  rules: CompanyRules,
  model: CatalogueModel,
): ReadonlyMap<string, FieldInfo> {
  const fields = new Map<string, FieldInfo>();
  for (const field of model.fields.values()) {
    const list = field.type === 'one2many' || field.type === 'many2many';
    if (list && field.relation !== null && rules.unreadable(context, field.relation) !== null) continue;
    if (fieldExpression(context, model, field.name, newScope(newStatement())) === null) continue;
    const info: FieldInfo = { type: field.type, stored: field.stored };
    if (field.relation !== null) info.relation = field.relation;
    if (field.relationField !== null) info.relationField = field.relationField;
    if (field.translated) info.translated = true;
    if (field.companyDependent) info.companyDependent = true;
    fields.set(field.name, info);
  }
  return fields;
}

interface Select {
  text: string;
  values: readonly unknown[];
  converters: readonly FromText[];
}

function select(
  context: SqlContext,
  model: CatalogueModel,
  names: readonly string[],
  domain: NonNullable<ReadRequest['domain']>,
): Select {
  const statement = newStatement();
  const scope = newScope(statement);
  const columns = names.map((name) => fieldExpression(context, model, name, scope)!);
  const conditions = [domainSql(context, model, domain, scope)];
  const visible = context.visible(model, scope);
  if (visible !== null) conditions.push(visible);
  const list = [`${scope.alias}.id`, ...columns.map((column) => column.sql)].join(', ');
  const where = conditions.filter((condition) => condition !== 'TRUE');
  const text = `SELECT ${list} FROM ${fromClause(model.table, scope)}\
${where.length > 0 ? ` WHERE ${where.join(' AND ')}` : ''} ORDER BY ${scope.alias}.id`;
  return {
    text,
    values: statement.values,
    converters: columns.map((column) => fromText(column.field.type, column.pgType)),
  };
}

function toRows(rows: (string | null)[][], names: readonly string[], converters: readonly FromText[]): OdooRow[] {
  const count = names.length;
  return rows.map((source) => {
    const row: OdooRow = { id: Number(source[0]) };
    for (let i = 0; i < count; i++) row[names[i]!] = converters[i]!(source[i + 1]!);
    return row;
  });
}
