// Orders as people write them: each layout and language is read to the last line.
import { describe, expect, test } from 'vitest';
import { HARDER } from './fixtures/harder.ts';
import { LAYOUTS } from './fixtures/layouts.ts';
import { inShort, readTestMail } from './support.ts';

describe('an order is read, whatever its layout', () => {
  test.each([...LAYOUTS, ...HARDER])('$name', async ({ mail, read, reference, address, orderDate }) => {
    const reading = await readTestMail(mail);
    expect(inShort(reading)).toBe(read);
    if (reading.kind !== 'order') return;
    expect({
      reference: reading.order.customerReference,
      address: reading.order.address,
      orderDate: reading.order.orderDate,
    }).toEqual({
      reference,
      address,
      orderDate,
    });
  });
});
