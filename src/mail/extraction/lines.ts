// What a layout reads before anything is looked up: lines as written, with what holds for all of them.

/** A value as it stands in the mail; spreadsheets give numbers and days. */
export type Written = string | number;

export interface WrittenLine {
  /** Code of a product, in words that say that it is one. */
  code?: string;
  /** `code` is said to be the id that Odoo uses. */
  codeIsId?: boolean;
  /** The buyer's own code, known to be his. */
  buyerCode?: string;
  /** Product as written: a code, a name, or both. */
  product?: string;
  description?: string;
  quantity?: Written;
  unit?: string;
  deliveryDate?: string;
  orderDate?: string;
  customerReference?: string;
  /** Where in the mail it was read, for people. */
  place: string;
}

export interface WrittenCommon {
  customerReference?: string;
  address?: string;
  orderDate?: string;
  deliveryDate?: string;
}

export interface WrittenOrder {
  layout: 'blocks' | 'table' | 'prose' | 'csv' | 'xlsx' | 'ubl';
  lines: WrittenLine[];
  common: WrittenCommon;
}
