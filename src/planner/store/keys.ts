// The key of a planning entity within its kind: its name or reference, or the names of what it links. Pure.
import { formatStamp } from '../../mapping/time.ts';
import type { PlanEntity } from '../model.ts';

export function keyOf({ entity, value }: PlanEntity): string {
  switch (entity) {
    case 'resourceskill':
      return joined(value.resource, value.skill);
    case 'itemsupplier':
      return joined(value.item, value.supplier, value.location, dated(value.effectiveStart));
    case 'itemdistribution':
      return joined(value.item, value.origin, value.destination, dated(value.effectiveStart));
    case 'operationplan':
      return value.reference ?? joined(value.ordertype, value.item, value.location, dated(value.end ?? value.start));
    default:
      return value.name;
  }
}

function joined(...parts: readonly (string | undefined)[]): string {
  const all = parts.map((part) => part ?? '');
  while (all.length > 2 && all.at(-1) === '') all.pop();
  return all.join(' | ');
}

function dated(time: number | undefined): string | undefined {
  return time === undefined ? undefined : formatStamp(time).slice(0, 10);
}
