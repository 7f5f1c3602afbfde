// Who is meant by a campaign: customers by the day of their first or last purchase, or by the month of their birthday.
import { number } from '../../mapping/records.ts';
import type { Zone } from '../../mapping/time.ts';
import type { AutomationContext } from '../automation.ts';
import { keyOf, REFUNDED_CUSTOMERS } from '../automations/refunded-customers.ts';
import { wholeDays } from '../calendar.ts';
import { type WholesaleRule, wholesalePartners } from '../customers.ts';
import { dayAfter, dayOf } from '../days.ts';
import { type Purchase, purchases } from '../sales.ts';

export interface Buyer {
  partner: number;
  /** `2026-11-21`, in the shop's zone. */
  firstDay: string;
  lastDay: string;
}

/** First and last purchase of each. Pure. @param gone orders that no longer count: see automations/refunded-customers.ts */
export function buyersOf(history: readonly Purchase[], gone: ReadonlySet<string>, zone: Zone): Buyer[] {
  const buyers = new Map<number, Buyer>();
  for (const purchase of history) {
    if (purchase.total <= 0 || gone.has(keyOf(purchase))) continue;
    const day = dayOf(zone, purchase.at);
    const known = buyers.get(purchase.partner);
    buyers.set(purchase.partner, {
      partner: purchase.partner,
      firstDay: known && known.firstDay < day ? known.firstDay : day,
      lastDay: known && known.lastDay > day ? known.lastDay : day,
    });
  }
  return [...buyers.values()];
}

export type Kind = 'first' | 'returning' | 'wholesale';

/** Whether a campaign of that kind is for a buyer, so many days after his purchase on `day`. Pure. */
export function isMeant(buyer: Buyer, kind: Kind, day: string, wholesale: boolean): boolean {
  if (wholesale !== (kind === 'wholesale')) return false;
  if (kind === 'first') return buyer.firstDay === day;
  if (kind === 'returning') return buyer.lastDay === day && buyer.firstDay < day;
  return buyer.lastDay === day;
}

const AT_ONCE = 1_000;

/** Buyers that are meant today, whose purchase was so many days ago. */
export async function buyersToday(
  context: AutomationContext,
  kind: Kind,
  daysAfter: number,
  wholesaleRule: WholesaleRule,
): Promise<Buyer[]> {
  const { odoo, zone, today, stateOf, signal } = context;
  const day = dayAfter(today(), -daysAfter);
  const candidates = new Set<number>();
  for await (const page of purchases(odoo, wholeDays(day, 1, zone))) {
    for (const { partner } of page) candidates.add(partner);
  }
  if (candidates.size === 0) return [];
  const gone = new Set((await stateOf(REFUNDED_CUSTOMERS).entries('order ')).map(([key]) => key));
  const wholesale = await wholesalePartners(odoo, wholesaleRule);
  const meant: Buyer[] = [];
  const ids = [...candidates];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    signal.throwIfAborted();
    const history: Purchase[] = [];
    for await (const page of purchases(odoo, { from: null, until: null }, ids.slice(at, at + AT_ONCE))) {
      history.push(...page);
    }
    const buyers = buyersOf(history, gone, zone);
    meant.push(...buyers.filter((buyer) => isMeant(buyer, kind, day, wholesale.has(buyer.partner))));
  }
  return meant;
}

/** Month of a birthday as Odoo writes a date, or people one (`--05-17`, `05/17`): 1 to 12, or null. Pure. */
export function birthMonth(value: unknown): number | null {
  if (typeof value === 'number') return value >= 1 && value <= 12 ? value : null;
  if (typeof value !== 'string') return null;
  const found =
    /^(?:\d{4}|-)-(\d{1,2})-\d{1,2}/.exec(value.trim()) ?? /^(\d{1,2})[/-]\d{1,2}(?:[/-]\d{2,4})?$/.exec(value.trim());
  const month = Number(found?.[1]);
  return month >= 1 && month <= 12 ? month : null;
}

/** Active contacts whose birthday is in the month of this day. */
export async function bornThisMonth({ odoo, today }: AutomationContext, field: string): Promise<number[]> {
  await odoo.require('res.partner', [field], 'that adds birthdays to contacts');
  const month = Number(today().slice(5, 7));
  const born: number[] = [];
  const domain = [
    ['active', '=', true],
    [field, '!=', false],
  ] as const;
  for await (const page of odoo.pages({ model: 'res.partner', fields: [field], domain })) {
    born.push(...page.filter((row) => birthMonth(row[field] ?? number(row, field)) === month).map(({ id }) => id));
  }
  return born;
}
