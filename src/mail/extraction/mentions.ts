// What running text mentions: products by code or full name, quantities with their units. Dates, prices, references, telephone
// numbers and measures such as 60x60 are no quantities.
import { type Catalogue, type CatalogueProduct, nameParts } from '../catalogue.ts';
import { foldName } from '../text/fold.ts';
import { numberWord } from '../words/numbers.ts';
import { isPackage, type UnitTable } from '../words/units.ts';
import { findDates } from './dates.ts';
import type { Manner } from './manner.ts';
import { byCode } from './product.ts';

export interface Span {
  start: number;
  end: number;
}

export interface ProductMention extends Span {
  text: string;
  kind: 'code' | 'name' | 'codelike';
  products: readonly CatalogueProduct[];
}

export interface QuantityMention extends Span {
  text: string;
  /** `x` or a unit stands with it. */
  explicit: boolean;
  length: boolean;
}

export interface Mentions {
  products: ProductMention[];
  quantities: QuantityMention[];
}

export interface MentionContext {
  catalogue: Catalogue;
  company: number | undefined;
  manner: Manner;
  today: string;
}

const TOKEN = /[^\s,;()[\]"]+/gu;
const MASKS = [
  /(?<!\S)\S+@\S+|https?:\/\/\S+|www\.\S+/giu,
  /(?:CHF|EUR|USD|GBP|TRY|TL|SFr\.?|Fr\.|US\$|[€$£₺])\s*\d[\d.,' ]*(?:-{1,2})?/giu,
  /(?<!\d)\d[\d.,']*(?:-{1,2})?\s*(?:CHF|EUR|USD|GBP|TRY|TL|€|\$|£|₺|euros?|francs?|dollars?|pounds sterling)(?![\p{L}])/giu,
  /(?<![\p{L}])(?:à|@|zu je|je|at|zum preis von|au prix de|price|preis|prix|prijs|prezzo|precio|fiyat)[:\s]+\d[\d']*[.,]\d{2}(?!\d)/giu,
  /\d+(?:[.,]\d+)?\s*%/gu,
  // A counted key: `Part 2: KB-110`.
  /(?<=\p{L}\.? )\d{1,3}(?=\s*:\s)/gu,
  /(?<![\p{L}\p{N}_.-])(?:\+\d{1,3}[ /.-]?|\(?0)\(?\d{1,4}\)?(?:[ /.-]\d{2,4}){2,}|\+\d[\d /.-]{6,}/gu,
  /(?<![\p{L}\p{N}_.-])\d+(?:[.,]\d+)?\s*[x×]\s*\d+(?:[.,]\d+)?(?:\s*[x×]\s*\d+(?:[.,]\d+)?)?\s*(?:mm|cm|m)?(?![\p{L}\d])/giu,
  /\d{1,2}:\d{2}(?:\s*(?:h|uhr|am|pm))?/giu,
];
const NUMBER = String.raw`[+-]?(?:\d{1,3}(?:[ '.,]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)(?:e[+-]?\d+)?`;
const QUANTITY = new RegExp(
  String.raw`(?<![\p{L}\p{N}_.,/#-])(?<![\p{L}\p{N}]-)(?:[x×](?=\d))?(${NUMBER})(?![\p{N}_/]|[.,]\d)(?:\s?[x×*](?![\p{L}\p{N}])|\s*[-]?(\p{L}{1,14})(?![\p{L}\p{N}_-])\.?)?`,
  'giu',
);
/** `about 500`: asked about. */
const ROUGHLY =
  /(?<![\p{L}])(?:about|approx\.?|approximately|around|roughly|ca\.?|circa|etwa|ungef[aä]hr|rund|environ|ongeveer|zo'n|unos|unas|aproximadamente|yakla[sş][iı]k|~|≈|at least|up to|mindestens|h[oö]chstens|au moins|minstens|almeno|al menos|en az)\s*$/iu;
const CODELIKE = /^(?=.*\d)(?=.*\p{L})[\p{L}\p{N}][\p{L}\p{N}._/-]{3,}$/u;

function overlaps(a: Span, spans: readonly Span[]): boolean {
  return spans.some((b) => a.start < b.end && b.start < a.end);
}

/** Of one mail in one manner; the same sentence is asked about from several sides. */
const remembered = new WeakMap<Manner, Map<string, Mentions>>();

/** @param text made plain (see text/fold.ts), one sentence or line */
export function mentionsIn(text: string, context: MentionContext): Mentions {
  let known = remembered.get(context.manner);
  if (!known) {
    known = new Map();
    remembered.set(context.manner, known);
  }
  const before = known.get(text);
  if (before) return before;
  const found = findMentions(text, context);
  known.set(text, found);
  return found;
}

function findMentions(text: string, context: MentionContext): Mentions {
  const masked: Span[] = [];
  const mask = (start: number, end: number) => masked.push({ start, end });
  const names = namesIn(text, context.catalogue);
  const codes = codesIn(text, context);
  const known = codes.filter(({ kind }) => kind === 'code');
  const products = [...known, ...names.filter((name) => !overlaps(name, known))];
  products.push(...codes.filter((code) => code.kind === 'codelike' && !overlaps(code, products)));
  const folded = foldName(text);
  if (folded.length === text.length) {
    for (const date of findDates(folded, context.manner, context.today)) {
      // `2.5` or `1/2` may be a quantity; a day without a year needs a word before it.
      const before = folded.slice(Math.max(0, date.index - 14), date.index);
      if (
        date.sure ||
        /(?<![\p{L}])(?:by|on|until|before|am|bis|zum|vom|le|au|pour le|op|voor|tegen|entro|il|per il|el|para el|antes del|de)(?: \p{L}+)?\s*$/u.test(
          before,
        )
      )
        mask(date.index, date.index + date.length);
    }
  }
  for (const pattern of MASKS) {
    for (const match of text.matchAll(pattern)) {
      const span = { start: match.index, end: match.index + match[0].length };
      // `HV/25 x 10` is a code and an amount.
      if (!overlaps(span, known)) mask(span.start, span.end);
    }
  }
  const taken = [...masked, ...products];
  const quantities = quantitiesIn(text, taken, products, context.manner.units);
  return { products: products.sort((a, b) => a.start - b.start), quantities };
}

function codesIn(text: string, { catalogue, company }: MentionContext): ProductMention[] {
  const tokens = [...text.matchAll(TOKEN)].map((match) => {
    // Turkish and English put endings on codes: `KB-110'dan`, `KB-110's`.
    const trimmed = match[0]
      .replace(/^[':.#*]+/, '')
      .replace(/[':.!?*]+$/, '')
      .replace(/(?<=\d)'\p{L}{1,6}$/u, '');
    const start = match.index + match[0].indexOf(trimmed);
    return { start, end: start + trimmed.length };
  });
  const found: ProductMention[] = [];
  for (let count = Math.min(catalogue.codeWords, tokens.length); count > 0; count--) {
    for (let at = 0; at + count <= tokens.length; at++) {
      const span = { start: tokens[at]!.start, end: tokens[at + count - 1]!.end };
      const whole = text.slice(span.start, span.end);
      if (!whole || overlaps(span, found)) continue;
      const products = byCode(whole, catalogue, company, false);
      // Barcodes aside, a plain number in a sentence is no code.
      if (products.length > 0 && !/^\d{1,7}$/.test(whole)) found.push({ ...span, text: whole, kind: 'code', products });
    }
  }
  for (const span of tokens) {
    const whole = text.slice(span.start, span.end);
    if (overlaps(span, found) || !CODELIKE.test(whole)) continue;
    if (/^\d+(?:[.,]\d+)?\p{L}{1,6}$/u.test(whole) || /^\d+[x×]\d+/iu.test(whole)) continue;
    if (/\p{Lu}|[-_]/u.test(whole)) found.push({ ...span, text: whole, kind: 'codelike', products: [] });
  }
  return found;
}

/** Full names, the longest first; a word more on either side makes it another name, unless it is a small word. */
function namesIn(text: string, catalogue: Catalogue): ProductMention[] {
  const words = [...text.matchAll(/[^\s,;:"]+/gu)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    longest: Math.max(...beginningsOf(match[0]).map((first) => catalogue.nameWords(first))),
  }));
  const found: ProductMention[] = [];
  const longest = words.reduce((most, word) => Math.max(most, word.longest), 0);
  for (let count = Math.min(longest, words.length); count > 0; count--) {
    for (let at = 0; at + count <= words.length; at++) {
      if (words[at]!.longest < count) continue;
      const start = words[at]!.start;
      const whole = text.slice(start, words[at + count - 1]!.end);
      for (const candidate of candidatesOf(whole)) {
        if (!candidate) continue;
        const from = start + whole.indexOf(candidate);
        const span = { start: from, end: from + candidate.length };
        const products = catalogue.byName(candidate);
        if (products.length === 0 || overlaps(span, found)) continue;
        found.push({ ...span, text: candidate, kind: 'name', products });
        break;
      }
    }
  }
  return found;
}

/** Without the marks around it. */
function candidatesOf(whole: string): readonly string[] {
  if (!/^\(|[.!?)]$/.test(whole)) return [whole];
  return [
    whole,
    whole.replace(/[.!?]+$/, ''),
    whole.replace(/^\(/, ''),
    whole.replace(/[.!?)]+$/, ''),
    whole.replace(/^\(/, '').replace(/[.!?)]+$/, ''),
  ];
}

/** With what a name may begin that begins with this word. */
function beginningsOf(word: string): string[] {
  return candidatesOf(word).map((candidate) => nameParts(foldName(candidate))[0] ?? '');
}

function quantitiesIn(
  text: string,
  taken: readonly Span[],
  products: readonly Span[],
  units: UnitTable,
): QuantityMention[] {
  const found: QuantityMention[] = [];
  for (const match of text.matchAll(QUANTITY)) {
    const word = match[2];
    const unit = word ? units.ofWord(word) : undefined;
    const counted = unit !== undefined || (word !== undefined && isPackage(word));
    const times = /[x×*]$/iu.test(match[0]);
    const before = /^[x×]/iu.test(match[0]) ? 1 : 0;
    const start = match.index + before;
    const number = start + match[1]!.length;
    const end = counted || times ? match.index + match[0].length : number;
    const span = { start: match.index, end };
    if (overlaps({ start: span.start, end: number }, taken)) continue;
    // `payment 30 days net` counts no goods.
    if (unit?.kind === 'time' && products.length === 0) continue;
    const rough = ROUGHLY.exec(text.slice(Math.max(0, match.index - 24), match.index))?.[0] ?? '';
    found.push({
      ...span,
      text: `${rough}${text.slice(start, end).replace(/\s*[x×*]$/iu, '')}`,
      explicit: counted || times || before > 0,
      length: unit?.kind === 'length' && unit.factor < 1,
    });
  }
  for (const match of text.matchAll(/(?<![\p{L}\p{N}-])\p{L}[\p{L}-]*(?=( \p{L}[\p{L}-]*)?)/gu))
    found.push(...wordQuantity(text, match, [...taken, ...found], products, units));
  return found.sort((a, b) => a.start - b.start);
}

const DOZEN =
  /(?<![\p{L}])(?:(?:half an?|an?|one|two|three|four|five|six|seven|eight|nine|ten|ein halbes|ein|zwei|drei|vier|funf|fünf|sechs|une demi-?|une|deux|trois|quatre|cinq|een half|een|twee|drie|vier|una mezza|mezza|una|due|tre|quattro|cinque|media|dos|tres|cuatro|cinco|yarim|yarım|bir|iki|uc|üç|dort|dört|bes|beş)[ -]?)(?:dozens?|dutzend|douzaines?|dozijn|dozzin[ae]|docenas?|d[uü]zine)(?![\p{L}])/iu;

function wordQuantity(
  text: string,
  match: RegExpMatchArray,
  taken: readonly Span[],
  products: readonly Span[],
  units: UnitTable,
): QuantityMention[] {
  const start = match.index ?? 0;
  const dozen = DOZEN.exec(text.slice(start, start + 40));
  if (dozen && dozen.index === 0) {
    const span = { start, end: start + dozen[0].length };
    return overlaps(span, taken) ? [] : [{ ...span, text: dozen[0], explicit: true, length: false }];
  }
  const first = match[0];
  const second = match[1]?.trim();
  // `a Large Desk` is one.
  const value = /^an?$/i.test(first) ? 1 : numberWord(first);
  if (value === undefined) return [];
  const unit = second !== undefined && (units.ofWord(second) !== undefined || isPackage(second)) && second.length > 1;
  const times = /^\s*[x×](?![\p{L}\p{N}])/u.test(text.slice(start + first.length));
  // `one` and `a` alone are small words more often than quantities.
  if (value <= 1 && !unit && !times && !products.some(({ start: at }) => at === start + first.length + 1)) return [];
  const end = start + first.length + (unit ? (match[1]?.length ?? 0) : 0);
  const span = { start, end };
  return overlaps(span, taken)
    ? []
    : [
        {
          ...span,
          text: /^an?$/i.test(first) ? `one${text.slice(start + first.length, end)}` : text.slice(start, end),
          explicit: unit || times,
          length: false,
        },
      ];
}
