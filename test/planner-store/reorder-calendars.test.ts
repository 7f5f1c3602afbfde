// Reordering rules as calendars: they become safety stock and least quantities of the place that they name.
import { describe, expect, it } from 'vitest';
import { emptyPlanModel } from '../../src/planner/plan-document.ts';
import { linkReorderCalendars } from '../../src/planner/store/reorder-calendars.ts';

function model() {
  const made = emptyPlanModel();
  made.header.current = 1_000;
  for (const name of ['Leg @ Home', 'Top']) made.items.set(name, { name });
  made.locations.set('WH', { name: 'WH', description: 'Main warehouse' });
  made.locations.set('Shop', { name: 'Shop' });
  return made;
}

const calendar = (name: string, value: number) => ({ name, default: 0, buckets: [{ start: 1_000, value }] });

function linked(...calendars: ReturnType<typeof calendar>[]) {
  const made = model();
  for (const each of calendars) made.calendars.set(each.name, each);
  made.itemsuppliers.push(
    { item: 'Top', supplier: 'a', sizeMinimum: 3 },
    { item: 'Top', supplier: 'b', location: 'Shop' },
  );
  made.itemdistributions.push({ item: 'Top', origin: 'WH', destination: 'Shop' });
  made.operations.set('make', { name: 'make', item: 'Top', location: 'WH', sizeMinimum: 50 });
  linkReorderCalendars(made);
  return made;
}

describe('a reordering rule', () => {
  it('is the safety stock of its buffer, whatever characters the names have', () => {
    const { buffers } = linked(calendar('SS for Leg @ Home @ WH', 5));
    expect([...buffers.values()]).toEqual([
      { name: 'Leg @ Home @ WH', item: 'Leg @ Home', location: 'WH', minimumCalendar: 'SS for Leg @ Home @ WH' },
    ]);
  });

  it('finds a warehouse by its full name', () => {
    const made = model();
    made.calendars.set('x', calendar('SS for Top @ Main warehouse', 5));
    linkReorderCalendars(made);
    expect([...made.buffers.values()]).toMatchObject([{ item: 'Top', location: 'WH' }]);
  });

  it('leaves what a planner gave the buffer', () => {
    const made = model();
    made.buffers.set('Top @ WH', { name: 'Top @ WH', item: 'Top', location: 'WH', minimum: 7 });
    made.calendars.set('x', calendar('SS for Top @ WH', 5));
    linkReorderCalendars(made);
    expect(made.buffers.get('Top @ WH')).toEqual({ name: 'Top @ WH', item: 'Top', location: 'WH', minimum: 7 });
  });

  it('raises the least quantity of what replenishes its place, and of nothing else', () => {
    const { itemsuppliers, itemdistributions, operations } = linked(calendar('ROQ for Top @ Shop', 20));
    expect(itemsuppliers.map(({ sizeMinimum }) => sizeMinimum)).toEqual([20, 20]);
    expect(itemdistributions[0]!.sizeMinimum).toBe(20);
    expect(operations.get('make')!.sizeMinimum).toBe(50);
  });

  it('of an item or a place that is not there says nothing', () => {
    const { buffers } = linked(
      calendar('SS for Nail @ WH', 5),
      calendar('SS for Top @ Moon', 5),
      calendar('Working hours', 1),
    );
    expect(buffers.size).toBe(0);
  });
});
