// Lists of changes: what Odoo refuses in a list, and what it is only too busy for.

import { describe, expect, it } from 'vitest';
import { openWriter } from '../../src/connector/odoo/writer.ts';
import { type FakeOdoo, fakeOdoo } from './fake-load.ts';

async function change(answers: FakeOdoo['answers'], rows = 3): Promise<{ refused: unknown; sent: string[][] }> {
  const odoo = await fakeOdoo(answers);
  const writer = await openWriter({ url: odoo.url, database: 'x' }, { login: 'admin', password: 'admin' });
  try {
    const list = Array.from({ length: rows }, (_, index) => ({
      id: index + 1,
      values: { product_qty: index, workcenter_id: 7 },
    }));
    return {
      refused: await writer.change('mrp.workorder', list, { bypass_duration_calculation: true }),
      sent: odoo.sent,
    };
  } finally {
    await writer.close();
    await odoo.close();
  }
}

const fine = { ids: [1], messages: [] };
const bad = (record: number, message: string) => ({ ids: false, messages: [{ type: 'error', record, message }] });

describe('a list of changes', () => {
  it('goes in one call, by database id', async () => {
    const { refused, sent } = await change([fine]);
    expect(refused).toEqual([]);
    expect(sent).toEqual([['1,0,7', '2,1,7', '3,2,7']]);
  });

  it('is sent again without the row that Odoo refuses', async () => {
    const { refused, sent } = await change([bad(1, 'no such work center'), fine]);
    expect(refused).toEqual([{ position: 1, reason: 'no such work center' }]);
    expect(sent[1]).toEqual(['1,0,7', '3,2,7']);
  });

  it('is sent again as it is when somebody else changed the records meanwhile', async () => {
    const { refused, sent } = await change([bad(0, 'could not serialize access due to concurrent update\n'), fine]);
    expect(refused).toEqual([]);
    expect(sent[1]).toEqual(sent[0]);
  });

  it('fails as a whole where Odoo names no row', async () => {
    await expect(
      change([{ ids: false, messages: [{ type: 'error', message: 'unknown field' }] }]),
    ).rejects.toMatchObject({ code: 'PB_ODOO_FAULT' });
  });
});
