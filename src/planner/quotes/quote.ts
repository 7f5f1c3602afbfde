// What a quote is, in the table and in the API. Shapes only.
import { z } from 'zod';
import { parsePostedTime } from '../../mapping/posted.ts';
import type { LinePromise, QuoteLine } from '../live/protocol.ts';

export const QUOTE_STATES = ['inquiry', 'held', 'confirmed', 'ordered', 'cancelled', 'expired'] as const;
export type QuoteState = (typeof QUOTE_STATES)[number];

const DAY = 86_400;
export const MOST_LINES = 200;

/** A day without a time is meant to its end. */
export function wantedTime(text: string): number {
  const time = parsePostedTime(text) as number;
  return /^\s*\d+-\d+-\d+\s*$/.test(text) ? time + DAY - 1 : time;
}

const stamp = z
  .string()
  .refine((text) => parsePostedTime(text) !== undefined, 'is no date; give it like 2026-01-05 or 2026-01-05 08:00:00')
  .transform(wantedTime);

const Line = z
  .strictObject({
    item: z.string().trim().min(1).max(500).describe('name of the product in the planning model'),
    location: z.string().trim().min(1).max(500).nullish().describe('warehouse; may be left out where there is one'),
    quantity: z.number().positive().max(1e12).describe('in the unit of the product'),
    date: stamp.nullish().describe('wanted, on the plan’s clock; left out: as soon as possible'),
    minimumShipment: z
      .number()
      .positive()
      .max(1e12)
      .nullish()
      .describe('smallest partial delivery; left out: all at once'),
    maximumLatenessDays: z.number().min(0).max(3_650).nullish().describe('later than that it is of no use'),
  })
  .transform(
    ({ maximumLatenessDays, ...line }): QuoteLine => ({
      item: line.item,
      location: line.location ?? null,
      quantity: line.quantity,
      date: line.date ?? null,
      minimumShipment: line.minimumShipment ?? null,
      maximumLateness: maximumLatenessDays == null ? null : maximumLatenessDays * DAY,
    }),
  );

export const Question = z.strictObject({
  lines: z.array(Line).min(1).max(MOST_LINES),
  together: z.boolean().default(false).describe('all lines on one date, or none'),
  customer: z.string().trim().max(500).default(''),
  note: z.string().trim().max(2_000).default(''),
  keep: z.boolean().default(true).describe('keep it in the list, to be held later; false only answers'),
});

const Link = z.object({
  level: z.number(),
  type: z.string(),
  item: z.string(),
  location: z.string(),
  operation: z.string().nullable(),
  supplier: z.string().nullable(),
  origin: z.string().nullable(),
  quantity: z.number(),
  start: z.number().nullable(),
  end: z.number().nullable(),
  resources: z.array(z.string()),
});

export const Promised = z.object({
  item: z.string(),
  location: z.string(),
  quantity: z.number(),
  wanted: z.number().nullable().describe('seconds on the plan’s clock'),
  deliveries: z.array(z.object({ date: z.number(), quantity: z.number() })),
  promised: z.number().nullable().describe('the last delivery; null when not all of it can be delivered'),
  short: z.number(),
  late: z.number().describe('seconds'),
  chain: z.array(Link).describe('orders that would be made for it, and stock that it takes (STCK); 0 is the delivery'),
  reasons: z.array(z.looseObject({ kind: z.string(), text: z.string() })),
});

export const Quote = z.object({
  id: z.number().nullable().describe('null when it is not kept'),
  state: z.enum(QUOTE_STATES),
  customer: z.string(),
  note: z.string(),
  together: z.boolean(),
  promises: z.array(Promised),
  /** Of the plan. */
  planId: z.number().nullable(),
  until: z.date().nullable(),
  salesOrder: z.string(),
  who: z.string(),
  askedAt: z.date(),
  heldAt: z.date().nullable(),
});

/** A row of the table. */
export interface QuoteRow {
  id: number;
  state: QuoteState;
  customer: string;
  note: string;
  together: boolean;
  lines: QuoteLine[];
  promises: LinePromise[];
  planId: number | null;
  until: Date | null;
  salesOrder: string;
  who: string;
  askedAt: Date;
  heldAt: Date | null;
}

export function shownQuote({ lines: _, ...row }: QuoteRow): Omit<QuoteRow, 'lines'> {
  return row;
}
