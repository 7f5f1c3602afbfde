// Rows of Odoo's external API as reader.ts promises them. One converter per field, chosen once per request.

import { NUMBER_TYPES, X2MANY_TYPES } from './field-types.ts';
import type { FieldInfo, OdooRow, OdooValue } from './reader.ts';

type Convert = (value: unknown) => OdooValue;

/** Empty is `false` in Odoo's answers, whatever the type. */
function scalar(value: unknown): OdooValue {
  return value === false || value === undefined ? null : (value as OdooValue);
}

function idOf(value: unknown): OdooValue {
  if (typeof value === 'number') return value;
  if (Array.isArray(value) && typeof value[0] === 'number') return value[0];
  return null;
}

function ids(value: unknown): OdooValue {
  if (!Array.isArray(value)) return [];
  const list = value as number[];
  for (let i = 1; i < list.length; i++) if (list[i - 1]! > list[i]!) return list.toSorted((a, b) => a - b);
  return list;
}

export function converterFor(info: FieldInfo): Convert {
  if (info.type === 'boolean') return (value) => value === true;
  if (NUMBER_TYPES.has(info.type)) return (value) => (typeof value === 'number' ? value : 0);
  if (info.type === 'many2one') return idOf;
  if (X2MANY_TYPES.has(info.type)) return ids;
  return scalar;
}

/** A function that turns one answer's rows into ours; `names` are the fields asked for. */
export function rowNormaliser(
  names: readonly string[],
  fields: ReadonlyMap<string, FieldInfo>,
): (rows: readonly Record<string, unknown>[]) => OdooRow[] {
  const columns = names.filter((name) => name !== 'id').map((name) => [name, converterFor(fields.get(name)!)] as const);
  return (rows) =>
    rows.map((source) => {
      const row: OdooRow = { id: source.id as number };
      for (const [name, convert] of columns) row[name] = convert(source[name]);
      return row;
    });
}
