// A mail's text and attachments -> one order, looked up and checked; or nothing, with what was there.
import type { Mail } from '../mail.ts';
import type { ReadingLine } from '../reading.ts';
import { foldName } from '../text/fold.ts';
import { type BodyItem, isBlank, textOf } from '../text/items.ts';
import { withoutSignature } from '../text/signature.ts';
import { languageOf } from '../words/languages.ts';
import { reportsOnly, sentencesOf } from '../words/sentences.ts';
import type { UnitTable } from '../words/units.ts';
import { type AttachmentReading, readAttachment, together } from './attachments.ts';
import { type BodyContext, type BodyReading, looksLikeOrder, readBody, toolsOf } from './body.ts';
import { type Evaluated, type EvaluationContext, evaluate } from './evaluate.ts';
import type { WrittenOrder } from './lines.ts';
import { mannerOf } from './manner.ts';
import { referenceInSubject } from './reference.ts';

export interface ExtractionContext extends Omit<EvaluationContext, 'manner'> {
  fields: BodyContext['fields'];
  subject: string;
}

export interface Extraction {
  evaluated: Evaluated | undefined;
  layout: WrittenOrder['layout'] | undefined;
  /** The text that was read, without history and signature. */
  text: string;
  language: string | undefined;
  /** Something is attached that was not read, or refused. */
  unread: boolean;
  /** A file that may be an order was refused: too large, broken, or not to be trusted. */
  refused: boolean;
}

/** Files of one mail that are read as orders. */
const FILES = { files: 25, bytes: 20_000_000 };

interface Version {
  items: BodyItem[];
  reading: BodyReading;
  evaluated: Evaluated | undefined;
}

/**
 * @param versions the same text as plain text and as HTML, history cut off; the one that can be read counts
 */
export async function extract(
  versions: ReadonlyArray<readonly BodyItem[]>,
  attachments: Mail['attachments'],
  context: ExtractionContext,
): Promise<Extraction> {
  const texts = versions.filter((items) => !items.every(isBlank));
  const plainText = texts[0] ? textOf(texts[0]) : '';
  const guess = bodyContext(context, languageOf(`${context.subject}\n${plainText}`));
  const cut = texts.map((items) => withoutSignature(items, (rest) => looksLikeOrder(rest, guess)));
  const read = (items: readonly BodyItem[], language: string | undefined): Version => {
    const body = bodyContext(context, language);
    const reading = readBody(items, body);
    return {
      items: [...items],
      reading,
      evaluated: reading.order && evaluate(reading.order, { ...context, manner: body.manner }),
    };
  };
  const first = cut.map((items) => read(items, guess.manner.language));
  const files: AttachmentReading[] = [];
  let budget = FILES;
  for (const attachment of attachments) {
    const file = await readAttachment(attachment, guess, budget);
    if (file.kind !== 'other') budget = { files: budget.files - 1, bytes: budget.bytes - attachment.content.length };
    files.push(file);
  }
  const hints = [
    ...first.flatMap(({ reading }) => reading.languages),
    ...files.flatMap((file) => (file.kind === 'order' ? file.languages : [])),
  ];
  const language = languageOf(`${context.subject}\n${plainText}`, hints);
  const settled = language === guess.manner.language ? first : cut.map((items) => read(items, language));
  const best = settled.reduce<Version | undefined>(
    (kept, next) => (kept && goodLines(kept) >= goodLines(next) ? kept : next),
    undefined,
  );
  const manner = mannerOf(context.customer, language, context.catalogue.units);
  const differing = differenceOf(settled, context.catalogue.units);
  const text = best ? textOf(best.items) : '';
  // A list of what is open or in stock comes as a file too.
  const onRecord = !best?.evaluated && reportsOnly([context.subject, ...sentencesOf(text)].map(foldName));
  const orders = onRecord ? [] : filesAsOrders(files, { ...context, manner });
  const order = merge(best, orders, { ...context, manner });
  const unread = attachments.some((attachment, index) => {
    const { kind } = files[index]!;
    return kind === 'refused' || (kind === 'other' && attachment.type !== 'message/rfc822');
  });
  const refused = files.some(({ kind }) => kind === 'refused');
  const result = { text, language, unread, refused, layout: order?.layout };
  // A file that was refused may hold more of the order: no half of it is ordered.
  if (!order || refused) return { ...result, evaluated: undefined };
  const common = { ...order.common };
  common.customerReference ??=
    best?.reading.common.customerReference ?? referenceInSubject(context.subject, toolsOf(guess));
  common.address ??= best?.reading.common.address;
  common.orderDate ??= best?.reading.common.orderDate;
  if (!order.lines.some(({ deliveryDate }) => deliveryDate)) common.deliveryDate ??= best?.reading.common.deliveryDate;
  const evaluated = evaluate({ ...order, common }, { ...context, manner });
  const settledOrder = order.contradicted ? contradict(evaluated, order.contradicted) : evaluated;
  return { ...result, evaluated: order === best?.reading.order ? doubtful(settledOrder, differing) : settledOrder };
}

