// What was read out of a mail, in the shape in which it is printed, stored and decided upon.

export type OrderField =
  | 'product'
  | 'quantity'
  | 'uom'
  | 'deliveryDate'
  | 'orderDate'
  | 'customerReference'
  | 'lines'
  | 'conversation';

export interface ReadingError {
  /** Counts from 1; absent when the error is not one of a line. */
  line?: number;
  field: OrderField;
  problem: string;
}

export interface ReadingLine {
  /** Id of the product, or null. */
  product: number | null;
  quantity: number | null;
  /** Odoo's name of the unit, or null. */
  uom: string | null;
  deliveryDate?: string;
}

export interface ReadOrder {
  customerReference?: string;
  address?: string;
  orderDate?: string;
  deliveryDate?: string;
  lines: ReadingLine[];
}

export type IgnoredReason = 'own-address' | 'bounce' | 'auto-reply' | 'bulk' | 'duplicate-message' | 'loop' | 'refused';
export type QuestionReason = 'no-order' | 'empty' | 'attachment' | 'token';
export type Choice = 1 | 2 | 3;

export interface ReadingCustomer {
  email: string;
  name: string | null;
}

export type Reading =
  | { kind: 'ignored'; reason: IgnoredReason; inReplyTo?: string }
  | { kind: 'question'; reason: QuestionReason; customer?: ReadingCustomer; answerTo?: string }
  | {
      kind: 'order';
      customer: ReadingCustomer;
      order: ReadOrder;
      errors?: ReadingError[];
      duplicateOf?: string;
      answerTo?: string;
    }
  | {
      kind: 'reply';
      customer: ReadingCustomer;
      reply: { choice: Choice | null; lines?: ReadingLine[] };
      errors?: ReadingError[];
      inReplyTo?: string;
      answerTo?: string;
    };
