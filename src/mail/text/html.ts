// HTML mail -> lines and tables as a person sees them. What is hidden or struck out is not there.
import { type AnyNode, type Element, isTag, isText } from 'domhandler';
import { parseDocument } from 'htmlparser2';
import { hasBackground, isHidden, isStruck, type Stylesheet, styleOf, stylesheetOf } from './hidden.ts';
import { type BodyItem, line } from './items.ts';
import { piecesOf } from './pieces.ts';

const SKIPPED = new Set([
  'head',
  'script',
  'style',
  'title',
  'template',
  'noscript',
  'object',
  'svg',
  'math',
  'select',
]);
const BLOCKS = new Set(
  'address article aside blockquote body center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header html li main nav ol p pre section table tbody td tfoot th thead tr ul'.split(
    ' ',
  ),
);
const DEEPEST = 400;
/** Columns of a table that are read. */
const WIDEST = 200;

interface Writer {
  items: BodyItem[];
  text: string;
  /** A line break was written since the last block began, so that `text` counts even when it is empty. */
  open: boolean;
}

interface Place {
  quoted: number;
  colored: boolean;
  pre: boolean;
  depth: number;
}

export function itemsOfHtml(html: string): BodyItem[] {
  const document = parseDocument(html, { decodeEntities: true });
  const css: string[] = [];
  collectCss(document.children, css, 0);
  const sheet = stylesheetOf(css.join('\n'));
  const writer: Writer = { items: [], text: '', open: false };
  const place: Place = { quoted: 0, colored: false, pre: false, depth: 0 };
  for (const node of document.children) write(node, writer, place, sheet);
  flush(writer, place);
  return writer.items;
}

function collectCss(nodes: readonly AnyNode[], css: string[], depth: number): void {
  if (depth > DEEPEST) return;
  for (const node of nodes) {
    if (node.type === 'style') css.push(node.children.map((child) => (isText(child) ? child.data : '')).join(''));
    else if (isTag(node)) collectCss(node.children, css, depth + 1);
  }
}

function flush(writer: Writer, place: Place): void {
  if (writer.text.trim() || writer.open) {
    for (const piece of piecesOf(writer.text.trim())) writer.items.push(line(piece, place.quoted));
  }
  writer.text = '';
  writer.open = false;
}

function blank(writer: Writer, place: Place): void {
  const last = writer.items.at(-1);
  if (last && !(last.kind === 'line' && last.text === '')) writer.items.push(line('', place.quoted));
}

function write(node: AnyNode, writer: Writer, place: Place, sheet: Stylesheet): void {
  if (isText(node)) {
    if (place.pre) {
      const [first, ...rest] = node.data.split('\n');
      writer.text += first;
      for (const more of rest) {
        writer.items.push(line(writer.text.trimEnd(), place.quoted));
        writer.text = more;
      }
    } else {
      const text = node.data.replaceAll(/[ \t\r\n]+/g, ' ');
      writer.text += writer.text === '' || writer.text.endsWith(' ') ? text.replace(/^ /, '') : text;
    }
    return;
  }
  if (!isTag(node) || SKIPPED.has(node.name) || place.depth > DEEPEST) return;
  const style = styleOf(node, sheet);
  if (isHidden(node, style, place.colored) || isStruck(node, style)) return;
  if (node.name === 'br') {
    writer.open = true;
    flush(writer, place);
    return;
  }
  const inner: Place = {
    quoted: place.quoted + (isQuote(node, style) ? 1 : 0),
    colored: place.colored || hasBackground(node, style),
    pre: place.pre || node.name === 'pre' || (style.get('white-space') ?? '').startsWith('pre'),
    depth: place.depth + 1,
  };
  if (node.name === 'hr') {
    flush(writer, place);
    writer.items.push(line('----------', place.quoted));
    return;
  }
  if (!BLOCKS.has(node.name)) {
    for (const child of node.children) write(child, writer, inner, sheet);
    return;
  }
  flush(writer, place);
  if (node.name === 'table' && isData(node)) {
    writer.items.push({ kind: 'table', rows: rowsOf(node, inner, sheet), quoted: inner.quoted });
    return;
  }
  const before = writer.items.length;
  if (node.name === 'li') writer.text = numberOf(node);
  for (const child of node.children) write(child, writer, inner, sheet);
  flush(writer, inner);
  // A paragraph of several lines stands apart; paragraphs of one line each are the lines of one text.
  if (node.name === 'p' && writer.items.length - before > 1) {
    writer.items.splice(before, 0, line('', inner.quoted));
    blank(writer, inner);
  }
  if (['ul', 'ol', 'dl'].includes(node.name)) blank(writer, inner);
}

