// Rows of cells -> order lines, by the words above the columns; without headings only where the cells leave no doubt.
import { foldMailWord, type MailField } from '../../mapping/mail-fields.ts';
import { foldName, plain } from '../text/fold.ts';
import { unitOfWord } from '../words/units.ts';
import { isReference, referenceOf } from './blocks.ts';
import type { FieldWords, FoundField } from './fields.ts';
import type { Written, WrittenCommon, WrittenLine } from './lines.ts';

export type CellRow = readonly (Written | null)[];

export interface TableReading {
  lines: WrittenLine[];
  common: WrittenCommon;
  languages: Array<readonly string[]>;
  /** Row of the headings, from 0; -1 when there are none. */
  headings: number;
  /** Rows of the table that were read, so that others can be looked at elsewhere. */
  end: number;
}

export interface TableTools {
  fields: FieldWords;
  isProduct: (text: string) => boolean;
}

interface Column {
  field: MailField;
  word: string;
  /** Unit in the heading's brackets: `Menge (kg)`. */
  unit: string | undefined;
  languages: readonly string[];
  /** Of several columns for one field the one that says best what it is. */
  rank: number;
  /** Columns that say it as well. */
  rivals: number[];
}

/** What is ordered, not what is there or was delivered. */
const ORDERED =
  /(?<![\p{L}])(?:order\w*|required|reqd|wanted|needed|requested|bestell\w*|gewunscht\w*|bedarf|command\w*|cdee|souhait\w*|besteld\w*|gewenst\w*|ordin\w*|richiest\w*|pedid\w*|solicitad\w*|siparis\w*|istenen)(?![\p{L}])/u;
/** Of the customer who writes: `your part no.` is ours, `our part no.` his own. */
const YOURS =
  /(?<![\p{L}])(?:your|supplier|vendor|ihre?|lieferanten\w*|votre|vos|fournisseur|uw|leverancier\w*|vostro|vs|fornitore|su|proveedor|sizin|tedarikci)(?![\p{L}])/u;
const OURS =
  /(?<![\p{L}])(?:our|customer|buyer|unsere?|kunden\w*|notre|nos|client|ons|onze|klant\w*|nostro|ns|cliente|nuestr[oa]|bizim|musteri)(?![\p{L}])/u;

/** Counts what is there, or was sent: no quantity of an order. */
const PAST =
  /(?<![\p{L}])(?:delivered|shipped|received|sent|invoiced|available|on hand|in stock|stock|geliefert\w*|erhalten\w*|lager\w*|bestand|vorrat|verfugbar|livree?s?|recue?s?|stock|disponibles?|geleverd\w*|ontvangen|voorraad|beschikbaar|consegnat\w*|ricevut\w*|giacenza|disponibil\w*|entregad\w*|recibid\w*|existencias|disponibles?|teslim edilen|gelen|stok\w*|mevcut)(?![\p{L}])/u;

function isPast(heading: string): boolean {
  const folded = foldName(heading);
  return PAST.test(folded) && !ORDERED.test(folded);
}

function rankOf(heading: string, { field, word }: FoundField): number {
  const folded = foldName(heading);
  if (field === 'product code') return YOURS.test(folded) ? 2 : OURS.test(folded) ? 0 : 1;
  if (field !== 'quantity') return 1;
  if (ORDERED.test(folded)) return 2;
  return foldMailWord(heading) === word ? 1 : 0;
}

type Columns = ReadonlyMap<number, Column>;

const TOTAL =
  /^(?:(?:grand|sub|order|net|gross)[ -]?)?(?:total|totals|sum|summe|gesamt(?:summe|betrag|menge|preis)?|zwischensumme|endsumme|totaux|sous-total|montant total|totaal|subtotaal|eindtotaal|totale|subtotale|importe total|suma|toplam|ara toplam|genel toplam|razem|summa)(?![\p{L}])/u;

