// Reading for the export: master data in one go, and what belongs to a page of orders by their ids.

import { MASTER_READS, type MasterRead } from '../../mapping/reads.ts';
import { link, links, number, type OdooRow, tableOf } from '../../mapping/records.ts';
import { type EntityName, type FilterDomain, fieldsFor, type MappingRules } from '../../mapping/rules.ts';
import { type Domain, type OdooReader, readAll } from '../odoo/reader.ts';

export interface Reading {
  reader: OdooReader;
  rules: MappingRules;
  signal?: AbortSignal;
}

/** Whether this Odoo has the model and, if named, the field. */
export async function has(reading: Reading, model: string, field?: string): Promise<boolean> {
  const fields = await reading.reader.fields(model);
  return fields !== null && (field === undefined || fields.has(field));
}

/** Adds the fields that the sheet wants of a model: plain ones at once, paths by reading what they lead to. */
function withSheetFields(
  reading: Reading,
  model: string,
  fields: readonly string[],
): { plain: string[]; paths: string[] } {
  const wanted = fieldsFor(reading.rules, model);
  const paths = wanted.filter((field) => field.includes('.'));
  return { plain: [...new Set([...fields, ...wanted.map((field) => field.split('.')[0]!)])], paths };
}

/** Values behind dotted paths, put on the rows under the path's name. */
async function resolvePaths(
  reading: Reading,
  model: string,
  rows: readonly OdooRow[],
  paths: readonly string[],
): Promise<void> {
  for (const path of paths) {
    const parts = path.split('.');
    let current = rows.map((row): OdooRow | undefined => row);
    let of = model;
    for (const [position, part] of parts.slice(0, -1).entries()) {
      const info = (await reading.reader.fields(of))?.get(part);
      if (info?.type !== 'many2one' || !info.relation) {
        current = rows.map(() => undefined);
        break;
      }
      of = info.relation;
      const next = parts[position + 1]!;
      const ids = current.flatMap((row) => link(row, part) ?? []);
      const found = tableOf(await byIds(reading, of, ids, [next]));
      current = current.map((row) => found.get(link(row, part) ?? 0));
    }
    const last = parts.at(-1)!;
    rows.forEach((row, position) => {
      row[path] = current[position]?.[last];
    });
  }
}

/** Pages of an entity's own records, with the sheet's fields and filter. */
export async function* entityPages(
  reading: Reading,
  entity: EntityName,
  model: string,
  fields: readonly string[],
  domain: Domain,
): AsyncGenerator<OdooRow[]> {
  if (!(await has(reading, model))) return;
  const { plain, paths } = withSheetFields(reading, model, fields);
  const filter = reading.rules.filters.get(entity) ?? [];
  for await (const rows of reading.reader.pages({
    model,
    fields: plain,
    domain: [...domain, ...filter],
    signal: reading.signal,
  })) {
    await resolvePaths(reading, model, rows, paths);
    yield rows;
  }
}

/** Records by id, each once. */
export async function byIds(
  reading: Reading,
  model: string,
  ids: Iterable<number | undefined>,
  fields: readonly string[],
): Promise<OdooRow[]> {
  const wanted = [...new Set(ids)].filter((id) => id !== undefined).sort((a, b) => a - b);
  if (wanted.length === 0 || !(await has(reading, model))) return [];
  return await readAll(reading.reader, { model, fields, domain: [['id', 'in', wanted]], signal: reading.signal });
}

/** Records whose many2one points to one of the ids. */
export async function childrenOf(
  reading: Reading,
  model: string,
  field: string,
  ids: readonly number[],
  fields: readonly string[],
  domain: Domain = [],
): Promise<OdooRow[]> {
  if (ids.length === 0 || !(await has(reading, model, field))) return [];
  return await readAll(reading.reader, {
    model,
    fields: [field, ...fields],
    domain: [[field, 'in', ids], ...domain],
    signal: reading.signal,
  });
}

/** Moves that the given ones name in a field (`move_orig_ids`, `move_dest_ids`), and those that these name, and so on. */
export async function relatedMoves(
  reading: Reading,
  moves: readonly OdooRow[],
  field: 'move_orig_ids' | 'move_dest_ids',
  fields: readonly string[],
): Promise<Map<number, OdooRow>> {
  const known = tableOf(moves);
  let edge: readonly OdooRow[] = moves;
  // Chains of stock moves are short; the bound only guards against a ring.
  for (let depth = 0; edge.length > 0 && depth < 12; depth++) {
    const missing = edge.flatMap((move) => links(move, field).filter((id) => !known.has(id)));
    edge = await byIds(reading, 'stock.move', missing, fields);
    for (const move of edge) known.set(move.id, move);
  }
  return known;
}

