// Corrections within one mail: `instead of 5 x KB-110 please send 7 x KB-110` takes the place of a line above, or makes it
// doubtful where it is not plain which line is meant. Nothing is ever added up.
import { foldName } from '../text/fold.ts';
import { INSTEAD, INSTEAD_BEHIND } from '../words/sentences.ts';
import type { WrittenLine } from './lines.ts';
import { type MentionContext, mentionsIn, type Span } from './mentions.ts';

export interface Replacement {
  /** What is wanted in place of it. */
  wanted: string;
  /** What is not wanted any more. */
  gone: string;
}

/** What a sentence wants in place of what; undefined when it replaces nothing. @param text made plain */
export function replacementIn(text: string, context: MentionContext): Replacement | undefined {
  const folded = foldName(text);
  if (folded.length !== text.length) return undefined;
  const behind = INSTEAD_BEHIND.exec(folded);
  if (behind) return { wanted: text.slice(behind.index + behind[0].length), gone: text.slice(0, behind.index) };
  const instead = INSTEAD.exec(folded);
  if (!instead) return undefined;
  const before = text.slice(0, instead.index);
  const after = text.slice(instead.index + instead[0].length);
  if (namesSomething(before, context)) return { wanted: before, gone: after };
  const { products, quantities } = mentionsIn(after, context);
  const [first, second] = [...products, ...quantities].sort((a, b) => a.start - b.start);
  if (!first) return { wanted: before, gone: after };
  const end =
    second && belongs(after, first, second) && isProduct(first) !== isProduct(second) ? second.end : first.end;
  const wanted = after.slice(end);
  return namesSomething(wanted, context) ? { wanted, gone: after.slice(0, end) } : { wanted: before, gone: after };
}

function namesSomething(text: string, context: MentionContext): boolean {
  const { products, quantities } = mentionsIn(text, context);
  return products.length > 0 || quantities.length > 0;
}

function isProduct(mention: Span): boolean {
  return 'kind' in mention;
}

function belongs(text: string, first: Span, second: Span): boolean {
  return /^[\s:x×*(-]*(?:(?:of|the|von|de|des|du|van|di|del|art\.?|item) )*$/iu.test(
    text.slice(first.end, second.start),
  );
}

function nameOf(line: WrittenLine): string {
  return foldName(line.code ?? line.product ?? '');
}

function figureOf(quantity: WrittenLine['quantity']): string {
  return /\d+(?:[.,]\d+)*/.exec(String(quantity ?? ''))?.[0] ?? '';
}

/**
 * Puts the lines of a correction in the place of the one line that it names, with its product and its quantity. Where several
 * lines may be meant, or another quantity is named, their quantities are asked about.
 */
export function replaceLines(
  lines: WrittenLine[],
  own: readonly WrittenLine[],
  gone: string,
  context: MentionContext,
): WrittenLine[] {
  const { products, quantities } = mentionsIn(gone, context);
  const names = products.length ? products.map(({ text }) => foldName(text)) : own.map(nameOf);
  const meant = lines.filter((line) => names.includes(nameOf(line)));
  const [only] = meant;
  if (!only) return [...lines, ...own];
  const amount = quantities[0] && figureOf(quantities[0].text);
  if (meant.length === 1 && own.length > 0 && (amount === undefined || amount === figureOf(only.quantity)))
    return lines.flatMap((line) => (line === only ? own : [line]));
  doubtLines(meant);
  return [...lines, ...own];
}

/** Quantities that are asked about, because something else was said later. */
export function doubtLines(lines: readonly WrittenLine[]): void {
  for (const line of lines) if (line.quantity !== undefined) line.quantity = `${line.quantity} or ?1`;
}

/** Lines for the same product as one of these. */
export function sameProduct(lines: readonly WrittenLine[], own: readonly WrittenLine[]): WrittenLine[] {
  return lines.filter((line) => own.some((other) => nameOf(other) !== '' && nameOf(other) === nameOf(line)));
}
