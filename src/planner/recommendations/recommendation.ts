// What a recommendation is: something that a planner should do, with the reason, whom it serves, how urgent it is and what
// it is worth. Shapes and the rules they share; no I/O.
import type { PlanTime } from '../model.ts';
import { day, english, list, type Sentence, sentence } from '../output/sentence.ts';

export type RecommendationKind = 'purchase' | 'produce' | 'transfer' | 'reschedule' | 'late delivery' | 'cancel';

/** When to decide: before now, within a day, within a week, or later. */
export type Urgency = 'overdue' | 'today' | 'this week' | 'later';

/** A demand that a recommendation is for. */
export interface ServedDemand {
  name: string;
  /** Of the demand, what the orders deliver. */
  quantity: number;
  due: PlanTime;
  /** Seconds that it will be late; 0 when it is not. */
  late: number;
}

export interface Recommendation {
  /** The same in the next plan as long as it is about the same thing, so that snoozing and rejecting last. */
  key: string;
  kind: RecommendationKind;
  item: string;
  location: string;
  supplier: string | null;
  /** Of transfers. */
  origin: string | null;
  /** What makes it. */
  operation: string | null;
  /** To order, move, cancel; or what is delivered late. */
  quantity: number;
  /** When the order begins; the due date of a late delivery. */
  start: PlanTime;
  /** When it ends; the new date of a late delivery or of what is rescheduled. */
  end: PlanTime;
  /** Of what is rescheduled or reduced: what it is now. */
  before: { start: PlanTime; end: PlanTime; quantity: number } | null;
  /** Orders of the plan that it stands for. */
  references: string[];
  /** `Buy 30 Leg from Wood Corner 9` */
  title: string;
  /** One sentence each. */
  reasons: string[];
  /** Title and reasons, to be said in other languages. */
  sentences: { title: Sentence; reasons: Sentence[] };
  /** By due date; at most twenty, `demandCount` tells how many there are. */
  demands: ServedDemand[];
  demandCount: number;
  urgency: Urgency;
  /** When it has to be decided at the latest. */
  decideBy: PlanTime;
  /** Item cost times quantity. */
  value: number;
  /** The plan document that carries it out when it is accepted; null: a person has to do it in Odoo, as `reasons` say. */
  document: string | null;
}

const DAY = 86_400;
const SHOWN_DEMANDS = 20;

export function urgencyOf(decideBy: PlanTime, now: PlanTime): Urgency {
  if (decideBy < now) return 'overdue';
  if (decideBy < now + DAY) return 'today';
  return decideBy < now + 7 * DAY ? 'this week' : 'later';
}

const RANK: Record<Urgency, number> = { overdue: 0, today: 1, 'this week': 2, later: 3 };
const KINDS: readonly RecommendationKind[] = [
  'late delivery',
  'reschedule',
  'purchase',
  'produce',
  'transfer',
  'cancel',
];

/** The order of the list: what is urgent, then what is late, then what is worth most. */
export function byUrgency(a: Recommendation, b: Recommendation): number {
  const late = (r: Recommendation) => Math.max(0, ...r.demands.map((d) => d.late));
  return (
    RANK[a.urgency] - RANK[b.urgency] ||
    late(b) - late(a) ||
    b.value - a.value ||
    KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
    (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
  );
}

/** Joins what several orders serve: each demand once, by due date. */
export function joinDemands(lists: readonly (readonly ServedDemand[])[]): { demands: ServedDemand[]; count: number } {
  const joined = new Map<string, ServedDemand>();
  for (const list of lists) {
    for (const d of list) {
      const known = joined.get(d.name);
      if (known === undefined) joined.set(d.name, { ...d });
      else known.quantity += d.quantity;
    }
  }
  const all = [...joined.values()].sort((a, b) => a.due - b.due || (a.name < b.name ? -1 : 1));
  return { demands: all.slice(0, SHOWN_DEMANDS), count: all.length };
}

/** What is said of a recommendation: in English, and as it can be said in other languages. */
export function saidOf(
  title: Sentence,
  reasons: Sentence[],
  now: PlanTime,
): Pick<Recommendation, 'title' | 'reasons' | 'sentences'> {
  return {
    title: english(title, now),
    reasons: reasons.map((one) => english(one, now)),
    sentences: { title, reasons },
  };
}

/** `Needed for S00001 1 (3, due 12 Jan) and 4 more.` */
export function neededFor(demands: readonly ServedDemand[], count: number): Sentence {
  const names = demands.map((d) =>
    sentence('{demand} ({quantity}, due {day})', { demand: d.name, quantity: d.quantity, day: day(d.due) }),
  );
  return sentence('Needed for {demands}.', { demands: list(names, 3, count) });
}

/** A key that depends only on what it is about. */
export function keyFor(kind: RecommendationKind, ...parts: readonly (string | null)[]): string {
  // 53 bits are plenty for some thousand recommendations (cyrb53)
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  const text = [kind, ...parts.map((p) => p ?? '')].join('\u0000');
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 2654435761);
    b = Math.imul(b ^ c, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return `${kind.replace(' ', '-')}-${(4294967296 * (2097151 & b) + (a >>> 0)).toString(36)}`;
}
