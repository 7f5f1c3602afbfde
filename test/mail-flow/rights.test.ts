// What the service's user may not do in Odoo is told plainly, before the first order fails of it.
import { expect, it } from 'vitest';
import type { OdooWriter } from '../../src/connector/odoo/writer.ts';
import { openWriter } from '../../src/connector/odoo/writer.ts';
import { missingRights } from '../../src/mail/orders/rights.ts';
import { START, startOdoo } from './house.ts';

it('names the rights that are missing, and the groups that have them', async () => {
  const refused = new Set(['purchase.order create', 'stock.quant read']);
  const writer = {
    user: { login: 'interface' },
    may: async (model: string, operation: string) => !refused.has(`${model} ${operation}`),
  } as unknown as OdooWriter;
  const text = await missingRights(writer);
  expect(text).toContain('interface may not do');
  expect(text).toContain('create purchase orders (purchase.order), read stock (stock.quant)');
  expect(text).toContain('Purchase: User, Inventory: User');
  expect(text).not.toContain('sale.order');
});

it('finds nothing missing where all rights are there', async () => {
  const odoo = await startOdoo(() => START);
  try {
    const writer = await openWriter({ url: odoo.url, database: 'demo' }, { login: 'admin', password: 'admin' });
    expect(await missingRights(writer)).toBeNull();
    expect(await writer.may('no.such.model', 'read')).toBe(false);
    await writer.close();
  } finally {
    await odoo.close();
  }
});
