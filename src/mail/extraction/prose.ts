// Order lines in running text: `2 x DC-021 Pump housing`, `please send us 20 pcs of DC-021 and ten DC-022 by 28 April`.
import { foldName, hasDirectionOverride, plain } from '../text/fold.ts';
import { type BodyItem, proseOf } from '../text/items.ts';
import { numberWord } from '../words/numbers.ts';
import {
  DOCUMENT,
  IF_THE_PRICE,
  isUnwanted,
  ORDER_WORDS,
  ordersByAsking,
  RECURRING,
  sentencesOf,
  tellsAboutTheFuture,
  tellsAboutThePast,
} from '../words/sentences.ts';
import { findDates } from './dates.ts';
import type { WrittenLine, WrittenOrder } from './lines.ts';
import {
  type MentionContext,
  type Mentions,
  mentionsIn,
  type ProductMention,
  type QuantityMention,
  type Span,
} from './mentions.ts';
import { doubtLines, replaceLines, replacementIn, sameProduct } from './replaced.ts';

interface Pair {
  product: string;
  code: boolean;
  description: string | undefined;
  quantity: QuantityMention | undefined;
  ambiguous: boolean;
  /** Where it stands in the sentence. */
  at: number;
}

interface ProseContext extends MentionContext {
  /** The mail says that it is an order, whatever a sentence of it asks. */
  ordersPlainly: boolean;
}

const NAMES_ORDER =
  /(?<![\p{L}])(?:orders?|p\.?o\.?|purchase order|bestell\w*|auftrag|commandes?|commandons|bestelling|bestellen|ordine|ordiniamo|pedidos?|pedimos|siparis\w*)(?![\p{L}])/u;
const POSITION =
  /^\s*(?:[-–—*•·●▪+»→>]\s*)*(?:(?:pos(?:ition)?\.?\s*\d{1,3}\s*[.:)]?|\(?\d{1,3}[.)](?!\d))\s+)?(?:[-–—*•·]\s*)?/iu;
