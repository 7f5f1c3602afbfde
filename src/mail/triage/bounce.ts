// Delivery reports: they name a mail of ours that did not arrive, and are never answered (RFC 3464).
import { header, type Mail } from '../mail.ts';

export function isBounce(mail: Mail): boolean {
  // An empty return path is how mail servers say that nobody waits for an answer.
  if (mail.returnPath === '') return true;
  if (/^mailer-daemon(?:@|$)/i.test(mail.from?.email ?? '') || /^mailer-daemon@/i.test(mail.returnPath ?? ''))
    return true;
  if (/mailer-daemon/i.test(header(mail, 'from') ?? '') && !mail.from?.email.includes('@')) return true;
  return mail.type === 'multipart/report';
}

/** Which of our mails the report names: Message-IDs that stand anywhere in it. */
export function bouncedId(mail: Mail, isOurs: (messageId: string) => boolean): string | undefined {
  const texts = [mail.text, ...mail.attachments.map(({ content }) => content.subarray(0, 200_000).toString('latin1'))];
  for (const id of [...mail.references, ...texts.flatMap((text) => text.match(/<[^<>\s]+@[^<>\s]+>/g) ?? [])]) {
    if (isOurs(id)) return id;
  }
  return undefined;
}
