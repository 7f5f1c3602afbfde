// Lists of the stored model for screens: filtered, sorted and cut into pages by the database, edits included.
import { PlanbridgeError } from '../../errors.ts';
import type { Query, SqlValue } from '../../store/database.ts';
import { COLUMN_NAMES } from './columns.ts';
import type { EntityKind } from './parts.ts';
import { findModel, type ModelScope } from './scope.ts';

/** `contains` and `starts` look at text without regard to case; the others compare as numbers where the value is one. */
export type FilterOperator =
  | 'is'
  | 'is not'
  | 'in'
  | 'contains'
  | 'starts'
  | 'from'
  | 'to'
  | 'before'
  | 'empty'
  | 'given';

export interface ListFilter {
  /** A column (`key`, `item`, `location`, `party`, `status`, `type`, `date`, `quantity`) or an attribute of the value. */
  field: string;
  operator: FilterOperator;
  /** Not of `empty` and `given`; a list for `in`. */
  value?: string | number | boolean | readonly string[];
}

export interface ListRequest {
  kind: EntityKind;
  filters?: readonly ListFilter[];
  /** Looked for in key, item, party and description. */
  search?: string;
  sort?: readonly { field: string; descending?: boolean }[];
  offset?: number;
  /** Default 50, at most 1000. */
  limit?: number;
}

export interface ListedEntity {
  key: string;
  /** Where the record is from; `own` = made by planners, or kept by their edits. */
  source: 'odoo_1' | 'odoo_2' | 'own';
  value: Record<string, unknown>;
  /** Attributes that planners changed, by whom and when. */
  edited: Record<string, { who: string; at: string }>;
}

export interface ListedEntities {
  total: number;
  rows: ListedEntity[];
}

const COLUMNS: ReadonlySet<string> = new Set([...COLUMN_NAMES, 'key']);
const NUMBERS: ReadonlySet<string> = new Set(['date', 'quantity']);
const ATTRIBUTE = /^[A-Za-z][A-Za-z0-9]{0,59}$/;

/** Attributes that a column stands for, by kind: an edit of one counts in the column. */
const EDITED_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  type: ['type', 'ordertype'],
  item: ['item'],
  location: ['location', 'destination'],
  party: ['customer', 'supplier', 'origin', 'owner'],
  status: ['status'],
  date: ['due', 'end'],
  quantity: ['quantity', 'onhand', 'maximum', 'sizeMinimum'],
};

/** @throws PlanbridgeError PB_REQUEST_ARGUMENT, naming the field */
export async function listEntities(
  store: { query: Query },
  scope: ModelScope,
  request: ListRequest,
): Promise<ListedEntities> {
  const model = await findModel(store, scope);
  if (model === null) return { total: 0, rows: [] };
  const values: SqlValue[] = [model, request.kind];
  const bind = (value: SqlValue) => `$${values.push(value)}`;
  const where = conditions(request, bind);
  const order = [
    ...(request.sort ?? []).map(({ field, descending }) => sortTerm(field, descending === true)),
    'key',
    'record',
    'seq',
  ];
  const limit = Math.min(1_000, Math.max(1, Math.floor(request.limit ?? 50)));
  const offset = Math.max(0, Math.floor(request.offset ?? 0));
  const listed = `select * from (${listedRecords(await besideOf(store.query, model, request.kind))}) r ${where}`;
  const [count] = await store.query<{ total: number }>(`select count(*)::integer as total from (${listed}) l`, values);
  const rows = await store.query<ListedEntity>(
    `select key, source, value, coalesce((select jsonb_object_agg(e.field, jsonb_build_object('who', e.who, 'at', e.at))
       from planbridge.edit e where e.model = $1 and e.kind = $2 and e.key = l.key), '{}') as edited
     from (${listed} order by ${order.join(', ')} limit ${limit} offset ${offset}) l`,
    values,
  );
  return { total: count!.total, rows };
}

/** One record with all of it. */
export async function findEntity(
  store: { query: Query },
  scope: ModelScope,
  kind: EntityKind,
  key: string,
): Promise<ListedEntity | null> {
  const { rows } = await listEntities(store, scope, {
    kind,
    filters: [{ field: 'key', operator: 'is', value: key }],
    limit: 1,
  });
  return rows[0] ?? null;
}

/** What of a kind there is beside the first source's rows; without it the statement stays small and quick. */
interface Beside {
  second: boolean;
  edits: boolean;
  own: boolean;
}

async function besideOf(query: Query, model: number, kind: EntityKind): Promise<Beside> {
  const [beside] = await query<Beside>(
    `select exists (select 1 from planbridge.entity where model = $1 and kind = $2 and source = 2) as second,
       exists (select 1 from planbridge.edit where model = $1 and kind = $2) as edits,
       exists (select 1 from planbridge.own_entity where model = $1 and kind = $2) as own`,
    [model, kind],
  );
  return beside!;
}

const STATE = (source: number, column: string) =>
  `(select ${column} from planbridge.model_source where model = $1 and source = ${source})`;
const COUNTING = (alias: string, source: number) =>
  `${alias}.model = $1 and ${alias}.kind = $2 and ${alias}.source = ${source} and ${alias}.since <= ${STATE(source, 'version')}
   and (${alias}.until is null or ${alias}.until > ${STATE(source, 'version')})`;

/**
 * Records that count: the first source's; of the second those of parts that the first does not bring; and the planners' own. A
 * record in both has the second's attributes under the first's.
 */
