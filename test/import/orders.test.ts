import { describe, expect, it } from 'vitest';
import { ORDER_LIMITS, readOrders } from '../../src/connector/document/orders.ts';
import { boundaryOf, readMultipart } from '../../src/connector/multipart.ts';
import { PlanbridgeError } from '../../src/errors.ts';
import type { PostedRecord } from '../../src/mapping/posted.ts';
import { inChunks, planOf, recordedPosts } from './wire.ts';

async function read(xml: string | Uint8Array, chunk?: number, limits = ORDER_LIMITS): Promise<PostedRecord[]> {
  const records: PostedRecord[] = [];
  await readOrders(inChunks(Buffer.from(xml), chunk), (record) => records.push(record), limits);
  return records;
}

const PO =
  '<operationplan reference="1" ordertype="PO" item="Leg" location="WH" supplier="Wood Corner 9" start="2026-01-05 00:00:00" end="2026-01-12T00:00:00" quantity="10.00000000" location_id="1" item_id="1,12"/>';

const posts = recordedPosts()?.filter(({ path }) => path.startsWith('/frepple/xml')) ?? null;

describe.skipIf(posts === null)('recorded plans', () => {
  it.skipIf(posts === null).each(posts ?? [])('$name has no record that is refused', async ({ headers, body }) => {
    for await (const part of readMultipart(inChunks(body, 100), boundaryOf(headers['content-type'])!)) {
      if (part.name !== 'frePPLe plan') continue;
      const records: PostedRecord[] = [];
      await readOrders(part.body, (record) => records.push(record));
      expect(records.length).toBeGreaterThan(1);
      expect(records.filter((record) => !record.ok)).toEqual([]);
      const references = records.flatMap((record) => (record.ok ? [record.order.reference] : []));
      expect(references).not.toContain('');
    }
  });
});

describe('orders', () => {
  it('reads a purchase order with id or reference, blank or T', async () => {
    const [one] = await read(planOf([PO]));
    expect(one).toEqual({
      ok: true,
      order: {
        ...{
          index: 0,
          reference: '1',
          item: 'Leg',
          remark: '',
          type: 'PO',
          change: false,
          product: 12,
          uom: 1,
          quantity: 10,
        },
        ...{ supplier: 'Wood Corner 9', vendor: 9, warehouse: 1, start: 1_767_571_200, end: 1_768_176_000 },
      },
    });
    const [two] = await read(planOf([PO.replace('reference=', 'id=')]));
    expect(two).toEqual(one);
  });

  it('reads work orders with their resources, and a destination by its old name', async () => {
    const mo =
      '<operationplan reference="4" ordertype="MO" item="Table" operation="Table @ WH 5" start="2026-01-05 00:00:00" end="2026-01-12 00:00:00" quantity="2" item_id="1,11"><workorder operation="Table @ WH 5 - drill 51" start="2026-01-05 08:00:00" end="2026-01-05 09:00:00"><resource name="Drill" id="2"/><item id="12" quantity="-2"/></workorder></operationplan>';
    const transfer =
      '<operationplan id="5" ordertype="DO" item="Leg" origin="WH" location="WH2" location_id="2" start="2026-01-05 00:00:00" end="2026-01-06 00:00:00" quantity="2" item_id="1,12"/>';
    const [first, second] = await read(planOf([mo, transfer]), 10);
    expect(first).toMatchObject({
      ok: true,
      order: { type: 'MO', steps: [{ id: 51, resources: [{ id: 2, name: 'Drill' }] }] },
    });
    expect(second).toMatchObject({
      ok: true,
      order: { type: 'DO', origin: { name: 'WH' }, destination: { id: 2, name: 'WH2' } },
    });
  });

  it('takes the last two words of a demand for order and line', async () => {
    const records = await read(
      planOf(['<demand ordertype="SO" name="S 00001 12" deliverydate="2026-01-09 16:00:00"/>'], 'demands'),
    );
    expect(records).toMatchObject([{ ok: true, order: { type: 'SO', order: 'S 00001', line: 12 } }]);
  });

  it.each([
    ['no product', 'item_id="1,12"', 'item_id="12"', 'item_id "12"'],
    ['no vendor id', 'Wood Corner 9', 'Nobody', 'supplier "Nobody"'],
    ['no number', '10.00000000', 'NaN', 'quantity "NaN"'],
    ['nothing', '10.00000000', '0', 'quantity "0"'],
    ['hexadecimal', '10.00000000', '0x10', 'quantity "0x10"'],
    ['no date', '2026-01-05 00:00:00', '2026-02-30 00:00:00', 'start "2026-02-30 00:00:00"'],
    ['the wrong way round', '2026-01-12T', '2026-01-02T', 'ends before it starts'],
    ['done', 'ordertype=', 'status="completed" ordertype=', 'its status is completed'],
    ['unknown type', '"PO"', '"DLVR"', 'type "DLVR"'],
  ])('refuses one record and keeps its neighbours: %s', async (_, from, to, reason) => {
    const records = await read(planOf([PO, PO.replace(from, to), PO]));
    expect(records.map((record) => record.ok)).toEqual([true, false, true]);
    expect(records[1]).toMatchObject({
      refusal: { index: 1, reference: '1', reason: expect.stringContaining(reason) },
    });
  });

  it('takes out control characters that names in Odoo may hold', async () => {
    const records = await read(planOf([PO.replace('Leg', 'Le\u000bg')]));
    expect(records).toMatchObject([{ ok: true, order: { item: 'Leg' } }]);
  });

  it('reads 20,000 orders with memory that does not grow with the document', async () => {
    async function* plan(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('<plan><operationplans>');
      for (let i = 0; i < 20_000; i++) yield Buffer.from(`${PO.replace('"1"', `"${i}"`)}\n`);
      yield Buffer.from('</operationplans></plan>');
    }
    let count = 0;
    await readOrders(plan(), () => count++);
    expect(count).toBe(20_000);
  });
});

