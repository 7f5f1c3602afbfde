// The rows of a planned network, table by table. Reads only.
import type { Demand, Network } from '../engine/network.ts';
import { type DemandOutput, demandOutput, isPlanned } from '../output/demands.ts';
import { flowplanOutputs } from '../output/inventory.ts';
import { type OrderOutput, orderOutputs, orderType, referencesOf } from '../output/orders.ts';
import { planPegging } from '../output/pegging.ts';
import { problemOutputs } from '../output/problems.ts';
import { loadplanOutputs } from '../output/resources.ts';
import { stockSummaries } from '../output/stock.ts';
import type { PlanModel } from '../plan-document.ts';
import { plain } from '../recommendations/json.ts';
import { recommend } from '../recommendations/recommend.ts';
import type { Recommendation } from '../recommendations/recommendation.ts';
import { postedRows } from './posted-rows.ts';
import type { DemandRow, OrderRow, PlanRows, PlanTable, RecommendationRow } from './rows.ts';

/** A row, its table, and how much of the plan is through: 0 to 1. */
export type TableRow = { [T in PlanTable]: [table: T, row: PlanRows[T], part: number] }[PlanTable];

export function* planRows(net: Network, model: PlanModel): Generator<TableRow> {
  const references = referencesOf(net);
  const sources = new Map(model.operationplans.map(({ reference, source }) => [reference, source]));
  for (const order of orderOutputs(net, references)) {
    const category = model.items.get(order.item)?.category ?? null;
    yield ['plan_order', { ...orderRow(order, sources.get(order.reference)), category }, 0];
  }
  for (const { batch: _, date, ...flow } of flowplanOutputs(net, references)) {
    const buffer = `${flow.item} @ ${flow.location}`;
    yield ['plan_flow', { ...flow, buffer, at: date }, 0.3];
  }
  for (const { resource, reference, start, end, quantity } of loadplanOutputs(net, references)) {
    yield ['plan_load', { resource, reference, start_at: whole(start), end_at: whole(end), quantity }, 0.5];
  }
  const pegging = planPegging(net);
  let done = 0;
  for (const demand of net.demands.values()) {
    const part = 0.6 + (0.35 * done++) / net.demands.size;
    const { customer } = model.demands.get(demand.name) ?? {};
    yield ['plan_demand', demandRow(demand, demandOutput(net, demand, pegging, references), customer), part];
    for (const { order, level, quantity } of pegging.supplyOf(demand)) {
      const stock = orderType(order) === 'STCK' ? order.flowplans[0]?.buffer : undefined;
      const reference = orderType(order) === 'STCK' ? null : references(order);
      const [item, location] = [stock?.item?.name ?? null, stock?.location?.name ?? null];
      yield ['plan_peg', { demand: demand.name, reference, level, quantity, item, location }, part];
    }
  }
  for (const { kind, object, name, text, start, end, quantity, sentence } of problemOutputs(net, references)) {
    const detail = { ...(quantity === null ? {} : { quantity }), ...(sentence ? { sentence } : {}) };
    const dates = { start_at: whole(start), end_at: whole(end) };
    yield ['plan_problem', { type: kind, subject: object, name, description: text, ...dates, detail }, 0.95];
  }
  for (const { batches: _, safetySteps, missingAt, ...stock } of stockSummaries(net)) {
    const { category = null, cost = null } = model.items.get(stock.item) ?? {};
    const steps = safetySteps.map(({ date, quantity }): [number, number] => [whole(date), quantity]);
    const missing = missingAt === null ? null : whole(missingAt);
    yield ['plan_stock', { ...stock, category, cost, safety_steps: steps, missing_at: missing }, 0.96];
  }
  for (const row of postedRows(net, model, references, pegging)) yield ['plan_posted', row, 0.97];
  for (const one of recommend(net, model)) yield ['plan_recommendation', recommendationRow(one), 0.99];
}

function recommendationRow(one: Recommendation): RecommendationRow {
  const { key, kind, urgency, item, location, supplier, value, decideBy } = one;
  const body: unknown = JSON.parse(JSON.stringify(one, plain));
  return { key, kind, urgency, item, location, supplier, value, decide_by: whole(decideBy), body };
}

function orderRow(order: OrderOutput, source: string | undefined): Omit<OrderRow, 'category'> {
  const { start, end, quantityCompleted, materials: _, resources, setupEnd, ...row } = order;
  return {
    ...row,
    item: row.item || null,
    location: row.location || null,
    start_at: whole(start),
    end_at: whole(end),
    completed: quantityCompleted,
    source: source ?? null,
    detail: { ...(resources.length > 0 ? { resources } : {}), ...(setupEnd === null ? {} : { setupEnd }) },
  };
}

function demandRow(demand: Demand, output: DemandOutput, customer: string | undefined): DemandRow {
  const { name, item, location, status, due, quantity, planned, promised, late, short, reasons } = output;
  const state = late > 0 ? 'late' : 'on time';
  return {
    name,
    item: item || null,
    location: location || null,
    customer: customer ?? null,
    status,
    due: whole(due),
    quantity,
    planned,
    delivery: promised === null ? null : whole(promised),
    late_seconds: whole(late),
    state: !isPlanned(demand) || promised === null ? 'not planned' : short > 0 ? 'short' : state,
    reasons,
  };
}

function whole(time: number): number {
  return Math.round(time);
}
