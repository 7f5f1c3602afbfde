// Records that Odoo may have made twice: asked for again because an answer was lost and nothing was there, and the first call did
// its work later than Odoo is thought to work. Found by our key; the draft that nobody knows goes.
import { tokenIn } from '../mapping/commands.ts';
import { text } from '../mapping/records.ts';
import { type Draft, removeDrafts } from './import-drafts.ts';
import type { References } from './import-references.ts';
import type { OdooWriter } from './odoo/writer.ts';

/** How long a surplus record is looked for. No Odoo works on one call for so long. */
export const DOUBT_MS = 24 * 3_600_000;

/** @returns what a person should know */
export async function removeSurplus(
  writer: OdooWriter,
  references: References,
  companies: readonly number[],
): Promise<string[]> {
  const warnings: string[] = [];
  const doubts = await references.doubts(companies);
  for (const [model, same] of Map.groupBy(doubts, (doubt) => doubt.model)) {
    const origins = same.map(({ origin }) => origin);
    const rows = await writer.read({ model, domain: [['origin', 'in', origins]], fields: ['name', 'state', 'origin'] });
    const owned = await references.ofRecords(
      model,
      rows.map(({ id }) => id),
    );
    const known = new Set(owned.map(({ resId }) => resId));
    const surplus: Draft[] = [];
    for (const alike of Map.groupBy(rows, (row) => tokenIn(text(row, 'origin'))).values()) {
      // Without one that is known, the next posting takes the first one for its own.
      const kept = alike.find(({ id }) => known.has(id)) ?? alike[0];
      for (const row of alike.filter((one) => one !== kept && !known.has(one.id))) {
        const name = text(row, 'name');
        if (text(row, 'state') === 'draft') surplus.push({ model, id: row.id, name, row });
        else if (text(row, 'state') !== 'cancel') {
          const other = text(kept, 'name');
          warnings.push(
            `${name} is the same order as ${other}, made twice because Odoo answered late: cancel one of them`,
          );
        }
      }
    }
    const gone = await removeDrafts(writer, references, surplus, warnings);
    for (const { name } of gone)
      warnings.push(`${name} was there twice because Odoo answered late; the surplus draft is removed`);
  }
  return warnings;
}
