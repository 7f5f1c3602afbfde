// What is not clear is asked about, and what is no order stays none.
import { describe, expect, test } from 'vitest';
import { DATES, type DoubtCase, HUMANS, PRODUCTS, QUANTITIES, ROBOTS } from './fixtures/doubts.ts';
import { inShort, readTestMail } from './support.ts';

const groups: ReadonlyArray<readonly [string, readonly DoubtCase[]]> = [
  ['quantities', QUANTITIES],
  ['dates', DATES],
  ['products', PRODUCTS],
  ['what people want', HUMANS],
  ['robots', ROBOTS],
];

for (const [title, cases] of groups) {
  describe(title, () => {
    test.each(cases)('$name', async ({ mail, read }) => {
      expect(inShort(await readTestMail(mail))).toBe(read);
    });
  });
}
