// A case read in memory alone, without Odoo, database or answers: what would be read and decided. The quick way, and what the
// replay through the pipeline is compared with by tests.
import type { Catalogue } from '../catalogue.ts';
import type { FieldWords } from '../extraction/fields.ts';
import type { Mail } from '../mail.ts';
import { parseMail } from '../parse.ts';
import { customerKey, type MailMemory, type PastOrder, type ReadingContext, readMail } from '../read.ts';
import type { Reading } from '../reading.ts';
import { hashToken, type SentMail } from '../threading.ts';
import { type Corpus, type CorpusCase, caseOf, earlierCases, mailOf } from './folder.ts';

interface Memory extends MailMemory {
  remember(name: string, mail: Mail, reading: Reading, now: number, catalogue: Catalogue): void;
}

/** What a service knows, in memory: mails that came, mails that were sent, orders that were made. */
function memoryOf(cases: readonly CorpusCase[], catalogue: Catalogue): Memory {
  const ids = new Set<string>();
  const contents = new Set<string>();
  const sent: SentMail[] = [];
  const orders: PastOrder[] = [];
  for (const one of cases.flatMap((each) => each.sent)) {
    if (sent.some(({ messageId }) => messageId === one.messageId)) continue;
    const { messageId, to, kind, open } = one;
    sent.push({ messageId, tokenHash: hashToken(one.token), to, kind, open });
    if (one.order && (kind === 'short' || kind === 'confirmation')) {
      orders.push({
        name: messageId,
        customer: customerKey(to, catalogue),
        order: one.order,
        receivedAt: Date.parse(one.sentAt),
        withoutDates: true,
      });
    }
  }
  return {
    sent,
    orders,
    wasReceived: ({ messageId, contentHash }) =>
      messageId === null ? contents.has(contentHash) : ids.has(messageId.toLowerCase()),
    remember(name, mail, reading, receivedAt, known) {
      if (mail.messageId) ids.add(mail.messageId.toLowerCase());
      contents.add(mail.contentHash);
      if (reading.kind !== 'order' || reading.errors?.length || reading.duplicateOf) return;
      orders.push({ name, customer: customerKey(reading.customer.email, known), order: reading.order, receivedAt });
    },
  };
}

/** Reads one case, after those that came before it. */
export async function readCase(corpus: Corpus, name: string, fields: FieldWords): Promise<Reading> {
  const { context } = corpus;
  const { catalogue } = caseOf(corpus, name).known;
  const cases = [...earlierCases(corpus, name), name];
  const memory = memoryOf(
    cases.map((each) => context.cases[each]!),
    catalogue,
  );
  let last: Reading | undefined;
  for (const each of cases) {
    const { now } = context.cases[each]!;
    const mail = await parseMail(await mailOf(corpus, each));
    const reading: ReadingContext = {
      catalogue,
      fields,
      ownAddresses: new Set(context.own.addresses.map((address) => address.toLowerCase())),
      staffDomains: new Set(context.own.staffDomains.map((domain) => domain.toLowerCase())),
      policy: context.policy,
      limits: context.limits,
      // The day of arrival where the mail arrived: the date part of its own zone.
      today: now.slice(0, 10),
      now: Date.parse(now),
      memory,
    };
    last = (await readMail(mail, reading)).reading;
    memory.remember(each, mail, last, Date.parse(now), catalogue);
  }
  return last!;
}
