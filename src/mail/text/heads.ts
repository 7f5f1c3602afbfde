// Where other mails begin inside a mail: attribution lines, heads (From/Sent/To/Subject), marks of forwarding.
import type { MailAddress } from '../mail.ts';
import { foldName } from './fold.ts';
import { type BodyItem, isBlank } from './items.ts';

const WORDS = {
  from: 'from de von van da kimden gonderen fran fra od absender expediteur mittente afzender remitente от 差出人',
  date: 'sent date sent-on gesendet gesendet-am datum datum-gesendet envoye envoye-le inviato-il enviado-el enviada-el verzonden-op gonderilme-tarihi envoye verzonden inviato data enviado fecha gonderildi gonderme-tarihi tarih skickat sendt dato wyslano отправлено дата 送信日時',
  to: 'to an a aan para kime alici till til do destinatario destinataire кому 宛先',
  cc: 'cc kopie bilgi kopia copie copia',
  subject: 'subject betreff objet onderwerp oggetto asunto konu amne emne temat assunto тема 件名',
  reply: 'reply-to antwort-an repondre-a',
} as const;

const FIELD_OF = new Map<string, keyof typeof WORDS>();
for (const [field, words] of Object.entries(WORDS)) {
  for (const word of words.split(' ')) FIELD_OF.set(foldName(word).replaceAll('-', ' '), field as keyof typeof WORDS);
}

/** Field and value of a line such as `*From:* Ann <ann@example.com>`, or undefined. */
export function headLine(text: string): { field: keyof typeof WORDS; value: string } | undefined {
  const match = /^[\s>*_]*([\p{L}][\p{L} -]{0,18}?)[\s*_]*[:：][*_]*\s*(.*)$/u.exec(text);
  const field = match && FIELD_OF.get(foldName(match[1]!).replaceAll('-', ' '));
  return field ? { field, value: match[2]!.trim() } : undefined;
}

export interface Head {
  from: MailAddress | null;
  /** Index of the first item behind the head. */
  next: number;
}

/** A head of another mail that begins at this item: a sender, and at least two more fields close below. */
export function headAt(items: readonly BodyItem[], at: number): Head | undefined {
  const first = items[at];
  if (first?.kind !== 'line' || !headLine(first.text)) return undefined;
  const seen = new Map<string, string>();
  let next = at;
  let gap = 0;
  for (let index = at; index < Math.min(items.length, at + 16); index++) {
    const item = items[index]!;
    if (item.kind !== 'line') break;
    if (isBlank(item)) {
      if (seen.size >= 4 || ++gap > 1) break;
      continue;
    }
    const field = headLine(item.text);
    if (!field) {
      // A long list of recipients goes on in the next line.
      if (seen.size && gap === 0 && /@|;$/.test(item.text) && /[;,]$|^\s/.test(item.text)) continue;
      break;
    }
    if (seen.has(field.field)) break;
    if (field.field !== 'from' && seen.size === 0 && field.field !== 'date' && field.field !== 'subject')
      return undefined;
    gap = 0;
    seen.set(field.field, field.value);
    next = index + 1;
  }
  if (!seen.has('from') || seen.size < 3) return undefined;
  return { from: addressIn(seen.get('from')!), next };
}

