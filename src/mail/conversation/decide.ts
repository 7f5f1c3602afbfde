// What was read -> the event for the conversation, with the lines that can be ordered, are short, or cannot be had.
import type { Catalogue } from '../catalogue.ts';
import type { Reading, ReadingError, ReadingLine, ReadOrder } from '../reading.ts';
import { availabilityOf, type LineAvailability } from './availability.ts';
import type { EventKind } from './states.ts';

/** Errors of a product that is understood and cannot be had: the other lines go ahead. All others may be a misreading. */
const CANNOT_BE_HAD = new Set(['unknown', 'archived', 'not-for-sale']);

export interface LineDecision {
  /** From 0. */
  line: number;
  outcome: 'accepted' | 'short' | 'not-produced';
  availability?: LineAvailability;
}

export interface Decision {
  event: EventKind;
  lines: readonly LineDecision[];
  errors: readonly ReadingError[];
  /** What is to be ordered, with the days that hold for each line. */
  order: readonly ReadingLine[];
}

export interface DecisionOptions {
  /** Lines of products that cannot be had stop the whole order. */
  holdWholeOrder: boolean;
}

function cannotBeHad({ line, field, problem }: ReadingError): boolean {
  return line !== undefined && field === 'product' && CANNOT_BE_HAD.has(problem);
}

function dated(order: ReadOrder): ReadingLine[] {
  return order.lines.map((line) => {
    const deliveryDate = line.deliveryDate ?? order.deliveryDate;
    return { ...line, ...(deliveryDate && { deliveryDate }) };
  });
}

/** Decides an order, new or in a reply, against the stock that is free for it. */
export function decideOrder(
  order: ReadOrder,
  errors: readonly ReadingError[],
  catalogue: Catalogue,
  held: ReadonlyMap<number, number>,
  { holdWholeOrder }: DecisionOptions = { holdWholeOrder: false },
): Decision {
  const lines = dated(order);
  const missing = new Set(errors.filter(cannotBeHad).map(({ line }) => line! - 1));
  const none = {
    lines: [...missing].map((line): LineDecision => ({ line, outcome: 'not-produced' })),
    errors,
    order: [],
  };
  const misread = errors.some((error) => !cannotBeHad(error));
  if (misread || missing.size === lines.length || (holdWholeOrder && missing.size > 0))
    return { event: 'wrong', ...none };
  const wanted = lines.map((line, index) => (missing.has(index) ? { ...line, product: null } : line));
  const availability = availabilityOf(wanted, catalogue, held);
  const decisions = lines.map((_, line): LineDecision => {
    const found = availability.find((each) => each.line === line);
    if (!found) return { line, outcome: 'not-produced' };
    return { line, outcome: found.short ? 'short' : 'accepted', availability: found };
  });
  const accepted = decisions.filter(({ outcome }) => outcome === 'accepted').map(({ line }) => lines[line]!);
  const short = decisions.some(({ outcome }) => outcome === 'short');
  return { event: short ? 'short' : 'covered', lines: decisions, errors, order: accepted };
}

/** The event that a reading is for its conversation; undefined for mails that are only recorded. */
export function eventOf(
  reading: Reading,
  catalogue: Catalogue,
  held: ReadonlyMap<number, number>,
  options?: DecisionOptions,
): Decision | undefined {
  const simple = (event: EventKind): Decision => ({ event, lines: [], errors: [], order: [] });
  switch (reading.kind) {
    case 'ignored':
      return reading.reason === 'bounce' ? simple('bounced') : undefined;
    case 'question':
      return simple('question');
    case 'order':
      if (reading.duplicateOf) return simple('repeated');
      return decideOrder(reading.order, reading.errors ?? [], catalogue, held, options);
    case 'reply': {
      const { choice, lines = [] } = reading.reply;
      const errors = reading.errors ?? [];
      if (errors.some(({ field }) => field === 'conversation')) return { ...simple('several'), errors };
      if (choice === null) return simple('unreadable');
      if (choice === 3) return simple('choice-cancel');
      if (errors.length > 0) return { ...simple('wrong'), errors };
      if (choice === 2) return { ...simple('choice-wait'), order: lines };
      return lines.length > 0 ? decideOrder({ lines }, [], catalogue, held, options) : simple('choice-available');
    }
  }
}
