// Steps of a bill of material -> steps of a routing, with the work centers they load (connector.md 2.12 c; C7, C18, B4).
import type { Load, Operation, OperationDependency, SearchMode, Suboperation } from '../planner/model.ts';
import { stepQuantity } from './addon-records.ts';
import type { MappingContext } from './context.ts';
import type { PlannedItem } from './items.ts';
import type { Component } from './kits.ts';
import { withSuffix } from './names.ts';
import { type BomParts, type ByproductFlow, flowsOf } from './operations.ts';
import { flag, link, links, number, type OdooRow, text } from './records.ts';
import { afterBlockers, sendable } from './sequence.ts';
import { clean } from './units.ts';

export interface RoutingInput {
  parts: BomParts;
  bom: OdooRow;
  item: PlannedItem;
  /** Name of the routing. */
  name: string;
  place: string;
  /** Steps that apply to the variant, in order. */
  steps: readonly OdooRow[];
  components: readonly Component[];
  byproducts: readonly ByproductFlow[];
}

export function mapSteps(context: MappingContext, input: RoutingInput): Suboperation[] {
  const { name, bom, item, place } = input;
  const dependent = flag(bom, 'allow_operation_dependencies');
  const blockersOf = (step: OdooRow) => (dependent ? links(step, 'blocked_by_operation_ids') : []);
  const present = input.steps.filter((step) => {
    if (context.resources.name(link(step, 'workcenter_id')) !== undefined) return true;
    context.report.skip('suboperation', `${name}, step ${step.id}`, 'its work center is archived or not exported');
    return false;
  });
  const steps = afterBlockers(present, blockersOf);
  if (steps.length === 0) return [];

  const ids = new Set(steps.map((step) => step.id));
  const first = steps[0]!.id;
  const last = steps.at(-1)!.id;
  const stepName = (step: OdooRow) => withSuffix(name, ` - ${text(step, 'name')} - ${step.id}`);
  const bonds = sendable(steps, blockersOf);

  return steps.map((step, position) => {
    // What names no step, or one that does not apply, is taken by the first and made by the last.
    const components = input.components.filter((part) => (ids.has(part.step ?? 0) ? part.step : first) === step.id);
    const byproducts = input.byproducts.filter((part) => (ids.has(part.step ?? 0) ? part.step : last) === step.id);
    const minutes = stepMinutes(step);
    const workcenter = link(step, 'workcenter_id');
    const { pieces, fixedMinutes } = context.resources.capacity(workcenter, item.product.id);
    const dependencies: OperationDependency[] = (bonds ? blockersOf(step) : [])
      .filter((id) => ids.has(id))
      .map((id) => ({ blockedby: stepName(steps.find((other) => other.id === id)!) }));
    const operation: Operation = {
      name: stepName(step),
      type: 'operation_time_per',
      ...(text(bom, 'code') ? { description: text(bom, 'code') } : {}),
      priority: (position + 1) * 10,
      // The engine divides times by the resource's efficiency; Odoo does so with the cycles only, not with set-up (C7).
      duration: Math.round((fixedMinutes * 60 * context.resources.efficiency(workcenter)) / 100),
      durationPer: clean((minutes * 60) / pieces),
      posttime: Math.max(0, Math.round(number(step, 'planbridge_post_minutes') * 60)),
      location: place,
      loads: loadsOf(context, input.parts, step, minutes),
      flows: [...flowsOf(context, components), ...byproducts.map((part) => part.flow)],
      ...(dependencies.length > 0 ? { dependencies } : {}),
    };
    if (!operation.duration) delete operation.duration;
    if (!operation.posttime) delete operation.posttime;
    return { operation: context.finish('suboperation', step, operation) };
  });
}

/** Minutes of one cycle: the average of finished work orders where Odoo counts it, else what was entered. */
export function stepMinutes(step: OdooRow): number {
  const counted = text(step, 'time_mode') === 'auto' ? number(step, 'time_cycle') : 0;
  return Math.max(0, counted || number(step, 'time_cycle_manual') || number(step, 'time_cycle'));
}

function searchMode(row: OdooRow): SearchMode | undefined {
  const mode = text(row, 'search_mode');
  return mode === 'MINCOST' || mode === 'MINPENALTY' || mode === 'MINCOSTPENALTY' || mode === 'PRIORITY'
    ? mode
    : undefined;
}

function loadsOf(context: MappingContext, parts: BomParts, step: OdooRow, minutes: number): Load[] {
  const skills = context.table('mrp.skill');
  const load = (row: OdooRow, workcenter: number | undefined, quantity: number): Load[] => {
    const resource = context.resources.name(workcenter);
    if (resource === undefined) {
      context.report.skip('load', `step ${step.id}`, 'its secondary work center is archived or not exported');
      return [];
    }
    const skill = text(skills.get(link(row, 'skill') ?? 0), 'name');
    const priority = number(row, 'priority');
    const entry: Load = {
      resource,
      quantity,
      search: searchMode(row) ?? 'PRIORITY',
      ...(priority > 1 ? { priority } : {}),
      ...(skill ? { skill } : {}),
    };
    return [context.finish('load', row, entry)];
  };
  const workcenter = link(step, 'workcenter_id');
  const { quantity, tooMuch } = stepQuantity(step, context.resources.maximum(workcenter));
  if (tooMuch)
    context.report.notice(
      'load',
      `step ${step.id}`,
      `needs more of its work center than there is: ${quantity} is used`,
    );
  return [
    ...load(step, workcenter, quantity),
    ...(parts.secondary.get(step.id) ?? []).flatMap((row) => {
      const own = number(row, 'duration');
      return load(row, link(row, 'workcenter_id'), own > 0 && minutes > 0 ? clean(own / minutes) : 1);
    }),
  ];
}
