// PostgreSQL's text of a value as a value of ours, as Odoo would hand it out. One converter per column, chosen once.

import { NUMBER_TYPES } from './field-types.ts';
import type { OdooValue } from './reader.ts';

export type FromText = (text: string | null) => OdooValue;

const toBoolean: FromText = (text) => text === 't';
const toNumber: FromText = (text) => (text === null ? 0 : +text);
const toId: FromText = (text) => (text === null ? null : +text);
const toText: FromText = (text) => text;
/** `2026-11-21 08:30:00.123456` → without fraction, as Odoo's API cuts it. */
const toInstant: FromText = (text) => (text === null || text.length === 19 ? text : text.slice(0, 19));
const toIds: FromText = (text) => {
  if (text === null || text === '{}') return [];
  return text.slice(1, -1).split(',').map(Number);
};

export function fromText(fieldType: string, pgType: string): FromText {
  if (pgType === 'ids') return toIds;
  if (fieldType === 'boolean') return toBoolean;
  if (NUMBER_TYPES.has(fieldType)) return toNumber;
  if (fieldType === 'many2one') return toId;
  if (fieldType === 'datetime') return toInstant;
  return toText;
}
