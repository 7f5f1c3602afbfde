// Skills and secondary work centers of our Odoo addon, put beside those of frePPLe's addon in its shape, so that everything
// else knows one of them. Either, both or none may be installed; what both say of one thing, ours decides. Never changes rows.
import { link, number, type OdooRow, text } from './records.ts';

type Records = ReadonlyMap<string, readonly OdooRow[]>;

/** Models of our addon by the one of frePPLe's addon that keeps the same. */
export const OWN_MODELS: Readonly<Record<string, string>> = {
  'planbridge.skill': 'mrp.skill',
  'planbridge.workcenter.skill': 'mrp.workcenter.skill',
  'planbridge.secondary.workcenter': 'mrp.secondary.workcenter',
};

/** What a work order occupies beside its work center, in each of the addons. */
export const SECONDARY = 'mrp.workorder.secondary.workcenter';
export const OWN_SECONDARY = 'planbridge.workorder.secondary';

/**
 * Both addons' rows of work orders as one list: ours, and those of frePPLe's for what ours say nothing of. Where both chose a member
 * of the same pool for an order, ours counts.
 * @param poolOf of a work center
 */
export function withOwnSecondary(
  theirs: readonly OdooRow[],
  ours: readonly OdooRow[],
  poolOf: (workcenter: number | undefined) => number | undefined,
): OdooRow[] {
  const place = (row: OdooRow) => {
    const workcenter = link(row, 'workcenter_id');
    return `${link(row, 'workorder_id') ?? ''} ${poolOf(workcenter) ?? workcenter ?? ''}`;
  };
  const known = new Set(ours.map(place));
  return [...theirs.filter((row) => !known.has(place(row))), ...ours.map((row) => ({ ...row, id: -row.id }))];
}

/** Rows of our addon have ids below zero, for those above are frePPLe's. */
export function isOwnRow(row: OdooRow): boolean {
  return row.id < 0;
}

export function withOwnAddon(records: Records): Records {
  const rows = (model: string) => records.get(model) ?? [];
  if (Object.keys(OWN_MODELS).every((model) => rows(model).length === 0)) return records;
  const merged = new Map(records);
  const skills = mergeSkills(rows('mrp.skill'), rows('planbridge.skill'));
  merged.set('mrp.skill', skills.rows);

  const theirSkills = new Map(rows('mrp.skill').map((row) => [row.id, text(row, 'name')]));
  const place = (row: OdooRow, center: string, names: (skill: number | undefined) => string) =>
    `${link(row, 'routing_workcenter_id') ?? ''}\n${link(row, center) ?? ''}\n${names(link(row, 'skill'))}`;
  const join = (model: string, own: string, center: string) => {
    const ours = rows(own);
    const known = new Set(ours.map((row) => place(row, center, (id) => skills.nameOfOurs(id))));
    const theirs = rows(model).filter((row) => !known.has(place(row, center, (id) => theirSkills.get(id ?? 0) ?? '')));
    const taken = ours.map((row) => ({ ...row, id: -row.id, skill: skills.idOfOurs(link(row, 'skill')) }));
    merged.set(model, [...theirs, ...taken]);
  };
  join('mrp.workcenter.skill', 'planbridge.workcenter.skill', 'workcenter');
  join('mrp.secondary.workcenter', 'planbridge.secondary.workcenter', 'workcenter_id');

  merged.set(
    'mrp.routing.workcenter',
    rows('mrp.routing.workcenter').map((row) => {
      const skill = skills.idOfOurs(link(row, 'planbridge_skill'));
      return skill === null ? row : { ...row, skill };
    }),
  );
  return merged;
}

/** One skill for one name. */
function mergeSkills(theirs: readonly OdooRow[], ours: readonly OdooRow[]) {
  const byName = new Map(theirs.map((row) => [text(row, 'name'), row.id]));
  const added: OdooRow[] = [];
  for (const row of ours) {
    const name = text(row, 'name');
    if (byName.has(name)) continue;
    byName.set(name, -row.id);
    added.push({ ...row, id: -row.id });
  }
  const names = new Map(ours.map((row) => [row.id, text(row, 'name')]));
  const nameOfOurs = (id: number | undefined) => names.get(id ?? 0) ?? '';
  return {
    rows: [...theirs, ...added],
    nameOfOurs,
    /** Id among the merged skills of a skill of ours. */
    idOfOurs: (id: number | undefined) => byName.get(nameOfOurs(id)) ?? null,
  };
}

/**
 * How much of its work center a step takes while it runs; 1 where nobody said.
 * @param most what the work center has
 */
export function stepQuantity(step: OdooRow | undefined, most: number): { quantity: number; tooMuch: boolean } {
  const wanted = number(step, 'planbridge_quantity');
  if (!(wanted > 0)) return { quantity: 1, tooMuch: false };
  return { quantity: Math.min(wanted, Math.max(1, most)), tooMuch: wanted > Math.max(1, most) };
}
