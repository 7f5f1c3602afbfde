// The little markup of answer templates -> plain text and HTML of one mail, so that both always say the same. Values of customers
// never become markup. Pure.
import { escapeHtml } from '../../http/html.ts';

/** Stand for characters of values that would be markup. */
const GUARDED: ReadonlyArray<readonly [string, string]> = [
  ['|', '\ue010'],
  ['[', '\ue011'],
  [']', '\ue012'],
];
/** In front of a value: keeps its first character from beginning a list or a heading. */
const GUARD = '\ue001';

/** A value as it is put into a template. */
export function guard(value: unknown): string {
  let text = String(value ?? '')
    .replace(/[\ue000-\ue0ff]/g, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  if (text === '') return '';
  for (const [plain, guarded] of GUARDED) text = text.replaceAll(plain, guarded);
  return `${GUARD}${text}`;
}

function unguard(text: string): string {
  let plain = text.replaceAll(GUARD, '');
  for (const [char, guarded] of GUARDED) plain = plain.replaceAll(guarded, char);
  return plain;
}

type Block =
  | { kind: 'paragraph'; lines: string[] }
  | { kind: 'heading'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'table'; rows: string[][] };

/** Blank lines part paragraphs; `# ` heading, `- ` list, `| a | b |` table whose first row names the columns, `[label](address)`. */
function blocksOf(source: string): Block[] {
  const blocks: Block[] = [];
  let open = false;
  for (const raw of source.split(/\r?\n/)) {
    const line = raw.trimEnd();
    const last = open ? blocks.at(-1) : undefined;
    if (line.trim() === '') {
      open = false;
      continue;
    }
    open = true;
    if (line.startsWith('# ')) blocks.push({ kind: 'heading', text: line.slice(2) });
    else if (line.startsWith('- ')) {
      if (last?.kind === 'list') last.items.push(line.slice(2));
      else blocks.push({ kind: 'list', items: [line.slice(2)] });
    } else if (/^\|.*\|$/.test(line)) {
      const row = line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim());
      if (last?.kind === 'table') last.rows.push(row);
      else blocks.push({ kind: 'table', rows: [row] });
    } else if (last?.kind === 'paragraph') last.lines.push(line);
    else blocks.push({ kind: 'paragraph', lines: [line] });
  }
  return blocks;
}

const LINK = /\[([^\]]*)\]\((https?:\/\/[^\s)]+)\)/g;

export function markupToText(source: string): string {
  const inline = (text: string) => unguard(text.replace(LINK, '$1: $2'));
  const textOf = (block: Block): string => {
    switch (block.kind) {
      case 'paragraph':
        return block.lines.map(inline).join('\n');
      case 'heading':
        return `${inline(block.text)}\n${'-'.repeat(Math.min(60, [...inline(block.text)].length))}`;
      case 'list':
        return block.items.map((item) => `- ${inline(item)}`).join('\n');
      case 'table':
        return tableText(block.rows.map((row) => row.map(inline)));
    }
  };
  const parts = blocksOf(source).map(textOf);
  return `${parts.join('\n\n')}\n`;
}

const WIDEST = 48;

function tableText(rows: readonly string[][]): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const width = (text: string) => [...text].length;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.min(WIDEST, Math.max(...rows.map((row) => width(row[column] ?? '')))),
  );
  return rows
    .map((row) =>
      widths
        .map((wide, column) => {
          const text = row[column] ?? '';
          return column === columns - 1 ? text : text + ' '.repeat(Math.max(0, wide - width(text)));
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const CELL = 'padding:4px 12px 4px 0;text-align:left;vertical-align:top;border-bottom:1px solid #ddd';

export function markupToHtml(source: string): string {
  const inline = (text: string) =>
    unguard(escapeHtml(text).replace(LINK, (_, label: string, address: string) => `<a href="${address}">${label}</a>`));
  const htmlOf = (block: Block): string => {
    switch (block.kind) {
      case 'paragraph':
        return `<p>${block.lines.map(inline).join('<br>\n')}</p>`;
      case 'heading':
        return `<h3 style="margin:20px 0 4px">${inline(block.text)}</h3>`;
      case 'list':
        return `<ul>${block.items.map((item) => `<li>${inline(item)}</li>`).join('')}</ul>`;
      case 'table': {
        const [head = [], ...rows] = block.rows;
        const cells = (row: readonly string[], tag: string) =>
          row.map((cell) => `<${tag} style="${CELL}">${inline(cell)}</${tag}>`).join('');
        const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
        return `<table style="border-collapse:collapse"><thead><tr>${cells(head, 'th')}</tr></thead><tbody>\n${body}\n</tbody></table>`;
      }
    }
  };
  return blocksOf(source).map(htmlOf).join('\n');
}
