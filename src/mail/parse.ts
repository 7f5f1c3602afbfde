// Raw mail -> Mail. Never throws for what a stranger wrote: what cannot be read is said in `refused`, and the mail goes on.
import { createHash } from 'node:crypto';
import { type AddressObject, type MailParserOptions, type ParsedMail, simpleParser } from 'mailparser';
import type { Mail, MailAddress, MailAttachment } from './mail.ts';
import { countParts, MAIL_LIMITS, type MailLimits, repairHead } from './raw.ts';

/** Options of mailparser and of the splitter behind it that its types do not name. */
interface ParserOptions extends MailParserOptions {
  ignoreEmbedded: boolean;
  maxHeadSize: number;
  maxChildNodes: number;
  keepDeliveryStatus: boolean;
}

/**
 * Reads a raw RFC 5322 mail. Attached mails stay attachments (`message/rfc822`).
 *
 * @example
 * const mail = await parseMail(await readFile('order.eml'));
 */
export async function parseMail(raw: Buffer, limits: MailLimits = MAIL_LIMITS): Promise<Mail> {
  const bytes = repairHead(raw);
  const excess =
    bytes.length > limits.bytes
      ? `larger than ${limits.bytes} bytes`
      : countParts(bytes, limits.parts) > limits.parts
        ? `more than ${limits.parts} parts`
        : null;
  if (excess) return parseHead(raw, excess, limits);
  try {
    return mailOf(await parseBytes(bytes, limits), raw, null, limits);
  } catch (fault) {
    return parseHead(raw, fault instanceof Error ? fault.message : String(fault), limits);
  }
}

/** The head alone, for mails whose text is not to be read; `why` is kept in `refused`. */
export async function parseHead(raw: Buffer, why: string, limits: MailLimits = MAIL_LIMITS): Promise<Mail> {
  const head = await parseBytes(headOf(repairHead(raw), limits), limits).catch(() => undefined);
  return mailOf(head, raw, why, limits);
}

function parseBytes(bytes: Buffer, limits: MailLimits): Promise<ParsedMail> {
  const options: ParserOptions = {
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipTextLinks: true,
    skipImageLinks: true,
    ignoreEmbedded: true,
    keepDeliveryStatus: true,
    maxHeadSize: limits.headBytes,
    maxChildNodes: limits.parts,
  };
  const { promise, reject, resolve } = Promise.withResolvers<ParsedMail>();
  const timer = setTimeout(() => reject(new Error('reading takes too long')), limits.milliseconds);
  simpleParser(bytes, options)
    .then(resolve, reject)
    .finally(() => clearTimeout(timer));
  return promise;
}

/** The head alone, as a mail without text. */
function headOf(bytes: Buffer, limits: MailLimits): Buffer {
  const ends = [bytes.indexOf('\r\n\r\n'), bytes.indexOf('\n\n')].filter((end) => end >= 0);
  const end = Math.min(limits.headBytes, bytes.length, ...ends);
  const head = `${bytes.subarray(0, end).toString('latin1')}\n`;
  // Without its media type, a head of a mail in parts reads as plain text.
  return Buffer.from(`${head.replaceAll(/^content-[^\n]*\n([ \t][^\n]*\n)*/gim, '')}\r\n`, 'latin1');
}

function mailOf(parsed: ParsedMail | undefined, raw: Buffer, refused: string | null, limits: MailLimits): Mail {
  const headers = new Map<string, string[]>();
  for (const { key, line } of parsed?.headerLines ?? []) {
    const value = line
      .slice(line.indexOf(':') + 1)
      .replaceAll(/\r?\n[ \t]+/g, ' ')
      .trim();
    const values = headers.get(key);
    if (values) values.push(value);
    else headers.set(key, [value]);
  }
  const returnPath = headers.get('return-path')?.[0];
  const mail = {
    messageId: messageIdsOf(headers.get('message-id')?.[0])[0] ?? null,
    from: addressOf(parsed?.from),
    replyTo: addressOf(parsed?.replyTo),
    returnPath: returnPath === undefined ? null : returnPath.replaceAll(/[<>\s]/g, '').toLowerCase(),
    subject: clean(parsed?.subject ?? ''),
    references: [
      ...new Set([
        ...messageIdsOf(headers.get('in-reply-to')?.[0]),
        ...messageIdsOf(headers.get('references')?.join(' ')).reverse(),
      ]),
    ],
    date: parsed?.date ?? null,
    headers,
    type: /^[^;\s]*/.exec(headers.get('content-type')?.[0] ?? 'text/plain')![0].toLowerCase(),
    text: clean(parsed?.text ?? '').slice(0, limits.textLength),
    html: clean(typeof parsed?.html === 'string' ? parsed.html : '').slice(0, limits.textLength),
    attachments: (parsed?.attachments ?? []).map(attachmentOf),
    refused,
  };
  return { ...mail, contentHash: hashOf(mail, raw) };
}

type Unhashed = Omit<Mail, 'contentHash'>;

/** Where the mail came along (Received, Return-Path …) does not count: a second copy says the same. */
function hashOf(mail: Unhashed, raw: Buffer): string {
  const hash = createHash('sha256');
  if (mail.refused !== null) return hash.update(raw).digest('hex');
  const { from, subject, text, html, headers } = mail;
  hash.update(JSON.stringify([from?.email ?? null, subject, headers.get('date')?.[0] ?? null, text, html]));
  for (const { name, content } of mail.attachments) hash.update(JSON.stringify([name, content.length])).update(content);
  return hash.digest('hex');
}

function clean(text: string): string {
  return text.replaceAll('\0', '').replaceAll('\r\n', '\n').replaceAll('\r', '\n');
}

function addressOf(field: AddressObject | AddressObject[] | undefined): MailAddress | null {
  const objects = field === undefined ? [] : Array.isArray(field) ? field : [field];
  for (const { address, name, group } of objects.flatMap((object) => object.value)) {
    const inside = group?.find((member) => member.address);
    const email = (address || inside?.address || '').trim().toLowerCase();
    if (email) return { email, name: clean(name || inside?.name || '').trim() || null };
  }
  return null;
}

function messageIdsOf(value: string | undefined): string[] {
  const inBrackets = value?.match(/<[^<>\s]+>/g);
  if (inBrackets) return inBrackets;
  return value && /^\S+@\S+$/.test(value) ? [`<${value}>`] : [];
}

function attachmentOf(attachment: ParsedMail['attachments'][number]): MailAttachment {
  return {
    name: clean(attachment.filename ?? '').trim(),
    type: attachment.contentType.toLowerCase(),
    content: attachment.content,
    inline: attachment.related === true || attachment.contentDisposition === 'inline',
  };
}
