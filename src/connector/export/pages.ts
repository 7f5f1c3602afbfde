// What the pages of every kind of order share.
import { MOVE_FIELDS } from '../../mapping/moves.ts';
import { link, links, type OdooRow, tableOf, text } from '../../mapping/records.ts';
import type { StatusModel } from '../../mapping/rules.ts';
import type { Operationplan, PlanEntity } from '../../planner/model.ts';
import { byIds, childrenOf, type Reading } from './reads.ts';

/** What is needed of moves that are followed upstream: x2many fields cost the database most. */
export const FEEDING_FIELDS = MOVE_FIELDS.filter((field) => field !== 'is_subcontract' && field !== 'move_dest_ids');

/** Odoo states of a document that the mapping sheet does not leave out. */
export function statesOn(reading: Reading, model: StatusModel): string[] {
  return [...(reading.rules.statuses.get(model) ?? [])]
    .filter(([, status]) => status !== 'off')
    .map(([state]) => state);
}

export function operationplans(values: Iterable<Operationplan>): PlanEntity[] {
  return Array.from(values, (value) => ({ entity: 'operationplan', value }));
}

const PIECE = 500;

/** Entities in pieces with a breath in between, in which the next pages are asked for and others are served. */
export async function* pieces<T>(values: Iterable<T>, wrap: (value: T) => PlanEntity): AsyncGenerator<PlanEntity[]> {
  let piece: PlanEntity[] = [];
  for (const value of values) {
    piece.push(wrap(value));
    if (piece.length < PIECE) continue;
    yield piece;
    piece = [];
    await new Promise(setImmediate);
  }
  if (piece.length > 0) yield piece;
}

/**
 * Sales or manufacturing order for which something is bought or made: through the moves that take it.
 * @param downstream ids of those moves by record
 */
export async function ordersBehind(
  reading: Reading,
  downstream: ReadonlyMap<number, readonly number[]>,
  depth = 0,
): Promise<Map<number, string>> {
  if (downstream.size === 0) return new Map();
  const moves = tableOf(
    await byIds(reading, 'stock.move', [...downstream.values()].flat(), [
      'group_id',
      'raw_material_production_id',
      'sale_line_id',
    ]),
  );
  const rows = [...moves.values()];
  const [groups, productions, saleLines] = await Promise.all([
    byIds(
      reading,
      'procurement.group',
      rows.map((row) => link(row, 'group_id')),
      ['sale_id'],
    ).then(tableOf),
    byIds(
      reading,
      'mrp.production',
      rows.map((row) => link(row, 'raw_material_production_id')),
      ['name'],
    ).then(tableOf),
    byIds(
      reading,
      'sale.order.line',
      rows.map((row) => link(row, 'sale_line_id')),
      ['order_id'],
    ).then(tableOf),
  ]);
  const saleOf = (move: OdooRow | undefined) =>
    link(groups.get(link(move, 'group_id') ?? 0), 'sale_id') ??
    link(saleLines.get(link(move, 'sale_line_id') ?? 0), 'order_id');
  const sales = tableOf(await byIds(reading, 'sale.order', rows.map(saleOf), ['name']));
  // An order that is made for another one belongs to what that one is made for, up to the sale.
  const further = depth < MAX_CHAIN ? await takers(reading, [...productions.keys()]) : new Map();
  const above = await ordersBehind(reading, further, depth + 1);
  const productionOf = (move: OdooRow | undefined) => link(move, 'raw_material_production_id') ?? 0;
  const found = new Map<number, string>();
  for (const [id, ids] of downstream) {
    const names = (name: (move: OdooRow | undefined) => string) =>
      ids.map((move) => name(moves.get(move))).find(Boolean);
    const name =
      names((move) => text(sales.get(saleOf(move) ?? 0), 'name')) ??
      names((move) => above.get(productionOf(move)) ?? text(productions.get(productionOf(move)), 'name'));
    if (name) found.set(id, name);
  }
  return found;
}

const MAX_CHAIN = 10;

/**
 * Moves that take what orders make, by order.
 * @param outputs moves of what comes out, where they have been read already
 */
export async function takers(
  reading: Reading,
  productions: readonly number[],
  outputs?: readonly OdooRow[],
): Promise<Map<number, number[]>> {
  const downstream = new Map<number, number[]>();
  const add = (order: number | undefined, moves: readonly number[]) => {
    if (order !== undefined && moves.length > 0) downstream.set(order, [...(downstream.get(order) ?? []), ...moves]);
  };
  const [created, made] = await Promise.all([
    childrenOf(reading, 'stock.move', 'created_production_id', productions, []),
    outputs ?? childrenOf(reading, 'stock.move', 'production_id', productions, ['move_dest_ids']),
  ]);
  for (const move of created) add(link(move, 'created_production_id'), [move.id]);
  for (const move of made) add(link(move, 'production_id'), links(move, 'move_dest_ids'));
  return downstream;
}
