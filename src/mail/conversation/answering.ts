// From an effect that asks for an answer to a mail in the outbox: what it says, its headers, its token and links, all in the
// transaction that ends the effect.
import type { Query, Store } from '../../store/database.ts';
import { ANSWERS, type AnswerGiven, answerView, vendorView } from '../answers/compose.ts';
import { asLanguage, type Language, languageFor } from '../answers/language.ts';
import type { Rendered, TemplateName, Templates } from '../answers/templates.ts';
import type { Catalogue, CatalogueProduct, MutableCatalogue } from '../catalogue.ts';
import type { Links } from '../links/sign.ts';
import { type Address, newMessageId, newToken, parseAddress, rawMessage } from '../outbox/message.ts';
import { addOutbound, addToken } from '../outbox/store.ts';
import type { SentKind } from '../threading.ts';
import { type EffectJob, type EffectResults, tellPerson } from './effects.ts';
import type { Conversation } from './model.ts';

export interface AnsweringSurroundings {
  store: Store;
  templates: Templates;
  links: Links | null;
  from: Address;
  company: () => string;
  catalogue: () => Promise<Catalogue>;
  currency: () => string;
  answersPerHour: number;
  now: () => number;
}

export interface Answering {
  answer(query: Query, job: EffectJob, conversation: Conversation, results: EffectResults): Promise<void>;
  ready(): Promise<void>;
  byHand(
    query: Query,
    conversation: Conversation,
    mail: { subject: string; text: string; author: string },
  ): Promise<void>;
}

/** Those that a customer has to get: when one does not arrive, we want to know. The others expect nothing (RFC 3834, 3.3). */
const WORTH_A_BOUNCE: ReadonlySet<TemplateName> = new Set([
  'confirmation',
  'shortage',
  'errors',
  'waiting',
  'choices-again',
  'which',
  'replenishment',
  'by-hand',
]);
/** Nobody has just written to us. */
const UNASKED: ReadonlySet<TemplateName> = new Set(['reminder', 'expired', 'replenishment']);
const LISTED = 2_000;
const LISTED_MS = 30_000;

interface Wanted {
  conversation: Conversation;
  effect: number | null;
  part: string;
  template: TemplateName;
  kind: SentKind;
  open: boolean;
  recipient: string;
  language: Language;
  rendered: Rendered;
  /** Secrets that our own people need not see. */
  secrets: readonly string[];
  token: string;
  author: string | null;
  /** The mail that is answered; null = the first of the conversation, for its thread. */
  mail: number | null;
  threaded: boolean;
}

