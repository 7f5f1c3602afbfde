// What an answer says: the view that its template is filled with, from the conversation, the lines, and what Odoo has made. Pure.
import type { Catalogue, CatalogueProduct } from '../catalogue.ts';
import type { EffectResults } from '../conversation/effects.ts';
import type { Conversation, Detail, LineRecord, ShortLine } from '../conversation/model.ts';
import type { Effect } from '../conversation/states.ts';
import type { MadeOrder } from '../orders/made-orders.ts';
import { addDays } from '../orders/promise.ts';
import type { VendorRequest } from '../orders/replenish.ts';
import type { Choice, ReadingError } from '../reading.ts';
import { foldName } from '../text/fold.ts';
import { type Language, nameIn } from './language.ts';
import type { TemplateName } from './templates.ts';
import { type Formats, formatsOf, problemOf, whereOf } from './words.ts';

export interface AnswerGiven {
  conversation: Conversation;
  detail: Detail;
  results: EffectResults;
  catalogue: Catalogue;
  /** Products that may be named as available, the best first. */
  products: readonly CatalogueProduct[];
  company: string;
  currency: string;
  language: Language;
  links: Readonly<Record<Choice, string>> | null;
  /** Orders that were made in this conversation before. */
  made: readonly { name: string }[];
  /** Tokens for the questions that are open, in their order. */
  tokens: readonly string[];
}

export const ANSWERS: Readonly<Partial<Record<Effect, TemplateName>>> = {
  'answer-confirmation': 'confirmation',
  'answer-shortage': 'shortage',
  'answer-errors': 'errors',
  'answer-waiting': 'waiting',
  'answer-cancelled': 'cancelled',
  'answer-choices-again': 'choices-again',
  'answer-repeated': 'repeated',
  'answer-reminder': 'reminder',
  'answer-expired': 'expired',
  'answer-which': 'which',
};

const NOT_TO_BE_HAD = new Set(['unknown', 'archived', 'not-for-sale']);
const NEAR = 5;
const AVAILABLE = 10;

export function answerView(given: AnswerGiven): object {
  const { conversation, detail, results, language, catalogue, company } = given;
  const format = formatsOf(language);
  const short = detail.short.length > 0 ? detail.short : conversation.short;
  const errors = detail.errors.length > 0 ? detail.errors : conversation.errors;
  const lines = detail.lines.length > 0 ? detail.lines : conversation.lines;
  const missing = lines.filter(({ outcome }) => outcome === 'not-produced');
  const notProduced = missing.length > 0 ? missing : lines.filter(({ line }) => isMissing(errors, line));
  const problems = errors.filter(({ field, problem }) => !(field === 'product' && NOT_TO_BE_HAD.has(problem)));
  const { order } = results;
  return {
    name: conversation.customerName,
    company,
    subject: plainSubject(conversation.subject),
    reference: detail.reference,
    several: short.length > 1,
    ...(order ? orderView(order, detail, format) : {}),
    ordered: order !== null,
    short: short.map((line) => shortView(line, given, format)),
    hasShort:
      short.length > 0 &&
      (conversation.state === 'waiting-for-choice' ||
        conversation.state === 'person' ||
        conversation.state === 'expired'),
    nothingFree: detail.nothingFree === true,
    // Without it nobody is offered a part of nothing.
    someFree: short.some(({ free }) => free > 1e-9),
    hasNotProduced: notProduced.length > 0,
    onlyNotProduced: problems.length === 0 && notProduced.length > 0,
    notProduced: notProduced.map((line) => ({ what: writtenName(line, given) })),
    near: nearest(notProduced, given).map((product) => productView(product, given, format)),
    available: available(short, given).map((product) => productView(product, given, format)),
    problems: problems.map((error) => ({ where: whereOf(error, language), what: problemView(error, lines, given) })),
    example: exampleOf(given, format),
    leftOut: detail.leftOut.map(({ product, written, quantity, uom }) => ({
      what: `${quantity === null ? '' : `${format.quantity(quantity, uom)} `}${product === null ? (written ?? '?') : productName(catalogue.product(product), language)}`,
    })),
    rest: restOf(given, format),
    made: given.made,
    links: given.links && { one: given.links[1], two: given.links[2], three: given.links[3] },
    received: format.instant(conversation.receivedAt.getTime()),
    deadline: conversation.expireAt ? format.instant(conversation.expireAt.getTime()) : '',
    questions: (detail.questions ?? []).map(({ receivedAt, reference, lines: asked }, index) => ({
      token: given.tokens[index] ?? '',
      received: format.instant(receivedAt),
      reference,
      what: asked
        .map(
          (line) =>
            `${format.quantity(line.quantity, unitOf(line, given))} ${productName(catalogue.product(line.product), language)}`,
        )
        .join(', '),
    })),
  };
}