function isQuote(element: Element, style: ReadonlyMap<string, string>): boolean {
  if (element.name !== 'blockquote') return false;
  if (element.attribs.type === 'cite' || element.attribs.cite) return true;
  if (/quote|cite/i.test(element.attribs.class ?? '')) return true;
  return [...style.keys()].some((name) => name.startsWith('border'));
}

function numberOf(item: Element): string {
  const list = item.parent;
  if (!list || !isTag(list) || list.name !== 'ol') return '- ';
  const items = list.children.filter((child) => isTag(child) && child.name === 'li');
  return `${items.indexOf(item) + (Number.parseInt(list.attribs.start ?? '', 10) || 1)}. `;
}

function find(element: Element, test: (child: Element) => boolean, depth = 0): boolean {
  if (depth > DEEPEST) return false;
  return element.children.some((child) => isTag(child) && (test(child) || find(child, test, depth + 1)));
}

/** Tables around other tables, and tables of one column, are there for the layout. */
function isData(table: Element): boolean {
  if (find(table, (child) => child.name === 'table')) return false;
  return rowElements(table).some((row) => row.children.filter(isCell).length > 1);
}

function isCell(node: AnyNode): node is Element {
  return isTag(node) && (node.name === 'td' || node.name === 'th');
}

function rowElements(table: Element): Element[] {
  return table.children.flatMap((child) => {
    if (!isTag(child)) return [];
    if (child.name === 'tr') return [child];
    return ['tbody', 'thead', 'tfoot'].includes(child.name) ? rowElements(child) : [];
  });
}

function rowsOf(table: Element, place: Place, sheet: Stylesheet): string[][] {
  const rows: string[][] = [];
  /** Columns that a cell of a row above still covers. */
  const spans = new Map<number, { text: string; left: number }>();
  for (const row of rowElements(table)) {
    if (isHidden(row, styleOf(row, sheet), place.colored) || isStruck(row, styleOf(row, sheet))) continue;
    const cells: string[] = [];
    const covered = () => {
      for (let span = spans.get(cells.length); span && cells.length < WIDEST; span = spans.get(cells.length)) {
        if (--span.left === 0) spans.delete(cells.length);
        cells.push(span.text);
      }
    };
    for (const cell of row.children.filter(isCell)) {
      covered();
      if (cells.length >= WIDEST) break;
      const writer: Writer = { items: [], text: '', open: false };
      const style = styleOf(cell, sheet);
      const colored = place.colored || hasBackground(row, styleOf(row, sheet)) || hasBackground(cell, style);
      if (!isHidden(cell, style, colored) && !isStruck(cell, style)) {
        for (const child of cell.children) write(child, writer, { ...place, colored }, sheet);
        flush(writer, place);
      }
      const text = writer.items
        .map((item) => (item.kind === 'line' ? item.text : ''))
        .join(' ')
        .trim();
      const rowSpan = Math.min(500, Number.parseInt(cell.attribs.rowspan ?? '1', 10) || 1);
      if (rowSpan > 1) spans.set(cells.length, { text, left: rowSpan - 1 });
      cells.push(text);
      const colSpan = Math.min(100, Number.parseInt(cell.attribs.colspan ?? '1', 10) || 1);
      for (let more = 1; more < colSpan; more++) cells.push('');
    }
    covered();
    rows.push(cells);
  }
  return rows;
}
