// The text of a mail -> lines of an order: blocks, then tables, then prose; the first layout that gives lines wins.
import { foldName, plain } from '../text/fold.ts';
import { type BodyItem, isBlank, line, proseOf, textOf } from '../text/items.ts';
import { introducesNoOrder, sentencesOf } from '../words/sentences.ts';
import { addressIn } from './address.ts';
import { readBlocks } from './blocks.ts';
import { commonDates } from './common-dates.ts';
import type { FieldWords } from './fields.ts';
import type { WrittenCommon, WrittenLine, WrittenOrder } from './lines.ts';
import type { MentionContext } from './mentions.ts';
import { byCode } from './product.ts';
import { readProse } from './prose.ts';
import { referenceIn } from './reference.ts';
import { type CellRow, cellText, readTable, type TableReading, type TableTools } from './table.ts';
import { textTables } from './text-tables.ts';

export interface BodyContext extends MentionContext {
  fields: FieldWords;
  subject: string;
}

export interface BodyReading {
  order: WrittenOrder | undefined;
  common: WrittenCommon;
  languages: Array<readonly string[]>;
}

export function toolsOf({ catalogue, company, fields }: BodyContext): TableTools {
  const isProduct = (text: string) => {
    const products = byCode(text, catalogue, company, false);
    return (
      products.length > 0 &&
      (!/^\d{1,7}$/.test(plain(text)) || products.some(({ default_code }) => default_code === plain(text)))
    );
  };
  return { fields, isProduct };
}

/** Whether lines hold keys of products or quantities: then they are no signature. */
export function looksLikeOrder(items: readonly BodyItem[], context: BodyContext): boolean {
  const { order } = readBlocks(items, context.fields, toolsOf(context).isProduct);
  return (
    order !== undefined || items.some((item) => item.kind === 'table') || readProse(items, context, '') !== undefined
  );
}

/** A row of headings alone: `Item`, `Qty`. */
function isHeadings(cells: readonly string[], fields: FieldWords): boolean {
  const found = cells.filter(Boolean).map((cell) => fields.heading(cell)?.field);
  return found.length > 1 && !found.includes(undefined) && found.includes('quantity') && new Set(found).size > 1;
}

/** Keys and values that stand side by side in the cells of a row, as lines of text. */
export function rowAsLine(row: CellRow, fields: FieldWords): string | undefined {
  const cells = row.map(cellText);
  const pairs: string[] = [];
  if (isHeadings(cells, fields)) return undefined;
  for (const [index, cell] of cells.entries()) {
    const key = cell.replace(/\s*[:：]$/, '');
    const value = cells.slice(index + 1).find((next) => next !== '') ?? '';
    if (key && value && fields.key(key) && !(fields.key(value.replace(/[:：]$/, '')) && /[:：]$/.test(value)))
      pairs.push(`${key}: ${value}`);
  }
  return pairs.length ? pairs.join('\n') : undefined;
}

/** Tables of keys and values become lines; tables of order lines stay. */
function withoutForms(items: readonly BodyItem[], tools: TableTools): BodyItem[] {
  return items.flatMap((item): BodyItem[] => {
    if (item.kind === 'line') return [item];
    const found = readTable(item.rows, tools, 'table');
    if (found && found.lines.length > 0) return [line(''), ...titleOf(item.rows, found, tools), item, line('')];
    const turned = readTable(transposed(item.rows), tools, 'table');
    if (turned && turned.lines.length > 1 && turned.headings === 0) {
      return [line(''), { ...item, rows: transposed(item.rows) }, line('')];
    }
    const lines = item.rows.map((row) => rowAsLine(row, tools.fields));
    if (lines.filter((text) => text !== undefined).length >= Math.max(1, item.rows.length / 3)) {
      const texts = lines.flatMap((text, at) => text?.split('\n') ?? [item.rows[at]!.filter(Boolean).join(' ')]);
      return [line(''), ...texts.map((text) => line(text)), line('')];
    }
    return [line(''), ...item.rows.map((row) => line(row.filter(Boolean).join(' '))), line('')];
  });
}

/** What stands in the table's own rows above its headings, as lines of text: `Order 4711 of 23 November`. */
function titleOf(rows: readonly string[][], { headings }: TableReading, { fields }: TableTools): BodyItem[] {
  const texts = rows
    .slice(0, Math.max(0, headings))
    .flatMap((row) => (rowAsLine(row, fields) ?? row.filter(Boolean).join(' ')).split('\n'));
  return texts.length > 0 ? [...texts.map((text) => line(text)), line('')] : [];
}

/** Whether the text right above says that what follows was ordered before, or is on record. */
function isNotOrdered(items: readonly BodyItem[], at: number): boolean {
  const above = items.slice(0, at).findLast((item) => !isBlank(item));
  if (above?.kind !== 'line') return false;
  const sentence = sentencesOf(above.text).at(-1);
  return sentence !== undefined && introducesNoOrder(foldName(sentence));
}

const LIST_ITEM = /^\s*(?:[-*•–·]\s+|\d{1,3}[.)]\s+|\d+\s*[x×*]\s)\S/u;

