// Recommendations of the planning side, as lists that replace each other; what was accepted stays.
import type { Store } from './database.ts';

export type RecommendationState = 'open' | 'accepted' | 'refused';

export interface StoredRecommendation {
  id: number;
  company: string;
  state: RecommendationState;
  note: string;
  importId: number | null;
  receivedAt: string;
  body: unknown;
}

const COLUMNS = `id::integer, company, state, note, import_id::integer as "importId", received_at as "receivedAt", body`;

/** A new list in place of the open ones of the company. */
export async function replaceRecommendations(
  store: Store,
  odoo: string,
  company: string,
  list: readonly object[],
): Promise<void> {
  await store.transaction(async (query) => {
    await query(`delete from planbridge.recommendation where odoo = $1 and company = $2 and state = 'open'`, [
      odoo,
      company,
    ]);
    await query(
      `insert into planbridge.recommendation (odoo, company, position, body)
       select $1, $2, r.position, r.body from jsonb_array_elements($3::jsonb) with ordinality as r (body, position)`,
      [odoo, company, JSON.stringify(list)],
    );
  });
}

export async function listRecommendations(
  store: Store,
  odoo: string,
  company: string | null,
): Promise<StoredRecommendation[]> {
  const sql = `select ${COLUMNS} from planbridge.recommendation where odoo = $1 and ($2::text is null or company = $2)
    order by state <> 'open', company, position, id limit 5000`;
  return await store.query(sql, [odoo, company]);
}

export async function findRecommendation(store: Store, odoo: string, id: number): Promise<StoredRecommendation | null> {
  const [row] = await store.query<StoredRecommendation>(
    `select ${COLUMNS} from planbridge.recommendation where odoo = $1 and id = $2`,
    [odoo, id],
  );
  return row ?? null;
}

export async function settleRecommendation(
  store: Store,
  id: number,
  { state, note, importId }: { state: RecommendationState; note: string; importId: number },
): Promise<void> {
  const sql = 'update planbridge.recommendation set state = $2, note = $3, import_id = $4 where id = $1';
  await store.query(sql, [id, state, note, importId]);
}
