// An OdooReader over plain rows in memory: what the export reads is what a test has written down, nothing else.

import { parseDomain } from '../../src/connector/odoo/domain.ts';
import { rowNormaliser } from '../../src/connector/odoo/normalise.ts';
import type {
  Domain,
  FieldInfo,
  OdooReader,
  OdooRow,
  OdooUser,
  ReadRequest,
  ReadScope,
} from '../../src/connector/odoo/reader.ts';
import type { ModelFields } from './odoo-models.ts';

/** A record as a test writes it. A text may be given by language: `{ en_US: 'Table', fr_FR: 'Tisch' }`. */
export type Values = Record<string, unknown>;
export type Rows = Readonly<Record<string, readonly Values[]>>;

export interface RowsOptions {
  models: ModelFields;
  major?: number;
  user?: Partial<OdooUser>;
  pageSize?: number;
}

const USER: OdooUser = { id: 2, login: 'planner', tz: 'UTC', lang: 'en_US', companyId: 1, companyIds: [1] };

/** Models whose records a company shares with its branches. */
const SHARED = ['product.template', 'product.supplierinfo', 'res.partner'];

export function rowsReader(source: Rows, options: RowsOptions, scope: ReadScope = {}): OdooReader {
  const { models, major = 17, pageSize = 1000 } = options;
  const user: OdooUser = { ...USER, ...options.user };
  const tables = new Map<string, Map<number, OdooRow>>();

  const table = (model: string): Map<number, OdooRow> => {
    let rows = tables.get(model);
    if (!rows) {
      rows = new Map((source[model] ?? []).map((values) => [Number(values.id), shape(model, values)]));
      tables.set(model, rows);
    }
    return rows;
  };

  function shape(model: string, values: Values): OdooRow {
    const fields = models.get(model);
    if (!fields) throw new Error(`this Odoo has no model ${model}`);
    const raw: Record<string, unknown> = { ...(fields.has('active') ? { active: true } : {}), ...values };
    for (const [name, value] of Object.entries(raw)) {
      if (name !== 'id' && !fields.has(name)) throw new Error(`this Odoo has no field ${name} in ${model}`);
      const translations = value as Record<string, string> | null;
      if (typeof value === 'object' && translations !== null && !Array.isArray(value)) {
        raw[name] = translations[scope.lang ?? 'en_US'] ?? translations.en_US;
      }
    }
    for (const [name, info] of fields) {
      if (info.type === 'one2many' && raw[name] === undefined) raw[name] = pointingTo(info, Number(values.id));
    }
    if (model === 'stock.move' && raw.move_dest_ids === undefined) raw.move_dest_ids = takers(Number(values.id));
    return rowNormaliser([...fields.keys()], fields)([raw])[0]!;
  }

  const pointingTo = (info: FieldInfo, id: number): number[] =>
    (source[info.relation!] ?? []).filter((row) => row[info.relationField!] === id).map((row) => Number(row.id));

  /** Moves that name this one as their origin: Odoo keeps the two sides together. */
  const takers = (id: number): number[] =>
    (source['stock.move'] ?? [])
      .filter((row) => ((row.move_orig_ids as number[] | undefined) ?? []).includes(id))
      .map((row) => Number(row.id));

  function visible(model: string, row: OdooRow): boolean {
    const company = row.company_id;
    if (!scope.companies || typeof company !== 'number' || model === 'res.company') return true;
    if (scope.companies.includes(company)) return true;
    const parents = scope.companies.map((id) => table('res.company').get(id)?.parent_id);
    return SHARED.includes(model) && parents.includes(company);
  }

  /** What stands at the end of a path: each record's value, ids for a relation. */
  function valuesOf(model: string, row: OdooRow, path: string): unknown[] {
    const [name, ...rest] = path.split('.');
    const info = models.get(model)?.get(name!);
    if (!info && name !== 'id') throw new Error(`this Odoo has no field ${name} in ${model}`);
    const own = row[name!];
    const values = Array.isArray(own) ? own : [own];
    if (rest.length === 0) return values;
    return values.flatMap((id) => {
      const next = table(info!.relation!).get(Number(id));
      return next ? valuesOf(info!.relation!, next, rest.join('.')) : [];
    });
  }

  function matches(model: string, domain: Domain): (row: OdooRow) => boolean {
    if (domain.length === 0) return () => true;
    const compile = (node: ReturnType<typeof parseDomain>): ((row: OdooRow) => boolean) => {
      if (node.kind === 'leaf') {
        const [path, operator, wanted] = node.leaf;
        const test = comparison(operator, wanted);
        return (row) => test(valuesOf(model, row, path));
      }
      if (node.kind === 'not') {
        const test = compile(node.node);
        return (row) => !test(row);
      }
      const tests = node.nodes.map(compile);
      return (row) => (node.kind === 'and' ? tests.every((test) => test(row)) : tests.some((test) => test(row)));
    };
    return compile(parseDomain(domain));
  }

  let calls = 0;
  return {
    kind: 'sql',
    server: { version: `${major}.0`, major, database: 'test' },
    user,
    scoped: (next) => rowsReader(source, options, { ...scope, ...next }),
    fields: async (model) => models.get(model) ?? null,
    async *pages({ model, fields, domain, pageSize: size = pageSize }: ReadRequest) {
      calls++;
      const known = models.get(model);
      if (!known) throw new Error(`this Odoo has no model ${model}`);
      const names = ['id', ...fields.filter((name) => known.has(name))];
      const found = [...table(model).values()]
        .filter((row) => visible(model, row))
        .filter(matches(model, domain ?? []))
        .toSorted((a, b) => a.id - b.id);
      for (let at = 0; at < found.length; at += size) {
        yield found
          .slice(at, at + size)
          .map((row) => Object.fromEntries(names.map((name) => [name, row[name]])) as OdooRow);
      }
    },
    get calls() {
      return calls;
    },
    close: async () => {},
  };
}

const isEmpty = (value: unknown) => value === null || value === undefined || value === false;

function comparison(operator: string, wanted: unknown): (values: readonly unknown[]) => boolean {
  const equal = (value: unknown) => (isEmpty(wanted) ? isEmpty(value) : value === wanted);
  const limit = wanted as string | number;
  const ordered = (test: (value: string | number) => boolean) => (values: readonly unknown[]) =>
    values.some((value) => (typeof value === 'string' || typeof value === 'number') && test(value));
  switch (operator) {
    case '=':
      return (values) => (values.length === 0 ? isEmpty(wanted) : values.some(equal));
    case '!=':
      return (values) => (values.length === 0 ? !isEmpty(wanted) : values.some((value) => !equal(value)));
    case 'in': {
      const listed = new Set(wanted as unknown[]);
      const withEmpty = [...listed].some(isEmpty);
      return (values) => values.some((value) => (isEmpty(value) ? withEmpty : listed.has(value)));
    }
    case '>':
      return ordered((value) => value > limit);
    case '>=':
      return ordered((value) => value >= limit);
    case '<':
      return ordered((value) => value < limit);
    case '<=':
      return ordered((value) => value <= limit);
    default:
      throw new Error(`the operator ${operator} is not supported here`);
  }
}
