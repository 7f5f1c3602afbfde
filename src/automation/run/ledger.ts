// The ledger of effects: written before something is changed outside, and after. Who finds an entry begun asks outside whether it
// has happened; who finds it done leaves it alone. One run of an automation at a time writes; one that lost its run is refused.
import type { Query, Store } from '../../store/database.ts';
import type { Change, Json, RecordedChange } from '../automation.ts';

export type EffectState = 'begun' | 'done' | 'failed' | 'dry' | 'unclear';

export interface EffectRow extends Omit<RecordedChange, 'at'> {
  id: number;
  once: Change['once'];
  state: EffectState;
  replay: Json;
  result: Json;
  error: string | null;
  begunAt: Date;
}

export interface NewEffect extends Change {
  replay?: Json;
}

/** Which run of which automation, as it was taken up. */
export interface Holder {
  odoo: string;
  automation: string;
  runId: number;
  /** Of the run: another process that takes it up has another one. */
  attempt: number;
}

export interface Ledger {
  /** What is known of these keys, by key. */
  find(changes: readonly Pick<Change, 'key' | 'once'>[]): Promise<Map<string, EffectRow>>;
  /** Writes down what is going to be done. @throws RunLost */
  begin(effects: readonly NewEffect[]): Promise<void>;
  done(results: readonly { key: string; once: Change['once']; result: Json }[]): Promise<void>;
  /** The same within a transaction of the caller's, which does the effect itself. */
  doneWithin(query: Query, effect: NewEffect, result: Json): Promise<void>;
  failed(change: Pick<Change, 'key' | 'once'>, error: string): Promise<void>;
  dry(effects: readonly NewEffect[]): Promise<void>;
  /** Begun by a try of this run that was cut, and not settled since. */
  open(): Promise<EffectRow[]>;
  /** The run has ended, and nobody has settled these, of this run or an earlier one. @returns them */
  close(): Promise<EffectRow[]>;
  /** Of this run, oldest first. */
  changes(): Promise<RecordedChange[]>;
}

/** Another process has the run. */
export class RunLost extends Error {
  constructor() {
    super('Another process has the run.');
    this.name = 'AbortError';
  }
}

const COLUMNS = `id::float8 as id, key, once, state, subject, description, before, after, replay, result, error,
  begun_at as "begunAt"`;
const AT_ONCE = 500;

export function openLedger(store: Store, holder: Holder, now: () => number): Ledger {
  const { odoo, automation, runId, attempt } = holder;
  const own = [odoo, automation] as const;

  /** As it stands in the table. */
  const kept = ({ key, once }: Pick<Change, 'key' | 'once'>) => (once === 'run' ? `run ${runId} ${key}` : key);
  const given = (key: string) => (key.startsWith(`run ${runId} `) ? key.slice(`run ${runId} `.length) : key);

  async function requireRun(query: Query): Promise<void> {
    const held = await query('select 1 from planbridge.run where id = $1 and attempt = $2 for share', [runId, attempt]);
    if (held.length === 0) throw new RunLost();
  }

  async function insert(query: Query, effects: readonly NewEffect[], state: 'begun' | 'dry'): Promise<void> {
    const rows = effects.map((effect) => ({ ...effect, key: kept(effect), replay: effect.replay ?? null }));
    const settled =
      state === 'dry'
        ? ''
        : `on conflict (odoo, automation, key) where state <> 'dry' do update set run_id = excluded.run_id, state = excluded.state,
             subject = excluded.subject, description = excluded.description, before = excluded.before, after = excluded.after,
             replay = excluded.replay, error = null, begun_at = excluded.begun_at
           where automation_effect.state <> 'done'`;
    await query(
      `insert into planbridge.automation_effect
         (odoo, automation, key, once, run_id, state, subject, description, before, after, replay, begun_at)
       select $1, $2, e.key, e.once, $3, $4, e.subject, e.description, coalesce(e.before, 'null'), coalesce(e.after, 'null'),
         e.replay, $5
       from jsonb_to_recordset($6::jsonb) as e
         (key text, once text, subject text, description text, before jsonb, after jsonb, replay jsonb)
       ${settled}`,
      [...own, runId, state, new Date(now()), JSON.stringify(rows)],
    );
  }

  async function settle(query: Query, results: readonly { key: string; result: Json }[]): Promise<void> {
    await query(
      `update planbridge.automation_effect e set state = 'done', result = r.result, done_at = $3, error = null, run_id = $5
       from jsonb_to_recordset($4::jsonb) as r (key text, result jsonb)
       where e.odoo = $1 and e.automation = $2 and e.key = r.key and e.state <> 'dry'`,
      [...own, new Date(now()), JSON.stringify(results), runId],
    );
  }

  async function inParts<T>(list: readonly T[], work: (part: readonly T[]) => Promise<void>): Promise<void> {
    for (let at = 0; at < list.length; at += AT_ONCE) await work(list.slice(at, at + AT_ONCE));
  }

  return {
    async find(changes) {
      const found = new Map<string, EffectRow>();
      await inParts(changes, async (part) => {
        const rows = await store.query<EffectRow>(
          `select ${COLUMNS} from planbridge.automation_effect
           where odoo = $1 and automation = $2 and key = any($3) and state <> 'dry'`,
          [...own, part.map(kept)],
        );
        for (const row of rows) found.set(given(row.key), { ...row, key: given(row.key) });
      });
      return found;
    },
    async begin(effects) {
      await inParts(effects, (part) =>
        store.transaction(async (query) => {
          await requireRun(query);
          await insert(query, part, 'begun');
        }),
      );
    },
    async done(results) {
      const rows = results.map((each) => ({ key: kept(each), result: each.result }));
      await inParts(rows, (part) => settle(store.query, part));
    },
    async doneWithin(query, effect, result) {
      await requireRun(query);
      await insert(query, [effect], 'begun');
      await settle(query, [{ key: kept(effect), result }]);
    },
    async failed(change, error) {
      await store.query(
        `update planbridge.automation_effect set state = 'failed', error = $4, done_at = $5
         where odoo = $1 and automation = $2 and key = $3 and state <> 'dry'`,
        [...own, kept(change), error.slice(0, 2_000), new Date(now())],
      );
    },
    async dry(effects) {
      await inParts(effects, (part) => insert(store.query, part, 'dry'));
    },
    async open() {
      const rows = await store.query<EffectRow>(
        `select ${COLUMNS} from planbridge.automation_effect where odoo = $1 and automation = $2 and run_id = $3 and state = 'begun' order by id`,
        [...own, runId],
      );
      return rows.map((row) => ({ ...row, key: given(row.key) }));
    },
    async close() {
      return await store.query<EffectRow>(
        `update planbridge.automation_effect set state = 'unclear', done_at = $3
         where odoo = $1 and automation = $2 and state = 'begun' returning ${COLUMNS}`,
        [...own, new Date(now())],
      );
    },
    async changes() {
      const rows = await store.query<EffectRow>(
        `select ${COLUMNS} from planbridge.automation_effect where run_id = $1 and state in ('done', 'dry') order by id`,
        [runId],
      );
      return rows.map(({ key, subject, description, before, after, result, begunAt }) => {
        return { key: given(key), subject, description, before, after, result, at: begunAt };
      });
    },
  };
}