/** Taxes, transport and discounts in rows of their own, with nothing beside the word but figures. */
const CHARGE =
  /^(?:(?:plus|incl\.?|excl\.?|zzgl\.?|inkl\.?|dont|di cui) )?(?:[\d.,]+ ?% )?(?:(?:sales|service|value added) tax|tax(?:es)?|vat|gst|hst|pst|shipping|freight|postage|carriage|handling|packing|surcharge|(?:(?:early|cash|trade) )?discount|amount due|balance due|(?:shipping|delivery|freight|handling|transport) (?:costs?|charges?|fees?)|(?:shipping|postage) (?:and|&) (?:handling|packing)|mwst|ust|mehrwertsteuer|umsatzsteuer|versand|versandkosten|fracht|frachtkosten|porto|transportkosten|verpackung|verpackungskosten|(?:neukunden|mengen)?rabatt|skonto|netto(?:summe|betrag|wert)?|brutto(?:summe|betrag)?|tva|t\.v\.a|montant (?:ht|ttc|tva)|(?:frais de )?(?:port|transport|livraison|emballage)|remise|escompte|net a payer|btw|(?:verzend|vracht|transport|administratie)kosten|korting|nettobedrag|brutobedrag|iva|i\.v\.a|imponibile|(?:spese|costi) di (?:trasporto|spedizione|imballo)|trasporto|imballo|sconto|base imponible|(?:gastos de )?(?:envio|transporte|portes|embalaje)|portes|descuento|kdv|k\.d\.v|kargo|nakliye|iskonto|indirim|matrah|moms|frakt|(?:rechnungs|auftrags|bestell|gesamt|end|netto|brutto)(?:betrag|wert|summe)|(?:invoice|order|net|gross) (?:amount|value)|importe|bedrag|montant|importo|tutar)\.?(?: ?\(?[\d.,]+ ?%\)?| ?% ?[\d.,]+)?(?: (?:ht|ttc|excl|incl|inkl|exkl)\.?)?\s*:?$/u;

const PRODUCT_FIELDS: readonly MailField[] = ['product code', 'product', 'description'];

export function cellText(cell: Written | null | undefined): string {
  if (cell === null || cell === undefined) return '';
  // `="X"` is how spreadsheets keep a text from being taken for a number.
  return String(cell)
    .trim()
    .replace(/^="([^"]*)"$/, '$1');
}

/** Nothing but headings, of goods and of something else that is no quantity. */
function isListHeading(row: CellRow, fields: FieldWords): boolean {
  const texts = row.map(cellText).filter(Boolean);
  return (
    texts.length > 1 &&
    texts.every((text) => fields.heading(text.replace(/[:：]$/, ''))) &&
    (columnsOf(row, fields, true)?.size ?? 0) > 1
  );
}

/** @param anyColumns columns without a quantity count too */
function columnsOf(row: CellRow, fields: FieldWords, anyColumns = false): Columns | undefined {
  const columns = new Map<number, Column>();
  const taken = new Set<MailField>();
  for (const [index, cell] of row.entries()) {
    const text = cellText(cell).replace(/[:：]$/, '');
    const found = text ? fields.heading(text) : undefined;
    if (!found || (found.field === 'quantity' && isPast(text))) continue;
    const rank = rankOf(text, found);
    if (taken.has(found.field)) {
      const [before, column] = [...columns].find(([, { field }]) => field === found.field)!;
      if (rank < column.rank || (rank === column.rank && found.field !== 'quantity')) continue;
      if (rank === column.rank) {
        column.rivals.push(index);
        continue;
      }
      columns.delete(before);
    }
    taken.add(found.field);
    const bracket = /[([/]\s*([^()[\]/]+)[)\]]?\s*$/.exec(text)?.[1];
    const unit = bracket && unitOfWord(bracket) ? bracket : undefined;
    const { field, word, languages } = found;
    columns.set(index, { field, word, unit, languages, rank, rivals: [] });
  }
  const has = (field: MailField) => taken.has(field);
  if (!PRODUCT_FIELDS.some(has)) return undefined;
  if (!has('quantity')) {
    // `Units wanted` may be the only word for a quantity, `Unit` beside it is none.
    const unit = [...columns].find(([, column]) => column.field === 'unit');
    if (!unit || !/units|pieces/.test(unit[1].word))
      return columns.size > 1 && (anyColumns || has('product code')) ? columns : undefined;
    columns.set(unit[0], { ...unit[1], field: 'quantity' });
  }
  return columns;
}

