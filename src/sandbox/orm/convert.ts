// Values of a create or write into stored form, refused in Odoo's words when they do not fit the field.

import { missingRecord, validationError, valueError } from '../faults.ts';
import type { Field, Model, Value } from '../values.ts';
import type { Env } from './env.ts';

export function toStored(env: Env, model: Model, field: Field, value: unknown): Value {
  if (value === null || value === undefined) value = false;
  switch (field.type) {
    case 'boolean':
      return Boolean(value);
    case 'integer':
    case 'many2one_reference':
      return value === false ? 0 : Math.trunc(numberOf(value, 'int'));
    case 'float':
    case 'monetary':
      return value === false ? 0 : numberOf(value, 'float');
    case 'date':
      return value === false ? false : dateText(value);
    case 'datetime':
      return value === false ? false : datetimeText(value);
    case 'selection':
      return selected(model, field, value);
    case 'many2one':
      return reference(env, field, value);
    case 'char':
      return value === false || value === '' ? false : String(value).trim();
    default:
      return value === false || value === '' ? false : String(value);
  }
}

function numberOf(value: unknown, type: 'int' | 'float'): number {
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  if (!Number.isFinite(number)) {
    const what = type === 'int' ? 'invalid literal for int() with base 10' : 'could not convert string to float';
    throw valueError(`${what}: '${String(value)}'`);
  }
  return number;
}

function dateText(value: unknown): string {
  const text = String(value);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(Date.parse(text.slice(0, 10)))) {
    throw valueError(`time data '${text}' does not match format '%Y-%m-%d'`);
  }
  return text.slice(0, 10);
}

function datetimeText(value: unknown): string {
  const text = String(value);
  const full = text.length === 10 ? `${text} 00:00:00` : text;
  if (
    !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.test(full) ||
    Number.isNaN(Date.parse(`${full.slice(0, 19).replace(' ', 'T')}Z`))
  ) {
    throw valueError(`time data '${text}' does not match format '%Y-%m-%d %H:%M:%S'`);
  }
  return full.slice(0, 19);
}

function selected(model: Model, field: Field, value: unknown): Value {
  if (value === false || value === '') return false;
  const key = String(value);
  const known = field.selection;
  if (known && known.length > 0 && !known.some(([option]) => option === key)) {
    throw valueError(`Wrong value for ${model.name}.${field.name}: '${key}'`);
  }
  return key;
}

function reference(env: Env, field: Field, value: unknown): Value {
  if (value === false || value === 0) return false;
  if (typeof value !== 'number') throw valueError(`Wrong value for ${field.name}: ${JSON.stringify(value)}`);
  const relation = field.relation!;
  const known = env.db.hasTable(relation) ? env.db.table(relation) : null;
  if (known && known.size > 0 && !known.has(value) && !env.db.outsideNames.get(relation)?.has(value)) {
    throw missingRecord(relation, [value], env.uid);
  }
  return value;
}

/** Refuses an x2many value that is neither commands nor ids. */
export function notCommands(field: Field): Error {
  return validationError(`Wrong value for ${field.name}: a list of commands is expected.`);
}