/** What is wrong, with what was read; of a name that fits several products, which. */
function problemView(error: ReadingError, lines: readonly LineRecord[], given: AnswerGiven): string {
  const { language } = given;
  const found = lines.find(({ line }) => line === error.line);
  const what = problemOf(error, language, found ? writtenOf(error, found) : writtenForAll(error, lines));
  if (!found || error.field !== 'product' || error.problem !== 'ambiguous') return what;
  const fitting = nearest([found], given).map((product) => productName(product, language));
  return fitting.length > 1 ? `${what}: ${fitting.join('; ')}` : what;
}

function writtenOf({ field }: ReadingError, { written, texts }: LineRecord): string | null {
  if (field === 'product') return written;
  // A unit often stands with its quantity.
  if (field === 'uom') return texts?.uom ?? texts?.quantity ?? null;
  return field === 'quantity' || field === 'deliveryDate' ? (texts?.[field] ?? null) : null;
}

function writtenForAll(error: ReadingError, lines: readonly LineRecord[]): string | null {
  const texts = new Set(lines.map((line) => writtenOf(error, line)));
  return error.field === 'deliveryDate' && texts.size === 1 ? [...texts][0]! : null;
}

function isMissing(errors: Detail['errors'], line: number): boolean {
  return errors.some((error) => error.line === line && error.field === 'product' && NOT_TO_BE_HAD.has(error.problem));
}

function orderView(order: MadeOrder, { order: asked, short }: Detail, format: Formats): object {
  // One day is the order's own; several are told line by line.
  const several = new Set(asked.map(({ day }) => day)).size > 1;
  const left = [...asked];
  return {
    byDay: several,
    // What waits for stock has the day that we promised.
    promised: asked.some(
      ({ product, day }) => day !== null && short.some((line) => line.product === product && line.promise === day),
    ),
    number: order.name,
    quotation: order.state === 'draft' || order.state === 'sent',
    lines: order.lines.map((line) => ({
      day: dayOf(line.product, left, format),
      product: line.name,
      quantity: format.quantity(line.quantity, line.unit),
      price: format.money(line.price, order.currency) + (line.discount ? ` (-${line.discount} %)` : ''),
      amount: format.money(line.untaxed, order.currency),
    })),
    untaxed: format.money(order.untaxed, order.currency),
    tax: format.money(order.tax, order.currency),
    total: format.money(order.total, order.currency),
    day: several || order.day === null ? null : format.day(order.day),
  };
}

function dayOf(product: number, left: Detail['order'][number][], format: Formats): string {
  const index = left.findIndex((line) => line.product === product);
  const [line] = index < 0 ? [] : left.splice(index, 1);
  return line?.day ? format.day(line.day) : '';
}

function unitOf({ uom, product }: Pick<ShortLine, 'uom' | 'product'>, { catalogue }: AnswerGiven): string {
  return uom ?? catalogue.product(product)?.uom ?? '';
}

function shortView(line: ShortLine, given: AnswerGiven, format: Formats): object {
  const { catalogue, language } = given;
  const product = catalogue.product(line.product);
  return {
    product: productName(product, language),
    wanted: format.quantity(line.quantity, unitOf(line, given)),
    free: format.quantity(Math.max(0, Math.min(line.free, 1e12)), product?.uom ?? ''),
    promise: line.promise === null ? null : format.day(line.promise),
  };
}

/** After choice 1: what was not free. */
function restOf({ conversation, detail, results, catalogue, language }: AnswerGiven, format: Formats): object[] {
  if (results.order === null || conversation.state !== 'ordered' || detail.short.length === 0) return [];
  return detail.short.flatMap((line) => {
    const product = catalogue.product(line.product);
    const taken = detail.order
      .filter((each) => each.product === line.product)
      .reduce((sum, each) => sum + (each.held ?? line.wanted), 0);
    const rest = Number((line.wanted - taken).toPrecision(12));
    if (rest <= 1e-9) return [];
    return [{ what: `${format.quantity(rest, product?.uom ?? '')} ${productName(product, language)}` }];
  });
}

