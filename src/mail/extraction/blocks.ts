// The layout of keys: `- Product: X` and `- Quantity: 5` below each other. A blank or separator line, a position or a repeated
// key begins the next line; keys before the first line, or in a paragraph without product and quantity, hold for all lines.
import { foldMailWord, type MailField } from '../../mapping/mail-fields.ts';
import { type BodyItem, isBlank } from '../text/items.ts';
import type { FieldWords } from './fields.ts';
import { isPosition, type KeyValue, keyLine } from './keys.ts';
import type { WrittenCommon, WrittenLine, WrittenOrder } from './lines.ts';

type Values = Map<MailField, KeyValue>;

const LINE_FIELDS = new Set<MailField>(['product code', 'product', 'description', 'quantity', 'unit', 'delivery date']);
const GOODS = ['product code', 'product', 'description', 'quantity'] as const;
const SEPARATOR = /^\s*(?:[-=_*#~.]\s?){3,}\s*$/u;

const TOTAL_KEY = /^(?:grand )?(?:total|totals|sum|summe|gesamt\p{L}*|totale|totaal|toplam)(?: |$)|^gesamtmenge/u;

interface Block {
  values: Values;
  /** First line of the block in the body, from 1. */
  at: number;
}

export interface BlockReading {
  order: WrittenOrder | undefined;
  /** What the keys of the mail say, also when they make no lines. */
  common: WrittenCommon;
  /** Languages of the keys that were found. */
  languages: Array<readonly string[]>;
}

/** @param isProduct whether a text names a product that is known, for keys that may mean a reference or a product */
export function readBlocks(
  items: readonly BodyItem[],
  fields: FieldWords,
  isProduct: (text: string) => boolean,
): BlockReading {
  const blocks: Block[] = [];
  const common: WrittenCommon = {};
  const languages: Array<readonly string[]> = [];
  let block: Block | undefined;
  /** An address goes on in the lines below its key. */
  let open: 'below' | 'beside' | undefined;
  let numberedBefore = false;
  const close = () => {
    if (block && block.values.size > 0) blocks.push(block);
    block = undefined;
    open = undefined;
  };
  for (const [index, item] of items.entries()) {
    if (item.kind === 'table' || isBlank(item) || SEPARATOR.test(item.text) || isPosition(item.text)) {
      if (!(open && block?.values.get('delivery address')?.value === '' && isBlank(item))) close();
      continue;
    }
    const keys = keyLine(item.text, fields);
    const last = keys?.pairs.at(-1);
    if (last?.value === '') last.value = valueBelow(last.field, items[index + 1], fields, isProduct);
    if (!keys) {
      const address = block?.values.get('delivery address');
      if (open && address && goesOn(address.value, item.text, open)) {
        address.value = [address.value, item.text.trim().replace(/,$/, '')].filter(Boolean).join(', ');
      }
      continue;
    }
    open = undefined;
    for (const pair of keys.pairs) languages.push(pair.found.languages);
    const fresh = keys.numbered && keys.pairs.some(({ field }) => LINE_FIELDS.has(field)) && numberedBefore;
    numberedBefore = keys.numbered || (numberedBefore && !isBlank(item));
    if (fresh) close();
    for (const read of keys.pairs) {
      const pair = asProduct(read, block?.values, isProduct);
      const repeated =
        block?.values.has(pair.field) &&
        (LINE_FIELDS.has(pair.field) || pair.field === 'position' || pair.field === 'order date');
      if (repeated || (pair.field === 'position' && block && hasGoods(block))) close();
      block ??= { values: new Map(), at: index + 1 };
      if (pair.value === '' && block.values.has(pair.field)) continue;
      block.values.set(pair.field, pair);
      if (pair.field === 'delivery address') open = pair.value === '' ? 'below' : 'beside';
    }
  }
  close();
  return { ...collect(blocks, common, isProduct), languages };
}

/** A reference that names a product of ours is one, where the block has no other. */
function asProduct(pair: KeyValue, values: Values | undefined, isProduct: (text: string) => boolean): KeyValue {
  if (pair.field !== 'customer reference' || !isProduct(pair.value)) return pair;
  return values?.get('product code')?.value || values?.get('product')?.value
    ? pair
    : { ...pair, field: 'product code' };
}

/** The value of a key that stands alone in its line, where the next line is surely one. */
function valueBelow(
  field: MailField,
  item: BodyItem | undefined,
  fields: FieldWords,
  isProduct: (text: string) => boolean,
): string {
  if (item?.kind !== 'line' || keyLine(item.text, fields)) return '';
  const text = item.text.trim();
  if (field === 'quantity') return /^\d[\d.,']*(?:\s*\p{L}{1,12}\.?)?$/u.test(text) ? text : '';
  return (field === 'product' || field === 'product code') && isProduct(text) ? text : '';
}

/** Whether an address goes on in this line: below a key without a value, behind a comma, or with a postal code. */
function goesOn(address: string, text: string, place: 'below' | 'beside'): boolean {
  const next = text.trim();
  if (!/[\p{L}\d]/u.test(next) || /[?!:]/.test(next) || address.split(', ').length > 8) return false;
  return place === 'below' || address.endsWith(',') || /^(?:[A-Z]{1,2}-)?\d{4,6}(?!\d)/.test(next);
}

function hasGoods(block: Block): boolean {
  return GOODS.some((field) => block.values.get(field)?.value);
}

function collect(
  blocks: readonly Block[],
  common: WrittenCommon,
  isProduct: (text: string) => boolean,
): Pick<BlockReading, 'order' | 'common'> {
  const lines: WrittenLine[] = [];
  for (const block of blocks) {
    const { values } = block;
    const reference = values.get('customer reference');
    if (
      reference &&
      !values.get('product code')?.value &&
      !values.get('product')?.value &&
      isProduct(reference.value)
    ) {
      values.set('product code', { ...reference, field: 'product code' });
      values.delete('customer reference');
    }
    takeCommon(values, common);
    if (!isLine(values)) {
      takeDate(values, common);
      continue;
    }
    const first = lines.length === 0;
    lines.push(lineOf(block));
    // Keys that stand before the first line hold for all that say nothing else.
    if (first) takeLeading(values, common);
  }
  if (!lines.some((line) => line.quantity !== undefined || line.code || line.product))
    return { order: undefined, common };
  return { order: { layout: 'blocks', lines, common }, common };
}

/** A description alone, or a heading such as `Articles:` without a value, is no line. */
function isLine(values: Values): boolean {
  // `Total quantity: 12` below the lines.
  if (!namesProduct(values) && TOTAL_KEY.test(foldMailWord(values.get('quantity')?.key ?? ''))) return false;
  if (values.get('quantity')) return values.get('quantity')!.value !== '' || namesProduct(values);
  return namesProduct(values);
}

function namesProduct(values: Values): boolean {
  return Boolean(values.get('product code')?.value || values.get('product')?.value);
}

function takeCommon(values: Values, common: WrittenCommon): void {
  const reference = values.get('customer reference')?.value;
  if (reference && !common.customerReference && isReference(reference))
    common.customerReference = referenceOf(reference);
  const address = values.get('delivery address')?.value;
  if (address) common.address ??= address;
  const orderDate = values.get('order date')?.value;
  if (orderDate) common.orderDate ??= orderDate;
}

function takeDate(values: Values, common: WrittenCommon): void {
  const date = values.get('delivery date')?.value;
  if (date) common.deliveryDate ??= date;
}

function takeLeading(values: Values, common: WrittenCommon): void {
  for (const field of values.keys()) {
    if ((GOODS as readonly string[]).includes(field)) return;
    if (field === 'delivery date') takeDate(values, common);
  }
}

export function isReference(value: string): boolean {
  return /\d/.test(value) && value.length <= 60 && value.split(/\s+/).length <= 4;
}

export function referenceOf(value: string): string {
  return value
    .trim()
    .replace(/[.,;]+$/, '')
    .replace(/^(?:(?:no|nr)(?![\p{L}\p{N}-])|n°|nº|#)[.:\s]*/iu, '')
    .trim();
}

function lineOf({ values, at }: Block): WrittenLine {
  const value = (field: MailField) => values.get(field)?.value || undefined;
  const line: WrittenLine = { place: `line ${at}` };
  const code = values.get('product code');
  if (code?.value) {
    line.code = code.value;
    if (/(?:^| )id$/.test(code.found.word)) line.codeIsId = true;
  }
  line.product = value('product');
  line.description = value('description');
  // A key without a value says that a quantity belongs here.
  line.quantity = values.has('quantity') ? values.get('quantity')!.value : undefined;
  line.unit = value('unit');
  line.deliveryDate = value('delivery date');
  line.orderDate = value('order date');
  return line;
}