describe('documents that are refused as a whole', () => {
  const laughs = `<!DOCTYPE lolz [<!ENTITY a "lol">${Array.from({ length: 9 }, (_, i) => `<!ENTITY a${i} "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">`).join('')}]><plan>&a9;</plan>`;
  it.each([
    ['billion laughs', laughs, 'DOCTYPE'],
    ['a DOCTYPE in small letters', '<!doctype plan><plan/>', 'DOCTYPE'],
    ['an external entity', '<!DOCTYPE p SYSTEM "file:///etc/passwd"><plan/>', 'DOCTYPE'],
    ['an unknown entity', '<plan>&xxe;</plan>', ''],
    ['a processing instruction', '<plan><?python import os?></plan>', 'processing instruction'],
    ['something else', '<html><body/></html>', 'not a <plan>'],
    ['cut off', planOf([PO]).slice(0, -20), ''],
    ['nothing', '', ''],
    ['no XML', 'hello', ''],
    ['two attributes of one name', '<plan a="1" a="2"/>', ''],
    ['nested too deep', `<plan>${'<a>'.repeat(40)}${'</a>'.repeat(40)}</plan>`, 'nested'],
    ['a long attribute', planOf([PO.replace('Leg', 'x'.repeat(30_000))]), 'item'],
    ['many attributes', `<plan ${Array.from({ length: 200 }, (_, i) => `a${i}="1"`).join(' ')}/>`, 'attributes'],
    ['one endless piece', `<plan><a b="${'x'.repeat(400_000)}"/></plan>`, 'one piece'],
  ])('%s', async (_, xml, reason) => {
    for (const chunk of [undefined, 5]) {
      await expect(read(xml, chunk)).rejects.toMatchObject({
        code: 'PB_PLAN_DOCUMENT',
        status: 400,
        message: expect.stringContaining(reason),
      });
    }
  });

  it('bytes that are no UTF-8', async () => {
    const latin = Buffer.concat([Buffer.from('<plan a="'), Buffer.from([0xe9]), Buffer.from('"/>')]);
    await expect(read(latin)).rejects.toBeInstanceOf(PlanbridgeError);
  });

  it('too many records', async () => {
    await expect(read(planOf([PO, PO, PO]), undefined, { ...ORDER_LIMITS, records: 2 })).rejects.toThrow(
      'more than 2 records',
    );
  });
});