export function createAnswering(surroundings: AnsweringSurroundings): Answering {
  const { templates, links, from, now } = surroundings;
  let catalogue: Catalogue | null = null;
  let products: CatalogueProduct[] = [];
  let listedAt = 0;

  async function send(query: Query, wanted: Wanted): Promise<void> {
    const { conversation, rendered, token, template } = wanted;
    const at = new Date(now());
    const thread = wanted.threaded ? await threadOf(query, conversation, wanted.mail) : null;
    const messageId = newMessageId(from.address);
    const subject = `${rendered.subject} [${token}]`;
    const raw = await rawMessage({
      from,
      to: wanted.recipient,
      subject,
      text: rendered.text,
      html: rendered.html,
      messageId,
      inReplyTo: thread?.messageId ?? null,
      references: thread?.references ?? [],
      autoSubmitted: wanted.author !== null ? null : UNASKED.has(template) ? 'auto-generated' : 'auto-replied',
      date: at,
    });
    let shown = rendered.text;
    for (const secret of wanted.secrets) shown = shown.replaceAll(secret, '…');
    await addOutbound(
      query,
      {
        conversation: conversation.id,
        effect: wanted.effect,
        part: wanted.part,
        template,
        kind: wanted.kind,
        messageId,
        recipient: wanted.recipient,
        envelopeFrom: WORTH_A_BOUNCE.has(template) ? from.address : '',
        subject: rendered.subject,
        language: wanted.language,
        text: shown,
        raw,
        automatic: wanted.author === null,
        author: wanted.author,
        open: wanted.open,
        token,
      },
      at,
    );
  }

  async function customerAnswer(
    query: Query,
    job: EffectJob,
    conversation: Conversation,
    results: EffectResults,
  ): Promise<void> {
    const template = ANSWERS[job.kind];
    if (!template || !catalogue) return;
    // A confirmation without an order would be a lie: nothing was left to order.
    if (template === 'confirmation' && results.order === null) return;
    const recipient = conversation.answerTo || conversation.customerEmail;
    if (parseAddress(recipient) === null) {
      await tellPerson(query, conversation.id, 'There is no address to answer to.', new Date(now()));
      return;
    }
    if (await tooMany(query, recipient, now(), surroundings.answersPerHour)) {
      await tellPerson(
        query,
        conversation.id,
        `${recipient} was answered too often within an hour; this answer (${template}) was not sent.`,
        new Date(now()),
      );
      return;
    }
    const language = asLanguage(conversation.language);
    const asks =
      template === 'shortage' ||
      template === 'choices-again' ||
      (conversation.state === 'waiting-for-choice' &&
        (template === 'reminder' || template === 'repeated' || template === 'errors'));
    const expiresAt = conversation.expireAt ?? new Date(now() + 30 * 86_400_000);
    const made =
      links && asks
        ? await links.make(query, { conversation: conversation.id, round: conversation.round, expiresAt })
        : null;
    const tokens: string[] = [];
    for (const { outbound } of job.detail.questions ?? []) {
      const token = newToken();
      await addToken(query, token, outbound);
      tokens.push(token);
    }
    const given: AnswerGiven = {
      conversation,
      detail: job.detail,
      results,
      catalogue,
      products,
      company: surroundings.company(),
      currency: surroundings.currency(),
      language,
      links: made,
      made: await madeBefore(query, conversation.id),
      tokens,
    };
    const rendered = templates.render(template, language, answerView(given));
    await send(query, {
      conversation,
      effect: job.id,
      part: '',
      template,
      kind: kindOf(template, conversation),
      open:
        asks || (conversation.state === 'waiting-for-correction' && (template === 'errors' || template === 'reminder')),
      recipient,
      language,
      rendered,
      secrets: [...Object.values(made ?? {}), ...tokens],
      token: newToken(),
      author: null,
      mail: job.detail.mail,
      threaded: true,
    });
  }

  return {
    async ready() {
      if (catalogue && now() - listedAt < LISTED_MS) return;
      const current = await surroundings.catalogue().catch((error: unknown) => {
        // What was known serves as well as nothing.
        if (catalogue) return catalogue;
        throw error;
      });
      catalogue = current;
      listedAt = now();
      products = [];
      for (const product of (current as Partial<MutableCatalogue>).products?.() ?? []) {
        if (product.active && product.saleOk && product.price > 0) products.push(product);
        if (products.length >= LISTED) break;
      }
    },
    async answer(query, job, conversation, results) {
      if (job.kind !== 'request-replenishment') {
        await customerAnswer(query, job, conversation, results);
        return;
      }
      for (const request of results.replenished?.requests ?? []) {
        const recipient = request.email === null ? null : (parseAddress(request.email)?.address ?? null);
        if (recipient === null || !catalogue) continue;
        const language = languageFor(undefined, { partner: { lang: request.lang }, company: { lang: null } } as never);
        await send(query, {
          conversation,
          effect: job.id,
          part: `vendor ${request.vendor}`,
          template: 'replenishment',
          kind: 'replenishment',
          open: false,
          recipient,
          language,
          rendered: templates.render(
            'replenishment',
            language,
            vendorView(request, surroundings.company(), language, catalogue),
          ),
          secrets: [],
          token: newToken(),
          author: null,
          mail: null,
          threaded: false,
        });
      }
    },
    async byHand(query, conversation, { subject, text, author }) {
      const language = asLanguage(conversation.language);
      const paragraphs = text.split(/\n\s*\n/).map((paragraph) => paragraph.trim());
      const asking = conversation.state === 'waiting-for-choice' || conversation.short.length > 0;
      const rendered = templates.render('by-hand', language, { subject, paragraphs });
      await send(query, {
        conversation,
        effect: null,
        part: '',
        template: 'by-hand',
        kind: asking ? 'short' : 'notice',
        open: asking,
        recipient: conversation.answerTo || conversation.customerEmail,
        language,
        rendered: { ...rendered, text: `${text.trim()}\n` },
        secrets: [],
        token: newToken(),
        author,
        mail: null,
        threaded: true,
      });
    },
  };
}

function kindOf(template: TemplateName, { state }: Conversation): SentKind {
  if (template === 'shortage' || template === 'choices-again') return 'short';
  if (template === 'errors' || template === 'reminder' || template === 'repeated') {
    if (state === 'waiting-for-choice') return 'short';
    if (state === 'waiting-for-correction') return 'format-error';
  }
  return template === 'confirmation' || template === 'waiting' ? 'confirmation' : 'notice';
}

async function tooMany(query: Query, recipient: string, now: number, most: number): Promise<boolean> {
  const [row] = await query<{ count: number }>(
    `select count(*)::integer as count from planbridge.mail_outbound where recipient = $1 and automatic and created_at > $2`,
    [recipient.toLowerCase(), new Date(now - 3_600_000)],
  );
  return (row?.count ?? 0) >= most;
}

async function madeBefore(query: Query, conversation: number): Promise<{ name: string }[]> {
  return await query<{ name: string }>(
    `select name from planbridge.mail_record where conversation_id = $1 and model = 'sale.order' and name <> '' order by asked_at`,
    [conversation],
  );
}

/** The mail that is answered, and those before it. */
async function threadOf(
  query: Query,
  conversation: Conversation,
  mail: number | null,
): Promise<{ messageId: string | null; references: string[] } | null> {
  const [row] = await query<{ messageId: string | null; refs: string[] }>(
    `select message_id as "messageId", refs from planbridge.mail_conversation_part
     where conversation_id = $1 and ($2::bigint is null or mail_id = $2) order by at desc, mail_id desc limit 1`,
    [conversation.id, mail],
  );
  if (!row) return null;
  // A mail names the nearest first, the header the nearest last.
  const before = row.refs.toReversed();
  return { messageId: row.messageId, references: row.messageId === null ? before : [...before, row.messageId] };
}
