// Units and money: conversions are exact enough to be undone, and never mix what cannot be compared.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { moneyOf } from '../../src/mapping/money.ts';
import { clean, unitsOf } from '../../src/mapping/units.ts';

const factor = fc.constantFrom(1, 12, 144, 0.001, 1000, 453.59237, 1 / 3, 0.0625, 7);
const quantity = fc
  .double({ min: -1e7, max: 1e7, noNaN: true })
  .filter((value) => value === 0 || Math.abs(value) > 1e-6);

/** Equal to ten digits: what is left of a number that was divided and multiplied. */
function near(actual: number | undefined, expected: number): void {
  expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(Math.abs(expected) * 1e-10 + 1e-11);
}

describe('units', () => {
  test('there and back again', () => {
    fc.assert(
      fc.property(fc.array(factor, { minLength: 2, maxLength: 5 }), quantity, (factors, amount) => {
        const units = unitsOf(
          factors.map((value, index) => ({ id: index + 1, name: 'u', category_id: 1, factor: value })),
        );
        const [first, last] = [1, factors.length];
        const there = units.convert(amount, first, last);
        // Odoo's factor says how many of the unit make one of the reference (connector.md 2.2).
        near(there, (amount / factors[0]!) * factors.at(-1)!);
        near(units.convert(there!, last, first), amount);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test('mean the same whichever version describes them', () => {
    fc.assert(
      fc.property(factor, factor, quantity, (inner, outer, amount) => {
        const old = unitsOf([
          { id: 1, category_id: 1, factor: 1 },
          { id: 2, category_id: 1, factor: 1 / inner },
          { id: 3, category_id: 1, factor: 1 / (inner * outer) },
        ]);
        const relative = unitsOf([
          { id: 1, relative_factor: 1, relative_uom_id: null },
          { id: 2, relative_factor: inner, relative_uom_id: 1 },
          { id: 3, relative_factor: outer, relative_uom_id: 2 },
        ]);
        for (const [from, to] of [
          [1, 2],
          [2, 3],
          [3, 1],
        ] as const)
          near(relative.convert(amount, from, to), old.convert(amount, from, to)!);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  test('of different kinds have no conversion', () => {
    const units = unitsOf([
      { id: 1, category_id: 1, factor: 1 },
      { id: 2, category_id: 2, factor: 1 },
      { id: 3, category_id: 1, factor: 0 },
    ]);
    expect([units.convert(5, 1, 2), units.convert(5, 1, 3), units.convert(5, 1, 9)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(units.convert(5, undefined, 1)).toBe(5);
  });
});

describe('numbers', () => {
  test('lose the noise of binary fractions and nothing else', () => {
    expect([clean(0.1 + 0.2), clean(1.4e-14), clean(4e-7), clean(1 / 3)]).toEqual([0.3, 0, 4e-7, 0.333333333333]);
    fc.assert(
      fc.property(quantity, (value) => {
        near(clean(value), value);
        expect(clean(clean(value))).toBe(clean(value));
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});

describe('money', () => {
  test('there and back again, through any two rates', () => {
    const rate = fc.double({ min: 0.001, max: 1000, noNaN: true });
    fc.assert(
      fc.property(rate, rate, quantity, (euros, dollars, amount) => {
        const row = (id: number, currency: number, value: number) => ({
          ...{ id, name: '2026-01-01', rate: value, currency_id: currency, company_id: null },
        });
        const money = moneyOf([row(1, 1, euros), row(2, 2, dollars)], '2026-11-23');
        near(money.convert(money.convert(amount, 1, 2, 1), 2, 1, 1), amount);
        expect(money.convert(amount, 1, 1, 1)).toBe(amount);
      }),
      { seed: 4, numRuns: 300 },
    );
  });
});
