// Who wants no text messages: who has answered STOP, whom the service refuses, and Odoo's own list. The last word counts: START after
// STOP lets messages through again.
import { text } from '../../mapping/records.ts';
import type { AutomationContext } from '../automation.ts';
import type { SmsAnswer } from '../engines/sms.ts';

/** The automation that keeps the list. */
export const SMS_OPT_OUTS = 'sms-opt-outs';
/** State keys: `stop/+15558675310` = since when; campaigns keep those that the service refuses, the automation all. */
export const STOP = 'stop/';
export const START = 'start/';
/** Up to which time answers have been read. */
export const READ_UNTIL = 'readUntil';

/** The campaigns, whose states hold refusals. */
export const CAMPAIGNS = [
  ...['sms-first-thanks', 'sms-first-coupon', 'sms-first-review'],
  ...['sms-returning-thanks', 'sms-returning-coupon', 'sms-returning-review'],
  ...['sms-birthday', 'sms-wholesale'],
] as const;

const STOP_WORDS = new Set([
  'STOP',
  'STOPP',
  'STOPALL',
  'UNSUBSCRIBE',
  'CANCEL',
  'END',
  'QUIT',
  'OPTOUT',
  'REVOKE',
  'ARRET',
]);
const START_WORDS = new Set(['START', 'UNSTOP', 'YES']);

/** What an answer means; only the whole message counts. @example meaningOf(' stop. ') === 'stop' */
export function meaningOf(body: string): 'stop' | 'start' | null {
  const word = body
    .normalize('NFD')
    .toUpperCase()
    .replace(/[^A-Z]/g, '');
  if (STOP_WORDS.has(word)) return 'stop';
  return START_WORDS.has(word) ? 'start' : null;
}

export interface Wishes {
  /** Number → milliseconds since 1970. */
  stops: Map<string, number>;
  starts: Map<string, number>;
}

/** Pure. @param answers oldest first */
export function withAnswers({ stops, starts }: Wishes, answers: readonly SmsAnswer[]): Wishes {
  const next = { stops: new Map(stops), starts: new Map(starts) };
  for (const { from, body, at } of answers) {
    const meaning = meaningOf(body);
    if (meaning === null) continue;
    const list = meaning === 'stop' ? next.stops : next.starts;
    list.set(from, Math.max(at, list.get(from) ?? 0));
  }
  return next;
}

/** Of one that has said both, the later counts; STOP when they are of one moment. */
export function stopped({ stops, starts }: Wishes): Set<string> {
  return new Set([...stops].filter(([number, at]) => at >= (starts.get(number) ?? 0)).map(([number]) => number));
}

export async function keptWishes({ stateOf, state }: AutomationContext, own: string): Promise<Wishes> {
  const wishes: Wishes = { stops: new Map(), starts: new Map() };
  for (const name of new Set([SMS_OPT_OUTS, ...CAMPAIGNS])) {
    const memory = name === own ? state : stateOf(name);
    for (const [prefix, list] of [
      [STOP, wishes.stops],
      [START, wishes.starts],
    ] as const) {
      for (const [key, at] of await memory.entries(prefix)) {
        const number = key.slice(prefix.length);
        list.set(number, Math.max(Number(at), list.get(number) ?? 0));
      }
    }
  }
  return wishes;
}

/** How far back answers are read the first time. */
const FIRST_MS = 30 * 86_400_000;

export async function freshAnswers({ sms, stateOf, state, now, signal }: AutomationContext, own: string) {
  const memory = own === SMS_OPT_OUTS ? state : stateOf(SMS_OPT_OUTS);
  const since = Number((await memory.get(READ_UNTIL)) ?? now() - FIRST_MS);
  return await sms.answers(since, signal);
}

/** Odoo's list of numbers, where it has one. */
export async function blacklisted({ odoo }: Pick<AutomationContext, 'odoo'>): Promise<Set<string>> {
  if (!(await odoo.has('phone.blacklist', ['number', 'active']))) return new Set();
  const domain = [['active', '=', true]] as const;
  const rows = await odoo.rows({ model: 'phone.blacklist', fields: ['number'], domain });
  return new Set(rows.map((row) => text(row, 'number')));
}

/** Numbers to which nothing may be sent, as of now. @param own the automation that asks */
export async function optOuts(context: AutomationContext, own: string): Promise<Set<string>> {
  const wishes = withAnswers(await keptWishes(context, own), await freshAnswers(context, own));
  return new Set([...stopped(wishes), ...(await blacklisted(context))]);
}