function headsAList(items: readonly BodyItem[], at: number): boolean {
  const above = items.slice(0, at).findLast((item) => !isBlank(item));
  return above?.kind === 'line' && /[:：]\s*$/.test(above.text);
}

/** Tables and lists below words that order nothing are left out. */
function withoutOldTables(items: readonly BodyItem[], fields: FieldWords): readonly BodyItem[] {
  const old = new Set<number>();
  for (const [at, item] of items.entries()) if (item.kind === 'table' && isNotOrdered(items, at)) old.add(at);
  for (const { at, end } of textTables(items, fields)) {
    if (isNotOrdered(items, at)) for (let index = at; index < end; index++) old.add(index);
  }
  for (const [at, item] of items.entries()) {
    if (item.kind !== 'line' || !LIST_ITEM.test(item.text)) continue;
    const above = items[at - 1];
    const goesOn = above?.kind === 'line' && LIST_ITEM.test(above.text);
    if (goesOn ? old.has(at - 1) : headsAList(items, at) && isNotOrdered(items, at)) old.add(at);
  }
  return old.size > 0 ? items.map((item, at) => (old.has(at) ? line('') : item)) : items;
}

/** Tables with their headings in the first column. */
function transposed(rows: readonly string[][]): string[][] {
  const width = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? ''));
}

function readTables(
  items: readonly BodyItem[],
  tools: TableTools,
): { lines: WrittenLine[]; languages: Array<readonly string[]> } {
  const lines: WrittenLine[] = [];
  const languages: Array<readonly string[]> = [];
  const take = (rows: readonly CellRow[], place: string) => {
    const table = readTable(rows, tools, place);
    lines.push(...(table?.lines ?? []));
    languages.push(...(table?.languages ?? []));
  };
  let count = 0;
  for (const item of items) if (item.kind === 'table') take(item.rows, `table ${++count}`);
  if (lines.length === 0) for (const { rows } of textTables(items, tools.fields)) take(rows, `table ${++count}`);
  return { lines, languages };
}

function isComplete(line: WrittenLine): boolean {
  return Boolean(line.code || line.product || line.description) && line.quantity !== undefined && line.quantity !== '';
}

/** @param items the sender's own text, without history and signature */
export function readBody(items: readonly BodyItem[], context: BodyContext): BodyReading {
  const tools = toolsOf(context);
  const shaped = withoutForms(withoutOldTables(items, tools.fields), tools);
  const blocks = readBlocks(shaped, context.fields, tools.isProduct);
  const languages = [...blocks.languages];
  let order = blocks.order && withProseValues(blocks.order, context);
  if (!order?.lines.some(isComplete)) {
    const tables = readTables(shaped, tools);
    languages.push(...tables.languages);
    if (tables.lines.length > 0) order = { layout: 'table', lines: tables.lines, common: blocks.common };
    else {
      const prose = readProse(shaped, context, context.subject);
      if (prose && (!order || prose.lines.some(isComplete))) order = { ...prose, common: blocks.common };
    }
  }
  const common = { ...blocks.common };
  const text = proseOf(shaped.filter((item) => item.kind === 'line'));
  common.customerReference ??= referenceIn(text, tools);
  common.address ??= addressIn(text);
  const dates = commonDates(freeText(shaped, order, context), context.manner, context.today);
  common.orderDate ??= dates.orderDate;
  common.deliveryDate ??= dates.deliveryDate;
  return { order: order && { ...order, common }, common, languages };
}

/** Text outside the order's own lines, in which a day holds for all. */
function freeText(items: readonly BodyItem[], order: WrittenOrder | undefined, context: BodyContext): string {
  if (order?.layout !== 'prose') {
    const { fields } = context;
    return items
      .filter((item) => item.kind === 'line')
      .map((item) =>
        /^[^:：]{1,40}[:：]/.test(item.text) && fields.key(item.text.split(/[:：]/)[0]!.replace(/^[\s*•-]+/, ''))
          ? ''
          : item.text,
      )
      .join('\n');
  }
  const { fields, subject } = context;
  const isKey = (text: string) => /^[^:：]{1,40}[:：]/.test(text) && fields.key(text.split(/[:：]/)[0]!) !== undefined;
  return textOf(items)
    .split('\n')
    .filter((text) => !isKey(text))
    .flatMap((text) => (text.trim() ? sentencesOf(text) : ['']))
    .filter((text) => readProse([line(text)], context, subject) === undefined)
    .join('\n');
}

/** `Item: 20 x DC-021`: a key whose value is an order line by itself. */
function withProseValues(order: WrittenOrder, context: BodyContext): WrittenOrder {
  const lines = order.lines.map((written) => {
    const text = written.code ?? written.product;
    if (written.quantity !== undefined || !text || !/\d/.test(text)) return written;
    const [found, ...more] = readProse([line(text)], context, 'order')?.lines ?? [];
    if (!found?.quantity || more.length > 0) return written;
    return { ...written, ...found, deliveryDate: written.deliveryDate ?? found.deliveryDate, place: written.place };
  });
  return { ...order, lines };
}
