// Mails of the tests: raw bytes from a few fields, and what the service reads out of them, in short.

import { fieldWordsOf } from '../../src/mail/extraction/fields.ts';
import { parseMail } from '../../src/mail/parse.ts';
import { type PastOrder, type ReadingContext, readMail } from '../../src/mail/read.ts';
import type { Reading, ReadingLine } from '../../src/mail/reading.ts';
import { hashToken, type SentKind } from '../../src/mail/threading.ts';
import { defaultMailFields } from '../../src/mapping/defaults.ts';
import { CATALOGUE } from './fixtures/catalogue.ts';

export interface TestAttachment {
  name: string;
  type: string;
  content: string | Buffer;
}

export interface TestMail {
  from?: string;
  subject?: string;
  text?: string;
  html?: string;
  headers?: readonly string[];
  attachments?: readonly TestAttachment[];
  now?: string;
  sent?: ReadonlyArray<{ messageId: string; token?: string; to: string; kind?: SentKind; open?: boolean }>;
  orders?: readonly PastOrder[];
}

const FIELDS = fieldWordsOf(defaultMailFields());

function part(headers: readonly string[], body: string | Buffer): string {
  const encoded = Buffer.from(body).toString('base64').replaceAll(/.{76}/g, '$&\r\n');
  return [...headers, 'Content-Transfer-Encoding: base64', '', encoded].join('\r\n');
}

export function rawMail({
  from = 'buyer@unknown.example.org',
  subject = 'Order',
  text,
  html,
  headers = [],
  attachments = [],
}: TestMail): Buffer {
  const texts = [
    ...(text === undefined ? [] : [part(['Content-Type: text/plain; charset=utf-8'], text)]),
    ...(html === undefined ? [] : [part(['Content-Type: text/html; charset=utf-8'], html)]),
  ];
  const files = attachments.map(({ name, type, content }) =>
    part([`Content-Type: ${type}; name="${name}"`, `Content-Disposition: attachment; filename="${name}"`], content),
  );
  const encodedSubject = `=?utf-8?B?${Buffer.from(subject).toString('base64')}?=`;
  const head = [
    `From: ${from}`,
    'To: orders@brennhof.example.com',
    `Subject: ${encodedSubject}`,
    ...headers,
    'MIME-Version: 1.0',
  ];
  const body =
    files.length === 0 && texts.length === 1
      ? texts[0]!
      : [
          'Content-Type: multipart/mixed; boundary=outer',
          '',
          '--outer',
          'Content-Type: multipart/alternative; boundary=inner',
          '',
          ...texts.flatMap((each) => ['--inner', each]),
          '--inner--',
          ...files.flatMap((each) => ['--outer', each]),
          '--outer--',
          '',
        ].join('\r\n');
  return Buffer.from(`${head.join('\r\n')}\r\n${body}`);
}

export function testContext(mail: Pick<TestMail, 'now' | 'sent' | 'orders'> = {}): ReadingContext {
  const now = mail.now ?? '2026-11-23T09:00:00+01:00';
  return {
    catalogue: CATALOGUE,
    fields: FIELDS,
    ownAddresses: new Set(['orders@brennhof.example.com', 'noreply@brennhof.example.com']),
    staffDomains: new Set(['brennhof.example.com']),
    policy: { kind: 'everyone' },
    limits: { maxLines: 50, maxQuantity: 100_000, duplicateWindowHours: 24 },
    today: now.slice(0, 10),
    now: Date.parse(now),
    memory: {
      wasReceived: () => false,
      sent: (mail.sent ?? []).map(({ messageId, token = 'PB-AAAABBBBCCCC', to, kind = 'short', open = true }) => ({
        messageId,
        tokenHash: hashToken(token),
        to,
        kind,
        open,
      })),
      orders: mail.orders ?? [],
    },
  };
}

export async function readTestMail(mail: TestMail): Promise<Reading> {
  return (await readMail(await parseMail(rawMail(mail)), testContext(mail))).reading;
}

function lineText({ product, quantity, uom, deliveryDate }: ReadingLine, common: string | undefined): string {
  return [product ?? '?', quantity ?? '?', uom ?? '?', deliveryDate ?? common]
    .filter((each) => each !== undefined)
    .join(' ');
}

/** A reading in a few words: `order 11 5 Units 2026-12-01 | 1 product unknown`. */
export function inShort(reading: Reading): string {
  if (reading.kind === 'ignored' || reading.kind === 'question')
    return `${reading.kind} ${reading.kind === 'ignored' ? reading.reason : ''}`.trim();
  const holder = reading.kind === 'order' ? reading.order : reading.reply;
  const lines = (holder.lines ?? []).map((line) =>
    lineText(line, reading.kind === 'order' ? reading.order.deliveryDate : undefined),
  );
  const errors = (reading.errors ?? []).map(({ line, field, problem }) =>
    [line, field, problem].filter(Boolean).join(' '),
  );
  const choice = reading.kind === 'reply' ? [`choice ${reading.reply.choice}`] : [];
  const again = reading.kind === 'order' && reading.duplicateOf ? [`again ${reading.duplicateOf}`] : [];
  return [reading.kind, ...choice, ...lines, ...errors, ...again].join(' | ');
}
