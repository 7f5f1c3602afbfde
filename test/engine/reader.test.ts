// The reader of plan documents: forms, merging, and what it refuses.
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readPlanDocument } from '../../src/connector/document/reader.ts';
import { parseDate, parseDuration } from '../../src/connector/document/reader-values.ts';
import { PlanbridgeError } from '../../src/errors.ts';
import { emptyPlanModel, modelSink, type PlanModel } from '../../src/planner/plan-document.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<plan xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">';

async function read(text: string | Uint8Array, size = 7): Promise<PlanModel> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const model = emptyPlanModel();
  async function* chunks(): AsyncIterable<Uint8Array> {
    for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
  }
  await readPlanDocument(chunks(), modelSink(model));
  return model;
}

describe('plan document', () => {
  it('takes attributes and child elements alike', async () => {
    const a = await read(
      `${HEAD}<items><item name="A" cost="3"/></items><demands><demand name="D" quantity="2" due="2026-01-06T00:00:00"><item name="A"/><location name="L"/></demand></demands></plan>`,
    );
    const b = await read(
      `${HEAD}<demands><demand><name>D</name><quantity>2</quantity><due>2026-01-06 00:00:00</due><item><name>A</name><cost>3</cost></item><location name="L"/></demand></demands></plan>`,
    );
    expect(b.demands).toEqual(a.demands);
    expect(b.items).toEqual(a.items);
  });

  it('reads an object where it is referred to, and merges what is said about it', async () => {
    const m = await read(
      `${HEAD}<buffers><buffer name="A @ L"><item name="A"><itemsuppliers><itemsupplier leadtime="P3D"><supplier name="S"/></itemsupplier></itemsuppliers></item><location name="L"><available name="hours" default="1"/></location><onhand>5</onhand></buffer></buffers>
       <items><item name="A" cost="4"/></items>
       <resources><resource name="R" maximum="2"><loads><load><operation name="make"/></load></loads></resource></resources>
       <operations><operation name="make" xsi:type="operation_fixed_time" duration="PT1H"><item name="B"/></operation></operations></plan>`,
    );
    expect(m.itemsuppliers).toEqual([{ item: 'A', supplier: 'S', leadtime: 259_200 }]);
    expect(m.items.get('A')).toMatchObject({ cost: 4 });
    expect(m.calendars.get('hours')).toMatchObject({ default: 1 });
    expect(m.locations.get('L')).toMatchObject({ available: 'hours' });
    expect(m.operations.get('make')).toMatchObject({
      type: 'operation_fixed_time',
      duration: 3600,
      loads: [{ resource: 'R' }],
    });
  });

  it('reads members, groups and steps', async () => {
    const m = await read(
      `${HEAD}<resources><resource name="pool"><members><resource name="a"/></members></resource></resources>
       <demands><demand name="G" xsi:type="demand_group"><members><demand name="D1" quantity="1"/></members><policy>alltogether</policy></demand></demands>
       <operations><operation name="R" xsi:type="operation_routing"><suboperations><suboperation><operation name="s1" duration="PT1M"/><priority>2</priority></suboperation></suboperations></operation></operations></plan>`,
    );
    expect(m.resources.get('a')).toMatchObject({ owner: 'pool' });
    expect(m.demands.get('D1')?.owner).toBe(m.demandgroups.get('G'));
    expect(m.demandgroups.get('G')).toMatchObject({ policy: 'alltogether' });
    expect(m.operations.get('R')?.suboperations?.[0]?.operation).toBe(m.operations.get('s1'));
  });

  it('reads gzip', async () => {
    const m = await read(gzipSync(`${HEAD}<current>2026-01-05T00:00:00</current></plan>`));
    expect(m.header.current).toBe(parseDate('2026-01-05T00:00:00'));
  });

  it.each([
    ['a DOCTYPE', '<!DOCTYPE plan [<!ENTITY a "b">]><plan/>'],
    ['a processing instruction', '<plan><?python print(1)?></plan>'],
    ['an unknown entity', '<plan><description>&a;</description></plan>'],
    ['another root', '<html/>'],
    ['an end in its midst', '<plan><items>'],
    ['a bad number', '<plan><demands>\n<demand name="D" quantity="many"/></demands></plan>'],
    ['a bad date', '<plan><current>yesterday</current></plan>'],
  ])('refuses %s, and says where', async (_what, text) => {
    const error = await read(text, 1000).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(PlanbridgeError);
    expect((error as PlanbridgeError).code).toBe('PB_PLAN_DOCUMENT');
    expect((error as Error).message).toMatch(/line \d+, column \d+/);
  });
});

describe('values', () => {
  it.each([
    ['P1D', 86_400],
    ['PT480M', 28_800],
    ['P0DT0H2M0S', 120],
    ['-P2D', -172_800],
    ['12:30:00', 45_000],
    ['90', 90],
  ])('%s is %d seconds', (text, seconds) => expect(parseDuration(text)).toBe(seconds));
  it('knows what is none', () => expect([parseDuration('soon'), parseDate('2026-13')]).toEqual([undefined, undefined]));
});