function productName(product: CatalogueProduct | undefined, language: Language): string {
  if (!product) return '';
  const name = nameIn(product.name, language);
  return product.default_code ? `[${product.default_code}] ${name}` : name;
}

function productView(product: CatalogueProduct, { language, currency }: AnswerGiven, format: Formats): object {
  return {
    product: productName(product, language),
    free: product.free === null ? '' : format.quantity(product.free, product.uom),
    price: format.money(product.price, currency),
  };
}

const PRODUCT = { en: 'Product', fr: 'Produit', de: 'Produkt' } as const;

function writtenName(line: LineRecord, { catalogue, language }: AnswerGiven): string {
  const known = line.product === null ? undefined : catalogue.product(line.product);
  const name = known ? productName(known, language) : (line.written ?? '');
  // A number alone would read as the first of a list.
  if (/^\d+$/.test(name)) return `${PRODUCT[language]} ${name}`;
  return name || `${whereOf({ line: line.line, field: 'product', problem: '' }, language)}`;
}

/** Words of a name that tell what a thing is. */
function wordsOf(text: string): Set<string> {
  return new Set(foldName(text).match(/[\p{L}\p{N}]{3,}/gu) ?? []);
}

function likeness(product: CatalogueProduct, words: ReadonlySet<string>): number {
  const own = wordsOf(`${product.default_code ?? ''} ${Object.values(product.name).join(' ')}`);
  let score = 0;
  for (const word of words) if (own.has(word)) score++;
  return score;
}

function nearest(lines: readonly LineRecord[], given: AnswerGiven): CatalogueProduct[] {
  const { catalogue, products } = given;
  const texts = lines.map(({ product, written }) =>
    product === null ? (written ?? '') : Object.values(catalogue.product(product)?.name ?? {}).join(' '),
  );
  const words = wordsOf(texts.join(' '));
  return products
    .map((product) => ({ product, score: likeness(product, words) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || a.product.id - b.product.id)
    .slice(0, NEAR)
    .map(({ product }) => product);
}

/** Of what is in stock, what is most like the short products first. */
function available(short: readonly ShortLine[], given: AnswerGiven): CatalogueProduct[] {
  const { catalogue, products } = given;
  const ids = new Set(short.map(({ product }) => product));
  const words = wordsOf([...ids].flatMap((id) => Object.values(catalogue.product(id)?.name ?? {})).join(' '));
  return products
    .filter((product) => !ids.has(product.id) && product.free !== null && product.free > 0)
    .map((product) => ({ product, score: likeness(product, words) }))
    .toSorted((a, b) => b.score - a.score || a.product.id - b.product.id)
    .slice(0, AVAILABLE)
    .map(({ product }) => product);
}

function exampleOf({ products, detail, language }: AnswerGiven, format: Formats): object {
  const product = products.find(({ default_code }) => default_code !== null) ?? products[0];
  return {
    product: product?.default_code ?? (product ? nameIn(product.name, language) : 'AB-123'),
    quantity: format.quantity(10, null),
    day: format.day(addDays(detail.today, 14)),
  };
}

/** Without marks of answers and forwards, and without our own tokens. */
export function plainSubject(subject: string): string {
  return subject
    .replace(/\[?PB-[A-Z2-7]{12}\]?/gi, '')
    .replace(/^(?:\s*(?:re|aw|antw|sv|ynt|rif|r|tr|fw|fwd|wg)\s*:)+/i, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 120);
}

/** For the vendor, in his language where there are templates for it. */
export function vendorView(request: VendorRequest, company: string, language: Language, catalogue: Catalogue): object {
  const format = formatsOf(language);
  return {
    name: request.name,
    company,
    number: request.order,
    lines: request.lines.map(({ product, name, code, quantity, unit, day }) => ({
      product: productName(catalogue.product(product), language) || [code, name].filter(Boolean).join(' '),
      quantity: format.quantity(quantity, unit),
      day: day === null ? null : format.day(day),
    })),
  };
}
