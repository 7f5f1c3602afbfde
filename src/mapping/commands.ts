// What is to happen in Odoo for the orders of a posted plan: plain data that the writer carries out and a dry run prints.
// Pure; nothing here knows how Odoo is reached.
import type { PostedStep, PostedType, Refusal } from './posted.ts';
import { formatStamp, type Instant } from './time.ts';
import { clean } from './units.ts';

export type Values = Readonly<Record<string, unknown>>;

/** A record of the document, as answers and logs name it. */
export interface RecordName {
  index: number;
  reference: string;
  type: PostedType;
  item: string;
}

/** An order that is not in Odoo yet, unless an earlier try brought it there. */
export interface PendingOrder {
  record: RecordName;
  /** The same for the same order in a repeated document, another for every other order. */
  key: string;
  /** The same for the same order of the plan even when its quantity or dates have changed; empty when it has no name. */
  slot: string;
  type: 'PO' | 'DO' | 'MO';
  model: 'purchase.order' | 'stock.picking' | 'mrp.production';
  company: number;
  /** Orders of one group become lines of one record. */
  group: string;
  /** Orders of one line are added up; null = never. */
  line: string | null;
  quantity: number;
  /** Id of the unit that `quantity` is counted in. */
  unit: number;
  start: Instant;
  end: Instant;
  remark: string;
  /** For a person: `12 Units of Leg`. */
  what: string;
  /** For a person: what the group is (`request for quotation to Wood Corner`). */
  groupName: string;
  /** Product of the line, to find it again in a record that was made by an earlier try. */
  product: number;
  /** Values of the record from its lines, all but `origin`. */
  values(lines: readonly NewLine[]): Values;
  /** Times of the steps, set after Odoo has made them. */
  steps: readonly PostedStep[];
  /** Of a purchase: the vendor's price may depend on the quantity, which Odoo does not look at when it makes the line. */
  priced?: true;
  /** Of a transfer: which end of the order the date of its move is. */
  dated?: 'start' | 'end';
}

export interface NewLine {
  orders: readonly PendingOrder[];
  product: number;
  quantity: number;
  unit: number;
  start: Instant;
  end: Instant;
}

/** One record to create. */
export interface CreateCommand {
  type: PendingOrder['type'];
  model: PendingOrder['model'];
  company: number;
  lines: readonly NewLine[];
  groupName: string;
}

/** One record to change; `values` hold what differs and nothing else. */
export interface UpdateCommand {
  records: readonly RecordName[];
  model: string;
  id: number;
  /** Number of the document in Odoo, for answers. */
  name: string;
  values: Values;
  context: Values;
  /** Commands run in ascending stages: a work center before the times on it. */
  stage: number;
  /** Sent only if Odoo has it otherwise after the stages before: it computes some values anew. */
  check?: true;
  /** For a person. */
  what: string;
}

/** A record that belongs to one of Odoo's, to create after it; only where it is not there yet. */
export interface AdditionCommand {
  records: readonly RecordName[];
  model: string;
  /** Number of the document in Odoo, for answers. */
  name: string;
  values: Values;
  /** For a person. */
  what: string;
}

/** Odoo's own change of a manufacturing order's quantity, components included. */
export interface QuantityCommand {
  record: RecordName;
  production: number;
  name: string;
  quantity: number;
  what: string;
}

/** Nothing is to do. `unchanged`: Odoo has it so already. `skipped`: left out on purpose. */
export interface SettledRecord {
  record: RecordName;
  outcome: 'unchanged' | 'skipped';
  model: string;
  id: number | null;
  name: string;
  note: string;
}

export interface Commands {
  pending: PendingOrder[];
  updates: UpdateCommand[];
  additions: AdditionCommand[];
  quantities: QuantityCommand[];
  settled: SettledRecord[];
  refusals: Refusal[];
}

export function noCommands(): Commands {
  return { pending: [], updates: [], additions: [], quantities: [], settled: [], refusals: [] };
}

/** What stays the same of an order when the plan changes its quantity or dates. */
export function slotOf(type: PendingOrder['type'], reference: string, ...ids: readonly number[]): string {
  return reference === '' ? '' : JSON.stringify([type, reference, ...ids]);
}

/** Instant as Odoo stores it: UTC, with a blank. */
export function odooStamp(instant: Instant): string {
  return formatStamp(instant).replace('T', ' ');
}

export function earliest(lines: readonly { start: Instant }[]): Instant {
  return lines.reduce((least, { start }) => Math.min(least, start), Number.POSITIVE_INFINITY);
}

/**
 * Records to create from orders that are not in Odoo yet: one per group; equal lines are added up and take the earlier
 * dates. The order of the document stays.
 */
export function groupOrders(pending: readonly PendingOrder[]): CreateCommand[] {
  const groups = Map.groupBy(pending, ({ model, company, group }) => `${model} ${company} ${group}`);
  return [...groups.values()].map((orders) => {
    const { type, model, company, groupName } = orders[0]!;
    const byLine = Map.groupBy(orders, ({ line }, index) => line ?? `order ${index}`);
    const lines = [...byLine.values()].map((same): NewLine => {
      return {
        orders: same,
        product: same[0]!.product,
        unit: same[0]!.unit,
        quantity: clean(same.reduce((sum, { quantity }) => sum + quantity, 0)),
        start: earliest(same),
        end: Math.min(...same.map(({ end }) => end)),
      };
    });
    return { type, model, company, lines, groupName };
  });
}

/** Values of a record to create, its key in `origin` in front of what planners remarked. */
export function valuesOf(command: CreateCommand, token: string): Values {
  const first = command.lines[0]!.orders[0]!;
  return { ...first.values(command.lines), origin: originOf(command, token) };
}

const LONGEST_ORIGIN = 200;

/** `planbridge 4t2kx9s1qa - for S00001`. What begins so is known to the export as made from the plan. */
export function originOf(command: CreateCommand, token: string): string {
  const remarks = new Set(command.lines.flatMap(({ orders }) => orders.map(({ remark }) => remark)).filter(Boolean));
  const text = [...remarks].slice(0, 3).join(', ');
  return `${OWN} ${token}${text ? ` - ${text}` : ''}`.slice(0, LONGEST_ORIGIN);
}

export const OWN = 'planbridge';

/** The key in an `origin` of ours, or null. */
export function tokenIn(origin: string): string | null {
  return /^planbridge ([0-9a-z]{10,40})(?: - |$)/.exec(origin)?.[1] ?? null;
}

/** Keys of all orders in a record to create. */
export function keysOf(command: CreateCommand): string[] {
  return command.lines.flatMap(({ orders }) => orders.map(({ key }) => key));
}
