// What the live planner is asked and what it answers, across the boundary of its thread. Plain data; times are seconds on the
// plan's clock.
import type { PlanTime } from '../model.ts';
import type { ReasonOutput } from '../output/reasons.ts';
import type { Sentence } from '../output/sentence.ts';

export interface QuoteLine {
  item: string;
  /** Warehouse; null = the only one there is, or the only one that has it. */
  location: string | null;
  quantity: number;
  /** null = as soon as possible. */
  date: PlanTime | null;
  /** Smallest partial delivery; null = all at once. */
  minimumShipment: number | null;
  /** Seconds; null = any. */
  maximumLateness: number | null;
}

/** Something that lies on the plan until the next one: what was quoted and is held. */
export interface HeldLine extends QuoteLine {
  /** Of its demand. */
  name: string;
  location: string;
  date: PlanTime;
}

export interface ChainLink {
  /** 0 is the delivery. */
  level: number;
  /** STCK: taken from stock, or from what the plan brings in anyway. */
  type: 'DLVR' | 'MO' | 'WO' | 'PO' | 'DO' | 'STCK';
  item: string;
  location: string;
  operation: string | null;
  supplier: string | null;
  origin: string | null;
  quantity: number;
  start: PlanTime | null;
  /** When it is there; of stock, since when so much of it is free: null = now. */
  end: PlanTime | null;
  resources: string[];
}

export interface LinePromise {
  /** As it was understood. */
  item: string;
  location: string;
  quantity: number;
  wanted: PlanTime | null;
  /** In order of time. */
  deliveries: { date: PlanTime; quantity: number }[];
  /** The last delivery when all of it can be delivered, else null. */
  promised: PlanTime | null;
  /** Quantity that cannot be promised. */
  short: number;
  /** Seconds after the wanted date; 0 = on time. */
  late: number;
  chain: ChainLink[];
  /** What keeps it from being delivered as wanted; empty when nothing does. */
  reasons: ReasonOutput[];
}

export interface QuoteQuestion {
  lines: readonly QuoteLine[];
  /** All lines on one date, or none. */
  together: boolean;
}

export interface MoveWish {
  reference: string;
  /** Of the step or order that is moved; never before now. */
  start: PlanTime;
  /** Resource that it is on now, and the one that it is to be on. */
  from: string | null;
  to: string | null;
}

export interface ChangedOrder {
  reference: string;
  type: string;
  item: string;
  location: string;
  operation: string;
  owner: string | null;
  demand: string | null;
  supplier: string | null;
  origin: string | null;
  batch: string | null;
  quantity: number;
  status: string;
  start: PlanTime;
  end: PlanTime;
  resources: string[];
  was: { start: PlanTime; end: PlanTime; resources: string[] };
  /** Whether the planner moved it himself; others followed. */
  chosen: boolean;
}

export interface MoveProblem {
  kind: string;
  object: string;
  name: string;
  start: PlanTime;
  end: PlanTime;
  quantity: number | null;
  text: string;
  sentence?: Sentence;
}

export interface MovesAnswer {
  changed: ChangedOrder[];
  /** Problems of what was touched that the plan did not have. */
  problems: MoveProblem[];
  /** Problems of the plan that the moves have solved. */
  solved: MoveProblem[];
  /** Places in the list of moves whose order the plan does not have any more, or that cannot be made. */
  lost: { move: number; reason: string; sentence: Sentence }[];
}

export interface LiveFacts {
  planId: number;
  planTime: PlanTime;
  /** Whether it is the stored plan, order by order; otherwise Odoo was read, or edits were made, after that plan. */
  same: boolean;
  loadSeconds: number;
  planSeconds: number;
  /** Of the thread. */
  heapBytes: number;
  orders: number;
}

export interface Choices {
  /** Of each operation with a choice, groups of resources that can stand in for each other. */
  operations: Record<string, string[][]>;
}

/** What can be asked; `held` is what lies on the plan by now, in the order in which it was held. */
export interface LiveQuestions {
  facts: { ask: Record<string, never>; answer: LiveFacts };
  quote: { ask: QuoteQuestion & { held: readonly HeldLine[] }; answer: LinePromise[] };
  moves: { ask: { moves: readonly MoveWish[]; held: readonly HeldLine[] }; answer: MovesAnswer };
  choices: { ask: Record<string, never>; answer: Choices };
  /** The plan as text, for tests. */
  text: { ask: Record<string, never>; answer: string };
}

export type LiveKind = keyof LiveQuestions;

export type ToLive =
  | { [K in LiveKind]: { id: number; kind: K; ask: LiveQuestions[K]['ask'] } }[LiveKind]
  | { rows: object[]; query: number }
  | { error: string; query: number };

export interface Failure {
  code: string;
  status: number;
  message: string;
  remedy: string;
  stack: string;
}

export type FromLive =
  | { kind: 'progress'; part: number; what: string }
  | { kind: 'ready'; facts: LiveFacts }
  | { kind: 'unready'; failure: Failure }
  | { kind: 'query'; query: number; sql: string; values: readonly unknown[] }
  | { kind: 'answer'; id: number; answer: unknown; heapBytes: number; ms: number }
  | { kind: 'failed'; id: number; failure: Failure };
