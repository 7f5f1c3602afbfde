// The column `Mode` of the mapping sheet. The row that names an entity leads: its modes are those of the whole entity, the other
// rows follow it, and a row of its own mode can only be narrower.
import type { DefaultAttribute } from './defaults.ts';
import { modesOf } from './defaults.ts';
import { INDISPENSABLE, isKey, isLeading, LEADING_ATTRIBUTE } from './entities.ts';
import type { EntityName } from './rules.ts';
import type { TableRow } from './sheet-cells.ts';
import type { SheetError } from './sheet-errors.ts';
import type { MappingTitle } from './sheet-mapping.ts';

export const MODE_TEXTS = ['1', '2', '1,2', 'off'] as const;

/** What a cell says; `follow` = empty: as the entity's leading row. */
export type ModeCell = 'follow' | ReadonlySet<number>;

/** Reads a cell; undefined when it is none of the allowed texts. Spreadsheets of some countries turn `1,2` into a number. */
export function parseModes(text: string): ModeCell | undefined {
  const word = text.toLowerCase().trim();
  if (!word) return 'follow';
  if (['off', 'none', 'no', '-'].includes(word)) return new Set();
  const parts = word.split(/\s*(?:[,;.+&/]|\band\b|\s)\s*/);
  if (parts.some((part) => part !== '1' && part !== '2')) return undefined;
  return new Set(parts.map(Number).sort());
}

export interface ModeRow {
  entity: EntityName;
  attribute: string;
  modes: ModeCell;
  /** The row as shipped; undefined for an attribute of the users' own. */
  shipped: DefaultAttribute | undefined;
  row: TableRow<MappingTitle>;
}

const same = (a: ReadonlySet<number>, b: ReadonlySet<number>) =>
  a.size === b.size && [...a].every((mode) => b.has(mode));
const textOf = (modes: ReadonlySet<number>) => (modes.size === 0 ? 'off' : [...modes].sort().join(','));

/** Modes of an entity, by its leading row; errors are added to the list. */
export function leadingModes(row: ModeRow, errors: SheetError[]): ReadonlySet<number> {
  const shipped = modesOf(row.shipped?.modes ?? 'off');
  const modes = row.modes === 'follow' ? shipped : row.modes;
  if (modes.size === 0 && INDISPENSABLE.has(row.entity)) {
    errors.push(
      row.row.error('Mode', `${row.entity} cannot be switched off: everything else refers to it`, ['1', '2', '1,2']),
    );
  }
  return modes;
}

/** Modes of a row, within those of its entity. */
export function modesWithin(lead: ReadonlySet<number>, row: ModeRow, errors: SheetError[]): ReadonlySet<number> {
  const { entity, attribute, modes, shipped } = row;
  if (isLeading(entity, attribute) || modes === 'follow') return lead;
  const untouched = shipped !== undefined && shipped.modes !== 'off' && same(modes, modesOf(shipped.modes));
  if (untouched) return lead;
  if (shipped && isKey(entity, attribute)) {
    if (lead.size > 0 && !same(modes, lead)) {
      const leader = LEADING_ATTRIBUTE[entity];
      const what = modes.size === 0 ? 'cannot be turned off' : 'has no mode of its own';
      errors.push(
        row.row.error(
          'Mode',
          `"${attribute}" names or links objects, so it ${what}; the row ${entity} "${leader}" has the mode of the whole entity`,
          [textOf(lead)],
        ),
      );
    }
    return lead;
  }
  const result = new Set([...modes].filter((mode) => lead.has(mode)));
  if (result.size === 0 && modes.size > 0 && lead.size > 0) {
    errors.push(
      row.row.error(
        'Mode',
        `${entity} is sent in mode ${textOf(lead)} only (row ${entity} "${LEADING_ATTRIBUTE[entity]}"), so this row would never be sent`,
        [textOf(lead), 'off'],
      ),
    );
  }
  return result;
}
