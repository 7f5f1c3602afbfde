// What the sender wrote himself, apart from quotes and older mails; and what he forwards.
import type { MailAddress } from '../mail.ts';
import { attributionAt, headAt, isForwardMark, isForwardSubject, isOriginalMark } from './heads.ts';
import { type BodyItem, isBlank } from './items.ts';

export interface Forwarded {
  from: MailAddress | null;
  items: BodyItem[];
}

export interface OwnText {
  own: BodyItem[];
  /** The mail that is forwarded below, with its own history cut off. */
  forwarded: Forwarded | null;
}

/** Cuts history. Text that stands between or below quotes is the sender's own. */
export function ownText(items: readonly BodyItem[], subject: string): OwnText {
  return cut(items, isForwardSubject(subject), 0);
}

function cut(items: readonly BodyItem[], forwards: boolean, depth: number): OwnText {
  const own: BodyItem[] = [];
  for (let at = 0; at < items.length; at++) {
    const item = items[at]!;
    if (item.kind === 'line' && isForwardMark(item.text)) {
      return { own, forwarded: forwardedAt(items, at + 1, depth) };
    }
    if (item.quoted > 0) continue;
    if (item.kind === 'line') {
      if (isOriginalMark(item.text)) {
        return { own, forwarded: forwards ? forwardedAt(items, at + 1, depth) : null };
      }
      const attribution = attributionAt(items, at);
      if (attribution > 0) {
        let next = at + attribution;
        while (next < items.length && isBlank(items[next])) next++;
        if ((items[next]?.quoted ?? 0) === 0) return { own, forwarded: null };
        at = next - 1;
        continue;
      }
      if (headAt(items, at)) return { own, forwarded: forwards ? forwardedAt(items, at, depth) : null };
    }
    own.push(item);
  }
  return { own, forwarded: null };
}

function forwardedAt(items: readonly BodyItem[], start: number, depth: number): Forwarded | null {
  if (depth > 5) return null;
  let rest = items.slice(start);
  const first = rest.find((item) => !isBlank(item));
  // Some programs quote what they forward.
  const level = first?.quoted ?? 0;
  if (level > 0) rest = rest.map((item) => ({ ...item, quoted: Math.max(0, item.quoted - level) }));
  const at = rest.findIndex((item) => !isBlank(item));
  if (at < 0) return null;
  const head = headAt(rest, at);
  const inside = cut(rest.slice(head?.next ?? at), false, depth + 1);
  const empty = inside.own.every(isBlank);
  if (empty && inside.forwarded)
    return { from: inside.forwarded.from ?? head?.from ?? null, items: inside.forwarded.items };
  return { from: head?.from ?? null, items: inside.own };
}
