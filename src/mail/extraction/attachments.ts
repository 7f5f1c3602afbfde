// Attachments that are read as orders: CSV, XLSX and UBL 2.1 Order documents. Others are kept and named, never opened.
import type { MailAttachment } from '../mail.ts';
import { line } from '../text/items.ts';
import { readBlocks } from './blocks.ts';
import { type BodyContext, rowAsLine, toolsOf } from './body.ts';
import { commonDates } from './common-dates.ts';
import { readCsv } from './csv.ts';
import type { WrittenCommon, WrittenLine, WrittenOrder } from './lines.ts';
import { referenceIn } from './reference.ts';
import { type CellRow, cellText, readTable } from './table.ts';
import { readUbl } from './ubl.ts';
import { readWorkbook } from './xlsx.ts';

export type AttachmentReading =
  | { kind: 'order'; order: WrittenOrder; languages: Array<readonly string[]> }
  /** Read, and it is no order. */
  | { kind: 'nothing' }
  | { kind: 'refused'; why: string }
  /** Nothing that is read: a picture, a PDF. */
  | { kind: 'other' };

type Format = 'csv' | 'xlsx' | 'ubl';

function formatOf({ name, type, content }: MailAttachment): Format | undefined {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase();
  if (ending === 'csv' || ending === 'tsv') return 'csv';
  if (ending === 'xlsx') return 'xlsx';
  if (ending === 'xml') return 'ubl';
  if (ending && !['txt', 'dat', 'bin'].includes(ending)) return undefined;
  if (['text/csv', 'application/csv', 'text/tab-separated-values'].includes(type)) return 'csv';
  if (type === 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet') return 'xlsx';
  if (['application/xml', 'text/xml'].includes(type) || /\+xml$/.test(type)) return 'ubl';
  return !ending && content.subarray(0, 5).toString('latin1') === '<?xml' ? 'ubl' : undefined;
}

/** Rows of a file -> an order: the table, with what the cells around it say. */
function orderOfRows(rows: readonly CellRow[], layout: 'csv' | 'xlsx', context: BodyContext, place: string) {
  const tools = toolsOf(context);
  const table = readTable(rows, tools, place);
  const around =
    table && table.lines.length > 0
      ? [...rows.slice(0, Math.max(0, table.headings)), line_(''), ...rows.slice(table.end)]
      : rows;
  const texts = around.map((row) =>
    Array.isArray(row) ? (rowAsLine(row, context.fields) ?? row.map(cellText).filter(Boolean).join(' ')) : '',
  );
  const items = texts.flatMap((text) => text.split('\n')).map((text) => line(text));
  const blocks = readBlocks(items, context.fields, tools.isProduct);
  const text = items.map((item) => item.text).join('\n');
  const dates = commonDates(text, context.manner, context.today);
  const common: WrittenCommon = {
    ...blocks.common,
    customerReference: blocks.common.customerReference ?? referenceIn(text, tools),
    deliveryDate: blocks.common.deliveryDate ?? dates.deliveryDate,
    orderDate: blocks.common.orderDate ?? dates.orderDate,
  };
  const lines = table && table.lines.length > 0 ? table.lines : (blocks.order?.lines ?? []);
  const order: WrittenOrder = { layout, lines, common };
  return { order, languages: [...(table?.languages ?? []), ...blocks.languages] };
}

/** A row that parts what stands above the table from what stands below. */
function line_(text: string): CellRow {
  return [text];
}

/** @param budget what may still be read of the mail's files */
export async function readAttachment(
  attachment: MailAttachment,
  context: BodyContext,
  budget = { files: 1, bytes: Number.POSITIVE_INFINITY },
): Promise<AttachmentReading> {
  const format = formatOf(attachment);
  if (!format) return { kind: 'other' };
  const { name, content } = attachment;
  if (budget.files <= 0 || content.length > budget.bytes)
    return { kind: 'refused', why: 'the mail holds too many files' };
  try {
    if (format === 'ubl') {
      const order = readUbl(content);
      return order && order.lines.length > 0 ? { kind: 'order', order, languages: [] } : { kind: 'nothing' };
    }
    if (format === 'csv') {
      const { order, languages } = orderOfRows(readCsv(content), 'csv', context, name);
      return order.lines.length > 0 ? { kind: 'order', order, languages } : { kind: 'nothing' };
    }
    const sheets = await readWorkbook(content);
    const found = sheets.map((sheet) => orderOfRows(sheet.rows, 'xlsx', context, `${name}, sheet ${sheet.name}`));
    const orders = found.filter(({ order }) => order.lines.length > 0);
    if (orders.length === 0) return { kind: 'nothing' };
    const order = together(orders.map((each) => each.order));
    // What a cover sheet says holds for the lines of the others.
    for (const { order: cover } of found.filter((each) => !orders.includes(each))) {
      order.common.customerReference ??= cover.common.customerReference;
      order.common.address ??= cover.common.address;
      order.common.orderDate ??= cover.common.orderDate;
      if (!order.lines.some(({ deliveryDate }) => deliveryDate))
        order.common.deliveryDate ??= cover.common.deliveryDate;
    }
    return { kind: 'order', order, languages: orders.flatMap(({ languages }) => languages) };
  } catch (fault) {
    return { kind: 'refused', why: fault instanceof Error ? fault.message : String(fault) };
  }
}

/** Several orders as one: what each says for all of its lines goes to the lines where they differ. */
export function together(orders: readonly WrittenOrder[]): WrittenOrder {
  const [first] = orders;
  if (orders.length < 2 || !first) return first ?? { layout: 'csv', lines: [], common: {} };
  const dates = new Set(orders.map(({ common }) => common.deliveryDate ?? ''));
  const lines = orders.flatMap(({ lines: own, common }) =>
    dates.size < 2
      ? own
      : own.map((written): WrittenLine => ({ ...written, deliveryDate: written.deliveryDate ?? common.deliveryDate })),
  );
  const common: WrittenCommon = {
    customerReference: orders.find((order) => order.common.customerReference)?.common.customerReference,
    address: orders.find((order) => order.common.address)?.common.address,
    orderDate: orders.find((order) => order.common.orderDate)?.common.orderDate,
    deliveryDate: dates.size < 2 ? first.common.deliveryDate : undefined,
  };
  return { layout: first.layout, lines, common };
}
