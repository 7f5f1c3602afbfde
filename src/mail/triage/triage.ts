// What is recorded and never answered; the first reason that applies is the one that is kept.
import type { Mail } from '../mail.ts';
import type { IgnoredReason } from '../reading.ts';
import { isAutoReply } from './auto-reply.ts';
import { isBounce } from './bounce.ts';
import { isBulk } from './bulk.ts';
import { isOwn } from './own-address.ts';

export interface TriageContext {
  ownAddresses: ReadonlySet<string>;
  /** Whether a mail with this Message-ID, or without one and with this content, came before. */
  wasReceived(mail: Mail): boolean;
}

export function triage(mail: Mail, { ownAddresses, wasReceived }: TriageContext): IgnoredReason | undefined {
  if (isOwn(mail, ownAddresses)) return 'own-address';
  if (isBounce(mail)) return 'bounce';
  if (isAutoReply(mail)) return 'auto-reply';
  if (isBulk(mail)) return 'bulk';
  return wasReceived(mail) ? 'duplicate-message' : undefined;
}
