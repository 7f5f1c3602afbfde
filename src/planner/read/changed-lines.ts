// Which sales order lines a read has to look at again. Exact as far as Odoo tells (connector.md 6.2, "Incremental runs"):
// - a line, its order or one of its deliveries was written (Odoo stamps every write, computed fields included);
// - a delivery of it is open: what feeds it, and what is reserved for it, changes without a stamp on the line;
// - the last read left it unsettled: something was to be delivered, so that a delivery may have been cancelled or deleted;
// - its product, its customer or its warehouse is called otherwise, or its kit has other parts;
// - it is new, or the sheet's filter lets it through now. Lines that are no more are found by the list of all ids.
import type { Reading } from '../../connector/export/reads.ts';
import { has } from '../../connector/export/reads.ts';
import type { Domain } from '../../connector/odoo/reader.ts';
import { OPEN_MOVE_STATES } from '../../mapping/moves.ts';
import { type FilterDomain, fieldsFor } from '../../mapping/rules.ts';
import { formatStamp, parseStamp } from '../../mapping/time.ts';
import { changedSince, type ReadMemory, type Signatures } from './memory.ts';

const LINE = 'sale.order.line';

/** A transaction's writes carry the time at which it began: so long may one take before its writes are overlooked. */
const OVERLAP_SECONDS = 3_600;
/** From this number of renamed products or customers on it is quicker to read all lines. */
const MANY = 2_000;

export interface ChangedLines {
  /** To be read, in ascending id. */
  lines: number[];
  /** In the last read, and no more. */
  gone: number[];
  /** All that are there. */
  all: number[];
}

/** Why what is made of a line may change without a sign that could be asked for; null = it cannot. */
export async function unknowable(reading: Reading): Promise<string | null> {
  const fields = await reading.reader.fields(LINE);
  if (!fields?.has('move_ids') || !fields.has('write_date')) return 'Odoo does not say which lines changed';
  for (const field of fieldsFor(reading.rules, LINE)) {
    if (field.includes('.')) return `the mapping sheet takes ${field} from behind a link`;
    const info = fields.get(field);
    if (info && (!info.stored || info.companyDependent)) return `the mapping sheet takes ${field}, which Odoo computes`;
  }
  return null;
}

/** @returns the lines, or why all must be read */
export async function changedLines(
  reading: Reading,
  domain: Domain,
  memory: ReadMemory,
  signatures: Signatures,
): Promise<ChangedLines | string> {
  const reason = await unknowable(reading);
  if (reason !== null) return reason;
  const products = changedSince(memory.products, signatures.products);
  const partners = changedSince(memory.partners, signatures.partners);
  const warehouses = changedSince(memory.warehouses, signatures.warehouses);
  if (products.length + partners.length > MANY) {
    return `${products.length} products and ${partners.length} partners are called otherwise`;
  }
  const since = formatStamp((parseStamp(memory.stamp) ?? 0) - OVERLAP_SECONDS).replace('T', ' ');
  const signs: Domain[number][] = [
    ['write_date', '>=', since],
    ['order_id.write_date', '>=', since],
    ['move_ids.write_date', '>=', since],
    ['move_ids.state', 'in', [...OPEN_MOVE_STATES]],
  ];
  if (products.length > 0) signs.push(['product_id', 'in', products]);
  if (partners.length > 0) signs.push(['order_id.partner_id', 'in', partners]);
  if (warehouses.length > 0) signs.push(['order_id.warehouse_id', 'in', warehouses]);
  const wanted = new Set<number>();
  // One by one: together they make Odoo's database look at everything.
  for (const sign of signs) for (const id of await idsOf(reading, [...domain, sign])) wanted.add(id);
  // After the signs: a line that comes in between is new, and one that goes in between is gone.
  const all = await idsOf(reading, domain);
  const there = new Set(all);
  const known = new Set(memory.known);
  for (const id of memory.unsettled) wanted.add(id);
  for (const id of all) if (!known.has(id)) wanted.add(id);
  return {
    lines: [...wanted].filter((id) => there.has(id)).sort((a, b) => a - b),
    gone: memory.known.filter((id) => !there.has(id)),
    all,
  };
}

async function idsOf(reading: Reading, domain: Domain): Promise<number[]> {
  if (!(await has(reading, LINE))) return [];
  const filter = (reading.rules.filters.get('demand') ?? []) as FilterDomain;
  const ids: number[] = [];
  const request = { model: LINE, fields: [], domain: [...domain, ...filter], signal: reading.signal, pageSize: 10_000 };
  for await (const rows of reading.reader.pages(request)) for (const { id } of rows) ids.push(id);
  return ids;
}
