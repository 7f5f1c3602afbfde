// Expected minutes of a step: set-up, cycles of the work center's capacity, efficiency (connector.md 6.4).

import type { Env } from '../orm/env.ts';
import type { Row } from '../values.ts';
import { numberOf, roundTo, rowsBy, target } from './tools.ts';

export function expectedMinutes(
  env: Env,
  operation: Row | undefined,
  workcenter: Row,
  product: number,
  quantity: number,
): number {
  const own = rowsBy(env, 'mrp.workcenter.capacity', 'workcenter_id', workcenter.id).find(
    (row) => row.product_id === product,
  );
  const capacity = numberOf(own?.capacity ?? workcenter.default_capacity) || 1;
  const setup = own
    ? numberOf(own.time_start) + numberOf(own.time_stop)
    : numberOf(workcenter.time_start) + numberOf(workcenter.time_stop);
  const cycles = Math.ceil(roundTo(quantity / capacity, 1e-6));
  const minutes = operation ? cycleMinutes(env, operation) : 0;
  return setup + (cycles * minutes * 100) / (numberOf(workcenter.time_efficiency) || 100);
}

/** Minutes of one cycle: as entered, or the average of the last finished work orders. */
export function cycleMinutes(env: Env, operation: Row): number {
  const manual = numberOf(operation.time_cycle_manual);
  if (operation.time_mode !== 'auto') return manual;
  const done = rowsBy(env, 'mrp.workorder', 'operation_id', operation.id)
    .filter((row) => row.state === 'done' && numberOf(row.qty_produced) > 0)
    .sort((a, b) => (String(a.date_finished) < String(b.date_finished) ? 1 : -1) || b.id - a.id)
    .slice(0, numberOf(operation.time_mode_batch) || 10);
  let [minutes, cycles] = [0, 0];
  for (const row of done) {
    const workcenter = target(env, 'mrp.workcenter', row.workcenter_id);
    minutes += numberOf(row.duration);
    cycles += Math.ceil(numberOf(row.qty_produced) / (numberOf(workcenter?.default_capacity) || 1));
  }
  return cycles > 0 ? minutes / cycles : manual;
}
