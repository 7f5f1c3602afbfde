// Reports as mails: tables, figures and charts that every mail program shows, also those that block pictures: charts are tables with
// coloured cells. Styles stand inline; everything that is put in is escaped. Pure.
import { escapeHtml } from '../../http/html.ts';

/** A piece of HTML that is safe as it is. */
export interface Html {
  html: string;
  /** The same for those who read plain text. */
  text: string;
}

const INK = '#1f2933';
const SOFT = '#64748b';
const BAR = '#2563eb';
const LAST_YEAR = '#cbd5e1';
const RULE = '#e2e8f0';
const FONT = 'font-family:Arial,Helvetica,sans-serif';

export function page(title: string, parts: readonly Html[]): { html: string; text: string } {
  const body = parts.map(({ html }) => html).join('\n');
  return {
    html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>
<body style="margin:0;padding:16px;background:#ffffff;color:${INK};${FONT};font-size:14px">
<table role="presentation" width="640" cellpadding="0" cellspacing="0" border="0" style="width:640px;max-width:100%"><tr><td>
<h1 style="font-size:20px;margin:0 0 12px">${escapeHtml(title)}</h1>
${body}
</td></tr></table></body></html>`,
    text: [title, '='.repeat(title.length), '', ...parts.map(({ text }) => text)].join('\n'),
  };
}

export function heading(text: string): Html {
  return {
    html: `<h2 style="font-size:15px;margin:20px 0 6px">${escapeHtml(text)}</h2>`,
    text: `\n${text}\n${'-'.repeat(text.length)}`,
  };
}

export function paragraph(text: string): Html {
  return { html: `<p style="margin:4px 0;color:${SOFT}">${escapeHtml(text)}</p>`, text };
}

export interface Figure {
  label: string;
  value: string;
  note?: string;
}

export function figures(list: readonly Figure[]): Html {
  const cells = list.map(
    ({ label, value, note = '' }) => `<td style="padding:8px 12px 8px 0;vertical-align:top">
<div style="color:${SOFT};font-size:12px">${escapeHtml(label)}</div>
<div style="font-size:20px;font-weight:bold">${escapeHtml(value)}</div>
<div style="color:${SOFT};font-size:12px">${escapeHtml(note)}</div></td>`,
  );
  return {
    html: `<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>${cells.join('')}</tr></table>`,
    text: list.map(({ label, value, note }) => `${label}: ${value}${note ? ` (${note})` : ''}`).join('\n'),
  };
}

export interface Column {
  title: string;
  align?: 'right';
}

export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  last?: readonly string[],
): Html {
  const cell = (tag: 'td' | 'th', content: string, at: number, bold = false) => {
    const align = columns[at]?.align ?? 'left';
    const weight = bold || tag === 'th' ? 'bold' : 'normal';
    return `<${tag} align="${align}" style="padding:4px 10px 4px 0;border-bottom:1px solid ${RULE};font-weight:${weight};text-align:${align}">${escapeHtml(content)}</${tag}>`;
  };
  const head = `<tr>${columns.map(({ title }, at) => cell('th', title, at)).join('')}</tr>`;
  const body = rows.map((row) => `<tr>${row.map((content, at) => cell('td', content, at)).join('')}</tr>`);
  const foot = last ? `<tr>${last.map((content, at) => cell('td', content, at, true)).join('')}</tr>` : '';
  const all = [columns.map(({ title }) => title), ...rows, ...(last ? [last] : [])];
  return {
    html: `<table cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;font-size:13px">${head}${body.join('')}${foot}</table>`,
    text: plainTable(all, columns),
  };
}

function plainTable(rows: readonly (readonly string[])[], columns: readonly Column[]): string {
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  const padded = (text: string, at: number) =>
    columns[at]?.align === 'right' ? text.padStart(widths[at]!) : text.padEnd(widths[at]!);
  return rows
    .map((row) =>
      columns
        .map((_, at) => padded(row[at] ?? '', at))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export interface Bar {
  label: string;
  value: number;
  /** The same of last year, drawn pale behind it. */
  before?: number;
}

const WIDTH = 360;

/** One bar a row, with its value; pale bars below are last year's. */
export function bars(list: readonly Bar[], shown: (value: number) => string): Html {
  const most = Math.max(1e-9, ...list.flatMap(({ value, before = 0 }) => [value, before]));
  const width = (value: number) => Math.max(0, Math.round((value / most) * WIDTH));
  const bar = (value: number, colour: string, height: number) => {
    const wide = width(value);
    if (wide === 0) return '';
    return `<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td width="${wide}" height="${height}" bgcolor="${colour}" style="width:${wide}px;height:${height}px;line-height:${height}px;font-size:1px;background:${colour}">&nbsp;</td></tr></table>`;
  };
  const rows = list.map(
    ({ label, value, before }) => `<tr>
<td style="padding:2px 10px 2px 0;white-space:nowrap;color:${SOFT};font-size:12px">${escapeHtml(label)}</td>
<td style="padding:2px 0">${bar(value, BAR, 12)}${before === undefined ? '' : bar(before, LAST_YEAR, 5)}</td>
<td align="right" style="padding:2px 0 2px 10px;white-space:nowrap;font-size:12px">${escapeHtml(shown(value))}</td></tr>`,
  );
  return {
    html: `<table cellpadding="0" cellspacing="0" border="0">${rows.join('')}</table>`,
    text: plainTable(
      list.map(({ label, value, before }) => [
        label,
        shown(value),
        before === undefined ? '' : `last year ${shown(before)}`,
      ]),
      [{ title: '' }, { title: '', align: 'right' }, { title: '', align: 'right' }],
    ),
  };
}

/** @param currency ISO code */
export function money(currency: string): (value: number) => string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return (value) => format.format(Math.round(value * 100) / 100 || 0);
}

/** `+12 %` of a value against the one before; empty where there was none. */
export function change(value: number, before: number): string {
  if (before <= 0) return '';
  const part = Math.round((value / before - 1) * 100);
  return `${part > 0 ? '+' : ''}${part} %`;
}