/** Reads the first table in the rows. Rows above the headings are left to others. */
export function readTable(rows: readonly CellRow[], tools: TableTools, place: string): TableReading | undefined {
  for (const [at, row] of rows.entries()) {
    if (at > 200) break;
    const columns = columnsOf(row, tools.fields) ?? withOrderCodes(rows, at, tools);
    if (columns && [...columns.values()].some(({ field }) => field === 'quantity')) {
      return bodyOf(rows, at, withOrderCodes(rows, at, tools) ?? columns, tools, place);
    }
  }
  const listed = rows.slice(0, 200).findIndex((row) => isListHeading(row, tools.fields));
  if (listed >= 0) {
    // Goods with their weights or prices: no number in it is a quantity.
    return bodyOf(rows, listed, columnsOf(rows[listed]!, tools.fields, true)!, tools, place);
  }
  return withoutHeadings(rows, tools, place);
}

/** `Order no.` or `No.` above our codes, and no other column for them: the number to order a product by. */
function withOrderCodes(rows: readonly CellRow[], at: number, { fields, isProduct }: TableTools): Columns | undefined {
  const headings = rows[at]!.map((cell) => fields.heading(cellText(cell))?.field);
  if (headings.includes('product code')) return undefined;
  const isCodes = (column: number) => {
    const cells = rows.slice(at + 1).map((row) => cellText(row[column]));
    const codes = cells.filter((text) => text !== '' && isProduct(text)).length;
    return codes > 0 && codes >= cells.filter(Boolean).length / 2;
  };
  const index = headings.findIndex(
    (field, column) =>
      (field === 'customer reference' || field === 'position' || field === undefined) &&
      cellText(rows[at]![column]) !== '' &&
      isCodes(column),
  );
  if (index < 0 || isCodes(headings.indexOf('product'))) return undefined;
  const renamed = rows[at]!.map((cell, column) => (column === index ? CODE_HEADING : cell));
  return columnsOf(renamed, fields);
}

const CODE_HEADING = 'Product code';

function bodyOf(
  rows: readonly CellRow[],
  headings: number,
  columns: Columns,
  tools: TableTools,
  place: string,
): TableReading {
  const lines: WrittenLine[] = [];
  let end = headings + 1;
  for (let at = headings + 1; at < rows.length; at++) {
    const row = rows[at]!;
    if (columnsOf(row, tools.fields)?.size === columns.size) continue;
    const line = lineOf(row, columns, tools, `${place}, row ${at + 1}`);
    if (!line) continue;
    lines.push(line);
    end = at + 1;
  }
  const languages = [...columns.values()].map((column) => column.languages);
  return { lines, common: {}, languages, headings, end };
}

function lineOf(row: CellRow, columns: Columns, tools: TableTools, place: string): WrittenLine | undefined {
  const filled = row.filter((cell) => cellText(cell) !== '');
  if (filled.length === 0 || filled.every((cell) => /^[-=_.\s|+:]+$/.test(cellText(cell)))) return undefined;
  const cells = new Map<MailField, { value: Written; column: Column }>();
  for (const [index, column] of columns) {
    const cell = row[index];
    if (cellText(cell) !== '')
      cells.set(column.field, { value: typeof cell === 'number' ? cell : cellText(cell), column });
  }
  const text = (field: MailField) => {
    const cell = cells.get(field);
    return cell === undefined ? undefined : String(cell.value);
  };
  const code = text('product code');
  const named = code ?? text('product') ?? text('description');
  if (!code || !tools.isProduct(code)) {
    if (filled.some((cell) => TOTAL.test(foldName(cellText(cell))))) return undefined;
  }
  const quantity = cells.get('quantity');
  if (!quantity && !(code && tools.isProduct(code)) && filled.some((cell) => CHARGE.test(foldName(cellText(cell)))))
    return undefined;
  // A note or a title in the table: one cell that names nothing.
  if (!quantity && filled.length === 1 && !(named && tools.isProduct(named))) return undefined;
  if (!quantity && named === undefined) return undefined;
  // A description that runs on in the next row.
  if (!quantity && !code && !text('product') && columns.size > 2 && hasColumn(columns, 'product code', 'product'))
    return undefined;
  const line: WrittenLine = { place };
  if (code) {
    line.code = code;
    if (/(?:^| )id$/.test(cells.get('product code')!.column.word)) line.codeIsId = true;
  }
  line.product = text('product');
  line.description = text('description');
  // Two columns that both count, and differ: which one is meant is asked about.
  const rivals = (quantity?.column.rivals ?? []).map((index) => cellText(row[index])).filter(Boolean);
  const differs = quantity !== undefined && rivals.some((other) => other !== cellText(quantity.value));
  line.quantity = differs ? [cellText(quantity.value), ...rivals].join(' or ') : quantity?.value;
  line.unit = text('unit') ?? quantity?.column.unit;
  line.deliveryDate = text('delivery date');
  line.orderDate = text('order date');
  const reference = text('customer reference');
  if (reference && isReference(reference)) line.customerReference = referenceOf(reference);
  return line;
}

