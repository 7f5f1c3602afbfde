// Skills and who has them (connector.md 2.8), of frePPLe's addon or ours (addon-records.ts); an Odoo without them has none.
import type { ResourceSkill, Skill } from '../planner/model.ts';
import type { MappingContext } from './context.ts';
import { link, number, text } from './records.ts';
import { DAY, parseStamp } from './time.ts';

export function* mapSkills(context: MappingContext): Generator<Skill> {
  for (const row of context.rows('mrp.skill')) yield context.finish('skill', row, { name: text(row, 'name') });
}

export function* mapResourceSkills(context: MappingContext): Generator<ResourceSkill> {
  for (const row of context.rows('mrp.workcenter.skill')) {
    const skill = text(context.table('mrp.skill').get(link(row, 'skill') ?? 0), 'name');
    const resource = context.resources.name(link(row, 'workcenter'));
    if (!skill || !resource) {
      context.report.skip('resourceskill', String(Math.abs(row.id)), 'its work center is archived or not exported');
      continue;
    }
    const start = parseStamp(row.date_start);
    const last = parseStamp(row.date_end);
    yield context.finish('resourceskill', row, {
      skill,
      resource,
      priority: number(row, 'priority'),
      ...(start === undefined ? {} : { effectiveStart: start }),
      // The last day counts.
      ...(last === undefined ? {} : { effectiveEnd: last + DAY }),
    });
  }
}
