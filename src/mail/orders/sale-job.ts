// What a sales order is made from and what became of it: the shapes that the modules of this folder share.
import type { Store } from '../../store/database.ts';
import type { OrderLine } from '../conversation/model.ts';
import type { Desk } from './desk.ts';
import type { MadeOrder } from './made-orders.ts';
import type { CustomerWish } from './partners.ts';

export interface SaleJob {
  effect: number;
  conversation: number;
  customer: CustomerWish;
  reference: string | null;
  lines: readonly OrderLine[];
  today: string;
}

export type SaleResult =
  | { kind: 'made'; order: MadeOrder }
  | { kind: 'refused'; reason: string }
  /** Nobody knows yet whether it is there. */
  | { kind: 'later'; afterMs: number };

export interface SaleSurroundings {
  store: Store;
  desk: Desk;
  confirm: boolean;
  /** How long Odoo may still be at work on a call whose answer was lost. */
  settleMs: number;
  now: () => number;
}