function hasColumn(columns: Columns, ...fields: MailField[]): boolean {
  return [...columns.values()].some(({ field }) => fields.includes(field));
}

/** Cells that are surely codes in one column, and one other column of numbers. */
function withoutHeadings(rows: readonly CellRow[], { isProduct }: TableTools, place: string): TableReading | undefined {
  const filled = rows.map((row, at) => ({ row, at })).filter(({ row }) => row.some((cell) => cellText(cell) !== ''));
  const width = Math.max(0, ...filled.map(({ row }) => row.length));
  const cells = (column: number) => filled.map(({ row }) => cellText(row[column]));
  const all = [...Array(width).keys()];
  const codes = all.filter((column) => {
    const texts = cells(column);
    // Plain numbers may be ids, positions or quantities alike.
    return texts.filter((text) => /\D/.test(text) && isProduct(text)).length >= Math.max(1, texts.length / 2);
  });
  const [code] = codes;
  if (code === undefined) return undefined;
  // Words above the columns that are none of ours.
  const [top] = filled;
  const headed = !isProduct(cellText(top!.row[code])) && top!.row.every((cell) => !/\d/.test(cellText(cell)));
  const numbers = all.filter((column) => {
    if (column === code) return false;
    const texts = cells(column)
      .slice(headed ? 1 : 0)
      .filter(Boolean);
    return texts.length > 0 && texts.every((text) => /^\d[\d.,' ]*\s*(?:\p{L}+\.?)?$/u.test(plain(text)));
  });
  const counting = numbers.filter((column) =>
    cells(column)
      .slice(headed ? 1 : 0)
      .every((text, index) => text.replace(/\D/g, '') === String(index + 1)),
  );
  const amounts = numbers.length > 1 ? numbers.filter((column) => !counting.includes(column)) : numbers;
  if (amounts.length === 0) return undefined;
  const lines = (headed ? filled.slice(1) : filled)
    .filter(({ row }) => isProduct(cellText(row[code])) || amounts.some((column) => cellText(row[column]) !== ''))
    .filter(({ row }) => !row.some((cell) => TOTAL.test(foldName(cellText(cell)))))
    .map(({ row, at }): WrittenLine => {
      const [amount] = amounts;
      // Two columns of numbers and no word above them: which one is meant is asked about.
      const quantity =
        amounts.length > 1
          ? amounts.map((column) => cellText(row[column])).join(' or ')
          : // Whether numbers below a word that is not known are quantities is asked about.
            headed && cellText(top!.row[amount!]) !== '' && cellText(row[amount!]) !== ''
            ? `about ${cellText(row[amount!])}`
            : (row[amount!] ?? undefined);
      return {
        code: cellText(row[code]) || undefined,
        quantity: typeof quantity === 'number' ? quantity : cellText(quantity) || undefined,
        place: `${place}, row ${at + 1}`,
      };
    });
  return { lines, common: {}, languages: [], headings: -1, end: rows.length };
}
