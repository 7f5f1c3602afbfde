// The planners' own edits: kept field by field beside what Odoo says, laid over it when a model is loaded or listed, and taken away
// one by one. A read never touches them.
import { PlanbridgeError } from '../../errors.ts';
import type { Store } from '../../store/database.ts';
import type { PlanEntity } from '../model.ts';
import { type Changes, checkChanges, checkOwn } from './editable.ts';
import { keyOf } from './keys.ts';
import type { EntityKind } from './parts.ts';
import { findModel, type ModelScope } from './scope.ts';

export interface Edit {
  kind: EntityKind;
  key: string;
  field: string;
  /** null = taken away, so that the default counts. */
  value: unknown;
  who: string;
  at: Date;
}

export interface EditedBy {
  who: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** A record counts in some source, or is the planners' own. */
const KNOWN = `select 1 where exists (select 1 from planbridge.own_entity where model = $1 and kind = $2 and key = $3)
  or exists (select 1 from planbridge.entity e join planbridge.model_source s on s.model = e.model and s.source = e.source
    where e.model = $1 and e.kind = $2 and e.key = $3 and e.since <= s.version and (e.until is null or e.until > s.version))`;

/**
 * Changes attributes of a record, over what Odoo says, until the edit is removed.
 * @throws PlanbridgeError PB_REQUEST_ARGUMENT when there is no such record, or an attribute cannot be changed so
 * @example await editEntity(store, scope, 'itemsupplier', 'Leg | Wood Corner 9', { leadtime: 5 * 86_400 }, by)
 */
export async function editEntity(
  store: Store,
  scope: ModelScope,
  kind: EntityKind,
  key: string,
  changes: Changes,
  by: EditedBy,
): Promise<void> {
  checkChanges(kind, changes);
  const model = await known(store, scope);
  if ((await store.query(KNOWN, [model, kind, key])).length === 0) throw unknownRecord(kind, key);
  const entries = Object.entries(changes);
  await store.query(
    `insert into planbridge.edit (model, kind, key, field, value, who, at)
     select $1, $2, $3, u.field, u.value::jsonb, $6, $7 from unnest($4::text[], $5::text[]) as u (field, value)
     on conflict (model, kind, key, field) do update set value = excluded.value, who = excluded.who, at = excluded.at`,
    [
      ...[model, kind, key],
      entries.map(([field]) => field),
      entries.map(([, value]) => JSON.stringify(value)),
      by.who,
      new Date(by.at),
    ],
  );
}

/**
 * Adds a record that Odoo does not know.
 * @throws PlanbridgeError PB_REQUEST_ARGUMENT when it is there already, or is not a whole record
 */
export async function addOwnEntity(store: Store, scope: ModelScope, entity: PlanEntity, by: EditedBy): Promise<string> {
  checkOwn(entity.entity, entity.value as unknown as Changes);
  const model = await known(store, scope);
  const key = keyOf(entity);
  if ((await store.query(KNOWN, [model, entity.entity, key])).length > 0) {
    throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 409, `There is a ${entity.entity} "${key}" already.`, {
      remedy: 'Change it instead.',
    });
  }
  await store.query(
    `insert into planbridge.own_entity (model, kind, key, origin, value, who, at)
     values ($1, $2, $3, 'planner', $4::jsonb, $5, $6) on conflict do nothing`,
    [model, entity.entity, key, JSON.stringify(entity.value), by.who, new Date(by.at)],
  );
  return key;
}

/**
 * Gives a record back to Odoo: one attribute, or all of them. A record that only the edits had kept is gone with the last one.
 * @returns how many edits were taken away
 */
export async function removeEdit(
  store: Store,
  scope: ModelScope,
  kind: EntityKind,
  key: string,
  field: string | null = null,
): Promise<number> {
  const model = await known(store, scope);
  return await store.transaction(async (query) => {
    const gone = await query(
      'delete from planbridge.edit where model = $1 and kind = $2 and key = $3 and ($4::text is null or field = $4) returning 1',
      [model, kind, key, field],
    );
    const own = await query(
      `delete from planbridge.own_entity o where model = $1 and kind = $2 and key = $3
         and (origin = 'odoo' or $4::text is null)
         and not exists (select 1 from planbridge.edit e where e.model = $1 and e.kind = $2 and e.key = $3) returning 1`,
      [model, kind, key, field],
    );
    return gone.length + own.length;
  });
}

