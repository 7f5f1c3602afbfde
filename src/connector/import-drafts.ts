// Drafts of earlier plans that the new one replaces: ours by key and table, of plans of the same company, still drafts. Where the
// table does not know one (our database was lost), the key counts if this very user made it. Others' drafts, and what somebody has
// confirmed, are never touched (connector.md 3.3; E5).
import { PlanbridgeError } from '../errors.ts';
import { OWN, tokenIn } from '../mapping/commands.ts';
import { link, links, type OdooRow, text } from '../mapping/records.ts';
import type { References } from './import-references.ts';
import type { OdooWriter } from './odoo/writer.ts';

export interface DraftQuestion {
  mode: number;
  company: number;
  /** Hashes of the document's orders. */
  keys: ReadonlySet<string>;
  slots: ReadonlySet<string>;
}

export interface Draft {
  model: string;
  id: number;
  name: string;
  row: OdooRow;
}

const MODELS = ['purchase.order', 'mrp.production', 'stock.picking'] as const;

/** Drafts that are to go before the new orders come. */
export async function replacedDrafts(
  writer: OdooWriter,
  references: References,
  question: DraftQuestion,
  known: readonly { model: string; resId: number }[],
): Promise<Draft[]> {
  const drafts: Draft[] = [];
  for (const model of MODELS) {
    // Single orders and further pages only replace what they name.
    const named = [...new Set(known.filter((one) => one.model === model).map(({ resId }) => resId))];
    if (question.mode !== 1 && named.length === 0) continue;
    const rows = await ownDrafts(writer, model, question.mode === 1 ? null : named);
    if (rows.length === 0) continue;
    const owners = Map.groupBy(
      await references.ofRecords(
        model,
        rows.map(({ id }) => id),
      ),
      ({ resId }) => resId,
    );
    for (const row of rows) {
      const orders = owners.get(row.id) ?? [];
      const here = link(row, 'company_id') === question.company;
      if (orders.length === 0) {
        if (question.mode === 1 && here && link(row, 'create_uid') === writer.user.id)
          drafts.push({ model, id: row.id, name: text(row, 'name'), row });
        continue;
      }
      // A plan of several companies has its drafts in all of them.
      if (!here && !orders.some(({ planCompany }) => planCompany === question.company)) continue;
      const same = orders.every(({ key }) => question.keys.has(key));
      const covered = orders.every(({ slot }) => slot !== '' && question.slots.has(slot));
      if (same || (question.mode !== 1 && !covered)) continue;
      drafts.push({ model, id: row.id, name: text(row, 'name'), row });
    }
  }
  return drafts;
}

async function ownDrafts(writer: OdooWriter, model: string, ids: readonly number[] | null): Promise<OdooRow[]> {
  const moves = model === 'mrp.production' ? ['move_raw_ids', 'move_finished_ids'] : [];
  const which = ids === null ? [] : [['id', 'in', ids] as const];
  const domain = [...which, ['origin', '=like', `${OWN} %`] as const, ['state', '=', 'draft'] as const];
  try {
    const rows = await writer.read({ model, domain, fields: ['name', 'origin', 'company_id', 'create_uid', ...moves] });
    return rows.filter((row) => tokenIn(text(row, 'origin')) !== null);
  } catch (error) {
    // A model that is not installed, or not this user's to see, has no drafts of ours.
    if (error instanceof PlanbridgeError && (error.code === 'PB_ODOO_FAULT' || error.code === 'PB_ODOO_ACCESS'))
      return [];
    throw error;
  }
}

/** Removes drafts. @returns those that are gone; what Odoo keeps is named in `warnings` */
export async function removeDrafts(
  writer: OdooWriter,
  references: References,
  drafts: readonly Draft[],
  warnings: string[],
): Promise<Draft[]> {
  const gone: Draft[] = [];
  for (const [model, same] of Map.groupBy(drafts, ({ model }) => model)) {
    const removed = await removeOf(writer, model, same, warnings);
    await references.forget(
      model,
      removed.map(({ id }) => id),
    );
    gone.push(...removed);
  }
  return gone;
}

async function removeOf(
  writer: OdooWriter,
  model: string,
  drafts: readonly Draft[],
  warnings: string[],
): Promise<Draft[]> {
  const ids = drafts.map(({ id }) => id);
  try {
    if (model === 'purchase.order') await writer.act(model, 'button_cancel', ids);
    await writer.act(model, 'unlink', ids);
    if (model === 'mrp.production') {
      // Odoo leaves the moves behind, cancelled and without their order.
      const moves = drafts.flatMap(({ row }) => [...links(row, 'move_raw_ids'), ...links(row, 'move_finished_ids')]);
      await removeMoves(writer, moves);
    }
    return [...drafts];
  } catch (error) {
    if (!(error instanceof PlanbridgeError) || (error.code !== 'PB_ODOO_FAULT' && error.code !== 'PB_ODOO_ACCESS'))
      throw error;
    if (drafts.length === 1) {
      warnings.push(`${drafts[0]!.name}, a draft of the plan before, could not be removed: ${error.message}`);
      return [];
    }
    const middle = drafts.length >> 1;
    const first = await removeOf(writer, model, drafts.slice(0, middle), warnings);
    return [...first, ...(await removeOf(writer, model, drafts.slice(middle), warnings))];
  }
}

async function removeMoves(writer: OdooWriter, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  const domain = [['id', 'in', ids] as const, ['state', 'in', ['draft', 'cancel']] as const];
  const left = await writer.read({
    model: 'stock.move',
    domain,
    fields: ['state', 'raw_material_production_id', 'production_id'],
  });
  const orphans = left
    .filter((row) => row.raw_material_production_id === null && row.production_id === null)
    .map(({ id }) => id);
  if (orphans.length > 0) await writer.act('stock.move', 'unlink', orphans).catch(() => {});
}
