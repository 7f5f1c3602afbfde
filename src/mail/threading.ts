// To which of our mails a mail belongs. A reply needs proof: a Message-ID of ours, or a token that we gave out.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Mail } from './mail.ts';
import { foldName } from './text/fold.ts';

export type SentKind = 'short' | 'confirmation' | 'format-error' | 'replenishment' | 'notice';

/** A mail of ours, as far as answers to it are concerned. */
export interface SentMail {
  messageId: string;
  /** SHA-256 of the token in its subject; the token itself is only in the mail. */
  tokenHash: string;
  to: string;
  kind: SentKind;
  /** Still waits for an answer. */
  open: boolean;
  /** To which it belongs, where that is known: several mails of one conversation ask one question. */
  conversation?: number | null;
}

const TOKEN = /\bPB-[A-Z2-7]{12}\b/gi;

export function hashToken(token: string): string {
  return createHash('sha256').update(token.trim().toUpperCase()).digest('hex');
}

function sameHash(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

function bare(id: string): string {
  return id.replaceAll(/[<>\s]/g, '').toLowerCase();
}

/** Tokens in the order in which they stand. */
export function tokensIn(text: string): string[] {
  return [...new Set(text.match(TOKEN) ?? [])];
}

export type Thread =
  | { kind: 'none' }
  /** Looks like a reply, and nothing proves it. */
  | { kind: 'unproven' }
  | { kind: 'found'; sent: SentMail }
  /** Several of our mails claim it, or several questions are open. */
  | { kind: 'several'; sent: readonly SentMail[] };

/** How many questions are open: one mail may be known by several tokens, and one question may have been asked again. */
function openQuestions(sent: readonly SentMail[]): number {
  return new Set(sent.filter(({ open }) => open).map(({ conversation, messageId }) => conversation ?? bare(messageId)))
    .size;
}

/** The seed's subject, with the marks that mail programs put before it. */
function hasNoticeSubject(subject: string, exact: boolean): boolean {
  const folded = foldName(subject);
  const seed = /^(?:(?:re|aw|antw|fw|fwd|sv|ynt|r)\s*:\s*)*reply\s*:\s*insufficient stocks?\s*$/.test(folded);
  return exact
    ? seed
    : seed || /^(?:(?:re|aw|antw|sv|ynt|rif|r|reply)\s*:\s*)+insufficient stocks?(?: notice)?/.test(folded);
}

/**
 * @param sent our mails, to any customer
 * @param isSameCustomer whether an address is that customer's, or a contact's of the same company
 */
export function threadOf(
  mail: Mail,
  quotedText: string,
  sent: readonly SentMail[],
  isSameCustomer: (to: string, from: string) => boolean,
): Thread {
  const from = mail.from?.email;
  if (from === undefined) return { kind: 'none' };
  const named = mail.references
    .flatMap((id) => sent.find((other) => bare(other.messageId) === bare(id)) ?? [])
    .slice(0, 1);
  const subjectTokens = tokensIn(mail.subject);
  const tokens = [...subjectTokens, ...tokensIn(quotedText)];
  const byToken = tokens.flatMap((token) => {
    const hash = hashToken(token);
    return sent.find((other) => sameHash(other.tokenHash, hash)) ?? [];
  });
  const found = [...new Set([...named, ...byToken])];
  const own = found.filter((other) => isSameCustomer(other.to, from));
  if (named[0] && !own.includes(named[0])) return { kind: 'unproven' };
  if (openQuestions(own) > 1) return { kind: 'several', sent: own };
  if (own.length > 0) return { kind: 'found', sent: own.find(({ open }) => open) ?? own[0]! };
  if (found.length > 0 || subjectTokens.length > 0) return { kind: 'unproven' };
  if (hasNoticeSubject(mail.subject, true)) {
    const open = sent.filter((other) => other.open && other.kind === 'short' && other.to.toLowerCase() === from);
    // Of one question, the mail that asked last.
    const only = open.at(-1);
    if (openQuestions(open) > 1) return { kind: 'several', sent: open };
    return only ? { kind: 'found', sent: only } : { kind: 'unproven' };
  }
  return hasNoticeSubject(mail.subject, false) ? { kind: 'unproven' } : { kind: 'none' };
}
