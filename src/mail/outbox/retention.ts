// Takes away what old answers said, and links that have long been over. What replies and bounces are matched by stays: Message-IDs
// and hashes of tokens.
import type { Store } from '../../store/database.ts';

/** Texts of answers that are through, of conversations that have ended and wait for nobody. @returns how many, at most `most` */
export async function dropOldAnswers(store: Store, before: number, most = 500): Promise<number> {
  const dropped = await store.query(
    `update planbridge.mail_outbound set text = '', raw = null where id in (
       select o.id from planbridge.mail_outbound o left join planbridge.mail_conversation c on c.id = o.conversation_id
       where o.created_at < $1 and o.state in ('sent', 'dead', 'bounced') and not o.open and (o.text <> '' or o.raw is not null)
         and (c.id is null or (c.waits_for is null and c.state in ('ordered', 'cancelled', 'expired', 'closed')))
       order by o.created_at limit $2)
     returning 1`,
    [new Date(before), most],
  );
  return dropped.length;
}

/** Links whose deadline was before `before`; who opens one reads that it is not good. */
export async function dropOldLinks(store: Store, before: number, most = 500): Promise<number> {
  const dropped = await store.query(
    `delete from planbridge.mail_link where id in (select id from planbridge.mail_link where expires_at < $1 limit $2) returning 1`,
    [new Date(before), most],
  );
  return dropped.length;
}
