// Runs the real export over an OdooReader under a fixed clock and hands out what it made, by kind, and as a document.
// Every document is held against frePPLe's schema on the way.

import { writeDocument } from '../../src/connector/document/write.ts';
import { type ExportRequest, type OpenExport, openExport, type PlanSection } from '../../src/connector/export.ts';
import type { OdooReader } from '../../src/connector/odoo/reader.ts';
import { defaultRules } from '../../src/mapping/defaults.ts';
import type { ReportEntry } from '../../src/mapping/report.ts';
import type { MappingOptions, MappingRules } from '../../src/mapping/rules.ts';
import { parseStamp } from '../../src/mapping/time.ts';
import type { Operation, PlanEntity, PlanHeader, PlanTime } from '../../src/planner/model.ts';
import { checkSchema } from './schema.ts';

/** A Monday. */
export const NOW = '2026-11-23 09:00:00';

/** `2026-11-23 09:00` of the plan's clock. */
export function at(text: string): PlanTime {
  return parseStamp(text.length === 16 ? `${text}:00` : text)!;
}

export interface ExportChanges extends Partial<ExportRequest> {
  now?: string;
  options?: Partial<MappingOptions>;
  rules?: MappingRules;
}

type ValuesOf<E extends PlanEntity['entity']> = Extract<PlanEntity, { entity: E }>['value'][];

export interface ExportedPlan {
  header: PlanHeader;
  report: ReportEntry[];
  /** Names of the lists, in the order of the document. */
  lists: string[];
  calendars: ValuesOf<'calendar'>;
  locations: ValuesOf<'location'>;
  customers: ValuesOf<'customer'>;
  suppliers: ValuesOf<'supplier'>;
  skills: ValuesOf<'skill'>;
  resources: ValuesOf<'resource'>;
  resourceskills: ValuesOf<'resourceskill'>;
  items: ValuesOf<'item'>;
  itemsuppliers: ValuesOf<'itemsupplier'>;
  itemdistributions: ValuesOf<'itemdistribution'>;
  operations: ValuesOf<'operation'>;
  demands: ValuesOf<'demand'>;
  orders: ValuesOf<'operationplan'>;
  buffers: ValuesOf<'buffer'>;
  xml: string;
  json: string;
}

const REQUEST: ExportRequest = {
  mode: 1,
  company: null,
  singleCompany: false,
  language: null,
  timezone: null,
  delta: 999,
  apps: '',
};

export async function exportPlan(reader: OdooReader, changes: ExportChanges = {}): Promise<ExportedPlan> {
  const { now = NOW, options, rules = defaultRules(), ...request } = changes;
  const plan = await openExport(
    { ...REQUEST, ...request },
    {
      reader,
      rules: { ...rules, options: { ...rules.options, ...options } },
      now: at(now) * 1000,
    },
  );
  const sections: Array<{ section: PlanSection; pages: PlanEntity[][] }> = [];
  for await (const section of plan.sections) {
    const pages: PlanEntity[][] = [];
    for await (const page of section.entities) pages.push([...page]);
    sections.push({ section, pages });
  }
  const entities = sections.flatMap(({ pages }) => pages.flat());
  const of = <E extends PlanEntity['entity']>(entity: E) =>
    entities.filter((entry) => entry.entity === entity).map((entry) => entry.value) as ValuesOf<E>;
  const document = (format: 'xml' | 'json') => textOf({ ...plan, sections: replay(sections) }, format);
  const xml = await document('xml');
  checkSchema(xml);
  return {
    header: plan.header,
    report: plan.report.entries(),
    lists: sections.map(({ section }) => section.list),
    calendars: of('calendar'),
    locations: of('location'),
    customers: of('customer'),
    suppliers: of('supplier'),
    skills: of('skill'),
    resources: of('resource'),
    resourceskills: of('resourceskill'),
    items: of('item'),
    itemsuppliers: of('itemsupplier'),
    itemdistributions: of('itemdistribution'),
    operations: of('operation'),
    demands: of('demand'),
    orders: of('operationplan'),
    buffers: of('buffer'),
    xml,
    json: await document('json'),
  };
}

async function* replay(sections: Array<{ section: PlanSection; pages: PlanEntity[][] }>): AsyncGenerator<PlanSection> {
  for (const { section, pages } of sections) {
    yield {
      ...section,
      entities: (async function* () {
        yield* pages;
      })(),
    };
  }
}

export async function textOf(plan: OpenExport, format: 'xml' | 'json'): Promise<string> {
  let text = '';
  for await (const piece of writeDocument(plan, format)) text += piece;
  return text;
}

/** What the report says of an entity, as `reason: record`. */
export function said(plan: ExportedPlan, entity: string): string[] {
  return plan.report
    .filter((entry) => entry.entity === entity)
    .flatMap((entry) => entry.records.map((record) => `${entry.reason}: ${record}`));
}

/** Stock on hand of an item by location. */
export function onhand(plan: ExportedPlan, item: string): Record<string, number | undefined> {
  const buffers = plan.buffers.filter((buffer) => buffer.item === item);
  return Object.fromEntries(buffers.map((buffer) => [buffer.location, buffer.onhand]));
}

/** Flows of an operation, or of all its steps: quantity per unit by item. */
export function flowsOf(operation: Operation | string | undefined): Record<string, number | undefined> {
  if (typeof operation !== 'object') return {};
  const steps = operation.suboperations?.map((step) => step.operation) ?? [];
  const flows = [operation, ...steps].flatMap((step) => step.flows ?? []);
  return Object.fromEntries(flows.map((flow) => [flow.item, flow.quantity]));
}
