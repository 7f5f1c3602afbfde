// What is noted of customers that Odoo is asked to make: before the call, so that a lost answer is looked up before it is asked
// again, and after it, so that no other process makes the same customer from what it knew before.
import { PlanbridgeError } from '../../errors.ts';
import type { PartnerNotes } from './partners.ts';
import type { SaleJob, SaleSurroundings } from './sale-job.ts';

/** Only of addresses: `partner ann@example.com`. */
function tokensOf(emails: readonly string[]): string[] {
  return emails.map((email) => `partner ${email}`);
}

export function partnerNotes(
  { effect, conversation }: SaleJob,
  { store, settleMs, now }: SaleSurroundings,
): PartnerNotes {
  return {
    async asked(emails) {
      const rows = await store.query<{ token: string }>(
        'select token from planbridge.mail_record where token = any($1)',
        [tokensOf(emails)],
      );
      return new Set(rows.map(({ token }) => token.slice('partner '.length)));
    },
    async begin(emails) {
      const open = await store.query<{ askedAt: Date }>(
        `select asked_at as "askedAt" from planbridge.mail_record
         where token = any($1) and res_id is null and asked_at > $2`,
        [tokensOf(emails), new Date(now() - settleMs)],
      );
      if (open.length > 0) {
        throw new PlanbridgeError(
          'PB_ODOO_UNREACHABLE',
          503,
          'Odoo may still be at work on a customer that it was asked to make.',
        );
      }
      await store.query(
        `insert into planbridge.mail_record (token, conversation_id, effect_id, model, asked_at)
         select token, $2, $3, 'res.partner', $4 from unnest($1::text[]) as token
         on conflict (token) do update set asked_at = excluded.asked_at, res_id = null,
           conversation_id = excluded.conversation_id, effect_id = excluded.effect_id`,
        [tokensOf(emails), conversation, effect, new Date(now())],
      );
    },
    async made(emails, ids) {
      await store.query(
        `update planbridge.mail_record r set res_id = m.id
         from unnest($1::text[], $2::integer[]) as m (token, id) where r.token = m.token`,
        [tokensOf(emails), ids],
      );
    },
    async refused(emails) {
      await store.query('delete from planbridge.mail_record where token = any($1)', [tokensOf(emails)]);
    },
  };
}
