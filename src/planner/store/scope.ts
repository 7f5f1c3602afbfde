// Which planning model: one for each database of Odoo and company that plans. Finds and makes them; reads nothing of Odoo.
import type { ServiceAccount } from '../../parts.ts';
import type { Query, Store } from '../../store/database.ts';

export interface ModelScope {
  /** Address and database of Odoo, as `odooKey` gives it. */
  odoo: string;
  /** Exact name of the company that plans; null = that of the user who reads by himself. */
  company: string | null;
}

/** How a database of Odoo is called in our own. @param url null where it is read by SQL only */
export function odooKey(url: string | null, database: string): string {
  return `${url ?? 'sql:'} ${database}`;
}

/** The model that runs without anybody signed in work on. */
export async function accountScope(surroundings: {
  odoo: { url: string | null };
  account(): Promise<ServiceAccount>;
}): Promise<ModelScope> {
  const account = await surroundings.account();
  return { odoo: odooKey(surroundings.odoo.url, account.database), company: account.company };
}

/** Id of the model, or null when nothing was ever read for it. */
export async function findModel(store: { query: Query }, { odoo, company }: ModelScope): Promise<number | null> {
  const [row] =
    company === null
      ? await store.query<{ id: number }>(
          'select id from planbridge.model where odoo = $1 order by own desc, id limit 1',
          [odoo],
        )
      : await store.query<{ id: number }>('select id from planbridge.model where odoo = $1 and company = $2', [
          odoo,
          company,
        ]);
  return row?.id ?? null;
}

export interface KnownCompany {
  odoo: string;
  id: number;
  name: string;
  /** Whether it is the reading user's own. */
  own: boolean;
}

/** Id of the company's model, made if it is new. A company that was renamed keeps its model. */
export async function openModel(store: Store, { odoo, id, name, own }: KnownCompany): Promise<number> {
  return await store.transaction(async (query) => {
    await query('lock table planbridge.model in share row exclusive mode');
    if (own) await query('update planbridge.model set own = false where odoo = $1 and company_id <> $2', [odoo, id]);
    const [known] = await query<{ id: number }>(
      `update planbridge.model set company = $3, own = own or $4
       where id = (select id from planbridge.model where odoo = $1 and (company = $3 or company_id = $2)
                   order by company_id = $2 desc, id limit 1) returning id`,
      [odoo, id, name, own],
    );
    if (known) return known.id;
    const [made] = await query<{ id: number }>(
      'insert into planbridge.model (odoo, company_id, company, own) values ($1, $2, $3, $4) returning id',
      [odoo, id, name, own],
    );
    return made!.id;
  });
}
