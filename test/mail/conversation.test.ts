// The conversation: one table of transitions, and decisions by what is free.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { availabilityOf } from '../../src/mail/conversation/availability.ts';
import { decideOrder, eventOf } from '../../src/mail/conversation/decide.ts';
import { EFFECTS, EVENTS, next, STATES, TRANSITIONS } from '../../src/mail/conversation/states.ts';
import type { Reading } from '../../src/mail/reading.ts';
import { CATALOGUE } from './fixtures/catalogue.ts';

const line = (product: number | null, quantity: number, uom = 'Units') => ({ product, quantity, uom });
const NOTHING_HELD = new Map<number, number>();
const customer = { email: 'a@example.org', name: null };

describe('the table', () => {
  test('one outcome for each state, event and condition', () => {
    const keys = TRANSITIONS.map(({ from, on, when }) => `${from} ${on} ${when ?? ''}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
  test('each state can be reached, each effect happens', () => {
    const reached = new Set(TRANSITIONS.map(({ to }) => to));
    expect(STATES.filter((state) => state !== 'new' && !reached.has(state))).toEqual([]);
    const done = new Set(TRANSITIONS.flatMap(({ effects }) => effects));
    expect(EFFECTS.filter((effect) => !done.has(effect))).toEqual([]);
  });
  test('no sequence of events orders twice without a person', () => {
    const orders = (effects: readonly string[]) =>
      effects.some((effect) => effect === 'create-order' || effect === 'create-order-in-full');
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...EVENTS.filter((event) => event !== 'release')), { maxLength: 12 }),
        (events) => {
          let state: (typeof STATES)[number] = 'new';
          let made = 0;
          for (const event of events) {
            const outcome = next(state, event);
            // What Odoo refused was not made.
            if (event === 'refused' && outcome.expected) made = 0;
            if (orders(outcome.effects)) made++;
            state = outcome.to;
          }
          return made <= 1;
        },
      ),
    );
  });
  test('an end stays an end', () => {
    for (const state of ['cancelled', 'expired', 'closed'] as const) {
      for (const event of EVENTS)
        expect(next(state, event)).toEqual({ to: state, effects: ['tell-person'], expected: false });
    }
  });
  test('the choices are repeated, then a person looks', () => {
    expect(next('waiting-for-choice', 'unreadable', 1).effects).toEqual(['answer-choices-again']);
    expect(next('waiting-for-choice', 'unreadable', 0)).toMatchObject({ to: 'person', effects: ['tell-person'] });
  });
});

describe('what is free', () => {
  test('units are converted', () => {
    expect(availabilityOf([line(14, 8, 'Dozens'), line(19, 500, 'g')], CATALOGUE)).toMatchObject([
      { wanted: 96, short: false },
      { wanted: 0.5, short: false },
    ]);
  });
  test('two lines of a product share what is free', () => {
    expect(availabilityOf([line(11, 60), line(11, 60), line(11, 40)], CATALOGUE).map(({ short }) => short)).toEqual([
      false,
      true,
      false,
    ]);
  });
  test('what others hold is not free', () => {
    expect(availabilityOf([line(11, 60)], CATALOGUE, new Map([[11, 50]]))).toMatchObject([{ free: 50, short: true }]);
  });
});

describe('decisions', () => {
  test('all in stock', () => {
    expect(decideOrder({ lines: [line(11, 5)] }, [], CATALOGUE, NOTHING_HELD)).toMatchObject({
      event: 'covered',
      order: [line(11, 5)],
    });
  });
  test('a product that cannot be had does not stop the good lines', () => {
    const errors = [{ line: 2, field: 'product' as const, problem: 'unknown' }];
    const order = { lines: [line(11, 5), line(null, 1), line(12, 101)] };
    const decision = decideOrder(order, errors, CATALOGUE, NOTHING_HELD);
    expect(decision.event).toBe('short');
    expect(decision.lines.map(({ outcome }) => outcome)).toEqual(['accepted', 'not-produced', 'short']);
    expect(decision.order).toEqual([line(11, 5)]);
    expect(decideOrder(order, errors, CATALOGUE, NOTHING_HELD, { holdWholeOrder: true }).event).toBe('wrong');
  });
  test('anything that may be misread stops everything', () => {
    const errors = [{ line: 2, field: 'quantity' as const, problem: 'ambiguous' }];
    expect(decideOrder({ lines: [line(11, 5), line(12, 1)] }, errors, CATALOGUE, NOTHING_HELD)).toMatchObject({
      event: 'wrong',
      order: [],
    });
  });
  test.each<[string, Reading, string | undefined]>([
    ['a robot', { kind: 'ignored', reason: 'auto-reply' }, undefined],
    ['a bounce', { kind: 'ignored', reason: 'bounce' }, 'bounced'],
    ['a question', { kind: 'question', reason: 'no-order', customer }, 'question'],
    ['a repetition', { kind: 'order', customer, order: { lines: [line(11, 5)] }, duplicateOf: 'x' }, 'repeated'],
    ['no choice', { kind: 'reply', customer, reply: { choice: null } }, 'unreadable'],
    ['wait', { kind: 'reply', customer, reply: { choice: 2 } }, 'choice-wait'],
    ['other products', { kind: 'reply', customer, reply: { choice: 1, lines: [line(12, 500)] } }, 'short'],
    [
      'which question',
      { kind: 'reply', customer, reply: { choice: 3 }, errors: [{ field: 'conversation', problem: 'ambiguous' }] },
      'several',
    ],
  ])('%s', (_, reading, event) => {
    expect(eventOf(reading, CATALOGUE, NOTHING_HELD)?.event).toBe(event);
  });
});
