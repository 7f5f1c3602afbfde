// Delivery reports: which of our mails they may name, and what becomes of the one that did not arrive.
import type { Query } from '../../store/database.ts';
import type { Mail } from '../mail.ts';
import { isBounce } from '../triage/bounce.ts';

const READ = 200_000;

/** Message-IDs that stand anywhere in a delivery report; none for other mails. */
export function bouncedIds(mail: Mail): string[] {
  if (!isBounce(mail)) return [];
  const texts = [
    mail.text.slice(0, READ),
    ...mail.attachments.map(({ content }) => content.subarray(0, READ).toString('latin1')),
  ];
  return texts.flatMap((text) => text.match(/<[^<>\s]{1,250}@[^<>\s]{1,250}>/g) ?? []).slice(0, 100);
}

/** Marks our mail as bounced. @returns its conversation; null when it is not ours */
export async function markBounced(
  query: Query,
  messageId: string,
  reason: string,
): Promise<{ conversation: number | null; recipient: string } | null> {
  const [row] = await query<{ conversation: number | null; recipient: string }>(
    `update planbridge.mail_outbound set state = 'bounced', error = $2 where message_id = $1
     returning conversation_id::integer as conversation, recipient`,
    [messageId.toLowerCase(), reason],
  );
  return row ?? null;
}
