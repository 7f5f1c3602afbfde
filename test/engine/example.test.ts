// The worked example of docs/engine.md.
import { describe, expect, it } from 'vitest';
import { DEFAULT_ARGUMENTS, planModel } from '../../src/planner/engine/run.ts';
import { isoDate, planLines } from '../../src/planner/engine/text.ts';
import { addEntity, emptyPlanModel } from '../../src/planner/plan-document.ts';
import { DAY, NOW } from './models.ts';

function plan(secondDueDay: number): string[] {
  const model = emptyPlanModel();
  model.header.current = NOW;
  addEntity(model, {
    entity: 'calendar',
    value: { name: 'hours', default: 0, buckets: [{ value: 1, days: 62, starttime: 8 * 3600, endtime: 16 * 3600 }] },
  });
  addEntity(model, { entity: 'resource', value: { name: 'bench', available: 'hours' } });
  addEntity(model, {
    entity: 'operation',
    value: {
      name: 'make',
      type: 'operation_time_per',
      item: 'A',
      location: 'L',
      durationPer: 3600,
      loads: [{ resource: 'bench' }],
      flows: [{ type: 'flow_start', item: 'B', quantity: -1 }],
    },
  });
  addEntity(model, { entity: 'itemsupplier', value: { item: 'B', supplier: 'S', leadtime: 2 * DAY, sizeMinimum: 10 } });
  addEntity(model, { entity: 'buffer', value: { name: 'B @ L', item: 'B', location: 'L', onhand: 4 } });
  const due = (day: number): number => NOW + day * DAY + 16 * 3600;
  addEntity(model, { entity: 'demand', value: { name: 'D1', item: 'A', location: 'L', quantity: 2, due: due(1) } });
  addEntity(model, {
    entity: 'demand',
    value: { name: 'D2', item: 'A', location: 'L', quantity: 4, due: due(secondDueDay), minshipment: 4 },
  });
  return [...planLines(planModel(model, DEFAULT_ARGUMENTS))];
}

const at = (day: number, hour: number): string => isoDate(NOW + day * DAY + hour * 3600);

describe('the example of docs/engine.md', () => {
  it('delivers both on time', () => {
    const lines = plan(2);
    expect(lines).toContain(`DEMAND\tD1\t${at(1, 16)}\t2`);
    expect(lines).toContain(`DEMAND\tD2\t${at(2, 16)}\t4`);
    expect(lines).toContain(`OPERATION\tmake\t${at(1, 14)}\t${at(1, 16)}\t2`);
    expect(lines).toContain(`OPERATION\tPurchase B @ L from S\t${at(0, 12)}\t${at(2, 12)}\t10`);
  });

  it('is late for the components, and says so', () => {
    const lines = plan(1);
    expect(lines).toContain(`DEMAND\tD2\t${at(2, 12)}\t4\tlater than ${at(1, 16)}`);
    expect(
      lines.some((l) => l.startsWith("DEMAND CONSTRAINT\tD2\tPurchasing lead time on 'Purchase B @ L from S'")),
    ).toBe(true);
  });
});