/** The address that a text names, with the name before it. */
export function addressIn(text: string): MailAddress | null {
  const match = /^(.*?)[<[(\s]*(?:mailto:)?([^\s<>[\]();,:"']+@[^\s<>[\]();,:"']+)/u.exec(text);
  if (!match) return null;
  const name = match[1]!.replaceAll(/["*]|^'|'$/g, '').trim();
  return { email: match[2]!.toLowerCase(), name: name || null };
}

const FORWARD_MARK =
  /^[\s>*_-]*(?:forwarded message|begin forwarded message|message transf[eé]r[eé]|d[eé]but du message (?:r[eé]exp[eé]di[eé]|transf[eé]r[eé])|weitergeleitete nachricht|anfang der weitergeleiteten (?:nachricht|e-?mail)|doorgestuurd bericht|begin doorgestuurd bericht|messaggio inoltrato|inizio messaggio inoltrato|mensaje reenviado|inicio del mensaje reenviado|iletilen (?:ileti|mesaj)|yönlendirilen mesaj|mensagem encaminhada|vidarebefordrat meddelande|przekazana wiadomość|пересылаемое сообщение)[\s:：*_-]*$/iu;

export function isForwardMark(text: string): boolean {
  return FORWARD_MARK.test(text);
}

const FORWARD_SUBJECT =
  /^\s*(?:(?:re|aw|antw|sv|ynt|rif|r)\s*:\s*)*(?:fwd?|wg|tr|doorst|i|rv|enc|ilt|i̇lt|iletilen|vs|vb|pd)\s*:/iu;

export function isForwardSubject(subject: string): boolean {
  return FORWARD_SUBJECT.test(subject.normalize('NFKC'));
}

const ORIGINAL_MARK =
  /^[\s>*_-]{2,}\s*(?:original message|original appointment|urspr[uü]ngliche nachricht|original-?nachricht|message d'origine|message original|oorspronkelijk bericht|messaggio originale|mensaje original|özgün ileti|orijinal (?:mesaj|ileti)|mensagem original|ursprungligt meddelande)[\s*_-]*$/iu;

export function isOriginalMark(text: string): boolean {
  return ORIGINAL_MARK.test(text);
}

const WROTE =
  /(?:\bwrote|\bschrieb|\ba écrit|\bschreef|\bha scritto|\bescribió|yazdı|\bskrev|\bescreveu|\bnapisał|писал|написал|\bgeschreven)/iu;
/** Yahoo's app goes on with the quoted text in the same line. */
const WROTE_INLINE = /<?[^\s<>@]+@[^\s<>@]+>?\)?[^:：]{0,20}?[:：](?=\s+\S)/u;
/** How an attribution line begins, language by language. */
const OPENING = /^(?:on|am|le|el|il|op|den|em|dnia|в|\d)(?![\p{L}])/iu;
const MARKED = /@|\d{1,2}[:.h]\d{2}/u;

function beginsWord(item: BodyItem | undefined): boolean {
  return item?.kind === 'line' && OPENING.test(item.text.trim()) && !/^\s*\d/.test(item.text);
}

/** Whether the attribution is whole without the first of its lines. */
function beginsLater(items: readonly BodyItem[], at: number, count: number): boolean {
  const below = items.slice(at + 1, at + count);
  return below.some((item, index) => {
    const rest = below
      .slice(index)
      .map((each) => (each.kind === 'line' ? each.text.trim() : ''))
      .join(' ');
    return beginsWord(item) || (/^[\p{Lu}\d"]/u.test(rest) && WROTE.test(rest) && MARKED.test(rest));
  });
}

/**
 * How many items an attribution line such as `On Monday Ann <ann@example.com> wrote:` takes, or 0. Mail programs break it over
 * several lines.
 */
export function attributionAt(items: readonly BodyItem[], at: number): number {
  let text = '';
  for (let count = 1; count <= 4; count++) {
    const item = items[at + count - 1];
    if (item?.kind !== 'line' || item.quoted > 0 || isBlank(item)) return 0;
    text = `${text} ${item.text.trim()}`.trim();
    const inline = WROTE_INLINE.exec(text);
    if (inline && OPENING.test(text) && WROTE.test(inline[0].slice(inline[0].indexOf('@'))) && inline.index < 300)
      return count;
    if (text.length > 400) return 0;
    if (/[:：]$/.test(text) && WROTE.test(text)) {
      let next = at + count;
      while (next < items.length && isBlank(items[next])) next++;
      const quotes = (items[next]?.quoted ?? 0) > 0;
      // `Many thanks` above is the sender's own.
      if (count > 1 && !beginsWord(items[at]) && beginsLater(items, at, count)) return 0;
      return quotes || MARKED.test(text) ? count : 0;
    }
    if (/[.!?:]$/.test(item.text.trim())) return 0;
  }
  return 0;
}
