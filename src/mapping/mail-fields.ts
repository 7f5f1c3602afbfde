// Fields of an order that customers write in mails, and the words that they use for them. Who reads mails decides by the place
// where a word stands: before a colon (line), or as the heading of a column (table).

/** `price`, `amount`, `position` and `ignore` are read so that they are not taken for something else; orders do without them. */
export const MAIL_FIELDS = [
  'product code',
  'product',
  'description',
  'quantity',
  'unit',
  'delivery date',
  'order date',
  'customer reference',
  'delivery address',
  'customer',
  'email',
  'phone',
  'remark',
  'price',
  'amount',
  'position',
  'ignore',
] as const;

export type MailField = (typeof MAIL_FIELDS)[number];

/** Where a word counts: before a colon, as heading of a column, or both. */
export const MAIL_PLACES = ['anywhere', 'line', 'table'] as const;

export type MailPlace = (typeof MAIL_PLACES)[number];

export interface MailFieldWord {
  field: MailField;
  /** As the sheet writes it; compare by `foldMailWord`. */
  word: string;
  place: MailPlace;
  /** ISO 639 code, or empty for all languages. For people, and for guessing a mail's language. */
  language: string;
}

/** Words are the same whatever their case, accents, marks and blanks: `Réf.` = `ref`. */
export function foldMailWord(word: string): string {
  return word
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ı', 'i')
    .replaceAll('ß', 'ss')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

export function placesOverlap(a: MailPlace, b: MailPlace): boolean {
  return a === b || a === 'anywhere' || b === 'anywhere';
}
