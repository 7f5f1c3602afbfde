// What automations remember between their runs.
import type { Store } from '../../store/database.ts';
import type { AutomationState, Json } from '../automation.ts';

export interface StateOptions {
  store: Store;
  odoo: string;
  automation: string;
  dryRun: boolean;
  now: () => number;
}

export function createState({ store, odoo, automation, dryRun, now }: StateOptions): AutomationState {
  return {
    async get(key) {
      const [row] = await store.query<{ value: Json }>(
        'select value from planbridge.automation_state where odoo = $1 and automation = $2 and key = $3',
        [odoo, automation, key],
      );
      return row?.value;
    },
    async set(key, value) {
      if (dryRun) return;
      await store.query(
        `insert into planbridge.automation_state (odoo, automation, key, value, changed_at) values ($1, $2, $3, $4::jsonb, $5)
         on conflict (odoo, automation, key) do update set value = excluded.value, changed_at = excluded.changed_at`,
        [odoo, automation, key, JSON.stringify(value), new Date(now())],
      );
    },
    async remove(key) {
      if (dryRun) return;
      await store.query('delete from planbridge.automation_state where odoo = $1 and automation = $2 and key = $3', [
        odoo,
        automation,
        key,
      ]);
    },
    async entries(prefix = '') {
      const rows = await store.query<{ key: string; value: Json }>(
        `select key, value from planbridge.automation_state
         where odoo = $1 and automation = $2 and left(key, length($3)) = $3 order by key collate "C"`,
        [odoo, automation, prefix],
      );
      return rows.map(({ key, value }) => [key, value]);
    },
  };
}