/** Where the name of a product ends. */
const PHRASE_END =
  /[,;:!?()"]|\.(?=\s|$)|\s-\s|(?<![\p{L}])(?:and|und|et|en|e|y|ve|plus|sowie|also|by|bis|for|until|before|to|at|from|per|each|please|zum|zu|fur|für|pour|à|au|avant|voor|tegen|per|entro|para|antes|icin|için|in|on|am|le|op|il|el|as|a|is|are|we|wir|nous|asap|sous|within|innerhalb|binnen|tra|fra|dentro|together|with|mit|avec|met|con|ile|aus|d'ici|pls|thanks|danke|merci)(?![\p{L}'])/iu;
const LINKS =
  /^(?:[\s:.\-–*(]|x(?![\p{L}])|×|of(?![\p{L}])|(?:the|our|your|each|der|die|das|von|vom|de|des|du|van|di|del|dei|delle|los|las|item|items|article|articles|artikel|articolo|articulo|product|produkt|produit|prodotto|producto|art|nr|no|code|ref|part|type|typ|pcs|pieces?)(?![\p{L}])\.?|d')*$/iu;

/** Lines of the text, or undefined when it orders nothing. */
export function readProse(
  items: readonly BodyItem[],
  mentions: MentionContext,
  subject: string,
): WrittenOrder | undefined {
  const text = proseOf(items);
  const orders = ORDER_WORDS.test(foldName(`${subject}\n${text}`));
  const context: ProseContext = { ...mentions, ordersPlainly: NAMES_ORDER.test(foldName(`${subject}\n${text}`)) };
  let lines: WrittenLine[] = [];
  for (const [at, paragraph] of text.split(/\n\s*\n/).entries()) {
    const segments = segmentsOf(paragraph, context);
    const found = segments.map((segment) => readSegment(segment, context, orders));
    const listed = found.some((each) => each.length > 0);
    for (const [index, segment] of segments.entries()) {
      if (found[index]!.length === 0 && corrects(segment, context)) doubtLines(lines.slice(-1));
      const entries = found[index]!.length > 0 || !listed ? found[index]! : loneEntry(segment, context);
      const own = entries.map((entry) => ({ ...entry, place: `paragraph ${at + 1}` }));
      const text = cleaned(segment);
      const replacement = replacementIn(text, context);
      if (!replacement && CORRECTION.test(foldName(text))) doubtLines(sameProduct(lines, own));
      lines = replacement ? replaceLines(lines, own, replacement.gone, context) : [...lines, ...own];
    }
  }
  return lines.length ? { layout: 'prose', lines, common: {} } : undefined;
}

const CORRECTION =
  /(?<![\p{L}])(?:sorry|correction|make (?:that|it)|i mean|rather|actually|oops|entschuldigung|korrektur|besser gesagt|vielmehr|ich meine|pardon|plutot|je veux dire|excuusje|sorry|ik bedoel|liever|scusi|scusate|anzi|intendevo|perdon|mejor|quiero decir|pardon|yani|daha dogrusu|duzeltme)(?![\p{L}])/u;

/** `Sorry, 25!` below a line: which amount is meant is asked about. */
function corrects(segment: string, context: MentionContext): boolean {
  const text = cleaned(segment);
  if (!CORRECTION.test(foldName(text))) return false;
  const { products, quantities } = mentionsIn(text, context);
  return products.length === 0 && quantities.length > 0;
}

/** An entry between order lines that names only a product, or an amount of something unknown: asked about, never passed over. */
function loneEntry(segment: string, context: MentionContext): WrittenLine[] {
  const text = cleaned(segment).replace(/[.;,]$/, '');
  const { products, quantities } = mentionsIn(text, context);
  const [only] = products;
  const rest = products.reduce((left, { text: name }) => left.replace(name, ''), text);
  if (only && only.kind !== 'codelike' && quantities.length === 0 && !/[\p{L}\p{N}]/u.test(rest)) {
    return [{ ...(only.kind === 'code' ? { code: only.text } : { product: only.text }), place: '' }];
  }
  const amount = /^(\d[\d.,' ]*)\s+(\p{L}[\p{L}\p{N} -]{2,40})$/u.exec(text);
  if (
    !amount ||
    products.some(({ kind }) => kind !== 'codelike') ||
    quantities.length !== 1 ||
    NO_GOODS.test(foldName(amount[2]!))
  )
    return [];
  return [{ product: amount[2]!, quantity: amount[1]!.trim(), place: '' }];
}

/** What is counted that is no goods: times, people, places. */
const NO_GOODS =
  /^(?:days?|weeks?|months?|years?|hours?|minutes?|tage?n?|wochen?|monate?n?|jahre?n?|stunden?|jours?|semaines?|mois|heures?|dagen|weken|maanden|uur|giorni|settiman[ae]|mesi|ore|dias|semanas|meses|horas|gun|hafta|ay|saat|persons?|people|personen|deliver\w*|lieferung\w*|livraisons?|copies|times|mal|fois|keer|volte|veces|sites?|locations?|street|road|rue|via|calle|am|pm|uhr|h)(?![\p{L}])/u;

/** Lines that say something complete stay apart; others are one running text, split into sentences. */
function segmentsOf(paragraph: string, context: MentionContext): string[] {
  const raw = paragraph.split('\n').filter((line) => line.trim() !== '');
  if (raw.length < 2) return sentencesOf(paragraph);
  const broken = raw.some((line, index) => {
    const { products, quantities } = mentionsIn(cleaned(line), context);
    const known = products.filter(({ kind }) => kind === 'code');
    const next = raw[index + 1];
    if (known.length === quantities.length || next === undefined || line.length < 45) return false;
    return (
      !/[.;:!?]$/.test(line.trim()) &&
      /^\s*[\p{Ll}\d(]|^\s*[A-Z]{2,}[-_]?\d/u.test(next) &&
      !/^\s*(?:[-*•]|\d+[.)])\s/.test(next)
    );
  });
  return broken ? sentencesOf(raw.join(' ')) : raw.flatMap((line) => sentencesOf(line));
}

function cleaned(segment: string): string {
  // Dots that lead the eye to the amount.
  return plain(segment.replace(POSITION, '').replaceAll(/\s*(?:\.{3,}|…+)\s*(?=\S)/g, ' : ')).replaceAll(
    SAID_TWICE,
    (whole, figure: string, words: string) => {
      const said = numberWord(words);
      if (said === undefined) return whole;
      // Which of the two is meant is asked about.
      return said === Number(figure) ? figure : `about ${figure}`;
    },
  );
}

/** `12 (twelve)`: an amount in figures and in words. */
const SAID_TWICE = /(?<![\p{L}\p{N}.,-])(\d{1,6}) ?\((\p{L}[\p{L} -]{1,30})\)/gu;

function readSegment(segment: string, context: ProseContext, orders: boolean): WrittenLine[] {
  let text = cleaned(segment);
  const folded = foldName(text);
  text = replacementIn(text, context)?.wanted ?? text;
  const asks = /\?\s*$/.test(text);
  const orderly = ORDER_WORDS.test(folded);
  if (asks && !ordersByAsking(folded, context.ordersPlainly)) return [];
  if (tellsAboutTheFuture(folded) || IF_THE_PRICE.test(folded)) return [];
  if (tellsAboutThePast(folded) && folded.length === text.length) {
    // What is told ends where something is asked for.
    const asked = PLEASE.exec(folded);
    if (!asked) return [];
    text = text.slice(asked.index);
  }
  const mentions = mentionsIn(text, context);
  if (isUnwanted(foldName(clauseOf(text, mentions)))) return [];
  const pairs = pairsOf(text, mentions, context);
  doubtAlternatives(text, pairs);
  if (RECURRING.test(folded)) for (const pair of pairs) pair.ambiguous = true;
  // Papers about goods: `please send the drawing of KB-110`.
  if (DOCUMENT.test(folded) && !pairs.some(({ quantity }) => quantity)) return [];
  const listed = isListEntry(text, pairs, mentions);
  if (!listed && !orders) return [];
  const ordered = pairs.filter(
    (pair) => pair.quantity || (pair.code && orderly) || pairs.some((other) => other.quantity),
  );
  const dates = datesIn(text, context);
  return ordered.map((pair, index) => {
    // Several days in a sentence: each holds for the lines before it.
    const behind = dates.find((date) => date.index > pair.at) ?? dates.at(-1);
    const date = dates.length > 1 && ordered[index] ? behind : dates[0];
    return { ...lineOf(pair, segment), ...(date && { deliveryDate: date.text }) };
  });
}

const PLEASE =
  /(?<![\p{L}])(?:please|bitte|veuillez|merci de|graag|vi preghiamo|prego|por favor|rogamos|lutfen|(?:now|jetzt|nun) (?:we |wir )?)(?![\p{L}])/u;

/** The text up to the end of the clause that mentions goods last: remarks behind it say nothing about them. */
function clauseOf(text: string, { products, quantities }: Mentions): string {
  const last = Math.max(0, ...[...products, ...quantities].map(({ end }) => end));
  const end = text.slice(last).search(/[,;(]|\s-\s/);
  return end < 0 ? text : text.slice(0, last + end);
}

/** The line begins with a product or a quantity. */
function isListEntry(text: string, pairs: readonly Pair[], { products, quantities }: Mentions): boolean {
  const first = Math.min(
    products[0]?.start ?? Number.POSITIVE_INFINITY,
    quantities[0]?.start ?? Number.POSITIVE_INFINITY,
  );
  return pairs.length > 0 && text.slice(0, first).replaceAll(/[\s\p{P}]/gu, '') === '';
}

function lineOf(pair: Pair, segment: string): WrittenLine {
  const override = hasDirectionOverride(segment) ? '\u202e' : '';
  return {
    ...(pair.code ? { code: pair.product } : { product: pair.product }),
    description: pair.description,
    quantity: pair.quantity && (pair.ambiguous ? `${pair.quantity.text} or ?1` : `${override}${pair.quantity.text}`),
    place: '',
  };
}

function pairsOf(text: string, { products, quantities: all }: Mentions, context: MentionContext): Pair[] {
  // `120 mm` beside `40 pcs` is a measure.
  const measured = all.some(({ length }) => !length) ? all.filter(({ length }) => !length) : all;
  const { codes, described } = withDescriptions(text, products);
  const paired = new Set<QuantityMention>();
  const result: Pair[] = [];
  const open = new Set(codes);
  const add = (at: number, pair: Omit<Pair, 'at'>) => {
    result.push({ ...pair, at });
    if (pair.quantity) paired.add(pair.quantity);
  };
  const amounts =
    codes.length > 0 && measured.some(({ explicit }) => explicit) && measured.length > codes.length
      ? // Other numbers count only beside goods: `for our 3 machines`.
        measured.filter(
          (amount) =>
            amount.explicit ||
            codes.some((code) => isCounted(text, code, [amount])) ||
            phraseOf(text, amount, measured, context) !== undefined,
        )
      : measured;
  // A number such as that of an offer is no goods, unless an amount belongs to it.
  const goods = codes.filter(
    (code) => code.kind !== 'codelike' || !codes.some(({ kind }) => kind === 'code') || isCounted(text, code, amounts),
  );
  const first = [...goods, ...amounts].sort((a, b) => a.start - b.start)[0];
  const amountFirst = first !== undefined && !('kind' in first);
  const match = (code: ProductMention, quantity: QuantityMention | undefined) => {
    open.delete(code);
    add(code.start, {
      product: code.text,
      code: code.kind !== 'name',
      description: described.get(code),
      quantity,
      ambiguous: false,
    });
  };
  for (const [index, code] of codes.entries()) {
    const before = codes[index - 1]?.end ?? 0;
    const after = codes[index + 1]?.start ?? text.length;
    const near = amounts.filter(
      (amount) =>
        !paired.has(amount) &&
        (amountFirst
          ? amount.start >= before && amount.end <= code.start
          : amount.start >= code.end && amount.end <= after),
    );
    const quantity = amountFirst ? near.at(-1) : near[0];
    if (!quantity) continue;
    const gap = amountFirst ? text.slice(quantity.end, code.start) : text.slice(code.end, quantity.start);
    if (amountFirst && DOCUMENT.test(foldName(gap))) continue;
    if (code.kind === 'codelike' && !LINKS.test(gap.replace(/^\s*[-=:,]\s*/, ''))) continue;
    if (/[.;!?]\s/.test(gap.replaceAll(/(?<![\p{L}])\p{L}{1,5}\.\s/gu, ' '))) continue;
    match(code, quantity);
  }
  distribute(text, codes, amounts, open, match);
  for (const code of codes) {
    if (!open.has(code) || code.kind === 'codelike') continue;
    const next = codes[codes.indexOf(code) + 1]?.start ?? text.length;
    const quantity = amounts.find((amount) => !paired.has(amount) && amount.start >= code.end && amount.end <= next);
    if (quantity && /^[\s:=x×*,-]*$/i.test(text.slice(code.end, quantity.start))) match(code, quantity);
    else if (code.kind === 'code' || amounts.length > 0) match(code, undefined);
  }
  for (const amount of amounts) {
    if (paired.has(amount)) continue;
    const phrase =
      phraseOf(text, amount, amounts, context) ??
      (result.length > 0 ? enumerated(text, amount) : undefined) ??
      besideProduct(text, amount, products);
    if (phrase)
      add(amount.start, { product: phrase, code: false, description: undefined, quantity: amount, ambiguous: false });
    else if (amount.explicit && amount !== amounts[0]) doubt(result, amount);
  }
  if (CORRECTION.test(foldName(text))) {
    for (const amount of all) if (!paired.has(amount)) doubt(result, amount);
  }
  return result.sort((a, b) => a.at - b.at);
}

/** `5 A or 7 B`: which of them is asked about. */
function doubtAlternatives(text: string, pairs: readonly Pair[]): void {
  for (const [index, pair] of pairs.entries()) {
    const next = pairs[index + 1];
    if (!next) break;
    const end = Math.max(pair.at + pair.product.length, pair.quantity?.end ?? 0);
    const start = Math.min(next.at, next.quantity?.start ?? next.at);
    if (!/(?<![\p{L}])(?:or|oder|ou|of|o|oppure|veya|ya da)\s*$/iu.test(text.slice(end, start))) continue;
    pair.ambiguous = true;
    next.ambiguous = true;
  }
}

/** Whether an amount stands right beside what looks like a code. */
function isCounted(text: string, code: Span, amounts: readonly QuantityMention[]): boolean {
  return amounts.some((amount) =>
    amount.end <= code.start
      ? LINKS.test(text.slice(amount.end, code.start))
      : LINKS.test(text.slice(code.end, amount.start).replace(/^\s*[-=:,]\s*/, '')),
  );
}

const EACH =
  /(?<![\p{L}])(?:je|jeweils)(?= \d)|\d(?: \p{L}+\.?)? each(?: of)?(?![\p{L}])|(?<![\p{L}])(?:chacun\w*|de chaque|van elk|elk van|ieder van|ciascun\w*|di ognuno|cada un[oa]|de cada|her birinden)(?![\p{L}])/u;

/** `je 10 Stück A und B`, `10 each of A and B`: one amount for all, where no price is spoken of. */
function distribute(
  text: string,
  codes: readonly ProductMention[],
  amounts: readonly QuantityMention[],
  open: ReadonlySet<ProductMention>,
  match: (code: ProductMention, quantity: QuantityMention) => void,
): void {
  const [amount] = amounts;
  const known = codes.filter(({ kind }) => kind !== 'codelike');
  if (amounts.length !== 1 || !amount || known.length < 2 || known.length !== codes.length) return;
  if (!EACH.test(foldName(text)) || /[€$£₺]|(?<![\p{L}])(?:eur|usd|chf|gbp|price|preis)/iu.test(text)) return;
  for (const code of codes) if (open.has(code)) match(code, amount);
}

/** A second amount beside a line makes its quantity doubtful. */
function doubt(pairs: Pair[], amount: QuantityMention): void {
  const pair = pairs.findLast(({ quantity }) => quantity && quantity.start < amount.start);
  if (pair?.quantity && pair.quantity.text !== amount.text) pair.ambiguous = true;
}

/** Names beside a code describe it; names that stand alone are products themselves. */
function withDescriptions(text: string, products: readonly ProductMention[]) {
  const described = new Map<ProductMention, string>();
  const codes: ProductMention[] = [];
  for (const [index, mention] of products.entries()) {
    if (mention.kind === 'name') {
      const neighbours = [products[index - 1], products[index + 1]].filter(
        (other) => other?.kind === 'code' && !described.has(other),
      );
      const owner = neighbours.find((other) => {
        const gap =
          other!.end <= mention.start ? text.slice(other!.end, mention.start) : text.slice(mention.end, other!.start);
        return /^[\s\-:,([\]"'/|)]*$/.test(gap);
      });
      if (owner) {
        described.set(owner, mention.text);
        continue;
      }
    }
    codes.push(mention);
  }
  // A name inside a longer phrase is another thing, or nothing.
  const kept = codes.filter((mention) => mention.kind !== 'name' || standsAlone(text, mention));
  return { codes: kept, described };
}

function standsAlone(text: string, { start, end }: ProductMention): boolean {
  const after = text.slice(end).trimStart();
  const before = text.slice(0, start).trimEnd();
  const ends = after === '' || /^[\p{P}]/u.test(after) || /^\d|^[x×](?![\p{L}])/u.test(after) || startsWithEnd(after);
  const begins = before === '' || /[\p{P}\d]$/u.test(before) || /(?<![\p{L}])(?:x|×|\p{L}{1,14}\.?)$/u.test(before);
  return ends && begins;
}

function startsWithEnd(text: string): boolean {
  return PHRASE_END.exec(text)?.index === 0;
}

/** What an amount counts, when no code stands by it: `5 x Storage Box`, `Storage Box: 5 pcs`. */
function phraseOf(
  text: string,
  amount: QuantityMention,
  amounts: readonly QuantityMention[],
  { catalogue }: MentionContext,
): string | undefined {
  const next = amounts.find((other) => other.start > amount.start)?.start ?? text.length;
  const behind = text
    .slice(amount.end, next)
    .replace(/^\s*(?:[x×*]\s|of |de |d'|von |van |di )?\s*(?:the |our |your )?/iu, '');
  const stop = PHRASE_END.exec(behind)?.index ?? behind.length;
  const phrase = behind.slice(0, stop).trim();
  if (phrase && /\p{L}{2}/u.test(phrase)) {
    if (catalogue.byName(phrase).length || (phrase.split(' ').length <= 8 && amount.explicit)) return phrase;
    // A plural is no name, but something of ours is meant: it is asked about.
    const parts = [phrase, phrase.replace(/(?:es|s|en|n|e)$/i, ''), phrase.replace(/s$/i, '')];
    if (parts.some((part) => part.length > 2 && catalogue.byPartOfName(part).length > 0)) return phrase;
    return undefined;
  }
  const ahead = text.slice(0, amount.start);
  const before = /^(.*?)\s*(?:[:=,x×*]|\s-|-)\s*$/iu.exec(ahead)?.[1]?.trim();
  if (before && before.split(' ').length <= 8 && catalogue.byPartOfName(before).length > 0) return before;
  return undefined;
}

/** An amount that stands right before a name is never passed over, whatever stands behind the name. */
function besideProduct(text: string, amount: QuantityMention, products: readonly ProductMention[]): string | undefined {
  const next = products.find(({ start }) => start >= amount.end);
  if (!next || next.kind === 'codelike' || !LINKS.test(text.slice(amount.end, next.start))) return undefined;
  return text.slice(next.start).split(/[,;.]/)[0]!.trim();
}

/** One more item of an enumeration (`…, and 3 gnomes`), whatever it is. */
function enumerated(text: string, amount: QuantityMention): string | undefined {
  const before = text.slice(0, amount.start).trimEnd();
  if (!/(?:^|[,;+&]|(?<![\p{L}])(?:and|und|sowie|plus|et|ainsi que|en|alsmede|e|y|ve))$/iu.test(before))
    return undefined;
  const behind = text.slice(amount.end).trimStart();
  const phrase = behind.slice(0, PHRASE_END.exec(behind)?.index ?? behind.length).trim();
  return /^\p{L}{3}/u.test(phrase) && phrase.split(' ').length <= 5 && !NO_GOODS.test(foldName(phrase))
    ? phrase
    : undefined;
}

/** The day of an offer, of a letter, or before which nothing is wanted. */
const REFERRED_DAY =
  /(?:(?:offer|quot\w*|order|p\.?o\.?|letter|e-?mail|mail|call|invoice|angebots?|bestellung|auftrag|schreiben|anfrage|devis|offre|commande|courrier|offerte|bestelling|aanvraag|offerta|preventivo|ordine|oferta|presupuesto|cotizacion|pedido|teklif\w*|siparis\w*)(?: \S+){0,3} (?:of|dated|from|vom|v\.|du|van|d\.d\.|del|dal|de)(?: the)?|(?:not|nicht|pas|niet|non|no) (?:\S+ ){0,2}(?:before|vor|avant|voor|prima|antes)(?: \S+)?) $/u;

/** Turkish says it behind the day. */
const CUED_BEHIND =
  /^(?:'\p{L}{1,4})? (?:tarihine |tarihinde |gunu )?(?:kadar|teslim\w*|sevk\w*|itibariyle)(?![\p{L}])/u;

function datesIn(text: string, { manner, today }: MentionContext): Array<{ index: number; text: string }> {
  const folded = foldName(text);
  return findDates(folded, manner, today)
    .filter(
      (date) =>
        !REFERRED_DAY.test(folded.slice(0, date.index)) &&
        (date.sure ||
          cued(folded.slice(Math.max(0, date.index - 24), date.index)) ||
          CUED_BEHIND.test(folded.slice(date.index + date.length))),
    )
    .map(({ index, length }) => ({ index, text: folded.slice(index, index + length) }));
}

/** Words that stand before a day of delivery. */
export function cued(before: string): boolean {
  return /(?<![\p{L}])(?:by|on|until|before|till|for|due|am|bis|zum|vor|spatestens|fur den|le|au|pour|avant|d'ici|op|voor|tegen|uiterlijk|entro|il|per|prima|el|para|antes|delivery|lieferung|livraison|levering|consegna|entrega|teslim|teslim tarihi|teslimat tarihi|termin tarihi|delivery date|due date|liefertermin|lieferdatum|wunschtermin|termin|date de livraison|delai|leverdatum|data di consegna|data consegna|fecha de entrega)(?: (?:the|zum|den|dem|le|au|het|de|il|el|del|friday))*:?\s*$/u.test(
    before,
  );
}
