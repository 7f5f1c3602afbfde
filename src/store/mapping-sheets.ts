// Mapping sheets that planners uploaded: one is in force, the earlier ones are kept.
import type { Store } from './database.ts';

export interface UploadedSheet {
  id: number;
  name: string;
  who: string;
  at: Date;
  inForce: boolean;
}

const COLUMNS = 'id::float8 as id, name, who, at, in_force as "inForce"';

export async function addSheet(
  store: Store,
  { content, name, who, at }: { content: Buffer; name: string; who: string; at: Date },
): Promise<number> {
  return await store.transaction(async (query) => {
    await query('update planbridge.mapping_sheet set in_force = false where in_force');
    const [added] = await query<{ id: number }>(
      `insert into planbridge.mapping_sheet (content, name, who, at) values ($1, $2, $3, $4) returning id::float8 as id`,
      [content, name.slice(0, 200), who, at],
    );
    return added!.id;
  });
}

/** Back to the file. @returns whether a sheet was in force */
export async function endSheets(store: Store): Promise<boolean> {
  const ended = await store.query('update planbridge.mapping_sheet set in_force = false where in_force returning id');
  return ended.length > 0;
}

/** Id of the sheet in force, or null. */
export async function sheetInForce(store: Store): Promise<number | null> {
  const [found] = await store.query<{ id: number }>(
    'select id::float8 as id from planbridge.mapping_sheet where in_force order by id desc limit 1',
  );
  return found?.id ?? null;
}

export async function sheetContent(store: Store, id: number): Promise<Buffer | null> {
  const [found] = await store.query<{ content: Buffer }>('select content from planbridge.mapping_sheet where id = $1', [
    id,
  ]);
  return found?.content ?? null;
}

/** Newest first. */
export async function listSheets(store: Store): Promise<UploadedSheet[]> {
  return await store.query(`select ${COLUMNS} from planbridge.mapping_sheet order by id desc limit 50`);
}
