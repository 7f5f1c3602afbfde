// Our keys of sales orders, stored before Odoo is asked: by them a call whose answer was lost is found again, and not made twice.
import type { OdooWriter } from '../../connector/odoo/writer.ts';
import { tokenIn } from '../../mapping/commands.ts';
import { text } from '../../mapping/records.ts';
import { saleOrigin } from '../../mapping/sale-commands.ts';
import type { Store } from '../../store/database.ts';
import type { SaleJob, SaleResult, SaleSurroundings } from './sale-job.ts';

interface RecordRow {
  effect: number;
  token: string;
  id: number | null;
  askedAt: Date;
}

/** Orders of earlier tries, by effect. What may still be on its way is put off. */
export async function askedBefore(
  jobs: readonly SaleJob[],
  { store, settleMs, now }: SaleSurroundings,
  writer: OdooWriter,
  results: Map<number, SaleResult>,
): Promise<Map<number, number>> {
  const rows = await store.query<RecordRow>(
    `select effect_id::integer as effect, token, res_id as id, asked_at as "askedAt" from planbridge.mail_record
     where effect_id = any($1) and model = 'sale.order'`,
    [jobs.map(({ effect }) => effect)],
  );
  const ids = new Map(rows.flatMap(({ effect, id }) => (id === null ? [] : [[effect, id] as const])));
  const open = rows.filter(({ id }) => id === null);
  if (open.length === 0) return ids;
  const domain = [['origin', 'in', open.map(({ token }) => saleOrigin(token))] as const];
  const found = await writer.read({ model: 'sale.order', domain, fields: ['origin'] });
  for (const { effect, token, askedAt } of open) {
    const row = found.find((each) => tokenIn(text(each, 'origin')) === token);
    const wait = askedAt.getTime() + settleMs - now();
    if (row) {
      ids.set(effect, row.id);
      await keep(store, [{ token, id: row.id }]);
    } else if (wait > 0) results.set(effect, { kind: 'later', afterMs: wait });
  }
  return ids;
}

/** Before Odoo is asked. */
export async function begin(store: Store, asked: readonly { job: SaleJob; token: string }[], now: Date): Promise<void> {
  await store.transaction(async (query) => {
    // A try that Odoo never got leaves a key behind that stands for nothing.
    await query(
      `delete from planbridge.mail_record where effect_id = any($1) and model = 'sale.order' and res_id is null`,
      [asked.map(({ job }) => job.effect)],
    );
    for (const { job, token } of asked) {
      await query(
        `insert into planbridge.mail_record (token, conversation_id, effect_id, model, asked_at) values ($1, $2, $3, 'sale.order', $4)`,
        [token, job.conversation, job.effect, now],
      );
    }
  });
}

/** After. */
export async function keep(store: Store, made: readonly { token: string; id: number }[]): Promise<void> {
  await store.query(
    `update planbridge.mail_record r set res_id = m.id from jsonb_to_recordset($1::jsonb) as m (token text, id integer)
     where r.token = m.token`,
    [JSON.stringify(made)],
  );
}
