// A grid: rows of one question to our database, with columns that can be filtered and sorted there, so that a screen of a
// million rows is as quick as one of ten. Screens say what their grids are (see `GridDefinition`); the rest is common.
import { z } from 'zod';
import type { EntityKind } from '../../planner/store/parts.ts';
import type { SqlValue } from '../../store/database.ts';

export const COLUMN_TYPES = [
  'text',
  'number',
  'quantity',
  'money',
  'date',
  'datetime',
  'duration',
  'boolean',
  'choice',
  'list',
] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export interface GridColumn {
  name: string;
  /** In English; the app translates it. */
  title: string;
  type: ColumnType;
  /** SQL of its value; the name where the inner query has a column of it. Never built from what a user sends. */
  sql?: string;
  /** Of `choice`. */
  choices?: readonly string[];
  /** Shown only when chosen. */
  hidden?: boolean;
  /** Pixels, where its type's are too many or too few. */
  width?: number;
  /** Takes the room that is left, so that long texts can be read. */
  grow?: true;
  /** Columns with the model of Odoo and the id of the record that the value stands for. */
  odoo?: { model: string; id: string };
  /** Kind of planning entity that the value names, so that it links to Odoo's record; by another column where kinds differ. */
  record?: EntityKind | readonly EntityKind[] | { by: string; kinds: Readonly<Record<string, readonly EntityKind[]>> };
  /** SQL of what a text is made of, a JSON list of `{ text, sentence }`: the app says it in the reader's language. */
  said?: string;
  /** Screen that shows the value in detail: `/demand/{value}/`. */
  screen?: string;
}

export interface GridDefinition {
  name: string;
  title: string;
  columns: readonly GridColumn[];
  /** Unique in the grid; ends every order of rows. */
  key: string;
  /** Column with `-` in front for descending. */
  sort: string;
  /** The rows: a query without order, with its values. */
  rows(
    scope: GridScope,
  ): { sql: string; values: readonly SqlValue[] } | Promise<{ sql: string; values: readonly SqlValue[] }>;
}

export interface GridScope {
  /** Address and database of Odoo, as tables keep it. */
  odoo: string;
  /** Exact name; empty = the user's own. */
  company: string;
}

export const OPERATORS = ['contains', 'is', 'is not', 'in', '<', '<=', '>', '>=', 'empty', 'not empty'] as const;
export type Operator = (typeof OPERATORS)[number];

export const Filter = z.object({
  column: z.string(),
  operator: z.enum(OPERATORS),
  value: z
    .union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()])).max(1_000)])
    .optional(),
});
export type Filter = z.infer<typeof Filter>;

export const GridQuery = z.object({
  company: z.string().default(''),
  /** JSON of a list of filters: all of them hold. */
  filter: z.string().max(20_000).default('[]'),
  /** Words that some text column holds. */
  search: z.string().max(200).default(''),
  sort: z.string().max(200).default(''),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
export type GridQuery = z.infer<typeof GridQuery>;
