// Values of a grid as people read them, by the type of their column.
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Said } from './language.ts';
import { OdooArrow, type OdooRecord } from './odoo.tsx';
import { dateText, durationText, locale, momentText, moneyText, numberText, said, t } from './words.ts';

export type Row = Readonly<Record<string, unknown>>;
export type Cell = (value: unknown, row: Row) => ReactNode;

export interface Column {
  name: string;
  title: string;
  type: 'text' | 'number' | 'quantity' | 'money' | 'date' | 'datetime' | 'duration' | 'boolean' | 'choice' | 'list';
  choices?: readonly string[];
  hidden?: boolean;
  width?: number;
  /** Takes the room that is left. */
  grow?: boolean;
  odoo?: { model: string; id: string };
  screen?: string;
}

export interface Filter {
  column: string;
  operator: string;
  value?: string | number | boolean | (string | number)[];
}

const WIDTHS: Partial<Record<Column['type'], number>> = {
  text: 200,
  list: 200,
  choice: 110,
  date: 110,
  datetime: 150,
  boolean: 80,
};

/** Of a letter of a heading, on average, and what stands beside it. */
const HEAD_LETTER_PX = 7.4;
const HEAD_PX = 36;

/** Headings are read whole in each language. */
export function columnWidth({ type, width, title }: Column): number {
  return Math.max(width ?? WIDTHS[type] ?? 100, Math.ceil(t(title).length * HEAD_LETTER_PX) + HEAD_PX);
}

const NUMBERS: readonly Column['type'][] = ['number', 'quantity', 'money', 'duration'];

/** Whether values stand at the right, so that their digits line up. */
export const isNumber = ({ type }: Column) => NUMBERS.includes(type);

export function valueText({ type }: Column, value: unknown): string {
  if (value === null || value === undefined || value === '') return '';
  switch (type) {
    case 'number':
    case 'quantity':
      return numberText(Number(value));
    case 'money':
      return moneyText(Number(value));
    case 'date':
      return dateText(String(value));
    case 'datetime':
      return momentText(String(value));
    case 'duration':
      return durationText(Number(value));
    case 'boolean':
      return value ? t('yes') : t('no');
    case 'choice':
      return t(String(value));
    case 'list':
      return Array.isArray(value) ? value.join(', ') : String(value);
    default:
      return String(value);
  }
}

/** What the server has said of it, in the reader's language. */
function saidText({ name }: Column, row: Row): string {
  const list = row[`${name} said`];
  if (!Array.isArray(list)) return '';
  return list.map((one: Said | string) => (typeof one === 'string' ? one : said(one))).join('; ');
}

/** What a quantity needs behind it, unseen, so that its point stands below those of others with so many decimals. */
export function paddingOf(text: string, decimals: number): string {
  const own = decimalsIn(text);
  if (own >= decimals) return '';
  return (own === 0 ? POINT : '') + '0'.repeat(decimals - own);
}

const POINT = (1.5).toLocaleString(locale).replace(/\d/g, '');

export function decimalsIn(text: string): number {
  const at = text.lastIndexOf(POINT);
  return at < 0 ? 0 : text.length - at - 1;
}

/** With a way to the value's own screen, and to its record in Odoo. */
export function showValue(column: Column, value: unknown, row: Row): ReactNode {
  const text = saidText(column, row) || valueText(column, value);
  if (!text) return null;
  const record = (row.odoo as Record<string, OdooRecord> | undefined)?.[column.name] ?? recordIn(column, row);
  const shown = column.screen ? (
    <Link href={column.screen.replace('{value}', encodeURIComponent(String(value)))}>{text}</Link>
  ) : (
    text
  );
  return (
    <>
      <span title={text}>{shown}</span>
      <OdooArrow record={record} name={text} />
    </>
  );
}

/** Of columns beside it. */
function recordIn({ odoo }: Column, row: Row): OdooRecord | null {
  const id = odoo ? Number(row[odoo.id]) : 0;
  return odoo && id > 0 ? { model: String(row[odoo.model]), id } : null;
}
