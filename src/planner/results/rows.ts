// A plan as it is stored: one shape per table. Dates are seconds on the plan's clock. No I/O.
import type { OperationplanStatus, OrderType } from '../model.ts';

export interface OrderRow {
  reference: string;
  type: OrderType;
  status: OperationplanStatus;
  item: string | null;
  category: string | null;
  location: string | null;
  origin: string | null;
  supplier: string | null;
  operation: string | null;
  owner: string | null;
  demand: string | null;
  batch: string | null;
  start_at: number;
  end_at: number;
  quantity: number;
  completed: number | null;
  value: number | null;
  source: string | null;
  detail: Readonly<Record<string, unknown>>;
}

export interface FlowRow {
  buffer: string;
  item: string | null;
  location: string | null;
  /** Null: the opening stock. */
  reference: string | null;
  at: number;
  quantity: number;
  onhand: number;
}

export interface LoadRow {
  resource: string;
  reference: string;
  start_at: number;
  end_at: number;
  quantity: number;
}

export interface PegRow {
  demand: string;
  /** Null: stock. */
  reference: string | null;
  level: number;
  quantity: number;
  /** Of stock; an order says its own. */
  item: string | null;
  location: string | null;
}

export interface ProblemRow {
  type: string;
  subject: string;
  name: string;
  description: string;
  start_at: number;
  end_at: number;
  detail: Readonly<Record<string, unknown>>;
}

export interface DemandRow {
  name: string;
  item: string | null;
  location: string | null;
  customer: string | null;
  status: string;
  due: number;
  quantity: number;
  planned: number;
  delivery: number | null;
  late_seconds: number;
  state: 'on time' | 'late' | 'short' | 'not planned';
  reasons: readonly unknown[];
}

export interface PostedRow {
  reference: string;
  type: 'PO' | 'DO' | 'MO' | 'WO' | 'SO';
  whole: boolean;
  element: string | null;
  note: string;
}

export interface RecommendationRow {
  key: string;
  kind: string;
  urgency: string;
  item: string;
  location: string;
  supplier: string | null;
  value: number;
  decide_by: number;
  body: unknown;
}

export interface StockRow {
  item: string;
  location: string;
  category: string | null;
  onhand: number;
  /** Safety stock now. */
  safety: number;
  /** Date and quantity. */
  safety_steps: readonly (readonly [number, number])[];
  lowest: number;
  missing_at: number | null;
  incoming: number;
  proposed: number;
  outgoing: number;
  cost: number | null;
}

/** By table; rows come in any order of tables. */
export interface PlanRows {
  plan_order: OrderRow;
  plan_flow: FlowRow;
  plan_load: LoadRow;
  plan_peg: PegRow;
  plan_problem: ProblemRow;
  plan_demand: DemandRow;
  plan_posted: PostedRow;
  plan_recommendation: RecommendationRow;
  plan_stock: StockRow;
}

export type PlanTable = keyof PlanRows;

type Columns<T> = readonly (readonly [keyof T & string, string])[];

/** Columns with their types, as they are written. */
export const PLAN_COLUMNS: { readonly [T in PlanTable]: Columns<PlanRows[T]> } = {
  plan_order: [
    ['reference', 'text'],
    ['type', 'text'],
    ['status', 'text'],
    ['item', 'text'],
    ['category', 'text'],
    ['location', 'text'],
    ['origin', 'text'],
    ['supplier', 'text'],
    ['operation', 'text'],
    ['owner', 'text'],
    ['demand', 'text'],
    ['batch', 'text'],
    ['start_at', 'bigint'],
    ['end_at', 'bigint'],
    ['quantity', 'double precision'],
    ['completed', 'double precision'],
    ['value', 'double precision'],
    ['source', 'text'],
    ['detail', 'jsonb'],
  ],
  plan_flow: [
    ['buffer', 'text'],
    ['item', 'text'],
    ['location', 'text'],
    ['reference', 'text'],
    ['at', 'bigint'],
    ['quantity', 'double precision'],
    ['onhand', 'double precision'],
  ],
  plan_load: [
    ['resource', 'text'],
    ['reference', 'text'],
    ['start_at', 'bigint'],
    ['end_at', 'bigint'],
    ['quantity', 'double precision'],
  ],
  plan_peg: [
    ['demand', 'text'],
    ['reference', 'text'],
    ['level', 'integer'],
    ['quantity', 'double precision'],
    ['item', 'text'],
    ['location', 'text'],
  ],
  plan_problem: [
    ['type', 'text'],
    ['subject', 'text'],
    ['name', 'text'],
    ['description', 'text'],
    ['start_at', 'bigint'],
    ['end_at', 'bigint'],
    ['detail', 'jsonb'],
  ],
  plan_demand: [
    ['name', 'text'],
    ['item', 'text'],
    ['location', 'text'],
    ['customer', 'text'],
    ['status', 'text'],
    ['due', 'bigint'],
    ['quantity', 'double precision'],
    ['planned', 'double precision'],
    ['delivery', 'bigint'],
    ['late_seconds', 'bigint'],
    ['state', 'text'],
    ['reasons', 'jsonb'],
  ],
  plan_posted: [
    ['reference', 'text'],
    ['type', 'text'],
    ['whole', 'boolean'],
    ['element', 'text'],
    ['note', 'text'],
  ],
  plan_recommendation: [
    ['key', 'text'],
    ['kind', 'text'],
    ['urgency', 'text'],
    ['item', 'text'],
    ['location', 'text'],
    ['supplier', 'text'],
    ['value', 'double precision'],
    ['decide_by', 'bigint'],
    ['body', 'jsonb'],
  ],
  plan_stock: [
    ['item', 'text'],
    ['location', 'text'],
    ['category', 'text'],
    ['onhand', 'double precision'],
    ['safety', 'double precision'],
    ['safety_steps', 'jsonb'],
    ['lowest', 'double precision'],
    ['missing_at', 'bigint'],
    ['incoming', 'double precision'],
    ['proposed', 'double precision'],
    ['outgoing', 'double precision'],
    ['cost', 'double precision'],
  ],
};

/** Tables whose rows are numbered as they come. */
export const NUMBERED: readonly PlanTable[] = [
  'plan_flow',
  'plan_load',
  'plan_peg',
  'plan_problem',
  'plan_recommendation',
];

export const PLAN_TABLES = Object.keys(PLAN_COLUMNS) as PlanTable[];
