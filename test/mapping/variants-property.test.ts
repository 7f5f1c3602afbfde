// Odoo's rule for parts of some variants, against its plain definition (connector.md 6.4).

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tableOf } from '../../src/mapping/records.ts';
import { appliesToVariant } from '../../src/mapping/variants.ts';

/** Attributes 1 to 4 with values `10 * attribute + n`. */
const ATTRIBUTES = [1, 2, 3, 4];
const valuesOf = (attribute: number) => [0, 1, 2].map((n) => attribute * 10 + n);
const table = tableOf(
  ATTRIBUTES.flatMap((attribute) => valuesOf(attribute).map((id) => ({ id, attribute_id: attribute }))),
);

/** Ways to pick one value of each attribute that the line names. */
function picks(wanted: readonly number[]): number[][] {
  return ATTRIBUTES.reduce<number[][]>(
    (ways, attribute) => {
      const named = wanted.filter((id) => Math.floor(id / 10) === attribute);
      return named.length === 0 ? ways : ways.flatMap((way) => named.map((id) => [...way, id]));
    },
    [[]],
  );
}

test('a line applies when the variant has all the values of some pick, one for each attribute that the line names', () => {
  const variant = fc.tuple(...ATTRIBUTES.map((attribute) => fc.constantFrom(...valuesOf(attribute))));
  const some = fc.subarray(ATTRIBUTES);
  const line = fc.subarray(ATTRIBUTES.flatMap(valuesOf));
  fc.assert(
    fc.property(variant, some, line, (values, attributes, wanted) => {
      // A variant may lack an attribute (never-created variants).
      const carried = values.filter((id) => attributes.includes(Math.floor(id / 10)));
      const expected = picks(wanted).some((way) => way.every((id) => carried.includes(id)));
      const row = { id: 1, bom_product_template_attribute_value_ids: wanted };
      const product = { id: 1, product_template_attribute_value_ids: carried };
      expect(appliesToVariant(row, product, table)).toBe(expected);
    }),
    { seed: 1, numRuns: 1000 },
  );
});