/** Reservations of open moves where Odoo does not store them with the move (up to 16): summed from the move lines. */
export async function addReservations(reading: Reading, moves: Iterable<OdooRow>): Promise<void> {
  if (await has(reading, 'stock.move', 'quantity')) return;
  const rows = [...moves];
  const lines = await childrenOf(
    reading,
    'stock.move.line',
    'move_id',
    rows.map((row) => row.id),
    ['reserved_qty', 'product_qty'],
  );
  const sums = new Map<number, number>();
  for (const row of lines) {
    const id = link(row, 'move_id');
    if (id !== undefined)
      sums.set(id, (sums.get(id) ?? 0) + number(row, row.reserved_qty === undefined ? 'product_qty' : 'reserved_qty'));
  }
  for (const row of rows) row.reserved_qty = sums.get(row.id) ?? 0;
}

const ENTITY_OF_MASTER: Readonly<Record<string, readonly EntityName[]>> = {
  'stock.warehouse': ['location'],
  'resource.calendar': ['calendar'],
  'mrp.workcenter': ['resource'],
  'mrp.skill': ['skill'],
  'mrp.workcenter.skill': ['resourceskill'],
  'planbridge.skill': ['skill'],
  'planbridge.workcenter.skill': ['resourceskill'],
  'product.category': ['itemcategory'],
  'product.product': ['item'],
  'product.supplierinfo': ['itemsupplier'],
  'stock.route': ['itemdistribution'],
  'mrp.bom': ['operation'],
  'mrp.bom.line': ['flow'],
  'mrp.routing.workcenter': ['suboperation'],
  'res.partner': ['customer', 'supplier'],
  'stock.warehouse.orderpoint': ['reorderrule'],
};

/** Entities whose filter only limits what is declared, while their records go on serving others. */
const KEPT_WHOLE: readonly EntityName[] = ['item', 'customer', 'supplier'];

const PARALLEL_READS = 4;

/**
 * Master records by model, archived ones included. Products are read for all companies of the user, since the rule for names
 * looks at all of them; everything else within the scope of the export.
 */
export async function readMasters(reading: Reading, whole: OdooReader): Promise<Map<string, OdooRow[]>> {
  const records = new Map<string, OdooRow[]>();
  const { rules } = reading;

  async function readOne({ model, formerly, fields }: MasterRead): Promise<void> {
    const wide = model === 'product.product' || model === 'product.template';
    const scoped: Reading = wide ? { ...reading, reader: whole } : reading;
    const name = (await has(scoped, model)) ? model : formerly;
    if (name === undefined || !(await has(scoped, name))) return;
    const { plain, paths } = withSheetFields(scoped, model, fields);
    let rows = await readAll(scoped.reader, { model: name, fields: plain, signal: reading.signal });
    await resolvePaths(scoped, model, rows, paths);
    for (const entity of ENTITY_OF_MASTER[model] ?? []) {
      const filter = rules.filters.get(entity);
      if (!filter || filter.length === 0) continue;
      const matching = await readAll(scoped.reader, {
        model,
        fields: [],
        domain: filter as FilterDomain,
        signal: reading.signal,
      });
      if (KEPT_WHOLE.includes(entity)) records.set(`filter:${entity}`, matching);
      else {
        const ids = new Set(matching.map((row) => row.id));
        rows = rows.filter((row) => ids.has(row.id));
      }
    }
    if (model === 'mrp.routing.workcenter') await addCycleTimes(scoped, rows);
    records.set(model, rows);
  }

  const queue = [...MASTER_READS];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await readOne(next);
  };
  await Promise.all(Array.from({ length: PARALLEL_READS }, work));
  return records;
}

/** Average cycle times, which Odoo computes: only for the steps that use them. */
async function addCycleTimes(reading: Reading, steps: readonly OdooRow[]): Promise<void> {
  const automatic = steps.filter((row) => row.time_mode === 'auto');
  const counted = tableOf(
    await byIds(
      reading,
      'mrp.routing.workcenter',
      automatic.map((row) => row.id),
      ['time_cycle'],
    ),
  );
  for (const row of automatic) row.time_cycle = counted.get(row.id)?.time_cycle;
}