/** Edits in force, the newest first. */
export async function listEdits(store: Store, scope: ModelScope, kind: EntityKind | null = null): Promise<Edit[]> {
  const model = await findModel(store, scope);
  if (model === null) return [];
  return await store.query<Edit>(
    `select kind, key, field, value, who, at from planbridge.edit where model = $1 and ($2::text is null or kind = $2)
     order by at desc, kind, key, field limit 10000`,
    [model, kind],
  );
}

async function known(store: Store, scope: ModelScope): Promise<number> {
  const model = await findModel(store, scope);
  if (model !== null) return model;
  throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 409, 'There is no planning model yet: Odoo was not read.', {
    remedy: 'Run odoo_read_1 first.',
  });
}

function unknownRecord(kind: string, key: string): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_ARGUMENT', 404, `There is no ${kind} "${key}" in the planning model.`, {
    remedy: 'Look it up in its list; names change when they change in Odoo.',
  });
}

/** An order of the planners' own that was written to Odoo and read from there: from then on Odoo's counts. */
const IN_ODOO = `o.kind = 'operationplan' and o.origin = 'planner' and exists (
  select 1 from planbridge.plan_export x
  join planbridge.plan p on p.id = x.plan_id
  join planbridge.model m on m.id = o.model and m.odoo = p.odoo
  join planbridge.model_source s on s.model = m.id
  join planbridge.entity e on e.model = m.id and e.source = s.source and e.kind = 'operationplan'
  where x.reference = coalesce(o.value->>'owner', o.key) and x.name is not null
    and e.key >= x.name and e.key < x.name || '!' and e.since <= s.version and (e.until is null or e.until > s.version))`;

export interface Overlay {
  /** The entity as the planners want it. */
  apply(entity: PlanEntity): PlanEntity;
  /** Records of the planners' own that no read brought, of the kinds asked for, each once. */
  own(wanted: (kind: EntityKind) => boolean): Generator<PlanEntity>;
}

/** All edits of a model, to be laid over it. */
export async function overlayOf(store: Store, model: number): Promise<Overlay> {
  const edits = await store.query<{ kind: EntityKind; key: string; changes: Record<string, unknown> }>(
    'select kind, key, jsonb_object_agg(field, value) as changes from planbridge.edit where model = $1 group by kind, key',
    [model],
  );
  const own = await store.query<{ kind: EntityKind; key: string; origin: string; value: object }>(
    `select kind, key, origin, value from planbridge.own_entity o where model = $1 and not (${IN_ODOO}) order by kind, key`,
    [model],
  );
  const changes = new Map(edits.map((row) => [`${row.kind}\n${row.key}`, row.changes]));
  const pending = new Map(own.map((row) => [`${row.kind}\n${row.key}`, row]));
  if (changes.size === 0 && pending.size === 0) return { apply: (entity) => entity, *own() {} };

  function changed(id: string, entity: PlanEntity): PlanEntity {
    const fields = changes.get(id);
    if (fields === undefined) return entity;
    return { entity: entity.entity, value: withChanges(entity.value, fields) } as PlanEntity;
  }

  return {
    apply(entity) {
      const id = `${entity.entity}\n${keyOf(entity)}`;
      const mine = pending.get(id);
      if (mine === undefined) return changed(id, entity);
      pending.delete(id);
      // Made here first, and now Odoo has it too: what the planner said stays.
      const value = mine.origin === 'planner' ? { ...entity.value, ...mine.value } : entity.value;
      return changed(id, { entity: entity.entity, value } as PlanEntity);
    },
    *own(wanted) {
      for (const [id, { kind, value }] of [...pending]) {
        if (!wanted(kind)) continue;
        pending.delete(id);
        yield changed(id, { entity: kind, value } as PlanEntity);
      }
    },
  };
}

/** null takes an attribute away. */
export function withChanges(value: object, changes: Readonly<Record<string, unknown>>): object {
  const result: Record<string, unknown> = { ...value, ...changes };
  for (const [field, change] of Object.entries(changes)) if (change === null) delete result[field];
  return result;
}