function listedRecords(beside: Beside): string {
  const columns = COLUMN_NAMES.map((name) => `e.${name}`).join(', ');
  const other = (source: number) =>
    `select 1 from planbridge.entity o where ${COUNTING('o', source)} and o.key = e.key`;
  const both = beside.second
    ? `coalesce((${other(2).replace('select 1', 'select o.value')} limit 1), '{}') || e.value`
    : 'e.value';
  const base = [
    `select 'odoo_1' as source, e.record, e.seq, e.key, ${columns}, ${both} as value
     from planbridge.entity e where ${COUNTING('e', 1)}`,
  ];
  if (beside.second) {
    base.push(`select 'odoo_2', e.record, e.seq, e.key, ${columns}, e.value from planbridge.entity e
      where ${COUNTING('e', 2)} and not exists (${other(1)})
        and not coalesce(${STATE(1, 'parts')}, '[]') @> to_jsonb(e.part)`);
  }
  if (beside.own) {
    base.push(`select 'own', 0, 0, e.key, ${COLUMN_NAMES.map(ownColumn).join(', ')}, e.value from planbridge.own_entity e
      where e.model = $1 and e.kind = $2 and not exists (${other(1)}) and not exists (${other(2)})`);
  }
  if (!beside.edits) return base.join(' union all ');
  const changes = `select key, jsonb_object_agg(field, value) as changes from planbridge.edit
    where model = $1 and kind = $2 group by key`;
  return `select e.source, e.record, e.seq, e.key, ${COLUMN_NAMES.map(editedColumn).join(', ')},
      case when x.changes is null then e.value else jsonb_strip_nulls(e.value || x.changes) end as value
    from (${base.join(' union all ')}) e left join (${changes}) x on x.key = e.key`;
}

function typed(column: string, text: string): string {
  if (column === 'date') return `(${text})::float8::bigint`;
  return column === 'quantity' ? `(${text})::float8` : text;
}

function ownColumn(column: string): string {
  const fields = EDITED_COLUMNS[column]!.map((field) => `e.value->>'${field}'`);
  // An item is listed by its own name.
  if (column === 'item') fields.push(`case when e.kind = 'item' then e.key end`);
  return typed(column, `coalesce(${fields.join(', ')}, null)`);
}

function editedColumn(column: string): string {
  const fields = EDITED_COLUMNS[column]!.map((field) => `x.changes->>'${field}'`).join(', ');
  return `coalesce(${typed(column, `coalesce(${fields}, null)`)}, e.${column}) as ${column}`;
}

function conditions(request: ListRequest, bind: (value: SqlValue) => string): string {
  const all = (request.filters ?? []).map((filter) => condition(filter, bind));
  const search = request.search?.trim();
  if (search) {
    const like = bind(`%${escapeLike(search)}%`);
    all.push(`(key ilike ${like} or item ilike ${like} or party ilike ${like} or value->>'description' ilike ${like})`);
  }
  return all.length > 0 ? `where ${all.join(' and ')}` : '';
}

function condition({ field, operator, value }: ListFilter, bind: (value: SqlValue) => string): string {
  const text = textOf(field);
  const numeric = typeof value === 'number';
  if (numeric && !Number.isFinite(value)) throw refused(`${field}: ${value} is no number.`);
  const compared = numeric ? numberOf(field) : text;
  const bound = () => {
    if (value === undefined || Array.isArray(value)) throw refused(`${field}: "${operator}" takes one value.`);
    return numeric ? `${bind(value)}::float8` : `${bind(String(value))}::text`;
  };
  switch (operator) {
    case 'is':
      return `${compared} = ${bound()}`;
    case 'is not':
      return `${compared} is distinct from ${bound()}`;
    case 'in':
      if (!Array.isArray(value)) throw refused(`${field}: "in" takes a list.`);
      return `${text} = any(${bind(value.map(String))}::text[])`;
    case 'contains':
      return `${text} ilike ${bind(`%${escapeLike(String(value ?? ''))}%`)}`;
    case 'starts':
      return `${text} ilike ${bind(`${escapeLike(String(value ?? ''))}%`)}`;
    case 'from':
      return `${compared} >= ${bound()}`;
    case 'to':
      return `${compared} <= ${bound()}`;
    case 'before':
      return `${compared} < ${bound()}`;
    case 'empty':
      return `coalesce(${text}, '') = ''`;
    case 'given':
      return `coalesce(${text}, '') <> ''`;
    default:
      throw refused(`"${String(operator)}" is no way to compare.`);
  }
}

function textOf(field: string): string {
  if (NUMBERS.has(field)) return `${field}::text`;
  return COLUMNS.has(field) ? field : attribute(field);
}

function numberOf(field: string): string {
  if (NUMBERS.has(field)) return field;
  if (COLUMNS.has(field)) throw refused(`${field} is no number.`);
  return `case when jsonb_typeof(value->'${checked(field)}') = 'number' then (value->>'${field}')::float8 end`;
}

function attribute(field: string): string {
  return `(value->>'${checked(field)}')`;
}

function sortTerm(field: string, descending: boolean): string {
  // Numbers by size, the rest by letters.
  const direction = descending ? 'desc nulls last' : 'asc nulls last';
  if (COLUMNS.has(field)) return `${field} ${direction}`;
  return `${numberOf(field)} ${direction}, ${attribute(field)} ${direction}`;
}

/** Goes into the statement's text: letters and digits only. */
function checked(field: string): string {
  if (ATTRIBUTE.test(field)) return field;
  throw refused(`There is no attribute "${field.slice(0, 80)}".`);
}

function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
}

function refused(message: string): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, message, {
    remedy: `Columns: ${[...COLUMNS].join(', ')}; or an attribute of the record.`,
  });
}
