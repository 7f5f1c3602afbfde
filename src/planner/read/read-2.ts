// odoo_read_2: what changes slowly. The lists that the mapping sheet has in mode 2 and that odoo_read_1 does not bring as they are,
// and the history of sales for the forecast.
import { hash } from 'node:crypto';
import { ahead } from '../../connector/export/ahead.ts';
import { byIds, entityPages, type Reading } from '../../connector/export/reads.ts';
import { type PlanPart, planSections } from '../../connector/export.ts';
import type { Domain } from '../../connector/odoo/reader.ts';
import type { MappingContext } from '../../mapping/context.ts';
import { link, type OdooRow, type Table, tableOf } from '../../mapping/records.ts';
import { type EntityName, entityInMode, type MappingRules } from '../../mapping/rules.ts';
import { mapSale, SALES_LINE_FIELDS, SALES_ORDER_FIELDS, type Sale, SOLD_STATES } from '../../mapping/sales-history.ts';
import { DAY, formatStamp } from '../../mapping/time.ts';
import type { StepContext, StepResult } from '../runs/step.ts';
import { placeOf } from '../store/parts.ts';
import { batches, type ReplaceCounts, replacePart } from '../store/replace.ts';
import { watchOrigins } from '../store/rows.ts';
import { completeRead, type OpenSource, sourceState } from '../store/source.ts';
import { type NewRow, SALES_TABLE } from '../store/tables.ts';
import { type OpenRead, type ReadSurroundings, withOdoo } from './open.ts';
import type { Read2Parameters } from './parameters.ts';
import { type PartCounts, removeOtherParts, summed, writeSection } from './parts.ts';
import { type ReadProgress, readProgress } from './progress.ts';

const YEAR = 365.25 * DAY;

export async function readOdoo2(
  surroundings: ReadSurroundings,
  step: StepContext<Read2Parameters>,
): Promise<StepResult> {
  const { singleCompany, shelfLife } = step.parameters;
  const asked = { source: 2, singleCompany, shelfLife, delta: 999 } as const;
  return await withOdoo(surroundings, asked, step.signal, (read) => onePass(read, step, surroundings.now));
}

async function onePass(
  { plan, open }: OpenRead,
  step: StepContext<Read2Parameters>,
  now: () => number,
): Promise<StepResult> {
  const { signal, parameters } = step;
  const progress = readProgress(step, open.before.counts.all ?? 0);
  progress.masters();
  const context = await plan.context();
  const plain: MappingContext = { ...context };
  const origins = watchOrigins(context);
  const first = await sourceState(open.store.query, open.model, 1);
  const counts: PartCounts[] = [];
  const written = new Set<PlanPart>();
  const comesFirst: PlanPart[] = [];
  for await (const section of planSections(plan.reading, context, null)) {
    if (first?.parts.includes(placeOf(section.part)) && addsNothing(plan.reading.rules, section.part)) {
      comesFirst.push(section.part);
      continue;
    }
    written.add(section.part);
    counts.push(await writeSection(open, section, origins, { signal, progress }));
  }
  counts.push(...(await removeOtherParts(open, written)));
  if (comesFirst.length > 0) step.log('info', `brought by odoo_read_1 as they are: ${comesFirst.join(', ')}`);

  const from = Math.floor(now() / 1_000) - parameters.years * YEAR;
  const sales = await readSales(open, { reading: plan.reading, context: plain, signal, progress }, from);
  signal.throwIfAborted();

  const totals = summed(counts);
  const report = plan.report.entries();
  const soldRows = sales.added + sales.changed + sales.unchanged;
  const kept = await completeRead(open, {
    header: plan.header,
    parts: [...written].map(placeOf),
    counts: { ...totals, all: totals.rows + soldRows },
    report,
    basis: '',
    memory: null,
    full: true,
    at: new Date(now()),
  });
  return {
    counts: {
      ...totals,
      kept,
      sales: soldRows,
      'sales added': sales.added,
      'sales changed': sales.changed,
      'sales removed': sales.removed,
    },
    report,
  };
}

const ENTITIES_OF: Readonly<Partial<Record<PlanPart, readonly EntityName[]>>> = {
  item: ['item', 'itemsupplier', 'itemdistribution'],
  operation: ['operation', 'suboperation', 'flow', 'load'],
  manufacturingorder: ['manufacturingorder', 'workorder'],
  lane: ['distributionorder'],
};

/** Whether mode 1 has all that mode 2 has of a part. */
export function addsNothing(rules: MappingRules, part: PlanPart): boolean {
  const entities = ENTITIES_OF[part] ?? [part as EntityName];
  return entities.every((entity) => {
    if (!entityInMode(rules, entity, 2)) return true;
    return rules.attributes.every((rule) => rule.entity !== entity || !rule.modes.has(2) || rule.modes.has(1));
  });
}

interface SalesSurroundings {
  reading: Reading;
  context: MappingContext;
  signal: AbortSignal;
  progress: ReadProgress;
}

async function readSales(
  open: OpenSource,
  { reading, context, signal, progress }: SalesSurroundings,
  from: number,
): Promise<ReplaceCounts> {
  const domain: Domain = [
    ['product_id', '!=', false],
    ['display_type', '=', false],
    ['order_id.state', 'in', SOLD_STATES],
    ['order_id.date_order', '>=', formatStamp(from).replace('T', ' ')],
  ];
  async function* pages(): AsyncGenerator<{ lines: OdooRow[]; orders: Table }> {
    for await (const lines of entityPages(reading, 'demand', 'sale.order.line', SALES_LINE_FIELDS, domain)) {
      const ids = lines.map((line) => link(line, 'order_id'));
      yield { lines, orders: tableOf(await byIds(reading, 'sale.order', ids, SALES_ORDER_FIELDS)) };
    }
  }
  const writer = replacePart(open, SALES_TABLE, 0);
  const batch = batches(writer, 2_000);
  for await (const { lines, orders } of ahead(pages())) {
    signal.throwIfAborted();
    for (const line of lines) {
      const rows = Array.from(mapSale(context, line, orders), (sale, seq) => saleRow(line.id, seq, sale));
      await batch.add(line.id, rows);
    }
    progress.rows(lines.length, 'history of sales');
    await new Promise(setImmediate);
  }
  await batch.flush();
  return await writer.end('remove others');
}

function saleRow(record: number, seq: number, { order, item, location, customer, date, quantity }: Sale): NewRow {
  const values = [order, item, location, customer, Math.round(date), quantity];
  return { record, seq, hash: hash('md5', JSON.stringify(values)), values };
}
