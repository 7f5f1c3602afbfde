// Orders of a planned network as they would be written to Odoo, one element each: what an export of all holds, and beside it what
// somebody may choose. So an export later needs the stored plan only.
import type { Network } from '../engine/network.ts';
import { type DocumentFilter, type DocumentSummary, planDocument } from '../output/document.ts';
import { allOrders, orderType, type References } from '../output/orders.ts';
import type { PlanPegging } from '../output/pegging.ts';
import { english } from '../output/sentence.ts';
import type { PlanModel } from '../plan-document.ts';
import { attributeOf } from './element.ts';
import type { PostedRow } from './rows.ts';

export function* postedRows(
  net: Network,
  model: PlanModel,
  references: References,
  pegging: PlanPegging,
): Generator<PostedRow> {
  const there = new Set<string>();
  for (const row of rowsOf(net, model, references, pegging, {}, true)) {
    if (row.type !== 'SO') there.add(row.reference);
    yield row;
  }
  const others = new Set<string>();
  for (const o of allOrders(net)) {
    const type = orderType(o);
    // Steps go with their orders.
    if (type !== 'PO' && type !== 'MO' && type !== 'DO') continue;
    const reference = references(o);
    if (!there.has(reference)) others.add(reference);
  }
  yield* rowsOf(net, model, references, pegging, { references: others }, false);
}

function* rowsOf(
  net: Network,
  model: PlanModel,
  references: References,
  pegging: PlanPegging,
  filter: DocumentFilter,
  whole: boolean,
): Generator<PostedRow> {
  const pieces = planDocument(net, model, references, pegging, filter);
  let step: IteratorResult<string, DocumentSummary>;
  for (step = pieces.next(); !step.done; step = pieces.next()) {
    // One element a line, and lines do not go on in the next piece.
    for (const line of step.value.split('\n')) {
      if (!/^<(operationplan|demand) /.test(line)) continue;
      const type = attributeOf(line, 'ordertype') as PostedRow['type'];
      const reference = attributeOf(line, type === 'SO' ? 'name' : 'reference');
      // Nobody is promised what is only expected to be ordered.
      if (type === 'SO' && model.demands.get(reference)?.category === 'forecast') continue;
      yield { reference, type, whole, element: line, note: '' };
    }
  }
  const types = new Map<string, PostedRow['type']>();
  for (const o of step.value.leftOut.length > 0 ? allOrders(net) : []) types.set(references(o), orderType(o) as 'PO');
  for (const { reference, reason } of step.value.leftOut) {
    yield { reference, type: types.get(reference) ?? 'MO', whole, element: null, note: english(reason, net.current) };
  }
}
