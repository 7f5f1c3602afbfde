// Calendars and work centers: two die-casting cells behind one pool, deburring, CNC, surface treatment, packing.

import { COMPANY } from './base.ts';
import { type Demo, ZONE } from './builder.ts';

export const CASTING = 1;
export const CELL_A = 2;
export const CELL_B = 3;
export const DEBURRING = 4;
export const CNC = 5;
export const SURFACE = 6;
export const PACKING = 7;

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'];

export function addCapacity(demo: Demo): void {
  calendar(demo, 1, 'Day shift 40 h', [
    ['Morning', 'morning', 7, 12],
    ['Lunch', 'lunch', 12, 13],
    ['Afternoon', 'afternoon', 13, 16],
  ]);
  calendar(demo, 2, 'Two shifts', [
    ['Early shift', 'morning', 5.5, 9.5],
    ['Early break', 'lunch', 9.5, 10],
    ['Early shift, second half', 'morning', 10, 13.5],
    ['Late shift', 'afternoon', 13.5, 17.5],
    ['Late break', 'lunch', 17.5, 18],
    ['Late shift, second half', 'afternoon', 18, 21.5],
  ]);
  leave(demo, 'Company holiday', 18, 18, { calendar_id: false });
  leave(demo, 'Year-end maintenance of cell B', 6, 7, { calendar_id: 2, resource_id: CELL_B });
  const center = (
    id: number,
    name: string,
    code: string,
    calendarId: number,
    values: Record<string, unknown>,
  ): void => {
    demo.add('resource.resource', {
      id,
      name,
      active: true,
      company_id: COMPANY,
      calendar_id: calendarId,
      resource_type: 'material',
      time_efficiency: 100,
      tz: ZONE,
    });
    demo.add('mrp.workcenter', {
      id,
      name,
      code,
      active: true,
      resource_id: id,
      resource_calendar_id: calendarId,
      company_id: COMPANY,
      sequence: id,
      default_capacity: 1,
      time_efficiency: 100,
      time_start: 0,
      time_stop: 0,
      costs_hour: 0,
      oee_target: 85,
      working_state: 'normal',
      tz: ZONE,
      ...values,
    });
  };
  center(CASTING, 'Die casting', 'DC', 2, {
    costs_hour: 140,
    time_start: 45,
    time_stop: 15,
    alternative_workcenter_ids: [CELL_A, CELL_B],
  });
  center(CELL_A, 'Die casting cell A (400 t)', 'DC-A', 2, {
    owner: CASTING,
    costs_hour: 130,
    time_start: 45,
    time_stop: 15,
    alternative_workcenter_ids: [CELL_B],
  });
  center(CELL_B, 'Die casting cell B (630 t)', 'DC-B', 2, {
    owner: CASTING,
    costs_hour: 160,
    time_start: 60,
    time_stop: 15,
    time_efficiency: 95,
    alternative_workcenter_ids: [CELL_A],
  });
  center(DEBURRING, 'Deburring and trimming', 'DEB', 2, { costs_hour: 65, time_start: 10 });
  center(CNC, 'CNC machining', 'CNC', 2, { costs_hour: 110, time_start: 30, time_stop: 5, default_capacity: 2 });
  center(SURFACE, 'Surface treatment', 'SUR', 1, {
    costs_hour: 80,
    time_start: 20,
    time_stop: 20,
    default_capacity: 40,
  });
  center(PACKING, 'Packing', 'PAC', 1, { costs_hour: 48, default_capacity: 1 });
  demo.add('mrp.workcenter.capacity', {
    workcenter_id: SURFACE,
    product_id: 13,
    capacity: 12,
    time_start: 25,
    time_stop: 20,
  });
  for (const [id, name, loss_type] of [
    [1, 'Material Availability', 'availability'],
    [2, 'Equipment Failure', 'availability'],
    [3, 'Setup and Adjustments', 'availability'],
    [6, 'Reduced Speed', 'performance'],
    [7, 'Fully Productive Time', 'productive'],
  ] as const) {
    demo.add('mrp.workcenter.productivity.loss', {
      id,
      name,
      loss_type,
      manual: loss_type === 'availability',
      sequence: id,
    });
  }
}

function calendar(
  demo: Demo,
  id: number,
  name: string,
  rows: readonly (readonly [string, string, number, number])[],
): void {
  demo.add('resource.calendar', {
    id,
    name,
    active: true,
    company_id: COMPANY,
    tz: ZONE,
    hours_per_day: 8,
    two_weeks_calendar: false,
  });
  for (const [day, weekday] of WEEKDAYS.entries()) {
    for (const [label, day_period, hour_from, hour_to] of rows) {
      demo.add('resource.calendar.attendance', {
        name: `${weekday} ${label}`,
        calendar_id: id,
        dayofweek: String(day),
        day_period,
        hour_from,
        hour_to,
        duration_days: day_period === 'lunch' ? 0 : 0.5,
        sequence: 10,
        week_type: false,
        display_type: false,
      });
    }
  }
}

function leave(demo: Demo, name: string, from: number, to: number, values: Record<string, unknown>): void {
  demo.add('resource.calendar.leaves', {
    name,
    company_id: COMPANY,
    resource_id: false,
    time_type: 'leave',
    date_from: demo.at(from, '00:00'),
    date_to: demo.at(to, '23:59'),
    ...values,
  });
}
