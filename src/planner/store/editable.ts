// What planners may change of each kind of entity, and what a value may be. Names and links that make a key are never changed: a
// record with another key is another record. Pure.
import { z } from 'zod';
import { PlanbridgeError } from '../../errors.ts';
import type { EntityKind } from './parts.ts';

const text = z.string().max(500);
const name = z.string().trim().min(1).max(300);
const number = z.number().finite();
const positive = number.min(0);
/** Seconds. */
const duration = number.min(0);
/** Seconds on the plan's clock. */
const time = z.number().int();
const flag = z.boolean();
const priority = z.number().int();

const common = { description: text, category: text, subcategory: text };
const valid = { effectiveStart: time, effectiveEnd: time };
const sizes = { sizeMinimum: positive, sizeMultiple: positive, sizeMaximum: positive, batchwindow: duration };
const search = z.enum(['PRIORITY', 'MINCOST', 'MINPENALTY', 'MINCOSTPENALTY']);

const bucket = z.strictObject({
  start: time.optional(),
  end: time.optional(),
  value: number,
  days: z.number().int().min(0).max(127).optional(),
  priority: priority.optional(),
  starttime: duration.max(86_400).optional(),
  endtime: duration.max(86_400).optional(),
});

/** Attributes that may be changed, by kind. */
export const EDITABLE: Readonly<Record<EntityKind, Readonly<Record<string, z.ZodType>>>> = {
  calendar: { ...common, default: number, buckets: z.array(bucket).max(10_000) },
  location: { ...common, owner: name, available: name },
  customer: { ...common, owner: name },
  supplier: { ...common, owner: name },
  skill: {},
  resource: {
    ...common,
    owner: name,
    location: name,
    maximum: positive,
    available: name,
    efficiency: number.gt(0),
    cost: positive,
    maxearly: duration,
    constrained: flag,
    tool: flag,
    setup: name,
    setupmatrix: name,
  },
  resourceskill: { priority, ...valid },
  setupmatrix: {},
  item: {
    ...common,
    type: z.enum(['item_mts', 'item_mto']),
    owner: name,
    uom: text,
    cost: positive,
    volume: positive,
    weight: positive,
    shelflife: duration,
  },
  itemsupplier: {
    ...sizes,
    leadtime: duration,
    priority,
    extraSafetyLeadtime: duration,
    hardSafetyLeadtime: duration,
    cost: positive,
    effectiveEnd: time,
    fence: duration,
  },
  itemdistribution: { ...sizes, leadtime: duration, priority, cost: positive, effectiveEnd: time, fence: duration },
  operation: {
    ...common,
    ...sizes,
    ...valid,
    priority,
    duration,
    durationPer: duration,
    posttime: duration,
    fence: duration,
    cost: positive,
    search,
    available: name,
  },
  demand: {
    ...common,
    quantity: positive,
    due: time,
    priority,
    status: z.enum(['open', 'quote', 'inquiry', 'closed', 'canceled']),
    minshipment: positive,
    maxlateness: duration,
    item: name,
    location: name,
    customer: name,
    operation: name,
    batch: text,
  },
  buffer: {
    ...common,
    onhand: number,
    minimum: positive,
    maximum: positive,
    minimumCalendar: name,
    maximumCalendar: name,
  },
  operationplan: {
    start: time,
    end: time,
    quantity: positive,
    status: z.enum(['proposed', 'approved', 'confirmed', 'completed', 'closed']),
    remark: text,
    supplier: name,
    origin: name,
    batch: text,
    resources: z.array(name).max(100),
  },
};

/** Attributes that a record of the planners' own must have, beside those that may be changed. */
const OWN: Readonly<Partial<Record<EntityKind, z.ZodObject>>> = {
  calendar: z.object({ name, buckets: z.array(bucket).default([]) }),
  location: z.object({ name }),
  customer: z.object({ name }),
  supplier: z.object({ name }),
  skill: z.object({ name }),
  resource: z.object({ name, type: z.enum(['resource_default', 'resource_infinite', 'resource_buckets']).optional() }),
  resourceskill: z.object({ resource: name, skill: name }),
  item: z.object({ name }),
  itemsupplier: z.object({ item: name, supplier: name, location: name.optional(), effectiveStart: time.optional() }),
  itemdistribution: z.object({ item: name, origin: name, destination: name, effectiveStart: time.optional() }),
  demand: z.object({ name, item: name, quantity: positive, due: time }),
  buffer: z.object({ name, item: name, location: name }),
  operationplan: z.object({
    reference: name,
    ordertype: z.enum(['MO', 'PO', 'DO']),
    operation: name.optional(),
    owner: name.optional(),
    item: name.optional(),
    location: name.optional(),
  }),
};

/** null takes an attribute away, so that the default counts. */
export type Changes = Readonly<Record<string, unknown>>;

/** @throws PlanbridgeError PB_REQUEST_ARGUMENT, naming the attribute and what it may be */
export function checkChanges(kind: EntityKind, changes: Changes): void {
  const allowed = EDITABLE[kind];
  if (allowed === undefined) throw refused(`There is no kind of record "${kind}".`, Object.keys(EDITABLE));
  if (Object.keys(changes).length === 0) throw refused('No change is named.', Object.keys(allowed));
  for (const [field, value] of Object.entries(changes)) {
    const schema = Object.hasOwn(allowed, field) ? allowed[field] : undefined;
    if (schema === undefined) throw refused(`"${field}" cannot be changed (${kind}).`, Object.keys(allowed));
    if (value !== null) check(schema, value, `${kind}, ${field}`);
  }
}

/** @throws PlanbridgeError PB_REQUEST_ARGUMENT */
export function checkOwn(kind: EntityKind, value: Changes): void {
  const needed = OWN[kind];
  if (needed === undefined) throw refused(`Records of this kind come from Odoo only (${kind}).`, Object.keys(OWN));
  const checked = check(needed, value, kind) as object;
  const rest = Object.fromEntries(Object.entries(value).filter(([field]) => !Object.hasOwn(checked, field)));
  if (Object.keys(rest).length > 0) checkChanges(kind, rest);
}

function check(schema: z.ZodType, value: unknown, what: string): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.length ? `, ${issue.path.join('.')}` : '';
  throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, `${what}${place}: ${issue?.message ?? 'is not allowed'}.`, {
    remedy: 'Times are seconds on the plan’s clock, durations are seconds.',
  });
}

function refused(message: string, allowed: readonly string[]): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, message, {
    remedy: `Possible: ${allowed.join(', ') || 'none'}.`,
  });
}