function bodyContext(context: ExtractionContext, language: string | undefined): BodyContext {
  return {
    catalogue: context.catalogue,
    company: context.customer?.company.id,
    fields: context.fields,
    manner: mannerOf(context.customer, language, context.catalogue.units),
    subject: context.subject,
    today: context.today,
  };
}

function goodLines({ evaluated, reading }: Version): number {
  if (!evaluated) return 0;
  const wrong = new Set(evaluated.errors.map(({ line }) => line));
  // More lines without an error are better; an order that is all wrong is better than none.
  return evaluated.order.lines.filter((_, index) => !wrong.has(index + 1)).length + (reading.order ? 0.5 : 0);
}

interface Difference {
  /** From 0. */
  line: number;
  field: 'product' | 'quantity';
}

/** The plain part and the HTML part are the same mail: where both can be read and differ, nobody knows which one is meant. */
function differenceOf([first, second]: readonly Version[], units: UnitTable): Difference[] {
  const lines = first?.evaluated?.order.lines ?? [];
  const others = second?.evaluated?.order.lines ?? [];
  if (first?.evaluated?.errors.length || second?.evaluated?.errors.length || lines.length !== others.length) return [];
  return lines.flatMap((one, line): Difference[] => {
    const other = others[line]!;
    if (one.product !== other.product) return [{ line, field: 'product' }];
    return keyOf(one, units) === keyOf(other, units) ? [] : [{ line, field: 'quantity' }];
  });
}

function doubtful({ order, errors, written }: Evaluated, differences: readonly Difference[]): Evaluated {
  const lines = order.lines.map((line, index) => {
    const found = differences.find((difference) => difference.line === index);
    if (!found) return line;
    return found.field === 'product' ? { ...line, product: null, uom: null } : { ...line, quantity: null };
  });
  const more = differences.map(({ line, field }) => ({ line: line + 1, field, problem: 'ambiguous' }));
  return { order: { ...order, lines }, errors: [...errors, ...more], written };
}

type Merged = WrittenOrder & { contradicted?: ReadonlySet<number> };

/** The same order in two files counts once; different ones are put together. */
function filesAsOrders(files: readonly AttachmentReading[], context: EvaluationContext): WrittenOrder[] {
  const orders: WrittenOrder[] = [];
  for (const file of files) {
    if (file.kind !== 'order') continue;
    const { units } = context.catalogue;
    const keys = keysOf(evaluate(file.order, context).order.lines, units);
    const repeats = orders.some((other) => {
      const { customerReference: own } = file.order.common;
      const { customerReference: theirs } = other.common;
      if (own && theirs && own !== theirs) return false;
      return (
        (other.layout !== file.order.layout || own !== undefined) &&
        same(keysOf(evaluate(other, context).order.lines, units), keys)
      );
    });
    if (!repeats) orders.push(file.order);
  }
  return orders;
}

function merge(
  body: Version | undefined,
  files: readonly WrittenOrder[],
  context: EvaluationContext,
): Merged | undefined {
  const own = body?.reading.order;
  if (files.length === 0) return own;
  const attached = together(files);
  if (!own || !body?.evaluated) return attached;
  const theirs = evaluate(attached, context).order.lines;
  const mine = body.evaluated.order.lines.filter(({ product }) => product !== null);
  if (mine.length === 0) return attached;
  const amounts = new Map(theirs.map((line) => [line.product, line]));
  const known = mine.filter(({ product }) => amounts.has(product));
  if (known.length === 0) return together([own, attached]);
  const { units } = context.catalogue;
  // The text speaks of lines of the file: it repeats them, or contradicts them.
  const contradicted = new Set<number>();
  for (const line of known) {
    const keys = theirs.filter(({ product }) => product === line.product).map((their) => keyOf(their, units));
    if (line.quantity !== null && !keys.includes(keyOf(line, units))) contradicted.add(line.product!);
  }
  return contradicted.size ? { ...attached, contradicted } : attached;
}

function contradict(evaluated: Evaluated, products: ReadonlySet<number>): Evaluated {
  const errors = [...evaluated.errors];
  for (const [index, line] of evaluated.order.lines.entries()) {
    if (line.product !== null && products.has(line.product))
      errors.push({ line: index + 1, field: 'quantity', problem: 'ambiguous' });
  }
  return { ...evaluated, errors };
}

/** Product and quantity of a line, in the unit's reference, to compare lines with. */
export function keyOf(line: ReadingLine, units: UnitTable): string {
  const unit = line.uom ? units.ofName(line.uom) : undefined;
  const quantity = line.quantity === null ? null : Number((line.quantity * (unit?.factor ?? 1)).toPrecision(12));
  return `${line.product} ${quantity} ${unit?.kind ?? ''}`;
}

function keysOf(lines: readonly ReadingLine[], units: UnitTable): string[] {
  return lines.map((line) => keyOf(line, units)).sort();
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}
